"""One part of a table: read, worked on in batches, written beside its target and renamed."""

import errno
import hashlib
import platform
import time
import uuid
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from tierscape.data.errors import DataError, Problem
from tierscape.engine_parts import Geometry, Part, part_batches
from tierscape.engine_works import Work
from tierscape.point_columns import SHOWN

#: Packages whose versions decide the bytes of a part.
PACKAGES = ("tierscape", "numpy", "pandas", "pyarrow", "pyproj", "scipy", "shapely")
#: Below the folder of parts: what is being written. Names with a dot are read by nobody.
BESIDE = ".beside"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class Task:
    """One part to do: everything that a worker needs, and no data.

    Attributes
    ----------
    folder
        Where the finished part goes; every worker sees it under this path.
    versions
        Those of the caller; a worker with others refuses.
    """

    part: Part
    geometry: Geometry | None
    work: Work
    folder: str
    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a part.

    Attributes
    ----------
    size, sha256
        Of the file that was written; 0 and empty where none was.
    bad
        Rows with faults; they are in the output with empty results if they are to be kept.
    unsure
        Rows with no sure answer.
    problems
        What is wrong with the bad rows, or with the part.
    no_room
        The disk was full: another worker may have room.
    """

    name: str
    rows: int = 0
    size: int = 0
    sha256: str = ""
    bad: int = 0
    unsure: int = 0
    problems: tuple[Problem, ...] = ()
    no_room: bool = False
    seconds: float = 0.0


def do_part(task: Task) -> Outcome:
    """Do one part; what goes wrong with it is told in the outcome.

    Doing it twice, or twice at a time, gives the same file.
    """
    start = time.perf_counter()
    name = task.part.name
    if versions() != task.versions:
        return Outcome(name, bad=1, problems=(other_versions(task.versions, versions(), name),))
    beside = Path(task.folder) / BESIDE / uuid.uuid4().hex
    try:
        written = _written(task, beside)
        if written.problems and not task.work.keep_bad:
            return written
        with beside.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
        target = Path(task.folder) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.replace(target)
    except DataError as error:
        return Outcome(name, bad=1, problems=error.problems)
    except OSError as error:
        rule = f"cannot be written: {error.strerror or error}"
        problem = Problem(str(Path(task.folder) / name), None, None, platform.node(), rule)
        return Outcome(name, bad=1, problems=(problem,), no_room=error.errno in _NO_ROOM)
    finally:
        beside.unlink(missing_ok=True)
    took = time.perf_counter() - start
    return replace(written, size=size, sha256=digest, seconds=took)


@cache
def versions(more: tuple[str, ...] = ()) -> tuple[tuple[str, str], ...]:
    """Return the versions that decide the bytes of a part: of Python, of packages, and of more."""
    python = ".".join(platform.python_version_tuple()[:2])
    return (("python", python), *((name, _version(name)) for name in (*PACKAGES, *more)))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def other_versions(
    expected: tuple[tuple[str, str], ...], found: tuple[tuple[str, str], ...], where: str
) -> Problem:
    """Return what differs between the caller's versions and a worker's.

    Examples
    --------
    >>> print(other_versions((("numpy", "2.0"),), (("numpy", "2.1"),), "tcp://w1"))
    tcp://w1: 'numpy 2.1': is numpy 2.0 here. Install the same versions everywhere.
    """
    here = dict(expected)
    differ = [(name, one) for name, one in found if here.get(name) != one]
    value = ", ".join(f"{name} {one}" for name, one in differ)
    rule = f"is {', '.join(f'{name} {here.get(name)}' for name, _ in differ)} here"
    return Problem(where, None, None, value, rule, "Install the same versions everywhere.")


def _written(task: Task, beside: Path) -> Outcome:
    """Write a part beside its target; tell its rows, and what is wrong with some."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - optional

    beside.parent.mkdir(parents=True, exist_ok=True)
    rows = bad = unsure = 0
    problems: list[Problem] = []
    batches = part_batches(task.part)
    schema = next(batches)
    with beside.open("wb") as file, pq.ParquetWriter(file, _schema(schema, task.work)) as writer:
        for batch in batches:
            frame = _frame(batch, task, rows)
            count, faults = task.work.faults(frame, rows, task.part.path)
            bad, rows = bad + count, rows + len(frame)
            problems += faults[: SHOWN - len(problems)]
            if not problems or task.work.keep_bad:
                done = task.work.partition(frame)
                unsure += task.work.unsure(done)
                writer.write_batch(_with_added(batch, done, task.work))
    return Outcome(task.part.name, rows, bad=bad, unsure=unsure, problems=tuple(problems))


def _frame(batch: Any, task: Task, first: int) -> pd.DataFrame:  # noqa: ANN401 - pyarrow has no types
    """Return the columns that the work reads; points of a geometry as two of them, in degrees."""
    work, geometry = task.work, task.geometry
    names = [name for name in work.reads if name in batch.schema.names]
    frame: pd.DataFrame = batch.select(names).to_pandas(ignore_metadata=True)
    frame = frame.reindex(range(len(batch)))
    if geometry is None or set(names) == set(work.reads):
        return frame
    from tierscape.engine_points import degrees  # noqa: PLC0415 - only parts with geometry need it

    lon, lat = degrees(batch.column(geometry.column), geometry, task.part.path, first)
    return frame.assign(**dict(zip(work.reads[:2], (lon, lat), strict=True)))


def _schema(schema: Any, work: Work) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return the schema of a part with the added columns."""
    for name, kind in work.adds:
        schema = schema.append(_field(name, kind))
    return schema


def _field(name: str, kind: str) -> Any:  # noqa: ANN401 - pyarrow has no types
    import pyarrow as pa  # noqa: PLC0415 - optional

    types = {
        "string": pa.string(),
        "double": pa.float64(),
        "integer": pa.int32(),
        "long": pa.int64(),
    }
    return pa.field(name, types[kind])


def _with_added(batch: Any, done: pd.DataFrame, work: Work) -> Any:  # noqa: ANN401
    """Return a batch with the added columns; its own stay as they are."""
    import pyarrow as pa  # noqa: PLC0415 - optional

    added = [
        pa.array(done[name], type=_field(name, kind).type, from_pandas=True)
        for name, kind in work.adds
    ]
    schema = _schema(batch.schema, work)
    return pa.RecordBatch.from_arrays([*batch.columns, *added], schema=schema)
