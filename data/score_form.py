"""The workbook that ratings are filled into: drop-downs, and the ladder beside each cell."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from .errors import TierscapeError
from .score_ladders import described
from .score_ratings import EVIDENCE_COLUMNS
from .score_records import LadderStep, Node, RankedCity
from .score_workbook import SHEET, openpyxl

#: Rows for so many cities are made where none are named.
BLANK_CITIES = 20
#: More rows than this are for a CSV file, not for a form.
MOST_ROWS = 100_000
#: Documents carry one date, so that the same content gives the same bytes.
EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - a document's date has no zone
WIDTHS = {"city": 18, "indicator": 24, "title": 28, "ladder": 60, "evidence": 50, "source": 30}


def form(
    nodes: Sequence[Node],
    steps: Sequence[LadderStep],
    cities: Sequence[RankedCity] = (),
    *,
    lang: str = "zh",
) -> bytes:
    """Return the workbook for the ratings of an index.

    Parameters
    ----------
    nodes, steps
        The tree and its ladders. Points can be chosen among the described steps only.
    cities
        One row for each city and leaf; without cities, rows with an empty city.
    lang
        `zh` or `en`: the language of titles and ladders.

    Returns
    -------
    bytes
        An XLSX file with the sheets `ratings`, `ladders` and `cities`; the same for the same
        input.

    Raises
    ------
    TierscapeError
        If openpyxl is not installed, or the form would have more than 100,000 rows.
    """
    package = openpyxl("Writing XLSX")
    leaves = [node for node in nodes if node.kind != "group"]
    names = [city.name for city in cities] or [""] * BLANK_CITIES
    if len(leaves) * len(names) > MOST_ROWS:
        size = f"{len(names)} cities × {len(leaves)} indicators"
        raise TierscapeError(f"{size} are too many rows for a form. Fill in ratings.csv instead.")
    book = package.Workbook()
    sheet = book.active
    sheet.title = SHEET
    header = _header(leaves)
    _write(sheet, header, _rows(header, leaves, steps, names, lang=lang))
    new_rule = package.worksheet.datavalidation.DataValidation
    for name, place, span, choices in _choices(header, leaves, described(steps), len(names)):
        rule = new_rule(**choices, allow_blank=True, showErrorMessage=True)
        letter = sheet.cell(1, header.index(name) + 1).column_letter
        rule.add(f"{letter}{place}:{letter}{place + span - 1}")
        sheet.add_data_validation(rule)
    texts = [(s.indicator, s.points, s.text_zh, s.text_en) for s in steps]
    _write(book.create_sheet("ladders"), ("indicator", "points", "text_zh", "text_en"), texts)
    places = [(city.name, city.country, city.city_id) for city in cities]
    _write(book.create_sheet("cities"), ("city", "country", "city_id"), places)
    book.properties.created = EPOCH
    return _fixed(book)


def _header(leaves: Iterable[Node]) -> list[str]:
    """Return the columns of the form; `points` and `value` only where leaves need them."""
    kinds = {leaf.kind for leaf in leaves}
    rated = [name for name, kind in (("points", "ladder"), ("value", "value")) if kind in kinds]
    return ["city", "indicator", "title", "ladder", *rated, *EVIDENCE_COLUMNS]


def _rows(
    header: Sequence[str],
    leaves: Iterable[Node],
    steps: Sequence[LadderStep],
    names: Sequence[str],
    *,
    lang: str,
) -> Iterator[list[str]]:
    """Yield the rows, all cities of one indicator together."""
    ladders: dict[str, list[str]] = {}
    for step in steps:
        text = step.text_zh if lang == "zh" else step.text_en
        if text:
            ladders.setdefault(step.indicator, []).append(f"{step.points:g} = {text}")
    for leaf in leaves:
        title = leaf.title_zh if lang == "zh" else leaf.title_en
        beside = "\n".join(ladders.get(leaf.slug, [leaf.unit]))
        for name in names:
            yield [name, leaf.slug, title, beside, *[""] * (len(header) - 4)]


def _write(sheet: Any, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:  # noqa: ANN401
    """Fill a sheet; its header stays in sight, and no text can become a formula."""
    for line, row in enumerate((header, *rows), 1):
        for column, value in enumerate(row, 1):
            if value != "":
                cell = sheet.cell(line, column, value)
                if isinstance(value, str) and value[:1] in {"=", "+", "-", "@"}:
                    cell.data_type = "s"
                    cell.quotePrefix = True
    for column, name in enumerate(header):
        letter = sheet.cell(1, column + 1).column_letter
        sheet.column_dimensions[letter].width = WIDTHS.get(name, 14)
    sheet.freeze_panes = "A2"
    if sheet.title == SHEET:
        sheet.auto_filter.ref = sheet.dimensions


def _choices(
    header: Sequence[str],
    leaves: Sequence[Node],
    steps: dict[str, tuple[float, ...]],
    cities: int,
) -> Iterator[tuple[str, int, int, dict[str, str]]]:
    """Yield the column, first line, number of lines and content of each drop-down."""
    for place, leaf in enumerate(leaves):
        if leaf.kind == "ladder":
            rule = _points_rule(leaf, steps.get(leaf.slug, ()))
            yield "points", 2 + place * cities, cities, rule
    if "accepted" in header:
        rule = {"type": "list", "formula1": '"yes,no"'}
        yield "accepted", 2, cities * len(leaves), rule


def _points_rule(leaf: Node, steps: Sequence[float]) -> dict[str, str]:
    """Return what a cell for points may hold; up to the maximum where no step is described."""
    if steps:
        listed = ",".join(f"{points:g}" for points in steps)
        return {"type": "list", "formula1": f'"{listed}"'}
    maximum = f"{leaf.maximum or 0:g}"
    return {"type": "decimal", "operator": "between", "formula1": "0", "formula2": maximum}


def _fixed(book: Any) -> bytes:  # noqa: ANN401
    """Return the bytes of a workbook with fixed dates in its archive and its properties."""
    draft, final = io.BytesIO(), io.BytesIO()
    book.save(draft)
    stamp = rb"(<dcterms:modified[^>]*>)[^<]*"
    with ZipFile(draft) as source, ZipFile(final, "w", ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(stamp, rb"\g<1>" + EPOCH.isoformat().encode() + b"Z", content)
            target.writestr(ZipInfo(name, EPOCH.timetuple()[:6]), content, ZIP_DEFLATED)
    return final.getvalue()
