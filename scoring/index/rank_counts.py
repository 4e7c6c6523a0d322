"""How often every city holds every rank, counted as scenarios come."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...data.errors import TierscapeError
from ..tasks import Arrays
from ..tiers import BoolArray, FloatArray, IntArray

#: Totals ranked, and counts looked at, at a time: few enough to stay in a processor's cache.
CHUNK = 150_000
#: Up to this many cities a chunk is counted at once; beyond, the table would outgrow the chunk.
FEW = 1000

#: Counts, as narrow as the number of scenarios lets them be.
CountArray = npt.NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class RankCounts:
    """How often every city holds every rank.

    Attributes
    ----------
    best
        Cities × ranks: scenarios in which the city's rank is the column's, 1 first; cities with
        the same total share the better rank. The numbers are as narrow as they can be.
    worst
        The same with the worse rank shared. It differs from `best` only where totals tie.
    above
        Cities × thresholds: scenarios in which the total reaches the threshold.
    scenarios
        Their number.
    """

    best: CountArray
    worst: CountArray
    above: IntArray
    scenarios: int

    def quantile(self, share: float) -> IntArray:
        """Return the rank of every city that at least `share` of the scenarios do not exceed."""
        least = share * self.scenarios * (1 - 1e-12)
        return np.concatenate(
            [(part.cumsum(axis=1) >= least).argmax(axis=1) + 1 for part in _rows(self.best)]
        )

    def mean(self) -> FloatArray:
        """Return the mean rank of every city, the middle of the ranks that a tie shares."""
        ranks = np.arange(1, self.best.shape[1] + 1)
        both = zip(_rows(self.best), _rows(self.worst), strict=True)
        sums = np.concatenate([best @ ranks + worst @ ranks for best, worst in both])
        return np.asarray(sums / (2 * self.scenarios), dtype=np.float64)

    def shift(self, rank: IntArray) -> FloatArray:
        """Return the mean distance of every city's rank from the one it has in `rank`."""
        ranks = np.arange(1, self.best.shape[1] + 1)
        owns = parts_of(rank, CHUNK, len(rank))
        both = zip(_rows(self.best), owns, strict=True)
        sums = [(best * np.abs(ranks - own[:, np.newaxis])).sum(axis=1) for best, own in both]
        return np.asarray(np.concatenate(sums) / self.scenarios, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class RankTally:
    """Counts that are added to: what `RankCounts` will be made of.

    `best` and `above` are as there, `best` laid out flat; `shift` is what `worst` has more.
    """

    best: CountArray
    shift: CountArray
    above: IntArray
    scenarios: int

    def add(self, found: Arrays) -> None:
        """Add scenarios, as `sort_totals` returns them; their order makes no difference."""
        self.above[:] += found["above"]
        cities = len(self.above)
        tables = (parts_of(found[name], CHUNK, cities) for name in ("order", "tied"))
        for order, tied in zip(*tables, strict=True):
            _add_ranks(order.astype(np.int64), tied, self.best, self.shift)

    def counts(self) -> RankCounts:
        """Return the counts of all that was added."""
        shape = (len(self.above),) * 2
        worst = self.best + self.shift
        return RankCounts(
            self.best.reshape(shape), worst.reshape(shape), self.above, self.scenarios
        )


def empty_tally(scenarios: int, cities: int, thresholds: int = 0) -> RankTally:
    """Return counts of nothing yet, wide enough for so many scenarios in all.

    Raises
    ------
    TierscapeError
        If there is no city or no scenario.
    """
    if not cities or not scenarios:
        raise TierscapeError("there is nothing to rank: give a city and a scenario at least.")
    best = np.zeros(cities * cities, dtype=np.min_scalar_type(-scenarios - 1))
    above = np.zeros((cities, thresholds), dtype=np.int64)
    return RankTally(best, np.zeros_like(best), above, scenarios)


def parts_of(table: Any, most: int, cities: int) -> Iterator[Any]:  # noqa: ANN401 - any array
    """Yield rows of a table, as many as have `most` totals of cities."""
    rows = max(1, most // max(cities, 1))
    return (table[start : start + rows] for start in range(0, len(table), rows))


def _rows(counts: CountArray) -> Iterator[IntArray]:
    """Yield the counts of some cities at a time, wide enough to be added up."""
    return (part.astype(np.int64) for part in parts_of(counts, CHUNK, counts.shape[1]))


def _add_ranks(order: IntArray, tied: BoolArray, best: CountArray, shift: CountArray) -> None:
    """Count the ranks of some scenarios; `shift` takes what the worse ranks of ties differ by."""
    cities = order.shape[1]
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


def _tie_ends(tied: BoolArray) -> tuple[IntArray, IntArray]:
    """Return the first and the last rank, from 0, of the tie that each place belongs to."""
    cities = tied.shape[1] + 1
    ranks = np.arange(cities)
    edge = np.zeros((len(tied), 1), dtype=bool)
    first = np.maximum.accumulate(np.where(np.hstack([edge, tied]), 0, ranks), axis=1)
    ends = np.where(np.hstack([tied, edge]), cities, ranks)
    last = np.minimum.accumulate(ends[:, ::-1], axis=1)[:, ::-1]
    return first, last


def _add(counts: CountArray, cells: IntArray, step: int) -> None:
    if len(counts) <= FEW * FEW:
        found = step * np.bincount(cells.ravel(), minlength=len(counts))
        np.add(counts, found, out=counts, casting="unsafe")
    else:
        np.add.at(counts, cells.ravel(), step)
