"""The table of cities, the search, and how they and the map follow each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tierscape.maps.atlas import atlas_html
from tierscape.maps.payload import AtlasData
from tierscape.maps.search_keys import search_keys

if TYPE_CHECKING:
    from tests.maps.conftest import Opened

ROWS = "#city-table tbody[role=rowgroup] tr"
MILAN = (9.2, 45.5)


def names(opened: Opened) -> list[str]:
    return [text.split(" ")[0] for text in opened.page.locator(f"{ROWS} b").all_inner_texts()]


def row_of(opened: Opened, name: str) -> str:
    return opened.page.locator(ROWS, has_text=name).get_attribute("class") or ""


@pytest.fixture
def table(atlas: Opened) -> Opened:
    atlas.page.get_by_role("tab", name="Cities").click()
    return atlas


def test_lists_every_city_the_best_tier_first(table: Opened) -> None:
    assert names(table) == [
        "Sydney", "Tokyo", "Los", "Munich", "Yokohama", "Milan", "Turin", "Kashgar", "Auckland",
    ]  # fmt: skip
    assert "9 cities" in table.page.locator("#count").inner_text()
    assert "Not ranked" in table.page.locator(ROWS).last.inner_text()


def test_each_column_sorts_both_ways(table: Opened) -> None:
    heads = table.page.locator("#city-table th")
    for place in range(6):
        column = table.page.locator(f"{ROWS} td:nth-child({place + 1})")
        orders = []
        for direction in ("ascending", "descending"):
            if heads.nth(place).get_attribute("aria-sort") != direction:
                heads.nth(place).locator("button").click()
            assert heads.nth(place).get_attribute("aria-sort") == direction
            orders.append(column.all_inner_texts())
        if place != 2:  # a tier is sorted by its ranks
            up, down = ([text for text in order if text] for order in orders)
            assert up == sorted(up, key=str.casefold)
            assert down == sorted(down, key=str.casefold, reverse=True)
            assert all(order[len(up) :] == [""] * (9 - len(up)) for order in orders)


FILTERED = {
    "tok": {"Tokyo"},
    "东京": {"Tokyo"},
    "dongjing": {"Tokyo"},
    "dj": {"Tokyo"},
    "日本": {"Tokyo", "Yokohama"},
    "italy": {"Milan", "Turin"},
    "zz": set(),
}


def test_filter_takes_names_pinyin_and_countries(table: Opened) -> None:
    for typed, found in FILTERED.items():
        table.page.fill("#filter", typed)
        assert (typed, set(names(table))) == (typed, found)
        assert table.page.get_by_text("No city fits.").is_visible() == (not found)


def test_opening_a_cluster_filters_the_table(atlas: Opened) -> None:
    atlas.page.click("[data-key=open-alps]")
    atlas.page.get_by_role("tab", name="Cities").click()
    assert set(names(atlas)) == {"Milan", "Turin"}
    assert "Members of Alps only" in atlas.page.locator(".chip").inner_text()
    atlas.page.get_by_role("button", name="Show all cities").click()
    assert len(names(atlas)) == 9


def test_a_row_lights_its_city_and_a_city_its_row(table: Opened) -> None:
    table.view(*MILAN, 5)
    x, y = table.at(*MILAN)
    plain = table.painted(x - 20, y - 20, 40, 40)
    table.page.locator(ROWS, has_text="Milan").hover()
    table.settle()
    lit = table.painted(x - 20, y - 20, 40, 40)
    assert np.abs(lit.astype(int) - plain).max() > 100
    assert row_of(table, "Milan") == "lit"
    table.page.mouse.move(*table.at(15, 40))
    table.settle()
    assert row_of(table, "Milan") == ""
    table.page.mouse.move(x, y)
    table.settle()
    assert row_of(table, "Milan") == "lit"


def test_every_city_is_reached_and_chosen_by_keyboard(table: Opened) -> None:
    table.page.locator(ROWS).first.focus()
    reached = []
    for _ in range(9):
        table.page.keyboard.press("Enter")
        reached.append(table.page.locator("#card strong").inner_text())
        table.page.keyboard.press("ArrowDown")
    assert len(set(reached)) == 9
    assert reached[0] == "Sydney"
    table.page.keyboard.press("Home")
    assert table.page.evaluate("document.activeElement.dataset.place") == "0"
    table.page.keyboard.press("Escape")
    assert not table.page.locator("#card").is_visible()
    assert table.errors == []


def test_choosing_a_row_pans_the_map_and_shows_the_card(table: Opened) -> None:
    table.page.locator(ROWS, has_text="Kashgar").click()
    table.page.wait_for_timeout(600)
    assert table.page.evaluate("map_atlas.getBounds().contains([39.5, 76])")
    card = table.page.locator("#card").inner_text()
    for part in ("Kashgar", "喀什", "China", "Tier 4", "Inland corridor"):
        assert part in card
    assert table.page.locator(ROWS, has_text="Kashgar").get_attribute("aria-selected") == "true"


def test_a_click_on_the_map_shows_the_card(atlas: Opened) -> None:
    atlas.view(*MILAN, 6)
    atlas.page.mouse.click(*atlas.at(*MILAN))
    assert atlas.page.locator("#card strong").inner_text() == "Milan"
    atlas.page.get_by_role("button", name="Close").click()
    assert not atlas.page.locator("#card").is_visible()


FIRST_FOUND = {"kash": "Kashgar", "喀": "Kashgar", "muni": "Munich", "heng b": "Yokohama"}


def test_search_finds_cities(atlas: Opened) -> None:
    for typed, first in FIRST_FOUND.items():
        atlas.page.fill("#search", typed)
        assert (typed, atlas.page.locator("#found li b").first.inner_text()) == (typed, first)
        atlas.page.keyboard.press("Enter")
        assert atlas.page.locator("#card strong").inner_text() == first


def test_search_is_a_combobox(atlas: Opened) -> None:
    field = atlas.page.get_by_role("combobox", name="Find a city or cluster")
    assert field.get_attribute("aria-expanded") == "false"
    field.fill("t")
    assert field.get_attribute("aria-expanded") == "true"
    first = field.get_attribute("aria-activedescendant")
    atlas.page.keyboard.press("ArrowDown")
    second = field.get_attribute("aria-activedescendant")
    assert (first, second) == ("found-0", "found-1")
    assert atlas.page.locator("#found-1").get_attribute("aria-selected") == "true"
    atlas.page.keyboard.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    field.fill("qqqq")
    assert "Nothing found." in atlas.page.locator("#nothing").inner_text()


def test_search_opens_clusters(atlas: Opened) -> None:
    atlas.page.fill("#search", "djw")  # 东京湾
    atlas.page.keyboard.press("Enter")
    assert "Tokyo Bay" in atlas.page.locator("#clusters h2").inner_text()


def test_thousands_of_rows_keep_the_page_small(
    show: Callable[..., Opened], data: AtlasData
) -> None:
    count = 20_000
    cities = pd.concat([data.cities] * (count // len(data.cities) + 1)).head(count)
    many = cities.assign(city_id=[str(number) for number in range(1, count + 1)])
    opened = show(atlas_html(replace(data, cities=many), lang="en"))
    opened.page.get_by_role("tab", name="Cities").click()
    assert opened.page.locator(ROWS).count() < 60
    opened.page.locator(ROWS).first.focus()
    opened.page.keyboard.press("End")
    assert opened.page.evaluate("document.activeElement.dataset.place") == str(count - 1)
    assert opened.page.locator("#city-table").get_attribute("aria-rowcount") == str(count + 1)
    opened.page.fill("#filter", "kashgar")
    assert int(opened.page.locator("#count").inner_text().split()[0]) == int(
        (many["name_en"] == "Kashgar").sum()
    )
    assert opened.errors == []


def test_keys_tell_sea_range_country_and_readings() -> None:
    table = pd.DataFrame(
        {
            "city_id": ["7", "x-1", "9"],
            "name_zh": ["重庆", "厦门", "Ōmiya"],
            "country": ["CN", "CN", ""],
            "landform": ["mountain", "coastal", "inland"],
            "shore": ["", "sea", ""],
            "sea": ["south-china-sea", "taiwan-strait", "baltic"],
            "lake": ["", "", ""],
            "range": ["daba", "wuyi", "ural"],
        }
    )
    keys = search_keys(table)
    assert keys["ids"] == [7, "x-1", 9]
    assert set(keys["readings"]) == set("重庆厦门")
    assert "xia" in keys["readings"]["厦"].split()
    assert keys["countries"] == {"CN": ["中国", "China"]}
    found = [keys["places"][near][1] if near >= 0 else None for near in keys["near"]]
    assert found[2] is None
    assert found[1] == "Taiwan Strait"
