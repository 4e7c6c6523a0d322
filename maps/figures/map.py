"""Maps of a build as one drawing: one map with its legend, or several panels side by side."""

from collections.abc import Sequence

from ...data.physical_loader import Coast
from ..payload import AtlasData
from .drawing import Drawing, joined, svg
from .layers import map_layers
from .render import Size, parse_size
from .scene import Scene, make_scene, subtitle
from .sheet import below_map, footer, footer_height, footer_lines, lay_out, legend, titles
from .views import Frame, View, fit_view
from .words import title_of

_PAPER_DPI, _ON_PAPER = 300.0, 0.7


def draw_map(  # noqa: PLR0913 - what a figure is made of
    data: AtlasData,
    *,
    edition: str,
    dimension: str,
    clusters: Sequence[str] = (),
    lang: str = "zh",
    size: str | Size = "slide",
    coast: Coast | None = None,
    projection: str = "auto",
) -> str:
    """Return a map as an SVG document; see `map_drawing` for parameters and errors."""
    scene = make_scene(
        data, edition=edition, dimension=dimension, clusters=clusters, lang=lang, coast=coast
    )
    chosen = size if isinstance(size, Size) else parse_size(size)
    drawing = scene_map(scene, data, chosen, projection)
    return svg(drawing, pixels=(chosen.width, chosen.height), title=map_title(scene))


def map_drawing(  # noqa: PLR0913 - what a figure is made of
    data: AtlasData,
    *,
    edition: str,
    dimension: str,
    clusters: Sequence[str] = (),
    lang: str = "zh",
    size: str | Size = "slide",
    coast: Coast | None = None,
    projection: str = "auto",
) -> Drawing:
    """Return a map of one table with title, legend and sources.

    Parameters
    ----------
    data
        Tables, records, land.
    edition, dimension
        Slugs of the table.
    clusters
        Slugs of the clusters to show; the map closes in on them. None shows all ranked cities.
    lang
        `zh` or `en`.
    size
        A name (`slide`, `post`, `poster`, `poster-wide`), `WIDTHxHEIGHT` in pixels, or a `Size`.
    coast
        What `load_coast` returns, for land as fine as 1:10 m in near views.
    projection
        See `tierscape.maps.figures.views.fit_view`.

    Returns
    -------
    Drawing
        `dropped` are the ranked cities in view whose names found no place.

    Raises
    ------
    TierscapeError
        If there is nothing to draw.
    UnknownNameError
        If a name is unknown.
    MissingGlyphError
        If no shipped font shows a character of a name.
    """
    scene = make_scene(
        data, edition=edition, dimension=dimension, clusters=clusters, lang=lang, coast=coast
    )
    chosen = size if isinstance(size, Size) else parse_size(size)
    return scene_map(scene, data, chosen, projection)


def map_title(scene: Scene) -> str:
    """Return what a map shows, in one line."""
    return f"{title_of(scene.edition, scene.lang)} · {subtitle(scene)}"


def scene_map(scene: Scene, data: AtlasData, size: Size, projection: str = "auto") -> Drawing:
    """Return the map of a scene on a sheet of a size."""
    width, height = size.units
    credit = [scene.edition.credit]
    # The sources' height depends on their language and width, not on the view but for its name.
    sheet = lay_out(width, height, footer_height(2))
    view = _fitted(scene, sheet.map, projection)
    lines = footer_lines(credit, view.kind, scene.lang, width)
    if len(lines) > 2:
        sheet = lay_out(width, height, footer_height(len(lines)))
        view = _fitted(scene, sheet.map, projection)
    view, below = (view, None) if sheet.beside else below_map(scene, view, sheet.map)
    parts = [
        map_layers(scene, view, data, scale=_scale(view, size)),
        legend(scene, view, data.land, sheet.legend, beside=sheet.beside),
        titles(scene, width),
        footer(lines, height, width),
        *([below] if below else []),
    ]
    return joined(width, height, parts)


def _scale(view: View, size: Size) -> float:
    """Return how large names and symbols are: crowded maps on paper are read from near."""
    return _ON_PAPER if size.dpi >= _PAPER_DPI and view.kind != "conformal" else 1.0


def _fitted(scene: Scene, frame: Frame, projection: str) -> View:
    """Return the view of what a scene must show."""
    return fit_view(*scene.extent(), frame, projection)
