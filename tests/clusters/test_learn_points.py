"""What the estimators refuse, and what they say of it."""

import numpy as np
import pytest

from tierscape.clusters import learn_neighbours
from tierscape.clusters.estimators import METHODS, estimator
from tierscape.clusters.learn_graph import connected_neighbours
from tierscape.clusters.learn_points import PointsError, SizeError, check_points, one_name_each
from tierscape.clusters.learn_sphere import distance_matrix_km, great_circle_km
from tierscape.data.errors import TierscapeError, UnknownNameError
from tierscape.geo.sphere import arc_km, chord_of

GOOD = np.array([[float(lon), float(lat)] for lon in range(10) for lat in range(3)])


def test_every_fault_of_the_points_is_told_at_once() -> None:
    points = GOOD.copy()
    points[3] = [190.0, 10.0]
    points[5] = [10.0, 95.0]
    points[7, 0] = np.nan
    points[9, 1] = -np.inf
    with pytest.raises(PointsError) as error:
        check_points(points)
    lines = str(error.value).splitlines()
    assert len(lines) == 4
    assert "point 3, lon: '190.0'" in lines[0]
    assert "Nearest valid: -170.0, the same meridian" in lines[0]
    assert "Nearest valid: 90.0. Longitude comes before latitude." in lines[1]
    assert "point 7, lon: 'nan': must be a finite number" in lines[2]
    assert "point 9, lat: '-inf'" in lines[3]


def test_thousands_of_faults_are_counted() -> None:
    with pytest.raises(PointsError) as error:
        check_points(np.full((5_000, 2), np.nan))
    assert len(error.value.problems) == 21
    assert "9,980 more values" in str(error.value)


def test_a_score_that_is_missing_names_its_column() -> None:
    points = np.column_stack([GOOD, np.ones(30)])
    points[4, 2] = np.nan
    with pytest.raises(PointsError, match="point 4, column 2: 'nan'"):
        estimator("dbscan").fit(points)


@pytest.mark.parametrize(
    ("name", "wrong", "messages"),
    [
        ("dbscan", {"radius_km": -5.0, "min_cities": 0, "border": "far"}, ["-5", "'0'", "nearest"]),
        ("dbscan", {"radius_km": float("nan"), "score_radius": -1}, ["nan", "score_radius"]),
        ("dbscan", {"radius_km": 0}, ["above 0"]),
        ("hdbscan", {"min_cities": 1, "join_km": -1.0}, ["at least 2", "join_km"]),
        ("optics", {"steepness": 1.5, "max_radius_km": "far"}, ["below 1", "'far'"]),
        ("agglomerative", {"linkage": "wart", "by": "me"}, ["ward, average", "both, scores"]),
        ("agglomerative", {"n_clusters": 2.5, "neighbours": 0}, ["'2.5'", "neighbours"]),
        ("k-medoids", {"n_clusters": 0, "n_init": 0, "max_iter": True}, ["n_init", "'True'"]),
    ],
)
def test_wrong_parameters_are_told_at_once(
    name: str, wrong: dict[str, object], messages: list[str]
) -> None:
    with pytest.raises(PointsError) as error:
        estimator(name, **wrong).fit(GOOD)
    assert isinstance(error.value, ValueError)
    assert len(error.value.problems) == len(wrong)
    assert all(message in str(error.value) for message in messages)


@pytest.mark.parametrize("name", METHODS)
def test_too_few_points(name: str) -> None:
    model = estimator(name)
    least = model.least_points()
    with pytest.raises(PointsError, match=f"too few points.*needs {least} or more"):
        model.fit(GOOD[: least - 1])
    assert len(model.fit(GOOD[:least]).labels_) == least


def test_too_few_different_points_for_the_groups() -> None:
    with pytest.raises(PointsError, match=r"2 different ones\. Nearest valid: 2"):
        estimator("k-medoids", n_clusters=3).fit(GOOD[[0, 0, 0, 1]])


