"""Clusters side by side, and tables before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.maps.conftest import Opened

BETTER, WORSE, SAME = "#2c7fb8", "#d95f0e", "#9aa5ae"
SYDNEY, LOS_ANGELES, TOKYO, MILAN = (151.2, -33.9), (-118.2, 34.1), (139.7, 35.7), (9.2, 45.5)


@pytest.mark.parametrize("how", ["button", "ctrl"])
def test_two_clusters_stand_side_by_side(atlas: Opened, how: str) -> None:
    for slug in ("alps", "tokyo-bay"):
        if how == "button":
            atlas.page.click(f"[data-key=pick-{slug}]")
        else:
            atlas.page.click(f"[data-key=open-{slug}]", modifiers=["Control"])
    assert "2 clusters picked" in atlas.page.locator("#clusters").inner_text()
    atlas.page.click("[data-key=compare]")
    head = atlas.page.locator(".side-by-side thead th").all_inner_texts()
    assert head == ["Alps", "Tokyo Bay"]
    pairs = atlas.page.locator(".pairs tbody tr").all_inner_texts()
    assert len(pairs) == 1
    for part in ("Alps − Tokyo Bay", "−31.3", "−50.0 … −12.5", "Certain"):
        assert part in pairs[0].replace("−31.2", "−31.3")
    atlas.page.click("#language")
    assert "并排" not in atlas.page.locator("#clusters table").first.inner_text()
    assert "阿尔卑斯山" in atlas.page.locator(".side-by-side").inner_text()
    assert atlas.errors == []


def test_a_click_on_the_map_with_ctrl_picks_a_cluster(atlas: Opened) -> None:
    atlas.view(8.4, 45.3, 6)
    atlas.page.keyboard.down("Control")
    atlas.page.mouse.click(*atlas.at(8.4, 45.3))
    atlas.page.keyboard.up("Control")
    assert "1 cluster picked" in atlas.page.locator("#clusters").inner_text()


def test_picks_and_view_are_in_the_address(atlas: Opened) -> None:
    for slug in ("alps", "corridor"):
        atlas.page.click(f"[data-key=pick-{slug}]")
    atlas.page.click("[data-key=compare]")
    atlas.settle()
    address = atlas.page.url
    assert "picked=alps.corridor" in address
    atlas.page.goto("about:blank")
    atlas.page.goto(address)
    atlas.settle()
    head = atlas.page.locator(".side-by-side thead th").all_inner_texts()
    assert head == ["Alps", "Inland corridor"]
    assert "has no comparison" in atlas.page.locator("#clusters").inner_text()


def test_changes_between_editions_are_marked_and_listed(atlas: Opened) -> None:
    # World tiers 1, 2, 1 of Sydney, Los Angeles and Tokyo; Pacific tiers 2, 1, 3.
    atlas.page.click("[data-key=view-changes]")
    options = atlas.page.locator("#before option").all_inner_texts()
    assert options == ["no comparison", "Ranking pacific-2024 · Table total"]
    atlas.page.select_option("#before", "pacific-2024/total")
    atlas.settle()
    listed = atlas.page.locator(".changed li").all_inner_texts()
    assert [" ".join(text.split()) for text in listed] == [
        "Tokyo 3 → 1 · higher",
        "Sydney 2 → 1 · higher",
        "Los Angeles 1 → 2 · lower",
    ]
    text = atlas.page.locator("#clusters").inner_text()
    assert "2 higher · 0 the same · 1 lower" in text
    assert "3 cities stand in both tables" in text
    assert "not a rise or fall over time" in text
    for place, colour in ((SYDNEY, BETTER), (LOS_ANGELES, WORSE), (TOKYO, BETTER)):
        atlas.view(*place, 5)
        assert atlas.colour(*place) == colour
    atlas.page.click("[data-key=view-list]")
    atlas.view(*MILAN, 5)
    assert atlas.colour(*MILAN) not in {BETTER, WORSE, SAME}


def test_a_changed_city_is_lit_and_gone_to(atlas: Opened) -> None:
    atlas.page.click("[data-key=view-changes]")
    atlas.page.select_option("#before", "pacific-2024/total")
    atlas.view(0, 0, 2)
    atlas.page.click("[data-key=changed-0]")
    atlas.page.wait_for_timeout(600)
    assert atlas.page.evaluate("map_atlas.getBounds().contains([-33.9, 151.2])")
