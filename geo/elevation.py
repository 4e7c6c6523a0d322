"""Altitude, relief and the mountain mask, on a grid of 5 arc minutes.

A cell is *mountain* by the criteria of Kapos et al. (2000) as far as a grid of about 9 km can
carry them: 2,500 m or higher, or 300 m or higher with a local relief of at least 300 m. Local
relief is the range of altitude over the cell and its neighbours, a window of about 28 km, where
the original takes a radius of 7 km on a grid of 1 km: cells of 9 km average the peaks away, and
the wider window makes up for it. The original's slope criteria (2° and 5° over 1,500 and 1,000 m)
ask for 300 m and more over the same distance, so the one relief criterion stands for them.

A city is in the mountains if its cell or one of the eight around it is mountain: a city of this
size reaches as far, and its centre lies on the valley floor.

References
----------
Kapos, V., Rhind, J., Edwards, M., Price, M. F., Ravilious, C. (2000). Developing a map of the
world's mountain forests. In: Forests in Sustainable Mountain Development, CABI, 4-9.
"""

import numpy as np
import numpy.typing as npt

from ..data.physical_loader import load_altitude
from .points import check_coordinates

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]
Levels = npt.NDArray[np.uint8]

CELLS_PER_DEGREE = 12
_STEP_M, _BASE_M = 28, -450
_NO_DATA = 255
_HIGH_M, _LOW_M, _RELIEF_M = 2500.0, 300.0, 300.0


def metres(level: Levels) -> Floats:
    """Return altitudes in metres from the grid's levels; cells without data are sea level."""
    return np.where(level == _NO_DATA, 0.0, level * float(_STEP_M) + _BASE_M)


def half_width(row: npt.ArrayLike) -> Ints:
    """Return how many columns to each side make a window as wide as it is high, per row."""
    lat = 90 - (np.asarray(row) + 0.5) / CELLS_PER_DEGREE
    return np.minimum(np.rint(1 / np.cos(np.radians(lat))), 180).astype(np.intp)


def relief_grid(level: Levels) -> Floats:
    """Return the local relief of every cell, in metres.

    Parameters
    ----------
    level : array of uint8
        The altitude grid's levels.
    """
    from scipy.ndimage import maximum_filter, minimum_filter  # noqa: PLC0415 - slow to import

    altitude = metres(level).astype(np.float32)
    high = maximum_filter(altitude, (3, 1), mode="nearest")
    low = minimum_filter(altitude, (3, 1), mode="nearest")
    relief = np.empty(level.shape)
    widths = half_width(np.arange(level.shape[0]))
    for width in np.unique(widths):
        rows = widths == width
        size = (1, 2 * int(width) + 1)
        relief[rows] = maximum_filter(high[rows], size, mode="wrap")
        relief[rows] -= minimum_filter(low[rows], size, mode="wrap")
    return relief


def mountain_mask(level: Levels) -> Bools:
    """Return the mountain mask of an altitude grid.

    Parameters
    ----------
    level : array of uint8
        The altitude grid's levels.
    """
    altitude = metres(level)
    rugged = (altitude >= _LOW_M) & (relief_grid(level) >= _RELIEF_M)
    return np.asarray(rugged | (altitude >= _HIGH_M))


def cell_of(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Ints, Ints]:
    """Return the row and column of the cell of each point.

    Raises
    ------
    CoordinateError
        If a coordinate is missing or out of range.

    Examples
    --------
    >>> [int(v) for v in cell_of(180.0, 90.0)]
    [0, 0]
    """
    check_coordinates(np.ravel(lon), np.ravel(lat))
    row = np.floor((90 - np.asarray(lat, float)) * CELLS_PER_DEGREE).astype(np.intp)
    column = np.floor((np.asarray(lon, float) + 180) * CELLS_PER_DEGREE).astype(np.intp)
    return np.clip(row, 0, 180 * CELLS_PER_DEGREE - 1), column % (360 * CELLS_PER_DEGREE)


def elevation_m(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
    """Return the altitude of the cell of each point, in metres (steps of 28 m).

    Parameters
    ----------
    lon, lat : array-like of float
        Degrees.
    """
    return metres(load_altitude().level[cell_of(lon, lat)])


def relief_m(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
    """Return the local relief around each point, in metres.

    Parameters
    ----------
    lon, lat : array-like of float
        Degrees.

    Returns
    -------
    numpy.ndarray of float
        Highest minus lowest altitude of the cells in a window of about 28 km.
    """
    level = load_altitude().level
    row, column = np.atleast_1d(*cell_of(lon, lat))
    result = np.empty(len(row))
    for width in np.unique(half_width(row)):
        here = half_width(row) == width
        around = _window(level.shape, row[here], column[here], int(width))
        result[here] = np.ptp(metres(level[around]), axis=(1, 2))
    return result


def is_mountain(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Bools:
    """Tell whether the mountain mask holds the cell of each point or one around it.

    Parameters
    ----------
    lon, lat : array-like of float
        Degrees.

    Examples
    --------
    >>> is_mountain([11.39, 4.9], [47.27, 52.37]).tolist()  # Innsbruck, Amsterdam
    [True, False]
    """
    grid = load_altitude()
    row, column = np.atleast_1d(*cell_of(lon, lat))
    cell = np.ravel_multi_index(_window(grid.level.shape, row, column, 1), grid.level.shape)
    mask = grid.bits[cell // 8] & (128 >> cell % 8)
    return np.asarray(mask.any(axis=(1, 2)))


def _window(shape: tuple[int, ...], row: Ints, column: Ints, width: int) -> tuple[Ints, Ints]:
    """Return rows and columns of the cells one row and `width` columns to each side.

    Together they have the shape (n, 3, 2 width + 1).
    """
    rows = np.clip(row[:, None, None] + np.arange(-1, 2)[None, :, None], 0, shape[0] - 1)
    columns = column[:, None, None] + np.arange(-width, width + 1)[None, None, :]
    return rows, columns % shape[1]
