"""The parts of a table on disk: a folder or a glob of Parquet files, checked before any work."""

import glob
import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tierscape.crs import crs_name
from tierscape.data.errors import DataError, Problem, TierscapeError

#: What a finished folder says of itself; readers of Parquet pass over names with `_`.
MANIFEST = "_tierscape.json"
#: Rows that are read at once: memory does not grow with a part.
BATCH = 65_536
SUFFIXES = (".parquet", ".geoparquet")
#: Characters that make a path a pattern.
PATTERN = frozenset("*?[")
_DEGREES = "OGC:CRS84"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a table: its path, its name below the table's folder, and its footer.

    Attributes
    ----------
    stamp
        Size, time of change and digest of the footer; another stamp is another content.
    """

    path: str
    name: str
    rows: int
    stamp: str


@dataclass(frozen=True, slots=True)
class Geometry:
    """A column of points: its name, how they are written (`WKB` or `point`), and their CRS."""

    column: str
    encoding: str
    crs: str


@dataclass(frozen=True, slots=True)
class Parts:
    """A table in parts, all of one schema and one CRS, in the order of their names."""

    parts: tuple[Part, ...]
    columns: tuple[str, ...]
    geometry: Geometry | None
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """All rows of all parts."""
        return sum(part.rows for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Footer:
    """What the end of a Parquet file says of it."""

    part: Part
    fields: tuple[tuple[str, str], ...]
    geometry: Geometry | None


def is_parts(source: str | Path) -> bool:
    """Tell whether a path means a table in parts: a folder, or a pattern.

    Examples
    --------
    >>> is_parts("points/*.parquet"), is_parts("points.csv")
    (True, False)
    """
    return Path(source).is_dir() or bool(PATTERN & set(str(source)))


def find_parts(source: str | Path) -> Parts:
    """Return the parts of a table after reading the footer of each.

    Parameters
    ----------
    source
        A folder (with folders in it, such as `country=FR/`), a pattern, or one file. Names that
        begin with `_` or `.` are not read.

    Raises
    ------
    DataError
        With every part that is truncated, has another schema than the first, or another CRS.
    TierscapeError
        If there is no part, or pyarrow is not installed.
    """
    needs_pyarrow()
    named = _named(source)
    if not named:
        raise TierscapeError(f"{source}: there is no {' or '.join(SUFFIXES)} file.")
    with ThreadPoolExecutor() as pool:
        read = list(pool.map(lambda pair: _footer(*pair), named))
    problems = [each for each in read if isinstance(each, Problem)]
    footers = [each for each in read if isinstance(each, _Footer)]
    problems += [fault for each in footers[1:] for fault in _differences(footers[0], each)]
    if problems:
        raise DataError(problems)
    parts = tuple(each.part for each in footers)
    columns = tuple(name for name, _ in footers[0].fields)
    return Parts(parts, columns, footers[0].geometry, tuple(_notes(footers)))


def part_batches(part: Part, columns: list[str] | None = None) -> Iterator[Any]:
    """Give the schema of a part, and then its rows in batches.

    Parameters
    ----------
    part
        The file.
    columns
        Those that are read; all where None.

    Raises
    ------
    DataError
        If the file cannot be read, or is not what it was when it was checked.
    """
    import pyarrow as pa  # noqa: PLC0415 - optional
    import pyarrow.parquet as pq  # noqa: PLC0415 - optional

    rows = 0
    try:
        with pq.ParquetFile(part.path) as file:
            yield file.schema_arrow
            for batch in file.iter_batches(BATCH, columns=columns):
                rows += len(batch)
                yield batch
    except (pa.ArrowException, OSError) as error:
        value = str(error).split("\n")[0]
        raise DataError([Problem(part.path, None, None, value, "cannot be read")]) from None
    if rows != part.rows:
        rule = f"had {part.rows:,} rows when the work began"
        raise DataError([Problem(part.path, None, None, f"{rows:,} rows", rule)])


def needs_pyarrow() -> None:
    """Say what to install where pyarrow is missing.

    Raises
    ------
    TierscapeError
        If it is.
    """
    try:
        import pyarrow.parquet  # noqa: F401, PLC0415 - only tables in parts need it
    except ImportError:
        message = "tables in parts need pyarrow. Install it: pip install 'tierscape[dask]'"
        raise TierscapeError(message) from None


def _named(source: str | Path) -> list[tuple[Path, str]]:
    """Return the files and their names below the folder that they share, in order."""
    given = Path(source)
    if given.is_file():
        return [(given.resolve(), given.name)]
    if given.is_dir():
        base, found = given, list(given.rglob("*"))
    else:
        base = _before_pattern(given)
        found = [Path(path) for path in glob.glob(str(given), recursive=True)]  # noqa: PTH207 - patterns with a root
    names = {path: path.relative_to(base) for path in found if path.suffix.lower() in SUFFIXES}
    return sorted(
        (path.resolve(), name.as_posix())
        for path, name in names.items()
        if path.is_file() and not any(piece[0] in "_." for piece in name.parts)
    )


def _before_pattern(pattern: Path) -> Path:
    """Return the folders of a pattern that are none themselves."""
    pieces: list[str] = []
    for piece in pattern.parts:
        if PATTERN & set(piece):
            break
        pieces.append(piece)
    return Path(*pieces)


def _footer(path: Path, name: str) -> _Footer | Problem:
    """Read the end of a file, or tell what is wrong with it."""
    import pyarrow as pa  # noqa: PLC0415 - optional
    import pyarrow.parquet as pq  # noqa: PLC0415 - optional

    try:
        facts = path.stat()
        digest = _footer_digest(path, facts.st_size)
        with pq.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        rule = "is no whole Parquet file: it is empty, truncated, or something else"
        return Problem(str(path), None, None, str(error).split("\n")[0], rule, "Write it again.")
    stamp = f"{facts.st_size}-{facts.st_mtime_ns}-{digest}"
    fields = tuple((field.name, str(field.type)) for field in schema)
    return _Footer(Part(str(path), name, rows, stamp), fields, _geometry(schema.metadata or {}))


def _footer_digest(path: Path, size: int) -> str:
    """Return a digest of the footer: eight bytes at the end give its length."""
    with path.open("rb") as file:
        file.seek(max(0, size - 8))
        length = int.from_bytes(file.read(4), "little")
        file.seek(max(0, size - 8 - length))
        return hashlib.sha256(file.read()).hexdigest()[:16]


def _geometry(metadata: dict[bytes, bytes]) -> Geometry | None:
    """Return the primary geometry that GeoParquet's metadata name."""
    if b"geo" not in metadata:
        return None
    geo = json.loads(metadata[b"geo"])
    column = geo["primary_column"]
    told = geo["columns"][column]
    crs = told.get("crs", _DEGREES)
    text = crs if isinstance(crs, str) else json.dumps(crs, sort_keys=True) if crs else ""
    return Geometry(column, told["encoding"], text)


