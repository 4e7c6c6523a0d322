"""Rankings of a linked order if all of them are equally likely.

That every ranking which the two editions allow (every linear extension) is equally likely is an
assumption; it is not in the sources.
"""

import math

import numpy as np
import numpy.typing as npt

from ...data.errors import TierscapeError
from ..tiers import FloatArray
from .lattice import Lattice, Layer, lattice
from .order import LinkedOrder

RankArray = npt.NDArray[np.int32]

#: Most numbers that the counts of ways are held in; 8 bytes each.
MAX_CELLS = 50_000_000


def count_rankings(order: LinkedOrder) -> int:
    """Return the number of rankings that agree with the order: its linear extensions.

    A ranking is a way of merging the three chains of blocks, a path in the lattice of partial
    rankings, and an order of the cities within each block. Both are counted in whole numbers.

    References
    ----------
    Brightwell, G., Winkler, P. (1991). Counting linear extensions. Order 8, 225-242 (hard in
    general; easy here, since up-sets are three numbers).

    Examples
    --------
    >>> import pandas as pd
    >>> from tierscape.scoring.linked.order import order_of
    >>> count_rankings(order_of(pd.Series({"a": 1, "b": 1}), pd.Series({"b": 1, "c": 2})))
    3
    """
    states = lattice(order)
    ways = np.zeros(states.padded, dtype=object)
    ways[1, 1] = 1
    for layer in list(states.layers())[1:]:
        new = layer.of(ways) + layer.of(ways, one=-1) + layer.of(ways, two=-1)
        ways[:] = 0
        layer.of(ways)[:] = np.where(layer.inside, new, 0)
    orders = math.prod(math.factorial(int(size)) for size in np.bincount(order.block))
    return int(ways[-2, -2]) * orders


def _ways_on(order: LinkedOrder, states: Lattice, layers: list[Layer]) -> list[FloatArray]:
    """Return for every layer the number of ways on to the end, up to a factor for each.

    Raises
    ------
    TierscapeError
        If that is too much to hold.
    """
    cells = (order.n_cities + 1) * math.prod(states.padded)
    if cells > MAX_CELLS:
        raise TierscapeError(
            f"the linked order of {order.n_cities} cities has {cells} states; rankings are drawn "
            f"up to {MAX_CELLS}. Bounds have no such limit."
        )
    found = [np.zeros(states.padded) for _ in layers]
    found[-1][-2, -2] = 1.0
    for layer, ways, then in zip(layers[-2::-1], found[-2::-1], found[:0:-1], strict=True):
        new = np.where(layer.inside, sum(_moves(layer, then)), 0.0)
        layer.of(ways)[:] = new / new.max()
    return found


def _moves(layer: Layer, then: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the ways on after placing a city of each chain; `then` is of the next layer."""
    return layer.of(then), layer.of(then, one=1), layer.of(then, two=1)


def expected_ranks(order: LinkedOrder) -> FloatArray:
    """Return the expected rank of every city if all rankings are equally likely, exactly.

    The chance of every step between two states is the number of ways to it, times the number of
    ways on, divided by the number of all.

    Parameters
    ----------
    order
        The linked order.

    Returns
    -------
    numpy.ndarray
        Expected ranks in the order's sequence; cities of one block have the same.

    Examples
    --------
    >>> import pandas as pd
    >>> from tierscape.scoring.linked.order import order_of
    >>> expected_ranks(order_of(pd.Series({"a": 1, "b": 1}), pd.Series({"b": 1, "c": 2})))
    array([1.33333333, 2.        , 2.66666667])
    """
    states = lattice(order)
    layers = list(states.layers())
    chance = np.zeros(states.padded)
    chance[1, 1] = 1.0
    totals = [np.zeros(size + 1) for size in states.sizes]
    on = _ways_on(order, states, layers)
    for placed, (layer, then) in enumerate(zip(layers[:-1], on[1:], strict=True)):
        moves = _moves(layer, then)
        every = np.where(layer.inside, sum(moves), 1.0)
        share = np.where(layer.inside, layer.of(chance), 0.0) / every
        taken = [share * move for move in moves]
        done = layer.shared, *np.broadcast_arrays(*np.ogrid[layer.one, layer.two])
        totals = [
            total + (placed + 1) * np.bincount(number.ravel(), part.ravel(), len(total))
            for total, number, part in zip(totals, done, taken, strict=True)
        ]
        chance[:] = 0.0
        for part, (one, two) in zip(taken, ((0, 0), (1, 0), (0, 1)), strict=True):
            layer.of(chance, one, two)[:] += part
    ranks = np.concatenate([total[:-1] for total in totals])
    means = np.bincount(order.block, ranks) / np.bincount(order.block)
    return np.asarray(means[order.block])


def draw_rankings(order: LinkedOrder, draws: int, *, seed: int = 0) -> RankArray:
    """Draw rankings, each with the same chance and independently of the others.

    A path through the lattice is drawn step by step, each step in proportion to the number of
    ways on from it, then an order within each block. There is no Markov chain, so there is nothing
    to converge: the standard error of a share p is √(p (1 − p) / draws).

    Parameters
    ----------
    order
        The linked order.
    draws
        How many rankings.
    seed
        Seed of NumPy's default generator.

    Returns
    -------
    numpy.ndarray
        Ranks, shape (draws, cities), 1 is best; columns in the order's sequence.

    Raises
    ------
    TierscapeError
        If the lattice is too large to hold.

    References
    ----------
    Bubley, R., Dyer, M. (1999). Faster random generation of linear extensions. Discrete
    Mathematics 201, 81-88 (the Markov chain for orders without such a lattice).

    Examples
    --------
    >>> import pandas as pd
    >>> from tierscape.scoring.linked.order import order_of
    >>> order = order_of(pd.Series({"a": 1, "b": 1}), pd.Series({"b": 1, "c": 2}))
    >>> sorted({tuple(map(int, ranks)) for ranks in draw_rankings(order, 100)})
    [(1, 2, 3), (1, 3, 2), (2, 1, 3)]
    """
    random = np.random.default_rng(seed)
    states = lattice(order)
    on = _ways_on(order, states, list(states.layers()))
    width = states.padded[1]
    # Arrays with a row for each city or chain are worked on flat: that is quicker.
    ranks = np.empty((order.n_cities, draws), dtype=np.int32)
    following = np.repeat(np.cumsum([0, *states.sizes[:2]]), draws)
    state, every = np.full(draws, width + 1), np.arange(draws)
    for placed, ways in enumerate(on[1:]):
        flat = ways.ravel()
        shared, one, two = flat[state], flat[state + width], flat[state + 1]
        point = random.random(draws) * (shared + one + two)
        chain = (point >= shared).astype(np.int64) + (point >= shared + one)
        place = chain * draws + every
        ranks.ravel()[following[place] * draws + every] = placed + 1
        following[place] += 1
        state += np.array([0, width, 1])[chain]
    for block in np.unique(order.block):
        inside = order.block == block
        ranks[inside] = random.permuted(ranks[inside], axis=0)
    return ranks.T
