"""A report as Markdown (GitHub's tables): text, tables, and every figure in words."""

import re

from .blocks import Report
from .numbers import TEXTS
from .plain import plain_blocks
from .words import say

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")
#: What makes a list, a heading or a rule at the beginning of a line.
_OPENING = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$|[-=])")


def markdown(report: Report) -> str:
    """Return a report as Markdown.

    Parameters
    ----------
    report
        What it says.

    Returns
    -------
    str
        The same for the same report. Figures are told by their alternative texts: a Markdown file
        holds no drawing.
    """
    parts = [f"# {escaped(report.title)}", escaped(report.subtitle)]
    parts += [_block(block, report.lang) for block in plain_blocks(report)]
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(text: str) -> str:
    r"""Return a text that Markdown shows as it is, in one line.

    Examples
    --------
    >>> print(escaped("a|b <c> *d*"))
    a\|b \<c\> \*d\*
    >>> print(escaped("1. x"), escaped("- y"), escaped("&lt;"))
    1\. x \- y &amp;lt;
    """
    line = " ".join(text.split())
    safe = _SPECIAL.sub(r"\\\1", line.replace("&", "&amp;"))
    return _OPENING.sub(lambda found: found[1] + found[2][:-1] + "\\" + found[2][-1], safe)


def _block(block: dict[str, object], lang: str) -> str:
    """Return one block."""
    text = escaped(str(block.get("text", "")))
    match block["type"]:
        case "Heading":
            return f"{'#' * (int(str(block['level'])) + 1)} {text}"
        case "KeyFinding":
            sure = escaped(str(block["certainty"]))
            label = say(lang, "certainty") + say(lang, "colon")
            return f"> **{text}**\n>\n> {escaped(label)} {sure}"
        case "Quote":
            return f"> {text}\n>\n> — {escaped(str(block['source']))}"
        case "Table":
            return _table(block)
        case "Figure" | "Chart":
            return escaped(str(block["alt"]))
    return f"*{text}*" if block["type"] == "Note" else text


def _table(block: dict[str, object]) -> str:
    """Return a table with its caption above it; numbers stand to the right."""
    columns, rows = list(block["columns"]), list(block["rows"])  # type: ignore[call-overload]
    heads = [escaped(column["title"]) for column in columns]
    lines = ["---" if column["kind"] in (*TEXTS, "flag") else "---:" for column in columns]
    cells = [[escaped(value) for value in row] for row in rows]
    table = [f"| {' | '.join(row)} |" for row in (heads, lines, *cells)]
    return "\n".join([f"**{escaped(str(block['caption']))}**", "", *table])
