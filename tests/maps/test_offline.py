"""Any folium map becomes one file, or an error that names what it would load."""

from __future__ import annotations

import hashlib
import html
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import folium
import numpy as np
import pytest
import shapely
from folium.plugins import MarkerCluster
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import mapping

from tierscape.data.errors import TierscapeError
from tierscape.maps.atlas import atlas_html, build_atlas
from tierscape.maps.escape import script_json
from tierscape.maps.offline import ASSETS, folium_text, notebook_frame, render_offline, save_offline
from tierscape.maps.page_scan import scan_page
from tierscape.maps.palette import LAND, SEA, tier_symbols
from tierscape.maps.payload import AtlasData

if TYPE_CHECKING:
    from tests.maps.conftest import Opened


HOSTILE = (
    "</script><img src=x onerror='window.hacked=1'>`${window.hacked=1}` \" \\ {{ 7*7 }} \u202e"
)


def plain_map() -> folium.Map:
    m = folium.Map(location=(0, 0), zoom_start=3, tiles=None)
    folium.CircleMarker((0, 0), radius=30, fill=True, fill_opacity=1, color="#ff0000").add_to(m)
    folium.Marker((10, 10)).add_to(m)
    return m


@pytest.mark.parametrize("options", [{}, {"policy": True}])
def test_folium_map_draws_with_the_network_cut(
    show: Callable[..., Opened], options: dict[str, bool]
) -> None:
    opened = show(render_offline(plain_map(), **options))
    assert len([url for url in opened.requests if not url.startswith("data:")]) == 1
    assert opened.errors == []
    box = opened.page.locator(".folium-map").bounding_box()
    middle = opened.painted(box["width"] // 2, box["height"] // 2, 1, 1)[0, 0]
    assert list(middle) == [255, 0, 0]
    icon = opened.page.locator("img.leaflet-marker-icon")
    assert icon.evaluate("image => image.naturalWidth") > 0


def test_rendering_changes_nothing_in_the_map() -> None:
    m = plain_map()
    assert render_offline(m) == render_offline(m)
    assert "cdn.jsdelivr.net" in m.get_root().render()


@pytest.mark.parametrize(
    ("layer", "url"),
    [
        (folium.TileLayer("OpenStreetMap"), "https://tile.openstreetmap.org"),
        (folium.Marker((0, 0), icon=folium.Icon()), "leaflet.awesome-markers.js"),
        (MarkerCluster(), "leaflet.markercluster.js"),
    ],
)
def test_what_would_load_is_named(layer: folium.Element, url: str) -> None:
    m = plain_map()
    layer.add_to(m)
    with pytest.raises(TierscapeError, match=url):
        render_offline(m)


def test_what_an_atlas_would_load_for_a_layer_is_named(data: AtlasData) -> None:
    # It links nothing itself, so that folium would fail in the browser only.
    atlas = build_atlas(data)
    folium.Marker((0, 0), icon=folium.Icon()).add_to(atlas)
    with pytest.raises(TierscapeError, match=r"leaflet\.awesome-markers\.js"):
        render_offline(atlas)


def test_jquery_is_named_where_more_than_popups_use_it() -> None:
    m = plain_map()
    m.get_root().script.add_child(folium.Element("$('#a').hide();"))
    with pytest.raises(TierscapeError, match="jquery"):
        render_offline(m)


def with_own_layers(m: folium.Map) -> folium.Map:
    """Add what a user adds: shapes, points, tooltips and popups with names that attack."""
    text = folium_text(HOSTILE)
    square = shapely.box(20, -10, 30, 0)
    feature = {"type": "Feature", "properties": {"a": text}, "geometry": mapping(square)}
    folium.GeoJson(
        feature,
        name="square",
        style_function=lambda _: {"fillColor": "#ff0000", "fillOpacity": 1, "stroke": False},
        tooltip=folium.GeoJsonTooltip(["a"]),
    ).add_to(m)
    look = {"radius": 20, "fill": True, "fill_opacity": 1, "color": "#00ff00"}
    folium.CircleMarker((5, 60), tooltip=text, popup=folium.Popup(text), **look).add_to(m)
    folium.LayerControl(collapsed=False).add_to(m)
    return m


@pytest.mark.parametrize("policy", [False, True])
@pytest.mark.parametrize("kind", ["atlas", "plain"])
def test_layers_of_ones_own_work_in_the_file(
    show: Callable[..., Opened], data: AtlasData, kind: str, *, policy: bool
) -> None:
    m = build_atlas(data) if kind == "atlas" else folium.Map(tiles=None)
    m._id = "atlas"  # noqa: SLF001 - the name by which the test finds it
    opened = show(render_offline(with_own_layers(m), policy=policy))
    opened.view(40, 0, 3)
    assert opened.colour(25, -5) == "#ff0000"
    assert opened.colour(60, 5) == "#00ff00"
    for place in ((25, -5), (60, 5)):
        opened.page.mouse.move(*opened.at(*place))
        shown = opened.page.locator(".leaflet-tooltip").last
        assert HOSTILE[:40] in shown.inner_text()
    opened.page.mouse.click(*opened.at(60, 5))
    assert HOSTILE[:40] in opened.page.locator(".leaflet-popup-content").inner_text()
    opened.page.get_by_label("square").uncheck()
    opened.settle()
    assert opened.colour(25, -5) != "#ff0000"
    assert opened.page.evaluate("window.hacked") is None
    assert opened.errors == []
    assert [url for url in opened.requests if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("own", [False, True])
def test_a_notebook_shows_the_atlas_itself(
    show: Callable[..., Opened], data: AtlasData, *, own: bool
) -> None:
    atlas = build_atlas(data)
    cell = notebook_frame(with_own_layers(atlas)) if own else atlas._repr_html_()
    assert len(cell) < 1.5 * len(atlas_html(data))
    opened = show(f"<!DOCTYPE html><body>{cell}</body>")
    assert opened.requests[1:] == [] or {*opened.requests[1:]} == {"about:srcdoc"}
    box = opened.page.locator("iframe").bounding_box()
    assert box["width"] > 1000
    assert box["height"] >= 500
    frame = opened.page.frame_locator("iframe")
    assert frame.locator(".league .row").count() == 3
    seen = opened.painted(box["x"], box["y"], box["width"], box["height"]).astype(int)
    for colour in (LAND, SEA, tier_symbols(4)[0].fill):
        wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        assert (np.abs(seen - wanted).max(axis=2) <= 6).sum() > 40
    frame.locator("#language").click()
    assert frame.locator("html").get_attribute("lang") == "en"
    assert opened.errors == []


@pytest.mark.parametrize(
    ("page", "urls"),
    [
        ('<img src="https://a.org/b.png">', ["https://a.org/b.png"]),
        ("<link rel=stylesheet href=//a.org/c.css>", ["//a.org/c.css"]),
        ("<style>a { background: url('x.png') }</style>", ["x.png"]),
        ("<style>@import 'y.css';</style>", ["y.css"]),
        ('<p style="background: url(https://a.org/d.png)">', ["https://a.org/d.png"]),
        ('<script>fetch("https://a.org/e")</script>', ["https://a.org/e"]),
        ('<script src="f.js"></script>', ["f.js"]),
        ('<a href="https://a.org/">a</a>', []),
        ('<img src="data:image/png;base64,AA==">', []),
        ("<script>x = '<a href=\"https://a.org\">a</a>'</script>", []),
        ('<script type="application/json">["https://a.org"]</script>', []),
        ('<script>x = "http://www.w3.org/2000/svg"</script>', []),
    ],
)
def test_finds_what_a_page_loads(page: str, urls: list[str]) -> None:
    assert list(scan_page(page).urls) == urls


def test_text_that_looks_like_a_url_can_be_allowed() -> None:
    page = '<script>x = "https://a.org/only-text"</script>'
    assert scan_page(page, allow=["https://a.org/"]).urls == ()


def test_file_is_written_whole(tmp_path: Path) -> None:
    target = tmp_path / "map.html"
    save_offline(plain_map(), target)
    assert target.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]


def test_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "map.html"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(TierscapeError, match="openstreetmap"):
        save_offline(folium.Map(), target)
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "map.html").mkdir()
    with pytest.raises(TierscapeError, match=r"map\.html"):
        save_offline(plain_map(), tmp_path / "map.html")
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]


@given(st.text())
def test_text_for_folium_is_shown_as_it_is(text: str) -> None:
    written = folium_text(text)
    assert not set("`${}\\'\"%") & set(written)
    assert html.unescape(written.removeprefix("<bdi>").removesuffix("</bdi>")) == html.unescape(
        html.escape(text)
    )


@given(st.text())
def test_escaped_json_never_leaves_its_script(text: str) -> None:
    escaped = script_json({"name": text})
    assert not set("<>&\u2028\u2029") & set(escaped)


def test_shipped_assets_are_those_of_the_package() -> None:
    provenance = tomllib.loads((ASSETS / "PROVENANCE.toml").read_text(encoding="utf-8"))
    for name, digest in provenance["sha256"].items():
        assert hashlib.sha256((ASSETS / name).read_bytes()).hexdigest() == digest
