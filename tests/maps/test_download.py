"""What the atlas saves is opened and read."""

from __future__ import annotations

import base64
import csv
import io
import json
import struct
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from tierscape.maps.atlas import atlas_html
from tierscape.maps.palette import COAST, LAND, LANDFORMS, SEA, tier_symbols
from tierscape.maps.payload import AtlasData

if TYPE_CHECKING:
    from tests.maps.conftest import Opened

SVG = "{http://www.w3.org/2000/svg}"
MILAN = (9.2, 45.5)


def saved(opened: Opened, item: str) -> tuple[str, bytes]:
    opened.page.click("#download summary")
    with opened.page.expect_download() as download:
        opened.page.click(f"#{item}")
    return download.value.suggested_filename, download.value.path().read_bytes()


def colours(opened: Opened, picture: bytes, kind: str) -> dict[str, int]:
    """Return how often each colour occurs in a picture, drawn by a page that is not the atlas."""
    address = f"data:{kind};base64,{base64.b64encode(picture).decode()}"
    counts: dict[str, int] = opened.decoder.evaluate(
        """async (address) => {
            const image = new Image();
            image.src = address;
            await image.decode();
            const canvas = new OffscreenCanvas(image.width, image.height);
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0);
            const { data } = context.getImageData(0, 0, image.width, image.height);
            const counts = {};
            for (let i = 0; i < data.length; i += 4) {
                const bytes = [...data.slice(i, i + 3)];
                const hex = "#" + bytes.map((v) => v.toString(16).padStart(2, "0")).join("");
                counts[hex] = (counts[hex] ?? 0) + 1;
            }
            return counts;
        }""",
        address,
    )
    return counts


@pytest.mark.parametrize(("item", "kind"), [("asPng", "image/png"), ("asSvg", "image/svg+xml")])
def test_the_view_as_a_picture(atlas: Opened, item: str, kind: str) -> None:
    atlas.view(*MILAN, 5)
    name, picture = saved(atlas, item)
    assert name == f"tierscape-world-2023-total.{item.removeprefix('as').lower()}"
    counts = colours(atlas, picture, kind)
    assert counts[LAND] > 50_000
    assert counts[SEA] > 2_000
    # Milan and Turin are of tier 3, Munich of tier 2; the legend has one symbol of each.
    assert counts[tier_symbols(4)[2].fill] > 150
    assert counts[tier_symbols(4)[1].fill] > 100
    assert counts[LANDFORMS["mountain"].colour] > 100
    assert counts["#ffffff"] > 10_000
    assert atlas.errors == []
    # The page itself is as it was.
    assert atlas.colour(*MILAN) == tier_symbols(4)[2].fill


def test_png_is_twice_as_fine_as_the_screen(atlas: Opened) -> None:
    x, y = atlas.page.evaluate("[map_atlas.getSize().x, map_atlas.getSize().y]")
    _, picture = saved(atlas, "asPng")
    # The map, and its title and source line.
    assert struct.unpack(">II", picture[16:24]) == (2 * x, 2 * (58 + y + 30))


def test_svg_is_vectors_with_title_legend_and_source(atlas: Opened) -> None:
    atlas.view(*MILAN, 5)
    _, picture = saved(atlas, "asSvg")
    root = ET.fromstring(picture)  # noqa: S314 - our own file
    texts = [text.text for text in root.iter(f"{SVG}text")]
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == "Ranking world-2023 · Table total"
    for part in ("Ranking world-2023", "Table total", "Tier 1 · top 10%", "▲ Mountain", "Milan"):
        assert part in texts
    assert any("来源：world-2023" in (text or "") for text in texts)
    assert any("Alps" in (text or "") for text in texts)
    assert {element.tag for element in root.iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "title", "path", "text")
    }
    lines = {path.get("stroke") for path in root.iter(f"{SVG}path")}
    assert {LANDFORMS["mountain"].colour, COAST} <= lines
    numbers = [path.get("d", "") for path in root.iter(f"{SVG}path")]
    assert not any("NaN" in d or "Infinity" in d for d in numbers)


def test_the_table_as_csv(atlas: Opened) -> None:
    atlas.page.click("[data-key=open-alps]")
    name, content = saved(atlas, "asCsv")
    assert name == "tierscape-world-2023-total.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == 3
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["name_zh"] for row in rows] == ["米兰", "都灵"]
    assert rows[0] == {
        "city_id": "5",
        "name_zh": "米兰",
        "name_en": "Milan",
        "country": "IT",
        "lon": "9.2",
        "lat": "45.5",
        "landform": "coastal",
        "edition": "world-2023",
        "dimension": "total",
        "tier": "3",
        "rank_best": "6",
        "rank_worst": "7",
        "clusters": "alps",
    }


def test_csv_runs_no_formula(show: Callable[..., Opened], data: AtlasData) -> None:
    names = ["=1+1", "+2", "-3", "@SUM(A1)", '=HYPERLINK("x","y")', "a,b", 'say "x"', "x\ny", "ok"]
    cities = data.cities.assign(name_en=names)
    opened = show(atlas_html(replace(data, cities=cities), lang="en"))
    _, content = saved(opened, "asCsv")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    found = {row["name_en"] for row in rows}
    assert found == {*("'" + name for name in names[:5]), *names[5:]}
    assert min(float(row["lat"]) for row in rows) == -36.9


def test_the_selection_as_geojson(atlas: Opened) -> None:
    atlas.page.click("[data-key=open-tokyo-bay]")
    name, content = saved(atlas, "asGeojson")
    found = json.loads(content)
    assert name.endswith(".geojson")
    assert found["type"] == "FeatureCollection"
    assert "crs" not in found
    places = {
        feature["properties"]["name_en"]: feature["geometry"] for feature in found["features"]
    }
    assert places == {
        "Tokyo": {"type": "Point", "coordinates": [139.7, 35.7]},
        "Yokohama": {"type": "Point", "coordinates": [139.6, 35.4]},
    }
    assert [feature["id"] for feature in found["features"]] == ["3", "4"]
    atlas.page.fill("#search", "Kashgar")
    atlas.page.keyboard.press("Enter")
    only = json.loads(saved(atlas, "asGeojson")[1])["features"]
    assert [feature["properties"]["tier"] for feature in only] == [4]


def test_hostile_names_are_text_in_every_file(
    show: Callable[..., Opened], hostile: AtlasData
) -> None:
    opened = show(atlas_html(hostile, lang="en"))
    opened.view(*MILAN, 6)
    root = ET.fromstring(saved(opened, "asSvg")[1])  # noqa: S314 - our own file
    assert {element.tag for element in root.iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "title", "path", "text")
    }
    assert any("window.hacked" in (text.text or "") for text in root.iter(f"{SVG}text"))
    json.loads(saved(opened, "asGeojson")[1])
    rows = list(csv.DictReader(io.StringIO(saved(opened, "asCsv")[1].decode("utf-8-sig"))))
    assert len(rows) == len(hostile.cities)
    assert opened.page.evaluate("window.hacked") is None
    assert opened.errors == []
