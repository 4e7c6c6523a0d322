"""The layers of a map: ground, outlines, cities, and the names of both."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import shapely

from ...data.records import ClusterDefinition
from ..palette import INK, LANDFORMS, UNRANKED
from ..payload import AtlasData
from .base import border, ground, path_data
from .cutting import edge, shown
from .drawing import MUTED, Drawing, Text
from .glyphs import visible
from .labels import Label, place_labels, text_box
from .scene import Scene
from .symbols import landform_svg, symbol_svg
from .views import View, project
from .words import title_of

_GROW = {"world": 1.0, "equal-area": 1.25, "conformal": 1.6}
_NAME_SIZE = {"world": 13.5, "equal-area": 16.0, "conformal": 19.0}
#: The most names that are tried: what is less important has no room anyway.
_MOST_NAMES = 600
_HALO = 4.0
#: A symbol nearer to the edge would be cut by it.
_RIM = 5.0
#: Room for a landform's glyph before a cluster's name.
_ROOM = "\u00a0\u00a0\u00a0"


def map_layers(scene: Scene, view: View, data: AtlasData, *, scale: float = 1.0) -> Drawing:
    """Return the map of a scene in a view, with everything cut at its edge.

    Parameters
    ----------
    scene, view, data
        What to show, how, and the land.
    scale
        Size of symbols and names; small panels have smaller ones.

    Returns
    -------
    Drawing
        In the page's units; `dropped` are the ranked cities in view that have no name.
    """
    cities = _in_view(scene.cities, view)
    grow = _GROW[view.kind] * scale
    shapes = [*ground(view, data.land, data.lakes, scene.coast), *_outlines(scene, view)]
    shapes += _symbols(scene, cities, grow)
    names = _names(scene, cities, view, grow=grow, size=_NAME_SIZE[view.kind] * scale)
    return Drawing(
        view.frame.x + view.frame.width,
        view.frame.y + view.frame.height,
        (*shapes, *names.shapes, border(view)),
        names.texts,
        names.dropped,
    )


def _in_view(cities: pd.DataFrame, view: View) -> pd.DataFrame:
    """Return the cities that lie in the frame, with their position on the page."""
    x, y = project(view, cities["lon"].to_numpy(), cities["lat"].to_numpy())
    area = shapely.buffer(edge(view), -_RIM)
    inside = shapely.contains_xy(area, x, y)
    found: pd.DataFrame = cities.assign(x=x, y=y).loc[inside]
    return found


def _outlines(scene: Scene, view: View) -> Iterable[str]:
    """Yield the outlines: filled and solid round the core, broken round all members."""
    width, chosen = (2.6, 0.16) if scene.chosen else (1.6, 0.08)
    for definition in scene.drawn:
        colour = LANDFORMS[definition.landform].colour
        core, whole = (scene.outlines.get((definition.slug, role)) for role in ("core", "all"))
        if whole is not None and (core is None or not whole.equals(core)):
            look = f'stroke-width="{width * 0.6:.1f}" stroke-dasharray="7 5"'
            yield _outline(view, whole, colour, f'fill-opacity="{chosen / 3:.3f}" {look}')
        if core is not None:
            yield _outline(view, core, colour, f'fill-opacity="{chosen}" stroke-width="{width}"')


def _outline(view: View, shape: shapely.Geometry, colour: str, look: str) -> str:
    data = path_data(shown(view, shape))
    return f'<path d="{data}" fill="{colour}" stroke="{colour}" stroke-linejoin="round" {look}/>'


def _symbols(scene: Scene, cities: pd.DataFrame, grow: float) -> Iterable[str]:
    """Yield the cities: those not ranked first, the best tier last and on top."""
    classes = (UNRANKED, *scene.symbols)
    tiers = cities["tier"].to_numpy()
    order = np.argsort(np.where(tiers == 0, -len(classes), -tiers), kind="stable")
    for x, y, tier in zip(
        cities["x"].to_numpy()[order], cities["y"].to_numpy()[order], tiers[order], strict=True
    ):
        yield symbol_svg(classes[tier], float(x), float(y), grow)


def _names(scene: Scene, cities: pd.DataFrame, view: View, *, grow: float, size: float) -> Drawing:
    """Return the names of clusters and cities, with the landform before a cluster's."""
    radii = _radii(scene, cities) * grow
    at = cities[["x", "y"]].to_numpy()
    taken = np.column_stack([at - radii[:, None], at + radii[:, None]])
    visible_areas = [
        (each, area) for each in scene.drawn if not (area := _area(scene, each, view)).is_empty
    ]
    wanted = [_cluster_label(scene, each, area, size) for each, area in visible_areas]
    titles = place_labels(wanted, taken, view.frame)
    placed = [text for text in titles if text]
    boxes = np.vstack([taken, *(text_box(text) for text in placed)])
    named = (cities["tier"].to_numpy() > 0) | (view.kind == "conformal")
    rows = list(zip(cities[named].itertuples(index=False), radii[named], strict=True))
    labels = [_city_label(city, float(radius), size) for city, radius in rows[:_MOST_NAMES]]
    texts = place_labels(labels, boxes, view.frame)
    kept = {id(row) for (row, _), text in zip(rows, texts, strict=False) if text}
    return Drawing(
        0,
        0,
        tuple(
            _glyph(each.landform, text)
            for (each, _), text in zip(visible_areas, titles, strict=True)
            if text
        ),
        (*(text for text in texts if text), *placed),
        tuple(str(row.name) for row, _ in rows if row.tier and id(row) not in kept),
    )


