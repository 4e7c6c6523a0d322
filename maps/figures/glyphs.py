"""Which of the shipped fonts shows a character; a character that none shows is an error."""

import json
import unicodedata
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...data.errors import TierscapeError, shortened

FONTS = Path(__file__).parent.parent / "fonts"
COVERAGE = FONTS / "coverage.json"

#: The families in the order in which they are tried.
FAMILIES = ("Noto Sans", "Noto Sans SC", "Noto Sans Arabic")

#: Code points as sorted, separate ranges: row 0 their first, row 1 their last.
Ranges = NDArray[np.int64]


class MissingGlyphError(TierscapeError):
    """Characters that none of the shipped fonts can show."""

    def __init__(self, characters: str, text: str) -> None:
        listed = ", ".join(f"{each!r} (U+{ord(each):04X})" for each in characters)
        super().__init__(
            f"{shortened(text)!r}: no shipped font shows {listed}. Write the name without it."
        )


def visible(text: str) -> str:
    r"""Return a text without control and direction marks, which have no shape of their own.

    Examples
    --------
    >>> visible("a\u200eb\tc\x00")
    'ab c'
    """
    spaced = " ".join(text.split())
    return "".join(each for each in spaced if not unicodedata.category(each).startswith("C"))


def font_runs(text: str) -> list[tuple[str, str]]:
    """Return a text as stretches of one font family each.

    Parameters
    ----------
    text
        One line, without control characters (`visible`).

    Returns
    -------
    list of (str, str)
        Family and characters, in order. Spaces and signs stay with what stands before them.

    Raises
    ------
    MissingGlyphError
        If no shipped font shows a character; it names the characters and the text.
    TierscapeError
        If the fonts are not installed.

    Examples
    --------
    >>> font_runs("Ōsaka 大阪")
    [('Noto Sans', 'Ōsaka '), ('Noto Sans SC', '大阪')]
    """
    runs: list[tuple[str, str]] = []
    missing = ""
    for character in text:
        family = _family(character, runs[-1][0] if runs else "")
        if family is None:
            missing += "" if character in missing else character
        elif runs and runs[-1][0] == family:
            runs[-1] = (family, runs[-1][1] + character)
        else:
            runs.append((family, character))
    if missing:
        raise MissingGlyphError(missing, text)
    return runs


@lru_cache(maxsize=4096)
def _family(character: str, before: str) -> str | None:
    """Return the first family that shows a character; a sign stays in the family before it."""
    order = FAMILIES if character.isalnum() or not before else (before, *FAMILIES)
    return next((family for family in order if _shows(family, ord(character))), None)


def _shows(family: str, code: int) -> bool:
    """Tell whether a family has a glyph for a code point."""
    first, last = coverage()[family]
    place = int(np.searchsorted(first, code, side="right")) - 1
    return place >= 0 and code <= int(last[place])


@lru_cache(maxsize=1)
def coverage() -> dict[str, Ranges]:
    """Return the code points that each family shows.

    Raises
    ------
    TierscapeError
        If the table that is shipped with the fonts is missing.
    """
    try:
        content = json.loads(COVERAGE.read_text(encoding="utf-8"))
    except OSError as error:
        raise TierscapeError(
            f"{COVERAGE}: the fonts of the figures are missing ({error.strerror}). "
            "Install tierscape again."
        ) from None
    return {family: np.array(content[family], dtype=np.int64).T for family in FAMILIES}
