"""Laws of weighted rank sums if all orders within a tier are equally likely.

The cities of a tier are taken to hold its ranks in an order drawn uniformly, independently of the
other tiers. That is an assumption; it is not in the sources.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import fft
from scipy.special import ndtr

from .bounds import rank_sum_bounds
from .tier_transforms import Circle, Part, transform
from .tiers import FloatArray, IntArray

#: Parts of a spectrum smaller than this are left out.
NEGLIGIBLE = 1e-13
#: Numbers of one working array; about what a core's cache holds.
_CHUNK = 1 << 15


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """An exact law on a lattice: `probabilities[k]` is that of the value `low + k · step`."""

    low: int
    step: int
    probabilities: FloatArray

    @property
    def values(self) -> IntArray:
        """Values in ascending order."""
        return self.low + self.step * np.arange(len(self.probabilities), dtype=np.int64)

    def below(self, value: float) -> float:
        """Return P(S < value) + ½ P(S = value)."""
        place = (value - self.low) / self.step
        below = self.probabilities[: max(math.ceil(place), 0)].sum()
        here = 0 <= place < len(self.probabilities) and place == int(place)
        return float(below + (self.probabilities[int(place)] / 2 if here else 0.0))

    def quantile(self, share: float) -> int:
        """Return the least value v with P(S ≤ v) ≥ share, to rounding."""
        reached = np.cumsum(self.probabilities) >= share - 1e-12
        return int(self.values[np.argmax(reached)])


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean, variance and fourth cumulant of a weighted rank sum; odd cumulants vanish."""

    mean: float
    variance: float
    fourth: float


def _parts(tier: IntArray, weight: IntArray) -> list[Part]:
    """Return the tiers that vary, cheapest first.

    Weights are taken relative to the commonest one of the tier (0 as a rule): the ranks of a tier
    have a fixed sum, so a constant added to all of its weights adds a constant.
    """
    lowest = int(weight.min())
    span = int(weight.max()) - lowest + 1
    keys, counts = np.unique(tier * span + weight - lowest, return_counts=True)
    kinds: dict[int, list[tuple[int, int]]] = {}
    for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
        kinds.setdefault(key // span, []).append((key % span, count))
    parts = [_part(found) for found in kinds.values() if len(found) > 1]
    return sorted(parts, key=lambda part: part.cost)


def _part(kinds: list[tuple[int, int]]) -> Part:
    """Return a tier of several weights, each with its count."""
    common = max(kinds, key=lambda kind: kind[1])
    weights, counts = zip(*((w - common[0], n) for w, n in kinds if w != common[0]), strict=True)
    return Part(sum(n for _, n in kinds), weights, counts)


@dataclass(frozen=True, slots=True)
class _Lattice:
    """The values a weighted rank sum can take, and the frequencies that determine its law."""

    low: int
    step: int
    size: int

    @property
    def length(self) -> int:
        """Length of the Fourier transform: all values, so that nothing is wrapped."""
        return int(fft.next_fast_len(self.size, real=True))

    @property
    def turns(self) -> IntArray:
        """Frequencies: how often they go round within that length."""
        return np.arange(self.length // 2 + 1, dtype=np.int64)


def _lattice(tier: IntArray, weight: IntArray, parts: list[Part]) -> _Lattice:
    low, high = rank_sum_bounds(tier, weight)
    step = math.gcd(*(w for part in parts for w in part.weights)) or 1
    return _Lattice(low, step, (high - low) // step + 1)


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
    parts = _parts(tier, weight)
    lattice = _lattice(tier, weight, parts)
    shift = np.exp(-1j * np.pi * (lattice.size - 1) / lattice.length * lattice.turns)
    law: FloatArray = fft.irfft(_spectrum(parts, lattice) * shift, lattice.length)[: lattice.size]
    law = np.maximum(law + law[::-1], 0.0)
    return Law(lattice.low, lattice.step, np.asarray(law / law.sum()))


def _spectrum(parts: list[Part], lattice: _Lattice) -> FloatArray:
    """Return the characteristic function about the mean at the frequencies of the lattice."""
    circle = Circle.of(lattice.length, lattice.step)
    alive = lattice.turns
    spectrum = np.ones(len(alive))
    for part in parts:
        width = max(16, _CHUNK // part.states)
        for i in range(0, len(alive), width):
            turns = alive[i : i + width]
            spectrum[turns] *= transform(part, circle, turns)
        small = np.abs(spectrum[alive]) < NEGLIGIBLE
        spectrum[alive[small]] = 0.0
        alive = alive[~small]
    return spectrum


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
    n = np.bincount(tier)[1:].astype(np.float64)
    tier_mean = np.bincount(tier, weight)[1:] / np.maximum(n, 1)
    middle = np.cumsum(n) - (n - 1) / 2
    centred = weight - tier_mean[tier - 1]
    w2, w4 = (np.asarray(np.bincount(tier, centred**k)[1:], dtype=np.float64) for k in (2, 4))
    r2 = n * (n**2 - 1) / 12
    r4 = r2 * (3 * n**2 - 7) / 20
    variance = w2 * r2 / np.maximum(n - 1, 1)
    return Moments(
        float((n * tier_mean) @ middle),
        float(variance.sum()),
        float((_fourth_moment(n, (w2, w4), (r2, r4)) - 3 * variance**2).sum()),
    )


def _fourth_moment(
    n: FloatArray,
    w: tuple[FloatArray, FloatArray],
    r: tuple[FloatArray, FloatArray],
) -> FloatArray:
    # E S⁴ = Σ w w w w · E r r r r, by how many of the four indices are equal:
    # 4; 3 + 1; 2 + 2; 2 + 1 + 1; none. Sums over distinct indices of centred values reduce to
    # power sums; where n is too small for a pattern, its sum is zero.
    (w2, w4), (r2, r4) = w, r
    ones = np.maximum(n, 1)
    twos = ones * np.maximum(n - 1, 1)
    threes = twos * np.maximum(n - 2, 1)
    fours = threes * np.maximum(n - 3, 1)
    return np.asarray(
        w4 * r4 / ones
        + 4 * w4 * r4 / twos
        + 3 * (w2**2 - w4) * (r2**2 - r4) / twos
        + 6 * (2 * w4 - w2**2) * (2 * r4 - r2**2) / threes
        + 9 * (w2**2 - 2 * w4) * (r2**2 - 2 * r4) / fours,
    )


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
    lattice = _lattice(tier, weight, _parts(tier, weight))
    step = lattice.step
    moments = rank_sum_moments(tier, weight)
    beyond = (value - lattice.low) % step
    cut = value - beyond + step / 2 if beyond else value
    deviation = math.sqrt(moments.variance + step**2 / 12)
    z = (cut - moments.mean) / deviation
    excess = (moments.fourth - step**4 / 120) / deviation**4
    density = math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return float(np.clip(ndtr(z) - density * excess * (z**3 - 3 * z) / 24, 0.0, 1.0))


def law_cost(tier: IntArray, weight: IntArray) -> float:
    """Return the size of an exact law: multiplications of its cheapest tier, rank by rank.

    `rank_sum_law` takes fewer where power sums serve. Which pairs are worth an exact law is
    decided by this figure, so that it does not change with the way the law is computed.
    """
    parts = _parts(tier, weight)
    if not parts:
        return 0.0
    return parts[0].cost * _lattice(tier, weight, parts).size / 2