def _differences(first: _Footer, other: _Footer) -> Iterator[Problem]:
    """Tell how the schema and the CRS of a part differ from those of the first."""
    file, model = other.part.path, first.part.name
    expected, found = dict(first.fields), dict(other.fields)
    remedy = "Write all parts with one schema."
    for name, kind in expected.items():
        if name not in found:
            yield Problem(file, None, name, "", f"the column is missing; {model} has it", remedy)
        elif found[name] != kind:
            yield Problem(file, None, name, found[name], f"is {kind} in {model}", remedy)
    for name in found.keys() - expected.keys():
        yield Problem(file, None, name, found[name], f"{model} has no such column", remedy)
    one, two = first.geometry, other.geometry
    if (one is None) != (two is None):
        value = "geometry" if two else "no geometry"
        yield Problem(file, None, None, value, f"{model} is otherwise (GeoParquet)", remedy)
    elif one and two and (one.column, one.encoding) != (two.column, two.encoding):
        value = f"{two.column} ({two.encoding})"
        yield Problem(
            file, None, None, value, f"is {one.column} ({one.encoding}) in {model}", remedy
        )
    elif one and two and one.crs != two.crs and crs_name(one.crs) != crs_name(two.crs):
        rule = f"the CRS is {crs_name(one.crs)} in {model}"
        yield Problem(file, None, two.column, crs_name(two.crs), rule, "Turn all parts to one CRS.")


def _notes(footers: list[_Footer]) -> Iterator[str]:
    """Tell what the user should know of parts that are read all the same."""
    for each in footers:
        if not each.part.rows:
            yield f"{each.part.path}: has no rows; its part of the output has none either"
    geometry = footers[0].geometry
    if geometry and not geometry.crs:
        yield f"{footers[0].part.path}: names no CRS; points are taken as degrees, EPSG:4326"
