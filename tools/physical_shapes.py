"""Turn rings made for the sphere into planar land, and into shoreline without false edges."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from physical_sources import Ring
from shapely import MultiPolygon, Polygon
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

EDGE = 179.9999


@dataclass(frozen=True, slots=True)
class Shoreline:
    """Shoreline segments in walking order, land on the left; degrees, one row per segment."""

    start: Ring
    end: Ring
    #: True where a segment does not begin where the one before it ends.
    breaks: npt.NDArray[np.bool_]


def unwrap(ring: Ring) -> Ring:
    """Return the ring with longitudes that run on past 180° instead of jumping."""
    turns = np.cumsum(np.round(np.diff(ring[:, 0], prepend=ring[0, 0]) / 360))
    return np.column_stack([ring[:, 0] - 360 * turns, ring[:, 1]])


def planar(polygon: list[Ring]) -> BaseGeometry:
    """Return a polygon of the sphere as valid geometry between 180°W and 180°E."""
    outer, *holes = [_close(unwrap(ring)) for ring in polygon if ring[:, 1].min() > -89.9]
    whole = shapely.make_valid(Polygon(outer, [_into(hole, outer) for hole in holes]))
    parts = [
        translate(shapely.intersection(whole, shapely.box(west, -90, west + 360, 90)), -west - 180)
        for west in (-540.0, -180.0, 180.0)
    ]
    return _polygonal(shapely.union_all(parts))


def _into(hole: Ring, outer: Ring) -> Ring:
    """Turn a hole round the globe until it lies between the meridians of its outer ring."""
    turns = np.ceil((outer[:, 0].min() - hole[:, 0].min()) / 360)
    return np.asarray(np.add(hole, (360 * turns, 0)))


def _close(ring: Ring) -> Ring:
    """Close a ring that goes round the South Pole along the edge of the plane."""
    if abs(ring[-1, 0] - ring[0, 0]) < 180:
        return ring
    return np.vstack([ring, (ring[-1, 0], -90.0), (ring[0, 0], -90.0), ring[:1]])


def _polygonal(shape: BaseGeometry) -> BaseGeometry:
    """Keep what has an area: repairing a ring can leave lines and points behind."""
    parts = [inner for part in shapely.get_parts(shape) for inner in shapely.get_parts(part)]
    return MultiPolygon([part for part in parts if part.geom_type == "Polygon"])


def shoreline(polygons: list[list[Ring]]) -> Shoreline:
    """Return every real shoreline segment; edges along ±180° are cuts, not shore."""
    starts, ends, breaks = [], [], []
    for polygon in polygons:
        for number, ring in enumerate(polygon):
            walked = ring if _land_on_left(unwrap(ring), hole=number > 0) else ring[::-1]
            cut = (np.abs(walked[:-1, 0]) > EDGE) & (np.abs(walked[1:, 0]) > EDGE)
            moved = (walked[:-1] != walked[1:]).any(axis=1)
            kept = moved & ~cut
            first = np.zeros(len(kept), bool)
            first[0] = True
            first[1:] = cut[:-1]
            # A break that falls on a dropped segment moves to the next one that is kept.
            group = np.cumsum(first)[kept]
            starts.append(walked[:-1][kept])
            ends.append(walked[1:][kept])
            breaks.append(np.diff(group, prepend=-1) != 0)
    return Shoreline(np.vstack(starts), np.vstack(ends), np.concatenate(breaks))


def _land_on_left(ring: Ring, *, hole: bool) -> bool:
    """Tell whether land lies to the left of one who walks the ring in its order."""
    if abs(ring[-1, 0] - ring[0, 0]) > 180:  # round the South Pole: land is on the left of west
        return bool(ring[-1, 0] < ring[0, 0])
    (x, y), (u, v) = ring[:-1].T, ring[1:].T
    return bool((np.sum(x * v - u * y) > 0) != hole)
