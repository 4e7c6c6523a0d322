"""Permutation tests of many pairs of groups that share no city."""

import math
from collections.abc import Iterator

import numpy as np
from scipy.special import gammaln

from .tiers import FloatArray, IntArray

#: Most deals of one test that are visited; beyond, states that lead to the same are merged.
MAX_DEALS = 100_000
#: Numbers of one working array; about what a core's cache holds.
_CHUNK = 1 << 16


def deal_p(first: IntArray, second: IntArray) -> FloatArray:
    """Return the p-values of `bounds.permutation_p` for pairs of groups that share no city.

    How many cities of the smaller group fall into each tier says all of a deal. Tests with equal
    smaller groups have the same deals, with other probabilities: those of independent binomial
    counts, given their sum.

    Parameters
    ----------
    first, second
        Number of cities in each tier, shape (pairs, tiers); no group is empty.

    Returns
    -------
    numpy.ndarray
        Two-sided p-values, one for each pair; NaN where there are more than `MAX_DEALS` deals.

    References
    ----------
    Lehmann, E. L. (1975). Nonparametrics: Statistical Methods Based on Ranks, section 1.4.

    Examples
    --------
    >>> deal_p(np.array([[3, 0], [2, 1]]), np.array([[0, 3], [1, 2]])).round(12)
    array([0.1, 1. ])
    """
    fewer = first.sum(axis=1) <= second.sum(axis=1)
    smaller = np.where(fewer[:, np.newaxis], first, second)
    taken = smaller.sum(axis=1)
    found = np.full(len(first), np.nan)
    for size in np.unique(taken).tolist():
        n_deals = math.comb(size + first.shape[1] - 1, size)
        if n_deals <= MAX_DEALS:
            deals = _deals(size, first.shape[1])
            for rows in _cut(np.flatnonzero(taken == size), _CHUNK // n_deals):
                found[rows] = _extreme(smaller[rows], (first + second)[rows], deals)
    return found


def _cut(rows: IntArray, width: int) -> Iterator[IntArray]:
    for start in range(0, len(rows), max(width, 1)):
        yield rows[start : start + max(width, 1)]


def _deals(size: int, tiers: int) -> IntArray:
    """Return all ways to place so many cities in tiers, one a row."""
    placed, left = np.zeros((1, 0), dtype=np.int64), np.array([size])
    for _ in range(tiers - 1):
        ways = left + 1
        here = np.arange(ways.sum()) - np.repeat(np.cumsum(ways) - ways, ways)
        placed = np.column_stack([np.repeat(placed, ways, axis=0), here])
        left = np.repeat(left, ways) - here
    return np.column_stack([placed, left])


def _extreme(observed: IntArray, sizes: IntArray, deals: IntArray) -> FloatArray:
    """Return the chance of a rank sum at least as far from its mean as the one observed."""
    n_taken, n_cities = observed.sum(axis=1), sizes.sum(axis=1)
    doubled_midranks = 2 * np.cumsum(sizes, axis=1) - sizes + 1
    mean = n_taken * (n_cities + 1)
    # Whole numbers far below 2⁵³, for which products of floats are exact and quick.
    sums = doubled_midranks.astype(np.float64) @ deals.T.astype(np.float64)
    far = np.abs((observed * doubled_midranks).sum(axis=1) - mean)
    counts = np.arange(int(n_taken[0]) + 1)
    binomial = _binomial(sizes[:, :, np.newaxis], counts, (n_taken / n_cities)[:, None, None])
    chances = np.ones(sums.shape)
    for tier, placed in enumerate(deals.T):
        chances *= binomial[:, tier, placed]
    extreme = np.abs(sums - mean[:, np.newaxis]) >= far[:, np.newaxis]
    return np.asarray((chances * extreme).sum(axis=1) / chances.sum(axis=1))


def _binomial(trials: IntArray, counts: IntArray, share: FloatArray) -> FloatArray:
    """Return binomial probabilities."""
    others = np.maximum(trials - counts, 0)
    logs = gammaln(trials + 1) - gammaln(counts + 1) - gammaln(others + 1)
    logs = logs + counts * np.log(share) + others * np.log1p(-share)
    return np.where(counts <= trials, np.exp(logs), 0.0)
