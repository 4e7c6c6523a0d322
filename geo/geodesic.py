"""Geodesic distances on WGS84, in km: between points, to polylines, to routes.

The nearest point of a polyline is sought in three dimensions, where there is neither a pole nor
an antimeridian: segments are cut into chords of at most 5 km, a KD-tree of their ends finds the
chords that can hold the nearest point, the foot of the perpendicular is taken on each, and the
geodesic to that foot is the distance.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pyproj import Geod
from scipy.spatial import cKDTree

from .points import Floats, check_coordinates

Ints = npt.NDArray[np.intp]

WGS84 = Geod(ellps="WGS84")
_A_KM = WGS84.a / 1000
_E2 = WGS84.es
#: Longest chord, in km: its middle lies half a metre below the arc.
CHORD_KM = 5.0
#: Up to this length a segment is cut in its plane through the Earth's centre.
_PLANE_KM = 100.0
#: How many ends are tried first for each point, and how many times more on each further try.
_FIRST_TRY, _MORE = 4, 4
#: Side of the cells in which points are sorted; points in one piece of work; pairs held at once.
_CELL_DEGREES, _CHUNK, _PAIRS = 3.0, 25_000, 250_000
_THREADS = 2
#: The most that straight lines are taken to misjudge geodesics.
_MOST_SLACK_KM = 2.0
#: Feet that are closer than a millimetre are one.
_SAME_KM = 1e-6


@dataclass(frozen=True, slots=True)
class Segments:
    """Geodesic segments as short chords with a search tree.

    Attributes
    ----------
    start, span : array of shape (n, 3)
        Where each chord begins and the vector to its end, in km from the Earth's centre.
    reach : float
        Half the length of the longest chord, in km.
    owner : array of shape (n,)
        The number of the segment that each chord is part of.
    tree : scipy.spatial.cKDTree
        Search tree of the chords' ends; one that two chords share stands in it once.
    chords : array of shape (m, 2)
        The chords that meet at each end; the same one twice where there is only one.
    """

    start: Floats
    span: Floats
    reach: float
    owner: Ints
    tree: cKDTree
    chords: Ints


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest segment of each point, and the distance to it in km."""

    km: Floats
    segment: Ints


def geodesic_km(
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    other_lon: npt.ArrayLike,
    other_lat: npt.ArrayLike,
) -> Floats:
    """Return the WGS84 geodesic distance between points, in km.

    Parameters
    ----------
    lon, lat, other_lon, other_lat : array-like of float
        Degrees; broadcast against each other.

    Returns
    -------
    numpy.ndarray of float
        Kilometres.

    References
    ----------
    Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.

    Examples
    --------
    >>> geodesic_km([179.5], [0.0], [-179.5], [0.0]).round(3).tolist()
    [111.319]
    """
    points = [np.asarray(x, float) for x in (lon, lat, other_lon, other_lat)]
    a, b, c, d = (np.array(x) for x in np.broadcast_arrays(*points))
    metres: Floats = np.asarray(WGS84.inv(a, b, c, d)[2], float)
    return metres / 1000


