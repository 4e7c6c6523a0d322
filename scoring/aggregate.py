"""Tiers to clusters: what the published tiers say of one group of cities."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd

from ..data.errors import TierscapeError, UnknownNameError
from .rank_sums import RankSums
from .tiers import (
    BoolArray,
    IntArray,
    TierTable,
    check_tiers,
    percentile,
    tier_sizes,
    tier_table,
    tier_tables,
)

#: A group with fewer cities gets tiers and bounds, but no rank and no p-value.
MIN_MEMBERS = 3

#: The least number of `tier_n` columns.
MIN_TIER_COLUMNS = 4

#: Which roles of the membership table count for which role of a summary.
ROLES: Mapping[str, tuple[str, ...]] = {"core": ("core",), "all": ("core", "extended")}


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """One group of cities in one dimension.

    Attributes
    ----------
    n_cities
        Cities of the group in the dimension.
    percentile
        Expected mean percentile: the mean of the ridits; 100 is best.
    percentile_lower, percentile_upper
        Its sharp bounds over all rankings that agree with the tiers.
    percentile_sd
        Its standard deviation under uniform order within tiers, in percentile points.
    tier_counts
        Cities in tiers 1, 2, ….
    """

    n_cities: int
    percentile: float
    percentile_lower: float
    percentile_upper: float
    percentile_sd: float
    tier_counts: tuple[int, ...]


def group_summary(tier_rows: pd.DataFrame, ids: Iterable[str]) -> GroupSummary:
    """Summarise any set of cities in one dimension.

    Parameters
    ----------
    tier_rows
        The rows of one edition and dimension of the tiers table.
    ids
        City ids; those that are not in the dimension do not count.

    Returns
    -------
    GroupSummary
        Mean percentile with bounds, standard deviation and tier counts.

    Raises
    ------
    TierscapeError
        If none of the cities is in the dimension.

    Examples
    --------
    >>> rows = pd.DataFrame({"city_id": list("abcd"), "tier": [1, 1, 2, 2]})
    >>> group_summary(rows, ["a", "c"])
    GroupSummary(n_cities=2, percentile=50.0, percentile_lower=37.5, percentile_upper=62.5,
                 percentile_sd=8.838..., tier_counts=(1, 1))
    """
    table = tier_table(tier_rows)
    return summarise_members(table, table.members(ids).astype(np.int64))


def summarise_members(table: TierTable, weight: IntArray) -> GroupSummary:
    """Summarise the cities of weight 1 (the others weigh 0).

    Raises
    ------
    TierscapeError
        If there are none.
    """
    if not weight.any():
        raise TierscapeError("the group has no city in this edition and dimension.")
    return summarise_groups(table, weight[np.newaxis] > 0)[0]


def summarise_groups(table: TierTable, groups: BoolArray) -> list[GroupSummary]:
    """Summarise many groups at once: shape (groups, cities), none of them empty."""
    sizes = tier_sizes(table.tier)
    inside = groups.astype(np.int64) @ (table.tier[:, np.newaxis] == np.arange(len(sizes)) + 1)
    counts = inside.sum(axis=1)
    sums = RankSums.of_groups(sizes, inside)
    low, high = sums.bounds()
    # Reversing the ranks of every tier swaps the ends, so the mean lies in the middle of them.
    ranks = np.stack([(low + high) / 2, high, low], axis=1) / counts[:, np.newaxis]
    sd = 100 / table.n_cities * (sums.moments().variance ** 0.5 / counts)
    means = percentile(ranks, table.n_cities).tolist()
    rows = zip(counts.tolist(), means, sd.tolist(), inside.tolist(), strict=True)
    return [
        GroupSummary(count, mean, worst, best, deviation, tuple(tiers))
        for count, (mean, worst, best), deviation, tiers in rows
    ]


def cluster_members(membership: pd.DataFrame, role: str) -> dict[str, frozenset[str]]:
    """Return the city ids of every cluster, by slug in alphabetical order.

    Parameters
    ----------
    membership
        Table with the columns `cluster`, `city_id`, `role` (`core` or `extended`).
    role
        `core`, or `all` for core and extended members together.

    Raises
    ------
    UnknownNameError
        If the role is another.

    Examples
    --------
    >>> table = pd.DataFrame({"cluster": ["alps"], "city_id": ["1"], "role": ["extended"]})
    >>> cluster_members(table, "core"), cluster_members(table, "all")
    ({'alps': frozenset()}, {'alps': frozenset({'1'})})
    """
    if role not in ROLES:
        raise UnknownNameError("role", role, ROLES)
    counted = membership["role"].isin(ROLES[role])
    found: dict[str, frozenset[str]] = {
        str(slug): frozenset() for slug in sorted(membership["cluster"].unique())
    }
    for slug, ids in membership[counted].groupby("cluster")["city_id"]:
        found[str(slug)] = frozenset(ids)
    return found


def summarise(
    tiers: pd.DataFrame,
    membership: pd.DataFrame,
    clusters: Mapping[str, str],
) -> pd.DataFrame:
    """Aggregate the published tiers per cluster.

    Parameters
    ----------
    tiers
        Table of tiers, as in `tiers.csv`.
    membership
        Table of membership, as in `membership.csv`.
    clusters
        Slug to declared landform of every cluster.

    Returns
    -------
    pandas.DataFrame
        One row per edition, dimension, cluster and role with at least one city: `edition`,
        `dimension`, `cluster`, `landform`, `role` (`core`, or `all` for core and extended),
        `n_cities`, `percentile`, `percentile_lower`, `percentile_upper`, `percentile_sd`
        (percentile points), `tier_1` … `tier_k` (missing where the dimension has no such tier),
        `rank_core` (1 is the highest percentile among the clusters with at least three core
        members there; ties share the better rank) and `note` (why there is no rank).

    Raises
    ------
    DataError
        If the tiers table breaks its rules.
    UnknownNameError
        If a cluster of the membership table has no landform.
    """
    check_tiers(tiers)
    for slug in membership["cluster"].unique():
        if slug not in clusters:
            raise UnknownNameError("cluster", str(slug), clusters)
    width = max(MIN_TIER_COLUMNS, int(tiers["tier"].max())) if len(tiers) else MIN_TIER_COLUMNS
    columns = [f"tier_{number}" for number in range(1, width + 1)]
    members = [(role, cluster_members(membership, role)) for role in ROLES]
    rows = [
        {"edition": edition, "dimension": dimension, **row}
        for edition, dimension, table in tier_tables(tiers)
        for row in _rows(table, members, clusters)
    ]
    head = ["edition", "dimension", "cluster", "landform", "role", "n_cities", *_NUMBERS]
    result = pd.DataFrame(rows, columns=[*head, *columns])
    types = {"n_cities": "int64", **dict.fromkeys(_NUMBERS, "float64")}
    return _ranked(result.astype({**types, **dict.fromkeys(columns, "Int64")}))


_NUMBERS = ("percentile", "percentile_lower", "percentile_upper", "percentile_sd")


def _rows(
    table: TierTable,
    members: list[tuple[str, dict[str, frozenset[str]]]],
    clusters: Mapping[str, str],
) -> Iterator[dict[str, Any]]:
    heads = [(slug, role) for slug in members[0][1] for role, _ in members]
    groups = table.groups(ids[slug] for slug in members[0][1] for _, ids in members)
    filled = np.asarray(groups.any(axis=1))
    found = summarise_groups(table, groups[filled])
    for (slug, role), group in zip(compress(heads, filled.tolist()), found, strict=True):
        numbers = {name: getattr(group, name) for name in ("n_cities", *_NUMBERS)}
        counts = {f"tier_{t}": n for t, n in enumerate(group.tier_counts, start=1)}
        row = {"cluster": slug, "landform": clusters[slug], "role": role}
        yield {**row, **numbers, **counts}


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    core = table["role"] == "core"
    ranked = table[core & (table["n_cities"] >= MIN_MEMBERS)]
    # Rounded, since equal means may differ in their last bit.
    rank = ranked["percentile"].round(9).groupby([ranked["edition"], ranked["dimension"]])
    note = pd.Series("", index=table.index, dtype="str")
    cities = pd.Series(np.where(table["n_cities"] == 1, "city", "cities"), table.index, "str")
    few = table["n_cities"].astype("str") + " core " + cities + f": no rank below {MIN_MEMBERS}"
    note = note.mask(core & (table["n_cities"] < MIN_MEMBERS), few)
    note = note.mask(~core, "ranks are given to core members only")
    rank_core = rank.rank(method="min", ascending=False).astype("Int64").reindex(table.index)
    return table.assign(rank_core=rank_core, note=note)
