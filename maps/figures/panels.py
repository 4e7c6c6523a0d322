"""Small multiples: one panel per cluster or per edition on one sheet, with one legend."""

from collections.abc import Sequence

from ...data.errors import TierscapeError, UnknownNameError
from ...data.physical_loader import Coast
from ...data.records import Dimension, Edition
from ..payload import AtlasData
from .drawing import MUTED, Drawing, fitted, joined, line, moved
from .furniture import heading, outline_legend, stacked, tier_legend
from .layers import map_layers
from .render import Size, parse_size
from .scene import Scene, make_scene
from .sheet import footer, footer_height, footer_lines, lay_out, titles
from .views import Frame, fit_view
from .words import title_of, word

KINDS = ("clusters", "editions")
_MOST = 12
_HEAD = 50.0
_GAP = 24.0
#: Width to height of a panel that suits most clusters.
_SHAPE = 1.35


def panels_drawing(  # noqa: PLR0913 - what a figure is made of
    data: AtlasData,
    *,
    kind: str,
    edition: str,
    dimension: str,
    clusters: Sequence[str] = (),
    lang: str = "zh",
    size: str | Size = "slide",
    coast: Coast | None = None,
) -> Drawing:
    """Return one panel per cluster, or one per edition that ranks a city of the clusters.

    Parameters
    ----------
    data, lang, size, coast
        As for `map_drawing`.
    kind
        `clusters`: each chosen cluster closed in on, in the table of `edition` and `dimension`;
        the leading ones where none is chosen. `editions`: the chosen clusters in every edition,
        in its dimension of that slug, or its first.
    edition, dimension, clusters
        Slugs.

    Raises
    ------
    TierscapeError
        If there is nothing to draw, or more panels than can be read.
    UnknownNameError
        If a name is unknown.
    """
    if kind not in KINDS:
        raise UnknownNameError("panels", kind, KINDS)
    if kind == "clusters":
        table = (edition, dimension)
        slugs = list(dict.fromkeys(clusters)) or _leading(data, *table, lang=lang)
        if len(slugs) > _MOST:
            raise TierscapeError(f"{len(slugs)} panels are more than a figure can hold ({_MOST}).")
        scenes = [
            make_scene(
                data, edition=edition, dimension=dimension, clusters=[slug], lang=lang, coast=coast
            )
            for slug in slugs
        ]
    else:
        scenes = _by_edition(data, dimension, clusters, lang=lang, coast=coast)
    chosen = size if isinstance(size, Size) else parse_size(size)
    return _sheet(scenes, data, kind, chosen)


def _leading(data: AtlasData, edition: str, dimension: str, *, lang: str) -> list[str]:
    """Return the clusters of a table that lead its league, as many as a figure can hold."""
    scene = make_scene(data, edition=edition, dimension=dimension, lang=lang)
    slugs = {title_of(each, lang): each.slug for each in scene.drawn}
    found = [slugs[row.name] for row in scene.league if row.name in slugs][:_MOST]
    if not found:
        raise TierscapeError(f"There is nothing to draw: {edition}/{dimension} has no cluster.")
    return found


def _by_edition(
    data: AtlasData,
    dimension: str,
    clusters: Sequence[str],
    *,
    lang: str,
    coast: Coast | None,
) -> list[Scene]:
    """Return the clusters in every edition that ranks a city of them."""
    ranked = data.tiers.groupby("edition")["city_id"].agg(set)
    member = data.membership[data.membership["cluster"].isin(list(clusters))]
    wanted = set(member["city_id"]) if clusters else set(data.cities["city_id"])
    scenes = [
        make_scene(
            data,
            edition=each.slug,
            dimension=_dimension(each, dimension).slug,
            clusters=clusters,
            lang=lang,
            coast=coast,
        )
        for each in data.editions
        if not clusters or wanted & ranked.get(each.slug, set())
    ]
    if not scenes:
        raise TierscapeError("There is nothing to draw: no edition ranks a city of these clusters.")
    return scenes[:_MOST]


def _dimension(edition: Edition, slug: str) -> Dimension:
    """Return an edition's dimension of a slug, or its first."""
    named = [each for each in edition.dimensions if each.slug == slug]
    return (named or list(edition.dimensions))[0]


