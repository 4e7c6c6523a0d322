"""Which rank could a cluster hold: rank confidence sets from tiers.

Sampling model: the cities of a cluster are independent draws from the cities it could have had,
each with the percentile of its tier's middle rank, and the mean of the draws is about normal. A
city in two clusters is one draw for both. Ranked cities are no sample, so the sets answer: if the
members were exchangeable with others like them, which order of the clusters would still be open?
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..data.errors import UnknownNameError
from .aggregate import cluster_members
from .rank_sets import rank_confidence_sets
from .tiers import BoolArray, FloatArray, TierTable, check_tiers, ridits, tier_tables

#: A cluster with fewer members has no rank confidence set.
MIN_SAMPLE = 5


def cluster_rank_sets(
    tiers: pd.DataFrame,
    membership: pd.DataFrame,
    slugs: Sequence[str] | None = None,
    *,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Return confidence sets for the ranks of clusters in every dimension, by core members.

    The estimate is the mean of the members' ridits, its variance s²/n. Two clusters that share
    cities covary by Σ (x − x̄_a)(x − x̄_b) over those, divided by √(n_a (n_a − 1) n_b (n_b − 1)).

    Parameters
    ----------
    tiers, membership
        Tables as in `tiers.csv` and `membership.csv`.
    slugs
        The clusters that are ranked against each other; None is all.
    level
        Confidence level.
    seed
        Seed of the draws.

    Returns
    -------
    pandas.DataFrame
        One row per edition, dimension and cluster with core members there: `n_cities`,
        `percentile`, `std_error` (percentile points), `n_ranked` (clusters that are ranked),
        `rank`, `marginal_lower`, `marginal_upper`, `simultaneous_lower`, `simultaneous_upper`,
        `note` (why there is no rank: fewer than five members, or all in one tier).

    Raises
    ------
    DataError
        If the tiers table breaks its rules.
    UnknownNameError
        If there is no cluster of a slug.
    """
    check_tiers(tiers)
    members = cluster_members(membership, "core")
    chosen = list(members) if slugs is None else list(dict.fromkeys(slugs))
    for slug in chosen:
        if slug not in members:
            raise UnknownNameError("cluster", slug, members)
    rows = [
        {"edition": edition, "dimension": dimension, **row}
        for edition, dimension, table in tier_tables(tiers)
        for row in _rows(table, {slug: members[slug] for slug in chosen}, level, seed)
    ]
    return pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)


_SETS = ("marginal_lower", "marginal_upper", "simultaneous_lower", "simultaneous_upper")

_TYPES = {
    "edition": "str",
    "dimension": "str",
    "cluster": "str",
    "n_cities": "int64",
    "percentile": "float64",
    "std_error": "float64",
    "n_ranked": "Int64",
    "rank": "Int64",
    **dict.fromkeys(_SETS, "Int64"),
    "note": "str",
}


def _rows(
    table: TierTable, members: Mapping[str, frozenset[str]], level: float, seed: int
) -> Iterator[dict[str, Any]]:
    score = ridits(table.tier)[table.tier - 1]
    inside = {slug: table.members(ids) for slug, ids in members.items()}
    notes = {slug: _left_out(score[here]) for slug, here in inside.items() if here.any()}
    ranked = [slug for slug, note in notes.items() if not note]
    influence = np.array([_influence(score, inside[slug]) for slug in ranked])
    numbers: dict[str, dict[str, Any]] = {slug: {} for slug in notes}
    if len(ranked) > 1:
        # Rounded, since equal means may differ in their last bit.
        means = [round(float(score[inside[slug]].mean()), 9) for slug in ranked]
        found = _both_scopes(means, influence @ influence.T, level, seed)
        numbers |= dict(zip(ranked, found, strict=True))
    elif ranked:
        notes[ranked[0]] = "no other cluster to be ranked against"
    for slug, note in notes.items():
        values = score[inside[slug]]
        error = values.std(ddof=1) / len(values) ** 0.5 if len(values) > 1 else np.nan
        head = {"cluster": slug, "n_cities": len(values), "percentile": values.mean()}
        yield head | {"std_error": error, "note": note} | numbers[slug]


def _left_out(values: FloatArray) -> str:
    """Return why a cluster has no rank, or nothing."""
    if len(values) < MIN_SAMPLE:
        cities = "city" if len(values) == 1 else "cities"
        return f"{len(values)} core {cities}: no rank set below {MIN_SAMPLE}"
    return "all in one tier: no variance" if np.ptp(values) == 0 else ""


def _influence(score: FloatArray, inside: BoolArray) -> FloatArray:
    """Return what each city adds to the error of the mean; the squares add up to s²/n."""
    count = int(inside.sum())
    added = np.where(inside, score - score[inside].mean(), 0.0)
    return np.asarray(added / (count * (count - 1)) ** 0.5, dtype=np.float64)


def _both_scopes(
    means: Sequence[float], covariance: FloatArray, level: float, seed: int
) -> Iterator[dict[str, Any]]:
    one, every = (
        rank_confidence_sets(means, covariance, scope=scope, level=level, seed=seed)
        for scope in ("marginal", "simultaneous")
    )
    for place in range(len(means)):
        ends = (one.lower, one.upper, every.lower, every.upper)
        row = {name: int(end[place]) for name, end in zip(_SETS, ends, strict=True)}
        yield row | {"rank": int(one.rank[place]), "n_ranked": len(means)}
