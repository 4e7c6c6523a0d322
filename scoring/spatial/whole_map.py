"""Permutations of the whole map, in blocks that each have a seed of their own.

How many maps a block has follows from the sites and the permutations, so that the maps are the
same whoever draws them, in whatever order.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from ...geo.neighbours_record import Neighbours
from ..tasks import Arrays, Mapped
from ..tiers import FloatArray
from .records import Permutations
from .tails import Tails

Ints = npt.NDArray[np.intp]

#: Scores of the maps of one block: half a second of work.
_BLOCK = 16_000_000
#: Scores that are held at once: half a megabyte, which stays in cache.
_HELD = 60_000


class Form(Protocol):
    """Statistics of a whole map as functions of its scores; it can be pickled."""

    @property
    def values(self) -> npt.NDArray[Any]:
        """The observed scores, shape (n,)."""

    def of(self, maps: npt.NDArray[Any]) -> FloatArray:
        """Return the m statistics of maps of shape (b, n), shape (b, m)."""


def blocks(n: int, test: Permutations) -> range:
    """Return the numbers of the blocks that the permutations of n sites are cut into.

    Examples
    --------
    >>> blocks(50_000, Permutations(999, seed=1))
    range(0, 4)
    """
    return range(-(-test.count // _maps(n)))


def permuted_maps(
    values: npt.NDArray[Any], test: Permutations, block: int
) -> Iterator[npt.NDArray[Any]]:
    """Yield the random permutations of the scores of one block, in pieces of shape (b, n).

    Parameters
    ----------
    values : array of shape (n,)
        Scores, or numbers of categories.
    test
        How many permutations all blocks have, and their seed.
    block
        The number of the block, one of `blocks`.

    Examples
    --------
    >>> [maps.shape for maps in permuted_maps(np.arange(4.0), Permutations(99, seed=1), 0)]
    [(99, 4)]
    """
    n, size = len(values), _maps(len(values))
    rng = np.random.default_rng(np.random.SeedSequence(test.seed, spawn_key=(block,)))
    left = min(size, test.count - block * size)
    step = max(_HELD // n, 1)
    while left > 0:
        tiled = np.tile(values, (min(step, left), 1))
        yield rng.permuted(tiled, axis=1, out=tiled)
        left -= step


def hits_of_maps(form: Form, limits: Tails, test: Permutations, mapped: Mapped) -> Ints:
    """Count for every statistic the random permutations of the map that are extreme.

    Parameters
    ----------
    form
        The statistics, m of them.
    limits
        What is extreme for each.
    test
        How many permutations, and their seed.
    mapped
        What does the tasks, one for each block.
    """
    work = partial(_hits, form, limits, test)
    hits = np.zeros(limits.low.shape, np.intp)
    for found in mapped("maps", work, blocks(len(form.values), test)):
        hits += found["hits"]
    return hits


def compact(neighbours: Neighbours) -> csr_array:
    """Return the weights as a sparse matrix with the smallest indices that hold: it is sent."""
    kind = np.int32 if len(neighbours.indices) < 1 << 31 else np.int64
    parts = (neighbours.indices.astype(kind), neighbours.indptr.astype(kind))
    return csr_array((neighbours.weights, *parts), shape=(len(neighbours),) * 2)


def _maps(n: int) -> int:
    """Return how many maps a block has."""
    return max(_BLOCK // n, 1)


def _hits(form: Form, limits: Tails, test: Permutations, block: int) -> Arrays:
    hits = np.zeros(limits.low.shape, np.intp)
    for maps in permuted_maps(form.values, test, block):
        found = form.of(maps)
        hits += np.count_nonzero((found >= limits.high) | (found <= limits.low), axis=0)
    return {"hits": hits}
