"""Lines of many segments, such as every shore of the world: few points need a small part of them.

Segments stand in runs of neighbours, each run in a ball. A run that is farther from each point
than the far side of another can hold no nearest segment, and nothing of it is prepared.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist

from .geodesic import Ints, Nearest, Segments, nearest_on_segments, segments, slack_km, to_xyz
from .points import Floats, check_coordinates

Bools = npt.NDArray[np.bool_]

#: Up to this many points look for their runs; fewer segments than these are prepared as a whole.
_FEW, _LONG = 1000, 20_000
#: Into how many runs segments are put; points whose distances to all of them are held at once.
_RUNS, _BLOCK = 16_000, 32
#: No degree of a meridian is longer, nor one of a parallel by the cosine of its latitude.
_KM_PER_DEGREE = 111.7
#: By how much a chord may leave its geodesic, with room to spare.
_ASIDE_KM = 0.01


@dataclass(frozen=True, eq=False)
class Lines:
    """Geodesic segments, shorter than half the Earth, prepared when points are measured to them.

    Attributes
    ----------
    start, end : array of shape (m, 2)
        Longitude and latitude in degrees.
    rows : array of shape (n,)
        The segments that count, in order; at least one.
    first : dict
        The first few points that were measured, with their answer: often the same cities are
        measured again. Other points make the whole be prepared, once.
    """

    start: Floats
    end: Floats
    rows: Ints
    first: dict[bytes, Nearest] = field(default_factory=dict, repr=False)

    @cached_property
    def whole(self) -> Segments:
        """All segments, prepared for distance queries."""
        return self._prepared(self.rows)

    def nearest(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Nearest:
        """Return the distance from each point to the nearest segment, in km, and which it is.

        Parameters
        ----------
        lon, lat : array-like of float
            Degrees, as `nearest_on_segments` takes them.

        Returns
        -------
        Nearest
            As `nearest_on_segments` gives it for all segments that count.

        Raises
        ------
        CoordinateError
            If a coordinate is missing or out of range.

        Examples
        --------
        >>> equator = Lines(np.array([[170.0, 0.0]]), np.array([[-170.0, 0.0]]), np.array([0]))
        >>> equator.nearest([180.0], [1.0]).km.round(3).tolist()
        [110.574]
        """
        lon, lat = check_coordinates(lon, lat)
        places = np.stack([lon, lat]).tobytes() if len(lon) <= _FEW else b""
        if places and len(self.rows) >= _LONG and "whole" not in vars(self) and not self.first:
            self.first[places] = self._nearest_of_few(lon, lat)
        if places in self.first:
            found = self.first[places]
            return Nearest(found.km.copy(), found.segment.copy())
        found = nearest_on_segments(lon, lat, self.whole)
        return Nearest(found.km, self.rows[found.segment])

    def _nearest_of_few(self, lon: Floats, lat: Floats) -> Nearest:
        """Measure to the part of the segments that can hold the nearest."""
        start, end = self.start[self.rows], self.end[self.rows]
        rows = self.rows[_in_reach(to_xyz(lon, lat), start, end)]
        found = nearest_on_segments(lon, lat, self._prepared(rows))
        return Nearest(found.km, rows[found.segment])

    def _prepared(self, rows: Ints) -> Segments:
        return segments(*self.start[rows].T, *self.end[rows].T)


def _in_reach(at: Floats, start: Floats, end: Floats) -> Bools:
    """Tell which segments stand in a run that can hold the nearest to one of the points."""
    size = max(1, len(start) // _RUNS)
    centre, radius = _balls(start, end, size)
    near = np.zeros(len(radius), bool)
    for block in np.array_split(at, len(at) // _BLOCK + 1):
        gap = cdist(block, centre)
        most = (gap + radius).min(axis=1)
        near |= (gap - radius <= (most + slack_km(most))[:, None]).any(axis=0)
    return np.repeat(near, size)[: len(start)]


def _balls(start: Floats, end: Floats, size: int) -> tuple[Floats, Floats]:
    """Return a ball round each run of segments, in km from the Earth's centre."""
    first = np.arange(0, len(start), size)
    low = np.minimum.reduceat(np.minimum(start, end), first)
    high = np.maximum.reduceat(np.maximum(start, end), first)
    step = np.abs(end - start)
    step[:, 0] = np.minimum(step[:, 0], 360 - step[:, 0])
    # A point of a segment is within half its length of one of its ends.
    most = (high - low + np.maximum.reduceat(step, first)) / 2
    widest = np.cos(np.radians(np.clip(0, low[:, 1], high[:, 1])))
    radius = _KM_PER_DEGREE * (most[:, 0] * widest + most[:, 1]) + _ASIDE_KM
    return to_xyz(*((low + high) / 2).T), radius
