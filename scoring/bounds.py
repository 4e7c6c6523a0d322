"""What the tiers say by themselves: sharp bounds, dominance and permutation tests.

Nothing here assumes an order within tiers; what does is in `laws`.
"""

import math

import numpy as np
from scipy.special import gammaln

from .rank_sums import RankSums
from .tiers import BoolArray, FloatArray, IntArray, tier_sizes

#: Most states of a permutation law that are held; beyond, there is no p-value.
MAX_STATES = 4_000_000


def rank_sum_bounds(tier: IntArray, weight: IntArray) -> tuple[int, int]:
    """Return the least and greatest weighted sum of ranks over all consistent rankings.

    A ranking is consistent if every city of a tier ranks before every city of the next. Within a
    tier the cities hold its ranks in any order, so by the rearrangement inequality the sum is
    least when the largest weights meet the best ranks, and greatest in the opposite order. Tiers
    do not constrain each other: both ends are attained, and the bounds are sharp.

    Parameters
    ----------
    tier
        Tier of every city of the edition; 1 is best.
    weight
        Whole-number weight of every city; 0 for those that do not count.

    Returns
    -------
    tuple of int
        Bounds of Σ wᵢ rᵢ, exact.

    References
    ----------
    Hardy, G. H., Littlewood, J. E., Pólya, G. (1934). Inequalities, theorem 368. Cambridge.
    Manski, C. F. (2003). Partial Identification of Probability Distributions. Springer.

    Examples
    --------
    >>> tier = np.array([1, 1, 2, 2])
    >>> rank_sum_bounds(tier, np.array([1, 0, 0, 1]))
    (4, 6)
    """
    low, high = RankSums.of(tier, weight).bounds()
    return int(low[0]), int(high[0])


