"""Which of two groups of cities is ahead, by how much, and how sure that is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from ..data.errors import TierscapeError, UnknownNameError
from .adjust import holm
from .aggregate import MIN_MEMBERS, cluster_members
from .bounds import difference_weights, dominates, permutation_p, rank_sum_bounds
from .laws import Moments, edgeworth_below, law_cost, rank_sum_law, rank_sum_moments
from .tiers import BoolArray, IntArray, TierTable, check_tiers, tier_table, tier_tables

#: Multiplications up to which the exact law is used whatever the approximation is worth: in the
#: main job, which has hundreds of pairs, and in single comparisons (about 2 s).
COST_OF_MANY = 1e4
COST_OF_ONE = 2e8

#: Largest |κ₄|/σ⁴ at which the approximation is used. Its error there is below 0.001.
MAX_EXCESS = 0.25
#: Standard deviations from even odds beyond which it is used whatever the excess: the chance left
#: over is too small for the correction to matter.
FAR = 4.0


@dataclass(frozen=True, slots=True)
class GroupComparison:
    """Group A against group B in one dimension.

    Attributes
    ----------
    n_a, n_b, n_shared
        Cities of A, of B, and of both.
    difference
        Expected mean percentile of A less that of B.
    difference_lower, difference_upper
        Its sharp bounds over all rankings that agree with the tiers.
    p_a_ahead
        P(d > 0) + ½ P(d = 0) under uniform order within tiers.
    p_method
        How `p_a_ahead` was had: `certain` (from the bounds), `exact` or `edgeworth`.
    certain
        Whether one group is ahead in every ranking that agrees with the tiers.
    dominates
        Whether the group with the higher mean is ahead rank by rank even in its worst order and
        the other's best: then its mean score is higher for any score that falls with rank.
    p_value
        Two-sided exact permutation test of the tiers among the cities of the two groups; None
        where a group has fewer than three cities, or the law is too large.
    """

    n_a: int
    n_b: int
    n_shared: int
    difference: float
    difference_lower: float
    difference_upper: float
    p_a_ahead: float
    p_method: str
    certain: bool
    dominates: bool
    p_value: float | None


def compare_groups(
    tier_rows: pd.DataFrame,
    ids_a: Iterable[str],
    ids_b: Iterable[str],
) -> GroupComparison:
    """Compare any two sets of cities in one dimension.

    Parameters
    ----------
    tier_rows
        The rows of one edition and dimension of the tiers table.
    ids_a, ids_b
        City ids; those that are not in the dimension do not count. The sets may overlap.

    Returns
    -------
    GroupComparison
        Difference, bounds, probability of being ahead, and test.

    Raises
    ------
    TierscapeError
        If a group has no city in the dimension.

    Examples
    --------
    >>> rows = pd.DataFrame({"city_id": list("abcdef"), "tier": [1, 1, 1, 2, 2, 2]})
    >>> found = compare_groups(rows, "abd", "cef")
    >>> found.difference, found.certain, found.p_value
    (16.666..., False, 1.0)
    """
    table = tier_table(tier_rows)
    return compare_members(table, table.members(ids_a), table.members(ids_b), COST_OF_ONE)


def compare_members(
    table: TierTable, in_a: BoolArray, in_b: BoolArray, cost: float
) -> GroupComparison:
    """Compare two groups of the cities of a table, as `compare_groups` does.

    Parameters
    ----------
    table
        One dimension of one edition.
    in_a, in_b
        Membership of every city.
    cost
        Multiplications up to which the exact law is used (`COST_OF_ONE`, `COST_OF_MANY`).

    Raises
    ------
    TierscapeError
        If a group has no city.
    """
    n_a, n_b = int(in_a.sum()), int(in_b.sum())
    for name, count in (("first", n_a), ("second", n_b)):
        if not count:
            raise TierscapeError(f"the {name} group has no city in this edition and dimension.")
    return _compared(_kinds(table.tier, in_a, in_b), cost)


#: How often each kind of city comes in each tier, the kinds being: of neither group, of the
#: first, of the second, of both.
_Kinds = tuple[tuple[int, ...], ...]


def _kinds(tier: IntArray, in_a: BoolArray, in_b: BoolArray) -> _Kinds:
    """Return the number of cities of each tier that are of each kind."""
    counts = np.bincount(4 * tier + in_a + 2 * in_b, minlength=4 * (int(tier.max()) + 1))
    return tuple(map(tuple, counts.reshape(-1, 4).tolist()))


@lru_cache(maxsize=1 << 14)
def _compared(kinds: _Kinds, cost: float) -> GroupComparison:
    """Compare two groups by how many cities of each kind the tiers hold.

    Nothing else counts, so that groups alike in this are compared once.
    """
    counts = np.array(kinds)
    tier = np.repeat(np.arange(len(counts)), counts.sum(axis=1))
    kind = np.repeat(np.tile(np.arange(4), len(counts)), counts.ravel())
    in_a, in_b = kind % 2 == 1, kind >= 2
    n_a, n_b = int(in_a.sum()), int(in_b.sum())
    weight, scale = difference_weights(in_a, in_b)
    low, high = rank_sum_bounds(tier, weight)
    # A rank further down is a lower percentile, so a negative sum puts A ahead. The mean lies in
    # the middle of the bounds, since reversing the ranks of every tier swaps them.
    points = 100 / (len(tier) * scale)
    certain = high < 0 or low > 0
    method, ahead = ("certain", float(high < 0)) if certain else _ahead(tier, weight, cost)
    enough = min(n_a, n_b) >= MIN_MEMBERS
    return GroupComparison(
        n_a=n_a,
        n_b=n_b,
        n_shared=int((in_a & in_b).sum()),
        difference=points * (-(low + high)) / 2,
        difference_lower=points * -high,
        difference_upper=points * -low,
        p_a_ahead=ahead,
        p_method=method,
        certain=certain,
        dominates=dominates(tier, weight if high < 0 else -weight),
        p_value=permutation_p(tier, in_a, in_b) if enough else None,
    )


def may_approximate(moments: Moments) -> bool:
    """Tell whether the approximation of P(S < 0) is within 0.001 of the exact value.

    Found by comparing both (`benchmarks/laws.py` prints the largest error, a test holds it).
    """
    small = abs(moments.fourth) <= MAX_EXCESS * moments.variance**2
    return small or moments.mean**2 > FAR**2 * moments.variance


def _ahead(tier: IntArray, weight: IntArray, cost: float) -> tuple[str, float]:
    """Return the method and P(S < 0) + ½ P(S = 0), S the weighted rank sum."""
    if law_cost(tier, weight) > cost:
        moments = rank_sum_moments(tier, weight)
        if may_approximate(moments):
            return "edgeworth", edgeworth_below(tier, weight, 0)
    return "exact", min(max(rank_sum_law(tier, weight).below(0), 0.0), 1.0)


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
    members = cluster_members(membership, "core")
    rows = [
        _row((edition, dimension, a, b), compare_members(table, groups[a], groups[b], COST_OF_MANY))
        for edition, dimension, table in tier_tables(tiers)
        for groups in [_present(table, members)]
        for a, b in combinations(groups, 2)
    ]
    return _frame(rows)


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
    rows = []
    for where in tier_tables(_chosen(tiers, edition, dimension)):
        groups = _present(where[2], {slug: members[slug] for slug in slugs})
        for a, b in combinations(slugs, 2):
            both = a in groups and b in groups
            found = compare_members(where[2], groups[a], groups[b], COST_OF_ONE) if both else None
            absent = [slug for slug in (a, b) if slug not in groups]
            rows.append(_row((where[0], where[1], a, b), found, absent))
    return _frame(rows)


def _known(kind: str, value: str, choices: Iterable[str]) -> None:
    if value not in (known := list(choices)):
        raise UnknownNameError(kind, value, known)


def _chosen(tiers: pd.DataFrame, edition: str | None, dimension: str | None) -> pd.DataFrame:
    for kind, value in (("edition", edition), ("dimension", dimension)):
        if value is not None:
            _known(kind, value, map(str, tiers[kind].unique()))
            tiers = tiers[tiers[kind] == value]
    return tiers


def _present(table: TierTable, members: dict[str, frozenset[str]]) -> dict[str, BoolArray]:
    """Return the clusters that have a member in the dimension."""
    groups = {slug: table.members(ids) for slug, ids in members.items()}
    return {slug: group for slug, group in groups.items() if group.any()}


def _row(
    head: tuple[str, str, str, str],
    found: GroupComparison | None,
    absent: Sequence[str] = (),
) -> dict[str, Any]:
    row: dict[str, Any] = dict(zip(_HEAD, head, strict=True))
    if found is None:
        return row | {"note": "; ".join(f"{slug}: no city here" for slug in absent)}
    few = [
        f"{slug}: {count} {'city' if count == 1 else 'cities'}, no p-value below {MIN_MEMBERS}"
        for slug, count in zip(head[2:], (found.n_a, found.n_b), strict=True)
        if count < MIN_MEMBERS
    ]
    if not few and found.p_value is None:
        few = ["the groups overlap too widely for an exact p-value"]
    told = {name: getattr(found, name) for name in _TYPES}
    return row | told | {"note": "; ".join(few)}


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the rows with their types, and p-values adjusted within each dimension."""
    table = pd.DataFrame(rows, columns=[*_HEAD, *_TYPES, "note"]).astype(_TYPES)
    grouped = table.groupby(["edition", "dimension"], sort=False)["p_value"]
    table.insert(list(table.columns).index("p_value") + 1, "p_adjusted", grouped.transform(holm))
    return table
