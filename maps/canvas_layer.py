"""Layers for any folium map that draw on one canvas: many points by tier, and land.

Both need nothing from a network, repeat to the east and west, and are written to one file by
`save_offline` like any map.
"""

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from branca.element import Figure
from folium.map import Layer
from folium.template import Template

from ..data.errors import TierscapeError, UnknownNameError
from ..data.physical_loader import load_lakes, load_land
from .canvas_points import points_payload
from .escape import script_json
from .offline import ASSETS, Inline
from .palette import COAST, LAND, SEA
from .payload import polygon_rings

_WORDS = {
    "en": {"tier": "Tier {n}", "unranked": "No tier", "places": "{n} places"},
    "zh": {"tier": "第 {n} 档", "unranked": "未分级", "places": "{n} 个地点"},
}


class _CanvasLayer(Layer):
    """A layer whose data stand in the page as JSON, and whose program stands there once."""

    _template = Template(
        (Path(__file__).parent / "templates" / "canvas-layer.html").read_text(encoding="utf-8")
    )
    maker: str
    program: tuple[str, ...]

    def __init__(self, payload: Mapping[str, Any], name: str | None, **options: bool) -> None:
        super().__init__(name=name, **options)
        self._name = self.maker
        self.payload = script_json(payload)

    @property
    def data_id(self) -> str:
        """The identifier of the element that holds the data."""
        return f"{self.get_name()}_data"

    def render(self, **kwargs: object) -> str:
        """Put program, style and data into the page, each as it is, then the layer."""
        page = self.get_root()
        if not isinstance(page, Figure):
            raise TierscapeError(f"{self.get_name()} stands in no map: add it to one.")
        program = "\n".join(_asset(name) for name in self.program)
        script = f'(function () {{\n"use strict";\n{program}\n}})();'
        style = f"<style>{_asset('canvas-layer.css')}</style>"
        data = f'<script type="application/json" id="{self.data_id}">{self.payload}</script>'
        page.script.add_child(Inline(script), name=f"{self.maker}_program")
        page.header.add_child(Inline(style), name="canvas_layer_style")
        page.html.add_child(Inline(data), name=self.data_id)
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        return ""


class CanvasPoints(_CanvasLayer):
    """Places by tier on one canvas, for tens of thousands of them.

    Where several places share a cell of the screen they are drawn as one disc, divided by their
    tiers; its size grows with the logarithm of their number. Nothing is drawn over anything else,
    so a map of the world shows the tiers in their true shares. Nearer by, each place has the
    symbol of its tier. The tooltip names a place, or counts the tiers of a disc.

    Parameters
    ----------
    points
        One row per place: `lon` and `lat` (degrees, EPSG:4326), `tier` (1 is best, to 9; missing:
        no tier), and `name` if there is one. `classes` makes tiers of values.
    labels
        A label for each tier, best first; by default "Tier 1", ….
    fields
        Further columns to show in a place's tooltip.
    name
        The layer's name in a `folium.LayerControl`, and the title of its legend.
    lang
        Language of its words, `en` or `zh`.
    legend
        Whether it brings a legend.
    options
        `overlay`, `control` and `show` as in folium.

    Raises
    ------
    DataError
        Naming each place that has no position or a tier that is none, twenty at most.
    UnknownNameError
        If a column or the language does not exist.

    Examples
    --------
    >>> import folium
    >>> points = pd.DataFrame({"lon": [9.2], "lat": [45.5], "tier": [2], "name": ["Milan"]})
    >>> m = folium.Map(tiles=None)
    >>> layer = CanvasPoints(points, name="Cities").add_to(m)
    """

    maker = "canvasPoints"
    program = ("dom.js", "canvas.js", "symbols.js", "canvas-layer.js")

    def __init__(
        self,
        points: pd.DataFrame,
        *,
        labels: Sequence[str] = (),
        fields: Sequence[str] = (),
        name: str = "",
        lang: str = "en",
        legend: bool = True,
        **options: bool,
    ) -> None:
        if lang not in _WORDS:
            raise UnknownNameError("language", lang, _WORDS)
        _require_columns(points, ("lon", "lat", "tier", *fields))
        columns = points_payload(points["lon"], points["lat"], points["tier"], labels)
        named = points.get("name", pd.Series("", index=points.index))
        words = _tier_labels(labels, len(columns["totals"]), lang)
        payload = {
            **columns,
            "labels": words,
            "names": [_text(each) for each in named],
            "fields": {title: [_text(each) for each in points[title]] for title in fields},
            "title": name,
            "summary": _summary(name, words, columns["totals"]),
            "legend": legend,
            "lang": lang,
            "words": {"places": _WORDS[lang]["places"]},
        }
        super().__init__(payload, name or None, **({"overlay": True} | options))


class CanvasLand(_CanvasLayer):
    """Land and lakes without borders, under every other layer.

    Parameters
    ----------
    land, lakes
        Polygons (EPSG:4326, cut at 180 degrees); by default those of this package.

    Examples
    --------
    >>> import folium
    >>> m = folium.Map(tiles=None)
    >>> land = CanvasLand().add_to(m)
    """

    maker = "canvasLand"
    program = ("canvas.js", "land.js", "canvas-land.js")

    def __init__(
        self, land: gpd.GeoDataFrame | None = None, lakes: gpd.GeoDataFrame | None = None
    ) -> None:
        if land is None:
            land, lakes = load_land(), load_lakes() if lakes is None else lakes
        payload = {
            "land": polygon_rings(land.geometry),
            "lakes": [] if lakes is None else polygon_rings(lakes.geometry),
            "style": {"sea": SEA, "land": LAND, "coast": COAST},
        }
        super().__init__(payload, None, control=False)


def _tier_labels(labels: Sequence[str], count: int, lang: str) -> list[str]:
    """Return the labels, that of "no tier" first."""
    words = _WORDS[lang]
    tiers = labels or [words["tier"].format(n=n) for n in range(1, count)]
    return [words["unranked"], *tiers]


def _summary(name: str, words: Sequence[str], totals: Sequence[int]) -> str:
    """Return what the layer shows, for those who do not see it."""
    counts = ", ".join(f"{word} {n}" for word, n in zip(words, totals, strict=True) if n)
    return f"{name}: {counts}" if name else counts


def _require_columns(points: pd.DataFrame, columns: Sequence[Hashable]) -> None:
    """Raise for the first column that is missing."""
    for name in columns:
        if name not in points.columns:
            raise UnknownNameError("column", str(name), map(str, points.columns))


def _text(value: object) -> str:
    """Return a cell as text; a missing one is empty."""
    return "" if value is None or value is pd.NA or value != value else str(value)  # noqa: PLR0124


def _asset(name: str) -> str:
    """Return the text of a file of this package."""
    return (ASSETS / name).read_text(encoding="utf-8")
