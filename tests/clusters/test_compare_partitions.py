"""Comparison of partitions and of covers: by the definitions, and rules for noise."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.clusters.compare import (
    agreement,
    agreements,
    best_matches,
    moves,
    omega_index,
    silhouette,
)
from tierscape.clusters.learn_points import PointsError, SizeError
from tierscape.clusters.learn_sphere import great_circle_km
from tierscape.data.errors import DataError


def brute_rand(first: list[int], second: list[int]) -> float:
    """Return the adjusted Rand index from all pairs (Hubert and Arabie 1985)."""
    pairs = [*combinations(range(len(first)), 2)]
    a = [first[i] == first[j] for i, j in pairs]
    b = [second[i] == second[j] for i, j in pairs]
    both, in_a, in_b = sum(x and y for x, y in zip(a, b, strict=True)), sum(a), sum(b)
    expected = in_a * in_b / len(pairs)
    return (both - expected) / ((in_a + in_b) / 2 - expected)


def brute_omega(first: list[set[int]], second: list[set[int]], cities: list[int]) -> float:
    """Return the omega index as Collins and Dent (1988) write it."""
    pairs = [*combinations(cities, 2)]
    counts = [
        [sum({i, j} <= members for members in cover) for i, j in pairs] for cover in (first, second)
    ]
    observed = sum(x == y for x, y in zip(*counts, strict=True)) / len(pairs)
    expected = (
        sum(
            counts[0].count(level) * counts[1].count(level)
            for level in range(max(map(max, counts)) + 1)
        )
        / len(pairs) ** 2
    )
    return (observed - expected) / (1 - expected)


LABELS = st.lists(st.integers(0, 3), min_size=6, max_size=20)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_adjusted_rand_and_omega_agree_with_the_definitions(data: st.DataObject) -> None:
    first = [0, 0, 1, *data.draw(LABELS)]
    size = len(first) - 3
    second = [1, 0, 1, *data.draw(st.lists(st.integers(0, 4), min_size=size, max_size=size))]
    expected = brute_rand(first, second)
    assert agreement(first, second, noise="alone").rand == pytest.approx(expected)
    covers = [
        [{i for i, each in enumerate(labels) if each == one} for one in set(labels)]
        for labels in (first, second)
    ]
    assert omega_index(covers[0], covers[1], range(len(first))) == pytest.approx(expected)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_omega_of_overlapping_covers(data: st.DataObject) -> None:
    cities = list(range(9))
    covers = st.lists(st.sets(st.sampled_from(cities), max_size=6), max_size=5)
    first, second = [{0, 1}, *data.draw(covers)], [{1, 2}, *data.draw(covers)]
    expected = brute_omega(first, second, cities)
    assert omega_index(first, second, cities) == pytest.approx(expected)
    assert omega_index(second, first, cities) == pytest.approx(expected)
    assert omega_index(first, first, cities) == pytest.approx(1.0)


def test_omega_where_there_is_nothing_to_tell() -> None:
    assert omega_index([], [], ["a", "b"]) == 1.0
    assert omega_index([{"a", "b"}], [{"a", "b"}], ["a", "b"]) == 1.0
    assert np.isnan(omega_index([{"a"}], [], ["a"]))
    with pytest.raises(DataError, match="'x': is a member but not one of the cities"):
        omega_index([{"a", "x"}], [], ["a", "b"])
    with pytest.raises(SizeError, match=r"takes 5,000 cities, not 6,000"):
        omega_index([], [], range(6000))


def test_the_rule_for_noise_decides() -> None:
    learned, truth = [0, 0, 1, 1, -1, -1], ["a", "a", "b", "b", "c", "d"]
    alone = agreement(learned, truth, noise="alone")
    assert (alone.rand, alone.n_cities) == (1.0, 6)
    left_out = agreement(learned, truth, noise="left-out")
    assert (left_out.rand, left_out.information, left_out.n_cities) == (1.0, 1.0, 4)
    together = agreement(learned, truth, noise="together")
    assert together.rand == pytest.approx(brute_rand([0, 0, 1, 1, 2, 2], [0, 0, 1, 1, 2, 3]))
    assert together.rand < 1
    nothing = agreement([-1, -1], ["a", "b"], noise="left-out")
    assert nothing.n_cities == 0
    assert np.isnan([nothing.rand, nothing.information]).all()


def test_a_label_may_be_a_word_or_a_number_of_numpy() -> None:
    numbers = np.array([0, 0, -1, -1])
    assert agreement(numbers, ["", "", "x", "y"], noise="alone").rand == 1.0  # type: ignore[arg-type]
    assert agreement(["-1", "-1", "0"], [4, 4, 5], noise="alone").rand == 1.0


def test_every_two_partitions_are_compared() -> None:
    table = agreements({"a": [0, 1], "b": [0, 1], "c": [1, 1]}, noise="left-out")
    assert table[["first", "second"]].to_numpy().tolist() == [["a", "b"], ["a", "c"], ["b", "c"]]
    assert table.loc[0, "information"] == 1.0
    assert set(table["noise"]) == {"left-out"}


def test_wrong_partitions() -> None:
    with pytest.raises(DataError, match="first: 2, second: 3"):
        agreement([0, 1], [0, 1, 2], noise="alone")
    with pytest.raises(DataError, match="alone, left-out, together"):
        agreement([0, 1], [0, 1], noise="drop")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="labels: 2, lon, lat: 1"):
        silhouette([0, 1], [0.0], [0.0], noise="alone")
    with pytest.raises(PointsError, match="Nearest valid: -170"):
        silhouette([0, 1], [0.0, 190.0], [0.0, 0.0], noise="alone")


def brute_silhouette(labels: list[int], km: np.ndarray) -> float:
    """Return Rousseeuw's mean silhouette width from all distances."""
    values = []
    for i, own in enumerate(labels):
        means = {}
        for each in set(labels):
            others = [km[i, j] for j, label in enumerate(labels) if label == each and j != i]
            means[each] = np.mean(others) if others else 0.0
        alone = labels.count(own) == 1
        a, b = means[own], min(means[each] for each in means if each != own)
        values.append(0.0 if alone else (b - a) / max(a, b))
    return float(np.mean(values))


