"""Global statistics against published numbers, all permutations, and the null."""

from itertools import permutations

import numpy as np
import pytest
from scipy.sparse import csr_array

from tierscape.data.errors import TierscapeError
from tierscape.geo.neighbours import nearest, within
from tierscape.geo.neighbours_record import Neighbours, from_matrix
from tierscape.geo.neighbours_sites import sites
from tierscape.scoring.spatial.correlogram import correlogram
from tierscape.scoring.spatial.join_counts import join_counts
from tierscape.scoring.spatial.overall import geary, getis_ord, moran
from tierscape.scoring.spatial.records import Permutations

Columbus = tuple[np.ndarray, Neighbours]
STATISTICS = (moran, geary, getis_ord)


def made(weights: np.ndarray) -> Neighbours:
    ids = np.array([f"s{number}" for number in range(len(weights))], object)
    return from_matrix(csr_array(weights), ids, ())


def cities(n: int, seed: int) -> Neighbours:
    rng = np.random.default_rng(seed)
    points = np.column_stack([rng.uniform(-180, 180, n), rng.uniform(-60, 60, n)])
    return nearest(sites(points, coincident="error", missing="error"), 5)


def test_spdep_moran(columbus: Columbus) -> None:
    found = moran(columbus[0], columbus[1].row_standardised(), test="normal", missing="error")
    assert found.value == pytest.approx(0.51095126407879, abs=1e-10)
    assert found.variance == pytest.approx(0.00890876155988, abs=1e-10)
    assert found.z == pytest.approx(5.634132894, abs=1e-8)


def test_spdep_geary_and_g(columbus: Columbus) -> None:
    crime, near = columbus
    c = geary(crime, near.row_standardised(), test="normal", missing="error")
    assert c.value == pytest.approx(0.52986993059816, abs=1e-10)
    g = getis_ord(crime, near, test="normal", missing="error")
    assert g.value == pytest.approx(0.126281496441, abs=1e-10)


def test_spdep_join_counts(columbus: Columbus) -> None:
    crime, near = columbus
    level = np.where(crime < 35, "low", "high")
    found = join_counts(level.tolist(), near, test="normal").to_frame()
    counts = {(a, b): (v, z) for a, b, v, z in found[["first", "second", "value", "z"]].to_numpy()}
    assert counts["low", "low"] == (34, pytest.approx(1.01409, abs=5e-6))
    assert counts["high", "high"] == (54, pytest.approx(6.33071, abs=5e-6))
    assert counts["high", "low"] == (28, pytest.approx(-6.08837, abs=5e-6))


@pytest.mark.parametrize("statistic", STATISTICS)
def test_moments_are_those_of_all_permutations(statistic) -> None:  # noqa: ANN001
    rng = np.random.default_rng(4)
    weights = rng.uniform(0, 1, (6, 6)) * (rng.random((6, 6)) < 0.6)
    near, values = made(weights), rng.gamma(2.0, size=6)
    found = statistic(values, near, test="normal", missing="error")
    every = [
        statistic(values[list(order)], near, test="normal", missing="error").value
        for order in permutations(range(6))
    ]
    assert found.expected == pytest.approx(np.mean(every), abs=1e-12)
    assert found.variance == pytest.approx(np.var(every), rel=1e-9)


def test_join_count_moments_are_those_of_all_permutations() -> None:
    rng = np.random.default_rng(5)
    near = made(rng.uniform(0, 1, (6, 6)) * (rng.random((6, 6)) < 0.7))
    kinds = np.array([1, 1, 1, 2, 2, 3])
    found = join_counts(kinds.tolist(), near, test="normal")
    every = np.array(
        [
            join_counts(kinds[list(order)].tolist(), near, test="normal").value
            for order in permutations(range(6))
        ]
    )
    assert found.expected == pytest.approx(every.mean(axis=0), abs=1e-12)
    assert found.variance == pytest.approx(every.var(axis=0), abs=1e-12)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_permutations_agree_with_the_normal_law(statistic) -> None:  # noqa: ANN001
    near, values = cities(200, 1), np.random.default_rng(2).uniform(1, 2, 200)
    for alternative in ("two-sided", "greater", "less"):
        normal, drawn = (
            statistic(values, near, test=test, missing="error", alternative=alternative).p_value
            for test in ("normal", Permutations(4999, seed=3))
        )
        assert drawn == pytest.approx(normal, abs=0.03)


