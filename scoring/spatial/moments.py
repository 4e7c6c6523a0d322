"""Moments over permutations: of the weights, and of statistics of a whole map."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from ...geo.neighbours_record import Neighbours
from ..tiers import FloatArray


@dataclass(frozen=True, slots=True)
class WeightSums:
    """Sums of weights that moments need.

    Attributes
    ----------
    n
        Number of sites.
    s0, s1, s2
        Σ w; ½ Σ (w_ij + w_ji)²; Σ_i (row sum + column sum of i)².
    """

    n: int
    s0: float
    s1: float
    s2: float


def weight_sums(neighbours: Neighbours) -> WeightSums:
    """Return the sums of weights of Cliff and Ord.

    References
    ----------
    Cliff, A. D., & Ord, J. K. (1981). Spatial processes, section 1.4. Pion.

    Examples
    --------
    >>> from tierscape.geo.neighbours import nearest
    >>> from tierscape.geo.neighbours_sites import sites
    >>> three = sites([[0, 0], [1, 0], [3, 0]], coincident="error", missing="error")
    >>> weight_sums(nearest(three, 1))
    WeightSums(n=3, s0=3.0, s1=5.0, s2=14.0)
    """
    weights = neighbours.matrix()
    both = weights + weights.T
    rows, columns = weights.sum(axis=1), weights.sum(axis=0)
    s1 = float((both.data**2).sum()) / 2
    return WeightSums(
        len(neighbours), float(weights.sum()), s1, float(((rows + columns) ** 2).sum())
    )


def moran_variance(values: FloatArray, w: WeightSums) -> float:
    """Return the variance of Moran's I over all permutations (Cliff & Ord 1981, 2.3)."""
    n, b2 = w.n, _kurtosis(values)
    even = n * ((n * n - 3 * n + 3) * w.s1 - n * w.s2 + 3 * w.s0**2)
    peaked = b2 * ((n * n - n) * w.s1 - 2 * n * w.s2 + 6 * w.s0**2)
    return float((even - peaked) / (_falling(n - 1, 3) * w.s0**2) - 1 / (n - 1) ** 2)


def geary_variance(values: FloatArray, w: WeightSums) -> float:
    """Return the variance of Geary's C over all permutations (Cliff & Ord 1981, 2.3)."""
    n, b2 = w.n, _kurtosis(values)
    total = (
        (n - 1) * w.s1 * (n * n - 3 * n + 3 - (n - 1) * b2)
        - (n - 1) * w.s2 * (n * n + 3 * n - 6 - (n * n - n + 2) * b2) / 4
        + w.s0**2 * (n * n - 3 - (n - 1) ** 2 * b2)
    )
    return float(total / (n * (n - 2) * (n - 3) * w.s0**2))


def g_variance(values: FloatArray, w: WeightSums) -> float:
    """Return the variance of Getis and Ord's G over all permutations (Getis & Ord 1992, app.)."""
    n = w.n
    # G does not change with the unit; a unit near 1 keeps the fourth powers in range.
    m1, m2, m3, m4 = (float(((values / values.mean()) ** power).sum()) for power in (1, 2, 3, 4))
    squared = w.s0**2
    second = (
        ((n * n - 3 * n + 3) * w.s1 - n * w.s2 + 3 * squared) * m2**2
        - ((n * n - n) * w.s1 - 2 * n * w.s2 + 6 * squared) * m4
        - (2 * n * w.s1 - (n + 3) * w.s2 + 6 * squared) * m1**2 * m2
        + (4 * (n - 1) * w.s1 - 2 * (n + 1) * w.s2 + 8 * squared) * m1 * m3
        + (w.s1 - w.s2 + squared) * m1**4
    ) / ((m1**2 - m2) ** 2 * _falling(n, 4))
    return float(second - (w.s0 / (n * (n - 1))) ** 2)


def normal_p(z: float, alternative: str) -> float:
    """Return the normal p-value of a standardised statistic.

    Examples
    --------
    >>> round(normal_p(1.959964, "two-sided"), 6)
    0.05
    """
    if alternative == "two-sided":
        return float(2 * ndtr(-abs(z)))
    return float(ndtr(-z if alternative == "greater" else z))


def conditional_moments(
    weights: tuple[FloatArray, FloatArray], mean: FloatArray, variance: FloatArray, others: int
) -> tuple[FloatArray, FloatArray]:
    """Return mean and variance of weighted sums of scores drawn without replacement.

    Parameters
    ----------
    weights
        Σ w and Σ w² of every site.
    mean, variance
        Of the scores that the neighbours are drawn from (divided by their number).
    others
        Their number.

    References
    ----------
    Sokal, R. R., Oden, N. L., & Thomson, B. A. (1998). Local spatial autocorrelation in a
    biological model. Geographical Analysis 30, 331-354.
    """
    total, squares = weights
    spread = variance * (others * squares - total**2) / (others - 1)
    return total * mean, np.maximum(spread, 0.0)


def _kurtosis(values: FloatArray) -> float:
    z = values - values.mean()
    z = z / np.abs(z).max()
    return float((z**4).mean() / (z**2).mean() ** 2)


def _falling(n: int, count: int) -> float:
    """Return n (n − 1) … of so many factors."""
    return float(np.prod([n - i for i in range(count)], dtype=np.float64))
