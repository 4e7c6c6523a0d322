"""Layers of the map: hot spots, names, coast, ranges, routes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import shapely

from tierscape.data.physical_loader import load_land
from tierscape.data.records import Leaf
from tierscape.maps.atlas import atlas_html
from tierscape.maps.layer_payload import hot_spots_payload, physical_layers, routes_payload

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.maps.conftest import Opened
    from tierscape.maps.payload import AtlasData

HOT, COLD, SHORE = "#c2185b", "#1565c0", "#0a6a74"
SYDNEY, KASHGAR = (151.2, -33.9), (76.0, 39.5)
PHYSICAL = {
    "names": [["sea", "大海", "Great Sea", 60, 10, 900], ["sea", "小湾", "Small Bay", 60, 0, 1]],
    "ranges": [[9000, 5000, 1000, 0, 0, 500, -1000, 0]],
}


@pytest.fixture(scope="module")
def layered(data: AtlasData) -> AtlasData:
    labels = dict.fromkeys("12345678", "none") | {"1": "hot", "8": "cold"}
    spots = pd.DataFrame({"city_id": list(labels), "label": list(labels.values())})
    route = Leaf("route", ("x",), within_km=50, waypoints=((170, 0), (-170, 0)), labels=())
    return replace(
        data,
        hot_spots={
            "world-2023/total": spots.assign(p_value=0.001, p_adjusted=0.0123),
            "world-2023/institutional": "there is no pattern.",
        },
        layers=PHYSICAL,
        definitions=tuple(replace(each, core=route) for each in data.definitions),
    )


@pytest.fixture
def page(show: Callable[..., Opened], layered: AtlasData) -> Opened:
    opened = show(atlas_html(layered, lang="en"))
    opened.page.click("#layers summary")
    return opened


def test_hot_and_cold_spots_are_ringed_and_told(page: Opened) -> None:
    for place, colour in ((SYDNEY, HOT), (KASHGAR, COLD)):
        page.view(*place, 5)
        assert page.count(colour) == 0
        page.page.check("[data-key=layer-spots]")
        page.settle()
        assert page.count(colour) > 60
        page.page.uncheck("[data-key=layer-spots]")
        page.settle()
    page.page.check("[data-key=layer-spots]")
    legend = page.page.locator(".spots li").all_inner_texts()
    assert [" ".join(text.split()) for text in legend] == [
        "Hot: high among high tiers 1",
        "Cold: low among low tiers 1",
    ]
    page.page.mouse.move(*page.at(*KASHGAR))
    assert "Cold: low among low tiers · adjusted p 0.012" in page.page.locator("#tip").inner_text()


def test_a_table_without_the_statistic_says_why(page: Opened) -> None:
    page.page.check("[data-key=layer-spots]")
    page.page.get_by_role("radio", name="Table institutional").check()
    assert "No statistic: there is no pattern." in page.page.locator("#layers").inner_text()


def test_each_layer_paints_and_clears(page: Opened) -> None:
    views = {
        "names": (60, 10, 4),
        "coast": (60, 35, 4),
        "ranges": (95, 52, 4),
        "routes": (180, 0, 5),
    }
    for layer, view in views.items():
        page.view(*view)
        box = page.page.locator(".folium-map").bounding_box()
        assert box is not None
        clip = (box["x"] + 320, box["y"] + 150, 300, 400)
        key = f"[data-key=layer-{layer}]"
        first = page.painted(*clip)
        assert page.page.is_checked(key) == (layer == "names")
        page.page.locator(key).click()
        page.settle()
        assert (page.painted(*clip) != first).any(axis=2).sum() > 200
        page.page.locator(key).click()
        page.settle()
        assert (page.painted(*clip) == first).all()
    assert page.errors == []


def test_layers_are_in_the_address(page: Opened) -> None:
    page.page.check("[data-key=layer-ranges]")
    page.page.uncheck("[data-key=layer-names]")
    page.settle()
    assert "layers=ranges" in page.page.url
    page.page.uncheck("[data-key=layer-ranges]")
    page.settle()
    assert "layers=none" in page.page.url


def test_a_layer_without_data_has_no_switch(atlas: Opened) -> None:
    atlas.page.click("#layers summary")
    assert atlas.page.locator(".layer").all_inner_texts() == ["Coastline"]


def test_hot_spots_follow_the_order_of_the_page() -> None:
    table = pd.DataFrame(
        {"city_id": ["a", "b"], "label": ["hot", "low-high"], "p_value": 0.5, "p_adjusted": 1.0}
    )
    found = hot_spots_payload({"e/d": table, "e/x": "why"}, {"e/d": ["b", "c", "a"]})
    assert found["e/d"]["label"] == "C.h"
    assert found["e/d"]["p_adjusted"] == [1.0, None, 1.0]
    assert found["e/x"] == {"note": "why"}


def test_names_of_seas_stand_on_water() -> None:
    land = shapely.STRtree(shapely.get_parts(load_land().geometry.to_numpy()))
    seas = {
        en: (lon, lat) for kind, _, en, lon, lat, _ in physical_layers()["names"] if kind == "sea"
    }
    assert len(seas) > 90
    assert land.query(shapely.points(list(seas.values())), predicate="within").size == 0
    west, east = seas["Red Sea"][0], seas["Persian Gulf"][0]
    assert 32 < west < 44 < east < 57
    # The Baltic's own name stands outside the gulfs that have names of their own.
    assert 53 < seas["Baltic Sea"][1] < 60


def test_names_of_seas_have_the_room_that_is_told() -> None:
    land = shapely.union_all(load_land().geometry.to_numpy())
    for kind, _, name, lon, lat, room_km in physical_layers()["names"]:
        if kind == "sea":
            # Shore or limit of the sea ends the circle, so that land is no nearer than that.
            free_km = 111.2 * shapely.distance(shapely.Point(lon, lat), land)
            assert room_km <= free_km + 2, name


def test_routes_run_on_across_the_antimeridian(layered: AtlasData) -> None:
    assert routes_payload(layered.definitions)[0]["line"] == [170, 0, 190, 0]
