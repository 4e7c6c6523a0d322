"""Sheets: CSV and XLSX, in which a text that looks like a formula stays a text."""

import io
import re
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from ...data.errors import DataError, Problem, TierscapeError
from .columns import Column, columns_of
from .layers import Layer
from .stamps import FIXED_DATE
from .words import layer_title, unit_text

#: What a spreadsheet program takes for the beginning of a formula when it opens a CSV.
_FORMULA = re.compile(r"\s*[=+\-@]|[\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?%?")
#: Characters that a cell of XLSX holds.
_LONGEST = 32_767
_WIDEST, _NARROWEST = 48, 9
#: Formats of numbers by their unit.
_FORMATS = {"°": "0.00000", "km": "0.0", "m": "0", "probability": "0.0000"} | dict.fromkeys(
    ("percentile points", "0 to 100 (best)"), "0.0"
)


def flat_table(layer: Layer) -> pd.DataFrame:
    """Return a layer as a plain table: points become lon and lat, areas WKT.

    Examples
    --------
    >>> from tierscape.maps.exports.layers import city_layer
    >>> cities = pd.DataFrame({"city_id": ["1"], "name_en": ["Bern"], "lon": [7.4], "lat": [46.9]})
    >>> none = pd.DataFrame({name: [] for name in ("edition", "dimension", "city_id")})
    >>> flat_table(city_layer(cities, none)).to_dict("list")
    {'city_id': ['1'], 'lon': [7.4], 'lat': [46.9], 'name_en': ['Bern']}
    """
    table = layer.plain.copy()
    if not layer.geometry:
        return table
    shapes = layer.table.geometry
    if layer.geometry == "Point":
        table.insert(1, "lon", shapes.x)
        table.insert(2, "lat", shapes.y)
    else:
        table["wkt"] = shapes.to_wkt(rounding_precision=5, trim=True)
    return table


def csv_safe(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula: an apostrophe before it.

    References
    ----------
    OWASP, "CSV Injection".

    Examples
    --------
    >>> csv_safe("=cmd|' /C calc'!A0"), csv_safe("-5"), csv_safe("Bern")
    ("'=cmd|' /C calc'!A0", '-5', 'Bern')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def safe_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts and headings no spreadsheet program takes for formulas."""
    safe = table.rename(columns=lambda name: csv_safe(str(name)))
    for name in safe.columns:
        if pd.api.types.is_string_dtype(safe[name]):
            safe[name] = safe[name].map(csv_safe, na_action="ignore")
    return safe


def write_xlsx(path: Path, layers: Sequence[Layer], lang: str) -> None:
    """Write a sheet for each layer, with filters and number formats, and one on the columns.

    Parameters
    ----------
    path
        The file to write.
    layers
        Points have their lon and lat; areas have no sheet and must not be among them.
    lang
        The language of titles and meanings; the headings are the columns' names.

    Raises
    ------
    TierscapeError
        If XlsxWriter is not installed.
    DataError
        If a text is longer than a cell holds.
    """
    try:
        xlsxwriter = import_module("xlsxwriter")
    except ImportError:
        raise TierscapeError(
            f"{path}: writing XLSX needs XlsxWriter. Install tierscape[reports], or write CSV."
        ) from None
    flat = [Layer(layer.name, flat_table(layer)) for layer in layers]
    flat.append(_dictionary(flat, lang))
    _check_lengths(path, flat)
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    book.set_properties({"created": datetime.fromisoformat(FIXED_DATE)})
    for layer in flat:
        _write_sheet(book, layer, lang)
    book.close()
    path.write_bytes(made.getvalue())


def _dictionary(layers: Sequence[Layer], lang: str) -> Layer:
    """Return the table that says what every column of every sheet means."""
    rows = [
        {
            "table": layer_title(layer.name, lang),
            "column": column.name,
            "kind": column.type,
            "unit": unit_text(column.unit, lang),
            "meaning": column.text(lang),
        }
        for layer in layers
        for column in columns_of(layer)
    ]
    return Layer("columns", pd.DataFrame(rows, dtype="str"))


def _check_lengths(path: Path, layers: Sequence[Layer]) -> None:
    """Raise one error that names every text that a cell cannot hold."""
    problems = [
        Problem(str(path), row + 2, str(name), cell, "is longer than a cell of XLSX holds")
        for layer in layers
        for name, cells in layer.table.items()
        for row, cell in enumerate(cells)
        if isinstance(cell, str) and len(cell) > _LONGEST
    ]
    if problems:
        raise DataError(problems)


def _write_sheet(book: Any, layer: Layer, lang: str) -> None:  # noqa: ANN401
    """Write one layer: heading, cells by type, filter, frozen heading, widths."""
    sheet = book.add_worksheet(layer_title(layer.name, lang))
    columns, table = columns_of(layer), layer.table
    sheet.freeze_panes(1, 1)
    last = max(len(table), 1)
    if columns:
        options = {
            "name": f"table_{layer.name}",
            "style": "Table Style Light 1",
            "columns": [{"header": column.name} for column in columns],
        }
        sheet.add_table(0, 0, last, len(columns) - 1, options)
    for place, column in enumerate(columns):
        cells = table[column.name]
        texts = [str(cell) for cell in cells.head(200).dropna()]
        width = max([len(column.name), *(_width(text) for text in texts)])
        shape = book.add_format({"num_format": _format(column)})
        sheet.set_column(place, place, min(max(width + 2, _NARROWEST), _WIDEST), shape)
        for row, cell in enumerate(cells, 1):
            _write_cell(sheet, row, place, cell)


def _write_cell(sheet: Any, row: int, place: int, cell: object) -> None:  # noqa: ANN401
    """Write a cell by its type; a text is never a formula or a link."""
    if pd.isna(cell):  # type: ignore[call-overload]
        return
    if isinstance(cell, str):
        sheet.write_string(row, place, cell)
    elif isinstance(cell, bool) or type(cell).__name__ == "bool":
        sheet.write_boolean(row, place, bool(cell))
    else:
        sheet.write_number(row, place, float(cell))  # type: ignore[arg-type]


def _format(column: Column) -> str:
    """Return the number format of a column."""
    if column.type != "number":
        return "@" if column.type == "string" else "General"
    return _FORMATS.get(column.unit, "General")


def _width(text: str) -> int:
    """Return how wide a text is, in Latin letters."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
