"""What local statistics share: checked input, moments of sums, labels, and the record."""

from typing import Any

import numpy as np
import numpy.typing as npt

from ...data.errors import TierscapeError
from ...geo.neighbours_record import Neighbours
from ..tasks import Mapped
from ..tiers import FloatArray
from .conditional import row_sums
from .inputs import Missing, scored
from .max_t import LocalForm, max_t_p
from .moments import conditional_moments
from .records import LocalResult, Permutations, adjusted, check_alternative

Texts = npt.NDArray[np.object_]


def ready(
    values: npt.ArrayLike, neighbours: Neighbours, missing: Missing, alternative: str
) -> tuple[FloatArray, Neighbours]:
    """Return checked scores and their sites; the alternative is checked first."""
    check_alternative(alternative)
    return scored(values, neighbours, missing)


def sums_of_weights(sites: Neighbours) -> tuple[FloatArray, FloatArray]:
    """Return Σ w and Σ w² of every site."""
    return row_sums(sites, sites.weights), row_sums(sites, sites.weights**2)


def sum_moments(z: FloatArray, sites: Neighbours) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return Σ w z of every site, and its mean and variance with the site's own z held."""
    n = len(z)
    lag = row_sums(sites, sites.weights * z.take(sites.indices))
    mean = -z / (n - 1)
    spread = ((z**2).sum() - z**2) / (n - 1) - mean**2
    return lag, *conditional_moments(sums_of_weights(sites), mean, spread, n - 1)


def quadrants(z: FloatArray, excess: FloatArray) -> Texts:
    """Label a site and its neighbours."""
    words = np.array(["low-low", "low-high", "high-low", "high-high"], object)
    return np.asarray(words[2 * (z >= 0) + (excess >= 0)])


def local_result(
    name: str,
    form: LocalForm,
    held: tuple[FloatArray, FloatArray, FloatArray],
    judged: tuple[FloatArray, Texts],
    *,
    asked: tuple[Any, str, str],
    mapped: Mapped,
) -> LocalResult:
    """Put a result together; an island has no numbers."""
    value, expected, variance = held
    p_values, label = judged
    test, alternative, adjust = asked
    counts = form.sites.counts
    if not counts.all():
        alone = counts == 0
        value, expected, variance = (np.where(alone, np.nan, a) for a in held)
        label[alone] = "island"
    if adjust == "max-t":
        if not isinstance(test, Permutations):
            raise TierscapeError("max-t permutes the whole map: ask for test=Permutations(...).")
        p_adjusted = max_t_p(form, test, alternative, mapped)
    else:
        p_adjusted = adjusted(p_values, adjust, shared=isinstance(test, Permutations))
    return LocalResult(
        statistic=name,
        ids=form.sites.ids,
        value=value,
        expected=expected,
        variance=variance,
        z=standardised(value, expected, variance),
        p_value=p_values,
        p_adjusted=p_adjusted,
        label=label,
        method="permutation" if isinstance(test, Permutations) else "exact",
        alternative=alternative,
        adjustment=adjust,
        notes=form.sites.notes,
    )


def standardised(value: FloatArray, expected: FloatArray, variance: FloatArray) -> FloatArray:
    """Return (value − expected) / √variance, NaN where there is no variance."""
    deviation = np.sqrt(variance)
    known = deviation > 0
    return np.where(known, (value - expected) / np.where(known, deviation, 1.0), np.nan)
