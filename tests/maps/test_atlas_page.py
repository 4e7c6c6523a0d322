"""The atlas in a real browser, from disk, with the network cut, by the pixels it paints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely

from tierscape.data.physical_loader import load_land
from tierscape.maps.atlas import atlas_html
from tierscape.maps.palette import LAND, LANDFORMS, SEA, UNRANKED, tier_symbols
from tierscape.maps.payload import AtlasData

if TYPE_CHECKING:
    from tests.maps.conftest import Opened

FILLS = [symbol.fill for symbol in tier_symbols(4)]
SYDNEY, LOS_ANGELES, TOKYO = (151.2, -33.9), (-118.2, 34.1), (139.7, 35.7)
MILAN, MUNICH, KASHGAR, AUCKLAND = (9.2, 45.5), (11.6, 48.1), (76.0, 39.5), (174.8, -36.9)


def test_opens_from_disk_without_requests_or_errors(atlas: Opened) -> None:
    assert [url.partition("://")[0] for url in atlas.requests] == ["file"]
    assert atlas.errors == []


def test_paints_land_and_sea(atlas: Opened) -> None:
    atlas.view(60, 30, 3)
    assert atlas.colour(40, 60) == LAND
    assert atlas.colour(60, 10) == SEA


@pytest.mark.parametrize(
    ("place", "fill"),
    [
        (SYDNEY, FILLS[0]),
        (LOS_ANGELES, FILLS[1]),
        (MILAN, FILLS[2]),
        (KASHGAR, FILLS[3]),
        (AUCKLAND, UNRANKED.fill),
    ],
)
def test_paints_each_city_in_the_colour_of_its_tier(
    atlas: Opened, place: tuple[float, float], fill: str
) -> None:
    atlas.view(*place, 4)
    assert atlas.colour(*place) == fill


def test_dimension_switch_repaints_the_cities(atlas: Opened) -> None:
    atlas.view(*SYDNEY, 4)
    atlas.page.get_by_role("radio", name="Table institutional").check()
    atlas.settle()
    assert atlas.colour(*SYDNEY) == FILLS[3]


def test_edition_switch_repaints_the_cities_and_the_legend(atlas: Opened) -> None:
    atlas.page.select_option("#edition", "pacific-2024")
    atlas.settle()
    atlas.view(*AUCKLAND, 4)
    assert atlas.colour(*AUCKLAND) == FILLS[3]
    atlas.view(*MILAN, 4)
    assert atlas.colour(*MILAN) == UNRANKED.fill
    assert atlas.page.locator("#legend li b").all_inner_texts() == ["1", "1", "1", "1", "5"]


def test_a_cluster_is_drawn_and_removed_by_its_switch(atlas: Opened) -> None:
    atlas.view(*MILAN, 5)
    colour = LANDFORMS["mountain"].colour
    drawn = atlas.count(colour)
    atlas.page.get_by_label("Show on the map: Alps").uncheck()
    atlas.settle()
    removed = atlas.count(colour)
    atlas.page.get_by_label("Show on the map: Alps").check()
    atlas.settle()
    assert drawn > 150
    assert removed == 0
    assert atlas.count(colour) == drawn


def test_all_outlines_hide_and_show_with_one_button(atlas: Opened) -> None:
    atlas.view(*MILAN, 5)
    atlas.page.get_by_role("button", name="Hide all").click()
    atlas.settle()
    assert atlas.count(LANDFORMS["mountain"].colour) == 0
    atlas.page.get_by_role("button", name="Show all").click()
    atlas.settle()
    assert atlas.count(LANDFORMS["mountain"].colour) > 150


def test_opening_a_cluster_zooms_to_it_and_lists_members_with_their_rule(atlas: Opened) -> None:
    before = atlas.page.evaluate("map_atlas.getZoom()")
    atlas.page.click("[data-key=open-alps]")
    atlas.page.wait_for_timeout(700)
    assert atlas.page.evaluate("map_atlas.getZoom()") > before + 2
    members = atlas.page.locator(".members li").all_inner_texts()
    assert [text.split("\n")[0].removesuffix("Extended") for text in members] == [
        "Milan",
        "Turin",
        "Munich",
    ]
    assert "within 50 km · 12.3 km" in members[0]
    assert "Extended" in members[2]
    assert "Certain" in atlas.page.locator("#clusters table").text_content()
    assert atlas.page.evaluate("map_atlas.getBounds().contains([45.5, 9.2])")


def test_role_switch_changes_the_figures(atlas: Opened) -> None:
    atlas.page.click("[data-key=open-alps]")
    core = atlas.page.locator(".figures").inner_text()
    atlas.page.get_by_role("button", name="Core and extended").click()
    assert "2 cities" in core
    assert "3 cities" in atlas.page.locator(".figures").inner_text()


def test_tooltip_names_city_tier_ranks_and_clusters(atlas: Opened) -> None:
    atlas.view(*MILAN, 5)
    atlas.page.mouse.move(*atlas.at(*MILAN))
    text = atlas.page.locator("#tip").inner_text()
    for part in ("Milan", "米兰", "Tier 3 · 30%–60%", "Ranks 6–7 of 8", "Alps · Core"):
        assert part in text
    atlas.page.mouse.move(*atlas.at(20, 40))
    assert not atlas.page.locator("#tip").is_visible()


def test_language_switch_translates_the_whole_page(atlas: Opened) -> None:
    english = atlas.page.locator("body").inner_text()
    atlas.page.click("#language")
    chinese = atlas.page.locator("body").inner_text()
    assert "Atlas of city tiers" in english
    assert "城市分级图集" in chinese
    assert "东京湾" in chinese
    assert "Tokyo Bay" not in chinese
    assert "第 1 档 · 前 10%" in chinese
    assert atlas.page.evaluate("document.documentElement.lang") == "zh-Hans"


def test_words_are_the_same_in_both_languages(atlas: Opened) -> None:
    # A word missing in one language would show as "undefined" somewhere.
    for _ in range(2):
        for button in ("#tab-claims", "#tab-clusters"):
            atlas.page.click(button)
            assert "undefined" not in atlas.page.locator("body").inner_text()
        atlas.page.click("#language")


def test_claims_show_text_verdict_and_evidence(atlas: Opened) -> None:
    atlas.page.click("#tab-claims")
    text = atlas.page.locator("#claims").inner_text()
    for part in ("The mountains lead.", "Contradicted", "alps 31 against 75"):
        assert part in text


def test_both_sides_of_the_pacific_are_painted(atlas: Opened) -> None:
    atlas.view(180, 0, 2.75)
    assert atlas.colour(*SYDNEY) == FILLS[0]
    assert atlas.colour(*TOKYO) == FILLS[0]
    assert atlas.colour(360 + LOS_ANGELES[0], LOS_ANGELES[1]) == FILLS[1]
    assert atlas.colour(360 - 100, 50) == LAND
    # Land that is cut at 180 degrees joins without a seam.
    x, y = atlas.at(180, -41)
    row = atlas.painted(x - 2, y, 5, 1)[0]
    assert {"#" + "".join(f"{v:02x}" for v in pixel) for pixel in row} == {LAND}


def test_shipped_land_is_painted_whole(show: Callable[..., Opened], data: AtlasData) -> None:
    lake = gpd.GeoDataFrame(geometry=[shapely.box(59, 49, 61, 51)], crs="EPSG:4326")
    html = atlas_html(replace(data, land=load_land(), lakes=lake))
    assert len(html.encode()) < 800_000
    opened = show(html)
    opened.view(180, 30, 2)
    on_land = ((100, 60), (135, -25), (252, 40), (177.5, 67), (182, 67.2))
    # At 17°S and 72°N a shape that is not cut at 180 degrees leaves a streak across the world.
    on_sea = ((180, 0), (200, 30), (160, -17.5), (220, -17), (215, 76), (60, 50))
    assert {opened.colour(*place) for place in on_land} == {LAND}
    assert {opened.colour(*place) for place in on_sea} == {SEA}
    assert opened.errors == []


def test_hostile_names_run_nothing_and_show_as_text(
    show: Callable[..., Opened], hostile: AtlasData
) -> None:
    opened = show(atlas_html(hostile, lang="en"))
    assert "</script><script>" in opened.page.locator(".league .name").first.inner_text()
    opened.view(*MILAN, 6)
    opened.page.mouse.move(*opened.at(*MILAN))
    assert "`${window.hacked=1}`" in opened.page.locator("#tip").inner_text()
    opened.page.locator(".league .row").first.click()
    opened.settle()
    assert "onerror=" in opened.page.locator(".members").inner_text()
    opened.page.click("#tab-claims")
    assert "{{ 7*7 }}" in opened.page.locator("#claims").inner_text()
    assert opened.page.evaluate("window.hacked") is None
    assert opened.errors == []
    assert len(opened.requests) == 1


def test_fits_a_phone(show: Callable[..., Opened], data: AtlasData) -> None:
    opened = show(atlas_html(data), width=390, height=844)
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert opened.count(LAND) > 10_000
    assert opened.errors == []


def test_the_policy_refuses_what_a_page_might_load(atlas: Opened) -> None:
    atlas.page.evaluate("document.body.append(Object.assign(new Image(), {src: 'pixel.png'}))")
    atlas.settle()
    assert any("Content Security Policy" in error for error in atlas.errors)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_shows_the_page_without_scrolling_sideways(
    show: Callable[..., Opened], data: AtlasData, lang: str
) -> None:
    long = "Digital and traditional infrastructure of the whole region"
    edition = data.editions[0]
    dimensions = tuple(replace(each, title_zh=long, title_en=long) for each in edition.dimensions)
    wide = replace(data, editions=(replace(edition, dimensions=dimensions), *data.editions[1:]))
    opened = show(atlas_html(wide, lang=lang), width=390, height=844)
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
