"""Laws of weighted rank sums if all orders within a tier are equally likely.

The cities of a tier are taken to hold its ranks in an order drawn uniformly, independently of the
other tiers. That is an assumption; it is not in the sources.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from scipy import fft
from scipy.special import ndtr

from .bounds import rank_sum_bounds
from .tiers import FloatArray, IntArray

#: Parts of a spectrum smaller than this are left out.
NEGLIGIBLE = 1e-13
#: Numbers of one working array; about what a core's cache holds.
_CHUNK = 1 << 15

_Slices = tuple[slice, ...]


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
        values = self.values
        below = self.probabilities[values < value].sum()
        return float(below + self.probabilities[values == value].sum() / 2)

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


@dataclass(frozen=True, slots=True)
class _Part:
    """One tier: its size, and the weights that differ from the commonest one, with counts."""

    size: int
    weights: tuple[int, ...]
    counts: tuple[int, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Numbers of values of the counts: from none to all, for each weight."""
        return tuple(count + 1 for count in self.counts)

    @property
    def states(self) -> int:
        """Number of combinations of counts."""
        return math.prod(self.shape)

    @property
    def cost(self) -> int:
        """Multiplications for one frequency."""
        classes = len(self.weights) + 1
        return self.states * self.size * classes * (classes + 1) // 4


def _parts(tier: IntArray, weight: IntArray) -> list[_Part]:
    """Return the tiers that vary, cheapest first.

    Weights are taken relative to the commonest one of the tier (0 as a rule): the ranks of a tier
    have a fixed sum, so a constant added to all of its weights adds a constant.
    """
    parts = []
    for number in np.unique(tier[weight != 0]):
        kinds, counts = np.unique(weight[tier == number], return_counts=True)
        common = counts.argmax()
        rest = np.arange(len(kinds)) != common
        if rest.any():
            weights = tuple(map(int, kinds[rest] - kinds[common]))
            parts.append(_Part(int(counts.sum()), weights, tuple(map(int, counts[rest]))))
    return sorted(parts, key=lambda part: part.cost)


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
    def theta(self) -> FloatArray:
        """Frequencies, in radians for one unit of the sum."""
        unit = 2 * np.pi / (self.step * self.length)
        return np.asarray(unit * np.arange(self.length // 2 + 1), dtype=np.float64)


def _lattice(tier: IntArray, weight: IntArray, parts: list[_Part]) -> _Lattice:
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
    middle = lattice.step * (lattice.size - 1) / 2
    spectrum = _spectrum(parts, lattice.theta) * np.exp(-1j * lattice.theta * middle)
    law: FloatArray = fft.irfft(spectrum, lattice.length)[: lattice.size]
    law = np.maximum(law + law[::-1], 0.0)
    return Law(lattice.low, lattice.step, np.asarray(law / law.sum()))


def _spectrum(parts: list[_Part], theta: FloatArray) -> FloatArray:
    """Return E cos(θ (S − E S)), which is the characteristic function about the mean.

    It is real because reversing the ranks of a tier reverses its law.
    """
    spectrum = np.ones(len(theta))
    alive = np.arange(len(theta))
    for part in parts:
        width = max(16, _CHUNK // part.states)
        for i in range(0, len(alive), width):
            spectrum[alive[i : i + width]] *= _transform(part, theta[alive[i : i + width]])
        small = np.abs(spectrum[alive]) < NEGLIGIBLE
        spectrum[alive[small]] = 0.0
        alive = alive[~small]
    return spectrum


def _transform(part: _Part, theta: FloatArray) -> FloatArray:
    # Every rank draws its kind of city independently, with the tier's shares; given the counts,
    # that is the uniform order. The state holds, for all counts so far, the transform of the
    # centred sum. Ranks enter in pairs that lie opposite about the middle, which keeps it real.
    # A last frequency, 0, gives the probability of the counts themselves.
    theta = np.append(theta, 0.0)
    state = np.zeros((*part.shape, len(theta)))
    state[(0,) * len(part.counts)] = 1.0
    kinds = list(_kinds(part))
    if part.size % 2:
        state = _multiply(state, [(_slices(shift), share) for shift, _, share in kinds])
    pairs = list(combinations_with_replacement(kinds, 2))
    slices = [_slices(shift + other) for (shift, _, _), (other, _, _) in pairs]
    angles = np.arange(part.size % 2 + 1, part.size, 2)[:, np.newaxis] / 2 * theta
    factors = [
        2 * p * q * np.cos((v - w) * angles) if v != w else [p * q] * len(angles)
        for (_, v, p), (_, w, q) in pairs
    ]
    for factor in zip(*factors, strict=True):
        state = _multiply(state, zip(slices, factor, strict=True))
    final = state[(-1,) * len(part.counts)]
    return np.asarray(final[:-1] / final[-1])


def _kinds(part: _Part) -> Iterator[tuple[IntArray, int, float]]:
    """Yield what one rank adds to the counts, its weight and its probability, for every kind."""
    places = np.eye(len(part.counts), dtype=np.int64)
    yield 0 * places[0], 0, (part.size - sum(part.counts)) / part.size
    for place, weight, count in zip(places, part.weights, part.counts, strict=True):
        yield place, weight, count / part.size


def _slices(shift: IntArray) -> tuple[_Slices, _Slices]:
    """Return where a shifted state goes and where it comes from."""
    shifts = [int(s) for s in shift]
    return tuple(slice(s, None) for s in shifts), tuple(slice(-s or None) for s in shifts)


def _multiply(
    state: FloatArray,
    terms: Iterable[tuple[tuple[_Slices, _Slices], FloatArray | float]],
) -> FloatArray:
    """Multiply by a polynomial in the counts, whose first term shifts nothing."""
    (_, first), *others = terms
    result = first * state
    for (target, source), factor in others:
        result[target] += factor * state[source]
    return result


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
    """Return about how many multiplications `rank_sum_law` takes, at the least."""
    parts = _parts(tier, weight)
    if not parts:
        return 0.0
    return parts[0].cost * _lattice(tier, weight, parts).size / 2