def to_xyz(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
    """Return Earth-centred coordinates of points on the ellipsoid, in km, shape (n, 3).

    Parameters
    ----------
    lon, lat : array-like of float
        Degrees.
    """
    lam, phi = np.radians(np.asarray(lon, float)), np.radians(np.asarray(lat, float))
    normal = _A_KM / np.sqrt(1 - _E2 * np.sin(phi) ** 2)
    flat = normal * np.cos(phi)
    z = normal * (1 - _E2) * np.sin(phi)
    return np.stack([flat * np.cos(lam), flat * np.sin(lam), z], axis=-1)


def to_lonlat(xyz: Floats) -> tuple[Floats, Floats]:
    """Return longitude and latitude, in degrees, of points at or just below the ellipsoid."""
    flat = np.hypot(xyz[..., 0], xyz[..., 1])
    lat = np.arctan2(xyz[..., 2], flat * (1 - _E2))
    return np.degrees(np.arctan2(xyz[..., 1], xyz[..., 0])), np.degrees(lat)


def segments(lon: Floats, lat: Floats, end_lon: Floats, end_lat: Floats) -> Segments:
    """Prepare geodesic segments for distance queries.

    Parameters
    ----------
    lon, lat : array of float
        Where each segment starts, in degrees.
    end_lon, end_lat : array of float
        Where each ends; segments are shorter than half the Earth.

    Returns
    -------
    Segments
        Chords of at most `CHORD_KM`, with the number of the segment that each is part of.
    """
    starts: list[Floats] = []
    ends: list[Floats] = []
    owners: list[Ints] = []
    far: list[int] = []
    # In blocks, so that working memory stays small beside what is kept.
    for block in np.array_split(np.arange(len(lon)), len(lon) // _CHUNK + 1):
        first, last = to_xyz(lon[block], lat[block]), to_xyz(end_lon[block], end_lat[block])
        short = np.linalg.norm(last - first, axis=1) <= _PLANE_KM
        begun, ended, owner = _cut(first[short], last[short], block[short])
        starts.append(begun)
        ends.append(ended)
        owners.append(owner)
        far += block[~short].tolist()
    for i in far:
        points = _along(lon[i], lat[i], end_lon[i], end_lat[i])
        starts.append(points[:-1])
        ends.append(points[1:])
        owners.append(np.full(len(points) - 1, i))
    start, end, owner = np.vstack(starts), np.vstack(ends), np.concatenate(owners)
    reach = float(np.linalg.norm(end - start, axis=1).max()) / 2
    tree, chords = _ends(start, end)
    # The tree holds the starts before the loose ends: one copy of them is enough.
    return Segments(np.asarray(tree.data)[: len(start)], end - start, reach, owner, tree, chords)


def _ends(start: Floats, end: Floats) -> tuple[cKDTree, Ints]:
    """Return the search tree of the ends of chords, and the chords that meet at each."""
    chord = np.arange(len(start))
    joined = np.flatnonzero((start[1:] == end[:-1]).all(axis=1)) + 1
    loose = np.setdiff1d(chord, joined - 1, assume_unique=True)
    chords = np.stack([chord, chord], axis=1)
    chords[joined, 1] -= 1
    points = np.concatenate([start, end[loose]])
    tree = cKDTree(points, leafsize=32, balanced_tree=False, compact_nodes=False)
    return tree, np.concatenate([chords, chords[loose][:, [0, 0]]])


def _cut(first: Floats, last: Floats, owner: Ints) -> tuple[Floats, Floats, Ints]:
    """Cut short segments into chords; their great ellipse is the geodesic to within 1 m."""
    pieces = np.ceil(np.linalg.norm(last - first, axis=1) / CHORD_KM).clip(1).astype(np.intp)
    row = np.repeat(np.arange(len(pieces)), pieces)
    part = np.arange(len(row)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    span = (last - first)[row] / pieces[row, None]
    start = first[row] + part[:, None] * span
    ends = np.stack([start, start + span])
    many = pieces[row] > 1
    ends[:, many] = to_xyz(*to_lonlat(ends[:, many]))
    return ends[0], ends[1], owner[row]


def _along(lon: float, lat: float, end_lon: float, end_lat: float) -> Floats:
    """Return points along a geodesic, `CHORD_KM` apart or less, ends included."""
    length = float(WGS84.inv(lon, lat, end_lon, end_lat)[2]) / 1000
    count = int(np.ceil(length / CHORD_KM)) + 1
    inner = WGS84.npts(lon, lat, end_lon, end_lat, max(count - 1, 1))
    points = np.array([(lon, lat), *inner, (end_lon, end_lat)])
    return to_xyz(points[:, 0], points[:, 1])


def nearest_on_segments(lon: npt.ArrayLike, lat: npt.ArrayLike, lines: Segments) -> Nearest:
    """Return the distance from each point to the nearest segment, in km, and which it is.

    Parameters
    ----------
    lon, lat : array-like of float
        Degrees: longitude from -540 to 540, latitude from -90 to 90.
    lines : Segments
        What to measure to; not empty.

    Returns
    -------
    Nearest
        `km` and `segment`, the number of the nearest segment.

    Raises
    ------
    CoordinateError
        If a coordinate is missing or out of range.

    Notes
    -----
    A straight line through the Earth is shorter than the geodesic by about c³/24R², and R varies
    by 1 % with place and azimuth. Every chord that could still be the nearest within 2 % of that
    (at most 2 km) is measured with a geodesic, so the answer does not depend on the straight line.

    Examples
    --------
    >>> equator = segments(*(np.array([v]) for v in (170.0, 0.0, -170.0, 0.0)))
    >>> nearest_on_segments([180.0], [1.0], equator).km.round(3).tolist()
    [110.574]
    """
    lon, lat = check_coordinates(lon, lat)
    km, segment = np.empty(len(lon)), np.empty(len(lon), np.intp)
    # Neighbours walk the same branches of the tree: in order of place the search is much faster.
    order = np.lexsort((lon // _CELL_DEGREES, lat // _CELL_DEGREES))
    parts = [order[first : first + _CHUNK] for first in range(0, len(order), _CHUNK)]

    def work(part: Ints) -> None:
        km[part], segment[part] = _nearest(lon[part], lat[part], lines)

    if len(parts) < 2:
        # Few points: threads would only take time and memory of their own.
        for part in parts:
            work(part)
        return Nearest(km, segment)
    with ThreadPoolExecutor(_THREADS) as threads:
        list(threads.map(work, parts))
    return Nearest(km, segment)


def _nearest(lon: Floats, lat: Floats, lines: Segments) -> tuple[Floats, Ints]:
    """Return distance and segment of the nearest chord of each of some points."""
    at = to_xyz(lon, lat)
    point, chord, foot = _candidates(at, lines)
    km = geodesic_km(lon[point], lat[point], *to_lonlat(foot))
    order = np.lexsort((chord, km, point))
    first = order[_starts(point[order])]
    return km[first], lines.owner[chord[first]]


def _candidates(at: Floats, lines: Segments) -> tuple[Ints, Ints, Floats]:
    """Return pairs (point, chord) that hold the nearest chord of each point, and their feet.

    A chord with the foot at a distance d has an end within the root of d² + (half its length)².
    The nearest ends are tried, and more of them where one beyond the last is within that.
    """
    found, tries = [], [(np.arange(len(at)), _FIRST_TRY)]
    while tries:
        todo, count = tries.pop()
        count = min(count, lines.tree.n)
        gap, end = lines.tree.query(at[todo], k=np.arange(1, count + 1))
        limit = np.hypot(gap[:, 0] + slack_km(gap[:, 0]), lines.reach)
        done = (gap[:, -1] > limit) | (count == lines.tree.n)
        point, rank = np.nonzero((gap <= limit[:, None]) & done[:, None])
        chords = lines.chords[end[point, rank]]
        found.append(_feet(at, np.repeat(todo[point], 2), chords.ravel(), lines))
        rest, more = todo[~done], count * _MORE
        size = max(1, _PAIRS // more)
        tries += [(rest[first : first + size], more) for first in range(0, len(rest), size)]
    point, chord, foot = (np.concatenate(each) for each in zip(*found, strict=True))
    return point, chord, foot


def _feet(at: Floats, point: Ints, chord: Ints, lines: Segments) -> tuple[Ints, Ints, Floats]:
    """Return the pairs that may be the nearest, each foot once, and the feet."""
    foot = _foot(at[point], lines.start[chord], lines.span[chord])
    straight = np.linalg.norm(foot - at[point], axis=1)
    best = np.full(len(at), np.inf)
    np.minimum.at(best, point, straight)
    near = straight <= (best + slack_km(best))[point]
    point, chord, foot = point[near], chord[near], foot[near]
    # Chords that meet often share their foot, the end between them: the first stands for both.
    order = np.lexsort((chord, straight[near], point))
    point, chord, foot = point[order], chord[order], foot[order]
    same = (np.diff(point) == 0) & (np.abs(np.diff(foot, axis=0)) < _SAME_KM).all(axis=1)
    kept = np.flatnonzero(~same) + 1
    kept = np.concatenate([np.zeros(min(1, len(point)), np.intp), kept])
    return point[kept], chord[kept], foot[kept]


def _starts(sorted_numbers: Ints) -> Ints:
    """Return where each run of equal numbers from 0 on begins."""
    return np.flatnonzero(np.diff(sorted_numbers, prepend=-1))


def slack_km(straight: Floats) -> Floats:
    """Return by how much (km) straight lines of this length can misjudge geodesics.

    No shore is 4,900 km away, where the cap begins. Beyond, all candidates lie in nearly the same
    direction, where R hardly varies; without the cap thousands of chords would be measured.
    """
    return np.minimum(1e-3 + 0.02 * straight**3 / (24 * _A_KM**2), _MOST_SLACK_KM)


def _foot(at: Floats, start: Floats, span: Floats) -> Floats:
    """Return the point of each chord nearest to each point, in three dimensions."""
    length = np.maximum(np.einsum("ij,ij->i", span, span), 1e-18)
    share = np.clip(np.einsum("ij,ij->i", at - start, span) / length, 0.0, 1.0)
    return np.asarray(start + share[:, None] * span)


def distance_to_route(
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    waypoints: Sequence[tuple[float, float]],
) -> Floats:
    """Return the distance from each point to a route of geodesics, in km.

    Parameters
    ----------
    lon, lat : array-like of float
        Degrees.
    waypoints : sequence of (lon, lat)
        At least two, in degrees.

    Returns
    -------
    numpy.ndarray of float
        Kilometres; 0 on the route.

    Raises
    ------
    ValueError
        If there are fewer than two waypoints, or a coordinate is missing or out of range.

    Examples
    --------
    >>> distance_to_route([109.0], [34.3], [(108.94, 34.26), (87.62, 43.83)]).round(0).tolist()
    [7.0]
    """
    if len(waypoints) < 2:
        raise ValueError("a route needs at least two waypoints")
    east, north = check_coordinates(*np.asarray(waypoints, float).T)
    lines = segments(east[:-1], north[:-1], east[1:], north[1:])
    return nearest_on_segments(lon, lat, lines).km
