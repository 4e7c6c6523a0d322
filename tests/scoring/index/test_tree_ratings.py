"""The tree of an index, and ratings as a table."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.data.errors import DataError, TierscapeError
from tierscape.data.score_records import (
    Missing,
    Node,
    Rating,
    ScoreFolder,
    ScoreIndex,
    Tiering,
    Treatment,
    Weighting,
)
from tierscape.scoring.index.ratings import rating_counts, rating_table
from tierscape.scoring.index.tree import rescaled, tree_of


def node(slug: str, parent: str = "", level: int = 1, kind: str = "value") -> Node:
    return Node(slug, parent, level, kind, slug, slug)


NODES = [
    node("a", kind="group"),
    node("a1", "a", 2, "group"),
    node("x", "a1", 3),
    node("y", "a1", 3),
    node("z", "a", 2),
    node("b"),
]
TREE = tree_of(NODES)


def test_a_tree_knows_its_parts() -> None:
    assert TREE.leaves == ("x", "y", "z", "b")
    assert TREE.groups == ("total", "a", "a1")
    assert TREE.children == {"total": ("a", "b"), "a": ("a1", "z"), "a1": ("x", "y")}
    assert TREE.path("x") == ("x", "a1", "a")
    assert TREE.leaves_of("a") == ("x", "y", "z")
    assert TREE.depth == 3


@settings(deadline=None)
@given(st.lists(st.floats(0.01, 100), min_size=6, max_size=6), st.floats(0.01, 100))
def test_leaf_weights_are_products_along_the_path_and_free_of_scale(
    numbers: list[float], scale: float
) -> None:
    weights = dict(zip(TREE.nodes, numbers, strict=True))
    matrix = TREE.leaf_matrix(weights)
    a, b = weights["a"], weights["b"]
    expected = (
        a
        / (a + b)
        * weights["a1"]
        / (weights["a1"] + weights["z"])
        * weights["x"]
        / (weights["x"] + weights["y"])
    )
    assert matrix["total"][0] == pytest.approx(expected)
    assert [row.sum() for row in matrix.values()] == pytest.approx([1, 1, 1])
    assert matrix["a1"][2:].tolist() == [0, 0]
    scaled = TREE.leaf_matrix({slug: weight * scale for slug, weight in weights.items()})
    assert scaled["total"].tolist() == pytest.approx(matrix["total"].tolist())


def test_wrong_trees_are_named_at_once() -> None:
    nodes = [node("a"), node("a"), node("total"), node("c", "d", 2), node("e", level=2)]
    with pytest.raises(DataError) as caught:
        tree_of(nodes)
    assert [problem.value for problem in caught.value.problems] == ["a", "total", "c", "e"]
    with pytest.raises(DataError, match="at least one indicator"):
        tree_of([])
    with pytest.raises(DataError, match="a group has children"):
        tree_of([node("a", kind="group")])
    with pytest.raises(DataError, match="a group has children"):
        tree_of([node("a"), node("b", "a", 2)])


def test_wrong_weights_are_named_at_once() -> None:
    with pytest.raises(TierscapeError, match="'b' has weight -1; 'c' has no weight"):
        rescaled(tree_of([node("a"), node("b"), node("c")]), {"a": 1, "b": -1})
    with pytest.raises(TierscapeError, match="'total' sum to 0"):
        rescaled(tree_of([node("a")]), {"a": 0})


def rating(city: str, indicator: str, line: int, **other: object) -> Rating:
    fields = {"value": float(line), "accepted": True, "date": "2023-01", "rounds": 2} | other
    return Rating(
        city=city,
        indicator=indicator,
        evidence="e",
        source="s",
        language="en",
        channel="web",
        line=line,
        **fields,
    )


def folder_of(*ratings: Rating) -> ScoreFolder:
    index = ScoreIndex(
        "i",
        "i",
        "i",
        2024,
        "",
        tuple(NODES),
        Treatment(),
        Missing("drop-indicator"),
        Weighting("equal"),
        "arithmetic",
        1.0,
        Tiering("threshold", thresholds=(3,)),
        Path("index.toml"),
        cutoff="2023-06-30",
    )
    return ScoreFolder(index, (), ratings, (), (), Path("folder"))


def test_only_accepted_ratings_in_time_count() -> None:
    folder = folder_of(
        rating("A", "x", 2),
        rating("A", "y", 3, accepted=False),
        rating("A", "z", 4, date="2023-07-01"),
        rating("B", "x", 5, date="", rounds=4),
    )
    table = rating_table(folder)
    assert table.index.tolist() == ["A", "B"]
    assert table["x"].tolist() == [2, 5]
    assert np.isnan(table.drop(columns="x")).all(axis=None)
    counts = rating_counts(folder)
    columns = ["n_valid", "n_missing", "n_rejected", "n_late", "rounds_min"]
    assert counts[columns].to_numpy().tolist() == [
        [2, 0, 0, 0, 2],
        [0, 2, 1, 0, 0],
        [0, 2, 0, 1, 0],
        [0, 2, 0, 0, 0],
    ]
    assert counts.loc["x", ["rounds_mean", "n_languages", "channels"]].tolist() == [3, 1, "web"]


def test_double_and_unknown_ratings_are_named() -> None:
    with pytest.raises(DataError) as caught:
        rating_table(
            folder_of(
                rating("A", "x", 2), rating("A", "x", 3), rating("A", "a1", 4, accepted=False)
            )
        )
    found = {(problem.row, problem.value) for problem in caught.value.problems}
    assert found == {(3, "A"), (4, "a1")}
