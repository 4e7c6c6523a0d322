"""How much of the variance of ranks lies between groups, in every ranking that the tiers allow."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..data.errors import TierscapeError
from .bounds import rank_sum_bounds
from .tiers import FloatArray, IntArray, TierTable, check_tiers, tier_sizes, tier_tables

#: Groups up to which all unions of groups are looked at; beyond, both bounds are outer ones.
MAX_GROUPS = 14


@dataclass(frozen=True, slots=True)
class RankVariance:
    """The between-share of the variance of ranks.

    Attributes
    ----------
    n_cities, n_groups
        Cities, and groups with a city among them.
    share
        Expected share under uniform order within tiers; from 0 to 1.
    share_lower, share_upper
        Bounds over all rankings that agree with the tiers.
    lower_method, upper_method
        `exact` where some such ranking attains the bound, `outer` where none need do.
    """

    n_cities: int
    n_groups: int
    share: float
    share_lower: float
    share_upper: float
    lower_method: str
    upper_method: str


def between_share(table: TierTable, groups: pd.Series) -> RankVariance:
    """Return the between-share of rank variance for a partition of one dimension's cities.

    The N ranks have Σ (r − r̄)² = N (N² − 1)/12. With S_g the sum of the n_g ranks of group g, the
    part between groups is Σ S_g²/n_g − N r̄². A union A of groups, with m_t cities in tier t, has at
    least F(A) = Σ_t (e_t m_t + m_t (m_t + 1)/2), and the sums S that agree with all of these form a
    base polytope. A convex function is greatest at a corner, and corners put the groups in one
    order, the same in every tier, so the upper bound is attained. It is found over chains of
    unions. The least value over the polytope (groups as level as the unions let them be) is a
    bound too; whole ranks need not attain it, so it is an outer one.

    Parameters
    ----------
    table
        One dimension of one edition.
    groups
        Group of every city, by its id.

    Returns
    -------
    RankVariance
        Expected share and bounds.

    Raises
    ------
    TierscapeError
        If a ranked city is in no group or in two, or there is one city only.

    References
    ----------
    Edmonds, J. (1970). Submodular functions, matroids, and certain polyhedra. In: Combinatorial
    Structures and Their Applications, 69-87.
    Fujishige, S. (1980). Lexicographically optimal base of a polymatroid with respect to a weight
    vector. Mathematics of Operations Research 5, 186-196.

    Examples
    --------
    >>> table = TierTable(pd.Index(list("abcd")), np.array([1, 1, 2, 2]))
    >>> between_share(table, pd.Series(["x", "y", "x", "y"], index=list("abcd")))
    RankVariance(n_cities=4, n_groups=2, share=0.1, share_lower=0.0, share_upper=0.2,
                 lower_method='outer', upper_method='exact')
    """
    codes = _codes(table, groups)
    count, sizes = table.n_cities, np.bincount(codes).astype(np.float64)
    total = count * (count**2 - 1) / 12
    centre = count * ((count + 1) / 2) ** 2
    if len(sizes) <= MAX_GROUPS:
        low, high = _union_bounds(table.tier, codes)
        method = "exact"
    else:
        low, high = _interval_bounds(table.tier, codes)
        method = "outer"
    shares = (np.array([_expected(table.tier, codes), low, high]) - centre) / total
    expected, lower, upper = np.clip(shares, 0.0, 1.0)
    return RankVariance(
        n_cities=count,
        n_groups=len(sizes),
        share=float(expected),
        share_lower=float(lower),
        share_upper=float(upper),
        lower_method="exact" if lower == upper else "outer",
        upper_method=method,
    )


def between_shares(tiers: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Return the between-share of rank variance in every dimension.

    Parameters
    ----------
    tiers
        Table as `tiers.csv`.
    groups
        Group of every ranked city, by its id: its country, landform or learned label.

    Returns
    -------
    pandas.DataFrame
        `edition`, `dimension`, and the columns of `RankVariance`.

    Raises
    ------
    DataError
        If the tiers table breaks its rules.
    TierscapeError
        If a ranked city is in no group or in two.
    """
    check_tiers(tiers)
    rows = [
        {"edition": edition, "dimension": dimension} | _columns(between_share(table, groups))
        for edition, dimension, table in tier_tables(tiers)
    ]
    return pd.DataFrame(rows, columns=["edition", "dimension", *RankVariance.__slots__])


