"""A report as an XLSX workbook: text, a sheet for each table and chart, and what columns mean."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from .blocks import Chart, Column, Heading, KeyFinding, Note, Paragraph, Quote, Report, Table
from .extras import required
from .names import sheet_names
from .numbers import FORMATS, cell, excel_format
from .office_zip import fixed_office, office_text
from .words import say

#: Characters that a cell of XLSX holds.
_LONGEST = 32_767
_WIDEST, _NARROWEST = 60, 9
_PAGE = 100
_CHARTS = {"bars": ("bar", ""), "stacked": ("bar", "percent_stacked"), "bounds": ("stock", "")}
_WORDS = {
    "zh": ("报告", "数据字典", "工作表", "列", "列名", "格式", "含义", "内容"),
    "en": ("Report", "Data dictionary", "Sheet", "Column", "Key", "Format", "Meaning", "Contents"),
}


def xlsx(report: Report) -> bytes:
    """Return a report as the bytes of an XLSX file.

    Parameters
    ----------
    report
        What it says.

    Returns
    -------
    bytes
        The same for the same report. Tables have filters, fixed headings and number formats;
        numbers are rounded as the atlas keeps them, so that every format shows the same digits.
        A text is never a formula or a link.

    Raises
    ------
    TierscapeError
        If XlsxWriter is not installed.

    Examples
    --------
    >>> table = Table("t", "Cities", (Column("n", "Cities", "count"),), ((3,),))
    >>> report = Report("r", "cluster", "en", "R", "", "2024-01-01", "", (table,))
    >>> xlsx(report)[:2]
    b'PK'
    """
    target = BytesIO()
    book = required("xlsxwriter", "XLSX").Workbook(
        target, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    )
    made = datetime.fromisoformat(report.date)
    book.set_properties(
        {"title": office_text(report.title), "created": made, "author": "tierscape"}
    )
    sheets = _sheets(report)
    page, dictionary, *_ = _WORDS[report.lang]
    names = sheet_names([page, *(name for name, _ in sheets), dictionary])
    tables = [table for _, block in sheets for table in [_as_table(block)]]
    _write_page(book, report, names)
    for number, ((_, block), table) in enumerate(zip(sheets, tables, strict=True), start=1):
        sheet = book.add_worksheet(names[number])
        _write_table(book, sheet, table, report.lang, name=f"table_{number}")
        if isinstance(block, Chart):
            _add_chart(book, sheet, block, names[number])
    meanings = _dictionary(dict(zip(names[1:-1], tables, strict=True)), report.lang)
    _write_table(book, book.add_worksheet(names[-1]), meanings, report.lang, name="dictionary")
    book.close()
    return fixed_office(target.getvalue(), report.date)


def number_format(kind: str) -> str:
    """Return a number format that shows what `numbers.cell` shows, `<0.001` and `>0.99` too.

    Examples
    --------
    >>> number_format("p_value"), number_format("probability"), number_format("percentile")
    ('[<0.001]"<0.001";0.000', '[<0.005]"<0.01";[>0.995]">0.99";0.00', '0.0')
    """
    plain = excel_format(kind)
    form = FORMATS.get(kind)
    if form is None or form.smallest is None:
        return plain
    half = 0.5 * 10**-form.decimals
    low = form.smallest - (half if form.largest else 0)
    parts = [f'[<{low:g}]"<{form.smallest:g}"']
    if form.largest is not None:
        parts.append(f'[>{form.largest + half:g}]">{form.largest:g}"')
    return ";".join([*parts, plain])


def _sheets(report: Report) -> list[tuple[str, Table | Chart]]:
    """Return every table and chart with the heading that it stands below."""
    found: list[tuple[str, Table | Chart]] = []
    heading = report.title
    for block in report.blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Table | Chart):
            found.append((heading, block))
    return found


def _as_table(block: Table | Chart) -> Table:
    """Return the numbers of a chart as a table; a table as it is."""
    if isinstance(block, Table):
        return block
    kind = "share" if block.kind == "stacked" else "percentile"
    heads = tuple(
        Column(f"series_{place}", series.name, kind)
        for place, series in enumerate(block.series, start=1)
    )
    rows = tuple(
        (name, *(series.values[place] for series in block.series))
        for place, name in enumerate(block.categories)
    )
    return Table("chart", block.caption or block.title, (Column("name", "", "text"), *heads), rows)


def _write_page(book: Any, report: Report, names: list[str]) -> None:  # noqa: ANN401
    """Write the first sheet: what the report says in words, and links to the other sheets."""
    sheet = book.add_worksheet(names[0])
    sheet.set_column(0, 0, _PAGE)
    sheet.hide_gridlines(2)
    large: dict[str, object] = {"bold": True, "font_size": 16, "text_wrap": True}
    looks: dict[str, dict[str, object]] = {
        "title": large,
        "Heading": {"bold": True, "font_size": 13},
        "KeyFinding": {"bold": True},
        "Note": {"italic": True, "font_color": "#555555"},
        "Quote": {"italic": True, "indent": 1},
        "Paragraph": {},
    }
    shapes = {
        name: book.add_format({"text_wrap": True, "valign": "top", **look})
        for name, look in looks.items()
    }
    row = 0
    for name, text in _page_lines(report):
        sheet.write_string(row, 0, office_text(text)[:_LONGEST], shapes[name])
        row += 1
    sheet.write_string(row + 1, 0, _WORDS[report.lang][7], shapes["Heading"])
    for place, name in enumerate(names[1:], start=row + 2):
        quoted = name.replace("'", "''")
        sheet.write_url(place, 0, f"internal:'{quoted}'!A1", string=name)


def _page_lines(report: Report) -> list[tuple[str, str]]:
    """Return the lines of the first sheet with their looks."""
    lines = [("title", report.title), ("Paragraph", report.subtitle)]
    for block in report.blocks:
        match block:
            case KeyFinding(text, certainty):
                sure = f"{say(report.lang, 'certainty')}: {certainty}"
                lines += [("KeyFinding", text), ("Paragraph", sure)]
            case Quote(text, source):
                lines.append(("Quote", f"{text} — {source}"))
            case Heading(text) | Paragraph(text) | Note(text):
                lines.append((type(block).__name__, text))
    return [line for line in lines if line[1]]


def _dictionary(tables: Mapping[str, Table], lang: str) -> Table:
    """Return the table of what every column of every sheet means."""
    _, caption, *heads = _WORDS[lang]
    rows = tuple(
        (name, title, column.key, number_format(column.kind), column.meaning or table.caption)
        for name, table in tables.items()
        for title, column in zip(_headings(table), table.columns, strict=True)
    )
    keys = ("sheet", "column", "key", "format", "meaning")
    columns = tuple(Column(*each) for each in zip(keys, heads[:5], strict=True))
    return Table("dictionary", caption, columns, rows)


def _write_table(book: Any, sheet: Any, table: Table, lang: str, *, name: str) -> None:  # noqa: ANN401
    """Write a table: headings, cells by kind, filter, fixed heading, widths."""
    heads, last = _headings(table), max(len(table.rows), 1)
    options = {
        "name": name,
        "style": "Table Style Light 1",
        "columns": [{"header": head} for head in heads],
    }
    sheet.add_table(0, 0, last, len(heads) - 1, options)
    sheet.freeze_panes(1, 1)
    for place, (head, column) in enumerate(zip(heads, table.columns, strict=True)):
        texts = [head, *(cell(row[place], column.kind, lang) for row in table.rows)]
        wide = min(max(_NARROWEST, 2 + max(map(_width, texts))), _WIDEST)
        look = {"num_format": number_format(column.kind), "valign": "top"}
        shape = book.add_format({**look, "text_wrap": wide == _WIDEST})
        sheet.set_column(place, place, wide, shape)
        for line, row in enumerate(table.rows, start=1):
            value = row[place]
            if isinstance(value, int | float) and column.kind in FORMATS:
                if value == value:  # noqa: PLR0124 - NaN stays blank
                    sheet.write_number(line, place, round(value, FORMATS[column.kind].kept), shape)
            elif text := texts[line] if value is not None else "":
                sheet.write_string(line, place, office_text(text)[:_LONGEST], shape)


def _headings(table: Table) -> list[str]:
    """Return the titles of the columns; XLSX wants each once, and none empty."""
    found: list[str] = []
    used: set[str] = set()
    for place, column in enumerate(table.columns, start=1):
        title = office_text(column.title) or f"#{place}"
        if title.casefold() in used:
            title = f"{title} ({column.key})"
        used.add(title.casefold())
        found.append(title)
    return found


def _add_chart(book: Any, sheet: Any, chart: Chart, name: str) -> None:  # noqa: ANN401
    """Put a native chart beside its numbers; bounds are lines from the least to the greatest."""
    kind, subtype = _CHARTS[chart.kind]
    drawn = book.add_chart({"type": kind} | ({"subtype": subtype} if subtype else {}))
    last = max(len(chart.categories), 1)
    for place, series in enumerate(chart.series, start=1):
        colour = {"color": series.colour} if series.colour else {"automatic": True}
        look = {"fill": colour} if kind == "bar" else _marks(place, series.colour)
        drawn.add_series(
            {
                "name": [name, 0, place],
                "categories": [name, 1, 0, last, 0],
                "values": [name, 1, place, last, place],
                **look,
            }
        )
    if kind == "stock":
        drawn.set_high_low_lines({"line": {"color": "#888888", "width": 4}})
    else:
        drawn.set_y_axis({"reverse": True})
    drawn.set_title({"name": chart.title, "name_font": {"size": 12}})
    drawn.set_size({"width": 900, "height": 240 + 18 * last})
    options = {"description": chart.alt, "x_offset": 20}
    sheet.insert_chart(0, len(chart.series) + 1, drawn, options)


def _marks(place: int, colour: str) -> Mapping[str, object]:
    """Return how a series of bounds looks: the value is a mark, its bounds are ends of a line."""
    filled = {"color": colour or "#333333"}
    mark = {"type": "diamond", "size": 8, "fill": filled, "border": filled}
    return {"line": {"none": True}, "marker": mark if place == 1 else {"type": "none"}}


def _width(text: str) -> int:
    """Return how wide a text is, in Latin letters."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
