"""Editions are linked by their rubric, and clusters compared in every variant."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tierscape.data.catalog import Catalog
from tierscape.data.claim_records import LinkedInTier, LinkedNear, LinkedSimilar, Selection
from tierscape.data.edition_loader import load_editions
from tierscape.data.errors import DataError, TierscapeError, UnknownNameError
from tierscape.data.records import Dimension, Edition, Entry, Tier
from tierscape.scoring.claim_facts import Facts
from tierscape.scoring.claim_tests import decide
from tierscape.scoring.linked.compare import compare_linked
from tierscape.scoring.linked.link import AGREED, link, link_editions
from tierscape.scoring.linked.percentiles import linked_percentiles
from tierscape.scoring.linked.tier_spans import drawn_tiers, implied_tiers

ONE = {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3, "f": 3}
TWO = {"b": 1, "d": 2, "f": 3, "w": 1, "x": 2, "y": 2, "z": 3}
#: The second table with c and f turned round.
TURNED = {**TWO, "a": 2, "f": 1}


def edition(slug: str, tiers: dict[str, int], rubric: str = "r") -> Edition:
    entries = tuple(
        Entry(name, tier, 1, row, "", row + 1) for row, (name, tier) in enumerate(tiers.items(), 1)
    )
    ladder = tuple(Tier(number, str(number)) for number in range(1, 4))
    dimension = Dimension("total", "t", "t", "", ladder, entries, Path("total.csv"))
    template = load_editions(Catalog(), ["asia-2023"])[0]
    return replace(template, slug=slug, rubric=rubric, dimensions=(dimension,))


def tier_rows(*editions: Edition) -> pd.DataFrame:
    rows = [
        (each.slug, "total", entry.name, entry.name, entry.tier, str(entry.tier))
        for each in editions
        for entry in each.dimensions[0].entries
    ]
    columns = ["edition", "dimension", "city_id", "name_published", "tier", "label"]
    return pd.DataFrame(rows, columns=columns)


def members(**clusters: str) -> pd.DataFrame:
    rows = [(slug, city, "core") for slug, cities in clusters.items() for city in cities]
    return pd.DataFrame(rows, columns=["cluster", "city_id", "role"])


@pytest.fixture
def agreed() -> tuple[pd.DataFrame, list[Edition]]:
    editions = [edition("one", ONE), edition("two", TWO)]
    return tier_rows(*editions), editions


@pytest.fixture
def turned() -> tuple[pd.DataFrame, list[Edition]]:
    editions = [edition("one", ONE), edition("two", TURNED)]
    return tier_rows(*editions), editions


def test_another_rubric_is_an_error_that_says_why() -> None:
    editions = {each.slug: each for each in load_editions(Catalog())}
    for other in ("arab-2024", "cstc-2021"):
        with pytest.raises(DataError, match="other indicators and weights give other scores"):
            link(pd.DataFrame(), editions["asia-2023"], editions[other], "total")
        with pytest.raises(DataError, match=f"{other}.*rubric"):
            link_editions(pd.DataFrame(), [editions["g20-2023"], editions[other]])
    with pytest.raises(DataError, match="prints no table 'traditional'"):
        link(pd.DataFrame(), editions["asia-2023"], editions["g20-2023"], "traditional")


def test_editions_without_a_shared_city_are_not_linked() -> None:
    editions = [edition("one", {"a": 1}), edition("two", {"b": 1})]
    with pytest.raises(DataError, match="must share a city"):
        link_editions(tier_rows(*editions), editions)


def test_the_pair_must_be_plain() -> None:
    three = [edition(slug, ONE) for slug in ("one", "two", "three")]
    with pytest.raises(DataError, match="one pair of editions must share a rubric"):
        link_editions(tier_rows(*three), three)
    alone = [edition("one", ONE), edition("two", ONE, "s"), edition("three", ONE, "")]
    with pytest.raises(DataError, match="found: none"):
        link_editions(tier_rows(*alone), alone)


def test_one_variant_where_the_tables_agree(agreed: tuple[pd.DataFrame, list[Edition]]) -> None:
    assert list(link_editions(*agreed)) == [("total", AGREED)]


def brute(tiers: pd.DataFrame, cities: list[str]) -> np.ndarray:
    """Return all rankings of the cities that agree with the tables, as ranks."""
    found = []
    for order in permutations(range(len(cities))):
        ranked = pd.Series(order, index=cities)
        rows = tiers.assign(rank=tiers["city_id"].map(ranked)).dropna()
        tables = rows.sort_values("rank").groupby("edition")["tier"]
        if tables.apply(lambda tier: tier.is_monotonic_increasing).all():
            found.append(np.array(order) + 1)
    return np.array(found)


def test_a_comparison_is_what_enumeration_says() -> None:
    editions = [edition("one", {"a": 1, "b": 2, "c": 2}), edition("two", {"b": 1, "c": 2, "x": 1})]
    tiers, cities = tier_rows(*editions), list("abcx")
    row = compare_linked(
        link_editions(tiers, editions), members(left="ab", right="xc"), ["left", "right"]
    ).iloc[0]
    ranks = brute(tiers, cities)
    difference = -25 * (ranks[:, :2].mean(axis=1) - ranks[:, 2:].mean(axis=1))
    assert row["difference"] == pytest.approx(difference.mean())
    assert row["difference_lower"] == pytest.approx(difference.min())
    assert row["difference_upper"] == pytest.approx(difference.max())
    ahead = (difference > 0).mean() + (difference == 0).mean() / 2
    assert abs(row["p_a_ahead"] - ahead) <= 5 * row["p_error"]
    assert (row["p_method"] == "certain") == bool(row["certain"])
    means = linked_percentiles(link_editions(tiers, editions), members(left="ab")).iloc[0]
    expected = 100 * (1 - (ranks[:, :2].mean() - 0.5) / 4)
    assert means["percentile"] == pytest.approx(expected)


def test_contradictions_give_three_variants(turned: tuple[pd.DataFrame, list[Edition]]) -> None:
    orders = link_editions(*turned)
    table = compare_linked(orders, members(up="af", down="yz"), ["up", "down"])
    assert table["variant"].tolist() == [
        "without contradictory cities",
        "believing one",
        "believing two",
    ]
    assert table["excluded"].tolist() == ["f", "", ""]
    assert table["n_cities"].tolist() == [9, 10, 10]
    assert table["n_a"].tolist() == [1, 2, 2]
    # The first table puts f last, the second first.
    assert table.loc[1, "difference"] < table.loc[2, "difference"]


def test_nothing_is_left_where_all_contradict() -> None:
    editions = [edition("one", {"a": 1, "b": 2}), edition("two", {"a": 2, "b": 1})]
    orders = link_editions(tier_rows(*editions), editions)
    table = compare_linked(orders, members(up="a", down="b"), ["up", "down"])
    assert table["note"].tolist() == ["up: no city here; down: no city here", "", ""]
    assert table["difference"].tolist()[1:] == [50, -50]
    assert len(linked_percentiles(orders, members(up="a"))) == 2


def test_a_cluster_without_cities_is_noted(agreed: tuple[pd.DataFrame, list[Edition]]) -> None:
    orders = link_editions(*agreed)
    row = compare_linked(orders, members(up="ab", none="q"), ["up", "none"]).iloc[0]
    assert row["note"] == "none: no city here"
    assert pd.isna(row["difference"])
    with pytest.raises(UnknownNameError, match="unknown cluster"):
        compare_linked(orders, members(up="ab"), ["up", "no"])
    with pytest.raises(TierscapeError, match="two or more"):
        compare_linked(orders, members(up="ab"), ["up", "up"])
    with pytest.raises(UnknownNameError, match="unknown dimension"):
        link_editions(*agreed, dimension="totl")


def test_implied_tiers_are_those_of_enumeration() -> None:
    editions = [edition("one", {"a": 1, "b": 2, "c": 2}), edition("two", {"b": 1, "c": 2, "x": 3})]
    tiers = tier_rows(*editions)
    order = link_editions(tiers, editions)["total", AGREED]
    known = dict(zip(order.city_ids, order.second, strict=True))
    ranks = brute(tiers, list(order.city_ids))
    best, worst = drawn_tiers(ranks.astype(np.int32), order.second, order.members("abcx"))
    spans = implied_tiers(order, order.second)
    assert spans["tier_best"].tolist() == best.min(axis=0).tolist()
    assert spans["tier_worst"].tolist() == worst.max(axis=0).tolist()
    for city, low, high in zip(order.city_ids, best.T, worst.T, strict=True):
        if known[city]:
            assert set(low) == set(high) == {known[city]}
    assert spans.set_index("city_id").loc["a", ["tier_best", "tier_worst"]].tolist() == [1, 1]


def facts(tiers: pd.DataFrame, editions: list[Edition]) -> Facts:
    cities = pd.DataFrame({"city_id": tiers["city_id"].unique()})
    return Facts(tiers, cities, members(), {each.slug: each for each in editions})


def linked_in_tier(cities: str, *tiers: int) -> LinkedInTier:
    return LinkedInTier("two", "one", "total", tuple(cities), tiers)


def test_linked_claims_where_the_tables_decide(
    agreed: tuple[pd.DataFrame, list[Edition]],
) -> None:
    on = facts(*agreed)
    # Below b (tier 1 of two) and above f (tier 3): c can be in any tier; a is like b in one.
    found = decide(linked_in_tier("d", 2), on)
    assert (found.verdict, "d 2. Certain." in found.evidence) == ("supported", True)
    assert decide(linked_in_tier("d", 1), on).verdict == "contradicted"
    assert decide(linked_in_tier("c", 1, 2, 3), on).verdict == "supported"
    found = decide(linked_in_tier("c", 1), on)
    assert found.verdict == "undetermined"
    assert "If a city has one score in both editions: c 1 to 3." in found.evidence
    assert "assumed equally likely" in found.evidence
    near = LinkedNear("two", "one", "total", ("b",), ("f",))
    assert decide(near, on).verdict == "contradicted"
    assert decide(replace(near, like=("w",)), on).verdict == "supported"
    assert decide(replace(near, cities=("c",), like=("d",)), on).verdict == "undetermined"
    absent = decide(replace(near, cities=("q",)), on)
    assert (absent.verdict, absent.evidence) == ("untestable", "Not in the edition two or one: q.")


def test_linked_means_and_a_build_without_the_other_edition(
    agreed: tuple[pd.DataFrame, list[Edition]],
) -> None:
    group = Selection(cities=("a",))
    test = LinkedSimilar("two", "one", "total", group, Selection(cities=("z",)), 10)
    assert decide(test, facts(*agreed)).verdict == "contradicted"
    wide = decide(replace(test, margin=95), facts(*agreed))
    assert (wide.verdict, "Certain." in wide.evidence) == ("supported", True)
    assert decide(replace(test, margin=70), facts(*agreed)).verdict == "undetermined"
    tiers, editions = agreed
    alone = decide(test, facts(tiers[tiers["edition"] == "two"], editions))
    assert (alone.verdict, alone.evidence) == (
        "untestable",
        "The build leaves out the edition one.",
    )


def test_a_claim_on_editions_of_two_rubrics_is_untestable() -> None:
    editions = [edition("one", ONE), edition("two", TWO, "s")]
    found = decide(linked_in_tier("d", 2), facts(tier_rows(*editions), editions))
    assert found.verdict == "untestable"
    assert "cannot be linked: one has the rubric 'r' and two has 's'" in found.evidence


def test_a_claim_about_a_contradictory_city_is_undetermined(
    turned: tuple[pd.DataFrame, list[Edition]],
) -> None:
    found = decide(linked_in_tier("f", 3), facts(*turned))
    assert found.verdict == "undetermined"
    assert found.evidence == "The two editions contradict each other about f."
    alone = LinkedSimilar("two", "one", "total", *(Selection(cities=(city,)) for city in "fa"), 9)
    found = decide(alone, facts(*turned))
    assert found.verdict == "undetermined"
    assert "about all cities of a group" in found.evidence
    found = decide(linked_in_tier("d", 2), facts(*turned))
    assert found.verdict == "supported"
    assert "without contradictory cities: d 2." in found.evidence
    assert "believing one: d 2." in found.evidence
