"""Distance to the coast, side by side with two peers: whole processes in alternating pairs.

Every process starts cold, reads the points and the shipped shoreline, and writes a distance for
each point.

Errors are against the brute-force reference of the tests, which shares no code with any of the
methods: points all over the globe (a quarter of them near ±180° and the poles) and as many within
about 100 km of the shore. Neither the code nor its thresholds were chosen on these points.
"""

import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from harness import Row, Side, Used, alternate, called, main

Floats = npt.NDArray[np.float64]

TOPIC = "Distance to the coast"
THRESHOLD_KM = 50.0


def tierscape_km(points: str, out: str) -> None:
    """Measure with the function under test."""
    from tierscape.geo.coast import distance_to_coast  # noqa: PLC0415 - its import is timed

    np.save(out, distance_to_coast(*np.load(points).T).km)


def geopandas_km(points: str, out: str) -> None:
    """Join each point with the nearest segment in a plane; segments over 180° are left out."""
    import geopandas  # noqa: PLC0415 - its import is timed
    import shapely  # noqa: PLC0415 - its import is timed

    start, end = shore()
    plain = np.abs(start[:, 0] - end[:, 0]) < 180
    segments = shapely.linestrings(np.stack([start[plain], end[plain]], axis=1))
    lines = geopandas.GeoDataFrame(geometry=segments, crs=4326).to_crs(4087)
    places = geopandas.points_from_xy(*np.load(points).T, crs=4326)
    table = geopandas.GeoDataFrame(geometry=places).to_crs(4087)
    joined = geopandas.sjoin_nearest(table, lines, distance_col="metres")
    np.save(out, np.asarray(joined["metres"].groupby(level=0).first(), float) / 1000)


def kdtree_km(points: str, out: str) -> None:
    """Take the nearest of points every kilometre, by unit vectors, and its geodesic distance."""
    from pyproj import Geod  # noqa: PLC0415 - its import is timed
    from scipy.spatial import cKDTree  # noqa: PLC0415 - its import is timed

    lon, lat = np.load(points).T
    first, last = (unit(*ends.T) for ends in shore())
    pieces = np.ceil(np.linalg.norm(last - first, axis=1) * 6371.0).clip(1).astype(int)
    row = np.repeat(np.arange(len(pieces)), pieces)
    part = np.arange(len(row)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    dense = first[row] + (part / pieces[row])[:, None] * (last - first)[row]
    dense /= np.linalg.norm(dense, axis=1)[:, None]
    near = dense[cKDTree(dense).query(unit(lon, lat))[1]]
    east, north = np.degrees(np.arctan2(near[:, 1], near[:, 0])), np.degrees(np.arcsin(near[:, 2]))
    np.save(out, np.asarray(Geod(ellps="WGS84").inv(lon, lat, east, north)[2]) / 1000)


PEERS = {
    "geopandas sjoin_nearest, EPSG:4087": geopandas_km,
    "cKDTree of points every 1 km, Geod.inv": kdtree_km,
}


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


def measured(method: str, points: Path, out: Path) -> Used:
    """Run one method in a process of its own."""
    return called(__file__, method, points, out)


def spread_out(count: int) -> Floats:
    """Return points all over the globe."""
    random = np.random.default_rng(11)
    lat = np.degrees(np.arcsin(random.uniform(-1, 1, count)))
    return np.column_stack([random.uniform(-180, 180, count), lat])


def reference(count: int) -> tuple[Floats, Floats]:
    """Return points and their distances by brute force."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "geo"))
    tests: Any = __import__("test_measures_coast")
    start, end = shore()
    random = np.random.default_rng(2026)
    half = count // 2
    near = start[random.integers(0, len(start), half)] + random.uniform(-1, 1, (half, 2))
    near[:, 0] = (near[:, 0] + 180) % 360 - 180
    points = np.vstack([tests.random_points(half, seed=2027), near.clip([-180, -90], [180, 90])])
    return points, np.array([tests.reference_km(point, start, end) for point in points])


def length(metres: float) -> str:
    """Return a length in metres or kilometres."""
    return f"{metres:,.3f} m" if metres < 1000 else f"{metres / 1000:,.1f} km"


def errors(km: Floats, expected: Floats) -> str:
    """Tell the errors of a method."""
    metres = np.abs(km - expected) * 1000
    flips = int(((km > THRESHOLD_KM) != (expected > THRESHOLD_KM)).sum())
    middle, high, most = map(length, np.quantile(metres, [0.5, 0.99, 1.0]))
    return (
        f"error: median {middle}, p99 {high}, most {most};"
        f" {flips} of {len(km):,} on the wrong side of {THRESHOLD_KM:g} km"
    )


def rows(quick: bool) -> Iterator[Row]:  # noqa: FBT001 - what every script takes
    """Yield a row for each peer."""
    count, pairs, checked = (20_000, 1, 60) if quick else (200_000, 5, 1000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many, fresh, out = (folder / f"{each}.npy" for each in ("many", "fresh", "out"))
        points, expected = reference(checked)
        np.save(many, spread_out(count))
        np.save(fresh, points)
        right = {}
        for method in (tierscape_km, *PEERS.values()):  # this warms the disk cache as well
            measured(method.__name__, fresh, out)
            right[method] = errors(np.load(out), expected)
        for peer, method in PEERS.items():
            ours, theirs = alternate(
                partial(measured, tierscape_km.__name__, many, out),
                partial(measured, method.__name__, many, out),
                pairs,
            )
            yield Row(
                TOPIC,
                f"Distance of {count:,} points all over the globe, whole process",
                Side.of("tierscape", ours, right[tierscape_km]),
                Side.of(peer, theirs, right[method]),
            )


if __name__ == "__main__":
    main(rows, (tierscape_km, geopandas_km, kdtree_km))
