"""Membership: the cities of every named cluster, derived from its rules."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ..data.records import ClusterDefinition, Rule
from .rules import evaluate
from .survey import Measures, Survey, survey

COLUMNS = ("cluster", "city_id", "role", "rule", "measure_km")


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
    definitions = list(clusters)
    known = survey([rule for each in definitions for rule in rules_of(each)], cities, measures)
    frames = [_members(each, cities["city_id"], known) for each in definitions]
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS[:-1]})
    table = pd.concat([empty.assign(measure_km=pd.Series(dtype=float)), *frames])
    return table.sort_values(list(COLUMNS[:3]), ignore_index=True)


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


def _members(cluster: ClusterDefinition, city_id: pd.Series, known: Survey) -> pd.DataFrame:
    """Return the members of one cluster, overrides applied."""
    core = evaluate(cluster.core, known)
    reach = core if cluster.extended is None else evaluate(cluster.extended, known)
    table = pd.DataFrame(
        {
            "cluster": cluster.slug,
            "city_id": city_id.to_numpy(),
            "role": np.select([core.member, reach.member], ["core", "extended"], ""),
            "rule": np.where(core.member, core.rule, reach.rule),
            "measure_km": np.where(core.member, core.measure_km, reach.measure_km),
        },
    ).astype(dict.fromkeys(COLUMNS[:-1], "str"))
    for override in cluster.overrides:
        here = table["city_id"] == override.city_id
        table.loc[here, "role"] = "" if override.role == "excluded" else override.role
        table.loc[here, "rule"] = f"override: {override.reason}"
    return table[table["role"] != ""]
