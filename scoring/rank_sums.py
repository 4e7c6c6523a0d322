"""Weighted rank sums of cities in tiers, many at once.

What the tiers say of Σ wᵢ rᵢ depends only on how many cities of each weight every tier holds. A
sum is a small table of counts, and many sums are one array: no city is visited.
"""

from dataclasses import dataclass

import numpy as np

from .tiers import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean, variance and fourth cumulant of weighted rank sums; odd cumulants vanish."""

    mean: FloatArray | float
    variance: FloatArray | float
    fourth: FloatArray | float


@dataclass(frozen=True, slots=True, eq=False)
class RankSums:
    """Weighted rank sums.

    Attributes
    ----------
    counts
        Number of cities, shape (sums, tiers, weights). A tier may be empty.
    weights
        Whole numbers, shape (sums, weights), ascending. Those that have cities are different.
    """

    counts: IntArray
    weights: IntArray

    @classmethod
    def of(cls, tier: IntArray, weight: IntArray) -> "RankSums":
        """Return the one sum of cities with these tiers (1 is best) and weights.

        Examples
        --------
        >>> RankSums.of(np.array([1, 1, 2, 2]), np.array([1, 0, 0, 0])).counts.tolist()
        [[[1, 1], [2, 0]]]
        """
        kinds, kind = np.unique(weight, return_inverse=True)
        width = len(kinds)
        counts = np.bincount(tier * width + kind, minlength=width * (int(tier.max()) + 1))
        return cls(counts.reshape(1, -1, width)[:, 1:], kinds[np.newaxis])

    @classmethod
    def of_groups(cls, sizes: IntArray, inside: IntArray) -> "RankSums":
        """Return the sums of ranks of groups: shapes (tiers,) and (groups, tiers)."""
        weights = np.broadcast_to(np.arange(2), (len(inside), 2))
        return cls(np.stack([sizes - inside, inside], axis=2), weights)

    def taken(self, which: BoolArray) -> "RankSums":
        """Return some of the sums."""
        return RankSums(self.counts[which], self.weights[which])

    @property
    def several(self) -> BoolArray:
        """Whether a tier holds several weights, so that its part of the sum varies."""
        return np.asarray((self.counts > 0).sum(axis=2) > 1)

    @property
    def steps(self) -> IntArray:
        """Step of the lattice that each sum lies on; 1 where it does not vary."""
        present = self.counts > 0
        each = np.broadcast_to(self.weights[:, np.newaxis], present.shape)
        first = np.take_along_axis(each, present.argmax(axis=2)[..., np.newaxis], axis=2)
        gaps = _flat(np.where(present, each - first, 0))
        return np.asarray(np.maximum(np.gcd.reduce(gaps, axis=1), 1))

    def bounds(self) -> tuple[IntArray, IntArray]:
        """Return the least and the greatest values, as `bounds.rank_sum_bounds` does."""
        return self._ordered(-1), self._ordered(1)

    def _ordered(self, direction: int) -> IntArray:
        """Return the sums with the weights of every tier ascending (1) or descending (-1)."""
        counts, weights = self.counts[:, :, ::direction], self.weights[:, ::direction]
        last = np.cumsum(_flat(counts), axis=1).reshape(counts.shape)
        ranks = counts * last - counts * (counts - 1) // 2
        return np.asarray((ranks.sum(axis=1) * weights).sum(axis=1))

    def dominates(self) -> tuple[BoolArray, BoolArray]:
        """Return whether positive, and whether negative weights are ahead in every score.

        See `bounds.dominates`. The weight of the cities from the top changes evenly within a
        block of equal weights, so that its ends decide.
        """
        return self._leads(1), self._leads(-1)

    def _leads(self, direction: int) -> BoolArray:
        blocks = direction * self.counts * self.weights[:, np.newaxis]
        ahead = np.cumsum(_flat(blocks[:, :, ::direction]), axis=1)
        return np.asarray((ahead >= 0).all(axis=1) & (ahead > 0).any(axis=1))

    def moments(self) -> Moments:
        """Return mean, variance and fourth cumulant, as `laws.rank_sum_moments` does."""
        n = self.counts.sum(axis=2).astype(np.float64)
        weights = self.weights[:, np.newaxis]
        tier_mean = (self.counts * weights).sum(axis=2) / np.maximum(n, 1)
        middle = np.cumsum(n, axis=1) - (n - 1) / 2
        squares = (weights - tier_mean[..., np.newaxis]) ** 2
        w2, w4 = ((self.counts * power).sum(axis=2) for power in (squares, squares**2))
        r2 = n * (n**2 - 1) / 12
        r4 = r2 * (3 * n**2 - 7) / 20
        variance = w2 * r2 / np.maximum(n - 1, 1)
        fourth = _fourth_moment(n, (w2, w4), (r2, r4)) - 3 * variance**2
        mean = (n * tier_mean * middle).sum(axis=1)
        return Moments(mean, variance.sum(axis=1), fourth.sum(axis=1))


def _flat(blocks: IntArray) -> IntArray:
    """Return all blocks of a sum in one row, tier by tier."""
    return blocks.reshape(len(blocks), blocks.shape[1] * blocks.shape[2])


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


def difference_sums(kinds: IntArray) -> tuple[RankSums, IntArray]:
    """Return the differences of mean ranks of two groups as rank sums, and their scales.

    Parameters
    ----------
    kinds
        Number of cities in neither group, in the first, in the second and in both: shape
        (pairs, tiers, 4). Both groups of a pair have cities.

    Returns
    -------
    tuple of (RankSums, numpy.ndarray)
        Sums S and scales L, with the weights of `bounds.difference_weights`: mean rank of the
        first group − mean rank of the second = S / L.

    Examples
    --------
    >>> sums, scale = difference_sums(np.array([[[0, 1, 0, 0], [1, 0, 2, 0]]]))
    >>> sums.weights.tolist(), scale.tolist(), [int(end[0]) for end in sums.bounds()]
    ([[-1, 0, 1, 2]], [2], [-5, -3])
    """
    _, first, second, both = kinds.sum(axis=1).T
    n_first, n_second = first + both, second + both
    scale = np.lcm(n_first, n_second)
    plus, minus = scale // n_first, scale // n_second
    weights = np.stack([0 * scale, plus, -minus, plus - minus], axis=1)
    # In groups of one size, cities of both weigh as much as cities of neither.
    alike = np.where(n_first == n_second, 1, 0)[:, np.newaxis] * kinds[:, :, 3]
    counts = kinds + np.stack([alike, 0 * alike, 0 * alike, -alike], axis=2)
    order = np.argsort(weights, axis=1, kind="stable")
    counts = np.take_along_axis(counts, order[:, np.newaxis], axis=2)
    return RankSums(counts, np.take_along_axis(weights, order, axis=1)), scale
