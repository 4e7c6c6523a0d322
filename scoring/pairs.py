"""Two groups of cities compared: one pair, or many at once."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..data.errors import TierscapeError
from .aggregate import MIN_MEMBERS
from .bounds import permutation_p
from .deals import deal_p
from .laws import chances_below, edgeworth, law_costs
from .rank_sums import Moments, RankSums, difference_sums
from .tiers import BoolArray, FloatArray, IntArray, TierTable, tier_table

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
    for name, group in (("first", in_a), ("second", in_b)):
        if not group.any():
            raise TierscapeError(f"the {name} group has no city in this edition and dimension.")
    kinds = np.bincount(4 * (table.tier - 1) + in_a + 2 * in_b, minlength=4 * int(table.tier.max()))
    return _compared(tuple(kinds.tolist()), cost)


@lru_cache(maxsize=1 << 10)
def _compared(kinds: tuple[int, ...], cost: float) -> GroupComparison:
    """Compare two groups; claims ask for the same pairs again."""
    columns = compare_kinds(np.array(kinds).reshape(1, -1, 4), cost)
    found = {name: column.item() for name, column in columns.items()}
    p_value = found.pop("p_value")
    return GroupComparison(**found, p_value=None if math.isnan(p_value) else p_value)


def compare_kinds(kinds: IntArray, cost: float) -> dict[str, npt.NDArray[Any]]:
    """Compare the two groups of many pairs by how many cities of each kind the tiers hold.

    Nothing else counts, so that pairs alike in this are compared once.

    Parameters
    ----------
    kinds
        Number of cities in neither group, in the first, in the second and in both: shape
        (pairs, tiers, 4). Both groups of a pair have cities; tiers may be empty.
    cost
        Multiplications up to which the exact law is used (`COST_OF_ONE`, `COST_OF_MANY`).

    Returns
    -------
    dict
        The attributes of `GroupComparison`, one number for each pair; no p-value is NaN.
    """
    different, place = np.unique(kinds, axis=0, return_inverse=True)
    return {name: column[place] for name, column in _numbers(different, cost).items()}


def _numbers(kinds: IntArray, cost: float) -> dict[str, npt.NDArray[Any]]:
    _, first, second, both = kinds.sum(axis=1).T
    sums, scale = difference_sums(kinds)
    low, high = sums.bounds()
    # A rank further down is a lower percentile, so a negative sum puts A ahead. The mean lies in
    # the middle of the bounds, since reversing the ranks of every tier swaps them.
    points = 100 / (kinds.sum(axis=(1, 2)) * scale)
    method, ahead = _ahead(sums, low, high, cost)
    return {
        "n_a": first + both,
        "n_b": second + both,
        "n_shared": both,
        "difference": points * (-(low + high)) / 2,
        "difference_lower": points * -high,
        "difference_upper": points * -low,
        "p_a_ahead": ahead,
        "p_method": method,
        "certain": method == "certain",
        "dominates": np.where(high < 0, *sums.dominates()),
        "p_value": _p_values(kinds, np.minimum(first, second) + both >= MIN_MEMBERS),
    }


def may_approximate(moments: Moments) -> BoolArray:
    """Tell whether the approximation of P(S < 0) is within 0.001 of the exact value.

    Found by comparing both (`benchmarks/laws.py` prints the largest error, a test holds it).
    """
    small = np.abs(moments.fourth) <= MAX_EXCESS * moments.variance**2
    return np.asarray(small | (moments.mean**2 > FAR**2 * moments.variance))


def _ahead(
    sums: RankSums, low: IntArray, high: IntArray, cost: float
) -> tuple[npt.NDArray[np.str_], FloatArray]:
    """Return the methods and P(S < 0) + ½ P(S = 0), S the weighted rank sums."""
    certain = (high < 0) | (low > 0)
    rough = ~certain & (law_costs(sums) > cost) & may_approximate(sums.moments())
    exact = ~(certain | rough)
    chance = np.where(high < 0, 1.0, 0.0)
    chance[rough] = edgeworth(sums.taken(rough), 0)
    chance[exact] = chances_below(sums.taken(exact), 0)
    return np.select([certain, rough], ["certain", "edgeworth"], "exact"), chance


def _p_values(kinds: IntArray, enough: BoolArray) -> FloatArray:
    """Return the permutation tests of the pairs that have enough cities, NaN for the others."""
    apart = enough & ~kinds[:, :, 3].any(axis=1)
    found = np.full(len(kinds), np.nan)
    found[apart] = deal_p(kinds[apart, :, 1], kinds[apart, :, 2])
    for pair in np.flatnonzero(enough & np.isnan(found)):
        p_value = _p_value(kinds[pair])
        found[pair] = np.nan if p_value is None else p_value
    return found


def _p_value(kinds: IntArray) -> float | None:
    """Return the permutation test of a pair, its cities written out."""
    tier = np.repeat(np.arange(1, len(kinds) + 1), kinds.sum(axis=1))
    kind = np.repeat(np.tile(np.arange(4), len(kinds)), kinds.ravel())
    return permutation_p(tier, kind % 2 == 1, kind >= 2)
