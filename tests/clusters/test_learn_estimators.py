"""The estimators: scikit-learn's conventions, any order of points, and distances by brute force."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN, HDBSCAN, OPTICS
from sklearn.metrics import adjusted_rand_score
from sklearn.utils.estimator_checks import check_estimator

from tierscape.clusters.estimators import EXPECTED_FAILED_CHECKS, METHODS, estimator
from tierscape.clusters.learn_base import GeodesicClusterer
from tierscape.clusters.learn_density import GeodesicDBSCAN, GeodesicHDBSCAN, GeodesicOPTICS
from tierscape.clusters.learn_groups import GeodesicAgglomerative, GeodesicKMedoids
from tierscape.geo.sphere import EARTH_KM

#: Longitude and latitude of the middle of point clouds where maps break, and where they do not.
PLACES = {"antimeridian": (180.0, -17.0), "north": (0.0, 90.0), "south": (40.0, -90.0)}
PLACES |= {"europe": (8.0, 48.0)}
SMALL: dict[str, dict[str, object]] = {
    "dbscan": {"radius_km": 60.0, "min_cities": 3},
    "hdbscan": {"min_cities": 3},
    "optics": {"min_cities": 3},
    "agglomerative": {"n_clusters": 4, "neighbours": 3},
    "k-medoids": {"n_clusters": 4},
}


def cloud(place: str, count: int = 60, seed: int = 1) -> np.ndarray:
    """Return points within about 400 km of a place, drawn without a map."""
    lon, lat = np.radians(PLACES[place])
    middle = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    at = middle + np.random.default_rng(seed).uniform(-0.06, 0.06, (count, 3))
    at /= np.linalg.norm(at, axis=1, keepdims=True)
    return np.degrees(np.column_stack([np.arctan2(at[:, 1], at[:, 0]), np.arcsin(at[:, 2])]))


def haversine_km(points: np.ndarray) -> np.ndarray:
    """Return all distances by the textbook's formula, one pair after the other."""
    lon, lat = np.radians(points[:, :2]).T
    found = np.zeros((len(points), len(points)))
    for i in range(len(points)):
        for j in range(len(points)):
            a = np.sin((lat[i] - lat[j]) / 2) ** 2
            a += np.cos(lat[i]) * np.cos(lat[j]) * np.sin((lon[i] - lon[j]) / 2) ** 2
            found[i, j] = 2 * EARTH_KM * np.arcsin(np.sqrt(a))
    return found


def brute_dbscan(km: np.ndarray, radius: float, least: int) -> np.ndarray:
    """Return DBSCAN's labels from a matrix, by the definition; borders with the nearest core."""
    near = km <= radius
    core = near.sum(axis=1) >= least
    labels = np.full(len(km), -1)
    for start in np.flatnonzero(core):
        if labels[start] < 0:
            labels[start] = labels.max() + 1
            todo = [start]
            while todo:
                new = np.flatnonzero(near[todo.pop()] & core & (labels < 0))
                labels[new] = labels[start]
                todo += new.tolist()
    cores = np.flatnonzero(core)
    for point in np.flatnonzero(~core):
        reached = cores[near[point, cores]]
        if len(reached):
            labels[point] = labels[reached[km[point, reached].argmin()]]
    return labels


def same(first: np.ndarray, second: np.ndarray) -> bool:
    """Tell whether two labellings are the same up to numbers, noise included."""
    alike = adjusted_rand_score(first, second) == 1
    return alike and np.array_equal(first < 0, second < 0)


@pytest.mark.parametrize("name", METHODS)
def test_scikit_learn_finds_nothing_but_what_is_expected(name: str) -> None:
    expected = dict(EXPECTED_FAILED_CHECKS[name])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the checks of scikit-learn warn of themselves
        checks = check_estimator(METHODS[name].estimator(), on_fail=None)
    assert {each["check_name"] for each in checks if each["status"] == "failed"} == set(expected)
    assert sum(each["status"] == "passed" for each in checks) > 35
    assert all(expected.values())


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", METHODS)
def test_any_order_of_points_gives_the_same_clusters(name: str, place: str) -> None:
    points = cloud(place)
    model = estimator(name, **SMALL[name])
    labels = model.fit(points).labels_
    assert labels.max() > 0
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(points))
        again = estimator(name, **SMALL[name]).fit(points[order]).labels_
        assert same(labels[order], again)


@pytest.mark.parametrize("name", METHODS)
def test_points_on_a_grid_and_in_one_place_have_no_order_either(name: str) -> None:
    grid = np.array([(lon, lat) for lon in range(6) for lat in range(5)], float)
    points = np.vstack([grid / 4, grid / 4 + [5, 0], grid[:7] / 4])
    settings_of = {**SMALL[name], "min_cities": 4} if "min_cities" in SMALL[name] else SMALL[name]
    model = estimator(name, **settings_of)
    labels = model.fit(points).labels_
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(points))
        assert same(labels[order], estimator(name, **settings_of).fit(points[order]).labels_)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("radius", [40.0, 60.0, 90.0])
def test_dbscan_is_the_definition_on_haversine_distances(place: str, radius: float) -> None:
    points = cloud(place, 80)
    found = GeodesicDBSCAN(radius, min_cities=4).fit(points)
    km = haversine_km(points)
    assert same(found.labels_, brute_dbscan(km, radius, 4))
    core = np.flatnonzero((km <= radius).sum(axis=1) >= 4)
    assert found.core_sample_indices_.tolist() == core.tolist()


