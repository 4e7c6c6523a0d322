"""Proportional odds: tiers as an ordered outcome of what is known of the cities.

Sampling model: given its covariates, every city draws its tier by itself, with the odds of the
model. Ranked cities are no sample and neighbours resemble each other, so standard errors say how
sharply the tiers fix the model, not how other cities would rank.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logit
from scipy.stats import chi2

from ..data.errors import DataError, Problem, TierscapeError, UnknownNameError
from .cumulative_logit import (
    Maximum,
    Rows,
    gradient,
    information,
    log_likelihoods,
    maximise,
    rows_of,
    separating_direction,
)
from .tiers import BoolArray, FloatArray, IntArray, tier_sizes


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalFit:
    """A fitted proportional odds model.

    Attributes
    ----------
    names
        The covariates.
    estimate, std_error
        Of each: the log odds of a better tier for one unit more.
    cuts
        Log odds of tier 1, of tiers 1 and 2, … where every covariate is 0.
    covariance
        Of cuts and estimates, in this order: the inverse of the observed information.
    log_likelihood
        At the maximum.
    n_cities
        Number of cities.
    """

    names: tuple[str, ...]
    estimate: FloatArray
    std_error: FloatArray
    cuts: FloatArray
    covariance: FloatArray
    log_likelihood: float
    n_cities: int


@dataclass(frozen=True, slots=True)
class ProportionalityTest:
    """A test of whether covariates move all cuts between tiers alike.

    Attributes
    ----------
    statistic, df, p_value
        Chi-squared statistic with its degrees of freedom.
    method
        `likelihood ratio`, or `score` where the wider model has no finite maximum.
    """

    statistic: float
    df: int
    p_value: float
    method: str


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """Tiers with standardised covariates, and the maximum of proportional odds."""

    tier: IntArray
    x: FloatArray
    n_tiers: int
    maximum: Maximum

    def rows(self, free: BoolArray) -> Rows:
        return rows_of(self.tier, self.x, free, self.n_tiers)


def fit_proportional_odds(tier: IntArray, covariates: pd.DataFrame) -> OrdinalFit:
    """Fit: log odds of tier t or better = θ_t + x β, by maximum likelihood.

    The log-likelihood is concave, so Newton's method with the exact Hessian, its steps halved
    where they would go down, reaches its only maximum. Whether there is one is settled before, by
    a linear programme.

    Parameters
    ----------
    tier
        Tier of every city, from 1 without gaps; 1 is best.
    covariates
        One column of numbers per covariate, rows as in `tier`.

    Returns
    -------
    OrdinalFit
        exp(estimate) is the odds ratio of a better tier, the same at every cut.

    Raises
    ------
    DataError
        If a covariate has a missing or infinite value, or one value only.
    TierscapeError
        If there is one tier only or a tier without a city; if covariates add up to one another;
        if they separate tiers, so that there is no finite maximum.

    References
    ----------
    McCullagh, P. (1980). Regression models for ordinal data. Journal of the Royal Statistical
    Society B 42, 109-142.
    Pratt, J. W. (1981). Concavity of the log likelihood. Journal of the American Statistical
    Association 76, 103-106.

    Examples
    --------
    >>> tier = np.repeat([1, 2, 3, 4, 1, 2, 3, 4], [10, 15, 20, 25, 8, 20, 40, 50])
    >>> fit = fit_proportional_odds(tier, pd.DataFrame({"in_a": np.repeat([1, 0], [70, 118])}))
    >>> fit.estimate.round(7), fit.std_error.round(7), round(fit.log_likelihood, 7)
    (array([0.4410365]), array([0.27856]), -237.2595623)
    """
    model = _fitted(tier, covariates)
    values = covariates.to_numpy(dtype=np.float64)
    cuts = model.n_tiers - 1
    # Back from standardised covariates: β = β_z / s and θ = θ_z − Σ m β.
    scale = values.std(axis=0)
    back = np.diag(np.concatenate([np.ones(cuts), 1 / scale]))
    back[:cuts, cuts:] = -values.mean(axis=0) / scale
    parameters = back @ model.maximum.parameters
    covariance = back @ np.linalg.inv(model.maximum.information) @ back.T
    return OrdinalFit(
        tuple(map(str, covariates.columns)),
        parameters[cuts:],
        np.sqrt(np.diag(covariance)[cuts:]),
        parameters[:cuts],
        covariance,
        model.maximum.log_likelihood,
        len(tier),
    )


def proportionality_test(
    tier: IntArray, covariates: pd.DataFrame, free: Collection[str]
) -> ProportionalityTest:
    """Test whether one odds ratio per covariate serves all cuts between tiers.

    The wider model (partial proportional odds) gives the covariates in `free` a coefficient for
    every cut. Where it has a finite maximum, twice the gain in log-likelihood is chi-squared;
    otherwise, as where a tier lacks a kind of city, the score test is used: it needs the fit
    without them only, with the expected information.

    Parameters
    ----------
    tier, covariates
        As for `fit_proportional_odds`.
    free
        Columns that are tested together: one covariate, or all indicators of one category.

    Returns
    -------
    ProportionalityTest
        A small p-value speaks against proportional odds.

    Raises
    ------
    DataError, TierscapeError
        As `fit_proportional_odds`, and if there are two tiers only, which have one cut.
    UnknownNameError
        If a name in `free` is no covariate.

    References
    ----------
    Peterson, B., Harrell, F. E. (1990). Partial proportional odds models for ordinal response
    variables. Applied Statistics 39, 205-217.

    Examples
    --------
    >>> tier = np.repeat([1, 2, 3, 4, 1, 2, 3, 4], [10, 15, 20, 25, 8, 20, 40, 50])
    >>> in_a = pd.DataFrame({"in_a": np.repeat([1, 0], [70, 118])})
    >>> found = proportionality_test(tier, in_a, ["in_a"])
    >>> found.df, round(found.statistic, 4), found.method
    (2, 1.3275, 'likelihood ratio')
    """
    for name in free:
        if name not in covariates:
            raise UnknownNameError("covariate", name, map(str, covariates.columns))
    model = _fitted(tier, covariates)
    cuts = model.n_tiers - 1
    if cuts < 2:
        raise TierscapeError("two tiers have one cut: there is nothing to be proportional.")
    chosen = np.isin(covariates.columns, list(free))
    df = int(chosen.sum()) * (cuts - 1)
    rows = model.rows(chosen)
    start = _widened(model.maximum.parameters, chosen, cuts)
    if separating_direction(rows) is None:
        wider = maximise(rows, start)
        statistic = max(2 * (wider.log_likelihood - model.maximum.log_likelihood), 0.0)
        return ProportionalityTest(statistic, df, float(chi2.sf(statistic, df)), "likelihood ratio")
    slope = gradient(rows, start)
    statistic = float(slope @ np.linalg.solve(_expected(model, chosen, start), slope))
    return ProportionalityTest(statistic, df, float(chi2.sf(statistic, df)), "score")


def _fitted(tier: IntArray, covariates: pd.DataFrame) -> _Model:
    """Check the input, standardise the covariates, and maximise the likelihood."""
    _check(tier, covariates)
    values = covariates.to_numpy(dtype=np.float64)
    x = (values - values.mean(axis=0)) / values.std(axis=0)
    _check_collinear(x, covariates)
    n_tiers = int(tier.max())
    rows = rows_of(tier, x, np.zeros(x.shape[1], dtype=np.bool_), n_tiers)
    direction = separating_direction(rows)
    if direction is not None:
        moved = np.abs(direction[n_tiers - 1 :]) > 1e-6
        raise TierscapeError(
            f"{_listed(covariates.columns[moved])} separate{'s' if moved.sum() == 1 else ''} the"
            " tiers: some value occurs beyond a certain tier only, so the odds ratio is infinite."
            " Leave it out, or merge small categories."
        )
    shares = np.cumsum(tier_sizes(tier))[:-1] / len(tier)
    start = np.concatenate([logit(shares), np.zeros(x.shape[1])])
    return _Model(tier, x, n_tiers, maximise(rows, start))


def _check(tier: IntArray, covariates: pd.DataFrame) -> None:
    if (tier < 1).any():
        raise TierscapeError(f"tier {tier.min()}: tiers are whole numbers from 1; 1 is best.")
    sizes = tier_sizes(tier) if len(tier) else np.zeros(0, dtype=np.int64)
    if len(tier) != len(covariates):
        raise TierscapeError(f"{len(tier)} tiers, but covariates of {len(covariates)} cities.")
    if len(sizes) < 2:
        raise TierscapeError("all cities are in one tier: there is nothing to explain.")
    if (sizes == 0).any():
        empty = ", ".join(map(str, np.flatnonzero(sizes == 0) + 1))
        raise TierscapeError(f"tier {empty} has no city. Number the tiers without gaps.")
    if covariates.shape[1] == 0:
        raise TierscapeError("there is no covariate in which the cities differ.")
    if problems := [*_covariate_problems(covariates)]:
        raise DataError(problems)


def _covariate_problems(covariates: pd.DataFrame) -> Iterator[Problem]:
    for name in covariates.columns:
        values = covariates[name].to_numpy(dtype=np.float64, na_value=np.nan)
        wrong = ~np.isfinite(values)
        for city, value in zip(covariates.index[wrong], values[wrong], strict=True):
            yield Problem(
                "covariates", None, str(name), str(value), f"is no number, for city {city}"
            )
        if not wrong.any() and np.ptp(values) == 0:
            remedy = "Leave this covariate out."
            rule = "is the same for every city"
            yield Problem("covariates", None, str(name), str(values[0]), rule, remedy)


def _check_collinear(x: FloatArray, covariates: pd.DataFrame) -> None:
    _, values, vectors = np.linalg.svd(x, full_matrices=False)
    if len(values) < x.shape[1] or values[-1] < 1e-8 * values[0]:
        involved = np.abs(vectors[-1]) > 1e-6
        raise TierscapeError(
            f"{_listed(covariates.columns[involved])} add up to one another, so they have no odds"
            " ratios of their own. Leave one of them out."
        )


def _widened(parameters: FloatArray, free: BoolArray, cuts: int) -> FloatArray:
    """Return the parameters of proportional odds as those of the wider model."""
    beta = parameters[cuts:]
    return np.concatenate([parameters[:cuts], beta[~free], np.tile(beta[free], cuts)])


def _expected(model: _Model, free: BoolArray, parameters: FloatArray) -> FloatArray:
    """Return the information expected over the tiers that each city could have had."""
    total = np.zeros((len(parameters), len(parameters)))
    for number in range(1, model.n_tiers + 1):
        rows = rows_of(np.full(len(model.tier), number), model.x, free, model.n_tiers)
        chance = np.exp(log_likelihoods(rows, parameters))
        total += information(rows, parameters, chance)
    return total


def _listed(names: pd.Index) -> str:
    return " and ".join(map(repr, map(str, names)))
