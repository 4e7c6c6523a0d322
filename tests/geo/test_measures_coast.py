"""Coast distances against a brute-force geodesic reference that shares no code with the package.

The reference measures to the shipped shoreline vertex by vertex and finds the nearest point of
every candidate segment with a golden-section search along its geodesic.
"""

import numpy as np
import numpy.typing as npt
import pytest
from pyproj import Geod

from tierscape.data.physical_loader import load_coast
from tierscape.geo.coast import distance_to_coast

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

GEOD = Geod(ellps="WGS84")
GOLDEN = (5**0.5 - 1) / 2


def reference_km(point: Floats, start: Floats, end: Floats) -> float:
    """Return the geodesic distance (km) from a point to the nearest of all segments."""
    near = candidates(point, start, end)
    start, end = start[near], end[near]
    azimuth, _, length = GEOD.inv(*start.T, *end.T)

    def km_at(share: Floats) -> Floats:
        lon, lat, _ = GEOD.fwd(*start.T, azimuth, length * share)
        here = np.broadcast_to(point, start.shape).copy()
        return np.asarray(GEOD.inv(*here.T, lon, lat)[2]) / 1000

    low, high = np.zeros(len(start)), np.ones(len(start))
    for _ in range(45):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        nearer = km_at(left) < km_at(right)
        low, high = np.where(nearer, low, left), np.where(nearer, right, high)
    return float(km_at((low + high) / 2).min())


def candidates(point: Floats, start: Floats, end: Floats) -> Ints:
    """Return the segments that can hold the nearest point: sphere first, with a 1.2 % margin."""
    begin, finish = haversine_km(point, start), haversine_km(point, end)
    floor = (begin + finish - haversine_km(start, end)) / 2
    return np.flatnonzero(floor <= np.minimum(begin, finish).min() * 1.012 + 0.1)


def haversine_km(here: Floats, there: Floats) -> Floats:
    """Return great-circle distances on a sphere, in km, of rows (lon, lat)."""
    (lam, phi), (mu, psi) = np.radians(here).T, np.radians(there).T
    square = np.sin((psi - phi) / 2) ** 2 + np.cos(phi) * np.cos(psi) * np.sin((mu - lam) / 2) ** 2
    return np.asarray(2 * 6371.0 * np.arcsin(np.sqrt(np.minimum(square, 1))))


def random_points(count: int, seed: int) -> Floats:
    """Return points all over the globe, a quarter of them near 180° and the poles."""
    random = np.random.default_rng(seed)
    lon = random.uniform(-180, 180, count)
    lat = np.degrees(np.arcsin(random.uniform(-1, 1, count)))
    eighth = count // 8
    lon[:eighth] = (180 + random.uniform(-2, 2, eighth) + 180) % 360 - 180
    lat[eighth : 2 * eighth] = random.choice([-1, 1], eighth) * random.uniform(86, 90, eighth)
    return np.column_stack([lon, lat])


def test_agrees_with_the_reference() -> None:
    coast = load_coast()
    shore = coast.kind < 2
    start, end = coast.start[shore], coast.end[shore]
    points = random_points(160, seed=7)
    expected = np.array([reference_km(point, start, end) for point in points])
    error_m = np.abs(distance_to_coast(*points.T).km - expected) * 1000
    assert np.quantile(error_m, 0.99) <= 1
    assert error_m.max() <= 500


@pytest.mark.parametrize(("lon", "lat"), [(180.0, -16.7), (-180.0, -16.7), (179.9999, -16.7)])
def test_taveuni_lies_on_the_antimeridian_and_near_its_shore(lon: float, lat: float) -> None:
    assert distance_to_coast([lon], [lat]).km[0] < 20


def test_there_is_no_shore_along_180_degrees_in_chukotka() -> None:
    # The Wrangel and Chukotka polygons are cut at 180°; inland of the cut the shore is far.
    assert distance_to_coast([180.0], [67.5]).km[0] > 100


def test_the_south_pole_is_far_from_the_sea() -> None:
    assert 400 < distance_to_coast([0.0, 120.0], [-90.0, -90.0]).km[0] < 1400