@pytest.mark.parametrize("middle", [(179.5, 0.0), (0.0, 89.0), (10.0, 50.0)])
def test_silhouette_is_geodesic(middle: tuple[float, float]) -> None:
    rng = np.random.default_rng(2)
    lon = (middle[0] + rng.normal(0, 8, 25) + 180) % 360 - 180
    lat = np.clip(middle[1] + rng.normal(0, 8, 25), -90, 90)
    labels = rng.integers(0, 4, 25).tolist()
    labels[0] = 9
    km = great_circle_km(np.column_stack([lon, lat]), np.column_stack([lon, lat]))
    found = silhouette(labels, lon, lat, noise="alone")
    assert found == pytest.approx(brute_silhouette(labels, km), abs=1e-9)


def test_silhouette_and_noise() -> None:
    lon, lat = [0.0, 0.1, 30.0, 30.1, 90.0, -90.0], [0.0] * 6
    labels = [0, 0, 1, 1, -1, -1]
    left_out = silhouette(labels, lon, lat, noise="left-out")
    assert left_out > 0.99
    assert silhouette(labels, lon, lat, noise="alone") == pytest.approx(left_out * 4 / 6, abs=1e-3)
    assert silhouette(labels, lon, lat, noise="together") < left_out
    assert np.isnan(silhouette([-1] * 6, lon, lat, noise="left-out"))
    assert np.isnan(silhouette([0] * 6, lon, lat, noise="alone"))


def test_best_matches_and_moves() -> None:
    named = {"alps": ["1", "2", "3"], "baltic": ["7", "8"], "both": ["1", "2", "9"], "none": []}
    learned = {"learned-1": ["1", "2", "3", "4"], "learned-2": ["9", "5"]}
    table = best_matches(named, learned).set_index("cluster")
    assert table.loc["alps"].tolist() == [3, "learned-1", 4, 3, 0.75]
    assert table.loc["both", "match"] == "learned-1"
    assert table.loc["both", "jaccard"] == 0.4
    assert [table.loc[name, "match"] for name in ("baltic", "none")] == [None, None]
    assert table["jaccard"].dtype == float
    moving = moves(named, learned)
    assert moving.to_numpy().tolist() == [
        ["alps", "learned-1", "4", "joins"],
        ["both", "learned-1", "3", "joins"],
        ["both", "learned-1", "4", "joins"],
        ["both", "learned-1", "9", "leaves"],
    ]


def test_nothing_learned_matches_nothing() -> None:
    table = best_matches({"alps": ["1"]}, {})
    assert table.loc[0, "match"] is None
    assert moves({"alps": ["1"]}, {}).empty


def test_of_equals_the_first_by_name_is_the_match() -> None:
    learned = {"b": ["1"], "a": ["2"]}
    assert best_matches({"x": ["1", "2"]}, learned).loc[0, "match"] == "a"
