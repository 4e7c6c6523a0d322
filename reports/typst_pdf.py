"""A report as PDF/UA-1 by typst: tagged, with bookmarks, set in the shipped fonts alone."""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from ..data.errors import TierscapeError
from ..maps.figures.glyphs import FONTS, font_runs, visible
from ..maps.figures.render import require_typst
from .blocks import Report
from .plain import page_words, plain_blocks

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
_STANDARD = "ua-1"
#: So many letters of a table's type fit on a line.
_LINE = 112.0


class UnsetReportError(TierscapeError):
    """A report that typst could not set."""


def pdf(report: Report) -> bytes:
    """Return a report as the bytes of a PDF file.

    Parameters
    ----------
    report
        What it says.

    Returns
    -------
    bytes
        The same for the same report. It claims PDF/UA-1: tagged, titled, with a language, an
        alternative text for every figure, and bookmarks.

    Raises
    ------
    MissingGlyphError
        If no shipped font shows a character; it names the character and the text.
    TierscapeError
        If typst is not installed.
    UnsetReportError
        If typst refuses the report for another reason.
    """
    blocks = [_fitted(block) for block in _seen(plain_blocks(report))]
    content = {
        "title": visible(report.title),
        "subtitle": visible(report.subtitle),
        "lang": report.lang,
        "sources": [visible(source) for source in report.sources] or [""],
        "blocks": blocks,
        **page_words(report.lang),
    }
    _check_glyphs({**content, "blocks": [_words(block) for block in blocks]})
    typst = require_typst()
    try:
        compiled: bytes = _compiler().compile(
            format="pdf",
            pdf_standards=_STANDARD,
            sys_inputs={"report": json.dumps(content, ensure_ascii=False)},
        )
    except typst.TypstError as error:
        raise UnsetReportError(f"{report.name}: {error.message}") from None
    return compiled


@lru_cache(maxsize=1)
def _compiler() -> Any:  # noqa: ANN401 - a class without types
    """Return one compiler for all reports of a process: fonts and template are read once."""
    return require_typst().Compiler(
        str(TEMPLATE), font_paths=[str(FONTS)], ignore_system_fonts=True
    )


def _seen(value: Any) -> Any:  # noqa: ANN401 - plain data, nested
    """Return plain data with what cannot be seen taken out of its texts, but for drawings."""
    if isinstance(value, dict):
        return {key: each if key == "svg" else _seen(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_seen(each) for each in value]
    return visible(value) if isinstance(value, str) else value


def _fitted(block: dict[str, Any]) -> dict[str, Any]:
    """Return a table with the width of each column in letters: long ones take what is left."""
    if block["type"] != "Table":
        return block
    columns, rows = block["columns"], block["rows"]
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    long = [column["kind"] == "long" for column in columns]
    most = 24 if sum(long) < 2 else 14
    widths = [_width(column, held, most) for column, held in zip(columns, cells, strict=True)]
    taken = sum(width for width, each in zip(widths, long, strict=True) if not each)
    wanted = sum(width**0.5 for width, each in zip(widths, long, strict=True) if each)
    left = max(_LINE - taken, 20.0 * sum(long))
    shares = [
        left * width**0.5 / wanted if each else width
        for width, each in zip(widths, long, strict=True)
    ]
    return {**block, "shares": shares}


def _width(column: dict[str, str], held: Iterable[str], most: float) -> float:
    """Return how wide a column would be, in letters: its head breaks between words.

    `most` is what a line of a short text may have.
    """
    texts = list(held)
    longest = max(map(_letters, texts), default=0)
    word = max((_letters(each) for text in texts for each in text.split()), default=0)
    heads = max(map(_letters, re.split(r"[ ·]", column["title"])), default=0)
    head = heads if heads <= 12 else min(heads, _letters(column["title"]) / 2 + 3)
    return (
        max(min(longest, 200 if column["kind"] == "long" else most), head, min(word, 13), 5) + 2.5
    )


def _letters(text: str) -> int:
    """Return the length of a text in Latin letters; a Chinese character takes two."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def _words(block: dict[str, Any]) -> dict[str, Any]:
    """Return what of a block is set in type."""
    unset = {
        "svg",
        "series",
        "categories",
        "meaning",
        "kind",
        "type",
        "key",
        "name",
        "anchor",
        "shares",
    }
    return {key: value for key, value in block.items() if key not in unset}


def _check_glyphs(value: Any) -> None:  # noqa: ANN401 - plain data, nested
    """Refuse a text with a character that no shipped font shows."""
    if isinstance(value, dict):
        for each in value.values():
            _check_glyphs(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _check_glyphs(each)
    elif isinstance(value, str) and not re.fullmatch(r"[\x20-\x7e]*", value):
        font_runs(value)
