"""Views: a projection fitted to places and to a frame on the page.

A world is drawn in an equal-area projection, so that no region looks larger than it is; a part of
a continent in an azimuthal equal-area one; the surroundings of a cluster in a conformal one, so
that shapes and the scale bar hold.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from ...data.errors import UnknownNameError

#: Within this angle of the centre a conformal view's scale differs by less than 4 %:
#: 1 / cos²(20°/2) = 1.031 (Snyder, 1987, equation 21-4).
CONFORMAL_DEGREES = 20.0
#: Places that lie farther apart than this round their centre are shown on a world map.
_AZIMUTHAL_DEGREES = 62.0
#: The least half-width of a view: what the land's map of 1:50 m still shows well.
_LEAST_KM = 200.0
_PADDING = 1.08
_WORLD_LATITUDES = (-58.0, 84.0)
_SPHERE_M = 6_371_008.8
#: How far a world reaches to both sides: a little less than to where it would turn over.
HALF_TURN = 179.9999

PROJECTIONS = ("auto", "world", "pacific", "equal-area", "conformal")
_FORMULAS = {"world": "eqearth", "equal-area": "laea", "conformal": "stere"}

Axis = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle on the page, in units."""

    x: float
    y: float
    width: float
    height: float

    @property
    def shape(self) -> shapely.Polygon:
        """The rectangle as a polygon."""
        return shapely.box(self.x, self.y, self.x + self.width, self.y + self.height)


@dataclass(frozen=True, slots=True)
class View:
    """A projection with its place on the page.

    `kind` is `world`, `equal-area` or `conformal`; `middle` are the projected metres at the middle
    of the frame, `unit_m` the metres of one unit there.
    """

    kind: str
    lon: float
    lat: float
    frame: Frame
    unit_m: float
    middle: tuple[float, float] = (0.0, 0.0)

    @property
    def zoomed(self) -> bool:
        """Whether it shows so little that a reader may ask where it is."""
        return self.kind != "world"

    @property
    def measured(self) -> bool:
        """Whether one scale bar and one north arrow hold for all of it."""
        return self.kind == "conformal" and self.half_km < _arc_km(CONFORMAL_DEGREES)

    @property
    def half_km(self) -> float:
        """Half the diagonal of the frame."""
        return float(np.hypot(self.frame.width, self.frame.height)) / 2 * self.unit_m / 1000


def fit_view(lon: Axis, lat: Axis, frame: Frame, projection: str = "auto") -> View:
    """Return the view that shows places as large as a frame allows.

    Parameters
    ----------
    lon, lat
        Degrees; at least one place. They may lie on both sides of 180 degrees.
    frame
        Where on the page. A world map takes only the part of it that it fills.
    projection
        `world` (Equal Earth), `pacific` (the same round 160° W), `equal-area`
        (Lambert's azimuthal), `conformal` (stereographic), or `auto`, by how far apart they lie.

    Raises
    ------
    UnknownNameError
        If there is no such projection.

    References
    ----------
    Šavrič, Patterson and Jenny (2019), "The Equal Earth map projection". Snyder (1987), "Map
    projections: a working manual", chapters 21 and 24.

    Examples
    --------
    >>> view = fit_view(np.array([179.0, -179.0]), np.array([-17.0, -18.0]), Frame(0, 0, 400, 300))
    >>> view.kind, abs(view.lon) > 179
    ('conformal', True)
    """
    if projection not in PROJECTIONS:
        raise UnknownNameError("projection", projection, PROJECTIONS)
    centre, angle = _surroundings(lon, lat)
    if projection == "auto":
        projection = "world" if angle > _AZIMUTHAL_DEGREES else "equal-area"
        projection = "conformal" if angle <= CONFORMAL_DEGREES else projection
    if projection in {"world", "pacific"}:
        return _world(lat, frame, _widest_gap(lon) if projection == "world" else -160.0)
    return _azimuthal(lon, lat, centre, View(projection, 0.0, 0.0, frame, 1.0))


def project(view: View, lon: Axis, lat: Axis) -> tuple[Axis, Axis]:
    """Return page positions of degrees; not finite where the projection shows no such place."""
    x, y = _formula(view)(np.asarray(lon, float), np.asarray(lat, float))
    frame = view.frame
    across = frame.x + frame.width / 2 + (x - view.middle[0]) / view.unit_m
    down = frame.y + frame.height / 2 - (y - view.middle[1]) / view.unit_m
    return across, down


