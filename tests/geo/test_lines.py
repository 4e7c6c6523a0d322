"""A part of long lines gives the same answer as all of them, wherever on the globe."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from pyproj import Geod

from tierscape.data.physical_loader import load_coast
from tierscape.geo.geodesic import nearest_on_segments, segments
from tierscape.geo.lines import Lines
from tierscape.geo.points import CoordinateError

Floats = npt.NDArray[np.float64]


def anywhere(count: int, seed: int) -> tuple[Floats, Floats]:
    """Return points all over the globe, some at the poles and at 180°."""
    random = np.random.default_rng(seed)
    lon = random.uniform(-180, 180, count)
    lat = np.degrees(np.arcsin(random.uniform(-1, 1, count)))
    lon[:10], lat[10:20] = (-180, 180) * 5, (-90, 90) * 5
    return lon, lat


def scattered(seed: int) -> Lines:
    """Return long lines: short segments near 0° N 0° E, and some of thousands of km anywhere."""
    random = np.random.default_rng(seed)
    lon, lat = random.uniform(-15, 15, (2, 40_000))
    far = slice(0, None, 500)
    lon[far], lat[far] = anywhere(80, seed)
    km = random.uniform(0, 30, 40_000)
    km[far] *= 400
    azimuth = random.uniform(-180, 180, 40_000)
    end_lon, end_lat, _ = Geod(ellps="WGS84").fwd(lon, lat, azimuth, km * 1000)
    start, end = np.column_stack([lon, lat]), np.column_stack([end_lon, end_lat])
    return Lines(start, end, np.flatnonzero(random.uniform(0, 1, 40_000) < 0.9))


def shore() -> Lines:
    coast = load_coast()
    return Lines(coast.start, coast.end, np.flatnonzero(coast.kind < 2))


@pytest.mark.parametrize("lines", [shore(), scattered(1)], ids=["shore", "scattered"])
def test_few_points_get_the_answer_of_all_segments(lines: Lines) -> None:
    whole = segments(*lines.start[lines.rows].T, *lines.end[lines.rows].T)
    for count, seed in ((1, 2), (300, 3)):
        lon, lat = anywhere(max(count, 20), seed)
        found = replace(lines, first={}).nearest(lon[-count:], lat[-count:])
        expected = nearest_on_segments(lon[-count:], lat[-count:], whole)
        assert np.array_equal(found.km, expected.km)
        assert np.array_equal(found.segment, lines.rows[expected.segment])


def test_many_points_get_the_answer_of_few() -> None:
    lon, lat = anywhere(1200, seed=4)
    many, few = (shore().nearest(lon[:n], lat[:n]) for n in (1200, 200))
    assert np.array_equal(many.km[:200], few.km)
    assert np.array_equal(many.segment[:200], few.segment)


def test_an_answer_may_be_changed() -> None:
    lines = shore()
    first = lines.nearest([9.99], [53.55])
    kept = first.km[0], first.segment[0]
    first.km[0], first.segment[0] = -1, -1
    again = lines.nearest([9.99], [53.55])
    assert (again.km[0], again.segment[0]) == kept


def test_other_points_get_their_own_answer() -> None:
    lines = shore()
    lines.nearest([9.99], [53.55])
    lon, lat = anywhere(40, seed=5)
    expected = shore().nearest(lon, lat)
    for _ in range(2):
        found = lines.nearest(lon, lat)
        assert np.array_equal(found.km, expected.km)
        assert np.array_equal(found.segment, expected.segment)


def test_no_point_has_no_answer_and_a_wrong_one_is_refused() -> None:
    lines = shore()
    assert lines.nearest([], []).km.shape == (0,)
    with pytest.raises(CoordinateError, match=r"latitude 91 of point 0"):
        lines.nearest([0.0], [91.0])
