"""The interactive atlas: a folium map that is a page of its own and needs no network."""

from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import folium
from branca.element import Figure
from folium.template import Template

from ..data.errors import TierscapeError, UnknownNameError
from .escape import script_json
from .offline import ASSETS, Inline, leaflet_script, leaflet_style, notebook_frame, render_offline
from .palette import THEMES
from .payload import AtlasData, atlas_payload

_TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES = ("zh", "en")

#: Parts of the page's program, joined in this order into one function.
PROGRAM = (
    "i18n.js",
    "strings_table.js",
    "strings_panel.js",
    "dom.js",
    "model.js",
    "state.js",
    "theme.js",
    "symbols.js",
    "canvas.js",
    "land.js",
    "layers.js",
    "hotspots.js",
    "scene.js",
    "hover.js",
    "legend.js",
    "how.js",
    "charts.js",
    "league.js",
    "compare.js",
    "sensitivity.js",
    "detail.js",
    "claims.js",
    "search.js",
    "card.js",
    "rows.js",
    "table.js",
    "svg_export.js",
    "download.js",
    "hash.js",
    "embed.js",
    "view.js",
    "atlas.js",
)
#: The page's style sheets, joined in this order after Leaflet's.
STYLES = ("atlas.css", "table.css", "panel.css")

#: For Leaflet. The world goes on to the east and west, and ends where Mercator does.
_OPTIONS: dict[str, Any] = {
    "attribution_control": False,
    "zoom_snap": 0.25,
    "zoom_delta": 0.75,
    "min_zoom": 1,
    "max_zoom": 9,
    "maxBounds": [[-85, -1e6], [85, 1e6]],
    "max_bounds_viscosity": 1,
}


def _template(name: str) -> Template:
    """Return one of the page's templates."""
    template: Template = Template((_TEMPLATES / name).read_text(encoding="utf-8"))
    return template


class Page(Figure):
    """The page round an atlas; unlike branca's own it says its language."""

    _template = _template("page.html")

    lang: str


class Atlas(folium.Map):
    """A folium map whose page holds the atlas; made by `build_atlas`.

    Layers can be added as to any folium map. It links nothing: Leaflet is in its header.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium's name, read only
    default_css: list[tuple[str, str]] = []  # noqa: RUF012 - folium's name, read only
    _template = _template("map.html")

    payload: str

    def render(self, **kwargs: object) -> str:
        """Put the parts of the page in their places, each as it is.

        branca would take the finished text for a template once more, and with it the data.
        """
        page = self.get_root()
        for part in ("header", "html", "script"):
            text = getattr(self._template.module, part)(self, kwargs)
            getattr(page, part).add_child(Inline(text), name=self.get_name())
        for child in list(self._children.values()):
            child.render(**kwargs)
        return ""

    def _repr_html_(self, **_: object) -> str:
        """Show the atlas in a notebook, offline."""
        return notebook_frame(self)

    @property
    def style(self) -> str:
        """The style sheets, Leaflet's first."""
        return leaflet_style() + "\n".join(_text(name) for name in STYLES)

    @property
    def leaflet(self) -> str:
        """Leaflet's script."""
        return leaflet_script()

    @property
    def program(self) -> str:
        """The page's own script."""
        return "\n".join(_text(name) for name in PROGRAM)


def build_atlas(data: AtlasData, *, lang: str = "zh") -> Atlas:
    """Return the atlas of a build as a folium map.

    Parameters
    ----------
    data
        Tables and records.
    lang
        Language in which the page opens, `zh` or `en`; the reader can switch.

    Returns
    -------
    Atlas
        A folium map, to be written with `save_offline` or shown in a notebook.

    Raises
    ------
    TierscapeError
        If there is no city or no edition.
    UnknownNameError
        If there is no such language.
    DataError
        If a cluster has a member that is not among the cities.
    """
    if lang not in LANGUAGES:
        raise UnknownNameError("language", lang, LANGUAGES)
    if not len(data.cities) or not any(edition.dimensions for edition in data.editions):
        raise TierscapeError("There is nothing to draw: the atlas needs a city and an edition.")
    atlas = Atlas(location=(25, 20), zoom_start=2, tiles=None, zoom_control=False, **_OPTIONS)
    # folium draws its identifiers at random; a fixed one gives the same bytes each time.
    atlas._id = "atlas"  # noqa: SLF001
    themes = {name: asdict(theme) for name, theme in THEMES.items()}
    atlas.payload = script_json(atlas_payload(data) | {"lang": lang, "themes": themes})
    page = Page(height="720px")
    page.lang = "zh-Hans" if lang == "zh" else lang
    page.add_child(atlas)
    return atlas


def atlas_html(data: AtlasData, *, lang: str = "zh") -> str:
    """Return the atlas as one self-contained page: the same bytes for the same tables.

    The page carries a policy by which the browser refuses every request; see `build_atlas` for
    parameters and errors.
    """
    return render_offline(build_atlas(data, lang=lang), policy=True)


@lru_cache(maxsize=32)
def _text(name: str) -> str:
    """Return the text of an asset."""
    return (ASSETS / name).read_text(encoding="utf-8")
