"""Points with a value each, read from a table: numbers of good rows, and what is wrong with bad."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from tierscape.data.errors import DataError, Problem, did_you_mean
from tierscape.point_columns import SHOWN, PointColumns, bad_coordinates, coordinates

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ValuedPoints:
    """The numbers of a table, one for each row; NaN in all three where a row is bad.

    Attributes
    ----------
    lon, lat
        Degrees.
    value
        Finite.
    problems
        What is wrong with the first bad rows.
    """

    lon: Floats
    lat: Floats
    value: Floats
    problems: tuple[Problem, ...] = ()

    @property
    def good(self) -> Bools:
        """Which rows have coordinates and a value."""
        return np.asarray(~np.isnan(self.value))

    def told(self) -> list[Problem]:
        """Return the problems that a message shows, and how many more bad rows there are."""
        more = int((~self.good).sum()) - len(self.problems)
        if not more:
            return list(self.problems)
        file = self.problems[0].file
        rule = "have bad coordinates or no number too"
        return [*self.problems, Problem(file, None, None, f"{more:,} more rows", rule)]


def check_column(name: str, columns: Sequence[str], source: str) -> None:
    """Refuse a column that a table does not have.

    Raises
    ------
    DataError
        With the nearest name.

    Examples
    --------
    >>> check_column("scor", ["site", "score"], "sites.csv")
    Traceback (most recent call last):
    tierscape.data.errors.DataError: sites.csv: 'scor': there is no such column. Did you mean \
'score'?
    """
    if name not in columns:
        rule = "there is no such column"
        remedy = did_you_mean(name, columns)
        raise DataError([Problem(source, None, None, name, rule, remedy)])


def rows_of(
    frame: pd.DataFrame, columns: PointColumns, value: str, *, first: int = 0, most: int = SHOWN
) -> ValuedPoints:
    """Return the numbers of some rows of a table.

    Parameters
    ----------
    frame
        The rows.
    columns
        Where the coordinates are, and the name of the table in messages.
    value
        The column of values.
    first
        The number of rows before these in the table.
    most
        Bad rows to tell at most.

    Examples
    --------
    >>> frame = pd.DataFrame({"lon": [8.5, 4.9], "lat": [47.4, 52.4], "score": ["7", "n/a"]})
    >>> found = rows_of(frame, PointColumns("lon", "lat"), "score")
    >>> found.value.tolist(), [str(each) for each in found.problems]
    ([7.0, nan], ["points: 'n/a': score of row 2 must be a number."])
    """
    lon, lat = coordinates(frame, columns)
    number = _numbers(frame[value])
    good = ~np.isnan(lon) & ~np.isnan(number)
    bad = np.flatnonzero(~good)[:most].tolist()
    problems = [
        _value_problem(frame[value].iloc[row], first + row + 1, columns.source, value)
        if np.isfinite(lon[row])
        else bad_coordinates(frame.iloc[[row]], columns, first=first + row)[0]
        for row in bad
    ]
    lon, lat, number = (np.where(good, each, np.nan) for each in (lon, lat, number))
    return ValuedPoints(lon, lat, number, tuple(problems))


def joined(pieces: Iterable[ValuedPoints]) -> ValuedPoints:
    """Return the rows of several pieces of a table, one after the other."""
    every = list(pieces)
    arrays = [np.stack([each.lon, each.lat, each.value]) for each in every]
    lon, lat, value = np.concatenate([np.empty((3, 0)), *arrays], axis=1)
    return ValuedPoints(lon, lat, value, tuple(one for each in every for one in each.problems))


def _numbers(column: pd.Series) -> Floats:
    """Return cells as finite numbers, NaN where they are none."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return np.full(len(column), np.nan)
    found = pd.to_numeric(column, errors="coerce").to_numpy(float, na_value=np.nan)
    return np.where(np.isfinite(found), found, np.nan)


def _value_problem(value: object, number: int, source: str, column: str) -> Problem:
    shown = "" if pd.isna(value) else str(value)  # type: ignore[call-overload]
    return Problem(source, None, None, shown, f"{column} of row {number} must be a number")
