"""Distance to the coast, side by side with two peers: whole processes in alternating pairs.

Run from the repository's root: `python benchmarks/coast.py [POINTS] [PAIRS]`, by default 200,000
points and 5 pairs with each peer; a few minutes. Every process starts cold, reads the points and
the shipped shoreline, and writes a distance for each point.

Errors are against the brute-force reference of the tests, which shares no code with any of the
methods: 500 points all over the globe (a quarter of them near ±180° and the poles) and 500 within
about 100 km of the shore. Neither the code nor its thresholds were chosen on these points.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

PEERS = ("geopandas sjoin_nearest, EPSG:4087", "cKDTree, 1 km, Geod.inv")
METHODS = ("tierscape", *PEERS)
THRESHOLD_KM = 50.0


def tierscape_km(lon: Floats, lat: Floats) -> Floats:
    """Measure with the function under test."""
    from tierscape.geo.coast import distance_to_coast  # noqa: PLC0415 - its import is timed

    return distance_to_coast(lon, lat).km


def geopandas_km(lon: Floats, lat: Floats) -> Floats:
    """Join each point with the nearest segment in a plane; segments over 180° are left out."""
    import geopandas  # noqa: PLC0415 - its import is timed
    import shapely  # noqa: PLC0415 - its import is timed

    start, end = shore()
    plain = np.abs(start[:, 0] - end[:, 0]) < 180
    segments = shapely.linestrings(np.stack([start[plain], end[plain]], axis=1))
    lines = geopandas.GeoDataFrame(geometry=segments, crs=4326).to_crs(4087)
    points = geopandas.points_from_xy(lon, lat, crs=4326)
    table = geopandas.GeoDataFrame(geometry=points).to_crs(4087)
    joined = geopandas.sjoin_nearest(table, lines, distance_col="metres")
    return np.asarray(joined["metres"].groupby(level=0).first(), float) / 1000


def kdtree_km(lon: Floats, lat: Floats) -> Floats:
    """Take the nearest of points every kilometre, by unit vectors, and its geodesic distance."""
    from pyproj import Geod  # noqa: PLC0415 - its import is timed
    from scipy.spatial import cKDTree  # noqa: PLC0415 - its import is timed

    first, last = (unit(*ends.T) for ends in shore())
    pieces = np.ceil(np.linalg.norm(last - first, axis=1) * 6371.0).clip(1).astype(int)
    row = np.repeat(np.arange(len(pieces)), pieces)
    part = np.arange(len(row)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    dense = first[row] + (part / pieces[row])[:, None] * (last - first)[row]
    dense /= np.linalg.norm(dense, axis=1)[:, None]
    near = dense[cKDTree(dense).query(unit(lon, lat))[1]]
    east, north = np.degrees(np.arctan2(near[:, 1], near[:, 0])), np.degrees(np.arcsin(near[:, 2]))
    return np.asarray(Geod(ellps="WGS84").inv(lon, lat, east, north)[2]) / 1000


def unit(lon: Floats, lat: Floats) -> Floats:
    """Return unit vectors of points in degrees."""
    lam, phi = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def shore() -> tuple[Floats, Floats]:
    """Return both ends of the segments of sea and estuary."""
    from tierscape.data.physical_loader import load_coast  # noqa: PLC0415 - its import is timed

    coast = load_coast()
    counts = coast.kind < 2
    return coast.start[counts], coast.end[counts]


def run(method: str, points: Path, folder: Path) -> tuple[float, Floats]:
    """Run one method in a process of its own; return seconds and distances."""
    out = folder / "km.npy"
    begin = time.perf_counter()
    subprocess.run([sys.executable, __file__, "--one", method, points, out], check=True)
    return time.perf_counter() - begin, np.load(out)


def one(method: str, points: str, out: str) -> None:
    """Measure the points of a file in this process."""
    measure = dict(zip(METHODS, (tierscape_km, geopandas_km, kdtree_km), strict=True))[method]
    np.save(out, measure(*np.load(points).T))


def compare(count: int, pairs: int, folder: Path) -> None:
    """Print seconds of alternating pairs, and what the peer takes for each second of ours."""
    random = np.random.default_rng(11)
    lat = np.degrees(np.arcsin(random.uniform(-1, 1, count)))
    points = folder / "many.npy"
    np.save(points, np.column_stack([random.uniform(-180, 180, count), lat]))
    for peer in PEERS:
        run("tierscape", points, folder)  # warms the disk cache for both
        seconds = [
            (run("tierscape", points, folder)[0], run(peer, points, folder)[0])
            for _ in range(pairs)
        ]
        ours, theirs = (f"{statistics.median(each):.2f} s" for each in zip(*seconds, strict=True))
        ratios = [other / mine for mine, other in seconds]
        print(
            f"{count:,} points: tierscape {ours}, {peer} {theirs}; ratio "
            f"{statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})"
        )


def check(folder: Path) -> None:
    """Print the errors of every method on points that nothing was tuned on."""
    points, expected = reference()
    np.save(folder / "fresh.npy", points)
    for method in METHODS:
        km = run(method, folder / "fresh.npy", folder)[1]
        error = np.abs(km - expected) * 1000
        flips = int(((km > THRESHOLD_KM) != (expected > THRESHOLD_KM)).sum())
        middle, high = np.quantile(error, [0.5, 0.99])
        print(
            f"{method}: median {middle:,.3f} m, p99 {high:,.3f} m, max {error.max():,.3f} m, "
            f"{flips} of {len(km)} on the wrong side of {THRESHOLD_KM:g} km"
        )


def reference() -> tuple[Floats, Floats]:
    """Return 1,000 points and their distances by brute force."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "geo"))
    tests: Any = __import__("test_measures_coast")
    start, end = shore()
    random = np.random.default_rng(2026)
    near = start[random.integers(0, len(start), 500)] + random.uniform(-1, 1, (500, 2))
    near[:, 0] = (near[:, 0] + 180) % 360 - 180
    points = np.vstack([tests.random_points(500, seed=2027), near.clip([-180, -90], [180, 90])])
    return points, np.array([tests.reference_km(point, start, end) for point in points])


def main() -> None:
    """Run the comparison, or one method if this is a child process."""
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:5])
        return
    count, pairs = (int(text) for text in [*sys.argv[1:3], *("200000", "5")[len(sys.argv) - 1 :]])
    with tempfile.TemporaryDirectory() as folder:
        compare(count, pairs, Path(folder))
        check(Path(folder))


if __name__ == "__main__":
    main()
