"""Exact laws of the neighbours' scores where scores have few values, as tiers have.

With its own score held and equal weights, the neighbours of a site are a random set of k of the
others, so the numbers of them in each tier follow the multivariate hypergeometric law. All of its
outcomes are listed: 165 for eight neighbours and four tiers.
"""

from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt

from ...data.errors import TierscapeError
from ..tiers import FloatArray
from .tails import Tails

Ints = npt.NDArray[np.intp]

#: The most outcomes of one law that are listed.
MAX_OUTCOMES = 200_000


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """Outcomes in ascending order, and the chance of at most and of at least each of them."""

    values: FloatArray
    at_most: FloatArray
    at_least: FloatArray

    def chance(self, low: FloatArray, high: FloatArray) -> FloatArray:
        """Return the chance of an outcome at or below `low`, or at or above `high`."""
        below = np.append(0.0, self.at_most)[np.searchsorted(self.values, low, side="right")]
        above = np.append(self.at_least, 0.0)[np.searchsorted(self.values, high, side="left")]
        return np.where(low >= high, 1.0, np.minimum(below + above, 1.0))


def sum_law(sizes: tuple[int, ...], scores: FloatArray, k: int) -> Law:
    """Return the law of the sum of the scores of k different sites.

    Parameters
    ----------
    sizes
        How many sites have each score.
    scores
        The scores.
    k
        How many sites are drawn, at most all.

    Raises
    ------
    TierscapeError
        If there are more than `MAX_OUTCOMES` ways to share k among the scores.

    References
    ----------
    Johnson, N. L., Kotz, S., & Balakrishnan, N. (1997). Discrete multivariate distributions,
    chapter 39. Wiley.

    Examples
    --------
    >>> law = sum_law((2, 2), np.array([0.0, 1.0]), 2)
    >>> law.values.tolist(), (6 * law.at_most).round(9).tolist()
    ([0.0, 1.0, 2.0], [1.0, 5.0, 6.0])
    """
    outcomes = comb(k + len(sizes) - 1, len(sizes) - 1)
    if outcomes > MAX_OUTCOMES:
        raise TierscapeError(
            f"{k} neighbours with {len(sizes)} different scores have {outcomes:,} outcomes, and "
            f"exact laws list {MAX_OUTCOMES:,} at most: ask for test=Permutations(9999, seed=1)."
        )
    left, sums, ways = np.array([k]), np.zeros(1), np.array([1], object)
    for size, score in zip(sizes, scores, strict=True):
        taken = np.arange(min(size, k) + 1)
        fits = taken[:, None] <= left
        row, column = np.nonzero(fits)
        binomial = np.array([comb(size, int(count)) for count in taken], object)
        left, ways = left[column] - taken[row], ways[column] * binomial[row]
        sums = sums[column] + taken[row] * score
    whole = left == 0
    return _law(sums[whole], ways[whole] / comb(sum(sizes), k))


def _law(sums: FloatArray, chances: npt.NDArray[np.object_]) -> Law:
    order = np.argsort(sums, kind="stable")
    chance = chances[order].astype(np.float64)
    at_least = np.cumsum(chance[::-1])[::-1]
    return Law(sums[order], np.cumsum(chance), at_least)


def exact_p(
    values: FloatArray, counts: Ints, limits: Tails, *, squares: bool = False
) -> FloatArray:
    """Return exact p-values of plain sums over neighbours, NaN for islands.

    Parameters
    ----------
    values : array of shape (n,)
        Scores, of few different values.
    counts : array of shape (n,)
        Neighbours of each site.
    limits
        What is extreme for each site.
    squares
        Sum (x_i − x_j)² in place of x_j.

    Raises
    ------
    TierscapeError
        If there are too many outcomes.
    """
    scores, own, sizes = np.unique(values, return_inverse=True, return_counts=True)
    found = np.full(len(values), np.nan)
    for tier, k in {(int(t), int(k)) for t, k in zip(own, counts, strict=True) if k}:
        at = np.flatnonzero((own == tier) & (counts == k))
        others = tuple(int(size) - (number == tier) for number, size in enumerate(sizes))
        summed = (scores - scores[tier]) ** 2 if squares else scores
        law = sum_law(others, summed, k)
        found[at] = law.chance(limits.low[at], limits.high[at])
    return found
