"""The sheet of a figure: title above, sources below, and between them the map and its legend."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import geopandas as gpd

from .drawing import MUTED, Drawing, fitted, joined, line, moved
from .furniture import (
    heading,
    league_block,
    locator,
    outline_legend,
    scale_bar,
    stacked,
    tier_legend,
)
from .metrics import wrap
from .scene import Scene, subtitle
from .views import Frame, View
from .words import title_of, word

MARGIN = 44.0
_GAP = 30.0
_TITLE, _SUBTITLE, _SOURCE = 38.0, 24.0, 15.0
_COLUMN, _STRIP = 392.0, 300.0
#: Less room than this below a map is left empty.
_LEAST_BELOW = 200.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where everything stands: the map's frame, and the legend's to its right or below it."""

    width: float
    height: float
    map: Frame
    legend: Frame
    beside: bool


def lay_out(width: float, height: float, footer: float) -> Sheet:
    """Return the frames of a sheet whose footer has a height; upright ones have a legend below.

    Examples
    --------
    >>> lay_out(1920, 1080, 40).beside, lay_out(1210, 1711, 40).beside
    (True, False)
    """
    top = MARGIN + _TITLE + _SUBTITLE * 1.6 + 18
    wide, high = width - 2 * MARGIN, height - top - footer - MARGIN
    if width > height:
        column = min(_COLUMN, wide * 0.34)
        legend = Frame(width - MARGIN - column, top, column, high)
        return Sheet(width, height, Frame(MARGIN, top, wide - column - _GAP, high), legend, True)  # noqa: FBT003 - a field
    strip = min(_STRIP, high * 0.4)
    legend = Frame(MARGIN, top + high - strip, wide, strip)
    return Sheet(width, height, Frame(MARGIN, top, wide, high - strip - _GAP), legend, False)  # noqa: FBT003 - a field


def titles(scene: Scene, width: float, head: str = "", *, clusters: bool = True) -> Drawing:
    """Return title and subtitle; `head` stands in place of the edition's title.

    Without `clusters` the subtitle is the dimension alone.
    """
    told = subtitle(scene) if clusters else title_of(scene.dimension, scene.lang)
    wide = width - 2 * MARGIN
    title = line(
        MARGIN,
        MARGIN + _TITLE * 0.8,
        head or title_of(scene.edition, scene.lang),
        _TITLE,
        bold=True,
    )
    below = line(MARGIN, MARGIN + _TITLE + _SUBTITLE * 1.15, told, _SUBTITLE, fill=MUTED)
    return Drawing(width, 0, (), (fitted(title, wide), fitted(below, wide, least=16)))


def footer_lines(sources: Sequence[str], kind: str, lang: str, width: float) -> list[str]:
    """Return the source line: credits as printed, then places, land and projection."""
    stop = "。" if lang == "zh" else ". "
    told = [each.rstrip("。. ") + stop for each in dict.fromkeys(sources) if each]
    told += [word(lang, "sources") + (" " if lang == "en" else ""), word(lang, kind)]
    return wrap("".join(told), _SOURCE, width - 2 * MARGIN)


def footer_height(lines: int) -> float:
    """Return the height of so many lines of sources."""
    return lines * _SOURCE * 1.4 + 14


def footer(lines: Sequence[str], height: float, width: float) -> Drawing:
    """Return the source lines at the foot of a sheet."""
    first = height - MARGIN - (len(lines) - 1) * _SOURCE * 1.4
    texts = tuple(
        line(MARGIN, first + place * _SOURCE * 1.4, each, _SOURCE, fill=MUTED)
        for place, each in enumerate(lines)
    )
    return Drawing(width, height, (), texts)


def legend(
    scene: Scene, view: View, land: gpd.GeoDataFrame, frame: Frame, *, beside: bool
) -> Drawing:
    """Return everything beside the map, in one column or in three next to each other."""
    width = frame.width if beside else (frame.width - 2 * _GAP) / 3
    tiers = _block(scene, "tiers", tier_legend(scene, width))
    lines = _block(scene, "landforms", outline_legend([scene], width)) if scene.drawn else None
    bar = scale_bar(view, scene.lang, width) if view.measured else None
    where = locator(view, land, width * 0.98) if view.zoomed else None
    if beside:
        upper = stacked([tiers, lines, bar], width)
        lower = where.height + 22 if where else 0
        table = league_block(scene, width, frame.height - upper.height - lower - 22)
        placed = [moved(stacked([upper, table], width), frame.x, frame.y)]
        if where:
            placed.append(moved(where, frame.x, frame.y + frame.height - where.height))
        return joined(frame.width, frame.height, placed)
    table = league_block(scene, width, frame.height * 0.6) if scene.chosen else None
    columns = [tiers, stacked([lines, bar, table], width), stacked([where], width)]
    step = width + _GAP
    placed = [moved(each, frame.x + i * step, frame.y) for i, each in enumerate(columns)]
    return joined(frame.width, frame.height, placed)


def below_map(scene: Scene, view: View, frame: Frame) -> tuple[View, Drawing | None]:
    """Return a map that leaves much of an upright frame empty at its top, and the league below."""
    top = replace(view.frame, y=frame.y)
    rest = frame.height - top.height - _GAP
    table = league_block(scene, frame.width, rest, columns=2) if rest > _LEAST_BELOW else None
    if table is None:
        return view, None
    return replace(view, frame=top), moved(table, frame.x, frame.y + top.height + _GAP)


def _block(scene: Scene, key: str, content: Drawing) -> Drawing:
    """Return a part of the legend below its heading."""
    title = heading(word(scene.lang, key), content.width)
    return stacked([title, content], content.width, gap=0)