def test_points_need_two_columns() -> None:
    with pytest.raises(ValueError, match="minimum of 2 is required"):
        estimator("dbscan").fit(GOOD[:, :1])


@pytest.mark.parametrize(
    ("name", "near"), [("dbscn", "dbscan"), ("k-medoid", "k-medoids"), ("hdb", "hdbscan")]
)
def test_an_unknown_method_gets_the_nearest(name: str, near: str) -> None:
    with pytest.raises(UnknownNameError, match=f"Did you mean '{near}'"):
        estimator(name)


def test_an_unknown_parameter_gets_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'radius_km'"):
        estimator("dbscan", radius=5)


@pytest.mark.parametrize("name", [name for name in METHODS if name != "dbscan"])
def test_a_method_says_before_it_starts_which_size_it_takes(name: str) -> None:
    most = METHODS[name].estimator.max_points
    assert most is not None
    METHODS[name].estimator.check_size(most)
    with pytest.raises(SizeError, match=f"at most {most:,} points .*there are 200,000") as error:
        estimator(name).fit(np.zeros((200_000, 2)))
    assert isinstance(error.value, TierscapeError)


def test_dbscan_counts_pairs_before_it_lists_them(monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.random.default_rng(0).uniform(0, 10, (400, 2))
    estimator("dbscan", radius_km=300.0).fit(points)
    monkeypatch.setattr(learn_neighbours, "MAX_PAIRS", 1_000)
    with pytest.raises(SizeError, match=r"within 300 km\. It can take these points with") as error:
        estimator("dbscan", radius_km=300.0).fit(points)
    radius = float(str(error.value).split("points with ")[1].split(" km")[0])
    assert 10 < radius < 100
    estimator("dbscan", radius_km=radius).fit(points)


def test_a_place_has_one_name() -> None:
    same = one_name_each(np.array([[180.0, 3.0], [-180.0, 3.0], [7.0, 90.0], [-0.0, 90.0]]))
    assert same[0].tolist() == same[1].tolist()
    assert same[2].tolist() == same[3].tolist()


def test_chords_and_arcs_turn_into_each_other() -> None:
    km = np.r_[0.0, np.geomspace(1e-3, 19_000, 200)]
    assert arc_km(chord_of(km)) == pytest.approx(km, rel=1e-9)


def test_distances_across_the_antimeridian_and_over_the_pole() -> None:
    a = np.array([[179.0, 60.0], [0.0, 89.0], [0.0, 0.0]])
    b = np.array([[-179.0, 60.0], [180.0, 89.0], [180.0, 0.0]])
    degree = great_circle_km(np.array([[0.0, 0.0]]), np.array([[1.0, 0.0]]))[0, 0]
    found = np.diag(great_circle_km(a, b)) / degree
    assert found.tolist() == pytest.approx([0.99992, 2.0, 180.0], abs=2e-4)
    both = distance_matrix_km(np.column_stack([GOOD, np.arange(30)]), 0.0)
    assert both == pytest.approx(great_circle_km(GOOD, GOOD), abs=1e-9)


def test_parts_of_the_graph_are_joined_by_their_shortest_links() -> None:
    parts = [GOOD + np.array(each) for each in ([0, 0], [40, 0], [-100, 30], [40, -60])]
    graph = connected_neighbours(np.vstack(parts), 2)
    dense = graph.toarray() > 0
    assert (dense == dense.T).all()
    assert not dense.diagonal().any()
    links = [(i, j) for i, j in np.argwhere(dense) if i // 30 != j // 30 and i < j]
    assert len(links) == 3
    everything = np.vstack(parts)
    for i, j in links:
        first, second = i // 30 * 30, j // 30 * 30
        km = great_circle_km(everything[first : first + 30], everything[second : second + 30])
        assert km[i - first, j - second] == pytest.approx(km.min())