def unproject(view: View, across: Axis, down: Axis) -> tuple[Axis, Axis]:
    """Return degrees of page positions; not finite outside the map."""
    frame = view.frame
    x = (across - frame.x - frame.width / 2) * view.unit_m + view.middle[0]
    y = (frame.y + frame.height / 2 - down) * view.unit_m + view.middle[1]
    lon, lat = _formula(view)(x, y, inverse=True)
    there = np.isfinite(lon) & np.isfinite(lat)
    return np.where(there, lon, np.inf), np.where(there, lat, np.inf)


def _azimuthal(lon: Axis, lat: Axis, centre: tuple[float, float], view: View) -> View:
    """Return a view round places: turn its centre to the middle of their rectangle, twice."""
    view = replace(view, lon=centre[0], lat=centre[1])
    x, y = _formula(view)(lon, lat)
    for _ in range(3):
        middle = (float(x.min() + x.max()) / 2, float(y.min() + y.max()) / 2)
        east, north = _formula(view)(*middle, inverse=True)
        view = replace(view, lon=float(east), lat=float(north))
        x, y = _formula(view)(lon, lat)
    frame = view.frame
    least = _LEAST_KM * 1000
    half_x = max(float(np.abs(x).max()) * _PADDING, least)
    half_y = max(float(np.abs(y).max()) * _PADDING, least * frame.height / frame.width)
    return replace(view, unit_m=2 * max(half_x / frame.width, half_y / frame.height))


def _world(lat: Axis, frame: Frame, lon: float) -> View:
    """Return a world map with its widest seas at both ends, without the empty far south."""
    south = min(_WORLD_LATITUDES[0], max(-90.0, float(lat.min()) - 4))
    north = max(_WORLD_LATITUDES[1], min(90.0, float(lat.max()) + 4))
    bare = View("world", lon, 0.0, frame, 1.0)
    half_m = float(_formula(bare)(lon + HALF_TURN, 0.0)[0])
    _, ends = _formula(bare)(np.full(2, lon), np.array([south, north]))
    unit_m = max(2 * half_m / frame.width, float(ends[1] - ends[0]) / frame.height)
    width, height = 2 * half_m / unit_m, float(ends[1] - ends[0]) / unit_m
    filled = Frame(
        frame.x + (frame.width - width) / 2, frame.y + (frame.height - height) / 2, width, height
    )
    return replace(bare, frame=filled, unit_m=unit_m, middle=(0.0, float(ends.mean())))


def _widest_gap(lon: Axis) -> float:
    """Return the middle meridian of a world that is cut where it parts no places."""
    ordered = np.sort(np.unique(np.mod(lon, 360)))
    gaps = np.diff(np.append(ordered, ordered[0] + 360))
    widest = int(gaps.argmax())
    if gaps[widest] < 40 or gaps[widest] > 300:
        return 11.0
    opposite = ordered[widest] + gaps[widest] / 2 + 180
    return float(round((opposite + 180) % 360 - 180))


def _surroundings(lon: Axis, lat: Axis) -> tuple[tuple[float, float], float]:
    """Return a centre of places on the sphere and the angle to the farthest, in degrees."""
    east, north = np.radians(lon), np.radians(lat)
    flat = np.cos(north)
    points = np.column_stack([flat * np.cos(east), flat * np.sin(east), np.sin(north)])
    mean = points.mean(axis=0)
    length = float(np.linalg.norm(mean))
    if length < 0.05:
        return (float(lon[0]), float(lat[0])), 180.0
    x, y, z = mean / length
    angle = float(np.degrees(np.arccos(np.clip(points @ (mean / length), -1, 1)).max()))
    centre = (float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arcsin(z))))
    return centre, angle


def _arc_km(degrees: float) -> float:
    """Return how far from the centre an angle lies in a stereographic view, in km."""
    return float(2 * _SPHERE_M * np.tan(np.radians(degrees) / 2)) / 1000


def _formula(view: View) -> Any:  # noqa: ANN401 - a pyproj.Proj, callable both ways
    """Return the projection of a view, on the sphere of the Earth's mean radius, in metres."""
    return _proj(_FORMULAS[view.kind], view.lon, view.lat)


@lru_cache(maxsize=32)
def _proj(formula: str, lon: float, lat: float) -> Any:  # noqa: ANN401
    return pyproj.Proj(proj=formula, lon_0=lon, lat_0=lat, R=_SPHERE_M)
