"""Indicators on one scale: formulas by hand, outliers, and what cannot be normalised."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.data.errors import DataError, UnknownNameError
from tierscape.data.score_records import Node, Treatment
from tierscape.scoring.index.normalise import normalise
from tierscape.scoring.index.outliers import has_outliers, shape, shifted_log, winsorise

VALUES = [2.0, 4.0, np.nan, 4.0, 12.0]


def node(kind: str = "value", **other: object) -> Node:
    return Node("x", "", 1, kind, "", "", **other)


def scores(values: list[float], treatment: Treatment, **other: object) -> list[float]:
    table = pd.DataFrame({"x": values}, index=[f"c{i}" for i in range(len(values))])
    return normalise(table, [node(**other)], treatment)[0]["x"].tolist()


@pytest.mark.parametrize(
    ("method", "direction", "expected"),
    [
        ("none", -1, [-2, -4, np.nan, -4, -12]),
        ("minmax", 1, [0, 20, np.nan, 20, 100]),
        ("minmax", -1, [100, 80, np.nan, 80, 0]),
        ("zscore", 1, [-0.789228, -0.338241, np.nan, -0.338241, 1.46571]),
        ("rank", 1, [1, 2.5, np.nan, 2.5, 4]),
        ("rank", -1, [4, 2.5, np.nan, 2.5, 1]),
        ("percentile", 1, [12.5, 50, np.nan, 50, 87.5]),
    ],
)
def test_formulas(method: str, direction: int, expected: list[float]) -> None:
    found = scores(VALUES, Treatment(method), direction=direction)
    assert found == pytest.approx(expected, abs=1e-6, nan_ok=True)


def test_distance_to_a_target_stops_at_the_target() -> None:
    found = scores(VALUES, Treatment("target"), target=7)
    assert found == pytest.approx([0, 40, np.nan, 40, 100], nan_ok=True)
    found = scores([10, 4, 1], Treatment("target", 0, 1), target=2, direction=-1)
    assert found == pytest.approx([0, 0.75, 1])
    assert scores([1, 3], Treatment("target"), kind="ladder", maximum=5) == [0, 50]


def test_goalposts_hold_whatever_the_cities() -> None:
    found = scores([1, 4, 12], Treatment("goalposts", 1, 11), low=2, high=6)
    assert found == [1, 6, 11]
    assert scores([1, 4], Treatment("goalposts"), low=2, high=6, direction=-1) == [100, 50]
    assert scores([1, 4], Treatment("goalposts"), kind="ladder", maximum=5) == [20, 80]


def test_what_is_the_same_everywhere_parts_nobody() -> None:
    table = pd.DataFrame({"x": [3.0, 3.0]})
    middle = {"minmax": 50, "zscore": 0, "rank": 1.5, "percentile": 50, "none": 3}
    for method, value in middle.items():
        found, notes = normalise(table, [node()], Treatment(method))
        assert found["x"].tolist() == [value, value]
        assert any("parts none" in note for note in notes) == (method != "none")


def test_what_is_missing_is_named_at_once() -> None:
    nodes = [
        Node("a", "", 1, "value", "", ""),
        Node("b", "", 1, "value", "", "", low=3, high=3),
    ]
    table = pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 2.0]})
    with pytest.raises(DataError) as caught:
        normalise(table, nodes, Treatment("goalposts"))
    assert [problem.column for problem in caught.value.problems] == ["a", "b low"]
    with pytest.raises(DataError, match="better than the worst city"):
        scores([5, 6], Treatment("target"), target=5)
    with pytest.raises(DataError, match="no city has a valid rating"):
        scores([np.nan, np.nan], Treatment("minmax"))
    with pytest.raises(UnknownNameError, match="minmax"):
        scores([1, 2], Treatment("min-max"))
    with pytest.raises(UnknownNameError, match="winsorise"):
        scores([1, 2], Treatment("minmax", outliers="winsor"))


@settings(deadline=None)
@given(
    st.lists(st.integers(-50, 50), min_size=2, max_size=20),
    st.sampled_from(["minmax", "zscore", "rank", "percentile"]),
    st.sampled_from([1, -1]),
    st.randoms(use_true_random=False),
)
def test_order_is_kept_or_turned_and_cities_may_be_shuffled(
    values: list[int], method: str, direction: int, random: object
) -> None:
    x = [float(value) for value in values]
    found = np.array(scores(x, Treatment(method), direction=direction))
    if min(x) < max(x):
        steps = np.sign(np.subtract.outer(x, x)) * direction
        assert (np.sign(np.subtract.outer(found, found)) == steps).all()
    order = list(range(len(x)))
    random.shuffle(order)
    shuffled = scores([x[i] for i in order], Treatment(method), direction=direction)
    assert shuffled == pytest.approx([found[i] for i in order])


def test_shape_is_that_of_a_spreadsheet() -> None:
    x = np.array([3.0, 4.0, 5.0, 2.0, 3.0, 4.0, 5.0, 6.0, 4.0, 7.0])
    n, d = len(x), x - x.mean()
    s = x.std(ddof=1)
    skew = n / ((n - 1) * (n - 2)) * (d**3).sum() / s**3
    kurt = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * (d**4).sum() / s**4
    kurt -= 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))
    assert shape(x) == pytest.approx((skew, kurt))
    assert shape(x) == pytest.approx((0.359543, -0.151800), abs=1e-6)  # SKEW and KURT, Excel's help


def test_winsorising_stops_as_soon_as_it_may() -> None:
    x = np.array([*range(1, 11), 30.0, 100.0])
    new, moved = winsorise(x, 5)
    assert has_outliers(x)
    assert moved.tolist() == [11]
    assert new.tolist() == [*range(1, 11), 30, 30]
    low, moved = winsorise(-x, 5)
    assert low.tolist() == [-value for value in new]
    assert moved.tolist() == [11]


def test_tied_outliers_move_together_and_most_is_a_limit() -> None:
    x = np.array([*range(40), 1000.0, 1000.0, 5000.0])
    _, moved = winsorise(x, 1)
    assert moved.tolist() == [42]
    _, moved = winsorise(x, 2)
    assert moved.tolist() == [40, 41, 42]


def test_the_logarithm_helps_where_winsorising_cannot_and_notes_say_so() -> None:
    x = [float(value) for value in 2.0 ** np.arange(20)]
    names = [f"c{i}" for i in range(20)]
    table = pd.DataFrame({"x": x, "y": x, "z": range(20)}, index=names)
    nodes = [
        Node("x", "", 1, "value", "", ""),
        Node("y", "", 1, "ladder", "", ""),
        Node("z", "", 1, "value", "", ""),
    ]
    found, notes = normalise(table, nodes, Treatment("none", outliers="winsorise", most=1))
    assert notes == ("x: logarithm taken (1 winsorised values were not enough)",)
    low, high = min(x), max(x)
    expected = np.log(np.array(x) - low + 0.01 * (high - low))
    assert found["x"].tolist() == pytest.approx(expected.tolist())
    assert found["y"].tolist() == x
    assert shifted_log(-np.array(x)).tolist() == pytest.approx((-expected).tolist())


def test_with_few_values_there_are_no_outliers() -> None:
    assert not has_outliers(np.array([1.0, 1.0, 100.0]))
    assert not has_outliers(np.ones(10))
