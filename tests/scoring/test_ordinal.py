"""Proportional odds against R's ordinal package, closed forms and brute force."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from scipy.special import expit
from scipy.stats import chi2

from tierscape.data.errors import DataError, TierscapeError, UnknownNameError
from tierscape.scoring.cumulative_logit import (
    gradient,
    information,
    log_likelihoods,
    rows_of,
    separating_direction,
)
from tierscape.scoring.ordinal import fit_proportional_odds, proportionality_test

A, B = (10, 15, 20, 25), (8, 20, 40, 50)

# Bitterness of wine: 72 ratings from 1 to 5 by temperature (warm) and contact of juice and skins,
# 18 in each cell (Randall, J. H. (1989). The analysis of sensory data by generalised linear model.
# Biometrical Journal 31, 781-793).
WINE = {
    (0, 0): (4, 9, 5, 0, 0),
    (0, 1): (1, 7, 8, 2, 0),
    (1, 0): (0, 5, 8, 3, 2),
    (1, 1): (0, 1, 5, 7, 5),
}


def counted(cells: dict[tuple[int, ...], tuple[int, ...]]) -> tuple[np.ndarray, pd.DataFrame]:
    tier = np.concatenate([np.repeat(np.arange(1, len(n) + 1), n) for n in cells.values()])
    rows = [key for key, n in cells.items() for _ in range(sum(n))]
    names = [f"x{place}" for place in range(len(rows[0]))]
    return tier, pd.DataFrame(rows, columns=names, dtype=float)


TWO_GROUPS = counted({(1,): A, (0,): B})


def test_two_groups_as_r_has_them() -> None:
    fit = fit_proportional_odds(*TWO_GROUPS)
    assert fit.estimate[0] == pytest.approx(0.4410365, abs=5e-8)
    assert fit.std_error[0] == pytest.approx(0.2785600, abs=5e-8)
    assert fit.log_likelihood == pytest.approx(-237.2595623, abs=5e-8)


def test_wine_as_r_has_it() -> None:
    fit = fit_proportional_odds(*counted(WINE))
    # R's clm has the odds of a higher rating, here they are of a lower one.
    np.testing.assert_allclose(-fit.estimate, [2.5031020, 1.5277977], atol=5e-8)
    np.testing.assert_allclose(fit.std_error, [0.5287, 0.4766], atol=5e-5)
    np.testing.assert_allclose(fit.cuts, [-1.3444, 1.2508, 3.4669, 5.0064], atol=5e-5)
    assert fit.log_likelihood == pytest.approx(-86.49192337, abs=5e-9)


def test_two_tiers_are_the_two_by_two_table() -> None:
    fit = fit_proportional_odds(*counted({(1,): (7, 3), (0,): (4, 9)}))
    assert fit.estimate[0] == pytest.approx(np.log(7 * 9 / (3 * 4)), abs=1e-10)
    assert fit.std_error[0] == pytest.approx((1 / 7 + 1 / 3 + 1 / 4 + 1 / 9) ** 0.5, abs=1e-10)
    assert fit.cuts[0] == pytest.approx(np.log(4 / 9), abs=1e-10)


def test_proportionality_of_two_groups_is_the_gain_to_the_saturated_model() -> None:
    saturated = sum(n * np.log(n / sum(group)) for group in (A, B) for n in group)
    statistic = 2 * (saturated + 237.2595623042972)
    found = proportionality_test(*TWO_GROUPS, ["x0"])
    assert found.statistic == pytest.approx(statistic, abs=1e-8)
    assert (found.df, found.method) == (2, "likelihood ratio")
    assert found.p_value == pytest.approx(chi2.sf(statistic, 2))


def test_proportionality_of_contact_as_r_has_it() -> None:
    # nominal_test in Christensen, R. H. B. (2015). A tutorial on fitting cumulative link models
    # with the ordinal package: contact 0.5667 on 3 degrees of freedom, p = 0.9040.
    found = proportionality_test(*counted(WINE), ["x1"])
    assert (found.df, found.method) == (3, "likelihood ratio")
    assert found.statistic == pytest.approx(0.5667, abs=5e-5)
    assert found.p_value == pytest.approx(0.9040, abs=5e-5)


def test_the_score_test_serves_where_the_wider_model_has_no_maximum() -> None:
    # No cold wine is rated 5. The expected information by brute force: gradients of every
    # probability, by differences, over all ratings.
    tier, x = counted(WINE)
    fit = fit_proportional_odds(tier, x)
    start = np.concatenate([fit.cuts, fit.estimate[[1]], np.repeat(fit.estimate[0], 4)])

    def chance(p: np.ndarray, row: np.ndarray, y: int) -> float:
        eta = [p[k] + row[1] * p[4] + row[0] * p[5 + k] for k in range(4)]
        below = np.concatenate([[0.0], expit(eta), [1.0]])
        return float(below[y] - below[y - 1])

    slope, expected = np.zeros(9), np.zeros((9, 9))
    for row, observed in zip(x.to_numpy(), tier, strict=True):
        for y in range(1, 6):
            p = chance(start, row, y)
            step = approx_fprime(start, chance, 1e-7, row, y) / p
            expected += p * np.outer(step, step)
            slope += step * (y == observed)
    found = proportionality_test(tier, x, ["x0"])
    assert (found.df, found.method) == (3, "score")
    assert found.statistic == pytest.approx(slope @ np.linalg.solve(expected, slope), rel=1e-4)


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 5), st.integers(0, 10_000), st.integers(0, 1))
def test_gradient_and_information_are_derivatives(n_tiers: int, seed: int, n_free: int) -> None:
    rng = np.random.default_rng(seed)
    tier, x = rng.integers(1, n_tiers + 1, 12), rng.standard_normal((12, 2))
    rows = rows_of(tier, x, np.array([False, n_free == 1]), n_tiers)
    at = np.concatenate(
        [np.linspace(-4, 4, n_tiers - 1), rng.uniform(-0.2, 0.2, rows.upper.shape[1] + 1 - n_tiers)]
    )
    slope = approx_fprime(at, lambda p: log_likelihoods(rows, p).sum(), 1e-7)
    np.testing.assert_allclose(gradient(rows, at), slope, atol=2e-5)
    curve = approx_fprime(at, lambda p: gradient(rows, p), 1e-7)
    np.testing.assert_allclose(information(rows, at), -curve, atol=2e-5)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000))
def test_a_fit_is_the_maximum_and_does_not_hang_on_units(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = pd.DataFrame({"a": rng.standard_normal(60), "b": rng.integers(0, 2, 60)})
    tier = 1 + (x["a"].to_numpy()[:, None] + 2 * rng.logistic(size=(60, 1)) > [-1, 1]).sum(axis=1)
    fit = fit_proportional_odds(tier, x)
    rows = rows_of(tier, x.to_numpy(float), np.zeros(2, dtype=bool), 3)
    found = np.concatenate([fit.cuts, fit.estimate])
    np.testing.assert_allclose(gradient(rows, found), 0, atol=1e-8)
    np.testing.assert_allclose(np.linalg.inv(information(rows, found)), fit.covariance, atol=1e-8)
    other = fit_proportional_odds(tier, x.assign(a=1000 * x["a"] - 5))
    assert 1000 * other.estimate[0] == pytest.approx(fit.estimate[0], abs=1e-8)
    assert other.log_likelihood == pytest.approx(fit.log_likelihood)


def test_turning_the_tiers_round_turns_the_signs() -> None:
    tier, x = counted(WINE)
    fit, turned = fit_proportional_odds(tier, x), fit_proportional_odds(6 - tier, x)
    np.testing.assert_allclose(turned.estimate, -fit.estimate, atol=1e-8)
    np.testing.assert_allclose(turned.std_error, fit.std_error, atol=1e-8)


@pytest.mark.parametrize(
    "cells",
    [
        {(1,): (5, 0), (0,): (0, 5)},  # complete
        {(1,): (5, 0), (0,): (3, 5)},  # quasi-complete
        {(1,): (6, 0, 0), (0,): (2, 3, 4)},
    ],
)
def test_separation_is_an_error_that_names_the_covariate(
    cells: dict[tuple[int, ...], tuple[int, ...]],
) -> None:
    with pytest.raises(TierscapeError, match="'x0' separates the tiers"):
        fit_proportional_odds(*counted(cells))


def test_a_tier_without_a_kind_of_city_is_no_separation() -> None:
    tier, x = counted({(1,): (0, 4, 2), (0,): (5, 3, 4)})
    rows = rows_of(tier, x.to_numpy(), np.zeros(1, dtype=bool), 3)
    assert separating_direction(rows) is None
    assert fit_proportional_odds(tier, x).estimate[0] < 0
    wider = rows_of(tier, x.to_numpy(), np.ones(1, dtype=bool), 3)
    assert separating_direction(wider) is not None


def test_bad_input_is_told_all_at_once() -> None:
    tier = np.array([1, 2, 1, 2, 2, 1])
    good = np.array([0.0, 1.0, 2.0, 0.5, 1.5, 1.0])
    with pytest.raises(TierscapeError, match="one tier"):
        fit_proportional_odds(np.ones(6, dtype=int), pd.DataFrame({"x": good}))
    with pytest.raises(TierscapeError, match="tier 0: tiers are whole numbers from 1"):
        fit_proportional_odds(tier - 1, pd.DataFrame({"x": good}))
    with pytest.raises(TierscapeError, match="tier 2 has no city"):
        fit_proportional_odds(np.where(tier == 2, 3, 1), pd.DataFrame({"x": good}))
    wrong = pd.DataFrame({"x": [np.nan, *good[1:]], "y": [np.inf, *good[1:]], "z": 3.0})
    with pytest.raises(DataError) as caught:
        fit_proportional_odds(tier, wrong)
    assert [problem.column for problem in caught.value.problems] == ["x", "y", "z"]
    with pytest.raises(TierscapeError, match="'x' and 'y' add up to one another"):
        fit_proportional_odds(tier, pd.DataFrame({"x": good, "y": 2 * good - 1}))
    with pytest.raises(TierscapeError, match="6 tiers, but covariates of 5"):
        fit_proportional_odds(tier, pd.DataFrame({"x": good[:5]}))
    with pytest.raises(TierscapeError, match="no covariate"):
        fit_proportional_odds(tier, pd.DataFrame(index=range(6)))
    with pytest.raises(UnknownNameError, match="Did you mean 'good'"):
        proportionality_test(tier, pd.DataFrame({"good": good}), ["goood"])
    with pytest.raises(TierscapeError, match="one cut"):
        proportionality_test(tier, pd.DataFrame({"x": good}), ["x"])
