"""Which outcomes count as extreme, and p-values from sorted outcomes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..tiers import BoolArray, FloatArray

#: Sums that differ by less, relative to their size, are equal: the rest is rounding.
ROUNDING = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Tails:
    """Outcomes at or below `low`, and at or above `high`, are as extreme as the observed one."""

    low: FloatArray
    high: FloatArray

    @property
    def all_of_it(self) -> BoolArray:
        """Where every outcome counts: the observed one is the mean itself."""
        return self.low >= self.high


def tails(observed: FloatArray, expected: FloatArray, scale: float, alternative: str) -> Tails:
    """Return the extreme outcomes: two-sided |T − E T| ≥ |t − E T|.

    Parameters
    ----------
    observed, expected : arrays of one shape
        t and E T.
    scale
        The size of the sums, against which differences are rounding.
    alternative
        `two-sided`, `greater` or `less`.

    Examples
    --------
    >>> found = tails(np.array([7.0]), np.array([5.0]), 1.0, "two-sided")
    >>> found.low.round(6).tolist(), found.high.round(6).tolist()
    ([3.0], [7.0])
    """
    slack = ROUNDING * scale
    never = np.full(observed.shape, np.inf)
    if alternative == "greater":
        return Tails(-never, observed - slack)
    if alternative == "less":
        return Tails(observed + slack, never)
    off = np.abs(observed - expected) - slack
    return Tails(expected - off, expected + off)


def flipped(found: Tails, mirrored: Tails, where: BoolArray) -> Tails:
    """Return the tails of one record, and those of the other at the sites of `where`."""
    return Tails(
        np.where(where, mirrored.low, found.low), np.where(where, mirrored.high, found.high)
    )


def count_in(ordered: FloatArray, found: Tails) -> npt.NDArray[np.intp]:
    """Return how many of the sorted outcomes are extreme, for every site.

    Examples
    --------
    >>> count_in(np.array([1.0, 3.0, 5.0, 7.0]), Tails(np.array([3.0]), np.array([7.0]))).tolist()
    [3]
    """
    above = len(ordered) - np.searchsorted(ordered, found.high, side="left")
    below = np.searchsorted(ordered, found.low, side="right")
    return np.asarray(np.minimum(above + below, len(ordered)))


def p_of_hits(hits: npt.ArrayLike, count: int) -> FloatArray:
    """Return (1 + number of draws as extreme) / (draws + 1).

    References
    ----------
    Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical
    Applications in Genetics and Molecular Biology 9, 39.

    Examples
    --------
    >>> p_of_hits([1, 3], 3).tolist()
    [0.5, 1.0]
    """
    return np.asarray((1.0 + np.asarray(hits)) / (1.0 + count))
