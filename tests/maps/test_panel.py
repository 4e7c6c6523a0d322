"""The panel of a cluster: rules in both languages, tests, claims, thresholds that move."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tierscape.clusters.rule_words import rule_words
from tierscape.clusters.sensitivity import Members, Step, Sweep
from tierscape.data.catalog import open_catalog
from tierscape.data.claim_records import Ahead, Claim, Count, Selection, Untestable
from tierscape.data.cluster_loader import load_clusters
from tierscape.data.known_names import known_names, name_titles
from tierscape.data.records import Leaf
from tierscape.maps.atlas import atlas_html
from tierscape.maps.payload_claims import claims_payload, named_clusters
from tierscape.maps.payload_sensitivity import sweeps_payload
from tierscape.scoring.aggregate import summarise_members
from tierscape.scoring.tiers import tier_tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.maps.conftest import Opened
    from tierscape.maps.payload import AtlasData

MILAN, TURIN, MUNICH, KASHGAR = "5", "6", "7", "8"
LEAF = Leaf("coast", ("baltic",), within_km=50)
ALPS, BAY = Selection(clusters=("alps",)), Selection(clusters=("tokyo-bay",))


def members(core: str, extended: str = "") -> Members:
    return Members(frozenset(core), frozenset(extended))


#: The core without Turin; as published; with Munich; with Munich and Kashgar.
STEPS = (members("5", "7"), members("56", "7"), members("567"), members("5678"))


@pytest.fixture(scope="module")
def rich(data: AtlasData) -> AtlasData:
    steps = tuple(
        Step(float(km), ("", ""), each) for km, each in zip((25, 50, 75, 100), STEPS, strict=True)
    )
    claim = Claim("one", "forum", "", "", "", Ahead("world-2023", "total", ALPS, BAY), Path())
    return replace(
        data,
        sweeps={"alps": (STEPS[1], (Sweep("core", LEAF, "within_km", 50.0, steps),))},
        claim_records=(claim,),
        membership=data.membership.assign(rule="within 50 km of coast baltic"),
        definitions=tuple(replace(each, core=LEAF) for each in data.definitions),
    )


@pytest.fixture
def page(show: Callable[..., Opened], rich: AtlasData) -> Opened:
    opened = show(atlas_html(rich, lang="en"))
    opened.page.click("[data-key=open-alps]")
    opened.page.wait_for_timeout(700)
    return opened


def test_every_rule_text_of_the_shipped_clusters_has_words_in_both_languages() -> None:
    clusters = load_clusters(open_catalog(None), known=known_names())
    words = rule_words(clusters, name_titles())
    assert words["within 50 km of coast gulf-of-finland"][1] == "距芬兰湾海岸不超过 50 千米"
    assert all(en and zh and en != zh for en, zh in words.values())
    assert not any("None" in text for pair in words.values() for text in pair)


def test_claims_name_the_clusters_of_their_tests(rich: AtlasData) -> None:
    claims = claims_payload(rich.claims, rich.claim_records)
    assert claims[0]["clusters"] == ["alps", "tokyo-bay"]
    assert claims[0]["edition"] == "world-2023"
    assert claims_payload(rich.claims, ())[0]["clusters"] == []
    nested = Selection(excluding=ALPS)
    assert named_clusters(Count(("a",), "either", nested, 3)) == {"alps"}
    assert named_clusters(Untestable("no table")) == set()


def test_steps_tell_the_cities_whose_role_changes(rich: AtlasData) -> None:
    index = {MILAN: 0, TURIN: 1, MUNICH: 2, KASHGAR: 3}
    sweep = sweeps_payload(*rich.sweeps["alps"], index, name_titles())[0]
    assert [step[3] for step in sweep["steps"]] == [[1, 0], [], [2, 2], [2, 2, 3, 2]]
    assert sweep["zh"] == "距波罗的海海岸不超过 50 千米"


def test_a_moved_threshold_gives_the_figures_of_scoring(page: Opened, rich: AtlasData) -> None:
    tables = {each[:2]: each[2] for each in tier_tables(rich.tiers)}
    table = tables["world-2023", "total"]
    page.page.click("#sensitivity summary")
    for at, step in enumerate(STEPS):
        page.page.locator("#threshold").evaluate(
            "(input, at) => { input.value = at; input.dispatchEvent(new Event('input')); }", at
        )
        found = summarise_members(table, table.members(step.core).astype(np.int64))
        wanted = [found.percentile, found.percentile_lower, found.percentile_upper]
        text = page.page.locator("#sensitivity .outcome").inner_text()
        assert [float(each) for each in re.findall(r"\d+\.\d", text)[:3]] == pytest.approx(
            wanted, abs=0.0501
        )
        changed = {0: "Turin (out)", 2: "Munich (now core)", 3: "Kashgar (now core)"}
        assert changed.get(at, "The members stay the same.") in text
    assert page.errors == []


def test_a_moved_threshold_marks_the_cities_on_the_map(page: Opened) -> None:
    page.view(76, 39.5, 5)
    x, y = page.at(76, 39.5)
    before = page.painted(x - 20, y - 34, 40, 50)
    page.page.click("#sensitivity summary")
    page.page.locator("#threshold").press("End")
    page.settle()
    assert (page.painted(x - 20, y - 34, 40, 50) != before).sum() > 100
    page.page.locator("#threshold").press("Home")
    page.settle()
    assert (page.painted(x - 20, y - 34, 40, 50) != before).sum() == 0


def test_the_panel_explains_its_tests_and_lists_its_claims(page: Opened) -> None:
    page.page.locator("#clusters details").evaluate_all("all => all.forEach(d => d.open = true)")
    text = page.page.locator("#clusters").inner_text()
    for part in ("Holm", "still 1.000", "Claims that mention it (1)", "The mountains lead."):
        assert part in text
    assert "within 50 km of the coast of Baltic Sea · 12.3 km" in text


def test_chinese_shows_the_rule_in_chinese_and_marks_what_is_english(page: Opened) -> None:
    page.page.click("#language")
    text = page.page.locator("#clusters").inner_text()
    assert "距波罗的海海岸不超过 50 千米 · 12.3 千米" in text
    assert "within 50 km" not in text
    only = page.page.locator("#clusters [lang=en]").all_text_contents()
    assert "A public source仅英文" in only
    assert all(text.endswith("仅英文") for text in only)


def test_every_how_button_opens_its_definition_and_escape_leaves_the_panel_open(
    page: Opened,
) -> None:
    for lang in ("en", "zh"):
        keys = page.page.locator("#clusters .how").evaluate_all(
            "all => all.map(b => b.dataset.key)"
        )
        assert {"how-percentile", "how-bounds", "how-sd", "how-members"} <= set(keys)
        for key in dict.fromkeys(keys):
            page.page.locator(f"#clusters [data-key={key}]").first.evaluate("b => b.click()")
            title, text = page.page.locator("#how h3, #how p").all_text_contents()[:2]
            assert title
            assert len(text) > 5
            page.page.keyboard.press("Escape")
            assert not page.page.locator("#how").is_visible()
        assert page.page.locator("#clusters h2").is_visible()
        if lang == "en":
            page.page.click("#language")
    assert page.errors == []


def test_all_definitions_come_with_assumptions_and_sources(page: Opened) -> None:
    page.page.click("#layers summary")
    page.page.click("[data-key=how-all]")
    text = page.page.locator("#how").inner_text()
    for part in ("Expected percentile", "Hot and cold spots", "Natural Earth", "pvlib", "S-23"):
        assert part in text
    page.page.click("#how .close")
    assert not page.page.locator("#how").is_visible()


def test_hostile_texts_in_the_panel_show_as_text(
    show: Callable[..., Opened], hostile: AtlasData, rich: AtlasData
) -> None:
    attack = (
        "</script><img src=x onerror='window.hacked=1'>`${window.hacked=1}`\u202e😀" + "x" * 500
    )
    definitions = tuple(
        replace(each, geography=attack, core_reason=attack, title_zh=attack, core=LEAF)
        for each in hostile.definitions
    )
    claims = hostile.claims.assign(evidence=attack, text_zh=attack)
    bad = replace(rich, cities=hostile.cities, membership=hostile.membership, claims=claims)
    opened = show(atlas_html(replace(bad, definitions=definitions), lang="zh"))
    opened.page.locator("[data-key=pick-alps]").click()
    opened.page.locator("[data-key=pick-tokyo-bay]").click()
    opened.page.click("[data-key=compare]")
    for view in ("chart", "tiers", "changes"):
        opened.page.click("[data-key=list]") if view == "chart" else None
        opened.page.click(f"[data-key=view-{view}]")
    opened.page.click("[data-key=view-list]")
    opened.page.click("[data-key=open-alps]")
    opened.page.locator("#clusters details").evaluate_all("all => all.forEach(d => d.open = true)")
    opened.page.locator("#threshold").press("End")
    text = opened.page.locator("#clusters").inner_text()
    assert text.count("onerror=") > 4
    assert opened.page.evaluate("window.hacked") is None
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 1366
    assert opened.errors == []
    assert len(opened.requests) == 1
