"""Random neighbourhoods that all sites share, and how often they are extreme for each site.

Under permutation with its own score held, the neighbours of a site are a random set of k of the
others. One set of k + 1 of all sites, in random order, serves every site: a site that is among the
first k gives its place to the last. So the sums of the first k are sorted once for all sites, each
site finds its own sum among them by bisection, and only the few sets that hold the site itself
are put right: P k + P log P + n log P steps in place of n P k.

The sites are cut into blocks; each draws the sets from the seed again, which is little beside its
sites, so that the draws are the same whoever does a block.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ..tasks import Arrays, Mapped
from ..tiers import FloatArray
from .blocks import Span, spans
from .records import Permutations
from .tails import Tails, count_in

Ints = npt.NDArray[np.intp]

#: Random keys that are held at once where sets are nearly as large as the map.
_KEYS = 2_000_000
#: Sites of a larger map are not all ordered for a set of some of them.
_FEW = 10_000
#: Sites of one block: a tenth of a second of work.
_SITES = 250_000


@lru_cache(maxsize=4)
def draw_sets(n: int, size: int, test: Permutations) -> Ints:
    """Return random sets of different sites in random order, one in each column.

    Parameters
    ----------
    n
        Number of sites.
    size
        Sites in a set, at most n.
    test
        How many sets, and their seed.

    Returns
    -------
    numpy.ndarray of shape (size, test.count)
        Independent columns; every ordered choice is equally likely. The last few results are
        remembered, since the tables of one edition share them; they cannot be written to.

    Examples
    --------
    >>> found = draw_sets(10, 3, Permutations(5, seed=1))
    >>> found.shape, all(len(set(column)) == 3 for column in found.T.tolist())
    ((3, 5), True)
    """
    rng = np.random.default_rng(test.seed)
    found = _rejected(rng, n, size, test.count) if size * size <= n else _keyed(rng, n, size, test)
    found.setflags(write=False)
    return found


def _rejected(rng: np.random.Generator, n: int, size: int, count: int) -> Ints:
    """Draw with replacement, and leave out the columns in which a site stands twice."""
    small = np.uint16 if n <= 1 << 16 else np.int64
    # As many more as should fail; what is still missing is drawn again.
    more = int(count * (1 + 0.6 * size * size / n)) + 16
    drawn = rng.integers(0, n, (size, more), dtype=small)
    good = np.flatnonzero(~_repeats(drawn))[:count]
    found = drawn.take(good, axis=1).astype(np.intp)
    missing = count - len(good)
    return np.hstack([found, _rejected(rng, n, size, missing)]) if missing else found


def _repeats(columns: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Tell in which columns a value stands twice: compare every row with those after it, cyclic."""
    size = len(columns)
    twice = np.concatenate([columns, columns])
    found = np.zeros(columns.shape, bool)
    for shift in range(1, size // 2 + 1):
        found |= twice[shift : shift + size] == columns
    return np.asarray(found.any(axis=0))


def _keyed(rng: np.random.Generator, n: int, size: int, test: Permutations) -> Ints:
    """Order all sites by random keys and take the first; for sets that are large beside the map."""
    found = np.empty((size, test.count), np.intp)
    if n > _FEW:
        for draw in range(test.count):
            found[:, draw] = rng.choice(n, size, replace=False)
        return found
    step = max(_KEYS // n, 1)
    for start in range(0, test.count, step):
        keys = rng.random((min(step, test.count - start), n))
        found[:, start : start + step] = np.argsort(keys, axis=1)[:, :size].T
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """What is asked of every site; it is sent to whatever does a block of sites."""

    values: FloatArray
    counts: Ints
    limits: Tails
    test: Permutations

    def __call__(self, span: Span) -> Arrays:
        """Return the hits of the sites of a block."""
        return {"hits": _hits(self, span)}


def hits_of_sums(
    values: FloatArray, counts: Ints, limits: Tails, test: Permutations, *, mapped: Mapped
) -> Ints:
    """Count for every site the random neighbourhoods whose plain sum of scores is extreme.

    Parameters
    ----------
    values : array of shape (n,)
        Scores.
    counts : array of shape (n,)
        Neighbours of each site; 0 for an island, whose hits are 0.
    limits
        What is extreme for each site.
    test
        How many random neighbourhoods, and their seed.
    mapped
        What does the tasks, blocks of sites.

    Examples
    --------
    >>> from tierscape.scoring.tasks import one_by_one
    >>> score, few = np.array([1.0, 2.0, 3.0, 9.0]), np.array([1, 1, 1, 1])
    >>> limits = Tails(np.full(4, -np.inf), np.full(4, 9.0))
    >>> found = hits_of_sums(score, few, limits, Permutations(3000, 1), mapped=one_by_one)
    >>> found.round(-3).tolist()
    [1000, 1000, 1000, 0]
    """
    asked = _Asked(values, counts, limits, test)
    blocks = mapped("draws", asked, spans(len(values), _SITES))
    return np.concatenate([found["hits"] for found in blocks])


def _hits(asked: _Asked, span: Span) -> Ints:
    values, counts, limits, test = asked.values, asked.counts, asked.limits, asked.test
    sets = draw_sets(len(values), int(counts.max()) + 1, test)
    drawn, here = values.take(sets), slice(*span)
    low, high, size = limits.low[here], limits.high[here], counts[here]
    hits = np.zeros(len(size), np.intp)
    for k, at in _by_count(size):
        if k:
            sums = drawn[:k].sum(axis=0)
            hits[at] = count_in(np.sort(sums), Tails(low[at], high[at]))
            whole = len(size) == len(values) and isinstance(at, slice)
            owner, step = _put_right(sets[:k], (sums, drawn[:k], drawn[-1]), limits)
            if not whole:
                mine = (owner >= span[0]) & (owner < span[1]) & (counts.take(owner) == k)
                owner, step = owner[mine], step[mine]
            np.add.at(hits, owner - span[0], step)
    hits[limits.all_of_it[here] & (size > 0)] = test.count
    return hits


def _by_count(size: Ints) -> list[tuple[int, Ints | slice]]:
    """Return the numbers of neighbours that sites have, and which sites have each."""
    if (size == size[0]).all():
        return [(int(size[0]), slice(None))]
    order = np.argsort(size, kind="stable")
    kinds, first = np.unique(size[order], return_index=True)
    return list(zip(kinds.tolist(), np.split(order, first[1:]), strict=True))


def _put_right(
    own: Ints, drawn: tuple[FloatArray, FloatArray, FloatArray], limits: Tails
) -> tuple[Ints, Ints]:
    """Return the sites whose own place in a set makes it a hit (1) or none (-1).

    Parameters
    ----------
    own : array of shape (k, count)
        The first k sites of each set.
    drawn
        The sums of their scores, the scores, and the score of the last site of each set.
    limits
        What is extreme for each site of the map.
    """
    sums, scores, last = drawn
    without = sums - scores + last
    low, high = limits.low.take(own), limits.high.take(own)
    was = (sums >= high) | (sums <= low)
    now = (without >= high) | (without <= low)
    changed = np.flatnonzero(was != now)
    return own.take(changed), np.where(now.take(changed), 1, -1)
