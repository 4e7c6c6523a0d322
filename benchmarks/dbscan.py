"""DBSCAN on 200,000 points: ours against scikit-learn's haversine metric, in alternating pairs.

The points are places of the gazetteer, drawn again with replacement and moved by about 30 km, so
that they are as uneven as cities are. Both give the same labels, border points included.
"""

import sqlite3
import sys
import time
from collections.abc import Callable
from statistics import median

import numpy as np
from sklearn.cluster import DBSCAN

from tierscape.clusters.estimators import GeodesicDBSCAN
from tierscape.geo.gazetteer import FOLDER
from tierscape.geo.sphere import EARTH_KM

POINTS, PAIRS, SEED = 200_000, 5, 2026
RADII_KM, MIN_CITIES = (10.0, 20.0), 10
#: How much faster ours must be.
RATIO = 2.0


def made_up(count: int) -> np.ndarray:
    """Return points as uneven as cities are: longitude and latitude in degrees."""
    with sqlite3.connect(f"file:{FOLDER / 'gazetteer.sqlite'}?mode=ro", uri=True) as store:
        places = np.array(store.execute("SELECT lon, lat FROM place ORDER BY city_id").fetchall())
    rng = np.random.default_rng(SEED)
    lon, lat = places[rng.integers(0, len(places), count)].T
    moved = np.clip(lat + rng.normal(0, 0.3, count), -89, 89)
    lon = lon + rng.normal(0, 0.3, count) / np.cos(np.radians(moved))
    return np.column_stack([(lon + 180) % 360 - 180, moved])


def timed(work: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    """Return the seconds that work takes, and what it gives."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def pair(points: np.ndarray, radius_km: float) -> tuple[float, float, int, int]:
    """Run both once; return their seconds, the labels that differ, and those of `nearest`."""
    radians = np.radians(points[:, ::-1])
    theirs = DBSCAN(
        eps=radius_km / EARTH_KM, min_samples=MIN_CITIES, metric="haversine", algorithm="ball_tree"
    )
    ours = GeodesicDBSCAN(radius_km, min_cities=MIN_CITIES, border="first")
    seconds, labels = timed(lambda: ours.fit(points).labels_)
    their_seconds, their_labels = timed(lambda: theirs.fit(radians).labels_)
    nearest = GeodesicDBSCAN(radius_km, min_cities=MIN_CITIES).fit(points).labels_
    differ, moved = (int((each != their_labels).sum()) for each in (labels, nearest))
    return seconds, their_seconds, differ, moved


def main() -> int:
    """Print one line for each radius; return 1 if ours is not fast enough or labels differ."""
    points = made_up(POINTS)
    wrong = 0
    for radius in RADII_KM:
        found = [pair(points, radius) for _ in range(PAIRS)]
        ratios = [theirs / ours for ours, theirs, _, _ in found]
        differ, moved = found[0][2:]
        print(
            f"{POINTS:,} points, {radius:g} km, {PAIRS} pairs:"
            f" ours {median(each[0] for each in found):.2f} s,"
            f" scikit-learn haversine {median(each[1] for each in found):.2f} s,"
            f" ratio {median(ratios):.1f} ({min(ratios):.1f}-{max(ratios):.1f});"
            f" {differ} labels differ ({moved} border points with border='nearest')"
        )
        wrong += median(ratios) < RATIO or differ > 0
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
