"""Land from the shoreline of the 1:10 m map, for views so near that 1:50 m looks rough."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from ...data.physical_loader import Coast
from .cutting import window
from .views import View

#: Farther out the coarser land looks the same.
_MOST_KM = 1600.0

Points = NDArray[np.float64]


def fine_land(view: View, coast: Coast, coarse: shapely.Geometry) -> shapely.Geometry:
    """Return the land of a near view in degrees, from shoreline segments with land on the left.

    The lines, with the window's edge, part the window into faces. A face is land where it lies to
    the left of its shoreline; one without any is what the coarser land says.

    Parameters
    ----------
    view
        Another than a near conformal view gets `coarse`.
    coast
        Segments in degrees.
    coarse
        Land of the 1:50 m map, EPSG:4326.
    """
    west, south, east, north = window(view)
    if view.kind != "conformal" or view.half_km > _MOST_KM or east - west > 90:
        return coarse
    start, end = (_around(points, view.lon) for points in (coast.start, coast.end))
    low, high = np.minimum(start, end), np.maximum(start, end)
    near = (high >= (west, south)).all(axis=1) & (low <= (east, north)).all(axis=1)
    near &= high[:, 0] - low[:, 0] < 180
    start, end = start[near], end[near]
    box = shapely.box(west, south, east, north)
    lines = shapely.linestrings(np.stack([start, end], axis=1))
    net = shapely.union_all([*lines, box.boundary])
    faces = list(shapely.polygonize(shapely.get_parts([net])).geoms)
    drawn = {(*a, *b) for a, b in zip(start.tolist(), end.tolist(), strict=True)}
    land = [face for face in faces if _is_land(face, drawn, coarse)]
    return shapely.intersection(shapely.union_all(land), box)


def _around(points: Points, lon: float) -> Points:
    """Return points with longitudes within half a turn of a meridian."""
    return np.column_stack([(points[:, 0] - lon + 180) % 360 - 180 + lon, points[:, 1]])


def _is_land(
    face: shapely.Polygon, drawn: set[tuple[float, ...]], coarse: shapely.Geometry
) -> bool:
    """Tell whether a face lies to the left of the shoreline round it."""
    left = right = 0
    for ring in _rings(face):
        for a, b in pairwise(ring):
            left += (*a, *b) in drawn
            right += (*b, *a) in drawn
    if left or right:
        return left > right
    inside = face.representative_point()
    lon = (inside.x + 180) % 360 - 180
    return bool(shapely.contains_xy(coarse, lon, inside.y))


def _rings(face: shapely.Polygon) -> list[Sequence[tuple[float, float]]]:
    """Return the rings of a polygon, each with the polygon on its left."""
    oriented = shapely.geometry.polygon.orient(face, 1.0)
    return [list(ring.coords) for ring in (oriented.exterior, *oriented.interiors)]
