"""A report as plain records with every number in words: what every page format is filled with."""

from dataclasses import asdict
from typing import Any

from .blocks import Block, Report, Table
from .numbers import cell
from .words import say


def plain_blocks(report: Report) -> list[dict[str, Any]]:
    """Return the blocks as dicts with their `type`; the cells of tables are texts.

    Headings have an `anchor`, unique in the report.

    Examples
    --------
    >>> from tierscape.reports.blocks import Heading
    >>> report = Report("r", "cluster", "en", "R", "", "", "", (Heading("Map"), Heading("Map")))
    >>> [block["anchor"] for block in plain_blocks(report)]
    ['s1', 's2']
    """
    found = [_plain(block, report.lang) for block in report.blocks]
    headings = (block for block in found if block["type"] == "Heading")
    for number, block in enumerate(headings, start=1):
        block["anchor"] = f"s{number}"
    return found


def page_words(lang: str) -> dict[str, str]:
    """Return the words that the pages themselves say."""
    page = say(lang, "page", page="{page}", pages="{pages}")
    return {"page": page, "certainty": say(lang, "certainty"), "colon": say(lang, "colon")}


def _plain(block: Block, lang: str) -> dict[str, Any]:
    """Return one block."""
    record = {"type": type(block).__name__, **asdict(block)}
    if isinstance(block, Table):
        record["rows"] = [
            [
                cell(value, column.kind, lang)
                for value, column in zip(row, block.columns, strict=True)
            ]
            for row in block.rows
        ]
    return record
