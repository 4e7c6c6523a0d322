"""Widths of texts in the shipped fonts, so that labels can be kept apart before they are drawn."""

import struct
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ...data.errors import TierscapeError
from .glyphs import FONTS, font_runs

#: Height of a line above and below its baseline, for boxes round texts, in ems.
ASCENT, DESCENT = 0.88, 0.24


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of one line, in the unit of `size`, without kerning.

    References
    ----------
    ISO/IEC 14496-22 (Open Font Format): the tables head, hhea, hmtx and cmap.

    Examples
    --------
    >>> text_width("大阪", 10)
    20.0
    >>> text_width("ii", 10) < text_width("MM", 10)
    True
    """
    return size * sum(
        _advance(family, bold, char) for family, run in font_runs(text) for char in run
    )


def wrap(text: str, size: float, width: float) -> list[str]:
    """Return a text as lines no wider than `width`, parted at spaces and between Han characters.

    A word that is wider by itself keeps its line.

    Examples
    --------
    >>> wrap("one two three", 10, 50)
    ['one two', 'three']
    """
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and text_width((lines[-1] + piece).rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece.lstrip() if not lines[-1] else piece
    return [line.rstrip() for line in lines]


def _pieces(text: str) -> list[str]:
    """Return what must stay on one line: a word with the space after it, or a Han character."""
    pieces = [""]
    for character in text:
        alone = ord(character) >= 0x3000 and character not in "，。、；：）》”"
        if alone or pieces[-1].endswith(" "):
            pieces.append("")
        pieces[-1] += character
    return [piece for piece in pieces if piece]


@lru_cache(maxsize=8192)
def _advance(family: str, bold: bool, character: str) -> float:  # noqa: FBT001 - a cache key
    """Return how far one character moves the pen, in ems."""
    codes, glyphs, advances = _font(family, bold)
    code = ord(character)
    place = int(np.searchsorted(codes, code))
    found = place < len(codes) and codes[place] == code
    return float(advances[min(int(glyphs[place]) if found else 0, len(advances) - 1)])


def font_file(family: str, *, bold: bool) -> bytes:
    """Return the bytes of a shipped font.

    Raises
    ------
    TierscapeError
        If it is missing.
    """
    path = FONTS / f"{family.replace(' ', '')}-{'Bold' if bold else 'Regular'}.ttf"
    try:
        return path.read_bytes()
    except OSError as error:
        raise TierscapeError(
            f"{path}: a font of the figures is missing ({error.strerror}). Install tierscape again."
        ) from None


@lru_cache(maxsize=8)
def _font(
    family: str,
    bold: bool,  # noqa: FBT001 - a cache key
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return code points (sorted), their glyphs, and the advance of every glyph in ems."""
    content = font_file(family, bold=bold)
    count = struct.unpack_from(">H", content, 4)[0]
    entries = (struct.unpack_from(">4sLLL", content, 12 + 16 * i) for i in range(count))
    tables = {tag.decode("ascii"): content[start : start + size] for tag, _, start, size in entries}
    em = struct.unpack_from(">H", tables["head"], 18)[0]
    measured = struct.unpack_from(">H", tables["hhea"], 34)[0]
    advances = np.frombuffer(tables["hmtx"], ">u2", 2 * measured)[::2].astype(float) / em
    codes, glyphs = _character_map(tables["cmap"])
    return codes, glyphs, advances


def _character_map(table: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return code points (sorted) and their glyphs, from the first map of format 4."""
    count = struct.unpack_from(">H", table, 2)[0]
    starts = [struct.unpack_from(">L", table, 8 + 8 * i)[0] for i in range(count)]
    start = next(each for each in starts if struct.unpack_from(">H", table, each)[0] == 4)
    segments = struct.unpack_from(">H", table, start + 6)[0] // 2

    def column(place: int, kind: str) -> NDArray[np.int64]:
        at = start + 14 + 2 * segments * place + (2 if place else 0)
        return np.frombuffer(table, kind, segments, at).astype(np.int64)

    last, first = column(0, ">u2"), column(1, ">u2")
    delta, offset = column(2, ">i2"), column(3, ">u2")
    codes = np.concatenate([np.arange(a, b + 1) for a, b in zip(first, last, strict=True)])
    segment = np.repeat(np.arange(segments), last - first + 1)
    # An offset counts bytes from its own place in the table to the glyph.
    places = (
        start + 16 + 6 * segments + 2 * segment + offset[segment] + 2 * (codes - first[segment])
    )
    words = np.frombuffer(table[: len(table) // 2 * 2], ">u2").astype(np.int64)
    listed = words[np.minimum(places // 2, len(words) - 1)]
    direct = offset[segment] == 0
    glyphs = np.where(direct, codes + delta[segment], np.where(listed, listed + delta[segment], 0))
    return codes, glyphs % 65536
