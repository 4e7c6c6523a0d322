"""Scans: stability by resampling, seeds, and the choice of a setting."""

import numpy as np
import pytest

from tierscape.clusters.estimators import METHODS, GeodesicDBSCAN
from tierscape.clusters.learn import GRIDS, scan, steadiest
from tierscape.clusters.learn_points import PointsError
from tierscape.clusters.learn_stability import Resampling, best_jaccard, stability
from tierscape.data.errors import DataError, UnknownNameError


def blobs() -> np.ndarray:
    """Return three tight groups and a loose one."""
    rng = np.random.default_rng(5)
    tight = [rng.normal(0, 0.3, (15, 2)) + middle for middle in ((0, 0), (20, 10), (179, -40))]
    loose = rng.normal(0, 4, (15, 2)) + np.array([-60, 40])
    points = np.vstack([*tight, loose])
    points[:, 0] = (points[:, 0] + 180) % 360 - 180
    return points


def brute_best(labels: np.ndarray, others: np.ndarray, cluster: int) -> float:
    own = set(np.flatnonzero(labels == cluster))
    found = [0.0]
    for other in set(others.tolist()) - {-1}:
        theirs = set(np.flatnonzero(others == other))
        found.append(len(own & theirs) / len(own | theirs))
    return max(found)


def test_best_jaccard_is_the_definition() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        labels, others = rng.integers(-1, 4, 30), rng.integers(-1, 6, 30)
        labels[:4] = range(4)
        expected = [brute_best(labels, others, cluster) for cluster in range(4)]
        assert best_jaccard(labels, others).tolist() == pytest.approx(expected)


def test_no_cluster_has_no_coefficient() -> None:
    nothing = np.full(5, -1)
    assert best_jaccard(nothing, np.zeros(5, int)).tolist() == []
    assert best_jaccard(np.zeros(5, int), nothing).tolist() == [0.0]


def test_stability_is_the_mean_over_the_samples() -> None:
    points, how = blobs(), Resampling(count=12, share=0.7, seed=4)
    model = GeodesicDBSCAN(250, min_cities=4)
    labels, table = stability(model, points, how)
    values = []
    for drawn in how.samples(len(points)):
        again = GeodesicDBSCAN(250, min_cities=4).fit(points[drawn]).labels_
        values.append([brute_best(labels[drawn], again, each) for each in table["cluster"]])
    expected = np.array(values)
    assert table["jaccard"].tolist() == pytest.approx(expected.mean(axis=0).tolist())
    assert table["recovered"].tolist() == pytest.approx((expected >= 0.75).mean(axis=0).tolist())
    assert table["dissolved"].tolist() == pytest.approx((expected <= 0.5).mean(axis=0).tolist())
    assert table["n_cities"].sum() == (labels >= 0).sum()


def test_tight_groups_are_stabler_than_a_loose_one() -> None:
    labels, table = stability(GeodesicDBSCAN(300, min_cities=4), blobs(), Resampling())
    by_cluster = table.set_index("cluster")["jaccard"]
    tight = [by_cluster[labels[at]] for at in (0, 15, 30)]
    loose = [by_cluster[each] for each in set(labels[45:].tolist()) - {-1}]
    assert min(tight) == 1.0
    assert loose
    assert max(loose) < 0.9


@pytest.mark.parametrize("name", METHODS)
def test_the_same_seed_gives_the_same_table(name: str) -> None:
    parameter, values = next(iter(GRIDS[name].items()))
    grid = {parameter: values[:2]}
    runs = [
        scan(name, blobs(), grid, resampling=Resampling(count=6, seed=seed)) for seed in (1, 1, 2)
    ]
    assert runs[0].clusters.equals(runs[1].clusters)
    assert runs[0].settings.equals(runs[1].settings)
    assert runs[0].labels.tolist() == runs[2].labels.tolist()
    assert runs[0].clusters["jaccard"].between(0, 1).all()


def test_a_scan_tries_every_combination() -> None:
    grid = {"radius_km": [50.0, 300.0], "min_cities": [3, 6, 90]}
    found = scan("dbscan", blobs(), grid, resampling=Resampling(count=3))
    assert found.settings[["radius_km", "min_cities"]].to_numpy().tolist() == [
        [radius, least] for radius in (50.0, 300.0) for least in (3, 6, 90)
    ]
    assert found.labels.shape == (6, 60)
    assert (found.settings["n_cities"] + found.settings["n_noise"] == 60).all()
    nothing = found.settings[found.settings["min_cities"] == 90]
    assert nothing["n_clusters"].tolist() == [0, 0]
    assert nothing["jaccard"].isna().all()


def test_the_setting_with_most_stable_clusters_is_the_steadiest() -> None:
    found = scan("dbscan", blobs(), {"radius_km": [1.0, 150.0, 20_000.0]})
    assert steadiest(found) == 1
    assert steadiest(scan("dbscan", blobs(), {"radius_km": [0.001, 0.002]})) == 0


def test_fixed_parameters_do_not_change() -> None:
    found = scan("dbscan", blobs(), {"radius_km": [300.0]}, fixed={"min_cities": 61})
    assert found.settings.loc[0, "n_clusters"] == 0


@pytest.mark.parametrize(
    ("how", "message"),
    [
        (Resampling(count=1), "at least 2"),
        (Resampling(share=0.0), "above 0"),
        (Resampling(share=1.0), "below 1"),
        (Resampling(seed=-3), "'-3'"),
    ],
)
def test_wrong_resampling(how: Resampling, message: str) -> None:
    with pytest.raises(DataError, match=message):
        scan("dbscan", blobs(), resampling=how)


def test_samples_too_small_for_the_method() -> None:
    with pytest.raises(PointsError, match="samples of 6 are drawn, k-medoids needs 8"):
        scan("k-medoids", blobs()[:12], {"n_clusters": [8]}, resampling=Resampling(share=0.5))


def test_wrong_grids() -> None:
    with pytest.raises(DataError, match="radius_km"):
        scan("dbscan", blobs(), {"radius_km": []})
    with pytest.raises(UnknownNameError, match="Did you mean 'radius_km'"):
        scan("dbscan", blobs(), {"radius": [5]})
    with pytest.raises(UnknownNameError, match="Did you mean 'optics'"):
        scan("optic", blobs())
