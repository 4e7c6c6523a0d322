"""`assign` on the rows of a part: a pure function from frame to frame."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from tierscape.assigning import ADDED, Facts, assign_points, read_facts
from tierscape.data.errors import Problem
from tierscape.engine_works import named_adds, with_added
from tierscape.point_columns import PointColumns, bad_coordinates, coordinates, point_columns


@dataclass(frozen=True, slots=True)
class Assign:
    """Points to landforms and clusters (`assign`).

    Examples
    --------
    >>> work = assign_work(["site", "lon", "lat"])
    >>> frame = pd.DataFrame({"site": ["a"], "lon": [8.54], "lat": [47.37]})
    >>> work.partition(frame)[["site", "landform", "clusters"]].to_dict("records")
    [{'site': 'a', 'landform': 'mountain', 'clusters': 'alps blue-banana'}]
    """

    columns: PointColumns
    reads: tuple[str, ...]
    adds: tuple[tuple[str, str], ...]
    keep_bad: bool = False
    data: Path | None = None
    name: str = "assign"

    def faults(self, frame: pd.DataFrame, first: int, file: str) -> tuple[int, list[Problem]]:
        """Return how many rows have bad coordinates, and what is wrong with them."""
        count = int(np.isnan(coordinates(frame, self.columns)[0]).sum())
        columns = PointColumns(self.columns.lon, self.columns.lat, file)
        return count, bad_coordinates(frame, columns, first=first) if count else []

    def partition(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows with what `assign` adds, kilometres to three decimals."""
        placed = assign_points(frame, _facts(self.data), self.columns, keep_bad=True)
        return with_added(frame, placed.iloc[:, -len(ADDED) :], ADDED, self.adds)

    def unsure(self, done: pd.DataFrame) -> int:
        """Return how many rows have no landform, since their coordinates are bad."""
        return int(done[self.adds[0][0]].isna().sum())


def assign_work(
    columns: Sequence[str],
    points: PointColumns | None = None,
    *,
    keep_bad: bool = False,
    data: Path | None = None,
) -> Assign:
    """Return the work of `assign` on tables with these columns.

    Parameters
    ----------
    columns
        What the tables have.
    points
        Where the coordinates are; found by their headings where None.
    keep_bad
        Keep rows with bad coordinates, with empty results.
    data
        A folder of your own clusters, in sight of every worker.

    Raises
    ------
    DataError
        If there is no column of coordinates.
    """
    where = points or point_columns(list(columns))
    more = tuple(name for name in ("country", "city_id") if name in columns)
    adds = named_adds(columns, ADDED, "assigned_")
    return Assign(where, (where.lon, where.lat, *more), adds, keep_bad, data)


@lru_cache(maxsize=1)
def _facts(data: Path | None) -> Facts:
    """Return the clusters and the gazetteer; a worker reads them once."""
    return read_facts(data)
