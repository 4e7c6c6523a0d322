"""Symbols of tiers and landforms as SVG, with the corners that the atlas draws."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from ..palette import LANDFORMS, Symbol
from .drawing import number

#: Corners, first angle in quarter turns, and size of the regular shapes.
_REGULAR = {
    "square": (4, 0.5, 1.25),
    "triangle": (3, -1.0, 1.35),
    "diamond": (4, 0.0, 1.25),
    "inverted-triangle": (3, 1.0, 1.35),
    "pentagon": (5, -1.0, 1.15),
    "hexagon": (6, 0.0, 1.1),
}
_ARM = 0.36


def symbol_svg(symbol: Symbol, x: float, y: float, grow: float = 1.0) -> str:
    """Return a symbol with its middle at x, y: a pale rim, the fill, and the line round it.

    Examples
    --------
    >>> from ..palette import UNRANKED
    >>> symbol_svg(UNRANKED, 1, 2).count("<circle")
    2
    """
    shape = _shape(symbol, x, y, grow)
    rim = f'<{shape} fill="none" stroke="#ffffff" stroke-opacity="0.75" stroke-width="3"/>'
    return f'{rim}<{shape} fill="{symbol.fill}" stroke="{symbol.stroke}" stroke-width="1.1"/>'


def _shape(symbol: Symbol, x: float, y: float, grow: float) -> str:
    """Return the element's name and its geometry."""
    radius = symbol.radius_px * grow
    if symbol.shape == "circle":
        return f'circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"'
    corners = (f"{number(x + a * radius)} {number(y + b * radius)}" for a, b in _ring(symbol.shape))
    return f'path d="M{"L".join(corners)}Z"'


@lru_cache(maxsize=16)
def _ring(shape: str) -> Sequence[tuple[float, float]]:
    """Return the corners of a shape round the origin."""
    if shape in _REGULAR:
        corners, turn, size = _REGULAR[shape]
        angles = turn * np.pi / 2 + 2 * np.pi * np.arange(corners) / corners
        return [(size * float(np.cos(a)), size * float(np.sin(a))) for a in angles]
    # A plus, and the same turned into a cross.
    quarter = [(-_ARM, -1.0), (_ARM, -1.0), (_ARM, -_ARM)]
    ring = [
        (x * c - y * s, x * s + y * c)
        for c, s in ((1, 0), (0, 1), (-1, 0), (0, -1))
        for x, y in quarter
    ]
    turn = np.pi / 4 if shape == "cross" else 0.0
    cos, sin = float(np.cos(turn)), float(np.sin(turn))
    return [(x * cos - y * sin, x * sin + y * cos) for x, y in ring]


def landform_svg(landform: str, x: float, y: float, size: float) -> str:
    """Return the glyph of a landform (waves, a mountain, a square), its middle at x, y."""
    colour, half = LANDFORMS[landform].colour, size / 2
    if landform == "mountain":
        top, left, right = (x, y - half), (x - half, y + half * 0.75), (x + half, y + half * 0.75)
        corners = "L".join(f"{number(a)} {number(b)}" for a, b in (top, left, right))
        return f'<path d="M{corners}Z" fill="{colour}"/>'
    if landform == "inland":
        side = f'width="{number(size * 0.72)}" height="{number(size * 0.72)}"'
        at = f'x="{number(x - size * 0.36)}" y="{number(y - size * 0.36)}"'
        return f'<rect {at} {side} fill="{colour}"/>'
    waves = "".join(
        f"M{number(x - half)} {number(y + rise)}q{number(half / 2)} {number(-half * 0.6)} "
        f"{number(half)} 0t{number(half)} 0"
        for rise in (-size * 0.18, size * 0.22)
    )
    return f'<path d="{waves}" fill="none" stroke="{colour}" stroke-width="{number(size * 0.15)}"/>'