@given(seed=st.integers(0, 10**6), radius=st.floats(5, 20_000), least=st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_dbscan_anywhere_on_earth(seed: int, radius: float, least: int) -> None:
    rng = np.random.default_rng(seed)
    points = np.column_stack(
        [rng.uniform(-180, 180, 40), np.degrees(np.arcsin(rng.uniform(-1, 1, 40)))]
    )
    found = GeodesicDBSCAN(radius, min_cities=least).fit(points).labels_
    assert same(found, brute_dbscan(haversine_km(points), radius, least))


def test_dbscan_with_borders_as_scikit_learn_has_them() -> None:
    points = np.vstack([cloud("europe", 300, seed) for seed in range(3)])
    for radius, least in ((12.0, 3), (15.0, 4), (20.0, 6)):
        theirs = DBSCAN(eps=radius / EARTH_KM, min_samples=least, metric="haversine")
        expected = theirs.fit(np.radians(points[:, ::-1]))
        found = GeodesicDBSCAN(radius, min_cities=least, border="first").fit(points)
        assert expected.labels_.max() > 3
        assert found.labels_.tolist() == expected.labels_.tolist()
        assert found.core_sample_indices_.tolist() == expected.core_sample_indices_.tolist()


def test_a_city_at_exactly_the_radius_is_a_neighbour() -> None:
    degree = EARTH_KM * np.pi / 180
    for lon in range(-180, 180, 7):
        points = [[float(lon), 0.0], [float(lon) + 1, 0.0]]
        assert GeodesicDBSCAN(degree, min_cities=2).fit(points).labels_.tolist() == [0, 0]
        assert GeodesicDBSCAN(degree - 1e-3, min_cities=2).fit(points).labels_.max() == -1


@pytest.mark.parametrize("place", PLACES)
def test_hdbscan_and_optics_are_scikit_learns_on_haversine_distances(place: str) -> None:
    points = cloud(place, 80)
    km = haversine_km(points)
    # Ties are broken by position: both see the most central point first.
    central = np.argsort(km.sum(axis=1))
    km, points = km[np.ix_(central, central)], points[central]
    hdbscan = HDBSCAN(min_cluster_size=4, metric="precomputed", copy=True).fit(km)
    assert same(GeodesicHDBSCAN(4).fit(points).labels_, hdbscan.labels_)
    for radius in (np.inf, 90.0):
        optics = OPTICS(min_samples=4, max_eps=radius, metric="precomputed")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", category=RuntimeWarning)  # ratios of infinities
            optics.fit(km)
        found = GeodesicOPTICS(4, max_radius_km=radius).fit(points)
        assert found.reachability_km_ == pytest.approx(optics.reachability_)
        assert same(found.labels_, optics.labels_)


@pytest.mark.parametrize("place", PLACES)
def test_each_city_is_with_its_nearest_medoid_and_no_swap_is_better(place: str) -> None:
    points = cloud(place, 40)
    km = haversine_km(points)
    found = GeodesicKMedoids(4).fit(points)
    medoids = found.medoid_indices_
    assert found.labels_.tolist() == km[medoids].argmin(axis=0).tolist()
    assert found.inertia_km_ == pytest.approx(km[medoids].min(axis=0).sum())
    for slot in range(4):
        for point in range(40):
            other = medoids.copy()
            other[slot] = point
            assert km[other].min(axis=0).sum() >= found.inertia_km_ - 1e-6


def test_more_beginnings_are_never_worse_and_the_seed_decides() -> None:
    points = cloud("europe", 120)
    once = GeodesicKMedoids(9).fit(points).inertia_km_
    many = [GeodesicKMedoids(9, n_init=8, random_state=3).fit(points) for _ in range(2)]
    assert many[0].inertia_km_ <= once
    assert many[0].labels_.tolist() == many[1].labels_.tolist()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("linkage", ["ward", "average", "complete", "single"])
def test_two_clouds_far_apart_are_two_groups(place: str, linkage: str) -> None:
    points = np.vstack([cloud(place, 20), cloud("europe", 15) + np.array([20, -60])])
    found = GeodesicAgglomerative(2, neighbours=3, linkage=linkage).fit(points)  # type: ignore[arg-type]
    assert found.labels_.tolist() == [0] * 20 + [1] * 15


def test_scores_tell_neighbours_apart_only_where_the_map_allows() -> None:
    # A row of cities: low, high, low. The two low parts do not touch.
    lon = np.arange(30) * 0.5
    score = np.r_[np.zeros(10), np.full(10, 5.0), np.zeros(10)]
    points = np.column_stack([lon, np.zeros(30), score])
    expected = [0] * 10 + [1] * 10 + [2] * 10
    agglomerative = GeodesicAgglomerative(3, neighbours=2, by="scores").fit(points)
    assert agglomerative.labels_.tolist() == expected
    assert GeodesicDBSCAN(60, min_cities=2, score_radius=1).fit(points).labels_.tolist() == expected
    together = GeodesicDBSCAN(60, min_cities=2, score_radius=9).fit(points).labels_
    assert together.tolist() == [0] * 30


@pytest.mark.parametrize("name", METHODS)
def test_one_cloud_and_its_twin_across_the_antimeridian_are_alike(name: str) -> None:
    """Turning the Earth moves no city relative to another."""
    points = cloud("europe")
    turned = points.copy()
    turned[:, 0] = (points[:, 0] + 172 + 180) % 360 - 180
    models: list[GeodesicClusterer] = [estimator(name, **SMALL[name]) for _ in range(2)]
    assert same(models[0].fit(points).labels_, models[1].fit(turned).labels_)
    assert np.ptp(turned[:, 0]) > 300
