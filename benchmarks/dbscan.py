"""DBSCAN and HDBSCAN on made-up cities: ours against scikit-learn's haversine metric.

DBSCAN must give the same labels, border points included. Our HDBSCAN is scikit-learn's, on the
matrix of all great-circle distances and with the points in an order of their own: more time and
memory than scikit-learn takes with its haversine metric in a ball tree. What that buys is that
scores can count, and that the labels do not depend on the order of the table; how much
scikit-learn's do is measured as well.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from harness import Row, Side, aim, alternate, called, clocked, main
from made_up import uneven
from sklearn.cluster import DBSCAN, HDBSCAN
from sklearn.metrics import adjusted_rand_score

from tierscape.clusters.estimators import GeodesicDBSCAN, GeodesicHDBSCAN
from tierscape.geo.sphere import EARTH_KM

TOPIC = "Learned clusters"
#: How much faster ours is to be.
RATIO = 2.0
RADII_KM, MIN_CITIES = (10.0, 20.0), 10


def labels_ours(points: np.ndarray, radius_km: float) -> np.ndarray:
    """Return our DBSCAN's labels."""
    model = GeodesicDBSCAN(radius_km, min_cities=MIN_CITIES, border="first")
    return model.fit(points).labels_


def labels_theirs(points: np.ndarray, radius_km: float) -> np.ndarray:
    """Return scikit-learn's labels."""
    model = DBSCAN(
        eps=radius_km / EARTH_KM, min_samples=MIN_CITIES, metric="haversine", algorithm="ball_tree"
    )
    return np.asarray(model.fit(np.radians(points[:, ::-1])).labels_)


def hdbscan_ours(points: str, out: str) -> None:
    """Write our HDBSCAN's labels."""
    np.save(out, GeodesicHDBSCAN(MIN_CITIES).fit(np.load(points)).labels_)


def hdbscan_theirs(points: str, out: str) -> None:
    """Write scikit-learn's labels."""
    model = HDBSCAN(min_cluster_size=MIN_CITIES, metric="haversine", copy=True)
    np.save(out, model.fit(np.radians(np.load(points)[:, ::-1])).labels_)


def dbscan_row(points: np.ndarray, radius_km: float, pairs: int) -> Row:
    """Compare DBSCAN at one radius."""
    work = (partial(each, points, radius_km) for each in (labels_ours, labels_theirs))
    ours, theirs = alternate(*map(clocked, work), pairs)
    differ = int((ours[0].gave != theirs[0].gave).sum())
    row = Row(
        TOPIC,
        f"DBSCAN of {len(points):,} points, {radius_km:g} km",
        Side.of("tierscape", ours, f"{differ} of {len(points):,} labels differ"),
        Side.of("scikit-learn DBSCAN, haversine", theirs, "the reference"),
    )
    text = f"{RATIO:g} times as fast, no other label"
    return replace(row, note=aim(text, held=median(row.ratios) >= RATIO and differ == 0))


def hdbscan_row(count: int, pairs: int) -> Row:
    """Compare HDBSCAN, each run in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, mine, other = (folder / f"{each}.npy" for each in ("in", "ours", "theirs"))
        points = uneven(count)
        np.save(source, points)
        ours, theirs = alternate(
            partial(called, __file__, hdbscan_ours.__name__, source, mine),
            partial(called, __file__, hdbscan_theirs.__name__, source, other),
            pairs,
        )
        found, expected = np.load(mine), np.load(other)
        order = np.random.default_rng(1).permutation(count)
        np.save(source, points[order])
        moved = {}
        for method, labels in ((hdbscan_ours, found), (hdbscan_theirs, expected)):
            called(__file__, method.__name__, source, mine)
            moved[method] = f"{clusters(labels)}; table in another order: " + alike(
                np.load(mine), labels[order]
            )
    return Row(
        TOPIC,
        f"HDBSCAN of {count:,} points, whole process",
        Side.of("tierscape", ours, moved[hdbscan_ours]),
        Side.of("scikit-learn HDBSCAN, haversine", theirs, moved[hdbscan_theirs]),
        note=f"Ours is scikit-learn's, on all distances; the two: {alike(found, expected)}",
    )


def clusters(labels: np.ndarray) -> str:
    """Tell how many clusters there are, and how many points are in none."""
    return f"{labels.max() + 1} clusters, {(labels < 0).sum():,} points of noise"


def alike(labels: np.ndarray, others: np.ndarray) -> str:
    """Tell how alike two labellings are."""
    noise = int(((labels < 0) != (others < 0)).sum())
    index = adjusted_rand_score(labels, others)
    return f"adjusted Rand index {index:.4f}, noise differs at {noise:,} points"


def rows(quick: bool) -> Iterator[Row]:  # noqa: FBT001 - what every script takes
    """Yield a row for each radius of DBSCAN, and for HDBSCAN."""
    count, fewer, pairs = (20_000, 1000, 2) if quick else (200_000, 5000, 5)
    points = uneven(count)
    for radius in RADII_KM:
        yield dbscan_row(points, radius, pairs)
    yield hdbscan_row(fewer, pairs)


if __name__ == "__main__":
    main(rows, (hdbscan_ours, hdbscan_theirs))