def _columns(found: RankVariance) -> dict[str, object]:
    return {name: getattr(found, name) for name in RankVariance.__slots__}


def _codes(table: TierTable, groups: pd.Series) -> IntArray:
    """Return the number of every city's group."""
    if table.n_cities < 2:
        raise TierscapeError("there is one city only: its rank does not vary.")
    if groups.index.has_duplicates:
        twice = ", ".join(map(str, groups.index[groups.index.duplicated()].unique()[:5]))
        raise TierscapeError(
            f"the groups overlap: {twice} in more than one. A share between groups is defined for"
            " a partition only. Give every city one group."
        )
    found = groups.reindex(table.city_ids)
    if found.isna().any():
        missing = ", ".join(map(str, table.city_ids[found.isna()][:5]))
        raise TierscapeError(f"no group for {missing}. Give every ranked city one group.")
    return pd.factorize(found, sort=True)[0].astype(np.int64)


def _counts(tier: IntArray, codes: IntArray) -> IntArray:
    """Return cities by group and tier."""
    counts = np.zeros((int(codes.max()) + 1, int(tier.max())), dtype=np.int64)
    np.add.at(counts, (codes, tier - 1), 1)
    return counts


def _expected(tier: IntArray, codes: IntArray) -> float:
    """Return E Σ S_g²/n_g under uniform order within tiers."""
    counts, sizes = _counts(tier, codes), tier_sizes(tier)
    mean = counts @ (np.cumsum(sizes) - (sizes - 1) / 2)
    variance = (counts * (sizes - counts)) @ ((sizes + 1) / 12)
    return float(((mean**2 + variance) / counts.sum(axis=1)).sum())


def _union_bounds(tier: IntArray, codes: IntArray) -> tuple[float, float]:
    """Return the least and greatest Σ S_g²/n_g, from all unions of groups."""
    counts, before = _counts(tier, codes), np.cumsum(tier_sizes(tier)) - tier_sizes(tier)
    unions = np.arange(2 ** len(counts))
    inside = (unions[:, np.newaxis] >> np.arange(len(counts))) & 1
    cities = inside @ counts
    least = (cities @ before + (cities * (cities + 1) // 2).sum(axis=1)).astype(np.float64)
    size = cities.sum(axis=1)
    return _most_level(least, size), _most_apart(least, size, inside)


def _most_level(least: FloatArray, size: IntArray) -> float:
    # The union whose mean rank must be greatest takes just that; the rest follows in the same way.
    unions = np.arange(len(least))
    done, total = 0, 0.0
    while done != unions[-1]:
        wider = unions[(unions & done == done) & (unions != done)]
        more, cities = least[wider] - least[done], size[wider] - size[done]
        best = int(np.argmax(more / cities))
        total += more[best] ** 2 / cities[best]
        done = int(wider[best])
    return float(total)


def _most_apart(least: FloatArray, size: IntArray, inside: IntArray) -> float:
    # Groups enter one by one, each with the best ranks that are left.
    best = np.zeros(len(least))
    members = inside.sum(axis=1)
    for level in range(1, inside.shape[1] + 1):
        for group in range(inside.shape[1]):
            union = np.flatnonzero((members == level) & (inside[:, group] == 1))
            rest = union ^ (1 << group)
            added = (least[union] - least[rest]) ** 2 / (size[union] - size[rest])
            best[union] = np.maximum(best[union], best[rest] + added)
    return float(best[-1])


def _interval_bounds(tier: IntArray, codes: IntArray) -> tuple[float, float]:
    """Return bounds of Σ S_g²/n_g that know each group's sum and the total by themselves."""
    size = np.bincount(codes).astype(np.float64)
    ends = [rank_sum_bounds(tier, (codes == group).astype(np.int64)) for group in range(len(size))]
    low, high = np.array(ends, dtype=np.float64).T
    total = len(tier) * (len(tier) + 1) / 2
    # Level means where the intervals allow: the level at which the sums add up.
    below, above = 0.0, float(len(tier) + 1)
    for _ in range(100):
        level = (below + above) / 2
        short = np.clip(level * size, low, high).sum() < total
        below, above = (level, above) if short else (below, level)
    level_sums = np.clip(below * size, low, high)
    centre = total / len(tier)
    apart = np.maximum((low / size - centre) ** 2, (high / size - centre) ** 2)
    return float((level_sums**2 / size).sum()), float(size @ apart + total * centre)
