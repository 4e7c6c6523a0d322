"""Cutting polygons in degrees to what a view shows of them."""

import numpy as np
import shapely
from shapely import affinity

from .views import HALF_TURN, View, project, unproject


def shown(view: View, shape: shapely.Geometry) -> shapely.Geometry:
    """Return what a view shows of a polygon in degrees, as polygons on the page.

    The polygon is cut opposite the view's middle, not at 180 degrees: what is cut there at rest is
    joined again, and longitudes may run on beyond 180.
    """
    limits = window(view)
    west, _, east, _ = shape.bounds if not shape.is_empty else (0, 0, 0, 0)
    turns = [
        turn
        for turn in (-720, -360, 0, 360, 720)
        if east + turn >= limits[0] and west + turn <= limits[2]
    ]
    parts = [
        shapely.intersection(affinity.translate(shape, turn), shapely.box(*limits))
        for turn in turns
    ]
    whole = shapely.union_all(parts) if len(parts) > 1 else shapely.MultiPolygon()
    whole = parts[0] if len(parts) == 1 else whole
    whole = shapely.segmentize(whole, max(0.05, min(1.0, view.half_km / 4000)))
    drawn = shapely.transform(whole, lambda at: np.column_stack(project(view, at[:, 0], at[:, 1])))
    drawn = shapely.make_valid(drawn)
    if view.kind != "world" and limits[2] - limits[0] > 358:
        # Both sides of the cut meet on the page: close the slit between them.
        drawn = shapely.buffer(shapely.buffer(drawn, 0.3, quad_segs=1), -0.3, quad_segs=1)
    clipped = shapely.intersection(drawn, view.frame.shape)
    return _polygons(shapely.simplify(clipped, 0.2))


def edge(view: View) -> shapely.Geometry:
    """Return the map's own outline on the page: the frame, or what a world fills of it."""
    if view.kind != "world":
        return view.frame.shape
    globe = shapely.box(view.lon - HALF_TURN, -90, view.lon + HALF_TURN, 90)
    globe = shapely.segmentize(globe, 1.0)
    drawn = shapely.transform(globe, lambda at: np.column_stack(project(view, at[:, 0], at[:, 1])))
    return shapely.intersection(drawn, view.frame.shape)


def footprint(view: View) -> shapely.Geometry:
    """Return what the frame covers in degrees, longitudes running on beyond 180 where it does."""
    ring = shapely.get_coordinates(shapely.segmentize(view.frame.shape.exterior, 20.0))
    lon, lat = unproject(view, ring[:, 0], ring[:, 1])
    whole = np.isfinite(lon)
    if whole.sum() < 4 or _holds_pole(view) is not None:
        return shapely.box(*window(view))
    around = np.unwrap(lon[whole], period=360)
    return _polygons(shapely.make_valid(shapely.Polygon(np.column_stack([around, lat[whole]]))))


def window(view: View) -> tuple[float, float, float, float]:
    """Return the degrees within which everything shown lies: west, south, east, north."""
    frame = view.frame
    across, down = np.meshgrid(
        np.linspace(frame.x, frame.x + frame.width, 41),
        np.linspace(frame.y, frame.y + frame.height, 41),
    )
    lon, lat = unproject(view, across.ravel(), down.ravel())
    pole = _holds_pole(view)
    if view.kind == "world" or pole is not None or not np.isfinite(lon).all():
        known = lat[np.isfinite(lat)]
        south, north = float(known.min()) - 3, float(known.max()) + 3
        south = -90.0 if pole in {-1, 0} else max(-90.0, south)
        north = 90.0 if pole in {1, 0} else min(90.0, north)
        return view.lon - HALF_TURN, south, view.lon + HALF_TURN, north
    off = np.mod(lon - view.lon + 180, 360) - 180
    return (
        view.lon + max(-180.0, float(off.min()) * 1.05 - 0.5),
        max(-90.0, float(lat.min()) - 0.5),
        view.lon + min(180.0, float(off.max()) * 1.05 + 0.5),
        min(90.0, float(lat.max()) + 0.5),
    )


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the polygons of a geometry; points and lines that a cut leaves are no area."""
    parts = shapely.get_parts(shapely.get_parts([shape]))
    parts = shapely.get_parts(parts)
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon"])


def _holds_pole(view: View) -> int | None:
    """Return 1 or -1 if the north or south pole lies in the frame, 0 if both, else None."""
    found = []
    for sign in (1, -1):
        x, y = project(view, np.array([view.lon]), np.array([90.0 * sign]))
        inside = np.isfinite(x[0]) and shapely.Point(x[0], y[0]).within(view.frame.shape)
        found += [sign] if inside else []
    return None if not found else sum(found)
