"""The kernel counts ranks as a plain loop does, ties included."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from tierscape.data.errors import TierscapeError
from tierscape.scoring.index import rank_counts, rank_kernel
from tierscape.scoring.index.rank_kernel import count_ranks, rank_scenarios

Floats = npt.NDArray[np.float64]


def counted(totals: Floats, method: str) -> npt.NDArray[np.int64]:
    """Ranks counted city by city, the ties of SciPy."""
    found = np.zeros((totals.shape[1], totals.shape[1]), dtype=np.int64)
    for row in totals:
        for city, rank in enumerate(rankdata(-row.round(8), method=method)):
            found[city, int(rank) - 1] += 1
    return found


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 12), st.integers(1, 6), st.integers(1, 9), st.integers(0, 10**6))
def test_counts_are_those_of_a_plain_loop(
    cities: int, indicators: int, scenarios: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(-2, 3, (cities, indicators)).astype(float)
    # Eighths add up without rounding, so that equal totals are equal and others are not.
    weights = rng.integers(0, 9, (scenarios, indicators)) / 8
    totals = weights @ scores.T
    found = rank_scenarios(scores, weights, thresholds=[0.5])
    assert found.scenarios == scenarios
    assert (found.best == counted(totals, "min")).all()
    assert (found.worst == counted(totals, "max")).all()
    assert (found.above[:, 0] == (totals >= 0.5).sum(axis=0)).all()
    middle = np.mean([rankdata(-row, method="average") for row in totals], axis=0)
    assert found.mean() == pytest.approx(middle)


def test_real_weights_at_the_size_of_an_edition() -> None:
    rng = np.random.default_rng(4)
    scores = rng.integers(0, 5, (300, 52)).astype(float)
    scores[7] = scores[250]
    weights = rng.dirichlet(np.full(52, 5.0), 700)
    found = rank_scenarios(scores, weights)
    assert (found.best == counted(weights @ scores.T, "min")).all()
    assert (found.worst == counted(weights @ scores.T, "max")).all()
    assert (found.best[7] == found.best[250]).all()


def test_equal_sums_tie_although_they_round_differently() -> None:
    # 0.1 + 0.2 is not 0.3 in binary.
    scores = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    found = rank_scenarios(scores, np.array([[0.1, 0.2, 0.3]]))
    assert found.best.tolist() == [[1, 0], [1, 0]]
    assert found.worst.tolist() == [[0, 1], [0, 1]]


@pytest.mark.parametrize("value", [0.0, 3.0, -3.0])
def test_all_tied_share_the_first_rank(value: float) -> None:
    found = count_ranks(np.full((4, 5), value))
    assert (found.best[:, 0] == 4).all()
    assert (found.worst[:, -1] == 4).all()
    assert (found.mean() == 3).all()


def test_one_city_ranks_first() -> None:
    assert rank_scenarios(np.ones((1, 2)), np.ones((3, 2))).best.tolist() == [[3]]


def test_many_cities_are_counted_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    totals = np.random.default_rng(0).integers(0, 9, (50, 20)).astype(float)
    few = count_ranks(totals)
    monkeypatch.setattr(rank_counts, "FEW", 1)
    monkeypatch.setattr(rank_counts, "CHUNK", 60)
    monkeypatch.setattr(rank_kernel, "CHUNK", 60)
    many = count_ranks(totals)
    assert (few.best == many.best).all()
    assert (few.worst == many.worst).all()


def test_quantile_is_the_least_rank_that_covers_the_share() -> None:
    totals = np.array([[2.0, 1.0]] * 9 + [[1.0, 2.0]])
    found = count_ranks(totals)
    assert found.quantile(0.9).tolist() == [1, 2]
    assert found.quantile(0.91).tolist() == [2, 2]
    assert found.quantile(0.1).tolist() == [1, 1]


def test_input_is_left_as_it_was() -> None:
    totals = np.arange(6.0).reshape(2, 3)
    count_ranks(totals)
    assert totals.tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(
    ("scores", "weights", "words"),
    [
        (np.array([[np.nan]]), np.ones((1, 1)), "a score is missing"),
        (np.ones((1, 1)), np.array([[-1.0]]), "missing or negative"),
        (np.ones((1, 1)), np.array([[np.nan]]), "missing or negative"),
        (np.ones((0, 1)), np.ones((1, 1)), "nothing to rank"),
        (np.ones((1, 1)), np.ones((0, 1)), "nothing to rank"),
    ],
)
def test_bad_input_is_named(scores: Floats, weights: Floats, words: str) -> None:
    with pytest.raises(TierscapeError, match=words):
        rank_scenarios(scores, weights)


def test_missing_total_is_named() -> None:
    with pytest.raises(TierscapeError, match="a total is missing"):
        count_ranks(np.array([[np.nan, 1.0]]))
