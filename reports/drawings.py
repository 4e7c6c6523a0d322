"""Maps and charts of reports: their numbers, the drawing, and what it shows in words."""

from collections.abc import Sequence

from ..data.records import Dimension
from ..maps.figures.charts import CompositionRow, LeagueRow, composition_svg, league
from ..maps.figures.drawing import svg
from ..maps.figures.map import draw_map
from ..maps.figures.render import Size
from ..maps.figures.words import title_of
from ..maps.palette import LANDFORMS, tier_symbols
from .blocks import Chart, Figure, Series
from .inputs import Row, Scope, atlas_data
from .numbers import bounds, cell, rounded
from .words import say

#: So large that the smallest texts of a map have some 7 pt on the width of a page.
_MAP, _WORLD = Size(860, 600), Size(860, 900)
_CHART_WIDTH, _ROW_HEIGHT = 860.0, 23.0


def map_figure(scope: Scope, clusters: Sequence[str] = ()) -> Figure:
    """Return the map of the report's first table; clusters make it close in on them."""
    lang, titles = scope.lang, say(scope.lang, "join").join(map(scope.title, clusters))
    where = {
        "edition": title_of(scope.edition, lang),
        "dimension": title_of(scope.first, lang),
    }
    caption = say(lang, "map_caption", **where)
    drawn = draw_map(
        atlas_data(scope.analysis),
        edition=scope.edition.slug,
        dimension=scope.first.slug,
        clusters=clusters,
        lang=lang,
        size=_MAP if clusters else _WORLD,
    )
    key = "map_alt" if clusters else "map_alt_edition"
    return Figure(drawn, say(lang, key, title=caption, cluster=titles), caption)


def league_chart(scope: Scope, dimension: Dimension) -> Chart | None:
    """Return the percentiles of all clusters with their bounds, None where there is no cluster."""
    lang, rows = scope.lang, scope.results(dimension)
    if not rows:
        return None
    title = say(lang, "league_caption", dimension=title_of(dimension, lang))
    names = tuple(scope.title(row["cluster"]) for row in rows)
    keys = ("percentile", "percentile_lower", "percentile_upper")
    shown = [[rounded(row[key], "percentile") for key in keys] for row in rows]
    league_rows = [
        LeagueRow(name, row["landform"], row["n_cities"], *values)
        for name, row, values in zip(names, rows, shown, strict=True)
    ]
    told = [
        say(
            lang,
            "league_row",
            name=name,
            percentile=cell(row[keys[0]], "percentile", lang),
            bounds=bounds(row[keys[1]], row[keys[2]]),
        )
        for name, row in zip(names, rows, strict=True)
    ]
    alt = say(
        lang,
        "league_alt",
        dimension=title_of(dimension, lang),
        rows=say(lang, "then").join(told),
    )
    colour = LANDFORMS[rows[0]["landform"]].colour
    series = tuple(
        Series(say(lang, key), values, colour)
        for key, values in zip(keys, zip(*shown, strict=True), strict=True)
    )
    drawing = league(league_rows, lang, width=_CHART_WIDTH, row_height=_ROW_HEIGHT)
    return Chart("bounds", title, alt, names, series, svg(drawing, title=title), title)


def composition_chart(scope: Scope, rows: Sequence[tuple[str, Row]], tiers: int) -> Chart | None:
    """Return the tiers of groups of cities as shares, None where there is no group.

    Parameters
    ----------
    scope
        The report.
    rows
        Name of each group, and its row of `clusters.csv`.
    tiers
        The number of tiers to show.
    """
    if not rows:
        return None
    lang, symbols = scope.lang, tier_symbols(tiers)
    counts = [[int(row[f"tier_{tier}"] or 0) for tier in range(1, tiers + 1)] for _, row in rows]
    drawn = [
        CompositionRow(name, row["landform"], tuple(parts))
        for (name, row), parts in zip(rows, counts, strict=True)
    ]
    told = [_parts(name, parts, lang) for (name, _), parts in zip(rows, counts, strict=True)]
    series = tuple(
        Series(
            say(lang, "tier", number=tier),
            tuple(100 * parts[tier - 1] / sum(parts) for parts in counts),
            symbols[tier - 1].fill,
        )
        for tier in range(1, tiers + 1)
    )
    return Chart(
        "stacked",
        say(lang, "composition_caption"),
        say(lang, "composition_alt", rows=say(lang, "then").join(told)),
        tuple(name for name, _ in rows),
        series,
        composition_svg(drawn, lang, width=_CHART_WIDTH),
        say(lang, "composition_caption"),
    )


def _parts(name: str, counts: Sequence[int], lang: str) -> str:
    """Return how many cities a group has in each tier, in words."""
    parts = [
        say(lang, "composition_part", number=tier, count=count)
        for tier, count in enumerate(counts, start=1)
        if count
    ]
    return say(lang, "composition_row", name=name, parts=say(lang, "join").join(parts))
