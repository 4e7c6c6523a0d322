"""Which of two clusters is ahead, by how much, and how sure that is: all pairs, or some."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from ..data.errors import TierscapeError, UnknownNameError
from .adjust import holm
from .aggregate import MIN_MEMBERS, cluster_members
from .pairs import (
    COST_OF_MANY,
    COST_OF_ONE,
    MAX_EXCESS,
    GroupComparison,
    compare_groups,
    compare_kinds,
    may_approximate,
)
from .tiers import BoolArray, IntArray, TierTable, check_tiers, tier_tables

__all__ = [
    "COST_OF_MANY",
    "MAX_EXCESS",
    "GroupComparison",
    "compare",
    "compare_all",
    "compare_groups",
    "may_approximate",
]

#: Edition, dimension and the two clusters of each pair.
_Heads = list[tuple[str, str, str, str]]

_HEAD = ("edition", "dimension", "cluster_a", "cluster_b")

_TYPES = {
    "difference": "float64",
    "difference_lower": "float64",
    "difference_upper": "float64",
    "p_a_ahead": "float64",
    "certain": "boolean",
    "p_value": "float64",
    "p_method": "str",
    "dominates": "boolean",
    "n_a": "Int64",
    "n_b": "Int64",
    "n_shared": "Int64",
}


def compare_all(tiers: pd.DataFrame, membership: pd.DataFrame) -> pd.DataFrame:
    """Compare every pair of clusters in every dimension, by their core members.

    Parameters
    ----------
    tiers, membership
        Tables as in `tiers.csv` and `membership.csv`.

    Returns
    -------
    pandas.DataFrame
        One row per pair with members in the dimension, `cluster_a` before `cluster_b` by slug:
        `edition`, `dimension`, `cluster_a`, `cluster_b`, then as in `GroupComparison`
        `difference`, `difference_lower`, `difference_upper` (percentile points), `p_a_ahead`,
        `certain`, `p_value`; `p_adjusted` (Holm, within edition and dimension), `p_method`,
        `dominates`, `n_a`, `n_b`, `n_shared`, and `note` (why there is no p-value).

    Raises
    ------
    DataError
        If the tiers table breaks its rules.
    """
    check_tiers(tiers)
    heads, kinds = _pairs(tiers, cluster_members(membership, "core"))
    filled = _filled(kinds)
    return _frame([heads[pair] for pair in np.flatnonzero(filled)], kinds[filled], COST_OF_MANY)


def compare(
    tiers: pd.DataFrame,
    membership: pd.DataFrame,
    slugs: Sequence[str],
    *,
    edition: str | None = None,
    dimension: str | None = None,
    role: str = "core",
) -> pd.DataFrame:
    """Compare the clusters asked for, with exact laws wherever they take less than seconds.

    Parameters
    ----------
    tiers, membership
        Tables as in `tiers.csv` and `membership.csv`.
    slugs
        Two or more clusters; the first of a pair is `cluster_a`.
    edition, dimension
        Where to compare; None is everywhere.
    role
        `core`, or `all` for core and extended members.

    Returns
    -------
    pandas.DataFrame
        The columns of `compare_all`, one row per pair and dimension. Where a cluster has no
        member, the numbers are missing and `note` says so.

    Raises
    ------
    DataError
        If the tiers table breaks its rules.
    UnknownNameError
        If a cluster, edition, dimension or role is unknown.
    TierscapeError
        If fewer than two clusters are given, or one twice.
    """
    check_tiers(tiers)
    members = cluster_members(membership, role)
    for slug in slugs:
        _known("cluster", slug, members)
    if len(slugs) < 2 or len(set(slugs)) < len(slugs):
        raise TierscapeError("give two or more different clusters.")
    chosen = {slug: members[slug] for slug in slugs}
    return _frame(*_pairs(_chosen(tiers, edition, dimension), chosen), COST_OF_ONE)


def _known(kind: str, value: str, choices: Iterable[str]) -> None:
    if value not in (known := list(choices)):
        raise UnknownNameError(kind, value, known)


def _chosen(tiers: pd.DataFrame, edition: str | None, dimension: str | None) -> pd.DataFrame:
    for kind, value in (("edition", edition), ("dimension", dimension)):
        if value is not None:
            _known(kind, value, map(str, tiers[kind].unique()))
            tiers = tiers[tiers[kind] == value]
    return tiers


def _pairs(tiers: pd.DataFrame, members: Mapping[str, frozenset[str]]) -> tuple[_Heads, IntArray]:
    """Return every pair in every dimension: its head, and its kinds as in `compare_kinds`."""
    depth = int(tiers["tier"].max()) if len(tiers) else 1
    slugs = list(combinations(members, 2))
    heads: _Heads = []
    kinds = [np.zeros((0, depth, 4), dtype=np.int64)]
    for edition, dimension, table in tier_tables(tiers):
        heads += [(edition, dimension, *pair) for pair in slugs]
        kinds.append(_kinds(table, table.groups(members.values()), depth))
    return heads, np.concatenate(kinds)


def _kinds(table: TierTable, groups: BoolArray, depth: int) -> IntArray:
    """Return the kinds of all pairs of groups, in the order of `itertools.combinations`."""
    first, second = np.triu_indices(len(groups), 1)
    found = np.zeros((len(first), depth, 4), dtype=np.int64)
    for number in range(int(table.tier.max())):
        inside = groups[:, table.tier == number + 1].astype(np.int64)
        both, sizes = (inside @ inside.T)[first, second], inside.sum(axis=1)
        in_first, in_second = sizes[first] - both, sizes[second] - both
        neither = inside.shape[1] - in_first - in_second - both
        found[:, number] = np.column_stack([neither, in_first, in_second, both])
    return found


def _filled(kinds: IntArray) -> BoolArray:
    """Tell of each pair whether both groups have cities."""
    _, first, second, both = kinds.sum(axis=1).T
    return np.asarray(np.minimum(first, second) + both > 0)


def _frame(heads: _Heads, kinds: IntArray, cost: float) -> pd.DataFrame:
    """Return the pairs compared, and p-values adjusted within each dimension."""
    filled = _filled(kinds)
    numbers = pd.DataFrame(compare_kinds(kinds[filled], cost), index=np.flatnonzero(filled))
    table = pd.DataFrame(heads, columns=list(_HEAD)).join(numbers[list(_TYPES)]).astype(_TYPES)
    sizes = kinds.sum(axis=1)[:, 1:3] + kinds.sum(axis=1)[:, 3:]
    tests = table["p_value"].isna().tolist()
    rows = zip(heads, sizes.tolist(), tests, strict=True)
    notes = [_note(head[2:], size, absent=absent) for head, size, absent in rows]
    table["note"] = pd.Series(notes, dtype="str")
    grouped = table.groupby(["edition", "dimension"], sort=False)["p_value"]
    table.insert(list(table.columns).index("p_value") + 1, "p_adjusted", grouped.transform(holm))
    return table


def _note(slugs: Sequence[str], sizes: Sequence[int], *, absent: bool) -> str:
    """Return why there is no p-value, or nothing."""
    counts = list(zip(slugs, sizes, strict=True))
    if not absent:
        return ""
    if not min(sizes):
        return "; ".join(f"{slug}: no city here" for slug, count in counts if not count)
    few = [
        f"{slug}: {count} {'city' if count == 1 else 'cities'}, no p-value below {MIN_MEMBERS}"
        for slug, count in counts
        if count < MIN_MEMBERS
    ]
    return "; ".join(few) or "the groups overlap too widely for an exact p-value"
