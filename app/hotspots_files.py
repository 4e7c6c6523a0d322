"""`hotspots` on one file: its numbers read, and its rows written with more columns."""

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from tierscape.point_columns import SHOWN
from tierscape.point_files import PointFile
from tierscape.valued_points import ValuedPoints, check_column, joined, rows_of

#: The columns that are added, in this order.
ADDED = ("hot_value", "hot_z", "hot_p_value", "hot_p_adjusted", "hot_label")
#: Before the name of an added column that the table has already.
PREFIX = "hotspots_"


def free_names(columns: Iterable[str]) -> list[str]:
    """Return the names of the added columns in a table that has some already.

    Examples
    --------
    >>> free_names(["lon", "lat", "hot_z"])[:2]
    ['hot_value', 'hotspots_hot_z']
    """
    names, taken = [], set(columns)
    for name in ADDED:
        while name in taken:
            name = PREFIX + name  # noqa: PLW2901 - until it is free
        names.append(name)
    return names


def read_file(points: PointFile, value: str) -> ValuedPoints:
    """Return the numbers of a file; its other columns are not held.

    Raises
    ------
    DataError
        If there is no such column of values.
    """
    pieces, first, shown = [], 0, 0
    for chunk in points.chunks():
        check_column(value, list(chunk.columns), points.columns.source)
        piece = rows_of(chunk, points.columns, value, first=first, most=SHOWN - shown)
        first, shown = first + len(chunk), shown + len(piece.problems)
        pieces.append(piece)
    return joined(pieces)


def with_added(points: PointFile, added: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield the rows of a file in chunks, with their rows of the added columns."""
    first = 0
    for chunk in points.chunks():
        rows = added.iloc[first : first + len(chunk)].set_axis(chunk.index)
        first += len(chunk)
        yield pd.concat([chunk, rows.set_axis(free_names(chunk.columns), axis=1)], axis=1)


def records(chunks: Iterable[pd.DataFrame]) -> list[dict[Any, Any]]:
    """Return rows as plain values; what is missing is None."""
    rows = (chunk.astype(object).where(chunk.notna(), None) for chunk in chunks)
    return [dict(row) for each in rows for row in each.to_dict("records")]
