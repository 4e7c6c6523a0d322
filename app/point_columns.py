"""The columns of a table of points: which hold the coordinates, and what is wrong with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from tierscape.data.errors import DataError, Problem, did_you_mean
from tierscape.geo.points import swapped

Floats = npt.NDArray[np.float64]

#: Headings of coordinates, in any case; the first that a table has counts.
LON = ("lon", "longitude", "lng", "long", "经度", "x")
LAT = ("lat", "latitude", "纬度", "y")
#: Rows that a message names; it tells how many more there are.
SHOWN = 1000


@dataclass(frozen=True, slots=True)
class PointColumns:
    """The columns of longitude and latitude, and the name of the table in messages."""

    lon: str
    lat: str
    source: str = "points"


def point_columns(
    columns: Sequence[str],
    source: str = "points",
    *,
    lon: str | None = None,
    lat: str | None = None,
) -> PointColumns:
    """Return the columns of longitude and latitude.

    Parameters
    ----------
    columns
        What the table has.
    source
        Its name in messages.
    lon, lat
        The columns that the user names; found by their headings where None.

    Raises
    ------
    DataError
        If there is no such column.

    Examples
    --------
    >>> point_columns(["name", "X", "Y"])
    PointColumns(lon='X', lat='Y', source='points')
    """
    found: list[str] = []
    problems = []
    for given, known, option in ((lon, LON, "--lon"), (lat, LAT, "--lat")):
        name = given or _heading(columns, known)
        if name not in columns:
            remedy = did_you_mean(name, columns) if given else f"Name the column with {option}."
            rule = "there is no such column" if given else f"no column is called {', '.join(known)}"
            value = name or ",".join(map(str, columns))
            problems.append(Problem(source, None, None, value, rule, remedy))
        found.append(name)
    if problems:
        raise DataError(problems)
    return PointColumns(found[0], found[1], source)


def coordinates(points: pd.DataFrame, columns: PointColumns) -> tuple[Floats, Floats]:
    """Return longitudes and latitudes in degrees, both NaN in rows where one is bad.

    Examples
    --------
    >>> points = pd.DataFrame({"lon": ["8.5", "east"], "lat": ["47.4", "50"]})
    >>> coordinates(points, PointColumns("lon", "lat"))
    (array([8.5, nan]), array([47.4,  nan]))
    """
    lon, lat = _numbers(points, columns)
    good = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    return np.where(good, lon, np.nan), np.where(good, lat, np.nan)


def bad_coordinates(
    points: pd.DataFrame, columns: PointColumns, *, first: int = 0, most: int = SHOWN
) -> list[Problem]:
    """Return what is wrong with the coordinates of each bad row, in order.

    Parameters
    ----------
    points
        One row for each point.
    columns
        Where the coordinates are.
    first
        The number of rows before this table, where it is part of a larger one.
    most
        Rows to tell at most.

    Returns
    -------
    list of Problem
        With the number of the row (the first is 1). A row whose two coordinates would be right
        the other way round says so.

    Examples
    --------
    >>> points = pd.DataFrame({"lon": [39.9], "lat": [116.4]})
    >>> bad_coordinates(points, PointColumns("lon", "lat"))[0].remedy
    'Longitude and latitude are swapped.'
    """
    lon, lat = _numbers(points, columns)
    bad = np.flatnonzero(~((np.abs(lon) <= 180) & (np.abs(lat) <= 90)))[:most]
    turned = swapped(lon, lat)
    return [
        _problem(points.iloc[row], int(row) + first + 1, columns, turned=bool(turned[row]))
        for row in bad.tolist()
    ]


def told(problems: Sequence[Problem], count: int) -> list[Problem]:
    """Return the problems that a message shows, and how many more bad rows there are.

    Examples
    --------
    >>> one = Problem("a.csv", None, None, "x", "is bad")
    >>> [str(each) for each in told([one], 5)]
    ["a.csv: 'x': is bad.", "a.csv: '4 more rows': have bad coordinates too."]
    """
    if len(problems) >= count:
        return list(problems)
    value = f"{count - len(problems):,} more rows"
    more = Problem(problems[0].file, None, None, value, "have bad coordinates too")
    return [*problems, more]


def _numbers(points: pd.DataFrame, columns: PointColumns) -> tuple[Floats, Floats]:
    """Return the cells as numbers, NaN where they are none."""
    lon, lat = (
        pd.to_numeric(points[name], errors="coerce").to_numpy(float, na_value=np.nan)
        for name in (columns.lon, columns.lat)
    )
    return lon, lat


def _heading(columns: Iterable[str], known: Sequence[str]) -> str:
    """Return the column with the first of the known headings, empty if there is none."""
    have = {str(column).strip().casefold(): column for column in columns}
    return next((have[name] for name in known if name in have), "")


def _problem(row: pd.Series, number: int, columns: PointColumns, *, turned: bool) -> Problem:
    """Return what is wrong with the coordinates of one row."""
    value = f"{_shown(row[columns.lon])}, {_shown(row[columns.lat])}"
    rule = (
        f"{columns.lon}, {columns.lat} of row {number} must be degrees: "
        "longitude from -180 to 180, latitude from -90 to 90"
    )
    remedy = "Longitude and latitude are swapped." if turned else ""
    return Problem(columns.source, None, None, value, rule, remedy)


def _shown(value: object) -> str:
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]
