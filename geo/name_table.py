"""Tables of names as people have them: CSV in UTF-8 or GB18030, a spreadsheet, or a layer.

Every row of the input is one row here, in its order; nothing is dropped and nothing is guessed.
"""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module

from ..data.errors import DataError, Problem, TierscapeError
from .layer_lines import GEOJSON, GEOPACKAGE, geojson_lines, geopackage_lines

#: The first bytes of an XLSX file (a ZIP archive), and of the older XLS.
_XLSX, _XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
#: Cells may be long; beyond this a file is no table.
_LONGEST_CELL = 10_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line (the header is line 1) and its cells by column."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class NameTable:
    """A table that was read: its columns, and its rows in order.

    `assumed` is the first line that is no UTF-8, as it was read in GB18030; empty if there is none.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    assumed: str = ""


def read_table(content: bytes, source: str) -> NameTable:
    r"""Return the table in a file, which is told by its content.

    CSV; XLSX (its first sheet); GeoJSON; GeoPackage (its first layer).

    Raises
    ------
    DataError
        If the text is in no known encoding, or the file is no table.
    TierscapeError
        If it is a spreadsheet, and the package that reads it is missing.

    Examples
    --------
    >>> table = read_table("城市\n\n西安\n".encode("gb18030"), "cities.csv")
    >>> table.columns, [row.cells["城市"] for row in table.rows]
    (('城市',), ['', '西安'])
    """
    if content.startswith(_XLS):
        rule = "is a spreadsheet of the old format"
        raise DataError([Problem(source, None, None, "XLS", rule, "Save it as XLSX or CSV.")])
    if content.startswith(_XLSX):
        return _table(_sheet_lines(content, source))
    if content.startswith(GEOPACKAGE):
        return _table(geopackage_lines(content, source))
    text, assumed = decoded(content, source)
    if content.lstrip().startswith(b"{") and GEOJSON in content:
        return _table(geojson_lines(text, source))
    return _table(_csv_lines(text, source), assumed)


def decoded(content: bytes, source: str) -> tuple[str, str]:
    """Return text in UTF-8, UTF-16 with its mark, or GB18030 as Chinese spreadsheets write it.

    Where the file is a mixture, each line is taken by itself, UTF-8 first. The second text is the
    first line that was taken for GB18030: Latin-1 cannot always be told from it.
    """
    try:
        return content.decode("utf-16" if content.startswith(_UTF16) else "utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    lines, problems, assumed = [], [], ""
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        text = _decoded_as(line, "utf-8")
        if text is None:
            text = _decoded_as(line, "gb18030")
            assumed = assumed or (text or "").strip()
        if text is None:
            shown = line[:40].decode("ascii", "backslashreplace")
            rule = "the line is neither UTF-8 nor GB18030"
            remedy = "Save the file as UTF-8; it may be in a Western encoding (Latin-1)."
            problems.append(Problem(source, number, None, shown, rule, remedy))
        lines.append(text or "")
    if problems:
        raise DataError(problems)
    return "\n".join(lines), assumed


def _decoded_as(line: bytes, encoding: str) -> str | None:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return None


def _csv_lines(text: str, source: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of a CSV; a blank line is an empty cell only where there is one column."""
    before = csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = next(reader, [])
        yield 1, header
        for cells in reader:
            if cells or len(header) == 1:
                yield reader.line_num, cells
    except csv.Error as error:
        rule = "the file is not valid CSV"
        raise DataError([Problem(source, reader.line_num, None, str(error), rule)]) from None
    finally:
        csv.field_size_limit(before)


def _sheet_lines(content: bytes, source: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of the first sheet, without the empty ones at its end."""
    try:
        openpyxl = import_module("openpyxl")
    except ImportError:
        remedy = "Install tierscape[xlsx], or save it as CSV."
        raise TierscapeError(f"{source}: reading XLSX needs openpyxl. {remedy}") from None
    try:
        with warnings.catch_warnings(action="ignore"):
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            rows = [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    except (KeyError, IndexError, ValueError, OSError, zipfile.BadZipFile) as error:
        rule = "is no spreadsheet that can be read"
        raise DataError([Problem(source, None, None, str(error), rule)]) from None
    while rows and not any(rows[-1]):
        rows.pop()
    yield from enumerate(rows, 1)


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _table(lines: Iterator[tuple[int, list[str]]], assumed: str = "") -> NameTable:
    columns: Sequence[str] = [cell.strip() for cell in next(lines, (1, []))[1]]
    rows = tuple(
        Row(line, {name: cells[at] if at < len(cells) else "" for at, name in enumerate(columns)})
        for line, cells in lines
    )
    return NameTable(tuple(columns), rows, assumed)
