"""Ratings in a workbook: read from its sheet `ratings`, formulas refused."""

import warnings
from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from .errors import Problem, TierscapeError, did_you_mean
from .score_ratings import RATING_COLUMNS
from .score_tables import Table, table_of

SHEET = "ratings"
#: Columns that only help who fills the sheet in; they are not read.
HELP_COLUMNS = ("title", "ladder")
INSTALL = "pip install 'tierscape[xlsx]'"


def has_openpyxl() -> bool:
    """Tell whether workbooks can be read and written."""
    return find_spec("openpyxl") is not None


def openpyxl(purpose: str) -> Any:  # noqa: ANN401 - the package has no types
    """Return the package for workbooks.

    Raises
    ------
    TierscapeError
        If it is not installed; the message says how to.
    """
    try:
        return import_module("openpyxl")
    except ImportError:
        raise TierscapeError(f"{purpose} needs openpyxl. Install it: {INSTALL}.") from None


def read_workbook(path: Path, problems: list[Problem], *, required: Collection[str]) -> Table:
    """Read the sheet `ratings`; if it cannot be read, note the problems and return no rows.

    Parameters
    ----------
    path
        An XLSX file; the sheet has the columns of `ratings.csv`, and may have those that help.
    problems
        Where faults are noted: a formula (with its cell), and all that a CSV file can have.
    required
        The columns that must be there.

    Raises
    ------
    TierscapeError
        If openpyxl is not installed.
    """
    package = openpyxl(f"{path}: reading XLSX")
    nothing = Table(str(path), [], {}, problems)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # about extensions it does not know
            book = package.load_workbook(path, read_only=True)
            if SHEET not in book.sheetnames:
                hint = did_you_mean(SHEET, book.sheetnames)
                rule = f"there is no sheet {SHEET!r}"
                problems.append(Problem(str(path), None, None, path.name, rule, hint))
                return nothing
            book[SHEET].reset_dimensions()  # some programs state them wrongly
            sheet = [[*cells] for cells in book[SHEET].iter_rows()]
            book.close()
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        rule = f"is not an XLSX workbook ({error})"
        problems.append(Problem(str(path), None, None, path.name, rule, "Save it as .xlsx."))
        return nothing
    return _table(path, sheet, problems, required)


def _table(
    path: Path, sheet: Sequence[Sequence[Any]], problems: list[Problem], required: Collection[str]
) -> Table:
    """Return the cells of a sheet as a table of texts."""
    header = [text_of(cell.value) for cell in sheet[0]] if sheet else []
    used = [place for place, name in enumerate(header) if name and name not in HELP_COLUMNS]
    names = [header[place] for place in used]
    rows = [(1, names)]
    for line, cells in enumerate(sheet[1:], 2):
        row = [""] * len(header)
        for place, cell in enumerate(cells[: len(header)]):
            if getattr(cell, "data_type", "n") == "f" and place in used:
                rule = f"the cell {cell.coordinate} holds a formula"
                remedy = "Give its value instead (paste as values)."
                problems.append(
                    Problem(str(path), line, header[place], str(cell.value), rule, remedy)
                )
            else:
                row[place] = text_of(cell.value)
        rows.append((line, [row[place] for place in used]))
    return table_of(str(path), rows, problems, required=required, known=RATING_COLUMNS)


def text_of(value: object) -> str:
    """Return the text of a cell as a CSV file would have it.

    Examples
    --------
    >>> text_of(3.0), text_of(2.5), text_of(None), text_of(True), text_of(datetime(2024, 6, 30))
    ('3', '2.5', '', 'yes', '2024-06-30')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()
