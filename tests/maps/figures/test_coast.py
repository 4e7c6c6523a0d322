"""Land from shoreline segments is the land that the segments were taken from."""

import numpy as np
import pytest
import shapely

from tierscape.data.physical_loader import Coast, load_coast, load_land
from tierscape.maps.figures.coast import fine_land
from tierscape.maps.figures.cutting import window
from tierscape.maps.figures.views import Frame, View, fit_view

FRAME = Frame(0, 0, 800, 600)
#: Across 180 degrees: land with a bay that is a ring of its own, and an island in the bay.
SHORES = (
    shapely.Polygon(
        [(178, -19), (182, -19), (182, -15), (178, -15)],
        holes=[[(179, -18), (181, -18), (181, -16), (179, -16)]],
    ),
    shapely.box(179.5, -17.5, 180.5, -16.5),
)


def coast_of(shapes: tuple[shapely.Polygon, ...]) -> Coast:
    """Return the segments of polygons, land on the left, longitudes from -180 to 180."""
    starts, ends = [], []
    for shape in shapes:
        oriented = shapely.geometry.polygon.orient(shape, 1.0)
        for ring in (oriented.exterior, *oriented.interiors):
            points = shapely.get_coordinates(shapely.segmentize(ring, 0.5))
            points[:, 0] = (points[:, 0] + 180) % 360 - 180
            starts.append(points[:-1])
            ends.append(points[1:])
    start = np.concatenate(starts)
    kind = np.zeros(len(start), dtype=np.uint8)
    return Coast(start, np.concatenate(ends), kind, kind)


def view_of(lon: float, lat: float) -> View:
    return fit_view(np.array([lon]), np.array([lat]), FRAME)


def test_faces_are_the_land_that_lines_were_taken_from() -> None:
    view = view_of(180.0, -17.0)
    found = fine_land(view, coast_of(SHORES), shapely.MultiPolygon())
    turn = 360 * round((view.lon - 180) / 360)
    wanted = shapely.union_all(
        [shapely.transform(s, lambda at: at + np.array([turn, 0])) for s in SHORES]
    )
    wanted = shapely.intersection(wanted, shapely.box(*window(view)))
    assert shapely.symmetric_difference(found, wanted).area < 1e-9
    assert wanted.area > 1


@pytest.mark.parametrize("land", [True, False])
def test_a_window_without_shore_is_what_the_coarser_land_says(*, land: bool) -> None:
    coarse = shapely.box(-180, -90, 180, 90) if land else shapely.MultiPolygon()
    found = fine_land(view_of(90.0, 45.0), coast_of(SHORES), coarse)
    assert (found.area > 0) == land


def test_a_far_view_keeps_the_coarser_land() -> None:
    view = fit_view(np.array([-100.0, 100.0]), np.array([0.0, 0.0]), FRAME)
    assert fine_land(view, coast_of(SHORES), SHORES[0]) is SHORES[0]


@pytest.mark.parametrize(
    ("name", "lon", "lat", "dry"),
    [
        ("Suva", 178.43, -18.10, True),
        ("Koro Sea", 179.5, -18.0, False),
        ("Guangzhou", 113.26, 23.13, True),
        ("Lingding Bay", 113.70, 22.45, False),
        ("London", -0.12, 51.5, True),
        ("Strait of Dover", 1.5, 51.0, False),
        ("Ulaanbaatar", 106.9, 47.9, True),
    ],
)
def test_the_shipped_shoreline_parts_land_from_sea(
    name: str, lon: float, lat: float, *, dry: bool
) -> None:
    coarse = shapely.union_all([shapely.make_valid(shape) for shape in load_land().geometry])
    view = view_of(lon, lat)
    found = fine_land(view, load_coast(), coarse)
    assert bool(shapely.contains_xy(found, lon, lat)) == dry, name
