"""Charts of all clusters, linked with the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tierscape.maps.palette import LANDFORMS

if TYPE_CHECKING:
    from tests.maps.conftest import Opened
    from tierscape.maps.payload import AtlasData

BAR = "g[data-lights=alps]"


def number(opened: Opened, selector: str, name: str) -> float:
    return float(opened.page.locator(selector).get_attribute(name) or "nan")


def test_the_chart_draws_percentiles_and_bounds_to_scale(atlas: Opened, data: AtlasData) -> None:
    atlas.page.click("[data-key=view-chart]")
    table = data.clusters.set_index(["edition", "dimension", "cluster", "role"])
    row = table.loc[("world-2023", "total", "alps", "core")]
    places = [
        number(atlas, f"{BAR} .bounds", "x1"),
        number(atlas, f"{BAR} circle", "cx"),
        number(atlas, f"{BAR} .bounds", "x2"),
    ]
    ticks = atlas.page.locator(".chart .grid").evaluate_all(
        "all => all.map(l => +l.getAttribute('x1'))"
    )
    values = row[["percentile_lower", "percentile", "percentile_upper"]].to_numpy(float)
    expected = ticks[0] + (ticks[-1] - ticks[0]) * values / 100
    np.testing.assert_allclose(places, expected, atol=0.02)


def test_tier_bars_are_shares_of_the_members(atlas: Opened) -> None:
    atlas.page.click("[data-key=view-tiers]")
    atlas.page.get_by_role("button", name="Core and extended").click()
    widths = atlas.page.locator(f"{BAR} .part").evaluate_all(
        "all => all.map(r => +r.getAttribute('width'))"
    )
    # Milan and Turin in tier 3, Munich in tier 2: the better tier comes first.
    assert widths == pytest.approx([sum(widths) / 3, 2 * sum(widths) / 3])


def test_charts_have_a_title_and_a_description(atlas: Opened) -> None:
    for view in ("chart", "tiers", "chart", "tiers"):
        atlas.page.click(f"[data-key=view-{view}]")
        chart = atlas.page.locator("#clusters svg[role=img]")
        names = (chart.get_attribute("aria-labelledby") or "").split()
        texts = [chart.locator(f"#{name}").text_content() or "" for name in names]
        assert len(texts) == 2
        assert all(len(text) > 8 for text in texts)
        assert chart.locator(".bar").count() == 3
        if view == "tiers":
            atlas.page.click("#language")
    assert atlas.errors == []


def test_a_bar_lights_its_outline_and_an_outline_its_bar(atlas: Opened) -> None:
    atlas.page.click("[data-key=view-chart]")
    atlas.view(8.4, 45.3, 5)
    colour = LANDFORMS["mountain"].colour
    plain = atlas.count(colour)
    atlas.page.hover(BAR)
    atlas.settle()
    assert atlas.count(colour) > 1.2 * plain
    atlas.page.mouse.move(*atlas.at(8.4, 45.3))
    assert "lit" in (atlas.page.locator(BAR).get_attribute("class") or "")
    atlas.page.mouse.move(*atlas.at(20, 30))
    atlas.settle()
    assert atlas.page.locator("#clusters .lit").count() == 0
    assert atlas.count(colour) == plain


def test_a_bar_opens_its_cluster(atlas: Opened) -> None:
    atlas.page.click("[data-key=view-chart]")
    atlas.page.click(BAR)
    assert "Alps" in atlas.page.locator("#clusters h2").inner_text()
