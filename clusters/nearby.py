"""Ruling out, in bulk and without error, the points that are too far from something.

Points are gathered in cells of four sizes, each size nested in the next. If the middle of a cell
is farther from a thing than the threshold and the cell's reach together, no point of the cell is
within the threshold (triangle inequality); only what is left is measured point by point.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]

#: Sides of the cells in degrees, from large to small; each divides the one before it and 180.
SIZES = (20.0, 5.0, 1.0, 0.25)
#: No degree of longitude or latitude on WGS84 is longer than one of the meridian at a pole.
DEGREE_KM = 111.7
#: By how much measured distances may break the triangle inequality. Inside a polygon, whose edges
#: are straight on the map, the distance is 0; outside it is that to geodesic edges, and the two
#: kinds of edges lie up to 8.1 km apart (Kunlun). A test holds that this is twice that and more.
SLACK_KM = 20.0


@dataclass(frozen=True, slots=True)
class _Level:
    """The cells of one size that hold points: their middles, reach, and larger cells."""

    lon: Floats
    lat: Floats
    reach_km: Floats
    parent: Ints


@dataclass(frozen=True, slots=True)
class Cells:
    """Points gathered in nested cells; `cell` is the smallest cell of each point."""

    levels: tuple[_Level, ...]
    cell: Ints

    def near(self, measure: Callable[[Floats, Floats], Floats], within_km: float) -> Ints:
        """Return the points that may lie within a distance of something.

        Parameters
        ----------
        measure
            Longitudes and latitudes to the distance in km.
        within_km
            The threshold.

        Returns
        -------
        numpy.ndarray of int
            Positions of points, in order; every point within the threshold is among them.
        """
        keep = np.ones(1, dtype=bool)
        for level in self.levels:
            ask = np.flatnonzero(keep[level.parent])
            keep = np.zeros(len(level.lon), dtype=bool)
            if len(ask):
                km = measure(level.lon[ask], level.lat[ask])
                keep[ask] = km <= within_km + level.reach_km[ask] + SLACK_KM
        return np.flatnonzero(keep[self.cell])


def gather(lon: Floats, lat: Floats) -> Cells:
    """Gather points in cells.

    Parameters
    ----------
    lon, lat
        Degrees, longitudes from -180 to 180.

    Examples
    --------
    >>> cells = gather(np.array([0.0, 0.1, 90.0]), np.zeros(3))
    >>> cells.near(lambda lon, lat: np.abs(lon) * 111.3, 50).tolist()
    [0, 1]
    """
    levels: list[_Level] = []
    cell = np.zeros(len(lon), dtype=np.intp)
    east, north = lon + 180, lat + 90
    for size in reversed(SIZES):
        column, row = _number(east, 360, size), _number(north, 180, size)
        codes, member = np.unique(row * _COLUMNS + column, return_inverse=True)
        if levels:
            levels[-1] = replace(levels[-1], parent=member)
        else:
            cell = member
        east, north = _middles(codes, size)
        levels.append(_Level(east - 180, north - 90, _reach_km(north - 90, size), cell))
    levels[-1] = replace(levels[-1], parent=np.zeros(len(levels[-1].lon), dtype=np.intp))
    return Cells(tuple(reversed(levels)), cell)


#: More than there are cells in a row.
_COLUMNS = 10_000


def _number(degrees: Floats, whole: float, size: float) -> Ints:
    """Return the number of the cell of each coordinate; the last cell holds its far edge."""
    return np.minimum((degrees / size).astype(np.intp), round(whole / size) - 1)


def _middles(codes: Ints, size: float) -> tuple[Floats, Floats]:
    """Return the middles of cells, in degrees east of 180°W and north of 90°S."""
    row, column = np.divmod(codes, _COLUMNS)
    return (column + 0.5) * size, (row + 0.5) * size


def _reach_km(lat: Floats, size: float) -> Floats:
    """Return a distance that no point of a cell exceeds from its middle.

    The way along the meridian to the point's latitude and then along its parallel is no shorter
    than the geodesic; the parallel nearest to the equator is the longest.
    """
    half = size / 2
    nearest = np.maximum(np.abs(lat) - half, 0)
    return half * DEGREE_KM * (1 + np.cos(np.radians(nearest)))
