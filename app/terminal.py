"""Plain text for a terminal: tables whose columns line up with Chinese in them."""

import math
import re
import unicodedata
from collections.abc import Sequence

# What stays on one line: a Han character with the punctuation after it, or a word.
_WORDS = re.compile(
    r"[\u2e80-\u9fff\uf900-\uffef][，。、；：？！）》」”]*"
    r"|[^\s\u2e80-\u9fff\uf900-\uffef]+\s*"
    r"|\s+"
)


def width(text: str) -> int:
    """Return the columns that `text` takes on a terminal; Han characters take two.

    Examples
    --------
    >>> width("Alps 阿尔卑斯")
    13
    """
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Fill `text` with blanks up to a number of terminal columns."""
    blanks = " " * max(0, columns - width(text))
    return blanks + text if right else text + blanks


def text_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return rows as an aligned table; columns of numbers are aligned to the right.

    Examples
    --------
    >>> print(text_table(["city", "km"], [["Xi'an", 910], ["拉萨", 5]]))
    city    km
    Xi'an  910
    拉萨     5
    """
    cells = [[_shown(value) for value in row] for row in rows]
    table = [list(header), *cells]
    widths = [max(width(row[column]) for row in table) for column in range(len(header))]
    right = [
        any(row[column] for row in cells)
        and all(_is_number(row[column]) for row in cells if row[column])
        for column in range(len(header))
    ]
    lines = (
        "  ".join(
            pad(cell, widths[column], right=right[column]) for column, cell in enumerate(row)
        ).rstrip()
        for row in table
    )
    return "\n".join(lines)


def wrapped(text: str, first: str = "", columns: int = 100) -> str:
    """Return a paragraph in lines, the later ones below the text and not below `first`.

    Examples
    --------
    >>> print(wrapped("one two three", first="note ", columns=12))
    note one two
         three
    """
    lines, line, indent = [], first, " " * width(first)
    for word in _WORDS.findall(text):
        if width(line) + width(word.rstrip()) > columns and line.strip():
            lines.append(line.rstrip())
            line = indent
        line += word
    return "\n".join([*lines, line.rstrip()])


def p_text(value: float | None) -> str:
    """Return a p-value with three decimals that is never rounded to 0; none is empty.

    Examples
    --------
    >>> p_text(0.0213), p_text(0.0001), p_text(None)
    ('0.021', '<0.001', '')
    """
    if value is None:
        return ""
    return "<0.001" if value < 0.0005 else f"{value:.3f}"


def _shown(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return " ".join(str(value).split())


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "").replace("−", "-").rstrip("%"))
    except ValueError:
        return False
    return True
