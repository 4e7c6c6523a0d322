"""Geodesic distances: against independent formulas, across the antimeridian and at the poles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from tierscape.geo.geodesic import (
    Segments,
    distance_to_route,
    geodesic_km,
    nearest_on_segments,
    segments,
    to_lonlat,
    to_xyz,
)

LON = st.floats(-180, 180, allow_nan=False)
LAT = st.floats(-89.9, 89.9, allow_nan=False)


def one(lon: float, lat: float, end_lon: float, end_lat: float) -> Segments:
    return segments(*(np.array([v]) for v in (lon, lat, end_lon, end_lat)))


def test_meridian_degree_is_what_the_ellipsoid_says() -> None:
    # The meridian arc from the equator to 1° on WGS84 is 110.574 km (Snyder 1987, table 1).
    assert geodesic_km([0.0], [0.0], [0.0], [1.0])[0] == pytest.approx(110.574, abs=5e-4)


@given(lon=LON, lat=LAT)
def test_ellipsoid_coordinates_return(lon: float, lat: float) -> None:
    back_lon, back_lat = to_lonlat(to_xyz(lon, lat))
    assert geodesic_km([lon], [lat], [back_lon], [back_lat])[0] < 1e-6


@given(lon=LON, lat=LAT, turn=st.sampled_from([-360.0, 360.0]))
def test_a_turn_round_the_globe_changes_nothing(lon: float, lat: float, turn: float) -> None:
    line = one(179.0, -17.0, -179.0, -16.0)
    here, there = nearest_on_segments([lon, lon + turn], [lat, lat], line).km
    assert here == pytest.approx(there, abs=1e-6)


@st.composite
def segments_with_a_point(draw: st.DrawFn) -> tuple[Segments, float, float]:
    """Draw a geodesic segment of up to 900 km and a point (lon, lat) on it."""
    lon, lat, azimuth = draw(LON), draw(LAT), draw(st.floats(-180, 180))
    metres = draw(st.floats(10, 900_000))
    geod = Geod(ellps="WGS84")
    end_lon, end_lat, _ = geod.fwd(lon, lat, azimuth, metres)
    on_lon, on_lat, _ = geod.fwd(lon, lat, azimuth, metres * draw(st.floats(0, 1)))
    return one(lon, lat, end_lon, end_lat), on_lon, on_lat


# One metre is what the great ellipse of a 100 km segment may differ from its geodesic.
@settings(max_examples=60, deadline=None)
@given(drawn=segments_with_a_point(), lon=LON, lat=LAT)
def test_no_point_of_the_segment_is_nearer(
    drawn: tuple[Segments, float, float], lon: float, lat: float
) -> None:
    line, on_lon, on_lat = drawn
    found = nearest_on_segments([lon], [lat], line).km[0]
    assert found <= geodesic_km([lon], [lat], [on_lon], [on_lat])[0] + 1e-3


@settings(max_examples=60, deadline=None)
@given(drawn=segments_with_a_point())
def test_points_of_a_segment_lie_on_it(drawn: tuple[Segments, float, float]) -> None:
    line, on_lon, on_lat = drawn
    assert nearest_on_segments([on_lon], [on_lat], line).km[0] < 1e-3


def test_nearest_segment_is_named() -> None:
    lines = segments(
        np.array([0.0, 10.0]), np.array([0.0, 0.0]), np.array([0.0, 10.0]), np.array([5.0, 5.0])
    )
    assert nearest_on_segments([1.0, 9.0], [2.0, 2.0], lines).segment.tolist() == [0, 1]


def test_route_over_the_pole_and_the_antimeridian() -> None:
    over = distance_to_route([0.0, 180.0, 90.0], [90.0, 80.0, 80.0], [(0.0, 70.0), (180.0, 70.0)])
    assert over[:2] == pytest.approx([0.0, 0.0], abs=1e-3)
    assert over[2] == pytest.approx(geodesic_km([0.0], [90.0], [90.0], [80.0])[0], abs=1e-3)
    assert distance_to_route([180.0], [0.0], [(179.0, 0.0), (-179.0, 0.0)])[0] < 1e-6


def test_a_route_needs_two_waypoints() -> None:
    with pytest.raises(ValueError, match="two waypoints"):
        distance_to_route([0.0], [0.0], [(1.0, 1.0)])


def test_a_route_measures_no_point() -> None:
    assert distance_to_route([], [], [(0.0, 0.0), (1.0, 1.0)]).shape == (0,)


def test_bad_coordinates_of_a_route_are_named() -> None:
    with pytest.raises(ValueError, match=r"latitude 116\.4 of point 1.*swapped"):
        distance_to_route([0.0], [0.0], [(0.0, 0.0), (39.9, 116.4)])
    with pytest.raises(ValueError, match="longitude nan of point 0"):
        distance_to_route([float("nan")], [0.0], [(0.0, 0.0), (1.0, 1.0)])


def test_many_points_are_answered_in_their_order() -> None:
    random = np.random.default_rng(5)
    lon, lat = random.uniform(-180, 180, 60_000), random.uniform(-90, 90, 60_000)
    line = one(179.0, -17.0, -179.0, -16.0)
    together = nearest_on_segments(lon, lat, line)
    some = random.integers(0, len(lon), 50)
    assert np.array_equal(together.km[some], nearest_on_segments(lon[some], lat[some], line).km)


def test_points_as_far_from_all_ends_are_still_answered() -> None:
    # A ring of 3,600 short segments seen from its middle: every one may be the nearest.
    around = np.linspace(0, 360, 3601)
    ring = segments(around[:-1], np.full(3600, 80.0), around[1:], np.full(3600, 80.0))
    found = nearest_on_segments([0.0, 10.0], [90.0, 80.0], ring)
    assert found.km[0] == pytest.approx(geodesic_km([0.0], [80.0], [0.0], [90.0])[0], abs=0.02)
    assert found.km[1] == pytest.approx(0.0, abs=1e-6)
