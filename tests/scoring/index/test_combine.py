"""Means and Copeland's rule against brute force; what compensates what."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import gmean, hmean, pmean

from tierscape.data.errors import TierscapeError, UnknownNameError
from tierscape.data.score_records import Node
from tierscape.scoring.index import copeland as copeland_module
from tierscape.scoring.index.combine import combine
from tierscape.scoring.index.compensation import compensation
from tierscape.scoring.index.copeland import copeland
from tierscape.scoring.index.tree import tree_of

TREE = tree_of(
    [
        Node("g", "", 1, "group", "", ""),
        Node("a", "g", 2, "value", "", ""),
        Node("b", "g", 2, "value", "", ""),
        Node("c", "", 1, "value", "", ""),
    ]
)
WEIGHTS = {"g": 2.0, "a": 1.0, "b": 3.0, "c": 1.0}
MEANS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0, "generalised": 2.5}
SCORES = st.lists(st.tuples(*[st.integers(1, 100)] * 3), min_size=1, max_size=8)


def table_of(rows: list[tuple[int, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list("abc"), dtype="float64")


@pytest.mark.parametrize(
    ("how", "oracle"),
    [
        ("arithmetic", lambda x, w: np.average(x, axis=1, weights=w)),
        ("geometric", lambda x, w: gmean(x, axis=1, weights=w)),
        ("harmonic", lambda x, w: hmean(x, axis=1, weights=w)),
        ("generalised", lambda x, w: pmean(x, 2.5, axis=1, weights=w)),
    ],
)
def test_means_as_scipy_has_them(how: str, oracle: object) -> None:
    values = np.random.default_rng(1).uniform(1, 100, (20, 3))
    found = combine(table_of(values), TREE, WEIGHTS, how, power=2.5)
    group = oracle(values[:, :2], np.array([1, 3]))
    total = oracle(np.column_stack([group, values[:, 2]]), np.array([2, 1]))
    assert found.columns.tolist() == ["total", "g"]
    assert found["g"].tolist() == pytest.approx(group.tolist())
    assert found["total"].tolist() == pytest.approx(total.tolist())


def test_the_weight_of_a_gap_goes_to_its_siblings() -> None:
    rows = [(np.nan, 4, 1), (np.nan, np.nan, 5), (2, 4, np.nan), (np.nan, np.nan, np.nan)]
    found = combine(table_of(rows), TREE, WEIGHTS, "arithmetic")
    assert found["g"].tolist() == pytest.approx([4, np.nan, 3.5, np.nan], nan_ok=True)
    assert found["total"].tolist() == pytest.approx([3, 5, 3.5, np.nan], nan_ok=True)


@settings(deadline=None)
@given(SCORES, st.sampled_from([*MEANS, "copeland"]), st.integers(0, 2), st.floats(0.1, 50))
def test_more_is_never_worse_weights_have_no_scale_and_cities_no_order(
    rows: list[tuple[int, ...]], how: str, leaf: int, scale: float
) -> None:
    table = table_of(rows)
    before = combine(table, TREE, WEIGHTS, how, power=2.5)
    better = table.copy()
    better.iloc[0, leaf] += 10
    after = combine(better, TREE, WEIGHTS, how, power=2.5)
    assert (after.iloc[0] >= before.iloc[0] - 1e-9).all()
    scaled = combine(table, TREE, {k: v * scale for k, v in WEIGHTS.items()}, how, power=2.5)
    pd.testing.assert_frame_equal(scaled, before)
    turned = combine(table[::-1], TREE, WEIGHTS, how, power=2.5)
    pd.testing.assert_frame_equal(turned[::-1], before)


@settings(deadline=None)
@given(SCORES)
def test_means_rise_with_their_power(rows: list[tuple[int, ...]]) -> None:
    totals = [combine(table_of(rows), TREE, WEIGHTS, how, power=2.5)["total"] for how in MEANS]
    arithmetic, geometric, harmonic, generalised = totals
    assert (harmonic <= geometric + 1e-9).all()
    assert (geometric <= arithmetic + 1e-9).all()
    assert (arithmetic <= generalised + 1e-9).all()


@settings(deadline=None)
@given(SCORES)
def test_copeland_as_brute_force_has_it(rows: list[tuple[int, ...]]) -> None:
    weights = [2 / 3 / 4, 2 / 3 * 3 / 4, 1 / 3]
    expected = [
        sum(
            np.sign(
                round(sum(w * np.sign(x - y) for w, x, y in zip(weights, r, s, strict=True)), 9)
            )
            for s in rows
        )
        for r in rows
    ]
    found = combine(table_of(rows), TREE, WEIGHTS, "copeland")
    assert found["total"].tolist() == expected


@pytest.mark.parametrize("side", [1, 7, 64])
def test_copeland_of_many_cities_and_every_kind_of_leaf(
    side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copeland_module, "MOST_SIDE", side)
    rng = np.random.default_rng(side)
    ladders = rng.integers(0, 4, (150, 3)).astype(float)
    values = np.column_stack([ladders, rng.normal(size=(150, 2)), rng.integers(0, 40, (150, 1))])
    values[rng.random(values.shape) < 0.1] = np.nan
    weights = np.array([0.25, 0.125, 0.125, 0.25, 0.125, 0.125])
    signs = np.nan_to_num(np.sign(values[:, np.newaxis] - values))
    expected = np.sign((signs @ weights).round(9)).sum(axis=1)
    assert copeland(values, weights).tolist() == expected.tolist()


def test_copeland_compares_what_both_know() -> None:
    values = np.array([[3.0, np.nan], [2.0, 9.0], [np.nan, 1.0], [np.nan, np.nan]])
    found = copeland(values, np.array([0.9, 0.1])).tolist()
    assert found == pytest.approx([1, 0, -1, np.nan], nan_ok=True)


def test_scores_that_a_mean_has_no_meaning_for_are_named() -> None:
    table = pd.DataFrame({"a": [0.0, 1], "b": [1.0, -2], "c": [1.0, 1]}, index=["Fès", "Doha"])
    with pytest.raises(TierscapeError, match="Fès, a: 0; Doha, b: -2"):
        combine(table, TREE, WEIGHTS, "geometric")
    with pytest.raises(TierscapeError, match="at least 0: Doha, b: -2"):
        combine(table, TREE, WEIGHTS, "generalised", power=2)
    with pytest.raises(UnknownNameError, match="copeland"):
        combine(table, TREE, WEIGHTS, "kopeland")
    assert combine(table, TREE, WEIGHTS, "arithmetic").notna().all(axis=None)


@pytest.mark.parametrize("how", list(MEANS))
def test_compensation_is_the_slope_of_the_total(how: str) -> None:
    scores = pd.Series({"a": 20.0, "b": 50.0, "c": 80.0})
    found = compensation(scores, TREE, WEIGHTS, how, power=2.5)

    def total(x: pd.Series) -> float:
        return float(combine(x.to_frame().T, TREE, WEIGHTS, how, power=2.5)["total"].iloc[0])

    step = 1e-4
    slope = {
        leaf: (total(scores + step * (scores.index == leaf)) - total(scores)) / step
        for leaf in scores.index
    }
    for lost, fall in slope.items():
        for gained, rise in slope.items():
            assert found.loc[lost, gained] == pytest.approx(fall / rise, rel=1e-4)


def test_compensation_by_hand() -> None:
    scores = pd.Series({"a": 20.0, "b": 50.0, "c": 80.0})
    arithmetic = compensation(scores, TREE, WEIGHTS, "arithmetic")
    assert arithmetic.loc["a", "c"] == pytest.approx((2 / 3 / 4) / (1 / 3))
    assert compensation(scores, TREE, WEIGHTS, "copeland").isna().all(axis=None)
    free = compensation(scores, TREE, {**WEIGHTS, "c": 0.0}, "arithmetic")
    assert free.loc["a", "c"] == np.inf
