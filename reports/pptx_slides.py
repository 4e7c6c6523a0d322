"""A report as slides: native charts and tables that can be edited, pictures with words for them."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from io import BytesIO

from .blocks import Block, Chart, Figure, Heading, KeyFinding, Note, Paragraph, Quote, Report, Table
from .office_zip import fixed_office
from .pptx_chart import add_chart
from .pptx_deck import Deck, Line, open_deck
from .pptx_table import add_table
from .svg_png import svg_png
from .words import say

#: Lines of text that a slide holds, and Latin letters of a line.
_LINES, _LETTERS = 17, 105


def pptx(report: Report) -> bytes:
    """Return a report as the bytes of a PPTX file.

    Parameters
    ----------
    report
        What it says.

    Returns
    -------
    bytes
        The same for the same report. The first slide has the key finding; then one slide for each
        figure and chart, and as many for a table or text as it needs. Charts hold their numbers,
        figures and charts have alternative texts, and fonts are named for Chinese and Latin.

    Raises
    ------
    TierscapeError
        If python-pptx or typst is not installed.

    Examples
    --------
    >>> report = Report("r", "cluster", "en", "R", "", "2024-01-01", "", (Paragraph("Text."),))
    >>> pptx(report)[:2]
    b'PK'
    """
    deck = open_deck(report.lang)
    made = datetime.fromisoformat(report.date)
    deck.describe(report.title, made)
    finding = next((each for each in report.blocks if isinstance(each, KeyFinding)), None)
    deck.add_cover(report.title, report.subtitle, _finding_lines(finding, report.lang))
    rest = [each for each in report.blocks if each is not finding]
    for title, blocks in _sections(rest, report.title):
        _add_section(deck, title, blocks)
    target = BytesIO()
    deck.file.save(target)
    return fixed_office(target.getvalue(), report.date)


def _finding_lines(finding: KeyFinding | None, lang: str) -> list[Line]:
    """Return the key finding and how certain it is."""
    if finding is None:
        return []
    sure = f"{say(lang, 'certainty')}: {finding.certainty}"
    return [Line(finding.text, bold=True), Line(sure, small=True)]


def _sections(blocks: list[Block], title: str) -> Iterator[tuple[str, list[Block]]]:
    """Yield the blocks below each heading; a lower heading follows its section's name."""
    section, found = title, list[Block]()
    for block in blocks:
        if not isinstance(block, Heading):
            found.append(block)
            continue
        if found:
            yield title, found
        section = block.text if block.level == 1 else section
        title = block.text if block.level == 1 else f"{section} · {block.text}"
        found = []
    if found:
        yield title, found


def _add_section(deck: Deck, title: str, blocks: list[Block]) -> None:
    """Add the slides of a section; texts between drawings and tables are gathered."""
    lines: list[Line] = []
    for block in blocks:
        add = _drawn(deck, title, block)
        if add is None:
            lines += _lines(block, deck.lang)
            continue
        _add_texts(deck, title, lines)
        lines = []
        add()
    _add_texts(deck, title, lines)


def _drawn(deck: Deck, title: str, block: Block) -> "partial[None] | None":
    """Return what adds the slides of a drawing or table, None for a text."""
    match block:
        case Figure():
            return partial(_add_figure, deck, title, block)
        case Chart():
            return partial(add_chart, deck, title, block)
        case Table():
            return partial(add_table, deck, title, block)
    return None


def _add_figure(deck: Deck, title: str, figure: Figure) -> None:
    """Add a slide with a picture as large as it can be."""
    slide = deck.add_slide(title)
    picture = slide.shapes.add_picture(BytesIO(svg_png(figure.svg)), 0, 0)
    deck.fit(picture, caption=bool(figure.caption))
    deck.set_alt(picture, figure.alt)
    deck.add_caption(slide, figure.caption)


def _lines(block: Block, lang: str) -> list[Line]:
    """Return a text as lines with their looks."""
    match block:
        case KeyFinding():
            return _finding_lines(block, lang)
        case Quote(text, source):
            return [Line(f"{text} — {source}", italic=True)]
        case Note(text):
            return [Line(text, small=True)]
        case Paragraph(text):
            return [Line(text)]
    return []


def _add_texts(deck: Deck, title: str, lines: list[Line]) -> None:
    """Add as many slides as the texts need."""
    page: list[Line] = []
    room = float(_LINES)
    for line in lines:
        need = line.height(_LETTERS)
        if page and need > room:
            deck.add_text(title, page)
            page, room = [], float(_LINES)
        page.append(line)
        room -= need
    if page:
        deck.add_text(title, page)
