"""Tell open shore, estuary and tidal river apart by the shape of the water.

Water is *narrow* where no disc of `WIDTH_KM` that stays in the water touches the shore, and
*open* elsewhere. Narrow water is a river's where a river of the map runs into it, unless the open
sea is nearer to the river's mouth: then it is a strait. A river's narrow water is an estuary up to
`REACH_KM` from open water, and a river further up.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from physical_shapes import Shoreline
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from tierscape.geo.geodesic import to_lonlat, to_xyz

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: Diameter of the disc that open water has room for.
WIDTH_KM = 10.0
#: How far from open water an estuary reaches.
REACH_KM = 100.0
#: How far from its mouth, along the shore, a river makes narrow water its own.
MOUTH_KM = 200.0
#: Open water that extends less than this is a lagoon or a lake-like widening of a river.
LAGOON_KM = 60.0
_RIVER_KM = 5.0
_STEP_KM = 1.0
_LINK_KM = 2.5


@dataclass(frozen=True, slots=True)
class Samples:
    """Points along the shore, at most 1 km apart, with the direction to the water."""

    xyz: Floats
    seaward: Floats
    segment: npt.NDArray[np.intp]


def sample(shore: Shoreline) -> Samples:
    """Return points along the shoreline, with the segment that each lies on."""
    first, last = to_xyz(*shore.start.T), to_xyz(*shore.end.T)
    pieces = np.ceil(np.linalg.norm(last - first, axis=1) / _STEP_KM).clip(1).astype(np.intp)
    row = np.repeat(np.arange(len(pieces)), pieces)
    part = np.arange(len(row)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    along = (last - first)[row]
    xyz = first[row] + ((part + 0.5) / pieces[row])[:, None] * along
    water = np.cross(along, xyz)
    return Samples(xyz, water / np.linalg.norm(water, axis=1)[:, None], row)


def open_samples(points: Samples, tree: cKDTree, named: Bools) -> Bools:
    """Tell which samples lie on open water; `named` bays are open whatever their width."""
    radius = WIDTH_KM / 2
    fits = _has_room(points, tree, radius)
    centre = (points.xyz + radius * points.seaward)[fits]
    broad = _has_room(points, tree, LAGOON_KM / 4)[fits]
    link = cKDTree(centre).query_pairs(radius, output_type="ndarray")
    size = len(centre)
    graph = coo_matrix((np.ones(len(link)), link.T), (size, size))
    count, label = connected_components(graph, directed=False)
    low, high = (np.full((count, 3), fill) for fill in (np.inf, -np.inf))
    np.minimum.at(low, label, centre)
    np.maximum.at(high, label, centre)
    large = np.linalg.norm(high - low, axis=1) >= LAGOON_KM
    large[label[broad]] = True
    touched = cKDTree(centre[large[label]]).query(points.xyz, distance_upper_bound=radius * 1.3)[0]
    return np.isfinite(touched) | named


def _has_room(points: Samples, tree: cKDTree, radius: float) -> Bools:
    """Tell at which samples a disc of this radius (km) that touches the shore stays in water."""
    centre = points.xyz + radius * points.seaward
    gap, other = tree.query(centre)
    # At the tip of an inlet the disc may land on the other side of the shore: not water.
    wet = np.einsum("ij,ij->i", centre - points.xyz[other], points.seaward[other]) > 0
    return np.asarray((gap > radius - 0.3) & wet)


def river_fed(points: Samples, is_open: Bools, rivers: Floats) -> Bools:
    """Tell which narrow samples are a river's, by the ways along the shore.

    A sample's mouth is the nearest place, along the shore, where a river of the map runs in. The
    sample is the river's unless it lies past the open sea: further from the mouth than the open
    sea is from the mouth, and nearer to the open sea than the mouth is. Narrow water that the
    river reaches only so is a strait or a sound, such as Victoria Harbour.
    """
    mine = np.flatnonzero(~is_open)
    shore = points.xyz[mine]
    graph = _steps(shore)
    mouths = _within(shore, rivers, _RIVER_KM)
    exits = _within(shore, points.xyz[is_open], _LINK_KM)
    up, mouth = _walk(graph, mouths, MOUTH_KM)
    down, _ = _walk(graph, exits, np.inf)
    reached = np.isfinite(up)
    past = (up > down[mouth]) & (down < down[mouth])
    fed = np.zeros(len(is_open), bool)
    fed[mine] = reached & ~past
    return fed


def _steps(shore: Floats) -> csr_matrix:
    """Return the steps in km between samples of narrow shore, across it too where it is close."""
    pairs = cKDTree(shore).query_pairs(_LINK_KM, output_type="ndarray")
    step = np.linalg.norm(np.diff(shore[pairs], axis=1)[:, 0], axis=1)
    return coo_matrix((step, pairs.T), (len(shore), len(shore))).tocsr()


def _within(shore: Floats, others: Floats, km: float) -> Bools:
    """Tell which samples have one of the others within some km."""
    return np.isfinite(cKDTree(others).query(shore, distance_upper_bound=km)[0])


def _walk(graph: csr_matrix, goals: Bools, limit: float) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Return how far (km) each sample is from its nearest goal along the shore, and that goal.

    Without a goal within the limit the distance is infinite, and the goal is the sample itself.
    """
    km, _, goal = dijkstra(
        graph,
        directed=False,
        indices=np.flatnonzero(goals),
        min_only=True,
        limit=limit,
        return_predecessors=True,
    )
    return km, np.where(goal < 0, np.arange(len(km)), goal)


def kinds(shore: Shoreline, rivers: Floats, named: Bools) -> npt.NDArray[np.uint8]:
    """Return the kind of each shoreline segment: 0 sea, 1 estuary, 2 river.

    Parameters
    ----------
    shore : Shoreline
        The segments.
    rivers : array of shape (n, 2)
        Points along the rivers of the map, in degrees.
    named : array of bool
        Segments of bays that are sea whatever their width.
    """
    points = sample(shore)
    tree = cKDTree(points.xyz, balanced_tree=False, compact_nodes=False)
    is_open = open_samples(points, tree, named[points.segment])
    fed = river_fed(points, is_open, to_xyz(*rivers.T))
    far = np.isinf(cKDTree(points.xyz[is_open]).query(points.xyz, distance_upper_bound=REACH_KM)[0])
    kind = np.where(fed, 1 + far, 0).astype(np.uint8)
    result = np.zeros(len(shore.start), np.uint8)
    np.maximum.at(result, points.segment, kind)
    return result


def lonlat(points: Samples) -> Floats:
    """Return the samples in degrees, one row (lon, lat) each."""
    return np.column_stack(to_lonlat(points.xyz))
