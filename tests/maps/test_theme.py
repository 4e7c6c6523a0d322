"""Light and dark, on screens of every size, and on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser

from tierscape.maps.atlas import atlas_html
from tierscape.maps.palette import DARK, LIGHT, tier_symbols
from tierscape.maps.payload import AtlasData

if TYPE_CHECKING:
    from tests.maps.conftest import Opened

SYDNEY, AUCKLAND = (151.2, -33.9), (174.8, -36.9)


def test_the_switch_repaints_the_map_and_the_page(atlas: Opened) -> None:
    atlas.view(60, 30, 3)
    assert (atlas.colour(40, 60), atlas.colour(60, 10)) == (LIGHT.land, LIGHT.sea)
    atlas.page.get_by_role("button", name="Switch to dark").click()
    atlas.settle()
    assert (atlas.colour(40, 60), atlas.colour(60, 10)) == (DARK.land, DARK.sea)
    background = "getComputedStyle(document.body).backgroundColor"
    assert atlas.page.evaluate(background) == "rgb(24, 34, 43)"
    atlas.view(*SYDNEY, 4)
    assert atlas.colour(*SYDNEY) == tier_symbols(4)[0].fill
    atlas.view(*AUCKLAND, 4)
    assert atlas.colour(*AUCKLAND) == DARK.unranked.fill
    atlas.page.get_by_role("button", name="Switch to light").click()
    atlas.settle()
    atlas.view(60, 30, 3)
    assert atlas.colour(40, 60) == LIGHT.land
    assert atlas.errors == []


def test_the_theme_of_the_system_is_followed_until_one_is_chosen(atlas: Opened) -> None:
    theme = "document.documentElement.dataset.theme"
    assert atlas.page.evaluate(theme) == "light"
    atlas.page.emulate_media(color_scheme="dark")
    atlas.settle()
    assert atlas.page.evaluate(theme) == "dark"
    atlas.view(60, 30, 3)
    assert atlas.colour(40, 60) == DARK.land
    atlas.page.click("#theme")
    assert atlas.page.evaluate(theme) == "light"
    atlas.page.emulate_media(color_scheme="light")
    atlas.page.emulate_media(color_scheme="dark")
    assert atlas.page.evaluate(theme) == "light"


def test_paper_shows_map_and_panel_in_light_and_no_controls(atlas: Opened) -> None:
    atlas.page.click("#theme")
    atlas.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    atlas.page.emulate_media(media="print")
    atlas.settle()
    assert atlas.page.evaluate("document.documentElement.dataset.theme") == "light"
    for control in ("#edition", "#search", ".tabs", ".leaflet-control-zoom", "#download"):
        assert not atlas.page.locator(control).is_visible()
    for part in (".folium-map", "#legend", ".league", "#foot"):
        assert atlas.page.locator(part).is_visible()
    atlas.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert atlas.page.evaluate("document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_small_phone_has_map_and_sheet(
    show: Callable[..., Opened], data: AtlasData, lang: str
) -> None:
    opened = show(atlas_html(data, lang=lang), width=360, height=740)
    page = opened.page
    for tab in ("clusters", "cities", "claims"):
        page.click(f"#tab-{tab}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.evaluate("document.documentElement.scrollHeight") <= 740
        assert page.locator(f"#{tab}").is_visible()
    tall = page.evaluate("map_atlas.getSize().y")
    page.click("#tab-claims")
    opened.settle()
    assert page.evaluate("map_atlas.getSize().y") > tall + 150
    assert opened.count(LIGHT.land) > 10_000
    page.click("#tab-cities")
    opened.settle()
    row = page.locator("#city-table tbody[role=rowgroup] tr").first
    row.click()
    assert page.locator("#card").is_visible()
    for control in ("#theme", "#language", "#download summary", "#search"):
        box = page.locator(control).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    assert opened.errors == []


def test_claims_are_filtered_by_edition_and_verdict(
    show: Callable[..., Opened], data: AtlasData
) -> None:
    claims = data.claims.loc[[0, 0, 0]].assign(
        claim=["one", "two", "three"],
        source=["world-2023", "forum", "pacific-2024"],
        verdict=["contradicted", "supported", "supported"],
        evidence=["", "world-2023: 3 of 4", ""],
        text_en=["First.", "Second.", "Third."],
    )
    page = show(atlas_html(replace(data, claims=claims), lang="en")).page
    page.get_by_role("tab", name="Claims").click()
    texts = page.locator(".claims li > p:nth-of-type(1)")
    assert texts.all_inner_texts() == ["First.", "Second.", "Third."]
    page.select_option("#claimEdition", "shown")
    assert texts.all_inner_texts() == ["First.", "Second."]
    page.select_option("#claimVerdict", "supported")
    assert texts.all_inner_texts() == ["Second."]
    assert "1 of 3" in page.locator("#claims").inner_text()
    page.select_option("#edition", "pacific-2024")
    assert texts.all_inner_texts() == ["Third."]


def test_a_dark_system_opens_dark(browser: Browser, data: AtlasData, tmp_path: Path) -> None:
    path = tmp_path / "atlas.html"
    path.write_text(atlas_html(data), encoding="utf-8")
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    context.close()
