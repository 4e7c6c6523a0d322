"""`assign` and `geocode` on Spark: the same partition functions, row by row.

Spark and tierscape must be installed where its executors run. A frame keeps its columns and gets
those of the command after them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from tierscape.data.errors import DataError
from tierscape.engine_assign import assign_work
from tierscape.engine_geocode import geocode_work
from tierscape.engine_works import Work
from tierscape.point_columns import told


@dataclass(frozen=True, slots=True)
class Batches:
    """What `mapInPandas` calls on each executor: batches in, the same rows with columns added.

    Examples
    --------
    >>> batches = Batches(assign_work(["lon", "lat"]))
    >>> done = batches(iter([pd.DataFrame({"lon": [8.54], "lat": [47.37]})]))
    >>> next(done)["clusters"].tolist()
    ['alps blue-banana']
    """

    work: Work

    def __call__(self, frames: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """Do one batch after the other.

        Raises
        ------
        DataError
            With the rows of a batch that have faults, unless they are to be kept.
        """
        rows = 0
        for frame in frames:
            bad, problems = self.work.faults(frame, rows, "batch")
            if bad and not self.work.keep_bad:
                raise DataError(told(problems, bad))
            rows += len(frame)
            yield self.work.partition(frame)


def assign(
    points: Any,  # noqa: ANN401 - pyspark is optional
    *,
    keep_bad: bool = False,
    data: Path | None = None,
) -> Any:  # noqa: ANN401
    """Return a Spark frame of points with what `tierscape assign` adds.

    Parameters
    ----------
    points
        A `pyspark.sql.DataFrame` with longitude and latitude in degrees, in columns called as
        `tierscape.assigning.assign` takes them.
    keep_bad
        Keep rows with bad coordinates, with empty results, instead of failing.
    data
        A folder of your own clusters, at the same path on every executor.

    Returns
    -------
    pyspark.sql.DataFrame
        Nothing is done until Spark is asked for its rows.

    Raises
    ------
    DataError
        If there is no column of coordinates.
    """
    return mapped(points, assign_work(points.columns, keep_bad=keep_bad, data=data))


def geocode(
    names: Any,  # noqa: ANN401 - pyspark is optional
    *,
    name: str | None = None,
    country: str | None = None,
    data: Path | None = None,
) -> Any:  # noqa: ANN401
    """Return a Spark frame of names with what `tierscape geocode` answers for each.

    Parameters
    ----------
    names
        A `pyspark.sql.DataFrame`.
    name, country
        Its columns of names (found by its heading where None) and of countries.
    data
        A folder of your own aliases, at the same path on every executor.

    Returns
    -------
    pyspark.sql.DataFrame
        Columns whose names are taken are called `geocoded_` and the name.

    Raises
    ------
    DataError
        If there is no such column.
    """
    return mapped(names, geocode_work(names.columns, name=name, country=country, data=data))


def mapped(frame: Any, work: Work) -> Any:  # noqa: ANN401 - pyspark is optional
    """Return a Spark frame with what a piece of work adds."""
    schema = type(frame.schema)(list(frame.schema.fields))  # Spark keeps the frame's own
    for name, kind in work.adds:
        schema = schema.add(name, kind)
    return frame.mapInPandas(Batches(work), schema)
