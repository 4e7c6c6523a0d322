"""Permutations of the whole map: for global statistics, and for max-T over all sites."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...geo.neighbours_record import Neighbours
from ..tiers import FloatArray
from .records import Permutations
from .tails import ROUNDING

#: Scores that are held at once: 8 MB.
_BLOCK = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class LocalForm:
    """A local statistic as a function of the scores: `moran`, `geary` or `g`."""

    kind: str
    values: FloatArray
    sites: Neighbours
    own_weight: float = 0.0

    def of(self, maps: FloatArray) -> FloatArray:
        """Return the statistic of every site in maps of shape (b, n), up to a common factor."""
        weights = self.sites.matrix()
        lag = (weights @ maps.T).T
        if self.kind == "moran":
            return np.asarray(maps * lag)
        if self.kind == "g":
            return np.asarray(lag + self.own_weight * maps)
        total = weights.sum(axis=1)
        return np.asarray((weights @ (maps**2).T).T - 2 * maps * lag + total * maps**2)


def permuted_maps(values: FloatArray, test: Permutations) -> Iterator[FloatArray]:
    """Yield random permutations of the scores in blocks of shape (b, n), `test.count` in all.

    Examples
    --------
    >>> [block.shape for block in permuted_maps(np.arange(4.0), Permutations(99, seed=1))]
    [(99, 4)]
    """
    rng = np.random.default_rng(test.seed)
    step = max(_BLOCK // len(values), 1)
    for start in range(0, test.count, step):
        tiled = np.tile(values, (min(step, test.count - start), 1))
        yield rng.permuted(tiled, axis=1, out=tiled)


def max_t_p(form: LocalForm, test: Permutations, alternative: str) -> FloatArray:
    """Return p-values adjusted by the largest statistic of permuted maps, NaN for islands.

    Parameters
    ----------
    form
        The statistic.
    test
        How many permutations of the whole map, and their seed.
    alternative
        `two-sided`, `greater` or `less`.

    Returns
    -------
    numpy.ndarray of shape (n,)
        (1 + maps whose largest T reaches the site's T) / (maps + 1), with T standardised at each
        site by its mean and deviation over the observed and the permuted maps. Single step.

    References
    ----------
    Westfall, P. H., & Young, S. S. (1993). Resampling-based multiple testing. Wiley.
    """
    observed = form.of(form.values[None])[0]
    total, squares = observed * 0.0, observed * 0.0
    for maps in permuted_maps(form.values, test):
        off = form.of(maps) - observed
        total += off.sum(axis=0)
        squares += (off**2).sum(axis=0)
    # Moments of the differences from the observed map, which is one of the maps: its own is 0.
    mean = total / (test.count + 1)
    deviation = np.sqrt(np.maximum(squares / (test.count + 1) - mean**2, 0.0))
    scale = np.where(deviation > 0, deviation, np.inf)
    largest = np.concatenate(
        [
            _extreme((form.of(maps) - observed - mean) / scale, alternative).max(axis=1)
            for maps in permuted_maps(form.values, test)
        ]
    )
    own = _extreme(-mean / scale, alternative) - ROUNDING * 100
    reached = test.count - np.searchsorted(np.sort(largest), own, side="left")
    return np.where(form.sites.counts > 0, (1.0 + reached) / (test.count + 1.0), np.nan)


def _extreme(t: FloatArray, alternative: str) -> FloatArray:
    if alternative == "two-sided":
        return np.abs(t)
    return t if alternative == "greater" else -t
