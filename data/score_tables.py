"""Tables of a score folder: columns of text, read fast, with the line of every row."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from .errors import DataError, Problem, did_you_mean
from .reading import read_text

#: Rows transposed at once: so many stay in the processor's cache.
CHUNK = 1_000
#: So many further lines are listed where one fault stands on many.
LISTED = 10
#: So many different values of one column get a suggestion: to find one takes a while.
SUGGESTED = 20

#: The line where a row begins, and its cells.
Row = tuple[int, list[str]]

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of text, each as long as `lines`; faults go to `problems`.

    Examples
    --------
    >>> table = Table("a.csv", [2, 3, 5], {"city": ["Rome", "", ""]}, [])
    >>> table.note(table.where("city", lambda text: not text), "city", "must not be empty")
    >>> print(table.problems[0])
    a.csv, line 3, city: '': must not be empty. Also on line 5.
    """

    file: str
    lines: list[int]
    columns: dict[str, list[str]]
    problems: list[Problem]

    def column(self, name: str) -> list[str]:
        """Return a column; one that the file does not have is empty throughout."""
        return self.columns.get(name) or [""] * len(self.lines)

    def where(self, name: str, wrong: Callable[[str], bool]) -> list[int]:
        """Return the rows whose cell is wrong; each distinct text is judged once."""
        column = self.column(name)
        texts = {text for text in set(column) if wrong(text)}
        return [row for row, text in enumerate(column) if text in texts] if texts else []

    def note(
        self,
        rows: Iterable[int],
        name: str,
        rule: str,
        remedy: str | Callable[[str], str] = "",
    ) -> None:
        """Add one problem for each distinct cell of these rows; it lists all of its lines."""
        column = self.column(name)
        found: dict[str, list[int]] = {}
        for row in rows:
            found.setdefault(column[row], []).append(self.lines[row])
        for number, (text, lines) in enumerate(found.items()):
            hint = remedy if isinstance(remedy, str) else ""
            if not isinstance(remedy, str) and number < SUGGESTED:
                hint = remedy(text)
            full = " ".join(part for part in (hint, also_on(lines[1:])) if part)
            self.problems.append(Problem(self.file, lines[0], name, text, rule, full))

    def keep(self, rows: Sequence[int]) -> "Table":
        """Return a table of these rows only."""
        if len(rows) == len(self.lines):
            return self
        columns = {name: [cells[row] for row in rows] for name, cells in self.columns.items()}
        return Table(self.file, [self.lines[row] for row in rows], columns, self.problems)


def also_on(lines: Sequence[int]) -> str:
    """Return the sentence that lists further lines of one fault.

    Examples
    --------
    >>> also_on([4, 7])
    'Also on lines 4, 7.'
    """
    if not lines:
        return ""
    listed = ", ".join(str(line) for line in lines[:LISTED])
    rest = f" and {len(lines) - LISTED} more" if len(lines) > LISTED else ""
    return f"Also on line{'s' if len(lines) > 1 else ''} {listed}{rest}."


def number_of(text: str) -> float | None:
    """Return the finite number that a text spells with a decimal point, None if it spells none.

    Examples
    --------
    >>> number_of("2.5"), number_of("2,5"), number_of("nan"), number_of("1e999")
    (2.5, None, None, None)
    """
    value = float(text) if NUMBER.fullmatch(text) else float("inf")
    return value if abs(value) < float("inf") else None


def number_remedy(text: str) -> str:
    """Return what to do about a cell that spells no number."""
    if number_of(text.replace(",", ".")) is not None:
        return "Write the decimal mark as a point, and no mark between thousands."
    return "Give a finite number, such as 3 or 2.5."


def read_table(
    path: Path,
    problems: list[Problem],
    *,
    required: Collection[str],
    known: Collection[str] | None = None,
) -> Table:
    """Read a CSV file; if it cannot be read, note the problems and return no rows.

    Parameters
    ----------
    path
        The file, UTF-8, with a header.
    problems
        Where faults are noted: a column missing, twice or not in `known`, a row longer than the
        header, a cell that looks like a spreadsheet formula.
    required, known
        The columns that must be there, and those that may (None: any).
    """
    try:
        rows = _csv_rows(read_text(path), str(path))
        return table_of(str(path), rows, problems, required=required, known=known)
    except DataError as error:
        problems.extend(error.problems)
        return Table(str(path), [], {}, problems)


def _csv_rows(text: str, file: str) -> Iterator[Row]:
    """Yield the rows that are not blank, each with the line where it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    before = 0
    try:
        for row in reader:
            if row:
                yield before + 1, row
            before = reader.line_num
    except csv.Error as error:
        rule = "the file is not valid CSV"
        raise DataError([Problem(file, before + 1, None, str(error), rule)]) from None


def table_of(
    file: str,
    rows: Iterable[Row],
    problems: list[Problem],
    *,
    required: Collection[str],
    known: Collection[str] | None = None,
) -> Table:
    """Return rows, the header first, as a table; without rows where the header is wrong."""
    source = iter(rows)
    header = [cell.strip() for cell in next(source, (1, []))[1]]
    faults = list(_header_faults(file, header, required, known))
    if faults:
        problems.extend(faults)
        return Table(file, [], {}, problems)
    lines: list[int] = []
    columns: list[list[str]] = [[] for _ in header]
    while chunk := list(islice(source, CHUNK)):
        fitted = _fitted(file, chunk, len(header), problems)
        lines.extend(line for line, _ in fitted)
        share: dict[str, str] = {}  # texts that recur are kept once
        cells = zip(*(row for _, row in fitted), strict=True)
        for column, texts in zip(columns, cells, strict=False):
            stripped = list(map(str.strip, texts))
            column.extend(map(share.setdefault, stripped, stripped))
    table = Table(file, lines, dict(zip(header, columns, strict=True)), problems)
    for name in header:
        if "\0=" in "\0".join(["", *table.columns[name]]):  # faster than to look at each
            formulas = table.where(name, lambda text: text.startswith("="))
            rule = "looks like a spreadsheet formula"
            table.note(formulas, name, rule, "Give its value instead.")
    return table


def _fitted(file: str, rows: list[Row], width: int, problems: list[Problem]) -> list[Row]:
    """Return the rows with any text, as wide as the header; a cell too many is a problem."""
    rows = [numbered for numbered in rows if any(numbered[1])]
    if all(len(row) == width for _, row in rows):
        return rows
    for line, row in rows:
        if any(row[width:]):
            rule = "the row has more cells than the header"
            remedy = "Put a text with commas in double quotes."
            problems.append(Problem(file, line, None, ",".join(row[width:]), rule, remedy))
    blanks = [""] * width
    return [(line, [*row, *blanks][:width]) for line, row in rows]


def _header_faults(
    file: str,
    header: Sequence[str],
    required: Collection[str],
    known: Collection[str] | None,
) -> Iterable[Problem]:
    """Yield a problem for each column that is missing, twice, or unknown."""
    for name in required:
        if name not in header:
            apart = "Separate the cells by commas." if ";" in "".join(header) else "Add it."
            rule = f"column {name!r} is missing"
            yield Problem(file, 1, name, ",".join(header), rule, apart)
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield Problem(file, 1, name, name, "the header has this column twice", "Rename one.")
    for name in header:
        if known is not None and name not in known:
            yield Problem(file, 1, name, name, "is not a known column", did_you_mean(name, known))
