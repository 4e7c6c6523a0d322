"""Tables of slides: native, cut into pages, with widths by what they hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .blocks import Table
from .numbers import TEXTS, cell
from .pptx_deck import CAPTION, INCH, MARGIN, TOP, WIDTH, Deck, width

#: Inches that the rows of one page may take, and widths of a column in Latin letters.
_ROOM, _LONGEST, _SHORTEST = 5.3, 46, 5
_MOST_LETTERS = 130
#: Points of letters; with many columns smaller.
_LARGE, _SMALL = 12.0, 9.0


@dataclass(frozen=True, slots=True)
class _Page:
    """Rows of one slide, the heading first; widths of columns in letters; size of letters."""

    rows: list[list[str]]
    letters: Sequence[int]
    points: float


def add_table(deck: Deck, title: str, table: Table) -> None:
    """Add as many slides as a table needs; each repeats the heading of the table."""
    texts = [
        [
            cell(value, column.kind, deck.lang)
            for value, column in zip(row, table.columns, strict=True)
        ]
        for row in table.rows
    ]
    heads = [column.title for column in table.columns]
    letters = _letters([heads, *texts])
    points = _LARGE if sum(letters) <= _MOST_LETTERS * 0.75 else _SMALL
    pages = list(_pages(texts, letters, points)) or [[]]
    for number, page in enumerate(pages, start=1):
        count = f" ({number}/{len(pages)})" if len(pages) > 1 else ""
        slide = deck.add_slide(title + count)
        _add_page(deck, slide, table, _Page([heads, *page], letters, points))
        deck.add_caption(slide, table.caption)


def _letters(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the width of each column in letters: what the widest cell needs, within bounds."""
    return [
        min(max(_SHORTEST, *map(width, column)), _LONGEST) for column in zip(*rows, strict=True)
    ]


def _pages(
    rows: list[list[str]], letters: Sequence[int], points: float
) -> Iterator[list[list[str]]]:
    """Yield rows that fit on a slide together."""
    page: list[list[str]] = []
    room = _ROOM - 2 * _height(1, points)
    for row in rows:
        need = _height(_lines(row, letters, points), points)
        if page and need > room:
            yield page
            page, room = [], _ROOM - 2 * _height(1, points)
        page.append(row)
        room -= need
    if page:
        yield page


def _lines(row: Sequence[str], letters: Sequence[int], points: float) -> int:
    """Return the lines of the tallest cell of a row."""
    # A letter is half as wide as high; the widths share the slide in proportion.
    available = (WIDTH - 2 * MARGIN) / INCH * 72 / (0.55 * points)
    scale = available / sum(letters)
    return max(
        -(-width(text) // max(1, int(wide * scale) - 3))
        for text, wide in zip(row, letters, strict=True)
    )


def _height(lines: int, points: float) -> float:
    """Return the inches of a row."""
    return (max(lines, 1) * points * 1.25 + 6) / 72


def _add_page(deck: Deck, slide: Any, table: Table, page: _Page) -> None:  # noqa: ANN401
    """Add one native table to a slide."""
    rows, letters, points = page.rows, page.letters, page.points
    room = WIDTH - 2 * MARGIN
    heights = [round(_height(_lines(row, letters, points), points) * INCH) for row in rows]
    frame = slide.shapes.add_table(
        len(rows), len(letters), MARGIN, TOP, room, min(sum(heights), TOP + CAPTION)
    )
    deck.set_alt(frame, table.caption)
    native = frame.table
    for place, wide in enumerate(letters):
        native.columns[place].width = room * wide // sum(letters)
    for line, row in enumerate(rows):
        native.rows[line].height = heights[line]
        for place, text in enumerate(row):
            number = table.columns[place].kind not in (*TEXTS, "flag")
            _fill_cell(deck, native.cell(line, place), text, points, head=line == 0, number=number)


def _fill_cell(
    deck: Deck,
    native: Any,  # noqa: ANN401
    text: str,
    points: float,
    *,
    head: bool,
    number: bool,
) -> None:
    """Write one cell; numbers stand to the right."""
    native.margin_left = native.margin_right = INCH // 16
    native.margin_top = native.margin_bottom = INCH // 40
    paragraph = native.text_frame.paragraphs[0]
    paragraph.alignment = 3 if number else 1
    deck.write(paragraph, text, points, bold=head)
