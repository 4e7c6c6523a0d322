"""Colours, sizes and shapes of the map: tiers, landforms, land and sea.

A tier is shown three times over, by lightness, shape and size, so that it can be read without
colour. A landform is shown by the colour of its outline and by a glyph in its label.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SEA = "#d6e3ea"
LAND = "#f6f4ef"
COAST = "#b9c5cc"
INK = "#1c2733"

#: From best to worst: dark violet to pale yellow, evenly stepped in OKLab.
_ANCHORS = ("#31105c", "#2f5f96", "#1f9a86", "#8cc94a", "#f7e04b")
_SHAPES = (
    "circle",
    "square",
    "triangle",
    "diamond",
    "inverted-triangle",
    "pentagon",
    "plus",
    "hexagon",
    "cross",
)
_LARGEST_PX, _SMALLEST_PX = 7.5, 4.5
FEWEST_TIERS, MOST_TIERS = 1, len(_SHAPES)

# Linear sRGB to cone responses, and their cube roots to lightness and two opponent axes.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
)


@dataclass(frozen=True, slots=True)
class Symbol:
    """How one class of cities is drawn; the radius is in CSS pixels."""

    fill: str
    stroke: str
    shape: str
    radius_px: float


@dataclass(frozen=True, slots=True)
class LandformStyle:
    """How outlines of one landform are drawn: their colour, and a glyph before the name."""

    colour: str
    glyph: str


UNRANKED = Symbol(fill="#e3e7eb", stroke="#717d88", shape="circle", radius_px=2.6)

LANDFORMS = {
    "coastal": LandformStyle("#005fa8", "≈"),
    "mountain": LandformStyle("#a84b00", "▲"),
    "inland": LandformStyle("#7a1f5c", "■"),
}

#: What a symbol or a text on the map is set off from the ground by.
HALO = "#ffffff"


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of the map that follow the theme of the page; the fills of tiers are the same in all.

    Tiers are edged with `ink`; texts and symbols stand on a `halo`.
    """

    sea: str
    land: str
    coast: str
    ink: str
    halo: str
    unranked: Symbol
    landforms: dict[str, LandformStyle]


LIGHT = Theme(SEA, LAND, COAST, INK, HALO, UNRANKED, LANDFORMS)
DARK = Theme(
    sea="#131d26",
    land="#2a3640",
    coast="#54656f",
    ink="#eef3f6",
    halo="#0d151c",
    unranked=Symbol(fill="#3b4853", stroke="#a5b4bf", shape="circle", radius_px=2.6),
    landforms={
        "coastal": LandformStyle("#58b0ff", "≈"),
        "mountain": LandformStyle("#f09a4e", "▲"),
        "inland": LandformStyle("#f7b3e0", "■"),
    },
)
THEMES = {"light": LIGHT, "dark": DARK}


def tier_symbols(count: int) -> tuple[Symbol, ...]:
    """Return the symbols of a table's tiers, best first.

    Parameters
    ----------
    count
        Number of tiers, 1 to 9.

    Returns
    -------
    tuple of Symbol
        Fills from dark to light, shapes that differ, radii that decrease.

    Raises
    ------
    ValueError
        If there are fewer than one or more than nine tiers.

    References
    ----------
    Ottosson (2020), "A perceptual color space for image processing" (OKLab), for the steps.

    Examples
    --------
    >>> [symbol.shape for symbol in tier_symbols(3)]
    ['circle', 'square', 'triangle']
    >>> tier_symbols(2)[0].fill
    '#31105c'
    """
    if not FEWEST_TIERS <= count <= MOST_TIERS:
        raise ValueError(f"{count} tiers: there are symbols for {FEWEST_TIERS} to {MOST_TIERS}")
    positions = np.linspace(0, 1, count)
    radii = _LARGEST_PX + (_SMALLEST_PX - _LARGEST_PX) * positions
    return tuple(
        Symbol(fill, INK, shape, round(float(radius), 2))
        for fill, shape, radius in zip(_ramp(positions), _SHAPES, radii, strict=False)
    )


def _ramp(positions: NDArray[np.float64]) -> list[str]:
    """Return the colours at positions 0 to 1 along the anchors, by distance in OKLab."""
    anchors, along = _anchors()
    lab = np.column_stack([np.interp(positions, along, anchors[:, axis]) for axis in range(3)])
    linear = np.linalg.solve(_TO_CONES, np.linalg.solve(_TO_LAB, lab.T) ** 3).T.clip(0, 1)
    coded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return ["#" + "".join(f"{round(float(v) * 255):02x}" for v in colour) for colour in coded]


@lru_cache(maxsize=1)
def _anchors() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the anchors in OKLab and the share of the ramp's length at each."""
    coded = np.array([[int(a[i : i + 2], 16) / 255 for i in (1, 3, 5)] for a in _ANCHORS])
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    lab = np.cbrt(linear @ _TO_CONES.T) @ _TO_LAB.T
    along = np.r_[0, np.cumsum(np.linalg.norm(np.diff(lab, axis=0), axis=1))]
    return lab, along / along[-1]
