"""Outlines of clusters: a hull round the members, wider by a margin."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from shapely import affinity
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.polygon import orient

from ..data.errors import DataError, Problem, did_you_mean

#: Width of the margin: a member lies visibly inside, and neighbours stay apart.
MARGIN_KM = 40.0
#: How far the hull follows its points: 0 is as tight as can be, 1 is convex.
_TIGHTNESS = 0.6
#: Wider clusters do not fit one projection and are drawn as a circle round each member.
_REACH_KM = 8000.0
_STEP_KM = 40.0
_DECIMALS = 3
_GRID_DEGREES = 1e-6
#: How far simplifying may move an edge: less than the margin of 40 km round every member.
_LEAST_DEGREES, _MOST_DEGREES = 0.005, 0.25
_WORLD = box(-180, -90, 180, 90)

_LOCAL = "+proj=aeqd +lon_0={lon:.15g} +lat_0={lat:.15g} +ellps=WGS84 +units=km"
_MEMBER = ("cluster", "city_id", "role")

Points = Sequence[tuple[float, float]]
#: Cluster, role (`core` or `all`) and the outline in one piece.
WholeOutline = tuple[str, str, MultiPolygon]


def cluster_outlines(
    membership: pd.DataFrame, cities: pd.DataFrame, *, most_vertices: int = 400
) -> gpd.GeoDataFrame:
    """Return the outline of every cluster, of its core and of all its members.

    Parameters
    ----------
    membership
        Columns cluster, city_id, role (`core` or `extended`).
    cities
        Columns city_id, lon, lat (degrees).
    most_vertices
        The most vertices of an outline, as far as it can have so few and still hold its members.

    Returns
    -------
    geopandas.GeoDataFrame
        cluster, role (`core` or `all`), geometry (Polygon or MultiPolygon, EPSG:4326, exterior
        rings anticlockwise, cut at 180 degrees as RFC 7946 asks); sorted by cluster, then core
        before all. A cluster without core members has no row `core`.

    Raises
    ------
    DataError
        If a member is not among the cities.
    """
    return cut_outlines(whole_outlines(membership, cities), most_vertices=most_vertices)


def cut_outlines(whole: Iterable[WholeOutline], *, most_vertices: int = 400) -> gpd.GeoDataFrame:
    """Return outlines in one piece as `cluster_outlines` returns them.

    Parameters
    ----------
    whole
        What `whole_outlines` yields.
    most_vertices
        As for `cluster_outlines`.
    """
    rows = [
        (cluster, role, _simplified(cut_at_antimeridian(outline), most_vertices))
        for cluster, role, outline in whole
    ]
    table = pd.DataFrame(
        {"cluster": [row[0] for row in rows], "role": [row[1] for row in rows]}, dtype="str"
    )
    return gpd.GeoDataFrame(table, geometry=[row[2] for row in rows], crs="EPSG:4326")


def whole_outlines(membership: pd.DataFrame, cities: pd.DataFrame) -> Iterator[WholeOutline]:
    """Yield cluster, role and the outline in one piece, which may reach beyond 180 degrees.

    Raises
    ------
    DataError
        If a member is not among the cities.
    """
    _check_members(membership, cities)
    places = zip(cities["lon"].tolist(), cities["lat"].tolist(), strict=True)
    points = dict(zip(cities["city_id"].tolist(), places, strict=True))
    # Sorted by city, so that the outline does not depend on the order of the table.
    rows = sorted(zip(*(membership[name].tolist() for name in _MEMBER), strict=True))
    for cluster, members in groupby(rows, key=itemgetter(0)):
        roles = [(role, points[city]) for _, city, role in members]
        core = [point for role, point in roles if role == "core"]
        inner = outline(core) if core else None
        if inner is not None:
            yield str(cluster), "core", inner
        outer = outline([point for _, point in roles])
        yield str(cluster), "all", outer if inner is None else _joined(outer, inner)


def _simplified(shape: Polygon | MultiPolygon, most: int) -> Polygon | MultiPolygon:
    """Return a shape with at most so many vertices, its edge moved by less than its margin."""
    tolerance, found = _LEAST_DEGREES, shape
    while shapely.get_num_coordinates(found) > most and tolerance < _MOST_DEGREES:
        found = shapely.simplify(shape, tolerance)
        tolerance *= 2
    return found


def _joined(outer: MultiPolygon, inner: MultiPolygon) -> MultiPolygon:
    """Return both as one, so that the outline of all members contains that of the core."""
    apart = shapely.centroid(outer).x - shapely.centroid(inner).x
    turned = affinity.translate(inner, 360.0 * round(apart / 360))
    return _as_multi(shapely.union_all([outer, turned]))


def outline(points: Points, margin_km: float = MARGIN_KM) -> MultiPolygon:
    """Return a hull of lon, lat points, wider by `margin_km`; a circle round a single point.

    Longitudes run on beyond 180 where the hull does, so that it stays in one piece.

    Examples
    --------
    >>> hull = outline([(179.5, -17.0), (-179.5, -17.0)])
    >>> hull.bounds[0] > 178 and 180 < hull.bounds[2] < 182
    True
    """
    lon, lat = (np.asarray(axis, dtype=float) for axis in zip(*points, strict=True))
    centre = _centre(lon, lat)
    geod = pyproj.Geod(ellps="WGS84")
    reach_m = geod.inv(np.full_like(lon, centre[0]), np.full_like(lat, centre[1]), lon, lat)[2]
    if reach_m.max() > _REACH_KM * 1000:
        circles = [outline([point], margin_km) for point in sorted(set(points))]
        return _as_multi(shapely.union_all(circles))
    # A bare operation; a Proj makes a reference system first, which takes longer than all else.
    local = pyproj.Transformer.from_pipeline(_LOCAL.format(lon=centre[0], lat=centre[1]))
    flat = shapely.multipoints(np.column_stack(local.transform(lon, lat)))
    hull = shapely.concave_hull(flat, ratio=_TIGHTNESS)
    # Out by more and back again: dents between members become round.
    wide = shapely.buffer(shapely.buffer(hull, 3 * margin_km, quad_segs=12), -2 * margin_km)
    wide = shapely.simplify(wide, margin_km / 50)
    edge = shapely.get_coordinates(shapely.segmentize(wide.exterior, _STEP_KM))
    east, north = edge.T
    return MultiPolygon([_unroll(*local.transform(east, north, direction="INVERSE"))])


def cut_at_antimeridian(shape: MultiPolygon) -> Polygon | MultiPolygon:
    """Return `shape` cut at 180 degrees, all longitudes between -180 and 180.

    Examples
    --------
    >>> whole = MultiPolygon([box(170, 0, 190, 10)])
    >>> [part.bounds for part in cut_at_antimeridian(whole).geoms]
    [(-180.0, 0.0, -170.0, 10.0), (170.0, 0.0, 180.0, 10.0)]
    """
    west, _, east, _ = shape.bounds
    turns = range(int((west + 180) // 360), int((east + 180) // 360) + 1)
    pieces = [
        shapely.intersection(affinity.translate(shape, -360.0 * turn), _WORLD) for turn in turns
    ]
    # A shape round a pole meets itself again after a full turn; the union joins it there.
    joined = _as_multi(shapely.union_all(pieces, grid_size=_GRID_DEGREES))
    parts = sorted((orient(part) for part in joined.geoms), key=lambda part: part.bounds)
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _centre(lon: np.ndarray, lat: np.ndarray) -> tuple[float, float]:
    """Return the point in the middle of points on the sphere; the first if there is none."""
    east, north = np.radians(lon), np.radians(lat)
    x, y, z = (
        float(np.mean(axis))
        for axis in (np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north))
    )
    if np.sqrt(x * x + y * y + z * z) < 1e-6:
        return float(lon[0]), float(lat[0])
    return float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arctan2(z, np.hypot(x, y))))


def _unroll(lon: np.ndarray, lat: np.ndarray) -> Polygon:
    """Return the polygon of a ring whose longitudes do not jump, closed over a pole if need be."""
    smooth = np.unwrap(lon, period=360)
    smooth -= 360 * np.floor((smooth.min() + 180) / 360)  # the western end is a usual longitude
    ring = np.column_stack([smooth, lat])
    if abs(smooth[-1] - smooth[0]) > 180:
        pole = 90.0 if lat.mean() > 0 else -90.0
        ring = np.vstack([ring, [[smooth[-1], pole], [smooth[0], pole]]])
    return orient(Polygon(ring.round(_DECIMALS)))


def _as_multi(shape: shapely.Geometry) -> MultiPolygon:
    """Return the polygons of a geometry; lines and points that a cut leaves are no area."""
    parts = shapely.get_parts(shape)
    return MultiPolygon([part for part in parts if isinstance(part, Polygon) and part.area > 0])


def _check_members(membership: pd.DataFrame, cities: pd.DataFrame) -> None:
    """Raise one error that names every member that is not among the cities."""
    known = set(cities["city_id"])
    unknown = sorted(set(membership["city_id"]) - known)
    if unknown:
        rule = "a member of a cluster must be one of the cities"
        raise DataError(
            Problem("membership", None, "city_id", city, rule, did_you_mean(city, known))
            for city in unknown
        )
