"""What stands beside a map: legend, league, scale bar, north arrow, and where the map lies."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from ..palette import INK, LANDFORMS, UNRANKED
from .base import ground, path_data
from .charts import league
from .cutting import edge, footprint, shown
from .drawing import MUTED, Drawing, Text, fitted, joined, line, moved, path, stroke
from .scene import Scene
from .symbols import landform_svg, symbol_svg
from .views import Frame, View, fit_view, project, unproject
from .words import title_of, word

#: Size of the letters, and height of a row, in units.
_SIZE, _ROW = 19.0, 31.0
_LEAGUE_ROW = 26.0
_APART = 36.0
_ROUND_KM = tuple(step * 10**power for power in range(5) for step in (1, 2, 5))


def heading(text: str, width: float) -> Drawing:
    """Return the heading of a block."""
    title = fitted(line(0, _SIZE * 1.05, text, _SIZE, bold=True), width)
    return Drawing(width, _ROW * 1.1, (), (title,))


def tier_legend(scene: Scene, width: float, *, counted: bool = True) -> Drawing:
    """Return the tiers with their symbols and numbers of cities, and the class of the others."""
    counts = scene.ranked["tier"].value_counts()
    rows = [
        (symbol, scene.tier_label(number), int(counts.get(number, 0)))
        for number, symbol in enumerate(scene.symbols, 1)
    ]
    others = int((scene.cities["tier"] == 0).sum())
    rows += [(UNRANKED, word(scene.lang, "unranked"), others)] if others else []
    shapes, texts = [], []
    for place, (symbol, label, count) in enumerate(rows):
        y = (place + 0.5) * _ROW
        shapes.append(symbol_svg(symbol, 13, y, 1.35))
        number = line(width, y + _SIZE * 0.36, str(count), _SIZE, fill=MUTED, anchor="end")
        texts += [number] if counted else []
        texts.append(fitted(line(34, y + _SIZE * 0.36, label, _SIZE), width - 90))
    return Drawing(width, len(rows) * _ROW, tuple(shapes), tuple(texts))


def outline_legend(scenes: Sequence[Scene], width: float) -> Drawing:
    """Return the landforms that occur with their glyphs, and the two lines of an outline."""
    lang = scenes[0].lang
    present = {each.landform for scene in scenes for each in scene.drawn}
    shapes, texts = [], []
    kinds = [name for name in LANDFORMS if name in present]
    step = width / max(len(kinds), 3)
    y = _ROW * 0.5
    for place, name in enumerate(kinds):
        shapes.append(landform_svg(name, place * step + 12, y, 17))
        words = line(place * step + 28, y + _SIZE * 0.36, word(lang, name), _SIZE)
        texts.append(fitted(words, step - 32))
    lines = [("core", 2.6, "")]
    if any(_wider(scene, slug) for scene in scenes for slug, _ in scene.outlines):
        lines.append(("all", 1.7, 'stroke-dasharray="7 5"'))
    y += _ROW
    for place, (key, thick, look) in enumerate(lines):
        x = place * width / 2
        shapes.append(stroke([(x, y), (x + 28, y)], INK, thick, look))
        words = line(x + 37, y + _SIZE * 0.36, word(lang, key), _SIZE)
        texts.append(fitted(words, width / 2 - 52))
    return Drawing(width, 2 * _ROW, tuple(shapes), tuple(texts))


def _wider(scene: Scene, slug: str) -> bool:
    """Tell whether a cluster has extended members."""
    core = scene.outlines.get((slug, "core"))
    return core is None or not scene.outlines[slug, "all"].equals(core)


def league_block(scene: Scene, width: float, height: float, *, columns: int = 1) -> Drawing | None:
    """Return as much of the league as fits a height, the chosen clusters alone if there are any.

    None if there is no league, or no room for three rows of it.
    """
    rows = list(scene.league)
    if scene.chosen:
        names = {title_of(each, scene.lang) for each in scene.chosen}
        rows = [row for row in rows if row.name in names]
    room = int((height - 2 * _ROW) // _LEAGUE_ROW) - 1
    if not rows or room < min(3, len(rows)):
        return None
    kept = rows[: room * columns]
    step = (width + _APART) / columns
    tables = [
        moved(
            league(part, scene.lang, width=step - _APART, row_height=_LEAGUE_ROW), place * step, 0
        )
        for place in range(columns)
        if (part := kept[place * room : (place + 1) * room])
    ]
    parts = [joined(width, max(each.height for each in tables), tables)]
    if len(kept) < len(rows):
        more = word(scene.lang, "more", count=len(rows) - len(kept))
        rest = line(_LEAGUE_ROW * 0.65, _LEAGUE_ROW * 0.6, f"… {more}", 13.5, fill=MUTED)
        parts.append(Drawing(width, _LEAGUE_ROW, (), (rest,)))
    return stacked([heading(word(scene.lang, "league"), width), *parts], width, gap=0)


def scale_bar(view: View, lang: str, width: float) -> Drawing:
    """Return a scale bar and a north arrow, measured on WGS84 in the middle of the map."""
    x, y = view.frame.x + view.frame.width / 2, view.frame.y + view.frame.height / 2
    lon, lat = unproject(view, np.array([x - 50, x + 50]), np.array([y, y]))
    unit_km = pyproj.Geod(ellps="WGS84").inv(lon[0], lat[0], lon[1], lat[1])[2] / 100_000
    km = max(each for each in _ROUND_KM if each / unit_km <= width * 0.5)
    long = km / unit_km
    bar = [(2.0, 14.0), (2.0, 22.0), (2.0 + long, 22.0), (2.0 + long, 14.0)]
    label = line(12 + long, 26, f"{km:,} {word(lang, 'km')}", _SIZE)
    at = width - 34
    arrow = path(f"M{at:.1f} -2L{at + 8:.1f} 22L{at:.1f} 17L{at - 8:.1f} 22Z", INK)
    north = Text(at + 14, 22, word(lang, "north"), _SIZE, bold=True)
    return Drawing(width, 34, (stroke(bar, INK, 2.2), arrow), (label, north))


def locator(view: View, land: gpd.GeoDataFrame, width: float) -> Drawing:
    """Return a small map of the world with what the large one shows.

    Something too small to be seen is ringed.
    """
    middle = (np.array([view.lon]), np.array([view.lat]))
    west_of = fit_view(*middle, Frame(0, 0, width, width * 0.5), "world")
    # Where the view lies near the cut of the usual world, the world is turned.
    apart = abs((view.lon - west_of.lon + 180) % 360 - 180)
    world = (
        fit_view(*middle, Frame(0, 0, width, width * 0.5), "pacific") if apart > 120 else west_of
    )
    area = shown(world, footprint(view))
    colour = "#c2185b"
    shapes = [*ground(world, _coarse(land), None)]
    shapes.append(path(path_data(area), colour, f'fill-opacity="0.25" stroke="{colour}"'))
    left, top, right, bottom = area.bounds if not area.is_empty else (0, 0, 0, 0)
    if max(right - left, bottom - top) < 16:
        x, y = (float(axis[0]) for axis in project(world, *middle))
        ring = f'fill="none" stroke="{colour}" stroke-width="2.4"'
        shapes.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="10" {ring}/>')
    shapes.append(path(path_data(edge(world)), "none", 'stroke="#b9c5cc"'))
    frame = world.frame
    return moved(Drawing(width, frame.height, tuple(shapes), ()), 0, -frame.y)


def _coarse(land: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the land as a small map needs it."""
    return land.set_geometry(shapely.make_valid(shapely.simplify(land.geometry.array, 0.4)))


def stacked(parts: Sequence[Drawing | None], width: float, gap: float = 22.0) -> Drawing:
    """Return drawings below one another; a missing one takes no room."""
    y, placed = 0.0, []
    for part in parts:
        if part is not None:
            placed.append(moved(part, 0, y))
            y += part.height + gap
    shapes = tuple(shape for part in placed for shape in part.shapes)
    texts = tuple(text for part in placed for text in part.texts)
    return Drawing(width, max(0.0, y - gap), shapes, texts)
