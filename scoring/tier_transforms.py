"""Characteristic functions of weighted rank sums within one tier, all orders equally likely."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations_with_replacement
from string import ascii_lowercase

import numpy as np

from .tiers import FloatArray, IntArray

#: How much rounding may grow in the power sums; beyond, the tier is built up rank by rank.
MAX_GROWTH = 1e7
#: Most products that the power sums are worth; beyond, too.
MAX_PRODUCTS = 100_000

#: Numbers of one working array; about what a core's cache holds.
_CHUNK = 1 << 17

_Slices = tuple[slice | int, ...]


@dataclass(frozen=True, slots=True)
class Part:
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
        """Multiplications for one frequency, rank by rank."""
        classes = len(self.weights) + 1
        return self.states * self.size * classes * (classes + 1) // 4

    @property
    def growth(self) -> float:
        """How much larger the terms of the power sums are than what they add up to, at most."""
        placed = sum(self.counts)
        return math.comb(self.size + placed - 1, placed) / math.comb(self.size, placed)

    @property
    def products(self) -> int:
        """Multiplications for one frequency, by power sums, at most."""
        return math.prod(math.comb(count + 2, 2) for count in self.counts)


@dataclass(frozen=True, slots=True, eq=False)
class Circle:
    """Frequencies θ = π k / `half` for one `step` of a lattice, and the sine of each place k."""

    half: int
    step: int
    sines: FloatArray

    @classmethod
    def of(cls, half: int, step: int) -> "Circle":
        """Return the circle of 2 `half` points."""
        place = np.arange(half)
        # From the nearer end, for small sines divide.
        wave = np.sin(np.pi / half * np.minimum(place, half - place))
        return cls(half, step, np.concatenate([wave, -wave]))

    def kernel(self, size: int) -> FloatArray:
        """Return Σ cos(2 θ r) over ranks r centred about 0: Dirichlet's kernel sin nθ / sin θ.

        One number for each place on the circle.
        """
        inner = np.arange(1, self.half)
        ratio = self.sines[self.places(size * inner)] / self.sines[1 : self.half]
        opposite = size if size % 2 else -size
        return np.concatenate([[size], ratio, [opposite], ratio[::-1]])

    def places(self, turns: IntArray) -> IntArray:
        """Return on which places turns end."""
        # NumPy divides by one number faster than it takes remainders.
        whole = turns // (2 * self.half)
        whole *= 2 * self.half
        return np.asarray(np.subtract(turns, whole, out=whole))


def transform(part: Part, circle: Circle, turns: IntArray) -> FloatArray:
    """Return E cos(θ (S − E S)), which is the characteristic function about the mean.

    It is real because reversing the ranks of a tier reverses its law. The number of cities with
    each weight is fixed, so the function is a coefficient of Π (1 + Σ xⱼ exp(iθ wⱼ r)) over the
    centred ranks r. The logarithm of that product has power sums as its coefficients, which are
    Dirichlet's kernels: no rank is visited. Where the sums cancel too much to be exact
    (`Part.growth`), the product is built up rank by rank.

    Parameters
    ----------
    part
        The tier.
    circle, turns
        The frequencies, 2π · turns / (step · half) for one unit of the sum.

    References
    ----------
    MacMahon, P. A. (1915). Combinatory Analysis I, section I. Cambridge (power sums of several
    systems of quantities; for one system, Newton's identities).

    Examples
    --------
    >>> one_of_three = Part(3, (1,), (1,))
    >>> transform(one_of_three, Circle.of(4, 1), np.array([0, 1, 2])).round(6)
    array([ 1.      ,  0.333333, -0.333333])
    """
    if part.growth <= MAX_GROWTH and part.products <= MAX_PRODUCTS:
        return by_power_sums(part, circle, turns)
    return by_ranks(part, turns * np.float64(2 * np.pi / (circle.step * circle.half)))


def by_power_sums(part: Part, circle: Circle, turns: IntArray) -> FloatArray:
    """Return `transform` from power sums; only where `Part.growth` allows it."""
    plan = _plan(part.counts)
    kernel = circle.kernel(part.size)
    steps = plan.powers @ (np.array(part.weights) // circle.step)
    ways = math.comb(part.size, sum(part.counts)) * plan.orders
    found = np.empty(len(turns))
    for some in _chunks(len(turns), part.states):
        places = circle.places(np.multiply.outer(steps, turns[some]))
        sums = np.empty((part.states, places.shape[1]))
        np.multiply(kernel[places], plan.factors, out=sums[1:])
        found[some] = plan.last(sums.reshape(*part.shape, -1)) / ways
    return found


def _chunks(length: int, states: int) -> Iterator[slice]:
    """Yield the slices of so many frequencies that are worked on together."""
    width = max(16, _CHUNK // states)
    return (slice(start, start + width) for start in range(0, length, width))


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """How the coefficients of exp(L) follow from those of L, whatever the tier's size.

    Attributes
    ----------
    powers
        All combinations of counts but that of none, one a row.
    factors
        What the power sum of each is multiplied with, as a column.
    sums
        For every combination that is needed: the combination, the window of the power sums and
        the window of what is found before that are multiplied, how, and by what to divide.
    orders
        In how many ways the chosen ranks can be dealt to the weights.
    """

    powers: IntArray
    factors: FloatArray
    sums: tuple[tuple[tuple[int, ...], _Slices, _Slices, str, int], ...]
    orders: int

    def last(self, sums: FloatArray) -> FloatArray:
        """Return the last coefficient, that of all counts, from power sums times factors.

        The sum of no power is there for the shape only.
        """
        found = np.ones(sums.shape)
        for state, power, rest, product, divisor in self.sums:
            np.einsum(product, sums[power], found[rest], out=found[state])
            found[state] /= divisor
        return np.asarray(found[self.sums[-1][0]])


@lru_cache(maxsize=128)
def _plan(counts: tuple[int, ...]) -> _Plan:
    # E = exp(L) gives i E[i] = Σ a L[a] E[i − a] in any one variable, here the first that occurs;
    # the factor of a power sum in L is (−1)ᵃ⁻¹ (a − 1)! / Π aⱼ! with a = Σ aⱼ.
    powers = list(np.ndindex(*(count + 1 for count in counts)))[1:]
    factors = [_log_factor(power) * next(filter(None, power)) for power in powers]
    orders = math.factorial(sum(counts)) // math.prod(map(math.factorial, counts))
    # Nothing follows from other coefficients with all of the first count than the last one.
    needed = [state for state in powers if state[0] < counts[0] or state == counts]
    sums = tuple(_window(state) for state in needed)
    return _Plan(np.array(powers), np.array(factors)[:, np.newaxis], sums, orders)


def _window(state: tuple[int, ...]) -> tuple[tuple[int, ...], _Slices, _Slices, str, int]:
    """Return one of `_Plan.sums`."""
    axis = next(axis for axis, count in enumerate(state) if count)
    count, others = state[axis], state[axis + 1 :]
    power = slice(1, count + 1), *(slice(other + 1) for other in others)
    rest = slice(count - 1, None, -1), *(slice(other, None, -1) for other in others)
    axes = ascii_lowercase[: len(power)]
    none = (0,) * axis
    return state, (*none, *power), (*none, *rest), f"{axes}z,{axes}z->z", count


def _log_factor(power: tuple[int, ...]) -> float:
    """Return the factor of a power sum in log Π (1 + Σ xⱼ uⱼ)."""
    degree = sum(power)
    sign = 1 if degree % 2 else -1
    return sign * math.factorial(degree - 1) / math.prod(map(math.factorial, power))


def by_ranks(part: Part, theta: FloatArray) -> FloatArray:
    """Return `transform` built up rank by rank, at any frequencies for one unit of the sum."""
    # Every rank draws its kind of city independently, with the tier's shares; given the counts,
    # that is the uniform order. The state holds, for all counts so far, the transform of the
    # centred sum. Ranks enter in pairs that lie opposite about the middle, which keeps it real.
    # A last frequency, 0, gives the probability of the counts themselves.
    found = [
        _ranked(part, np.append(theta[some], 0.0)) for some in _chunks(len(theta), part.states)
    ]
    return np.concatenate([final[:-1] / final[-1] for final in found])


def _ranked(part: Part, theta: FloatArray) -> FloatArray:
    """Return the transform times the probability of the counts."""
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
    return np.asarray(state[(-1,) * len(part.counts)])


def _kinds(part: Part) -> Iterator[tuple[IntArray, int, float]]:
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
