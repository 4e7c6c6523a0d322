"""Printed means of groups of cities are held against the tiers' thresholds and each other."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tierscape.data.catalog import Catalog
from tierscape.data.claim_records import Claim, Mean, Selection, Untestable
from tierscape.data.edition_loader import load_editions
from tierscape.data.records import Dimension, Entry, Tier
from tierscape.scoring.audit_group_means import group_mean_ranges, group_means_that_do_not_meet
from tierscape.scoring.claim_facts import Facts

TIERS = {"a": 1, "b": 1, "c": 2, "d": 2}
LADDER = (Tier(1, "from 0.5", score_from=0.5), Tier(2, "below 0.5", score_to=0.5))


def claim(equals: float, *cities: str, clusters: tuple[str, ...] = ()) -> Claim:
    group = Selection(cities=cities, clusters=clusters)
    test = Mean("e", "total", group, equals, 2, 0, 1)
    return Claim("c", "s", "", "", "mean", test, Path("claims.toml"))


@pytest.fixture(scope="module")
def facts() -> Facts:
    entries = tuple(Entry(name, tier, 1, 1, "", 1) for name, tier in TIERS.items())
    dimension = Dimension("total", "t", "t", "", LADDER, entries, Path("total.csv"))
    template = load_editions(Catalog(), ["cstc-2021"])[0]
    edition = replace(template, slug="e", dimensions=(dimension,))
    rows = [("e", "total", name, name, tier) for name, tier in TIERS.items()]
    columns = ["edition", "dimension", "city_id", "name_published", "tier"]
    membership = pd.DataFrame(
        [("upper", "a", "core"), ("upper", "b", "core")], columns=["cluster", "city_id", "role"]
    )
    return Facts(pd.DataFrame(rows, columns=columns), pd.DataFrame(), membership, {"e": edition})


def test_means_that_scores_can_have_are_no_finding(facts: Facts) -> None:
    claims = [claim(0.6), claim(0.8, "a", "b"), claim(0.4, "c", "d")]
    assert not list(group_means_that_do_not_meet(claims, facts))
    assert not list(group_means_that_do_not_meet([], facts))
    other = replace(claims[0], test=Untestable("no reason"))
    assert not list(group_means_that_do_not_meet([other], facts))


def test_means_that_clash_are_told_with_each_that_explains_it(facts: Facts) -> None:
    # A mean of 0.70 needs a sum of 2.78; those of the pairs make 1.61 + 0.81 at most.
    claims = [claim(0.7), claim(0.8, clusters=("upper",)), claim(0.4, "c", "d")]
    first, *repairs = group_means_that_do_not_meet(claims, facts)
    assert first.kind == "published_mean"
    assert first.detail.endswith("all these means: all cities 0.70, upper 0.80, c, d 0.40.")
    assert [each.kind for each in repairs] == ["mean_repair"] * 2
    assert "all cities is printed as 0.70; 0.61 is the nearest" in repairs[0].detail
    assert repairs[0].detail.endswith("0.5950 to 0.6050.")
    # Dropping the lower pair's does not help: tier 2 ends at 0.5, and 2 · 0.5 + 1.61 < 2.78.
    assert "upper is printed as 0.80; 0.98 is the nearest" in repairs[1].detail


def test_a_mean_beyond_a_threshold_clashes_by_itself(facts: Facts) -> None:
    found = list(group_means_that_do_not_meet([claim(0.45, "a", "b"), claim(0.3, "c", "d")], facts))
    assert [each.kind for each in found] == ["published_mean", "mean_repair"]
    assert "a, b is printed as 0.45; 0.50 is the nearest" in found[1].detail


def test_a_group_that_the_build_lacks_does_not_count(facts: Facts) -> None:
    claims = [claim(0.6), claim(0.1, clusters=("nowhere",)), claim(0.1, "z")]
    (left,) = group_mean_ranges(claims, facts).values()
    assert [name for name, _, _ in left] == ["all cities"]
    away = [replace(each, test=replace(each.test, edition="f")) for each in claims]
    assert group_mean_ranges(away, facts) == {}


def test_what_the_others_leave(facts: Facts) -> None:
    # c + d is 4 · 0.60 − 2 · 0.75, within 4 · 0.005 + 2 · 0.005.
    claims = [claim(0.6), claim(0.75, "a", "b"), claim(0.45, "c", "d")]
    left = group_mean_ranges(claims, facts)["e", "total"]
    assert left[2][2] == pytest.approx((0.435, 0.465))
