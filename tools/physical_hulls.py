"""Read the hand-written hulls of seas, ranges and regions, and tell which points lie in them."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from tierscape.data.reading import read_csv

Hulls = dict[str, BaseGeometry]


def read_hulls(path: Path) -> Hulls:
    """Return slug to hull in the order of the file.

    A hull is `lon lat; lon lat; …`, its parts divided by `|`; longitudes may run past 180.
    """
    return {row["slug"]: _parse(row["hull"], row["slug"]) for _, row in read_csv(path, ["hull"])}


def _parse(text: str, slug: str) -> BaseGeometry:
    parts = [
        Polygon([tuple(map(float, pair.split())) for pair in part.split(";")])
        for part in text.split("|")
    ]
    bad = [shapely.is_valid_reason(part) for part in parts if not part.is_valid]
    if bad:
        raise ValueError(f"the hull of {slug} crosses itself: {bad[0]}")
    return shapely.union_all(parts)


def label(
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
    hulls: Hulls,
) -> npt.NDArray[np.intp]:
    """Return the number of the first hull that holds each point; -1 where none does."""
    found = np.full(len(lon), -1, np.intp)
    for number, hull in enumerate(hulls.values()):
        rest = np.flatnonzero(found < 0)
        found[rest[_inside(hull, lon[rest], lat[rest])]] = number
    return found


def _inside(
    hull: BaseGeometry,
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
) -> npt.NDArray[np.bool_]:
    shapely.prepare(hull)
    inside = np.zeros(len(lon), bool)
    for turn in (-360.0, 0.0, 360.0):
        west, south, east, north = hull.bounds
        near = (lon + turn >= west) & (lon + turn <= east) & (lat >= south) & (lat <= north)
        inside[near] |= shapely.intersects_xy(hull, lon[near] + turn, lat[near])
    return inside
