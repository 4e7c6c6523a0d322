"""What is done with each part of a table: what every such work tells of itself."""

from collections.abc import Sequence
from typing import Any, Protocol

import pandas as pd

from tierscape.data.errors import Problem
from tierscape.outputs import decimals_of

#: The kind of each added column that holds no texts.
KINDS = {
    **dict.fromkeys(("coast_km", "range_km", "nearest_km", "lon", "lat", "confidence"), "double"),
    "elevation_m": "integer",
    "population": "long",
}
_DTYPES: dict[str, Any] = {"double": "float64", "integer": "Int32", "long": "Int64"}


class Work(Protocol):
    """A piece of work on the rows of a frame; it is sent to workers, so it holds no data."""

    @property
    def name(self) -> str:
        """The command."""

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that are read."""

    @property
    def adds(self) -> tuple[tuple[str, str], ...]:
        """The columns that are added: name and kind (`string`, `double`, `integer`, `long`)."""

    @property
    def keep_bad(self) -> bool:
        """Whether rows with faults stay, with empty results."""

    def faults(self, frame: pd.DataFrame, first: int, file: str) -> tuple[int, list[Problem]]:
        """Return how many rows are bad, and what is wrong with the first of them."""

    def partition(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows with the added columns; a row does not depend on the others."""

    def unsure(self, done: pd.DataFrame) -> int:
        """Return how many rows of a partition that was done have no sure answer."""


def named_adds(
    columns: Sequence[str], added: Sequence[str], prefix: str
) -> tuple[tuple[str, str], ...]:
    """Return the added columns, those whose names are taken with a prefix, and their kinds."""
    pairs = []
    for name in added:
        free = name
        while free in columns:
            free = prefix + free
        pairs.append((free, KINDS.get(name, "string")))
    return tuple(pairs)


def with_added(
    frame: pd.DataFrame,
    found: pd.DataFrame,
    names: Sequence[str],
    adds: Sequence[tuple[str, str]],
) -> pd.DataFrame:
    """Return a frame with the columns that were found: plain types, numbers rounded."""
    columns = {}
    for column, name, (free, kind) in zip(found.columns, names, adds, strict=True):
        values = found[column].set_axis(frame.index)
        if kind == "string":
            columns[free] = values.astype(object).where(values.notna(), None)
            continue
        numbers = pd.to_numeric(values, errors="coerce").astype(_DTYPES[kind])
        # A place is given with its coordinates as `geocode` prints them.
        exact = kind != "double" or name in {"lon", "lat"}
        columns[free] = numbers if exact else numbers.round(decimals_of(name))
    return frame.assign(**columns)
