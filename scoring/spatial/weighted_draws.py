"""The same shared random neighbourhoods where weights differ, in blocks of sites."""

import numpy as np
import numpy.typing as npt

from ...geo.neighbours_record import Neighbours
from ..tiers import FloatArray
from .draws import draw_sets
from .records import Permutations
from .tails import Tails

Ints = npt.NDArray[np.intp]

#: Statistics that are held at once: about 1 MB, which stays in cache.
_BLOCK = 120_000


def hits_of_weighted(
    values: FloatArray, neighbours: Neighbours, limits: Tails, test: Permutations
) -> Ints:
    """Count for every site the random neighbourhoods whose weighted sum Σ w x is extreme.

    Parameters
    ----------
    values : array of shape (n,)
        Scores.
    neighbours
        Sites and weights.
    limits
        What is extreme for each site.
    test
        How many random neighbourhoods, and their seed.
    """
    return _hits(values, neighbours, limits, test, squares=False)


def hits_of_squares(
    values: FloatArray, neighbours: Neighbours, limits: Tails, test: Permutations
) -> Ints:
    """Count as `hits_of_weighted`, for the sum of squared differences Σ w (x_i − x_j)²."""
    return _hits(values, neighbours, limits, test, squares=True)


def _hits(
    values: FloatArray,
    neighbours: Neighbours,
    limits: Tails,
    test: Permutations,
    *,
    squares: bool,
) -> Ints:
    n, most = len(values), int(neighbours.counts.max())
    sets = draw_sets(n, most + 1, test)
    owners = np.argsort(sets[:most], axis=None, kind="stable")
    begins = np.searchsorted(sets[:most].ravel()[owners], np.arange(n + 1))
    drawn, hits = values.take(sets), np.zeros(n, np.intp)
    step = max(_BLOCK // test.count, 1)
    for start in range(0, n, step):
        rows = slice(start, min(start + step, n))
        weights = _padded(neighbours, rows, most)
        place, draw = np.divmod(owners[begins[rows.start] : begins[rows.stop]], test.count)
        holding = (sets[place, draw] - start, place, draw)
        found = _sums(weights, drawn, holding)
        if squares:
            own = values[rows, None]
            found *= -2 * own
            found += _sums(weights, drawn**2, holding)
            found += weights.sum(axis=1, keepdims=True) * own**2
        above = np.count_nonzero(found >= limits.high[rows, None], axis=1)
        hits[rows] = above + np.count_nonzero(found <= limits.low[rows, None], axis=1)
    hits[limits.all_of_it] = test.count
    return np.where(neighbours.counts > 0, hits, 0)


def _sums(weights: FloatArray, drawn: FloatArray, holding: tuple[Ints, Ints, Ints]) -> FloatArray:
    """Return the weighted sums of a block of sites in all draws, shape (sites, draws)."""
    # Not a product of matrices: threads that wait for each other cost more than they save here.
    found = np.einsum("ik,kp->ip", weights, drawn[:-1])
    # A set that holds the site itself has the last of the set in its place.
    site, place, draw = holding
    found[site, draw] += weights[site, place] * (drawn[-1, draw] - drawn[place, draw])
    return np.asarray(found)


def _padded(neighbours: Neighbours, rows: slice, most: int) -> FloatArray:
    """Return the weights of some sites, one row each, filled up with zeros."""
    counts = neighbours.counts[rows]
    found = np.zeros((len(counts), most))
    first, end = neighbours.indptr[rows.start], neighbours.indptr[rows.stop]
    found[np.arange(most) < counts[:, None]] = neighbours.weights[first:end]
    return found
