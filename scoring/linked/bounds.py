"""Sharp bounds and dominance over all rankings that two linked editions allow."""

import numpy as np

from ..tiers import IntArray
from .lattice import lattice
from .order import LinkedOrder

#: Above every sum of ranks; not so large that adding to it overflows.
_NEVER = np.int64(2**61)


def linked_bounds(order: LinkedOrder, weight: IntArray) -> tuple[int, int]:
    """Return the least and the greatest weighted sum of ranks over all rankings.

    Cities of a block can change places, so some best ranking takes the larger weights of each
    block first (rearrangement inequality). Then the three chains are fixed sequences, and what is
    left is how to merge them: a shortest path in the lattice of partial rankings. It is exact.

    Parameters
    ----------
    order
        The linked order.
    weight
        Whole-number weight of every city, in the order's sequence.

    Returns
    -------
    tuple of int
        Bounds of Σ wᵢ rᵢ; both are attained.

    References
    ----------
    Held, M., Karp, R. M. (1962). A dynamic programming approach to sequencing problems. Journal
    of the Society for Industrial and Applied Mathematics 10, 196-210.
    Steiner, G. (1990). On the complexity of dynamic programming for sequencing problems with
    precedence constraints. Annals of Operations Research 26, 103-123.

    Examples
    --------
    >>> import pandas as pd
    >>> from tierscape.scoring.linked.order import order_of
    >>> order = order_of(pd.Series({"a": 1, "b": 2, "c": 2}), pd.Series({"b": 1, "d": 2}))
    >>> list(order.city_ids)
    ['b', 'a', 'c', 'd']
    >>> linked_bounds(order, np.array([0, 0, 1, -1]))
    (-2, 1)
    """
    low, high = bounds_of_many(order, weight[np.newaxis])
    return int(low[0]), int(high[0])


def bounds_of_many(order: LinkedOrder, weights: IntArray) -> tuple[IntArray, IntArray]:
    """Return the bounds of `linked_bounds` for many weights at once, in one pass.

    Parameters
    ----------
    order
        The linked order.
    weights
        Shape (sums, cities).

    Returns
    -------
    tuple of numpy.ndarray
        Least and greatest sums, one for each row.
    """
    found = _least(order, np.concatenate([weights, -weights]))
    least, negated = np.split(found, 2)
    return least, -negated


def _least(order: LinkedOrder, weights: IntArray) -> IntArray:
    """Return the lengths of shortest paths; a city of weight w at rank r has the length w r."""
    states = lattice(order)
    keys = np.broadcast_to(order.block, weights.shape)
    sequence = np.take_along_axis(weights, np.lexsort((-weights, keys)), axis=1)
    chains = np.split(sequence, np.cumsum(states.sizes)[:2], axis=1)
    # The first city of a chain has the number 1.
    shared, one, two = (np.pad(chain, ((0, 0), (1, 0))) for chain in chains)
    best = np.full((len(weights), *states.padded), _NEVER)
    best[:, 1, 1] = 0
    for rank, layer in enumerate(states.layers()):
        if not rank:
            continue
        ways = (
            layer.of(best) + rank * shared[:, layer.shared],
            layer.of(best, one=-1) + rank * one[:, layer.one, np.newaxis],
            layer.of(best, two=-1) + rank * two[:, np.newaxis, layer.two],
        )
        new = np.minimum(np.minimum(*ways[:2]), ways[2])
        best[:] = _NEVER
        layer.of(best)[:] = np.where(layer.inside, new, _NEVER)
    return np.asarray(best[:, -2, -2])


def linked_dominates(order: LinkedOrder, weight: IntArray) -> bool:
    """Tell whether the positive weights are ahead for any score scale, in every ranking.

    That is so if the weight of the cities ranked r or better is never negative, for any r in any
    ranking (`bounds.dominates`). These cities are a state of the lattice; its weight is least
    with the smaller weights of each block first, and states with one number of shared cities
    combine freely, so the least values add.

    Parameters
    ----------
    order
        The linked order.
    weight
        Weights that sum to zero, in the order's sequence.

    References
    ----------
    Hadar, J., Russell, W. R. (1969). Rules for ordering uncertain prospects. American Economic
    Review 59, 25-34.

    Examples
    --------
    >>> import pandas as pd
    >>> from tierscape.scoring.linked.order import order_of
    >>> order = order_of(pd.Series({"a": 1, "b": 2}), pd.Series({"b": 1, "c": 2}))
    >>> linked_dominates(order, np.array([0, 1, -1]))
    True
    """
    states = lattice(order)
    sequence = weight[np.lexsort((weight, order.block))]
    parts = np.split(sequence, np.cumsum(states.sizes)[:2])
    sums = [np.concatenate([[0], np.cumsum(part)]) for part in parts]
    ends = zip(sums[1:], states.least, states.most, strict=True)
    lowest = sums[0] + sum(_lowest(total, least, most) for total, least, most in ends)
    return bool(weight.any() and lowest.min() >= 0)


def _lowest(total: IntArray, least: IntArray, most: IntArray) -> IntArray:
    """Return the least of `total` between two positions, for every pair of them."""
    return np.array([total[low : high + 1].min() for low, high in zip(least, most, strict=True)])
