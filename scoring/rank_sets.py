"""Confidence sets for ranks: which places each unit could hold, given sampling error."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from ..data.errors import TierscapeError, UnknownNameError
from .tiers import BoolArray, FloatArray, IntArray

#: Draws of the normal law.
DRAWS = 10_000

#: Which clusters a set is right about with the stated confidence: each by itself, or all at once.
Scope = Literal["marginal", "simultaneous"]


@dataclass(frozen=True, slots=True, eq=False)
class RankSets:
    """Confidence sets of ranks; 1 is the greatest estimate.

    Attributes
    ----------
    rank
        Rank of the estimates; equal ones share the better rank.
    lower, upper
        The best and the worst rank in the set of each.
    """

    rank: IntArray
    lower: IntArray
    upper: IntArray


def rank_confidence_sets(
    estimate: npt.ArrayLike,
    covariance: npt.ArrayLike,
    *,
    scope: Scope = "marginal",
    level: float = 0.95,
    step_down: bool = True,
    seed: int = 0,
) -> RankSets:
    """Return which ranks are compatible with normal estimates.

    Every pair is tested both ways: H: θ_j ≤ θ_k is rejected where the difference, in its standard
    errors, exceeds the `level` quantile of the largest such difference under equality, over all
    pairs that the set is about, found by drawing from the normal law. With `step_down` the
    quantile is taken again over the pairs that are not rejected, until none follows. The set of j
    runs from 1 + the number found to be greater, to p − the number found to be less.

    Parameters
    ----------
    estimate
        Estimates of p units; greater is better.
    covariance
        Their covariance matrix; standard errors, as one row, if they are independent.
    scope
        `marginal`: each set covers the rank of its own unit; `simultaneous`: all sets cover the
        ranks of all units at once.
    level
        Confidence level.
    step_down
        Whether rejected pairs make room for others.
    seed
        Seed of the draws.

    Returns
    -------
    RankSets
        Units whose difference has no variance are never told apart.

    Raises
    ------
    TierscapeError
        If there are fewer than two units, a number is not finite, a standard error is not
        positive, the matrix is no covariance matrix, or the scope is another.

    References
    ----------
    Mogstad, M., Romano, J. P., Shaikh, A. M., Wilhelm, D. (2024). Inference for ranks with
    applications to mobility across neighbourhoods and academic achievement across countries.
    Review of Economic Studies 91, 476-518.
    Romano, J. P., Wolf, M. (2005). Exact and approximate stepdown methods for multiple hypothesis
    testing. Journal of the American Statistical Association 100, 94-108.

    Examples
    --------
    >>> found = rank_confidence_sets([9.0, 1.0, 1.5, 0.0], [0.5, 0.5, 0.5, 0.1])
    >>> found.rank, found.lower, found.upper
    (array([1, 3, 2, 4]), array([1, 2, 2, 3]), array([1, 4, 3, 4]))
    """
    if scope not in (scopes := get_args(Scope)):
        raise UnknownNameError("scope", scope, scopes)
    theta, matrix = _checked(np.asarray(estimate, float), np.asarray(covariance, float), level)
    variance = np.diag(matrix)
    error = np.sqrt(np.maximum(variance[:, np.newaxis] + variance - 2 * matrix, 0))
    told = error > 1e-7 * np.sqrt(variance.max())
    scale = np.where(told, error, np.inf)
    noise = np.random.default_rng(seed).standard_normal((DRAWS, len(theta))) @ _root(matrix).T
    tests = _Tests((theta[:, np.newaxis] - theta) / scale, noise, scale, level, step_down)
    if scope == "simultaneous":
        ahead = tests.rejected(told)
        greater, less = ahead.sum(axis=0), ahead.sum(axis=1)
    else:
        alone = [tests.rejected(told & _about(unit, len(theta))) for unit in range(len(theta))]
        greater = np.array([ahead[:, unit].sum() for unit, ahead in enumerate(alone)])
        less = np.array([ahead[unit].sum() for unit, ahead in enumerate(alone)])
    rank = 1 + (theta[:, np.newaxis] < theta).sum(axis=1)
    return RankSets(rank, 1 + greater, len(theta) - less)


@dataclass(frozen=True, slots=True, eq=False)
class _Tests:
    """Differences of all pairs in standard errors, and draws that show how large they get."""

    observed: FloatArray
    noise: FloatArray
    scale: FloatArray
    level: float
    step_down: bool

    def rejected(self, pairs: BoolArray) -> BoolArray:
        """Return which of these pairs (j, k) are found to have θ_j > θ_k."""
        first, second = np.nonzero(pairs)
        found = np.zeros(len(first), dtype=np.bool_)
        drawn = (self.noise[:, first] - self.noise[:, second]) / self.scale[first, second]
        while not found.all():
            largest = drawn[:, ~found].max(axis=1)
            critical = np.quantile(largest, self.level, method="higher")
            more = ~found & (self.observed[first, second] > critical)
            found |= more
            if not (more.any() and self.step_down):
                break
        ahead = np.zeros_like(pairs)
        ahead[first[found], second[found]] = True
        return ahead


def _about(unit: int, count: int) -> BoolArray:
    """Return the pairs that one unit is in."""
    here = np.arange(count) == unit
    return np.asarray(here[:, np.newaxis] ^ here)


def _checked(
    theta: FloatArray, covariance: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    if not 0.5 < level < 1:
        raise TierscapeError(f"the confidence level is {level}. It lies between 0.5 and 1.")
    if theta.ndim != 1 or len(theta) < 2:
        raise TierscapeError("there is nothing to rank: give two or more units.")
    if covariance.shape == theta.shape:
        covariance = np.diag(np.sign(covariance) * covariance**2)
    if covariance.shape != (len(theta), len(theta)):
        raise TierscapeError(
            f"{len(theta)} estimates need as many standard errors or a square matrix, not an"
            f" array of shape {covariance.shape}."
        )
    if not (np.isfinite(theta).all() and np.isfinite(covariance).all()):
        raise TierscapeError("an estimate or its covariance is not finite.")
    if not (np.diag(covariance) > 0).all():
        raise TierscapeError("a standard error is not positive. Leave units without variance out.")
    least = np.linalg.eigvalsh(covariance)[0]
    if not np.allclose(covariance, covariance.T) or least < -1e-8 * np.trace(covariance):
        raise TierscapeError("the matrix is not symmetric or has a negative eigenvalue.")
    return theta, covariance


def _root(covariance: FloatArray) -> FloatArray:
    """Return a matrix whose product with its transpose is the covariance."""
    values, vectors = np.linalg.eigh(covariance)
    # The symmetric root: the draws do not depend on the signs of the eigenvectors.
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T, dtype=np.float64)
