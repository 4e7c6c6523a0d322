"""No rule of axe is broken in any panel, in both languages and both themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from tests.maps.conftest import Opened

PANELS = {
    "league and search": "",
    "cluster": "&cluster=alps",
    "cities": "&tab=cities&city=5",
    "claims": "&tab=claims",
}

CLUSTER_VIEWS = ("show=chart", "show=tiers", "show=changes", "show=compare&picked=alps.tokyo-bay")


def broken(opened: Opened) -> list[str]:
    found = Axe().run(opened.page).response
    assert len(found["passes"]) > 20
    return [
        f"{rule['id']}: {node['html'][:120]} {node['failureSummary'][:300]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axe_finds_nothing(atlas: Opened, lang: str, theme: str) -> None:
    for panel, parts in PANELS.items():
        atlas.page.evaluate(
            "hash => { location.hash = hash; }", f"lang={lang}&theme={theme}{parts}"
        )
        atlas.settle()
        if panel == "league and search":
            atlas.page.fill("#search", "a")
            atlas.page.locator("#download").evaluate("menu => { menu.open = true; }")
        assert (panel, broken(atlas)) == (panel, [])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_views_of_clusters(atlas: Opened, theme: str) -> None:
    for view in CLUSTER_VIEWS:
        atlas.page.evaluate("hash => { location.hash = hash; }", f"theme={theme}&{view}")
        atlas.settle()
        assert (view, broken(atlas)) == (view, [])


def test_axe_finds_nothing_in_a_frame_or_on_a_phone(atlas: Opened) -> None:
    atlas.page.evaluate("location.hash = 'embed&lang=en'")
    atlas.settle()
    assert broken(atlas) == []
    atlas.page.set_viewport_size({"width": 360, "height": 740})
    atlas.page.evaluate("location.hash = 'tab=cities&lang=en'")
    atlas.settle()
    assert broken(atlas) == []