def _sheet(scenes: Sequence[Scene], data: AtlasData, kind: str, size: Size) -> Drawing:
    """Return the panels in a grid, with title, legend and sources."""
    width, height = size.units
    first = scenes[0]
    sources = [scene.edition.credit for scene in scenes]
    lines = footer_lines(sources, "mixed", first.lang, width)
    sheet = lay_out(width, height, footer_height(len(lines)))
    frames = grid(len(scenes), sheet.map)
    panels = [_panel(scene, data, kind, frame) for scene, frame in zip(scenes, frames, strict=True)]
    legend = moved(
        _legend(scenes, sheet.legend, beside=sheet.beside), sheet.legend.x, sheet.legend.y
    )
    head = word(first.lang, "editions") if kind == "editions" else ""
    return joined(
        width,
        height,
        [
            *panels,
            legend,
            titles(first, width, head, clusters=kind == "editions"),
            footer(lines, height, width),
        ],
    )


def grid(count: int, frame: Frame) -> list[Frame]:
    """Return the frames of panels, row by row, in the grid that makes them largest.

    Examples
    --------
    >>> [each.x for each in grid(2, Frame(0, 0, 1000, 400))]
    [0.0, 512.0]
    """

    def cell(columns: int) -> tuple[float, float]:
        rows = -(-count // columns)
        wide = (frame.width - (columns - 1) * _GAP) / columns
        return wide, (frame.height - (rows - 1) * _GAP) / rows

    def use(columns: int) -> float:
        wide, high = cell(columns)
        return min(wide / _SHAPE, high - _HEAD)

    columns = max(range(1, count + 1), key=use)
    wide, high = cell(columns)
    return [
        Frame(
            frame.x + (place % columns) * (wide + _GAP),
            frame.y + (place // columns) * (high + _GAP),
            wide,
            high,
        )
        for place in range(count)
    ]


def _panel(scene: Scene, data: AtlasData, kind: str, frame: Frame) -> Drawing:
    """Return one map with its heading."""
    inner = Frame(frame.x, frame.y + _HEAD, frame.width, frame.height - _HEAD)
    view = fit_view(*scene.extent(), inner)
    scale = min(1.0, max(0.62, (inner.width * inner.height / (1400 * 830)) ** 0.35))
    drawn = map_layers(scene, view, data, scale=scale)
    record = scene.edition if kind == "editions" else scene.chosen[0]
    texts = (
        fitted(
            line(frame.x, frame.y + 17, title_of(record, scene.lang), 18, bold=True), frame.width
        ),
        fitted(line(frame.x, frame.y + 39, _result(scene), 14.5, fill=MUTED), frame.width),
    )
    return joined(0, 0, [drawn, Drawing(0, 0, (), texts)])


def _result(scene: Scene) -> str:
    """Return the figures of the chosen clusters in one line, or the number of cities."""
    if not scene.chosen:
        return word(scene.lang, "cities", count=len(scene.ranked))
    titles_of = [title_of(each, scene.lang) for each in scene.chosen]
    rows = [row for row in scene.league if row.name in titles_of]
    if not rows:
        return word(scene.lang, "nobody")
    alone = len(titles_of) == 1
    return word(scene.lang, "join").join(
        ("" if alone else f"{row.name} ")
        + f"{row.percentile:.1f} ({row.lower:.1f}–{row.upper:.1f}) · "
        + word(scene.lang, "cities", count=row.n_cities)
        for row in rows
    )


def _legend(scenes: Sequence[Scene], frame: Frame, *, beside: bool) -> Drawing:
    """Return the tiers of every edition that labels them differently, and the outlines."""
    width = frame.width if beside else (frame.width - _GAP) / 2
    different: dict[tuple[str, ...], list[Scene]] = {}
    for scene in scenes:
        labels = tuple(tier.label for tier in scene.dimension.tiers)
        different.setdefault(labels, []).append(scene)
    blocks = [_tiers(group, width, named=len(different) > 1) for group in different.values()]
    landforms = [heading(word(scenes[0].lang, "landforms"), width), outline_legend(scenes, width)]
    if any(scene.drawn for scene in scenes):
        blocks.append(stacked(landforms, width, gap=0))
    if beside:
        return stacked(blocks, width)
    right = moved(stacked(blocks[1:], width), width + _GAP, 0)
    return joined(frame.width, frame.height, [blocks[0], right])


def _tiers(scenes: Sequence[Scene], width: float, *, named: bool) -> Drawing:
    """Return the tiers that several editions share, with counts where they are of one."""
    lang = scenes[0].lang
    editions = dict.fromkeys(title_of(scene.edition, lang) for scene in scenes)
    heads = list(editions) if named else [word(lang, "tiers")]
    titles_of = [heading(each, width) for each in heads]
    legend = tier_legend(scenes[0], width, counted=len(editions) == 1)
    return stacked([*titles_of, legend], width, gap=0)
