"""Views keep area or angles, hold their places, and cut land where it can be cut."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.data.errors import UnknownNameError
from tierscape.maps.figures.cutting import footprint, shown
from tierscape.maps.figures.views import (
    CONFORMAL_DEGREES,
    PROJECTIONS,
    Frame,
    View,
    fit_view,
    project,
    unproject,
)

FRAME = Frame(40, 120, 1200, 800)
PLACES = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
#: Two halves of one island, as data cut at 180 degrees hold it, and land round a pole.
ISLAND = shapely.MultiPolygon([shapely.box(176, -20, 180, -12), shapely.box(-180, -20, -176, -12)])
CAP = shapely.box(-180, 70, 180, 90)
LAND = shapely.MultiPolygon([*ISLAND.geoms, CAP, shapely.box(-20, -30, 40, 35)])
VIEWS = {
    "world": fit_view(np.array([-120.0, 150.0, 20.0]), np.array([40.0, -30.0, 50.0]), FRAME),
    "pacific": fit_view(np.array([0.0]), np.array([0.0]), FRAME, "pacific"),
    "date line": fit_view(np.array([178.0, -178.0]), np.array([-17.0, -15.0]), FRAME),
    "north pole": fit_view(np.array([0.0, 90.0, 180.0, -90.0]), np.full(4, 85.0), FRAME),
    "continent": fit_view(np.array([-10.0, 60.0]), np.array([-20.0, 40.0]), FRAME),
}


def test_the_kind_follows_how_far_apart_the_places_lie() -> None:
    kinds = {name: view.kind for name, view in VIEWS.items()}
    assert kinds == {
        "world": "world",
        "pacific": "world",
        "date line": "conformal",
        "north pole": "conformal",
        "continent": "equal-area",
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(PLACES, min_size=1, max_size=12), st.sampled_from(PROJECTIONS))
def test_every_place_lies_in_the_frame(places: list[tuple[float, float]], kind: str) -> None:
    lon, lat = np.array(places).T
    view = fit_view(lon, lat, FRAME, kind)
    if kind in {"equal-area", "conformal"} and np.ptp(lon) + np.ptp(lat) > 60:
        return  # nobody can have all the Earth in a plane that touches it
    x, y = project(view, lon, lat)
    assert ((x > FRAME.x - 1) & (x < FRAME.x + FRAME.width + 1)).all()
    assert ((y > FRAME.y - 1) & (y < FRAME.y + FRAME.height + 1)).all()


@pytest.mark.parametrize("name", VIEWS)
def test_positions_lead_back_to_their_degrees(name: str) -> None:
    view = VIEWS[name]
    x, y = np.meshgrid(np.linspace(200, 1000, 9), np.linspace(300, 700, 9))
    lon, lat = unproject(view, x.ravel(), y.ravel())
    across, down = project(view, lon, lat)
    assert np.allclose(across, x.ravel(), atol=1e-6)
    assert np.allclose(down, y.ravel(), atol=1e-6)


@pytest.mark.parametrize("name", ["world", "continent"])
def test_equal_areas_stay_equal(name: str) -> None:
    """A box of the same width between sines of latitude has the same area on the sphere."""
    view, sines = VIEWS[name], np.linspace(-0.3, 0.6, 7)
    lats = np.degrees(np.arcsin(sines))
    areas = []
    for south, north in pairwise(lats):
        for west in (0.0, 25.0):
            box = shapely.segmentize(shapely.box(west, south, west + 10, north), 0.2)
            at = shapely.get_coordinates(box)
            areas.append(shapely.Polygon(np.column_stack(project(view, *at.T))).area)
    assert np.ptp(areas) / np.mean(areas) < 2e-3


def test_a_conformal_view_keeps_angles_and_nearly_its_scale() -> None:
    view = View("conformal", 10.0, 46.0, FRAME, 3000.0)
    rng = np.random.default_rng(0)
    lat = 46 + rng.uniform(-12, 12, 50)
    lon = 10 + rng.uniform(-12, 12, 50)
    step = 1e-4
    x0, y0 = project(view, lon, lat)
    x1, y1 = project(view, lon + step / np.cos(np.radians(lat)), lat)
    x2, y2 = project(view, lon, lat + step)
    east, north = np.hypot(x1 - x0, y1 - y0), np.hypot(x2 - x0, y2 - y0)
    assert np.allclose(east, north, rtol=1e-4)
    assert np.allclose(
        (x1 - x0) * (x2 - x0) + (y1 - y0) * (y2 - y0), 0, atol=1e-4 * east.max() ** 2
    )
    edge_lat = np.array([46.0, 46 + CONFORMAL_DEGREES])
    _, ys = project(view, np.full(2, 10.0), edge_lat)
    _, ahead = project(view, np.full(2, 10.0), edge_lat + step)
    scale = np.abs(ahead - ys)
    assert scale[1] / scale[0] < 1.04


@pytest.mark.parametrize("name", VIEWS)
def test_land_on_the_page_is_land_on_the_earth(name: str) -> None:
    """Brute force: every point of a grid on the page is looked up in degrees."""
    view = VIEWS[name]
    drawn = shown(view, LAND)
    frame = view.frame
    x, y = np.meshgrid(
        np.linspace(frame.x + 2, frame.x + frame.width - 2, 60),
        np.linspace(frame.y + 2, frame.y + frame.height - 2, 45),
    )
    lon, lat = unproject(view, x.ravel(), y.ravel())
    there = np.isfinite(lon)
    if view.kind == "world":
        back, _ = project(view, lon, lat)
        there &= np.isclose(back, x.ravel(), atol=0.5)  # outside the oval nothing is drawn
    points = shapely.points(x.ravel()[there], y.ravel()[there])
    on_page = shapely.contains(drawn, points)
    around = (lon[there] + 180) % 360 - 180
    on_earth = shapely.contains_xy(shapely.buffer(LAND, 1e-9), around, lat[there])
    near_edge = shapely.distance(shapely.boundary(drawn), points) < 1.5
    assert (on_page == on_earth)[~near_edge].all()
    assert on_page.any()


def test_an_island_cut_at_180_degrees_is_one_again() -> None:
    drawn = shown(VIEWS["date line"], ISLAND)
    assert len(shapely.get_parts(drawn)) == 1


def test_land_round_a_pole_has_no_slit() -> None:
    drawn = shown(VIEWS["north pole"], CAP)
    assert len(shapely.get_parts(drawn)) == 1
    assert drawn.area == pytest.approx(FRAME.width * FRAME.height, rel=0.01)


def test_a_footprint_runs_on_beyond_180_degrees() -> None:
    west, _, east, _ = footprint(VIEWS["date line"]).bounds
    assert east - west < 40
    assert west < 180 < east or west < -180 < east


def test_an_unknown_projection_is_named() -> None:
    with pytest.raises(UnknownNameError, match="conformal"):
        fit_view(np.zeros(1), np.zeros(1), FRAME, "conformel")
