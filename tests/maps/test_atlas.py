"""The atlas as a folium map, and what it hands to the page."""

import json
import re
from dataclasses import replace
from pathlib import Path

import folium
import pytest

from tierscape.data.errors import DataError, TierscapeError, UnknownNameError
from tierscape.maps.atlas import PROGRAM, atlas_html, build_atlas
from tierscape.maps.offline import ASSETS, save_offline
from tierscape.maps.outlines import whole_outlines
from tierscape.maps.payload import AtlasData, atlas_payload, polygon_rings


def test_is_a_folium_map_that_takes_layers(data: AtlasData, tmp_path: Path) -> None:
    atlas = build_atlas(data)
    assert isinstance(atlas, folium.Map)
    folium.CircleMarker((0, 0), tooltip="mine").add_to(atlas)
    save_offline(atlas, tmp_path / "atlas.html")
    assert "mine" in (tmp_path / "atlas.html").read_text(encoding="utf-8")


def test_shows_itself_in_a_notebook_without_links(data: AtlasData) -> None:
    frame = build_atlas(data)._repr_html_()
    assert frame.startswith("<iframe")
    assert "cdn." not in frame


def test_the_same_tables_give_the_same_bytes(data: AtlasData) -> None:
    turned = replace(
        data,
        cities=data.cities.iloc[::-1],
        tiers=data.tiers.iloc[::-1],
        membership=data.membership.iloc[::-1],
    )
    assert atlas_html(data) == atlas_html(data) == atlas_html(turned)


def test_the_page_itself_is_small(data: AtlasData) -> None:
    assert len(atlas_html(data).encode()) < 400_000


def test_payload_is_complete_and_json(data: AtlasData) -> None:
    payload = json.loads(json.dumps(atlas_payload(data), allow_nan=False))
    assert len(payload["cities"]["zh"]) == len(data.cities)
    world = payload["editions"][1]["dimensions"][0]
    assert sorted(zip(world["city"], world["tier"], strict=True))[:2] == [(0, 1), (1, 2)]
    assert world["tier"] == sorted(world["tier"], reverse=True)
    alps = payload["clusters"][0]
    assert alps["members"] == [[4, True, 0, 12.34], [5, True, 0, 12.34], [6, False, 0, 12.34]]
    assert payload["rules"][0][0] == "within 50 km"
    assert payload["lookup"]["ids"] == list(range(1, len(data.cities) + 1))
    assert payload["results"]["world-2023/total"]["alps"]["core"]["n"] == 2
    assert payload["comparisons"]["world-2023/total"] == [
        ["alps", "tokyo-bay", -31.25, -50.0, -12.5, 0.0, True, None],
    ]


def test_outlines_that_are_given_are_not_made_again(data: AtlasData) -> None:
    outlines = tuple(whole_outlines(data.membership, data.cities))
    assert atlas_payload(replace(data, outlines=outlines)) == atlas_payload(data)
    alone = atlas_payload(replace(data, outlines=outlines[:1]))["clusters"]
    assert [list(each["outlines"]) for each in alone] == [["core"], *[[]] * (len(alone) - 1)]


def test_land_survives_its_encoding(data: AtlasData) -> None:
    rings = polygon_rings(data.land.geometry)
    assert len(rings) == 5
    x, y = 0, 0
    corners = set()
    for dx, dy in zip(rings[0][::2], rings[0][1::2], strict=True):
        x, y = x + dx, y + dy
        corners.add((x / 100, y / 100))
    assert corners == {(-10, 35), (150, 35), (150, 70), (-10, 70)}


def test_hostile_names_stay_inside_their_script(hostile: AtlasData) -> None:
    html = atlas_html(hostile)
    assert html.count("</script>") == html.count("<script")
    assert "window.hacked=1</script>" not in html
    assert "{{ 7*7 }}" in html


@pytest.mark.parametrize("empty", ["comparisons", "claims", "membership", "clusters"])
def test_empty_tables_still_give_a_page(data: AtlasData, empty: str) -> None:
    table = getattr(data, empty)
    assert "atlas-data" in atlas_html(replace(data, **{empty: table.iloc[:0]}))


def test_no_cities_or_no_editions_is_an_error(data: AtlasData) -> None:
    for part in ({"cities": data.cities.iloc[:0]}, {"editions": ()}):
        with pytest.raises(TierscapeError, match="nothing to draw"):
            build_atlas(replace(data, **part))


def test_unknown_language_and_unknown_member_are_errors(data: AtlasData) -> None:
    with pytest.raises(UnknownNameError, match="fr"):
        build_atlas(data, lang="fr")
    with pytest.raises(DataError, match="'77'"):
        build_atlas(replace(data, membership=data.membership.assign(city_id="77")))


@pytest.mark.parametrize("name", [name for name in PROGRAM if name.startswith(("i18n", "strings"))])
def test_every_word_has_both_languages(name: str) -> None:
    text = (ASSETS / name).read_text(encoding="utf-8")
    english_from, end = text.index("  en: {"), text.index("\n}")
    chinese, english = (
        set(re.findall(r"^    (\w+):", part, flags=re.MULTILINE))
        for part in (text[text.index("  zh: {") : english_from], text[english_from:end])
    )
    assert chinese == english
    assert len(chinese) > 20


def test_every_script_is_part_of_the_program() -> None:
    other = {"leaflet.js", "canvas-land.js", "canvas-layer.js"}
    assert {path.name for path in ASSETS.glob("*.js")} - other == set(PROGRAM)
