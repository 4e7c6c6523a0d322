"""Colours are far enough apart, as most people see them and as the colour-blind do."""

import re
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from tierscape.maps.offline import ASSETS
from tierscape.maps.palette import LIGHT, THEMES, UNRANKED, Theme, tier_symbols

# Machado, Oliveira and Fernandes (2009), "A physiologically-based model for simulation of color
# vision deficiency": complete deficiency, on linear sRGB.
VISION = {
    "common": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ),
}
# CIELAB under D65, another space than the one that the palette is made in.
TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]],
)


def linear(colour: str) -> NDArray[np.float64]:
    coded = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ TO_XYZ[1])


def contrast(first: str, second: str) -> float:
    low, high = sorted([luminance(first), luminance(second)])
    return (high + 0.05) / (low + 0.05)


def lab(colour: str, vision: str) -> NDArray[np.float64]:
    seen = (VISION[vision] @ linear(colour)).clip(0, 1)
    x, y, z = np.cbrt(TO_XYZ @ seen / TO_XYZ.sum(axis=1))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def least_difference(colours: list[str], vision: str) -> float:
    pairs = combinations([lab(colour, vision) for colour in colours], 2)
    return min(float(np.linalg.norm(a - b)) for a, b in pairs)


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize(("count", "least"), [(2, 60), (3, 35), (4, 20), (5, 15), (9, 6)])
def test_tiers_differ(vision: str, count: int, least: float) -> None:
    fills = [symbol.fill for symbol in tier_symbols(count)]
    assert least_difference(fills, vision) >= least


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("vision", VISION)
def test_landforms_differ(vision: str, theme: Theme) -> None:
    colours = [style.colour for style in theme.landforms.values()]
    assert least_difference(colours, vision) >= 20


@pytest.mark.parametrize("count", range(1, 10))
def test_lightness_shape_and_size_tell_tiers_apart_without_colour(count: int) -> None:
    symbols = tier_symbols(count)
    light = [luminance(symbol.fill) for symbol in symbols]
    assert light == sorted(light)
    assert len({symbol.shape for symbol in symbols}) == count
    radii = [symbol.radius_px for symbol in symbols]
    assert radii == sorted(radii, reverse=True)
    assert len(set(radii)) == count
    assert all(symbol.radius_px > UNRANKED.radius_px for symbol in symbols)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_edges_stand_out_from_the_ground(theme: Theme) -> None:
    # WCAG 2.2, 1.4.11: 3 for graphics; 1.4.3: 4.5 for text, which labels of clusters are.
    for ground in (theme.land, theme.sea):
        assert contrast(theme.ink, ground) >= 4.5
        assert contrast(theme.unranked.stroke, ground) >= 3
        assert all(contrast(style.colour, ground) >= 3 for style in theme.landforms.values())


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_labels_can_be_read_on_their_halo(theme: Theme) -> None:
    colours = [style.colour for style in theme.landforms.values()]
    assert all(contrast(colour, theme.halo) >= 4.5 for colour in (theme.ink, *colours))
    assert [style.glyph for style in theme.landforms.values()] == [
        style.glyph for style in LIGHT.landforms.values()
    ]
    assert len({style.glyph for style in theme.landforms.values()}) == len(theme.landforms)


@pytest.mark.parametrize("name", THEMES)
def test_texts_of_the_page_can_be_read(name: str) -> None:
    sheet = (ASSETS / "atlas.css").read_text(encoding="utf-8")
    blocks = dict(zip(THEMES, re.findall(r":root[^{]*{(.*?)}", sheet, re.DOTALL), strict=True))
    colours = dict(re.findall(r"--([\w-]+): (#\w{6})", blocks[name]))
    grounds = ("paper", "wash", "hover")
    pairs = [(text, ground) for text in ("ink", "quiet", "accent") for ground in grounds]
    pairs += [(f"{tag}-ink", tag) for tag in ("tag", "good", "bad", "fair")] + [("ink", "lit")]
    assert min(contrast(colours[text], colours[ground]) for text, ground in pairs) >= 4.5
    # A control that has the focus is marked on every ground.
    assert min(contrast(colours["focus"], colours[ground]) for ground in grounds) >= 3
    landforms = [style.colour for style in THEMES[name].landforms.values()]
    assert min(contrast(colour, colours["paper"]) for colour in landforms) >= 4.5


@pytest.mark.parametrize("count", [0, 10])
def test_other_numbers_of_tiers_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"{count} tiers"):
        tier_symbols(count)
