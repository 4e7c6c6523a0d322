"""`hotspots` on a table in parts: its numbers read, its parts written again with more columns."""

import hashlib
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from tierscape.data.errors import TierscapeError
from tierscape.engine_parts import MANIFEST, Part, Parts, part_batches
from tierscape.engine_points import degrees
from tierscape.outputs import as_json
from tierscape.point_columns import SHOWN, PointColumns
from tierscape.valued_points import ValuedPoints, joined, rows_of


def read_parts(parts: Parts, where: PointColumns, value: str) -> ValuedPoints:
    """Return the numbers of all parts, in order; rows are counted in each.

    Raises
    ------
    DataError
        If a part cannot be read, or is not what it was when its footer was read.
    """
    pieces, shown = [], 0
    for part in parts.parts:
        rows = 0
        batches = part_batches(part, _read(parts, where, value))
        next(batches)  # the schema
        for batch in batches:
            frame = _frame(batch, parts, where, (part.path, rows))
            columns = PointColumns(where.lon, where.lat, part.path)
            piece = rows_of(frame, columns, value, first=rows, most=SHOWN - shown)
            shown, rows = shown + len(piece.problems), rows + len(batch)
            pieces.append(piece)
    return joined(pieces)


def write_parts(parts: Parts, added: pd.DataFrame, folder: Path, facts: dict[str, Any]) -> None:
    """Write every part with the rows of the added columns, all parts or none.

    Parameters
    ----------
    parts
        The parts that were read; their own columns stay as they are.
    added
        Numbers and texts, one row for each row of all parts.
    folder
        The target, which does not exist.
    facts
        What the manifest tells beside the files.

    Raises
    ------
    TierscapeError
        If the folder cannot be written.
    """
    first, files = 0, {}
    with _new_folder(folder) as beside:
        for part in parts.parts:
            path = beside / part.name
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_part(part, added.iloc[first : first + part.rows], path)
            first += part.rows
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            files[part.name] = {"rows": part.rows, "size": path.stat().st_size, "sha256": digest}
        (beside / MANIFEST).write_text(as_json({**facts, "files": files}), encoding="utf-8")


def _read(parts: Parts, where: PointColumns, value: str) -> list[str]:
    """Return the columns that are read."""
    named = where.lon in parts.columns
    places = [where.lon, where.lat] if named else [parts.geometry.column] if parts.geometry else []
    return list(dict.fromkeys([*places, value]))


def _frame(batch: Any, parts: Parts, where: PointColumns, at: tuple[str, int]) -> pd.DataFrame:  # noqa: ANN401 - pyarrow has no types
    """Return a batch as a table; the points of a geometry as two columns, in degrees."""
    geometry = parts.geometry
    if geometry is None or where.lon in parts.columns:
        plain: pd.DataFrame = batch.to_pandas(ignore_metadata=True)
        return plain
    lon, lat = degrees(batch.column(geometry.column), geometry, *at)
    others = batch.drop_columns([geometry.column])
    frame: pd.DataFrame = others.to_pandas(ignore_metadata=True).reindex(range(len(batch)))
    return frame.assign(**{where.lon: lon, where.lat: lat})


def _write_part(part: Part, added: pd.DataFrame, path: Path) -> None:
    """Write one part again, batch by batch."""
    import pyarrow as pa  # noqa: PLC0415 - optional
    import pyarrow.parquet as pq  # noqa: PLC0415 - optional

    kinds = [pa.float64() if kind.kind == "f" else pa.string() for kind in added.dtypes]
    fields = pa.schema(list(zip(added.columns, kinds, strict=True)))
    more = pa.Table.from_pandas(added, fields, preserve_index=False).replace_schema_metadata()
    batches = part_batches(part)
    schema = next(batches)
    for field in more.schema:
        schema = schema.append(field)
    first = 0
    with pq.ParquetWriter(path, schema) as writer:
        for batch in batches:
            rows = more.slice(first, len(batch)).combine_chunks()
            columns = [column.combine_chunks() for column in rows.columns]
            writer.write_batch(
                pa.RecordBatch.from_arrays([*batch.columns, *columns], schema=schema)
            )
            first += len(batch)


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder beside a new one, which gets its name at the end."""
    beside = folder.with_name(f".{folder.name}-{uuid.uuid4().hex}")
    try:
        beside.mkdir(parents=True)
        yield beside
        beside.rename(folder)
    except OSError as error:
        raise TierscapeError(f"{folder}: cannot be written: {error.strerror or error}.") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
