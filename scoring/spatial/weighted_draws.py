"""The same shared random neighbourhoods where weights differ, in blocks of sites."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...geo.neighbours_record import Neighbours
from ..tasks import Arrays, Mapped
from ..tiers import FloatArray
from .blocks import Span, spans
from .draws import draw_sets
from .records import Permutations
from .tails import Tails

Ints = npt.NDArray[np.intp]

#: Statistics that are held at once: about 1 MB, which stays in cache.
_HELD = 120_000
#: Statistics of one block of sites: a third of a second of work.
_BLOCK = 64_000_000


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """What is asked of every site; it is sent to whatever does a block of sites.

    Attributes
    ----------
    values
        Scores.
    indptr, weights
        Those of the neighbours, in compressed rows.
    limits
        What is extreme for each site.
    test
        How many random neighbourhoods, and their seed.
    squares
        Sum w (x_i − x_j)² in place of w x_j.
    """

    values: FloatArray
    indptr: Ints
    weights: FloatArray
    limits: Tails
    test: Permutations
    squares: bool

    def __call__(self, span: Span) -> Arrays:
        """Return the hits of the sites of a block."""
        return {"hits": _hits(self, *span)}


def hits_of_weighted(
    values: FloatArray, neighbours: Neighbours, limits: Tails, test: Permutations, *, mapped: Mapped
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
    mapped
        What does the tasks, blocks of sites.
    """
    rows = (neighbours.indptr, neighbours.weights)
    return _mapped(_Asked(values, *rows, limits, test, squares=False), mapped)


def hits_of_squares(
    values: FloatArray, neighbours: Neighbours, limits: Tails, test: Permutations, *, mapped: Mapped
) -> Ints:
    """Count as `hits_of_weighted`, for the sum of squared differences Σ w (x_i − x_j)²."""
    rows = (neighbours.indptr, neighbours.weights)
    return _mapped(_Asked(values, *rows, limits, test, squares=True), mapped)


def _mapped(asked: _Asked, mapped: Mapped) -> Ints:
    blocks = spans(len(asked.values), max(_BLOCK // asked.test.count, 1))
    return np.concatenate([found["hits"] for found in mapped("draws", asked, blocks)])


def _hits(asked: _Asked, first: int, end: int) -> Ints:
    counts, test, limits = np.diff(asked.indptr), asked.test, asked.limits
    most = int(counts.max())
    sets = draw_sets(len(asked.values), most + 1, test)
    owners, begins = _owners(sets[:most], first, end)
    drawn, hits = asked.values.take(sets), np.zeros(end - first, np.intp)
    for start, stop in spans(end - first, max(_HELD // test.count, 1)):
        rows = slice(first + start, first + stop)
        weights = _padded(asked, counts[rows], rows, most)
        place, draw = np.divmod(owners[begins[start] : begins[stop]], test.count)
        holding = (sets[place, draw] - rows.start, place, draw)
        found = _sums(weights, drawn, holding)
        if asked.squares:
            own = asked.values[rows, None]
            found *= -2 * own
            found += _sums(weights, drawn**2, holding)
            found += weights.sum(axis=1, keepdims=True) * own**2
        above = np.count_nonzero(found >= limits.high[rows, None], axis=1)
        hits[start:stop] = above + np.count_nonzero(found <= limits.low[rows, None], axis=1)
    hits[limits.all_of_it[first:end]] = test.count
    return np.where(counts[first:end] > 0, hits, 0)


def _owners(sets: Ints, first: int, end: int) -> tuple[Ints, Ints]:
    """Return where the sites of a block stand in sets, and where those of each site begin."""
    flat = sets.ravel()
    inside = np.flatnonzero((flat >= first) & (flat < end))
    owners = inside[np.argsort(flat[inside], kind="stable")]
    return owners, np.searchsorted(flat[owners], np.arange(first, end + 1))


def _sums(weights: FloatArray, drawn: FloatArray, holding: tuple[Ints, Ints, Ints]) -> FloatArray:
    """Return the weighted sums of a block of sites in all draws, shape (sites, draws)."""
    # Not a product of matrices: threads that wait for each other cost more than they save here.
    found = np.einsum("ik,kp->ip", weights, drawn[:-1])
    # A set that holds the site itself has the last of the set in its place.
    site, place, draw = holding
    found[site, draw] += weights[site, place] * (drawn[-1, draw] - drawn[place, draw])
    return np.asarray(found)


def _padded(asked: _Asked, counts: Ints, rows: slice, most: int) -> FloatArray:
    """Return the weights of some sites, one row each, filled up with zeros."""
    found = np.zeros((len(counts), most))
    first, end = asked.indptr[rows.start], asked.indptr[rows.stop]
    found[np.arange(most) < counts[:, None]] = asked.weights[first:end]
    return found
