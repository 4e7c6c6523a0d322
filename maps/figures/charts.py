"""Charts for figures and reports: league of clusters, tier composition, strips of cities.

Each comes as a `Drawing`, to be put into a larger one, and as an SVG document of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from ...data.records import ClusterDefinition
from ..palette import INK, LANDFORMS, tier_symbols
from .drawing import MUTED, PAPER, RULE, Drawing, Text, fitted, line, number, rectangle, stroke, svg
from .metrics import text_width
from .symbols import landform_svg, symbol_svg
from .words import title_of, word

_FEWEST_RANKED = 3
_NAME_SHARE = 0.44


@dataclass(frozen=True, slots=True)
class LeagueRow:
    """One cluster in a league: its expected percentile with bounds, 0 to 100."""

    name: str
    landform: str
    n_cities: int
    percentile: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class CompositionRow:
    """One cluster and how many of its cities are in each tier, best first."""

    name: str
    landform: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StripRow:
    """One cluster and its cities: the expected percentile (0 to 100) and the tier of each."""

    name: str
    landform: str
    cities: tuple[tuple[float, int], ...]


def league_rows(
    clusters: pd.DataFrame,
    definitions: Iterable[ClusterDefinition],
    *,
    edition: str,
    dimension: str,
    lang: str,
    role: str = "core",
) -> list[LeagueRow]:
    """Return the league of one table: best first, then clusters too small for a rank.

    Parameters
    ----------
    clusters
        The table `clusters.csv`.
    definitions
        The clusters that may be in it.
    edition, dimension, role
        Which rows; the role is `core` or `all`.
    lang
        The language of the names, `zh` or `en`.
    """
    known = {each.slug: each for each in definitions}
    rows = clusters[
        (clusters["edition"] == edition)
        & (clusters["dimension"] == dimension)
        & (clusters["role"] == role)
        & clusters["cluster"].isin(known)
        & clusters["percentile"].notna()
    ]
    found = [
        LeagueRow(
            title_of(known[row["cluster"]], lang),
            known[row["cluster"]].landform,
            int(row["n_cities"]),
            float(row["percentile"]),
            float(row["percentile_lower"]),
            float(row["percentile_upper"]),
        )
        for row in rows.to_dict("records")
    ]
    return sorted(found, key=lambda row: (row.n_cities < _FEWEST_RANKED, -row.percentile, row.name))


def league(
    rows: Sequence[LeagueRow], lang: str, *, width: float = 720.0, row_height: float = 30.0
) -> Drawing:
    """Return clusters as bars from bound to bound, with a stroke at the expected percentile.

    Examples
    --------
    >>> row = LeagueRow("Alps", "mountain", 12, 60.0, 50.0, 70.0)
    >>> league([row], "en").height
    60.0
    """
    size = row_height * 0.52
    left, right = width * _NAME_SHARE, width - text_width("100.0", size) - size * 0.6
    shapes = list(_axis(left, right, row_height, row_height * (len(rows) + 1)))
    texts = _axis_texts((left, right), row_height * 0.72, size * 0.82, lang)
    for index, row in enumerate(rows):
        y = row_height * (index + 1.5)
        colour = LANDFORMS[row.landform].colour
        thin = 0.45 if row.n_cities < _FEWEST_RANKED else 1.0
        ends = [(_on(left, right, row.lower), y), (_on(left, right, row.upper), y)]
        look = f'stroke-opacity="{number(0.42 * thin)}"'
        shapes.append(stroke(ends, colour, row_height * 0.36, look))
        at = _on(left, right, row.percentile)
        mark = [(at, y - row_height * 0.3), (at, y + row_height * 0.3)]
        shapes.append(stroke(mark, colour, row_height * 0.13))
        name, glyph = _name(f"{row.name} ({row.n_cities})", row.landform, y, size, width=left)
        shapes.append(glyph)
        value = line(width, y + size * 0.36, f"{row.percentile:.1f}", size, anchor="end")
        texts += [name, value]
    return Drawing(width, row_height * (len(rows) + 1), tuple(shapes), tuple(texts))


def composition(
    rows: Sequence[CompositionRow], lang: str, *, width: float = 720.0, row_height: float = 30.0
) -> Drawing:
    """Return the tiers of each cluster's cities as bars of equal length, parted by tier.

    Every part bears its number of cities where there is room for it.
    """
    size = row_height * 0.52
    total = max((text_width(_count(row, lang), size) for row in rows), default=0.0)
    left, right = width * _NAME_SHARE, width - total - size * 0.6
    shapes: list[str] = []
    texts: list[Text] = []
    for index, row in enumerate(rows):
        y = row_height * (index + 0.5)
        name, glyph = _name(row.name, row.landform, y, size, width=left)
        bars, counts = _bar(row.counts, (left, right), y, row_height * 0.64)
        shapes += [glyph, *bars]
        texts += [name, *counts]
        texts.append(line(width, y + size * 0.36, _count(row, lang), size, anchor="end"))
    return Drawing(width, row_height * len(rows), tuple(shapes), tuple(texts))


def strip(
    rows: Sequence[StripRow],
    lang: str,
    *,
    tiers: int,
    width: float = 720.0,
    row_height: float = 40.0,
) -> Drawing:
    """Return each cluster's cities as symbols at their expected percentile.

    Cities of one tier share a percentile: they are one symbol, and their number stands beside it.
    """
    size = row_height * 0.4
    left, right = width * _NAME_SHARE, width - 2.2 * size
    symbols = tier_symbols(tiers)
    height = row_height * (len(rows) + 1)
    shapes = list(_axis(left, right, row_height, height))
    texts = _axis_texts((left, right), row_height * 0.72, size * 0.9, lang)
    for index, row in enumerate(rows):
        y = row_height * (index + 1.5)
        name, glyph = _name(f"{row.name} ({len(row.cities)})", row.landform, y, size, width=left)
        texts.append(name)
        shapes.append(glyph)
        stacks: dict[tuple[float, int], int] = {}
        for city in row.cities:
            stacks[city] = stacks.get(city, 0) + 1
        for (percentile, tier), count in sorted(stacks.items()):
            at = _on(left, right, percentile)
            shapes.append(symbol_svg(symbols[tier - 1], at, y, row_height / 32))
            beside = (at + row_height * 0.32, y + size * 0.33)
            texts += [line(*beside, f"×{count}", size * 0.9, halo=3)] if count > 1 else []
    return Drawing(width, height, tuple(shapes), tuple(texts))


def league_svg(rows: Sequence[LeagueRow], lang: str, *, width: float = 720.0) -> str:
    """Return `league` as an SVG document; its title says what it shows."""
    return svg(league(rows, lang, width=width), title=word(lang, "league"))


def composition_svg(rows: Sequence[CompositionRow], lang: str, *, width: float = 720.0) -> str:
    """Return `composition` as an SVG document; its title says what it shows."""
    return svg(composition(rows, lang, width=width), title=word(lang, "composition"))


def strip_svg(rows: Sequence[StripRow], lang: str, *, tiers: int, width: float = 720.0) -> str:
    """Return `strip` as an SVG document; its title says what it shows."""
    return svg(strip(rows, lang, tiers=tiers, width=width), title=word(lang, "strip"))


def _on(left: float, right: float, percentile: float) -> float:
    """Return where a percentile lies between two ends."""
    return left + (right - left) * percentile / 100


def _axis(left: float, right: float, top: float, bottom: float) -> Iterable[str]:
    """Yield lines at every quarter of the scale."""
    for value in (0, 25, 50, 75, 100):
        at = _on(left, right, value)
        yield stroke([(at, top), (at, bottom)], RULE, 1.6 if value == 50 else 0.8)


def _axis_texts(ends: tuple[float, float], y: float, size: float, lang: str) -> list[Text]:
    """Return the numbers of the scale, and which end is best."""
    numbers = [
        line(_on(*ends, value), y, str(value), size, fill=MUTED, anchor="middle")
        for value in (0, 50, 100)
    ]
    note = line(0, y, word(lang, "scale"), size, fill=MUTED)
    return [*numbers, fitted(note, ends[0] - 2 * size, least=size * 0.7)]


def _name(name: str, landform: str, y: float, size: float, *, width: float) -> tuple[Text, str]:
    """Return a row's name and the glyph of its landform before it."""
    indent = size * 1.25
    text = fitted(
        line(indent, y + size * 0.36, name, size), width - indent - size * 0.7, least=size * 0.78
    )
    return text, landform_svg(landform, size * 0.5, y, size * 0.85)


