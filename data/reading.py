"""Reading TOML and CSV files so that every fault is found, named and reported together."""

import csv
import gc
import io
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from .errors import DataError, Problem, did_you_mean

T = TypeVar("T")


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file (with or without a byte order mark).

    Raises
    ------
    DataError
        If the file is missing or not UTF-8; the message names the first byte that is not.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataError(
            [
                Problem(
                    str(path),
                    line,
                    None,
                    f"byte 0x{error.object[error.start]:02x}",
                    "the file is not UTF-8",
                    "Save it as UTF-8 (spreadsheets: “CSV UTF-8”).",
                ),
            ],
        ) from None
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise DataError([Problem(str(path), None, None, path.name, reason)]) from None


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file.

    Raises
    ------
    DataError
        If the file is not UTF-8 or not TOML; the message names the line.
    """
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        problem = Problem(str(path), None, None, str(error), "the file is not valid TOML")
        raise DataError([problem]) from None


def read_csv(path: Path, columns: Iterable[str]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a CSV file, each with its line number; cells are stripped of blanks.

    Raises
    ------
    DataError
        If the file cannot be read, has no header, lacks one of `columns`, or has a row with more
        cells than the header.
    """
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        header = reader.fieldnames or []
        missing = [
            Problem(str(path), 1, name, ",".join(header), f"column {name!r} is missing")
            for name in columns
            if name not in header
        ]
        missing += [
            Problem(str(path), 1, name, name, "the header has this column twice", "Rename one.")
            for name in sorted({name for name in header if header.count(name) > 1})
        ]
        if missing:
            raise DataError(missing)
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise DataError(
            [
                Problem(
                    str(path), reader.line_num + 1, None, str(error), "the file is not valid CSV"
                )
            ],
        ) from None
    too_long = [
        Problem(
            str(path), line, None, ",".join(row[None]), "the row has more cells than the header"
        )
        for line, row in rows
        if None in row
    ]
    if too_long:
        raise DataError(too_long)
    return [(line, {k: (v or "").strip() for k, v in row.items()}) for line, row in rows]


@dataclass(frozen=True, slots=True)
class Fields:
    """Typed access to one table of a TOML file; what is missing or wrong goes to `problems`.

    Examples
    --------
    >>> problems = []
    >>> fields = Fields("a.toml", {"year": "2023"}, problems)
    >>> fields.get("year", int, default=0)
    0
    >>> print(problems[0])
    a.toml, year: '2023': must be an integer.
    """

    file: str
    table: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)
    prefix: str = ""

    def get(self, key: str, kind: type[T], *, default: T, required: bool = True) -> T:
        """Return the value of `key`, or `default` with a problem noted."""
        if key not in self.table:
            if required:
                self.note(key, "", f"{_NAMES.get(kind, kind.__name__)} is required", "Add it.")
            return default
        value = self.table[key]
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.note(key, value, f"must be {_NAMES.get(kind, kind.__name__)}")
            return default
        return value

    def text(self, key: str, *, required: bool = True) -> str:
        """Return a string, which may be empty only if it is not required."""
        value = self.get(key, str, default="", required=required)
        if required and key in self.table and isinstance(self.table[key], str) and not value:
            self.note(key, value, "must not be empty")
        return value

    def texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """Return a list of strings."""
        values = self.get(key, list, default=[], required=required)
        for value in values:
            if not isinstance(value, str):
                self.note(key, value, "must be a string")
        return tuple(value for value in values if isinstance(value, str))

    def tables(self, key: str, *, required: bool = True) -> list["Fields"]:
        """Return a list of tables, each with access to its own fields."""
        values = self.get(key, list, default=[], required=required)
        inner = [value for value in values if isinstance(value, dict)]
        if len(inner) < len(values):
            self.note(key, values, "must be a list of tables")
        return [
            Fields(self.file, value, self.problems, f"{self.prefix}{key}[{number}].")
            for number, value in enumerate(inner, 1)
        ]

    def table_at(self, key: str, *, required: bool = True) -> "Fields":
        """Return the sub-table of `key`."""
        value = self.get(key, dict, default={}, required=required)
        return Fields(self.file, value, self.problems, f"{self.prefix}{key}.")

    def only(self, known: Iterable[str]) -> None:
        """Note every key that is not in `known`, with the nearest that is."""
        allowed = list(known)
        for key in self.table:
            if key not in allowed:
                self.note(key, key, "is not a known key", did_you_mean(key, allowed))

    def note(self, key: str, value: object, rule: str, remedy: str = "") -> None:
        """Add a problem with the value of `key`."""
        shown = value if isinstance(value, str) else repr(value)
        self.problems.append(Problem(self.file, None, self.prefix + key, shown, rule, remedy))


@dataclass(frozen=True, slots=True)
class Cells:
    """Typed access to one row of a CSV file; what is missing or wrong goes to `problems`.

    Examples
    --------
    >>> problems = []
    >>> Cells("a.csv", 2, {"tier": "best"}, problems).whole("tier")
    0
    >>> print(problems[0])
    a.csv, line 2, tier: 'best': must be a whole number from 1 up.
    """

    file: str
    line: int
    row: Mapping[str, str]
    problems: list[Problem]

    def text(self, column: str) -> str:
        """Return a cell that must not be empty."""
        value = self.row.get(column, "")
        if not value:
            self.note(column, "must not be empty")
        return value

    def whole(self, column: str, remedy: str = "") -> int:
        """Return a whole number from 1 up, or 0 with a problem noted."""
        value = self.row.get(column, "")
        if value.isascii() and value.isdigit() and int(value) > 0:
            return int(value)
        self.note(column, "must be a whole number from 1 up", remedy)
        return 0

    def number(self, column: str) -> float | None:
        """Return a number from 0 up, or None where the cell is empty."""
        value = self.row.get(column, "")
        try:
            number = float(value) if value else None
        except ValueError:
            number = -1.0
        if number is None or 0 <= number < float("inf"):
            return number
        self.note(column, "must be a number from 0 up, or empty")
        return None

    def note(self, column: str, rule: str, remedy: str = "") -> None:
        """Add a problem with the cell of `column`."""
        value = self.row.get(column, "")
        self.problems.append(Problem(self.file, self.line, column, value, rule, remedy))


_NAMES: dict[type, str] = {
    str: "a string",
    int: "an integer",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}


def gather(tasks: Iterable[Callable[[], T]]) -> list[T]:
    """Run every task and return the results; where any fail, raise all their problems as one.

    Raises
    ------
    DataError
        With the problems of every task that failed.
    """
    results: list[T] = []
    problems: list[Problem] = []
    for task in tasks:
        try:
            results.append(task())
        except DataError as error:
            problems.extend(error.problems)
    if problems:
        raise DataError(problems)
    return results


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the search for cyclic garbage: a million records make none, and it would walk them.

    Examples
    --------
    >>> with collector_paused():
    ...     gc.isenabled()
    False
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