def _radii(scene: Scene, cities: pd.DataFrame) -> np.ndarray:
    """Return the radius of each city's symbol before it grows; corners reach a little farther."""
    sizes = np.array([UNRANKED.radius_px, *(symbol.radius_px for symbol in scene.symbols)])
    return np.asarray(sizes[cities["tier"].to_numpy()] * 1.15)


def _city_label(city: object, radius: float, size: float) -> Label:
    """Return the label of a city: larger for the best, muted where it is not ranked."""
    tier, name = getattr(city, "tier"), visible(getattr(city, "name"))  # noqa: B009 - a row
    share = {0: 0.82, 1: 1.08}.get(tier, 1.0)
    text = Text(
        0, 0, name, round(size * share, 2),
        fill=INK if tier else MUTED, bold=tier == 1, halo=_HALO * size / 19,
    )  # fmt: skip
    return Label(text, getattr(city, "x"), getattr(city, "y"), radius)  # noqa: B009 - a row


def _area(scene: Scene, definition: ClusterDefinition, view: View) -> shapely.Geometry:
    """Return what a view shows of a cluster: its core, or all of it where it has no core."""
    role = "core" if (definition.slug, "core") in scene.outlines else "all"
    return shown(view, scene.outlines[definition.slug, role])


def _cluster_label(
    scene: Scene, definition: ClusterDefinition, area: shapely.Geometry, size: float
) -> Label:
    """Return the label of a cluster, beside the top, bottom and sides of its outline."""
    largest = max(shapely.get_parts(area), key=lambda part: part.area)
    ring = shapely.get_coordinates(largest.exterior)
    ends = [axis(ring[:, side]) for side in (1, 0) for axis in (np.argmin, np.argmax)]
    points = tuple((float(x), float(y)) for x, y in ring[ends])
    text = Text(
        0, 0, _ROOM + visible(title_of(definition, scene.lang)), round(size * 1.1, 2),
        fill=LANDFORMS[definition.landform].colour, bold=True, halo=_HALO * size / 16,
    )  # fmt: skip
    return Label(text, *points[0], 2.0, also=points[1:])


def _glyph(landform: str, text: Text) -> str:
    """Return the glyph of a landform in the room before a cluster's name."""
    size = text.size
    return landform_svg(landform, text.x + size * 0.36, text.y - size * 0.34, size * 0.62)
