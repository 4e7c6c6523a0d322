"""Coordinates of points, as every measure takes them: checked, and turned onto the map."""

import numpy as np
import numpy.typing as npt

from ..data.errors import TierscapeError

Floats = npt.NDArray[np.float64]

#: Longitudes may run a turn past the edge of the map.
_MOST = {"longitude": 540.0, "latitude": 90.0}


class CoordinateError(TierscapeError, ValueError):
    """A coordinate is missing, no number, or out of range."""


def check_coordinates(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return coordinates as two arrays of one length.

    Parameters
    ----------
    lon, lat : array-like of float
        Degrees: longitude from -540 to 540 (a turn past the edge), latitude from -90 to 90.

    Raises
    ------
    CoordinateError
        If a coordinate is missing or out of range; the message names the first of each, and
        says where longitude and latitude look swapped.

    Examples
    --------
    >>> check_coordinates([39.9], [116.4])
    Traceback (most recent call last):
    tierscape.geo.points.CoordinateError: latitude 116.4 of point 0 must be from -90 to 90. \
Longitude comes first: are the two swapped?
    """
    east, north = (np.atleast_1d(np.asarray(degrees, float)) for degrees in (lon, lat))
    if east.shape != north.shape or east.ndim != 1:
        raise CoordinateError(
            f"longitudes of shape {east.shape} and latitudes of shape {north.shape} "
            "must be rows of the same length"
        )
    named = zip(("longitude", "latitude"), (east, north), strict=True)
    problems = [problem for name, values in named if (problem := _problem(name, values))]
    if problems:
        hint = " Longitude comes first: are the two swapped?" if swapped(east, north).any() else ""
        raise CoordinateError("; ".join(problems) + "." + hint)
    return east, north


def swapped(lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    """Tell which points would be in range if their longitude were their latitude."""
    return np.asarray((np.abs(lat) > 90) & (np.abs(lat) <= 180) & (np.abs(lon) <= 90))


def points(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return checked coordinates, with longitudes between -180° and 180°.

    Parameters
    ----------
    lon, lat : array-like of float
        Degrees, as `check_coordinates` takes them.

    Examples
    --------
    >>> points([190.0], [-17.0])[0].tolist()
    [-170.0]
    """
    east, north = check_coordinates(lon, lat)
    return np.where(np.abs(east) > 180, (east + 180) % 360 - 180, east), north


def _problem(name: str, values: Floats) -> str:
    """Say which value of a row of coordinates is the first that is out of range."""
    most = _MOST[name]
    bad = np.flatnonzero(~(np.abs(values) <= most))
    if not len(bad):
        return ""
    return f"{name} {values[bad[0]]:g} of point {bad[0]} must be from {-most:g} to {most:g}"
