"""Any folium map becomes one file, or an error that names what it would load."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import folium
import pytest
from folium.plugins import MarkerCluster
from hypothesis import given
from hypothesis import strategies as st

from tierscape.data.errors import TierscapeError
from tierscape.maps.escape import script_json
from tierscape.maps.offline import ASSETS, external_urls, render_offline, save_offline

if TYPE_CHECKING:
    from tests.maps.conftest import Opened


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
        (folium.CircleMarker((0, 0), popup=folium.Popup("a")), "jquery"),
        (folium.Marker((0, 0), icon=folium.Icon()), "leaflet.awesome-markers.js"),
        (MarkerCluster(), "leaflet.markercluster.js"),
    ],
)
def test_what_would_load_is_named(layer: folium.Element, url: str) -> None:
    m = plain_map()
    layer.add_to(m)
    with pytest.raises(TierscapeError, match=url):
        render_offline(m)


@pytest.mark.parametrize(
    ("html", "urls"),
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
def test_finds_what_a_page_loads(html: str, urls: list[str]) -> None:
    assert list(external_urls(html)) == urls


def test_text_that_looks_like_a_url_can_be_allowed() -> None:
    html = '<script>x = "https://a.org/only-text"</script>'
    assert list(external_urls(html, allow=["https://a.org/"])) == []


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
def test_escaped_json_never_leaves_its_script(text: str) -> None:
    escaped = script_json({"name": text})
    assert not set("<>&\u2028\u2029") & set(escaped)


def test_shipped_assets_are_those_of_the_package() -> None:
    provenance = tomllib.loads((ASSETS / "PROVENANCE.toml").read_text(encoding="utf-8"))
    for name, digest in provenance["sha256"].items():
        assert hashlib.sha256((ASSETS / name).read_bytes()).hexdigest() == digest
