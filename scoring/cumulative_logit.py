"""The cumulative logit likelihood: its maximum, its information, and whether it has a maximum.

A city in tier y has probability F(η_y) − F(η_{y−1}), where F is the logistic function, η_t is
linear in the parameters, η_0 = −∞ and η_T = ∞. The log-likelihood is concave in the parameters
whichever of them the cuts share (Pratt 1981).
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.special import expit, log_expit

from ..data.errors import TierscapeError
from .tiers import BoolArray, FloatArray, IntArray

#: Newton's method ends when a step is so short, in standard errors; and it ends after so many.
_SHORT, _STEPS = 1e-10, 100
#: Standardised slack above which a direction counts as separating the tiers.
_SLACK = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What the parameters are multiplied with to give η at the two cuts beside every city.

    Attributes
    ----------
    upper, lower
        Arrays of cities by parameters; rows of zeros where there is no such cut.
    has_upper, has_lower
        Whether there is one: not below the last tier, and not above the first.
    """

    upper: FloatArray
    lower: FloatArray
    has_upper: BoolArray
    has_lower: BoolArray

    def bounds(self, parameters: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return η at the upper and at the lower cut."""
        above = np.where(self.has_upper, self.upper @ parameters, np.inf)
        below = np.where(self.has_lower, self.lower @ parameters, -np.inf)
        return above, below


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """Where the likelihood is greatest, with the observed information there."""

    parameters: FloatArray
    information: FloatArray
    log_likelihood: float


def rows_of(tier: IntArray, x: FloatArray, free: BoolArray, n_tiers: int) -> Rows:
    """Return the rows of a model.

    Parameters
    ----------
    tier
        Tier of every city.
    x
        Covariates, cities by columns.
    free
        Which columns have a coefficient for every cut; the others have one in all.
    n_tiers
        Number of tiers.

    Returns
    -------
    Rows
        Parameters are the cuts, the shared coefficients, then those of the free columns: all of
        the first cut, all of the second, ….
    """
    has_upper, has_lower, cuts = tier < n_tiers, tier > 1, np.eye(n_tiers - 1)
    return Rows(
        _at_cut(cuts[np.minimum(tier, n_tiers - 1) - 1], x, free) * has_upper[:, np.newaxis],
        _at_cut(cuts[np.maximum(tier - 2, 0)], x, free) * has_lower[:, np.newaxis],
        has_upper,
        has_lower,
    )


def _at_cut(cut: FloatArray, x: FloatArray, free: BoolArray) -> FloatArray:
    """Return the rows of η at one cut for each city, the cuts given by indicators."""
    own = (cut[:, :, np.newaxis] * x[:, np.newaxis, free]).reshape(len(x), -1)
    return np.hstack([cut, x[:, ~free], own])


def log_likelihoods(rows: Rows, parameters: FloatArray) -> FloatArray:
    """Return the log-likelihood of every city; −∞ where the cuts are out of order."""
    above, below = rows.bounds(parameters)
    gap = above - below
    ordered = gap > 0
    between = np.log(-np.expm1(-np.where(ordered, gap, 1.0)))
    return np.where(ordered, log_expit(above) + log_expit(-below) + between, -np.inf)


def gradient(rows: Rows, parameters: FloatArray) -> FloatArray:
    """Return the gradient of the log-likelihood."""
    above, below = rows.bounds(parameters)
    inverse = _inverse_expm1(above - below)
    upward = rows.upper.T @ (expit(-above) + inverse)
    return np.asarray(upward - rows.lower.T @ (expit(below) + inverse))


def information(rows: Rows, parameters: FloatArray, weight: FloatArray | None = None) -> FloatArray:
    """Return minus the Hessian of the log-likelihood, cities weighted; never negative."""
    above, below = rows.bounds(parameters)
    inverse = _inverse_expm1(above - below)
    weights = np.ones(len(above)) if weight is None else weight
    both = rows.upper - rows.lower
    parts = (
        (rows.upper, expit(above) * expit(-above)),
        (rows.lower, expit(below) * expit(-below)),
        (both, inverse * (1 + inverse)),
    )
    return np.asarray(sum((part.T * (weights * curve)) @ part for part, curve in parts))


def _inverse_expm1(gap: FloatArray) -> FloatArray:
    """Return 1/(exp(gap) − 1) without overflow; 0 for an infinite gap."""
    return np.asarray(np.exp(-gap) / -np.expm1(-gap))


def maximise(rows: Rows, start: FloatArray) -> Maximum:
    """Return the maximum by Newton's method, steps halved where they would go down.

    Raises
    ------
    TierscapeError
        If no maximum is reached.
    """
    parameters, level = start, float(log_likelihoods(rows, start).sum())
    for _ in range(_STEPS):
        curve = information(rows, parameters)
        slope = gradient(rows, parameters)
        step = np.asarray(np.linalg.solve(curve, slope), dtype=np.float64)
        if slope @ step < _SHORT**2:
            return Maximum(parameters, curve, level)
        parameters, level = _uphill(rows, parameters, level, step)
    raise TierscapeError("the likelihood has no maximum that can be reached; use fewer covariates.")


def _uphill(
    rows: Rows, parameters: FloatArray, level: float, step: FloatArray
) -> tuple[FloatArray, float]:
    for halving in range(60):
        tried = parameters + step / 2**halving
        reached = float(log_likelihoods(rows, tried).sum())
        if reached >= level - 1e-12 * abs(level):
            return tried, reached
    raise TierscapeError("the likelihood cannot be raised further; use fewer covariates.")


def separating_direction(rows: Rows) -> FloatArray | None:
    """Return a direction in which the likelihood rises for ever, or None if there is none.

    Moving along it lowers no city's likelihood and raises some: η never falls at an upper cut and
    never rises at a lower one. Such a direction exists if and only if there is no finite maximum
    (the parameters being identified), and a linear programme finds it.

    References
    ----------
    Albert, A., Anderson, J. A. (1984). On the existence of maximum likelihood estimates in
    logistic regression models. Biometrika 71, 1-10.
    """
    limits = np.unique(np.vstack([-rows.upper[rows.has_upper], rows.lower[rows.has_lower]]), axis=0)
    found = linprog(
        limits.sum(axis=0), A_ub=limits, b_ub=np.zeros(len(limits)), bounds=(-1, 1), method="highs"
    )
    return np.asarray(found.x) if found.fun < -_SLACK else None