def _bar(
    counts: Sequence[int], ends: tuple[float, float], y: float, height: float
) -> tuple[list[str], list[Text]]:
    """Return the parts of one bar and the numbers on them."""
    symbols = tier_symbols(len(counts))
    shapes: list[str] = []
    texts: list[Text] = []
    whole, at = sum(counts), ends[0]
    for symbol, count in zip(symbols, counts, strict=True):
        if not count:
            continue
        wide = (ends[1] - ends[0]) * count / whole
        edge = f'stroke="{PAPER}" stroke-width="1"'
        shapes.append(rectangle(at, y - height / 2, wide, height, fill=symbol.fill, extra=edge))
        size = height * 0.66
        if text_width(str(count), size) + 4 <= wide:
            ink = PAPER if _dark(symbol.fill) else INK
            middle = (at + wide / 2, y + size * 0.36)
            texts.append(Text(*middle, str(count), size, fill=ink, anchor="middle"))
        at += wide
    return shapes, texts


def _dark(colour: str) -> bool:
    """Tell whether white is read better than ink on a colour.

    References
    ----------
    W3C (2023), Web Content Accessibility Guidelines 2.2, relative luminance and contrast ratio.
    """

    def luminance(of: str) -> float:
        coded = [int(of[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in coded]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    ground = luminance(colour) + 0.05
    return 1.05 / ground >= ground / (luminance(INK) + 0.05)


def _count(row: CompositionRow, lang: str) -> str:
    """Return how many cities a row has, in words."""
    return word(lang, "cities", count=sum(row.counts))
