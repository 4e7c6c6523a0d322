"""Membership: the cities of every named cluster, derived from its rules."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..data.records import ClusterDefinition, Rule
from ..data.rule_trees import fold, leaves
from .rules import evaluate, holds
from .survey import Answers, Floats, Measures, Survey, Texts, survey

#: From this many cities on, those that are too far from something are ruled out in bulk first.
MANY = 2000
COLUMNS = ("cluster", "city_id", "role", "rule", "measure_km")

Columns = tuple[Texts, Texts, Texts, Texts, Floats]


def assign(
    clusters: Iterable[ClusterDefinition],
    cities: pd.DataFrame,
    *,
    measures: Measures,
) -> pd.DataFrame:
    """Derive the members of clusters from their rules.

    Parameters
    ----------
    clusters
        Definitions, as `cluster_loader.load_clusters` returns them.
    cities
        One row for each city: `city_id`, and what the rules read of `lon,lat` (degrees),
        `country`, `admin1`, `elevation_m`, `population`.
    measures
        The geography that the rules ask for.

    Returns
    -------
    pandas.DataFrame
        `cluster, city_id, role, rule, measure_km`, sorted by cluster, role and city. `role` is
        `core` or `extended`; who is core is not extended. `rule` is the test that decided, or
        `override: ` and its reason; `measure_km` what the test measured, empty where nothing.

    Raises
    ------
    DataError
        If the table lacks what a rule reads.
    """
    definitions = sorted(clusters, key=lambda cluster: cluster.slug)
    many = len(cities) >= MANY
    rules = [rule for each in definitions for rule in rules_of(each)]
    known = survey(rules, cities, measures, bounded=many)
    ids = cities["city_id"].astype("str").to_numpy(object)
    found = [(np.empty(0, object),) * 4 + (np.empty(0),)]
    for each in definitions:
        inside = np.logical_or.reduce([holds(rule, known) for rule in rules_of(each)])
        fixed = np.isin(ids, np.array([override.city_id for override in each.overrides], object))
        rows = np.flatnonzero(inside | fixed)
        if many and (fixed.any() or any(map(_negates, rules_of(each)))):
            # What keeps a city out may decide as well, and then its distance counts, however far.
            part = survey(rules_of(each), cities.iloc[rows], measures)
        else:
            part = _only(known, rows, rules_of(each))
        found.append(_members(each, ids[rows], part))
    columns = map(np.concatenate, zip(*found, strict=True))
    table = pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
    table = table.astype(dict.fromkeys(COLUMNS[:-1], "str"))
    return table.sort_values(["cluster", "role", "city_id"], ignore_index=True)


def _negates(rule: Rule) -> bool:
    """Tell whether a rule has a `not`."""
    return fold(rule, lambda _: False, lambda group, parts: group.kind == "not" or any(parts))


def _only(known: Survey, rows: npt.NDArray[np.intp], rules: Iterable[Rule]) -> Survey:
    """Return what a survey says of some cities on some rules."""
    tests = dict.fromkeys(leaf for rule in rules for leaf in leaves(rule))
    return {leaf: _part(known[leaf], rows) for leaf in tests}


def _part(answers: Answers, rows: npt.NDArray[np.intp]) -> Answers:
    return Answers(answers.passed[rows], answers.km[rows], answers.name[rows])


def members(membership: pd.DataFrame, cluster: str, role: str = "all") -> list[str]:
    """Return the city ids of one cluster.

    Parameters
    ----------
    membership
        A table of `assign`.
    cluster
        Its slug.
    role
        `core`, `extended`, or `all` for both.

    Examples
    --------
    >>> table = pd.DataFrame({"cluster": ["a", "a"], "city_id": ["1", "2"],
    ...                       "role": ["core", "extended"]})
    >>> members(table, "a", "core"), members(table, "a")
    (['1'], ['1', '2'])
    """
    if role not in {"all", "core", "extended"}:
        raise ValueError(f"role must be core, extended or all, not {role!r}")
    chosen = membership["cluster"] == cluster
    if role != "all":
        chosen &= membership["role"] == role
    return membership.loc[chosen, "city_id"].tolist()


def rules_of(cluster: ClusterDefinition) -> tuple[Rule, ...]:
    """Return the rules of a cluster: core, and extended where it has one."""
    return (cluster.core,) if cluster.extended is None else (cluster.core, cluster.extended)


def _members(cluster: ClusterDefinition, city_id: Texts, known: Survey) -> Columns:
    """Return the members of one cluster, overrides applied."""
    core = evaluate(cluster.core, known)
    reach = core if cluster.extended is None else evaluate(cluster.extended, known)
    role = np.where(core.member, "core", np.where(reach.member, "extended", "")).astype(object)
    rule = np.where(core.member, core.rule, reach.rule)
    measure_km = np.where(core.member, core.measure_km, reach.measure_km)
    for override in cluster.overrides:
        here = city_id == override.city_id
        role[here] = "" if override.role == "excluded" else override.role
        rule[here] = f"override: {override.reason}"
    inside = role != ""
    slug = np.full(inside.sum(), cluster.slug, object)
    return slug, city_id[inside], role[inside], rule[inside], measure_km[inside]
