"""max-T: p-values of all sites at once, from the largest statistic of permuted maps."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.sparse import csr_array

from ...geo.neighbours_record import Neighbours
from ..tasks import Arrays, Mapped
from ..tiers import FloatArray
from .records import Permutations
from .tails import ROUNDING, p_of_hits
from .whole_map import blocks, compact, permuted_maps


@dataclass(frozen=True, slots=True, eq=False)
class LocalForm:
    """A local statistic as a function of the scores: `moran`, `geary` or `g`.

    Attributes
    ----------
    values
        Scores less their mean.
    """

    kind: str
    values: FloatArray
    sites: Neighbours
    own_weight: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Standard:
    """A local statistic, standardised at each site by its mean and deviation over all maps."""

    kind: str
    values: FloatArray
    weights: csr_array
    own_weight: float
    mean: FloatArray
    deviation: FloatArray

    def of(self, maps: FloatArray) -> FloatArray:
        """Return T of every site in maps of shape (b, n)."""
        found = _statistic(self.kind, self.weights, self.own_weight, maps)
        return np.asarray((found - self.mean) / self.deviation)


def standard(form: LocalForm) -> Standard:
    """Return a local statistic standardised over all permutations of the whole map.

    The scores of a site, a neighbour and another neighbour are three drawn without replacement
    from the map, and moments follow from sums of powers of the scores. Where there is no
    variance, the deviation is infinite: T is 0.
    """
    z, w = form.values, compact(form.sites)
    n, s2, s4 = len(z), float((z**2).sum()), float((z**4).sum())
    total: FloatArray = np.asarray(w.sum(axis=1))
    squares: FloatArray = np.asarray(w.power(2).sum(axis=1))
    two, three = n * (n - 1), n * (n - 1) * (n - 2)
    if form.kind == "g":
        total, squares = total + form.own_weight, squares + form.own_weight**2
        each, one, both = 0.0, s2 / n, -s2 / two
    elif form.kind == "moran":
        each, one, both = -s2 / two, (s2**2 - s4) / two, (2 * s4 - s2**2) / three
    else:
        fourth = 2 * n * s4 + 6 * s2**2
        each, one = 2 * n * s2 / two, fourth / two
        both = (n**2 * s4 + 3 * n * s2**2 - fourth) / three
    mean = total * each
    raw = squares * one + (total**2 - squares) * both
    variance = raw - mean**2
    known = variance > 1e-12 * np.abs(squares * one)
    deviation = np.sqrt(np.where(known, variance, np.inf))
    return Standard(form.kind, z, w, form.own_weight, mean, deviation)


def max_t_p(form: LocalForm, test: Permutations, alternative: str, mapped: Mapped) -> FloatArray:
    """Return p-values adjusted by the largest statistic of permuted maps, NaN for islands.

    Parameters
    ----------
    form
        The statistic.
    test
        How many permutations of the whole map, and their seed.
    alternative
        `two-sided`, `greater` or `less`.
    mapped
        What does the tasks, one for each block of maps.

    Returns
    -------
    numpy.ndarray of shape (n,)
        `greater`: (1 + maps whose largest T reaches the site's T) / (maps + 1), with T standardised
        at each site by its mean and deviation over all permutations; `less` likewise with the
        smallest. Two-sided is twice the smaller of both: where the scores are skewed, the
        longer tail would hide the other. Single step.

    References
    ----------
    Westfall, P. H., & Young, S. S. (1993). Resampling-based multiple testing. Wiley.
    """
    t = standard(form)
    tasks = mapped("extremes", partial(_extremes, t, test), blocks(len(t.values), test))
    found = list(tasks)
    own = t.of(t.values[None])[0]
    above = _reached(own, np.concatenate([each["largest"] for each in found]))
    below = _reached(-own, -np.concatenate([each["smallest"] for each in found]))
    p_values = {
        "greater": above,
        "less": below,
        "two-sided": np.minimum(2 * np.minimum(above, below), 1.0),
    }[alternative]
    return np.where(form.sites.counts > 0, p_values, np.nan)


def _extremes(t: Standard, test: Permutations, block: int) -> Arrays:
    """Return the largest and the smallest T of each map of a block."""
    pieces = [
        (found.max(axis=1), found.min(axis=1))
        for found in map(t.of, permuted_maps(t.values, test, block))
    ]
    largest, smallest = np.concatenate(pieces, axis=1)
    return {"largest": largest, "smallest": smallest}


def _reached(own: FloatArray, largest: FloatArray) -> FloatArray:
    """Return for every site the share of maps whose largest statistic reaches its own."""
    missed = np.searchsorted(np.sort(largest), own - ROUNDING * 100, side="left")
    return p_of_hits(len(largest) - missed, len(largest))


def _statistic(kind: str, weights: csr_array, own_weight: float, maps: FloatArray) -> FloatArray:
    """Return the statistic of every site in maps of shape (b, n), up to a common factor."""
    lag = (weights @ maps.T).T
    if kind == "moran":
        return np.asarray(maps * lag)
    if kind == "g":
        return np.asarray(lag + own_weight * maps)
    total = weights.sum(axis=1)
    return np.asarray((weights @ (maps**2).T).T - 2 * maps * lag + total * maps**2)
