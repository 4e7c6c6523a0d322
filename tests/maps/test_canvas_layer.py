"""Many points on one canvas: each is counted, none hides another, and names stay text."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

import folium
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape import maps
from tierscape.data.errors import DataError, TierscapeError, UnknownNameError
from tierscape.maps.canvas_layer import CanvasLand, CanvasPoints
from tierscape.maps.canvas_points import classes, points_payload
from tierscape.maps.offline import render_offline
from tierscape.maps.palette import LAND, SEA, UNRANKED, tier_symbols

if TYPE_CHECKING:
    from tests.maps.conftest import Opened

Show = Callable[..., "Opened"]
FILLS = [symbol.fill for symbol in tier_symbols(4)]
MILAN, SYDNEY, LOS_ANGELES = (9.2, 45.5), (151.2, -33.9), (-118.2, 34.1)
GLYPHS = """() => {
    let layer = null;
    map_atlas.eachLayer((each) => { layer = each.glyphs ? each : layer; });
    return layer.glyphs();
}"""


def table(lon: list[float], lat: list[float], tier: list[float], **more: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"lon": lon, "lat": lat, "tier": tier} | more)


def page(points: pd.DataFrame, *, land: bool = False, **options: object) -> str:
    m = folium.Map(location=(0, 0), zoom_start=2, tiles=None, max_zoom=18, control_scale=False)
    m._id = "atlas"  # noqa: SLF001 - the name by which the test finds it
    if land:
        CanvasLand().add_to(m)
    CanvasPoints(points, **options).add_to(m)
    folium.LayerControl(collapsed=False).add_to(m)
    return render_offline(m, policy=True)


def count(opened: Opened, colour: str) -> int:
    """Return how many pixels have nearly this colour."""
    wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
    seen = opened.painted(0, 0, 1366, 768).astype(int)
    return int((np.abs(seen - wanted).max(axis=2) <= 12).sum())


def scattered(count: int, seed: int = 7) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    middles = rng.uniform((-180, -60), (180, 70), (30, 2))[rng.integers(0, 30, count)]
    lon, lat = (middles + rng.normal(0, 3, (count, 2))).T
    tier = np.sort(rng.choice([1, 2, 3, 4], count, p=[0.1, 0.2, 0.3, 0.4]))
    return table((lon + 180) % 360 - 180, np.clip(lat, -80, 80), tier)


def test_one_place_is_its_symbol_at_its_place(show: Show) -> None:
    points = table([9.2, 151.2, 40.0], [45.5, -33.9, 10.0], [3, 1, np.nan])
    opened = show(page(points, labels=("a", "b", "c", "d")))
    for place, fill in ((MILAN, FILLS[2]), (SYDNEY, FILLS[0]), ((40.0, 10.0), UNRANKED.fill)):
        opened.view(*place, 5)
        assert opened.colour(*place) == fill
    assert opened.errors == []
    assert [url for url in opened.requests if not url.startswith(("file:", "data:"))] == []


def test_both_sides_of_the_pacific_are_painted(show: Show) -> None:
    points = table([151.2, -118.2, 179.999], [-33.9, 34.1, 0], [1, 2, 4])
    opened = show(page(points, land=True))
    opened.view(180, 0, 2.5)
    fills = [symbol.fill for symbol in tier_symbols(4)]
    assert opened.colour(*SYDNEY) == fills[0]
    assert opened.colour(360 + LOS_ANGELES[0], LOS_ANGELES[1]) == fills[1]
    assert opened.colour(180, 0) == fills[3]
    assert opened.colour(135, -25) == LAND
    assert opened.colour(160, -20) == SEA


@pytest.mark.parametrize("zoom", [1, 2.5, 4])
def test_every_place_is_in_one_glyph_and_no_two_glyphs_meet(show: Show, zoom: float) -> None:
    points = scattered(3000)
    opened = show(page(points, legend=False), width=300 * 2**3, height=256 * 2**3)
    opened.view(0, 0, zoom)
    glyphs = opened.page.evaluate(GLYPHS)
    counts = {glyph["cell"]: glyph["count"] for glyph in glyphs}
    if zoom <= 2.5:  # the whole world is in view
        assert sum(counts.values()) == len(points)
    assert len(counts) > 20
    x, y, radius = (np.array([glyph[key] for glyph in glyphs]) for key in ("x", "y", "radius"))
    apart = np.hypot(x[:, None] - x, y[:, None] - y) - radius[:, None] - radius
    np.fill_diagonal(apart, np.inf)
    assert apart.min() >= -1e-6


def test_a_disc_shows_the_tiers_in_their_shares_whatever_their_order(show: Show) -> None:
    shares = (0.1, 0.2, 0.3, 0.4)
    tier = np.repeat([1, 2, 3, 4], [int(share * 500) for share in shares])
    points = table([9.2] * 500, [45.5] * 500, tier)
    painted = []
    for ordered in (points, points[::-1]):
        opened = show(page(ordered, legend=False))
        opened.view(*MILAN, 5)
        painted.append([count(opened, fill) for fill in FILLS])
    assert painted[0] == painted[1]
    found = np.array(painted[0]) / sum(painted[0])
    assert found == pytest.approx(shares, abs=0.04)


def test_tooltip_names_a_place_and_counts_a_disc(show: Show) -> None:
    points = table(
        [9.2, 151.2, 151.2], [45.5, -33.9, -33.9], [2, 1, 1], name=["Milan", "A", "B"], km=["3"] * 3
    )
    opened = show(page(points, labels=("top", "rest"), fields=("km",)))
    opened.view(*MILAN, 5)
    tip = opened.page.locator(".canvas-points-tip")
    opened.page.mouse.move(*opened.at(*MILAN))
    assert tip.inner_text().split("\n") == ["Milan", "rest", "km: 3"]
    opened.page.mouse.move(*opened.at(12, 40))
    tip.wait_for(state="detached")  # it fades away
    opened.view(360 + SYDNEY[0], SYDNEY[1], 5)
    opened.page.mouse.move(*opened.at(360 + SYDNEY[0], SYDNEY[1]))
    lines = tip.inner_text().split("\n")
    assert lines[:2] == ["2 places", "top · 2"]
    assert sorted(lines[2].split(" · ") if " · " in lines[2] else list(lines[2])) == ["A", "B"]


def test_layer_control_and_legend_and_label_for_readers(show: Show) -> None:
    opened = show(page(scattered(50), name="城市 <b>", lang="zh"))
    canvas = opened.page.locator("canvas[role=img]")
    assert canvas.get_attribute("aria-label").startswith("城市 <b>: 第 1 档 ")
    legend = opened.page.locator(".canvas-points-legend")
    assert "第 4 档" in legend.inner_text()
    assert sum(map(int, legend.locator("b").all_inner_texts())) == 50
    box = opened.page.locator(".leaflet-control-layers-overlays input")
    box.uncheck()
    assert canvas.count() == legend.count() == 0
    box.check()
    assert canvas.count() == legend.count() == 1
    assert opened.errors == []


def test_dragging_and_zooming_by_hand_repaint(show: Show) -> None:
    opened = show(page(scattered(400), legend=False))
    before = opened.page.evaluate(GLYPHS)
    opened.page.mouse.move(500, 400)
    opened.page.mouse.down()
    opened.page.mouse.move(700, 380, steps=4)
    opened.page.mouse.up()
    opened.settle()
    assert opened.page.evaluate(GLYPHS) != before
    opened.page.locator(".leaflet-control-zoom-in").click()
    opened.page.wait_for_timeout(600)
    assert opened.page.evaluate("map_atlas.getZoom()") == 3
    assert sum(count(opened, fill) for fill in FILLS) > 500
    assert opened.errors == []


def test_several_layers_share_a_page(show: Show) -> None:
    m = folium.Map(location=(0, 0), zoom_start=2, tiles=None)
    m._id = "atlas"  # noqa: SLF001 - the name by which the test finds it
    CanvasPoints(table([9.2], [45.5], [1]), legend=False).add_to(m)
    CanvasPoints(table([40], [10], [1]), legend=False).add_to(m)
    hidden = CanvasPoints(table([-60], [10], [1]), legend=False, show=False).add_to(m)
    html = render_offline(m)
    assert html.count("L.canvasPoints = ") == 1
    opened = show(html)
    assert opened.colour(9.2, 45.5) == opened.colour(40, 10) == tier_symbols(1)[0].fill
    assert opened.colour(-60, 10) != tier_symbols(1)[0].fill
    assert opened.page.evaluate(f"typeof {hidden.get_name()}") == "object"
    assert opened.errors == []


def test_bytes_per_place_are_few() -> None:
    few, many = (scattered(count).assign(name="Yokohama") for count in (1000, 21000))
    assert (len(page(many).encode()) - len(page(few).encode())) / 20000 < 25


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(-540, 540), st.floats(-90, 90), st.one_of(st.none(), st.integers(1, 9))
        ),
        min_size=1,
    )
)
def test_columns_hold_the_positions_and_tiers(rows: list[tuple[float, float, int | None]]) -> None:
    lon, lat, tier = (pd.Series(each, dtype=float) for each in zip(*rows, strict=True))
    found = points_payload(lon, lat, tier)
    kept = [np.frombuffer(base64.b64decode(found[name]), "<i4") / 1e5 for name in ("lon", "lat")]
    turn = (kept[0] - lon) / 360
    assert np.abs(turn - np.round(turn)).max() * 360 < 1e-5
    assert np.abs(kept[0]).max() <= 180
    assert np.abs(kept[1] - lat).max() < 1e-5
    tiers = np.frombuffer(base64.b64decode(found["tier"]), np.uint8)
    assert tiers.tolist() == tier.fillna(0).astype(int).tolist()
    assert sum(found["totals"]) == len(rows)


def test_values_become_tiers_by_their_limits() -> None:
    values = pd.Series([0.0, 9.9, 10.0, 20.0, 99.0, np.nan])
    assert classes(values, (10, 20)).fillna(0).tolist() == [3, 3, 2, 1, 1, 0]


def test_all_bad_rows_are_named() -> None:
    points = table([0, np.inf, 0, 0], [0, 0, 91, 0], [1, 1, 1, 2.5])
    with pytest.raises(DataError) as caught:
        CanvasPoints(points)
    text = str(caught.value)
    assert [problem.row for problem in caught.value.problems] == [2, 3, 4]
    for part in ("points, line 3, lat: '91': a latitude is between", "whole number from 1 to 9"):
        assert part in text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"labels": ("only one",)}, "whole number from 1 to 1"),
        ({"labels": tuple("abcdefghijk")}, "11 labels"),
        ({"fields": ("kn",)}, "unknown column 'kn'"),
        ({"lang": "fr"}, "unknown language 'fr'"),
    ],
)
def test_wrong_use_is_an_error(options: dict[str, object], message: str) -> None:
    with pytest.raises(TierscapeError, match=message):
        CanvasPoints(table([0], [0], [2]), **options)


def test_a_table_without_tiers_or_a_layer_without_a_map_is_an_error() -> None:
    with pytest.raises(UnknownNameError, match="'tier'"):
        CanvasPoints(pd.DataFrame({"lon": [0], "lat": [0]}))
    with pytest.raises(TierscapeError, match="add it to one"):
        CanvasPoints(table([0], [0], [1])).render()


def test_no_place_at_all_is_an_empty_layer(show: Show) -> None:
    opened = show(page(table([], [], [])))
    assert opened.page.evaluate(GLYPHS) == []
    assert opened.errors == []


def test_public_names_are_loaded_on_first_use() -> None:
    assert maps.CanvasPoints is CanvasPoints
    assert {getattr(maps, name).__name__ for name in maps.__all__} == set(maps.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        _ = maps.nothing
