"""p-values of local sums with the site's own score held: exact, or from shared draws."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from ...data.errors import TierscapeError
from ...geo.neighbours_record import Neighbours
from ..tasks import Mapped
from ..tiers import BoolArray, FloatArray
from .draws import hits_of_sums
from .exact import exact_p
from .records import Permutations, check_permutations
from .tails import flipped, p_of_hits, tails
from .weighted_draws import hits_of_squares, hits_of_weighted

Ints = npt.NDArray[np.intp]
Test = Permutations | Literal["exact"]


def equal_weights(neighbours: Neighbours) -> bool:
    """Tell whether the neighbours of every site weigh the same, if not those of all sites."""
    weights, counts = neighbours.weights, neighbours.counts
    if (weights == weights[0]).all():
        return True
    first = np.zeros(len(neighbours))
    some = counts > 0
    first[some] = weights[neighbours.indptr[:-1][some]]
    return bool(np.allclose(weights, np.repeat(first, counts), rtol=1e-12, atol=0.0))


def row_sums(neighbours: Neighbours, terms: FloatArray) -> FloatArray:
    """Return the sum over the neighbours of every site of one number per neighbour.

    Parameters
    ----------
    neighbours
        Sites.
    terms : array of shape (m,)
        A number per entry, in the order of `neighbours.indices`.
    """
    counts = neighbours.counts
    if (counts == counts[0]).all():
        return np.asarray(terms.reshape(len(counts), -1).sum(axis=1))
    rows = np.repeat(np.arange(len(counts)), counts)
    return np.bincount(rows, terms, len(counts)).astype(np.float64)


def p_of_sums(
    values: FloatArray,
    neighbours: Neighbours,
    asked: tuple[Test, str],
    mapped: Mapped,
    *,
    mirrored: BoolArray | None = None,
) -> FloatArray:
    """Return p-values of Σ w x over neighbours; NaN for islands.

    Parameters
    ----------
    values : array of shape (n,)
        Scores.
    neighbours
        Sites and weights.
    asked
        Permutations, or `exact` (equal weights, few different scores); and the alternative:
        `two-sided`, `greater` or `less`.
    mapped
        What does the tasks, blocks of sites.
    mirrored : array of bool, shape (n,)
        Where `greater` and `less` change places.

    Raises
    ------
    TierscapeError
        If `exact` is asked for and weights differ, or there are too many outcomes.
    """
    test, alternative = asked
    equal = equal_weights(neighbours)
    _check(test, equal=equal)
    weights = np.ones_like(neighbours.weights) if equal else neighbours.weights
    observed = row_sums(neighbours, weights * values[neighbours.indices])
    total = neighbours.counts if equal else row_sums(neighbours, weights)
    expected = total * (values.sum() - values) / (len(values) - 1)
    scale = float(np.abs(values).max()) * float(total.max())
    limits = tails(observed, expected, scale, alternative)
    if mirrored is not None and alternative != "two-sided":
        other = "less" if alternative == "greater" else "greater"
        limits = flipped(limits, tails(observed, expected, scale, other), mirrored)
    if not isinstance(test, Permutations):
        return exact_p(values, neighbours.counts, limits)
    if equal:
        hits = hits_of_sums(values, neighbours.counts, limits, test, mapped=mapped)
    else:
        hits = hits_of_weighted(values, neighbours, limits, test, mapped=mapped)
    return _p_of_hits(hits, neighbours, test)


def p_of_squares(
    values: FloatArray, neighbours: Neighbours, asked: tuple[Test, str], mapped: Mapped
) -> FloatArray:
    """Return p-values of Σ w (x_i − x_j)² over neighbours, as `p_of_sums` does."""
    test, alternative = asked
    equal = equal_weights(neighbours)
    _check(test, equal=equal)
    if equal:
        neighbours = neighbours.unit()
    own = np.repeat(values, neighbours.counts)
    observed = row_sums(neighbours, neighbours.weights * (values[neighbours.indices] - own) ** 2)
    total = row_sums(neighbours, neighbours.weights)
    expected = total * squares_from(values) / (len(values) - 1)
    scale = float(np.ptp(values)) ** 2 * float(total.max())
    limits = tails(observed, expected, scale, alternative)
    if not isinstance(test, Permutations):
        return exact_p(values, neighbours.counts, limits, squares=True)
    hits = hits_of_squares(values, neighbours, limits, test, mapped=mapped)
    return _p_of_hits(hits, neighbours, test)


def squares_from(values: FloatArray) -> FloatArray:
    """Return Σ_j (x_i − x_j)² of every score to all, from sums of powers."""
    z = values - values.mean()
    return np.asarray(len(z) * z**2 + (z**2).sum())


def _check(test: Test, *, equal: bool) -> None:
    if isinstance(test, Permutations):
        check_permutations(test)
    elif test != "exact":
        raise TierscapeError(f"test is {test!r}; it is 'exact' or Permutations(count, seed).")
    elif not equal:
        raise TierscapeError(
            "exact p-values need the neighbours of a site to weigh the same: ask for "
            "test=Permutations(9999, seed=1)."
        )


def _p_of_hits(hits: Ints, neighbours: Neighbours, test: Permutations) -> FloatArray:
    return np.where(neighbours.counts > 0, p_of_hits(hits, test.count), np.nan)
