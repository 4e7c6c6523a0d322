"""A whole index, by hand and against a plain calculation."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tierscape.data.errors import DataError, TierscapeError
from tierscape.data.score_records import (
    LadderStep,
    Missing,
    Node,
    RankedCity,
    Rating,
    Scope,
    ScoreFolder,
    ScoreIndex,
    Tiering,
    Treatment,
    Weighting,
)
from tierscape.scoring.index.index import compute_index

NODES = (
    Node("economy", "", 1, "group", "", "", weight=60),
    Node("jobs", "economy", 2, "group", "", "", weight=1),
    Node("work", "jobs", 3, "value", "", "", weight=2),
    Node("idle", "jobs", 3, "value", "", "", direction=-1, weight=1),
    Node("trade", "economy", 2, "value", "", "", weight=1),
    Node("air", "", 1, "value", "", "", direction=-1, weight=40),
)
LEAVES = ("work", "idle", "trade", "air")


def folder_of(values: np.ndarray, **rules: object) -> ScoreFolder:
    index = ScoreIndex(
        "i", "i", "i", 2024, "", NODES, Treatment("minmax"), Missing("drop-indicator"),
        Weighting("given"), "arithmetic", 1.0, Tiering("share", (50, 100)), Path("index.toml"),
    )  # fmt: skip
    names = [f"c{i:02}" for i in range(len(values))]
    ratings = tuple(
        Rating(city, leaf, float(value), "e", "s", "en", "", "", 1, accepted=True, line=2)
        for city, row in zip(names, values, strict=True)
        for leaf, value in zip(LEAVES, row, strict=True)
        if not np.isnan(value)
    )
    cities = tuple(
        RankedCity(name, "", "", line, (("part", "ns"[line % 2]),))
        for line, name in enumerate(names, 2)
    )
    return ScoreFolder(replace(index, **rules), (), ratings, (), cities, Path("folder"))


def test_three_levels_with_directions_by_plain_arithmetic() -> None:
    values = np.random.default_rng(5).lognormal(size=(30, 4))
    found = compute_index(folder_of(values))
    x = 100 * (values - values.min(0)) / (values.max(0) - values.min(0))
    x[:, [1, 3]] = 100 - x[:, [1, 3]]
    jobs = (2 * x[:, 0] + x[:, 1]) / 3
    economy = (jobs + x[:, 2]) / 2
    total = 0.6 * economy + 0.4 * x[:, 3]
    assert found.scores["jobs"].tolist() == pytest.approx(jobs.tolist())
    assert found.totals.tolist() == pytest.approx(total.tolist())
    assert found.ranks.tolist() == (1 + (total[:, None] < total).sum(axis=1)).tolist()
    assert found.tiers["tier"].value_counts().to_dict() == {1: 15, 2: 15}
    matrix = found.tree.leaf_matrix(found.weights.by_node)
    assert (found.normalised @ matrix["total"]).tolist() == pytest.approx(total.tolist())


def test_gaps_are_marked_and_noted_whatever_the_rule() -> None:
    values = np.array([[1.0, 4, 2, 1], [2, 3, np.nan, 2], [3, 2, 5, 3], [4, 1, 8, np.nan]])
    rules = {
        "drop-city": (2, 0),
        "drop-indicator": (4, 0),
        "group-mean": (4, 2),
        "nearest": (4, 2),
        "lowest-step": (4, 2),
    }
    for method, (cities, cells) in rules.items():
        missing = Missing(method, group="part", neighbours=1)
        found = compute_index(folder_of(values, missing=missing))
        assert len(found.ratings) == cities
        assert found.filled.to_numpy().sum() == cells
        assert len(found.notes) == 4  # two gaps, and two groups whose weights sum to 2 and 3
        assert found.counts["n_missing"].tolist() == [0, 0, 1, 1]


def test_the_lowest_step_is_the_lowest_that_is_described() -> None:
    values = np.array([[3.0, 4, 2, 1], [np.nan, 3, 2, 2]])
    folder = folder_of(values, missing=Missing("lowest-step"))
    steps = (LadderStep("work", 0, "", ""), LadderStep("work", 1, "好", "good"))
    found = compute_index(replace(folder, steps=steps))
    assert found.ratings["work"].tolist() == [3, 1]
    assert found.filled["work"].tolist() == [False, True]


def test_cities_out_of_scope_are_left_out_before_anything_else() -> None:
    values = np.array([[1.0, 4, 2, 1], [2, 3, 2, 2], [3, 2, 5, 3], [4, 1, 8, 9]])
    scope = (Scope("part", ("n",), reason="northern cities only"),)
    found = compute_index(folder_of(values, scope=scope))
    assert found.ratings.index.tolist() == ["c00", "c02"]
    assert found.normalised["work"].tolist() == [0, 100]
    assert "c01: out of scope (northern cities only)" in found.notes
    nowhere = (Scope("part", ("w",)),)
    with pytest.raises(TierscapeError, match="no city is in the scope"):
        compute_index(folder_of(values, scope=nowhere))


def test_an_indicator_without_ratings_is_named() -> None:
    values = np.array([[1.0, 4, np.nan, 1], [2, 3, np.nan, 2]])
    with pytest.raises(DataError, match="'trade': no city has a valid rating"):
        compute_index(folder_of(values))


def test_one_city_or_only_ties_have_tiers_by_threshold_only() -> None:
    by_threshold = Tiering("threshold", thresholds=(50,))
    for n, words in ((1, "is alone"), (3, "all 3 cities tie")):
        values = np.ones((n, 4))
        with pytest.raises(TierscapeError, match=words):
            compute_index(folder_of(values))
        found = compute_index(folder_of(values, tiering=by_threshold))
        assert found.totals.tolist() == pytest.approx([50] * n)
        assert found.tiers["tier"].tolist() == [1] * n
        assert found.ranks.tolist() == [1] * n
        assert sum("parts none" in note for note in found.notes) == 4


def test_raw_points_times_weights_as_the_rankings_of_2023_and_2024() -> None:
    values = np.array([[4.0, 1, 2, 3], [1, 1, 1, 1], [2, 2, 4, 4]])
    nodes = tuple(
        Node(leaf, "", 1, "ladder", "", "", weight=w)
        for leaf, w in zip(LEAVES, (40, 30, 20, 10), strict=True)
    )
    found = compute_index(folder_of(values, nodes=nodes, treatment=Treatment("none")))
    assert found.totals.tolist() == pytest.approx([2.6, 1, 2.6])
    assert found.ranks.tolist() == [1, 3, 1]
    assert found.tiers["tier"].tolist() == [1, 2, 1]
    assert found.shares["true_to"].tolist() == pytest.approx([66.666667, 100])


def test_other_columns_of_cities_may_be_given() -> None:
    values = np.array([[1.0, 4, 2, 1], [2, 3, np.nan, 2], [3, 2, 5, 3]])
    folder = folder_of(values, missing=Missing("group-mean", group="size"))
    cities = pd.DataFrame({"size": ["s", "s", "l"]}, index=["c00", "c01", "c02"])
    assert compute_index(folder, cities).ratings.loc["c01", "trade"] == 2
    with pytest.raises(TierscapeError, match="no column 'size'"):
        compute_index(folder)
