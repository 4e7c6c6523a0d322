"""Random neighbourhoods that all sites share, and how often they are extreme for each site.

Under permutation with its own score held, the neighbours of a site are a random set of k of the
others. One set of k + 1 of all sites, in random order, serves every site: a site that is among the
first k gives its place to the last. So the sums of the first k are sorted once for all sites, each
site finds its own sum among them by bisection, and only the few sets that hold the site itself
are put right: P k + P log P + n log P steps in place of n P k.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ..tiers import FloatArray
from .records import Permutations
from .tails import Tails, count_in

Ints = npt.NDArray[np.intp]

#: Random keys that are held at once where sets are nearly as large as the map.
_KEYS = 2_000_000


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
    step = max(_KEYS // n, 1)
    for start in range(0, test.count, step):
        keys = rng.random((min(step, test.count - start), n))
        found[:, start : start + step] = np.argsort(keys, axis=1)[:, :size].T
    return found


def hits_of_sums(values: FloatArray, counts: Ints, limits: Tails, test: Permutations) -> Ints:
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

    Examples
    --------
    >>> score, few = np.array([1.0, 2.0, 3.0, 9.0]), np.array([1, 1, 1, 1])
    >>> never, nine = np.full(4, -np.inf), np.full(4, 9.0)
    >>> hits_of_sums(score, few, Tails(never, nine), Permutations(3000, 1)).round(-3).tolist()
    [1000, 1000, 1000, 0]
    """
    n = len(values)
    sets = draw_sets(n, int(counts.max()) + 1, test)
    drawn = values.take(sets)
    hits = np.zeros(n, np.intp)
    for k in np.flatnonzero(np.bincount(counts)):
        if k:
            hits += _hits_of_count(sets[: k + 1], drawn[:k], drawn[-1], (counts == k, limits))
    hits[limits.all_of_it & (counts > 0)] = test.count
    return hits


def _hits_of_count(
    sets: Ints,
    drawn: FloatArray,
    last: FloatArray,
    asked: tuple[npt.NDArray[np.bool_], Tails],
) -> Ints:
    """Count the hits of the sites that have as many neighbours as `drawn` has rows."""
    here, limits = asked
    sums = drawn.sum(axis=0)
    hits = np.where(here, count_in(np.sort(sums), limits), 0)
    own, without = sets[:-1], sums - drawn + last
    low, high = limits.low.take(own), limits.high.take(own)
    was = (sums >= high) | (sums <= low)
    now = (without >= high) | (without <= low)
    changed = np.flatnonzero(was != now if here.all() else (was != now) & here.take(own))
    step = np.where(now.take(changed), 1.0, -1.0)
    hits += np.bincount(own.take(changed), step, len(here)).astype(np.intp)
    return hits
