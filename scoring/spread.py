"""How far apart the cities of a cluster are: best and worst city, spread of tiers and of ranks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..data.errors import TierscapeError
from .aggregate import cluster_members
from .tiers import IntArray, TierTable, check_tiers, tier_sizes, tier_tables


def tier_variation(counts: IntArray) -> float:
    """Return how far tiers spread, from 0 (all in one) to 1 (half first, half last).

    1 − 4/(T − 1) · Σ_{t<T} (F_t − ½)², where F_t is the share in tier t or better. It uses the
    order of the tiers and no distance between them, and it rises with every spread that keeps the
    median tier (Allison and Foster's order).

    Parameters
    ----------
    counts
        Cities in tiers 1, 2, ….

    Raises
    ------
    TierscapeError
        If there is no city.

    References
    ----------
    Blair, J., Lacy, M. G. (2000). Statistics of ordinal variation. Sociological Methods and
    Research 28, 251-280.
    Apouey, B. (2007). Measuring health polarization with self-assessed health data. Health
    Economics 16, 875-894 (the case α = 2).
    Allison, R. A., Foster, J. E. (2004). Measuring health inequality using qualitative data.
    Journal of Health Economics 23, 505-524.

    Examples
    --------
    >>> tier_variation(np.array([5, 0, 0])), tier_variation(np.array([4, 0, 4]))
    (0.0, 1.0)
    """
    if not counts.sum():
        raise TierscapeError("the group has no city.")
    if len(counts) < 2:
        return 0.0
    shares = np.cumsum(counts)[:-1] / counts.sum()
    return float(1 - 4 * ((shares - 0.5) ** 2).mean())


@dataclass(frozen=True, slots=True)
class Gap:
    """Mean difference in percentile of two cities of a group: expected, and its sharp bounds."""

    expected: float
    lower: float
    upper: float


def mean_gap(tier: IntArray, members: IntArray) -> Gap:
    """Return the mean difference in percentile between two cities of a group (Gini's).

    With the m members' ranks in order the sum over pairs is Σ_k (2k − m − 1) r_(k). Tiers do not
    constrain each other. Within one, a sum with rising coefficients is least where its members
    stand side by side at one end of the band, and greatest where those with negative coefficients
    have the first ranks and the others the last, so both bounds are attained.

    Parameters
    ----------
    tier
        Tier of every city of the edition; 1 is best.
    members
        Members of the group in tiers 1, 2, …; two or more in all.

    Returns
    -------
    Gap
        In percentile points; `expected` is under uniform order within tiers, where two cities of
        a tier of n are (n + 1)/3 ranks apart.

    Raises
    ------
    TierscapeError
        If there are fewer than two members.

    References
    ----------
    Yitzhaki, S., Schechtman, E. (2013). The Gini Methodology. Springer, chapter 2.

    Examples
    --------
    >>> gap = mean_gap(np.array([1, 1, 2, 2]), np.array([1, 1]))
    >>> gap.lower, gap.expected, gap.upper
    (25.0, 50.0, 75.0)
    """
    sizes = tier_sizes(tier)
    m = int(members.sum())
    if m < 2:
        raise TierscapeError("the mean difference of two cities needs two cities or more.")
    coefficients = 2 * np.arange(1, m + 1) - m - 1
    last = np.cumsum(members)
    low = high = expected = 0.0
    for t, size in enumerate(sizes):
        count, first = int(members[t]), int(sizes[:t].sum())
        own = coefficients[last[t] - count : last[t]]
        places = np.arange(1, count + 1)
        ends = own @ (first + places), own @ (first + size - count + places)
        split = np.where(own < 0, first + places, first + size - count + places)
        low, high = low + float(min(ends)), high + float(own @ split)
        middle = first + (size + 1) / 2
        expected += float(own.sum() * middle + count * (count - 1) / 2 * (size + 1) / 3)
    points = 100 / len(tier) / (m * (m - 1) / 2)
    return Gap(float(points * expected), float(points * low), float(points * high))


def spread(tiers: pd.DataFrame, membership: pd.DataFrame, role: str = "core") -> pd.DataFrame:
    """Return best and worst city and the spread of every cluster.

    Parameters
    ----------
    tiers, membership
        Tables as in `tiers.csv` and `membership.csv`.
    role
        `core`, or `all` for core and extended members.

    Returns
    -------
    pandas.DataFrame
        One row per edition, dimension and cluster with members there: `n_cities`, `best_tier`,
        `worst_tier`, `best`, `worst` (ids of all cities in these tiers, by `;`, since tiers do
        not tell them apart), `tier_variation` (0 to 1), `gap`, `gap_lower`, `gap_upper`
        (percentile points, `mean_gap`; missing for one city).

    Raises
    ------
    DataError
        If the tiers table breaks its rules.
    UnknownNameError
        If the role is unknown.
    """
    check_tiers(tiers)
    members = cluster_members(membership, role)
    rows = [
        {"edition": edition, "dimension": dimension, "cluster": slug} | _row(table, inside)
        for edition, dimension, table in tier_tables(tiers)
        for slug, inside in _present(table, members)
    ]
    return pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)


_TYPES = {
    "edition": "str",
    "dimension": "str",
    "cluster": "str",
    "n_cities": "int64",
    "best_tier": "int64",
    "worst_tier": "int64",
    "best": "str",
    "worst": "str",
    "tier_variation": "float64",
    "gap": "float64",
    "gap_lower": "float64",
    "gap_upper": "float64",
}


def _present(
    table: TierTable, members: dict[str, frozenset[str]]
) -> Iterator[tuple[str, TierTable]]:
    for slug, ids in members.items():
        inside = table.members(ids)
        if inside.any():
            yield slug, TierTable(table.city_ids[inside], table.tier[inside])


def _row(table: TierTable, inside: TierTable) -> dict[str, Any]:
    counts = np.bincount(inside.tier, minlength=int(table.tier.max()) + 1)[1:]
    best, worst = int(inside.tier.min()), int(inside.tier.max())
    gap = mean_gap(table.tier, counts) if inside.n_cities > 1 else Gap(np.nan, np.nan, np.nan)
    return {
        "n_cities": inside.n_cities,
        "best_tier": best,
        "worst_tier": worst,
        "best": ";".join(inside.city_ids[inside.tier == best]),
        "worst": ";".join(inside.city_ids[inside.tier == worst]),
        "tier_variation": tier_variation(counts),
        "gap": gap.expected,
        "gap_lower": gap.lower,
        "gap_upper": gap.upper,
    }
