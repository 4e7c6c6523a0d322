"""The address of the page holds what it shows, and brings it back; the page in a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from tierscape.maps.atlas import atlas_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.maps.conftest import Opened
    from tierscape.maps.payload import AtlasData

STATE = """() => ({
    edition: document.getElementById("edition").value,
    dimension: document.querySelector("#dimension input:checked").value,
    lang: document.documentElement.lang,
    theme: document.documentElement.dataset.theme,
    tab: document.querySelector("[role=tab][aria-selected=true]").id,
    card: document.querySelector("#card strong")?.textContent ?? "",
    open: document.querySelector("#clusters h2 + p") !== null,
    view: [map_atlas.getCenter().lng, map_atlas.getCenter().lat, map_atlas.getZoom()],
})"""


def keys(opened: Opened) -> dict[str, str]:
    opened.page.wait_for_timeout(250)
    text = opened.page.evaluate("location.hash").removeprefix("#")
    return {key: values[0] for key, values in parse_qs(text).items()}


def go(opened: Opened, fragment: str) -> None:
    opened.page.evaluate("text => { location.hash = text; }", fragment)
    opened.settle()


def test_what_is_done_is_written(atlas: Opened) -> None:
    assert keys(atlas) == {}
    atlas.page.get_by_role("radio", name="Table institutional").check()
    atlas.page.click("[data-key=open-alps]")
    atlas.page.get_by_role("button", name="Core and extended").click()
    atlas.page.click("#theme")
    atlas.page.get_by_role("tab", name="Cities").click()
    atlas.page.get_by_role("button", name="Country").click()
    atlas.page.fill("#filter", "a b&c")
    atlas.page.fill("#search", "Kashgar")
    atlas.page.keyboard.press("Enter")
    atlas.page.click("#language")
    atlas.view(30.5, 40.25, 4.5)
    found = keys(atlas)
    lon, lat, zoom = (float(part) for part in found.pop("view").split(","))
    assert (round(lon, 1), round(lat, 1), zoom) == (30.5, 40.2, 4.5)
    assert found == {
        "dimension": "institutional",
        "cluster": "alps",
        "members": "all",
        "theme": "dark",
        "tab": "cities",
        "filter": "a b&c",
        "sort": "country",
        "city": "8",
        "lang": "zh",
    }


def test_a_shared_address_opens_the_same_view(atlas: Opened) -> None:
    go(
        atlas,
        "edition=world-2023&dimension=institutional&cluster=alps&city=8&lang=zh&theme=dark"
        "&tab=claims&view=12.5,44,5.5",
    )
    shown = atlas.page.evaluate(STATE)
    assert shown.pop("view") == pytest.approx([12.5, 44, 5.5], abs=0.05)
    assert shown == {
        "edition": "world-2023",
        "dimension": "institutional",
        "lang": "zh-Hans",
        "theme": "dark",
        "tab": "tab-claims",
        "card": "喀什",
        "open": True,
    }
    address = atlas.page.url
    again = atlas.page.context.new_page()
    again.goto(address)
    again.wait_for_timeout(300)
    assert again.evaluate(STATE)["card"] == "喀什"
    assert again.evaluate(STATE)["view"] == pytest.approx([12.5, 44, 5.5], abs=0.05)


def test_a_shorter_address_goes_back(atlas: Opened) -> None:
    first = atlas.page.evaluate(STATE)
    go(atlas, "edition=pacific-2024&cluster=alps&city=8&lang=zh&theme=dark&tab=claims&view=1,2,3")
    go(atlas, "lang=en")
    back = atlas.page.evaluate(STATE)
    assert {**back, "view": 0, "card": ""} == {**first, "view": 0, "card": ""}
    assert not atlas.page.locator("#card").is_visible()


BAD = (
    "nothing-known",
    "edition=none&dimension=none&cluster=none&city=none&lang=fr&theme=pink&tab=none",
    "view=1,2",
    "view=NaN,Infinity,1e9",
    "view=0,999,3",
    "%%%&=&view=%E0%A4%A",
    "city=__proto__&cluster=constructor&lang=toString&sort=-none",
    "lang=constructor",
)


def test_a_bad_address_changes_nothing(atlas: Opened) -> None:
    first = atlas.page.evaluate(STATE)
    for bad in BAD:
        go(atlas, bad)
        assert (bad, atlas.page.evaluate(STATE)) == (bad, first)
    assert atlas.errors == []


def test_a_cluster_without_a_view_is_shown(show: Callable[..., Opened], data: AtlasData) -> None:
    opened = show(atlas_html(data))
    go(opened, "cluster=alps&tab=cities")
    opened.page.wait_for_timeout(500)
    assert opened.page.evaluate("map_atlas.getBounds().contains([45.5, 9.2])")
    assert opened.page.evaluate("map_atlas.getZoom()") > 4


def test_in_a_frame_the_panel_is_folded_and_the_wheel_needs_ctrl(atlas: Opened) -> None:
    wide = atlas.page.evaluate("map_atlas.getSize().x")
    go(atlas, "embed&lang=en")
    assert not atlas.page.locator("#side").is_visible()
    assert atlas.page.evaluate("map_atlas.getSize().x") > wide
    zoom = atlas.page.evaluate("map_atlas.getZoom()")
    atlas.page.mouse.move(600, 400)
    atlas.page.mouse.wheel(0, -240)
    atlas.settle()
    assert atlas.page.get_by_text("Hold Ctrl and scroll to zoom").is_visible()
    assert atlas.page.evaluate("map_atlas.getZoom()") == zoom
    atlas.page.keyboard.down("Control")
    atlas.page.mouse.wheel(0, -240)
    atlas.page.keyboard.up("Control")
    atlas.settle()
    assert atlas.page.evaluate("map_atlas.getZoom()") == pytest.approx(zoom + 1)
    assert "embed" in atlas.page.evaluate("location.hash")
    atlas.page.get_by_role("button", name="Open the panel").click()
    assert atlas.page.locator("#side").is_visible()
    with atlas.page.context.expect_page() as opened:
        atlas.page.get_by_role("link", name="Open the full atlas").click()
    assert "embed" not in opened.value.url
    assert opened.value.url.startswith("file:")
    assert atlas.errors == []