def test_join_count_permutations_agree_with_the_normal_law() -> None:
    kinds = np.random.default_rng(8).integers(1, 5, 150).tolist()
    near = cities(150, 9)
    normal, drawn = (join_counts(kinds, near, test=t) for t in ("normal", Permutations(999, 1)))
    assert drawn.p_value == pytest.approx(normal.p_value, abs=0.09)
    assert drawn.value.sum() == pytest.approx(near.weights.sum() / 2)


@pytest.mark.parametrize("test", ["normal", Permutations(99, seed=0)])
def test_the_null_is_rejected_at_its_level(test, band) -> None:  # noqa: ANN001
    near, rng = cities(60, 11), np.random.default_rng(12)
    rejected = 0
    for number in range(2000):
        asked = test if test == "normal" else Permutations(99, seed=number)
        found = moran(rng.normal(size=60), near, test=asked, missing="error")
        rejected += found.p_value <= 0.05
    assert band[0] <= rejected / 2000 <= band[1]


def test_a_seed_repeats_and_another_does_not() -> None:
    near, values = cities(50, 1), np.random.default_rng(2).normal(size=50)
    one, same, other = (
        moran(values, near, test=Permutations(1999, seed), missing="error") for seed in (1, 1, 2)
    )
    assert one.to_frame().equals(same.to_frame())
    assert one.p_value != other.p_value


@pytest.mark.parametrize("statistic", STATISTICS)
def test_a_missing_score_is_an_error_or_left_out(statistic) -> None:  # noqa: ANN001
    near, values = cities(30, 1), np.random.default_rng(2).uniform(1, 2, 30)
    values[7] = np.nan
    with pytest.raises(TierscapeError, match="1 of 30 sites has no score: 7"):
        statistic(values, near, test="normal", missing="error")
    kept = np.arange(30) != 7
    dropped = statistic(values, near, test="normal", missing="drop")
    assert dropped == statistic(values[kept], near.only(kept), test="normal", missing="error")
    values[3] = np.inf
    with pytest.raises(TierscapeError, match="score of 3 is infinite"):
        statistic(values, near, test="normal", missing="drop")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.ones(30), "all 30 scores are 1"),
        (np.ones(29), "scores of shape"),
        (-np.arange(30.0), "is negative: G is of positive scores"),
        (np.eye(30)[0], "only one score is not zero"),
    ],
)
def test_scores_that_mean_nothing(values: np.ndarray, message: str) -> None:
    with pytest.raises(TierscapeError, match=message):
        getis_ord(values, cities(30, 1), test="normal", missing="error")


def test_questions_that_mean_nothing() -> None:
    near, values = cities(30, 1), np.arange(30.0)
    with pytest.raises(TierscapeError, match="'exact'; it is 'normal' or Permutations"):
        moran(values, near, test="exact", missing="error")  # type: ignore[arg-type]
    with pytest.raises(TierscapeError, match="alternative is 'both'"):
        moran(values, near, test="normal", missing="error", alternative="both")  # type: ignore[arg-type]
    with pytest.raises(TierscapeError, match="missing is 'zero'"):
        moran(values, near, test="normal", missing="zero")  # type: ignore[arg-type]
    with pytest.raises(TierscapeError, match="0 permutations"):
        moran(values, near, test=Permutations(0, 1), missing="error")
    with pytest.raises(TierscapeError, match="do not distinguish the sites"):
        moran(values, made(1 - np.eye(30)), test="normal", missing="error")
    with pytest.raises(TierscapeError, match="no site has a neighbour"):
        moran(values, made(np.zeros((30, 30))), test="normal", missing="error")
    with pytest.raises(TierscapeError, match="1 categories of 30 sites"):
        join_counts([1] * 30, near, test="normal")
    with pytest.raises(TierscapeError, match="without a category: 4"):
        join_counts([1, 2, 1, 2, None] + [1] * 25, near, test="normal")


def test_correlogram_of_a_band_is_moran() -> None:
    rng = np.random.default_rng(3)
    points = np.column_stack([rng.uniform(170, 190, 40), rng.uniform(-10, 10, 40)])
    places, values = sites(points, coincident="error", missing="error"), rng.normal(size=40)
    edges = [0, 400, 800, 1600, 90_000]
    found = correlogram(values, places, edges, test="normal", missing="error")
    near = within(places, 400, islands="keep")
    first = moran(values, near, test="normal", missing="error")
    assert found.to_frame().loc[0, "value"] == pytest.approx(first.value, abs=1e-12)
    assert sum(found.pairs) == 40 * 39 // 2
    assert (found.to_frame()["p_adjusted"] >= found.to_frame()["p_value"]).all()
    with pytest.raises(TierscapeError, match="do not ascend"):
        correlogram(values, places, [5, 5], test="normal", missing="error")
