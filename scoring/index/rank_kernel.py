"""Ranks in very many scenarios at once: how often every city holds every rank."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...data.errors import TierscapeError
from ..tiers import BoolArray, FloatArray, IntArray
from .settle import TIE

#: Totals ranked at a time: few enough to stay in the cache of a processor.
CHUNK = 150_000
#: Totals made by one product of matrices. Small ones would wait for each other on a busy machine.
PRODUCT = 1_500_000
#: Up to this many cities a chunk is counted at once; beyond, the table would outgrow the chunk.
FEW = 1000


@dataclass(frozen=True, slots=True, eq=False)
class RankCounts:
    """How often every city holds every rank.

    Attributes
    ----------
    best
        Cities × ranks: scenarios in which the city's rank is the column's, 1 first; cities with
        the same total share the better rank.
    worst
        The same with the worse rank shared. It differs from `best` only where totals tie.
    above
        Cities × thresholds: scenarios in which the total reaches the threshold.
    scenarios
        Their number.
    """

    best: IntArray
    worst: IntArray
    above: IntArray
    scenarios: int

    def quantile(self, share: float) -> IntArray:
        """Return the rank of every city that at least `share` of the scenarios do not exceed."""
        reached = np.cumsum(self.best, axis=1) >= share * self.scenarios * (1 - 1e-12)
        return np.asarray(reached.argmax(axis=1) + 1, dtype=np.int64)

    def mean(self) -> FloatArray:
        """Return the mean rank of every city, the middle of the ranks that a tie shares."""
        ranks = np.arange(1, self.best.shape[1] + 1)
        return np.asarray((self.best + self.worst) @ ranks / (2 * self.scenarios), np.float64)


def rank_scenarios(
    scores: FloatArray,
    weights: FloatArray,
    thresholds: Sequence[float] = (),
) -> RankCounts:
    """Rank cities by weighted sums in every scenario of weights.

    Parameters
    ----------
    scores
        Cities × indicators.
    weights
        Scenarios × indicators, none negative.
    thresholds
        Totals to count: the scenarios in which a city reaches each.

    Returns
    -------
    RankCounts
        Counts of ranks and thresholds. Ties are totals within 1e-9 of the largest.

    Raises
    ------
    TierscapeError
        If there is no city or no scenario, a score is missing, or a weight is missing or negative.

    Examples
    --------
    >>> scores = np.array([[3.0, 0.0], [0.0, 2.0], [3.0, 0.0]])
    >>> found = rank_scenarios(scores, np.array([[0.5, 0.5], [0.1, 0.9]]))
    >>> found.best
    array([[1, 1, 0],
           [1, 0, 1],
           [1, 1, 0]])
    >>> found.quantile(0.5), found.mean()
    (array([1, 1, 1]), array([2., 2., 2.]))
    """
    if not np.isfinite(scores).all():
        raise TierscapeError("a score is missing: fill the ratings before the weights vary.")
    if not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise TierscapeError("a weight is missing or negative.")
    across = np.ascontiguousarray(scores.T)
    products = (part @ across for part in _parts(weights, PRODUCT, len(scores)))
    chunks = (part for totals in products for part in _parts(totals, CHUNK, len(scores)))
    return _count(chunks, len(scores), thresholds)


def count_ranks(totals: FloatArray, thresholds: Sequence[float] = ()) -> RankCounts:
    """Rank cities in scenarios whose totals are known.

    Parameters
    ----------
    totals
        Scenarios × cities; the highest total ranks first.
    thresholds
        Totals to count.

    Returns
    -------
    RankCounts
        As in `rank_scenarios`.

    Raises
    ------
    TierscapeError
        If there is no city or no scenario, or a total is missing.

    Examples
    --------
    >>> found = count_ranks(np.array([[5.0, 7.0, 5.0]]), thresholds=[6.0])
    >>> found.best.tolist(), found.worst.tolist(), found.above.tolist()
    ([[0, 1, 0], [1, 0, 0], [0, 1, 0]], [[0, 0, 1], [1, 0, 0], [0, 0, 1]], [[0], [1], [0]])
    """
    if not np.isfinite(totals).all():
        raise TierscapeError("a total is missing: every city needs one in every scenario.")
    cities = totals.shape[1]
    chunks = (part.copy() for part in _parts(totals, CHUNK, cities))
    return _count(chunks, cities, thresholds)


def _parts(table: FloatArray, most: int, cities: int) -> Iterator[FloatArray]:
    """Yield rows of a table, as many as have `most` totals of cities."""
    rows = max(1, most // max(cities, 1))
    return (table[start : start + rows] for start in range(0, len(table), rows))


def _count(parts: Iterator[FloatArray], cities: int, thresholds: Sequence[float]) -> RankCounts:
    best = np.zeros(cities * cities, dtype=np.int64)
    shift = np.zeros_like(best)
    above = np.zeros((cities, len(thresholds)), dtype=np.int64)
    scenarios = 0
    for totals in parts:
        scenarios += len(totals)
        scale = np.abs(totals).max(axis=1, initial=0.0)
        for column, threshold in enumerate(thresholds):
            above[:, column] += (totals + TIE * np.abs(totals) >= threshold).sum(axis=0)
        # Zeros tie too, although their keys differ in the city's number.
        _add_ranks(totals, np.maximum(TIE * scale, np.finfo(np.float64).tiny), best, shift)
    if not cities or not scenarios:
        raise TierscapeError("there is nothing to rank: give a city and a scenario at least.")
    shape = (cities, cities)
    return RankCounts(best.reshape(shape), (best + shift).reshape(shape), above, scenarios)


def _add_ranks(totals: FloatArray, tolerance: FloatArray, best: IntArray, shift: IntArray) -> None:
    """Count the ranks of some scenarios; `shift` takes what the worse ranks of ties differ by."""
    cities = totals.shape[1]
    order, tied = _sorted_cities(totals, tolerance)
    ranks = np.arange(cities)
    order *= cities
    cells = order + ranks
    rows = np.flatnonzero(tied.any(axis=1))
    if len(rows):
        first, last = _tie_ends(tied[rows])
        cells[rows] = order[rows] + first
        _add(shift, cells[rows], -1)
        _add(shift, order[rows] + last, 1)
    _add(best, cells, 1)


def _sorted_cities(totals: FloatArray, tolerance: FloatArray) -> tuple[IntArray, BoolArray]:
    """Return the cities of every scenario, best first, and whether each ties with the next.

    The number of a city takes the place of the last bits of its total, 300 cities those worth
    1e-13 of it, so that one plain sort orders totals and cities together: it is several times
    faster than sorting indices.
    """
    cities = totals.shape[1]
    low = np.int64((1 << max(cities - 1, 1).bit_length()) - 1)
    np.negative(totals, out=totals)
    keys = totals.view(np.int64)
    keys &= ~low
    keys |= np.arange(cities)
    totals.sort(axis=1)
    tied = np.diff(totals, axis=1) <= tolerance[:, np.newaxis]
    keys &= low
    return keys, tied


def _tie_ends(tied: BoolArray) -> tuple[IntArray, IntArray]:
    """Return the first and the last rank, from 0, of the tie that each place belongs to."""
    cities = tied.shape[1] + 1
    ranks = np.arange(cities)
    edge = np.zeros((len(tied), 1), dtype=bool)
    first = np.maximum.accumulate(np.where(np.hstack([edge, tied]), 0, ranks), axis=1)
    ends = np.where(np.hstack([tied, edge]), cities, ranks)
    last = np.minimum.accumulate(ends[:, ::-1], axis=1)[:, ::-1]
    return first, last


def _add(counts: IntArray, cells: IntArray, step: int) -> None:
    if len(counts) <= FEW * FEW:
        counts += step * np.bincount(cells.ravel(), minlength=len(counts))
    else:
        np.add.at(counts, cells.ravel(), step)
