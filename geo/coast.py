"""Distance to the shore: of the sea or of named seas, and of the named large lakes."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely

from ..data.errors import UnknownNameError
from ..data.physical_loader import (
    SHORE_KINDS,
    lake_family,
    lake_slugs,
    load_coast,
    load_lakes,
    load_seas,
    sea_family,
    sea_slugs,
)
from .geodesic import Ints
from .lines import Lines
from .points import Floats, points

Names = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Shore:
    """The nearest shore of each point: km, the slug of its sea, and its kind."""

    km: Floats
    sea: Names
    kind: Names


@dataclass(frozen=True, slots=True)
class Distance:
    """The distance to the nearest of several named things: km and the slug of the nearest."""

    km: Floats
    name: Names


@dataclass(frozen=True, slots=True)
class Outlines:
    """Polygons with names, their edges, and the polygon that each edge is of."""

    names: Names
    shapes: npt.NDArray[np.object_]
    edges: Lines
    owner: Ints

    def nearest(self, lon: Floats, lat: Floats) -> Distance:
        """Return the distance from each point to the nearest polygon, 0 inside one."""
        found = self.edges.nearest(lon, lat)
        owner, km = self.owner[found.segment], found.km.copy()
        point, shape = shapely.STRtree(self.shapes).query(shapely.points(lon, lat), "intersects")
        km[point] = 0.0
        owner[point] = shape
        return Distance(km, self.names[owner])


def distance_to_coast(
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    seas: Iterable[str] | None = None,
) -> Shore:
    """Return the distance to the nearest shore of the sea or of an estuary, in km.

    Parameters
    ----------
    lon, lat : array-like of float
        Degrees.
    seas : iterable of str, optional
        Slugs of the seas that count, each with its parts and estuaries; all seas by default.

    Returns
    -------
    Shore
        `km`; `sea`, the slug of the sea at the nearest shore; `kind`, `sea` or `estuary`. Tidal
        rivers are no shore.

    Raises
    ------
    UnknownNameError
        If a slug is not the name of a sea.

    Examples
    --------
    >>> distance_to_coast([-0.13], [51.51], ["north-sea"]).kind.tolist()
    ['estuary']
    """
    shore = _shore(None if seas is None else _families(seas, "sea"))
    found = shore.nearest(*points(lon, lat))
    at = found.segment
    names = np.array([sea.slug for sea in load_seas()], object)
    coast = load_coast()
    return Shore(found.km, names[coast.sea[at]], np.array(SHORE_KINDS, object)[coast.kind[at]])


def distance_to_lakes(
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    lakes: Iterable[str] | None = None,
) -> Distance:
    """Return the distance to the nearest named large lake, in km; 0 on the lake.

    Parameters
    ----------
    lon, lat : array-like of float
        Degrees.
    lakes : iterable of str, optional
        Slugs of lakes or of their groups; all lakes by default.

    Returns
    -------
    Distance
        `km`, and `name`, the slug of the nearest lake.

    Raises
    ------
    UnknownNameError
        If a slug is not the name of a lake or of a group.

    Examples
    --------
    >>> distance_to_lakes([-87.65], [41.88], ["great-lakes"]).name.tolist()
    ['lake-michigan']
    """
    wanted = None if lakes is None else _families(lakes, "lake")
    return _lakes(wanted).nearest(*points(lon, lat))


def outlines(names: Names, shapes: npt.NDArray[np.object_]) -> Outlines:
    """Prepare named polygons for distance queries."""
    parts, part = shapely.get_parts(shapely.boundary(shapes), return_index=True)
    rings, line = shapely.get_coordinates(parts, return_index=True)
    same = line[:-1] == line[1:]
    edges = Lines(rings[:-1][same], rings[1:][same], np.arange(np.count_nonzero(same)))
    return Outlines(names, shapes, edges, part[line[:-1][same]])


def _families(slugs: Iterable[str], kind: str) -> frozenset[str]:
    known, family = {"sea": (sea_slugs(), sea_family), "lake": (lake_slugs(), lake_family)}[kind]
    found: frozenset[str] = frozenset()
    for slug in slugs:
        if slug not in known:
            raise UnknownNameError(kind, slug, known)
        found |= family(slug)
    return found


@lru_cache(maxsize=32)
def _shore(seas: frozenset[str] | None) -> Lines:
    """Return the shores of some seas, or of all."""
    coast = load_coast()
    counts = np.array([seas is None or sea.slug in seas for sea in load_seas()])
    mine = np.flatnonzero(counts[coast.sea] & (coast.kind != SHORE_KINDS.index("river")))
    return Lines(coast.start, coast.end, mine)


@lru_cache(maxsize=32)
def _lakes(lakes: frozenset[str] | None) -> Outlines:
    table = load_lakes()
    if lakes is not None:
        table = table[table["slug"].isin(lakes)]
    return outlines(table["slug"].to_numpy(object), table.geometry.to_numpy())