def difference_weights(in_a: BoolArray, in_b: BoolArray) -> tuple[IntArray, int]:
    """Return whole-number weights that give the difference of two mean ranks, and their scale.

    A city weighs 1/n_a in A, −1/n_b in B and 1/n_a − 1/n_b in both, times the least common
    multiple of n_a and n_b.

    Parameters
    ----------
    in_a, in_b
        Membership of every city; both groups have members.

    Returns
    -------
    tuple of (numpy.ndarray, int)
        Weights w and scale L: mean rank of A − mean rank of B = Σ wᵢ rᵢ / L.

    Examples
    --------
    >>> difference_weights(np.array([True, True, False]), np.array([False, True, True]))
    (array([ 1,  0, -1]), 2)
    """
    n_a, n_b = int(in_a.sum()), int(in_b.sum())
    scale = int(np.lcm(n_a, n_b))
    weight = in_a * np.int64(scale // n_a) - in_b * np.int64(scale // n_b)
    return weight, scale


def dominates(tier: IntArray, weight: IntArray) -> bool:
    """Tell whether the positive weights are ahead for any score scale, in every ranking.

    With the weights of `difference_weights` and a score f that falls with rank, the difference
    of mean scores is Σ wᵢ f(rᵢ) = Σᵣ W(r) · (f(r) − f(r+1)), where W(r) is the weight of the
    cities ranked r or better: the share of A's cities less the share of B's. It is positive for
    every such f if and only if W is nowhere negative and somewhere positive. Every W(r) is least
    in one and the same consistent ranking, the one that puts smaller weights first within each
    tier (A's cities last, B's first), so that ranking decides for all.

    Parameters
    ----------
    tier
        Tier of every city of the edition; 1 is best.
    weight
        Weights that sum to zero.

    Returns
    -------
    bool
        True if A is ahead of B, rank by rank, in the order that is worst for A and best for B.

    References
    ----------
    Hadar, J., Russell, W. R. (1969). Rules for ordering uncertain prospects. American Economic
    Review 59, 25-34 (first-order stochastic dominance).

    Examples
    --------
    >>> dominates(np.array([1, 1, 2, 2]), np.array([1, 0, 0, -1]))
    True
    >>> dominates(np.array([1, 1, 2, 2]), np.array([1, -1, 0, 0]))
    False
    """
    return bool(RankSums.of(tier, weight).dominates()[0][0])


def permutation_p(tier: IntArray, in_a: BoolArray, in_b: BoolArray) -> float | None:
    """Test whether the tiers of two groups differ more than chance labels would make them.

    The tiers are dealt out anew among the cities of the two groups, all deals equally likely. A
    city scores the midrank of its tier among these cities, and T = Σ w s with the weights of
    `difference_weights`, so E T = 0; the p-value is P(|T| ≥ |t|). For disjoint groups this is
    Wilcoxon's rank-sum test with midranks. The law is that of counts per tier (multivariate
    hypergeometric), built up tier by tier, and is exact.

    Parameters
    ----------
    tier
        Tier of every city of the edition; 1 is best.
    in_a, in_b
        Membership of every city; the groups may overlap.

    Returns
    -------
    float or None
        The two-sided p-value; None if the law has more than `MAX_STATES` states.
        It is 1 where the groups are the same cities.

    References
    ----------
    Wilcoxon, F. (1945). Individual comparisons by ranking methods. Biometrics Bulletin 1, 80-83.
    Lehmann, E. L. (1975). Nonparametrics: Statistical Methods Based on Ranks, section 1.4.
    Strasser, H., Weber, C. (1999). On the asymptotic theory of permutation statistics.
    Mathematical Methods of Statistics 8, 220-250.

    Examples
    --------
    >>> tier = np.array([1, 1, 1, 2, 2, 2])
    >>> round(permutation_p(tier, tier == 1, tier == 2), 12)
    0.1
    """
    union = in_a | in_b
    weight = difference_weights(in_a, in_b)[0][union]
    if not weight.any():
        return 1.0  # The same cities twice: no deal tells them apart.
    sizes = tier_sizes(tier[union])
    doubled_midranks = 2 * np.cumsum(sizes) - sizes + 1
    observed = int(weight @ doubled_midranks[tier[union] - 1])
    kinds, counts = np.unique(weight, return_counts=True)
    if len(kinds) == 1:
        return 1.0
    common = counts.argmax()
    rest = np.arange(len(kinds)) != common
    # Weights relative to the commonest one: that adds a constant to T and saves one class.
    constant = int(kinds[common]) * int(sizes @ doubled_midranks)
    classes = counts[rest], kinds[rest] - kinds[common]
    law = _deal(sizes[sizes > 0], doubled_midranks[sizes > 0], *classes)
    if law is None:
        return None
    totals, probabilities = law
    extreme = np.abs(totals + constant) >= abs(observed)
    return float(min(probabilities[extreme].sum() / probabilities.sum(), 1.0))


def _deal(
    sizes: IntArray,
    scores: IntArray,
    counts: IntArray,
    weights: IntArray,
) -> tuple[IntArray, FloatArray] | None:
    # A state is how many cities of each class are placed, and the sum so far. Classes fall into
    # tiers independently with their shares; given the counts at the end, that is dealing.
    shares = counts / sizes.sum()
    used = np.zeros((1, len(counts)), dtype=np.int64)
    totals, probabilities = np.zeros(1, dtype=np.int64), np.ones(1)
    left = int(sizes.sum())
    for size, score in zip(sizes, scores, strict=True):
        left -= int(size)
        new, chance = _placements(int(size), counts, shares)
        if len(used) * len(new) > MAX_STATES:
            return None
        placed = (used[:, np.newaxis] + new).reshape(-1, len(counts))
        open_places = counts - placed
        possible = (open_places >= 0).all(axis=1) & (open_places.sum(axis=1) <= left)
        totals = np.add.outer(totals, score * (new @ weights)).ravel()[possible]
        probabilities = np.multiply.outer(probabilities, chance).ravel()[possible]
        used, totals, probabilities = _merge(placed[possible], totals, probabilities)
    return totals, probabilities


def _placements(size: int, counts: IntArray, shares: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return the ways to place classes in a tier, and their multinomial probabilities."""
    grid = np.indices(tuple(min(size, int(count)) + 1 for count in counts))
    new = grid.reshape(len(counts), -1).T
    new = new[new.sum(axis=1) <= size]
    others = size - new.sum(axis=1)
    logs = gammaln(size + 1) - gammaln(new + 1).sum(axis=1) - gammaln(others + 1)
    logs = logs + new @ np.log(shares) + others * math.log1p(-shares.sum())
    return new, np.exp(logs)


def _merge(
    used: IntArray,
    totals: IntArray,
    probabilities: FloatArray,
) -> tuple[IntArray, IntArray, FloatArray]:
    """Add up the probabilities of equal states."""
    key = totals - totals.min()
    for column in used.T:
        key = key * (int(column.max()) + 1) + column
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    summed = np.bincount(inverse, probabilities)
    return used[first], totals[first], np.asarray(summed, dtype=np.float64)
