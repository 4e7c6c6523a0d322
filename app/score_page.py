"""A page of sections as plain text, Markdown or HTML; texts from data are escaped there."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from tierscape.terminal import text_table, wrapped

STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}"
    "table{border-collapse:collapse;margin:1em 0}td,th{padding:.2em .8em;text-align:left;"
    "border-bottom:1px solid #ccc}@media print{body{margin:0}}"
)
_MARKDOWN = str.maketrans({char: f"\\{char}" for char in "\\`*_[]<>|#"})


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, paragraphs, and a table below them."""

    title: str
    lines: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[object, ...], ...] = ()


def as_text(sections: Sequence[Section]) -> str:
    """Return sections for a terminal.

    Examples
    --------
    >>> print(as_text([Section("Tiers", ("One is safe.",), ("tier", "safe"), ((1, 3),))]))
    Tiers
    One is safe.
    <BLANKLINE>
    tier  safe
       1     3
    """
    parts = []
    for section in sections:
        lines = "\n".join([section.title, *map(wrapped, section.lines)])
        table = f"\n\n{text_table(section.header, section.rows)}" if section.rows else ""
        parts.append(lines + table)
    return "\n\n".join(parts)


def as_markdown(sections: Sequence[Section]) -> str:
    r"""Return sections as Markdown; the first is the page's title.

    Examples
    --------
    >>> print(as_markdown([Section("A*", ("One.",), ("tier",), ((1,),))]), end="")
    # A\*
    <BLANKLINE>
    One.
    <BLANKLINE>
    | tier |
    |---|
    | 1 |
    """
    parts = []
    for number, section in enumerate(sections):
        parts.append(f"{'#' if number == 0 else '##'} {_escaped(section.title)}")
        parts += map(_escaped, section.lines)
        if section.rows:
            rows = [section.header, *section.rows]
            table = [f"| {' | '.join(_escaped(str(cell)) for cell in row)} |" for row in rows]
            parts.append("\n".join([table[0], "|---" * len(section.header) + "|", *table[1:]]))
    return "\n\n".join(parts) + "\n"


def as_html(sections: Sequence[Section], lang: str) -> str:
    """Return sections as one HTML file that needs no other; the first is the page's title.

    Examples
    --------
    >>> "<h1>A &lt; B</h1>" in as_html([Section("A < B")], "en")
    True
    """
    page = ET.Element("html", lang=lang)
    head = ET.SubElement(page, "head")
    ET.SubElement(head, "meta", charset="utf-8")
    ET.SubElement(head, "title").text = sections[0].title
    ET.SubElement(head, "style").text = STYLE
    body = ET.SubElement(page, "body")
    for number, section in enumerate(sections):
        ET.SubElement(body, "h1" if number == 0 else "h2").text = section.title
        for line in section.lines:
            ET.SubElement(body, "p").text = line
        if section.rows:
            table = ET.SubElement(body, "table")
            _row(table, "th", section.header)
            for row in section.rows:
                _row(table, "td", row)
    return f"<!DOCTYPE html>\n{ET.tostring(page, encoding='unicode', method='html')}\n"


def _row(table: ET.Element, kind: str, cells: Sequence[object]) -> None:
    row = ET.SubElement(table, "tr")
    for cell in cells:
        ET.SubElement(row, kind).text = str(cell)


def _escaped(text: str) -> str:
    return " ".join(text.split()).translate(_MARKDOWN)
