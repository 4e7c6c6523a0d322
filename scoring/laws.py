"""Laws of weighted rank sums if all orders within a tier are equally likely.

The cities of a tier are taken to hold its ranks in an order drawn uniformly, independently of the
other tiers. That is an assumption; it is not in the sources.
"""

import math

import numpy as np
from scipy.special import ndtr

from .rank_sums import Moments, RankSums
from .spectra import Law, spectra
from .tiers import FloatArray, IntArray


def rank_sum_law(tier: IntArray, weight: IntArray) -> Law:
    """Return the exact law of Σ wᵢ rᵢ under uniform order within tiers.

    The law is the convolution of one law per tier, multiplied as characteristic functions and
    inverted by a Fourier transform as long as the lattice, so nothing is wrapped or truncated.
    Tiers come cheapest first, and a frequency is left as soon as its product is below
    `NEGLIGIBLE`; a probability is off by less than 1e-10.

    Parameters
    ----------
    tier
        Tier of every city of the edition; 1 is best.
    weight
        Whole-number weight of every city; 0 for those that do not count.

    Returns
    -------
    Law
        All values between the sharp bounds, with their probabilities.

    References
    ----------
    Wilcoxon, F. (1945). Individual comparisons by ranking methods. Biometrics Bulletin 1, 80-83.
    Feller, W. (1971). An Introduction to Probability Theory II, chapter XV. Wiley.

    Examples
    --------
    >>> law = rank_sum_law(np.array([1, 1, 2, 2]), np.array([1, 0, 0, 1]))
    >>> law.values.tolist(), law.probabilities.round(6).tolist()
    ([4, 5, 6], [0.25, 0.5, 0.25])
    """
    return next(spectra(RankSums.of(tier, weight))).law()


def chances_below(sums: RankSums, value: int) -> FloatArray:
    """Return P(S < value) + ½ P(S = value) for each of many rank sums, exactly.

    It is what `rank_sum_law(...).below(value)` gives, without the rest of the law.

    Examples
    --------
    >>> sums = RankSums.of(np.array([1, 1, 2, 2]), np.array([1, 0, 0, 1]))
    >>> [float(chances_below(sums, value).round(6)[0]) for value in (4, 5, 6, 7)]
    [0.125, 0.5, 0.875, 1.0]
    """
    return np.array([spectrum.below(value) for spectrum in spectra(sums)])


def rank_sum_moments(tier: IntArray, weight: IntArray) -> Moments:
    """Return mean, variance and fourth cumulant of Σ wᵢ rᵢ under uniform order within tiers.

    In a tier of n cities with centred weights the variance is (n + 1) n/12 · Σ w²; the fourth
    moment follows from power sums of weights and ranks. Cumulants add over tiers.

    Parameters
    ----------
    tier
        Tier of every city of the edition; 1 is best.
    weight
        Weight of every city.

    Returns
    -------
    Moments
        In ranks, and their second and fourth powers.

    References
    ----------
    Pitman, E. J. G. (1937). Significance tests which may be applied to samples from any
    populations. Supplement to the Journal of the Royal Statistical Society 4, 119-130.

    Examples
    --------
    >>> rank_sum_moments(np.array([1, 1, 2, 2]), np.array([1, 0, 0, 1]))
    Moments(mean=5.0, variance=0.5, fourth=-0.25)
    """
    found = RankSums.of(tier, weight).moments()
    each = (found.mean, found.variance, found.fourth)
    return Moments(*(float(np.ravel(numbers)[0]) for numbers in each))


def edgeworth_below(tier: IntArray, weight: IntArray, value: float) -> float:
    """Return an approximation of P(S < value) + ½ P(S = value), S = Σ wᵢ rᵢ.

    The normal law with the exact variance, corrected by the exact fourth cumulant. The sum lies
    on a lattice of step h; noise uniform over one step makes it continuous, leaves the
    probability as it is at the middle between two lattice points or, with the ½, on one, and adds
    h²/12 to the variance and −h⁴/120 to the fourth cumulant.

    Parameters
    ----------
    tier
        Tier of every city of the edition; 1 is best.
    weight
        Whole-number weight of every city.
    value
        Where the law is cut.

    Returns
    -------
    float
        A probability; how close it is, `docs/inference.md` shows.

    References
    ----------
    Kolassa, J. E., McCullagh, P. (1990). Edgeworth series for lattice distributions. Annals of
    Statistics 18, 981-985.

    Examples
    --------
    >>> edgeworth_below(np.array([1, 1, 2, 2]), np.array([1, 0, 0, 1]), 5)
    0.5
    """
    return float(edgeworth(RankSums.of(tier, weight), value)[0])


def edgeworth(sums: RankSums, value: float) -> FloatArray:
    """Return the approximation of `edgeworth_below` for each of many rank sums."""
    low, step, moments = sums.bounds()[0], sums.steps, sums.moments()
    beyond = (value - low) % step
    cut = np.where(beyond > 0, value - beyond + step / 2, value)
    deviation = np.sqrt(moments.variance + step**2 / 12)
    z = (cut - moments.mean) / deviation
    excess = (moments.fourth - step**4 / 120) / deviation**4
    density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    chance = ndtr(z) - density * excess * (z**3 - 3 * z) / 24
    return np.asarray(np.clip(chance, 0.0, 1.0))


def law_cost(tier: IntArray, weight: IntArray) -> float:
    """Return the size of an exact law: multiplications of its cheapest tier, rank by rank.

    `rank_sum_law` takes fewer where power sums serve. Which pairs are worth an exact law is
    decided by this figure, so that it does not change with the way the law is computed.
    """
    return float(law_costs(RankSums.of(tier, weight))[0])


def law_costs(sums: RankSums) -> FloatArray:
    """Return the size of the exact law of each of many rank sums, as `law_cost` does."""
    low, high = sums.bounds()
    counts, several = sums.counts.astype(np.float64), sums.several
    classes = (counts > 0).sum(axis=2)
    with np.errstate(over="ignore"):
        states = (counts + 1).prod(axis=2) / (counts.max(axis=2) + 1)
        costs = states * counts.sum(axis=2) * classes * (classes + 1) // 4
    cheapest = np.where(several, costs, np.inf).min(axis=1)
    size = (high - low) // sums.steps + 1
    return np.asarray(np.where(several.any(axis=1), cheapest * size / 2, 0.0))
