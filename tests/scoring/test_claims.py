"""Every kind of test gives the verdict that its definition says, on made-up tables."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import permutations, product
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierscape.data import claim_records as rec
from tierscape.data.claim_records import Ahead, Selection, Test, Untestable
from tierscape.scoring.claim_facts import Facts
from tierscape.scoring.claim_pairs import pair, within
from tierscape.scoring.claim_tests import Finding, decide
from tierscape.scoring.claims import judge

NAMES = "ABCDEFGHIJKL"
#: Three tiers of four: ABCD, EFGH, IJKL.
TIERS = dict(zip(NAMES, (1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3), strict=True))
CLUSTERS = {
    "upper": {"A": "core", "B": "core", "C": "core", "L": "extended"},
    "lower": {"I": "core", "J": "core", "K": "core"},
    "middle": {"E": "core", "F": "core", "G": "core", "A": "extended", "B": "extended"},
    "middling": {"F": "core", "G": "core", "H": "core"},
    "pair": {"A": "core", "L": "core"},
}
REST = Selection(rest=True)


def tier_rows(tiers: dict[str, int], edition: str = "e", dimension: str = "total") -> pd.DataFrame:
    rows = pd.DataFrame({"name_published": list(tiers), "tier": list(tiers.values())})
    rows = rows.sort_values("tier", kind="stable", ignore_index=True)
    sizes = rows["tier"].value_counts().sort_index()
    worst = sizes.cumsum()
    return rows.assign(
        edition=edition,
        dimension=dimension,
        city_id="id-" + rows["name_published"],
        label=rows["tier"].astype(str),
        rank_best=rows["tier"].map(worst - sizes + 1),
        rank_worst=rows["tier"].map(worst),
        n_cities=len(rows),
    )


def facts(
    tiers: dict[str, int] | None = None,
    more: Iterable[pd.DataFrame] = (),
) -> Facts:
    cities = pd.DataFrame({"city_id": [f"id-{name}" for name in NAMES]})
    cities["continent"] = ["Asia"] * 6 + ["Europe"] * 6
    cities["country"] = ["CN"] * 4 + ["JP"] * 2 + ["FR"] * 6
    cities["landform"] = ["coastal", "inland"] * 6
    members = [
        (cluster, f"id-{name}", role)
        for cluster, names in CLUSTERS.items()
        for name, role in names.items()
    ]
    membership = pd.DataFrame(members, columns=["cluster", "city_id", "role"])
    table = pd.concat([tier_rows(tiers or TIERS), *more], ignore_index=True)
    return Facts(table, cities, membership, {})


def cluster(*slugs: str) -> Selection:
    return Selection(clusters=slugs)


def cities(names: str, **more: tuple[str, ...]) -> Selection:
    return Selection(cities=tuple(names), **more)


def ahead(a: Selection, b: Selection) -> Ahead:
    return Ahead("e", "total", a, b)


def check(test: Test, verdict: str, *evidence: str, on: Facts | None = None) -> Finding:
    finding = decide(test, on or facts())
    assert finding.verdict == verdict, finding.evidence
    for part in evidence:
        assert part in finding.evidence
    return finding


# --- ahead, similar, not in the first group ----------------------------------------------------


def test_ahead_in_every_ranking_and_for_any_scale() -> None:
    check(ahead(cluster("upper"), cluster("lower")), "supported", "For any score scale.")
    check(ahead(cluster("lower"), cluster("upper")), "contradicted", "For any score scale.")
    check(ahead(cluster("upper"), REST), "supported", "upper: 3 cities", "P(first ahead) = 1.000")


def test_ahead_for_certain_in_mean_rank_only() -> None:
    # J is behind all of the others' best, but three against it carry the mean.
    check(ahead(cities("ACDJ"), cities("GIK")), "supported", "In mean rank, certain.")
    check(ahead(cities("GIK"), cities("ACDJ")), "contradicted", "In mean rank, certain.")


def test_ahead_expected_names_its_assumption() -> None:
    grade = "In mean rank, expected (all orders within a tier assumed equally likely)."
    check(ahead(cities("ADGK"), cities("BHIL")), "supported", "P(first ahead) = 0.991", grade)
    check(ahead(cities("BHIL"), cities("ADGK")), "contradicted", "P(first ahead) = 0.009", grade)


def test_neither_is_ahead() -> None:
    check(ahead(cluster("middle"), cluster("middling")), "undetermined", "neither is ahead")


def test_a_changed_tier_flips_a_verdict() -> None:
    test = ahead(cluster("upper"), cluster("lower"))
    check(test, "supported")
    swapped = TIERS | dict.fromkeys("ABC", 3) | dict.fromkeys("IJK", 1)
    check(test, "contradicted", on=facts(swapped))


def test_a_reference_set_never_includes_the_cluster() -> None:
    coast = Selection(continents=("Asia",), landforms=("coastal",))
    # Coastal in Asia: A, C, E; the cluster holds A and C.
    finding = check(ahead(coast, cluster("upper")), "undetermined", "1 in the edition")
    assert finding.evidence.startswith("coastal Asia: 1")
    everyone = Selection(continents=("Asia", "Europe"))
    check(ahead(cluster("upper"), everyone), "supported", "9 cities")
    # A cluster's own cities stay where the sentence compares a part with the whole.
    part = Selection(clusters=("pair",), cities=("A",))
    check(ahead(part, cluster("upper")), "undetermined", "upper: 3 cities")


def test_a_group_may_leave_cities_out() -> None:
    others = Selection(rest=True, excluding=cities("AB"))
    check(ahead(cluster("lower"), others), "contradicted", "all other cities: 7 cities")


def test_a_small_cluster_gets_no_verdict_but_named_cities_do() -> None:
    check(ahead(cluster("pair"), REST), "undetermined", "pair: 2", "an average needs 3")
    check(ahead(cities("A"), cities("L")), "supported", "A: 1 city, mean")


def test_the_same_cities_cannot_be_compared() -> None:
    check(ahead(cluster("pair"), cities("AL")), "undetermined", "pair: 2 in the edition")
    check(ahead(cities("LA"), cities("AL")), "undetermined", "the same 2 cities in e")


def test_similar_within_and_beyond_the_margin() -> None:
    def similar(a: Selection, b: Selection, margin: float) -> rec.Similar:
        return rec.Similar("e", "total", a, b, margin)

    same = (cluster("middle"), cluster("middling"))
    check(similar(*same, 30), "supported", "In mean rank, certain")
    check(similar(*same, 5), "undetermined", "P(difference of at most 5 points) = 0.500")
    far = (cluster("upper"), cluster("lower"))
    check(similar(*far, 10), "contradicted", "In mean rank, certain: no difference")
    check(similar(*far, 90), "supported")


def test_not_in_the_first_group() -> None:
    def not_first(a: str, leaders: str, margin: float = 10) -> rec.NotFirstGroup:
        return rec.NotFirstGroup("e", "total", cluster(a), cluster(leaders), margin)

    check(not_first("lower", "upper"), "supported", "For any score scale.")
    check(not_first("upper", "lower"), "contradicted", "For any score scale.")
    # As good as the leaders is in the first group; not known to be is not.
    check(not_first("middle", "middling", 30), "contradicted", "of at most 30 points")
    check(not_first("middle", "middling", 5), "undetermined", "neither is ahead")


@given(
    st.lists(st.integers(1, 3), min_size=6, max_size=6),
    st.sets(st.sampled_from(NAMES[:6]), min_size=1, max_size=3),
    st.sets(st.sampled_from(NAMES[:6]), min_size=1, max_size=3),
)
def test_certain_verdicts_hold_in_every_ranking(
    levels: list[int], names_a: set[str], names_b: set[str]
) -> None:
    tiers = dict(zip(NAMES, sorted(levels), strict=False))
    tiers = {name: sorted(set(levels)).index(tier) + 1 for name, tier in tiers.items()}
    a, b = cities("".join(sorted(names_a))), cities("".join(sorted(names_b)))
    groups = [[n for n, t in tiers.items() if t == tier] for tier in sorted(set(tiers.values()))]
    signs = set()
    for orders in product(*(list(permutations(group)) for group in groups)):
        rank = {n: r for r, n in enumerate((n for order in orders for n in order), 1)}
        means = [sum(rank[n] for n in names) / len(names) for names in (names_a, names_b)]
        gap = round(means[1] - means[0], 9)
        signs.add((gap > 0) - (gap < 0))
    finding = decide(ahead(a, b), facts(tiers))
    if "certain" in finding.evidence or "any score scale" in finding.evidence:
        assert signs == {1 if finding.verdict == "supported" else -1}
    elif finding.verdict != "undetermined":
        assert "expected" in finding.evidence


def test_probability_of_being_within_the_margin() -> None:
    """Against all 24 · 24 · 24 orders of three tiers of four."""
    base = facts()
    rows = base.table("e", "total")
    compared = pair(base, rows, cities("AEI"), cities("BFJ"))
    gaps = [x - y for x in range(4) for y in range(4) if x != y]
    chances = [abs(sum(g)) * 100 / 12 / 3 <= 10 for g in product(gaps, repeat=3)]
    _, grade = within(compared, 10)
    chance = float(grade.split(" = ")[1][:5])
    assert chance == pytest.approx(sum(chances) / len(chances), abs=0.0005)


# --- cities, shares, counts --------------------------------------------------------------------


def test_in_tier() -> None:
    def in_tier(names: str, *tiers: int) -> rec.InTier:
        return rec.InTier("e", "total", tuple(names), tiers)

    check(in_tier("AB", 1), "supported", "2 of 2 are in tier 1, which holds 4 cities")
    check(in_tier("AE", 1, 2), "supported", "tier 1 or 2, which holds 8")
    check(in_tier("ABE", 1), "contradicted", "2 of 3", "Elsewhere: E 2.")
    check(in_tier("AZ", 1), "untestable", "Not in the edition e: Z.")
    check(in_tier("AL"), "supported", "2 of 2 are in the edition.")
    check(in_tier("AZ"), "contradicted", "Missing: Z.")
    check(in_tier("AB", 1), "contradicted", on=facts(TIERS | {"B": 2}))


def test_near_is_one_tier() -> None:
    def near(names: str, like: str) -> rec.Near:
        return rec.Near("e", "total", tuple(names), tuple(like))

    check(near("AB", "CD"), "supported", "A 1, B 1", "likened to C 1, D 1")
    check(near("AB", "CE"), "undetermined")
    check(near("AB", "CI"), "contradicted")


def test_share() -> None:
    def share(group: Selection, of: Selection, **stated: float) -> rec.Share:
        limits = (stated.get("percent"), stated.get("more_than"))
        return rec.Share("e", "total", group, of, *limits)

    everyone, first = Selection(), Selection(tiers=(1,))
    check(share(first, everyone, percent=33), "supported", "4 of 12, 33.3 %; stated: 33 %")
    check(share(first, everyone, percent=34), "contradicted")
    check(share(first, everyone, more_than=30), "supported", "stated: more than 30 %")
    check(share(first, everyone, more_than=50), "contradicted")
    capitals = Selection(
        listed=(rec.ListedCity("CN", "id-A", "A"), rec.ListedCity("JP", "id-E", "E"))
    )
    abroad = Selection(excluding=Selection(countries=("CN",)))
    check(share(capitals, everyone, more_than=10), "supported", "2 of 12")
    check(share(capitals, abroad, more_than=10), "supported", "1 of 8")
    nowhere = Selection(countries=("XX",))
    check(share(capitals, nowhere, percent=1), "undetermined", "no city")


def test_count() -> None:
    other = tier_rows({"A": 1, "B": 1, "Z": 2}, edition="f")
    both = facts(more=[other])

    def count(editions: str, combine: str, equals: int, **group: tuple[str, ...]) -> rec.Count:
        return rec.Count(tuple(editions), combine, Selection(**group), equals)

    check(count("e", "either", 12), "supported", "12 counted, 12 stated")
    check(count("e", "either", 11), "contradicted")
    check(count("ef", "either", 13), "supported", "e, f in either: 13", on=both)
    check(count("ef", "both", 2), "supported", "e, f in both: 2", on=both)
    check(count("e", "either", 4, countries=("CN",)), "supported")
    check(count("e", "either", 6, continents=("Asia",)), "supported")
    check(count("ef", "both", 2), "untestable", "leaves out the edition f")
    check(rec.Count(("e",), "either", Selection(listed_in="f"), 2), "supported", on=both)


def test_covers() -> None:
    listed = (rec.ListedCity("CN", "id-Q", "Q"), rec.ListedCity("CN", "id-A", "A"))
    test = rec.Covers("e", listed, ("CN",))
    check(test, "supported", "1 of 1 countries")
    check(replace(test, countries=("CN", "JP")), "contradicted", "Missing: not listed (JP)")
    check(replace(test, listed=listed[:1]), "contradicted", "Missing: Q (CN)")


def test_figure_and_untestable() -> None:
    test = rec.Figure("r", "experts", 32, 32)
    check(test, "supported", "The rubric r has 32 (experts); stated: 32.")
    check(replace(test, equals=31), "contradicted")
    check(replace(test, found=None), "untestable", "does not say: experts")
    check(Untestable("Not published."), "untestable", "Not published.")


# --- judge -------------------------------------------------------------------------------------


def claim(test: Test, slug: str = "c") -> rec.Claim:
    return rec.Claim(slug, "s", "句", "sentence", "kind", test, Path("claims.toml"))


def verdicts(*tests: Test, on: Facts | None = None) -> pd.DataFrame:
    base = on or facts()
    claims = [claim(test, str(number)) for number, test in enumerate(tests)]
    return judge(claims, base.tiers, base.cities, base.membership)


def test_table() -> None:
    table = verdicts(ahead(cluster("upper"), REST), Untestable("so"))
    assert " ".join(table.columns) == "claim source text_zh text_en verdict evidence sensitivity"
    assert table["verdict"].tolist() == ["supported", "untestable"]
    assert table.notna().all(axis=None)
    assert judge([], facts().tiers, facts().cities, facts().membership).empty


def test_sensitivity_says_what_extended_members_change() -> None:
    nile = cities("IJ", cities_extended=("A", "B"))
    table = verdicts(
        ahead(cluster("upper"), cluster("middle")),
        ahead(cluster("middle"), cluster("lower")),
        ahead(cluster("lower"), cities("A")),
        ahead(cities("A"), cities("L")),
        ahead(nile, cities("EFGH")),
        Untestable("so"),
    )
    assert table["sensitivity"].tolist() == [
        "becomes undetermined with extended members",
        "same with extended members",
        "same: no extended members here",
        "does not depend on cluster membership",
        "becomes undetermined with extended members",
        "",
    ]


@pytest.mark.parametrize(
    ("test", "reason"),
    [
        (ahead(cluster("atlantis"), REST), "The cluster atlantis is not in this build."),
        (Ahead("x", "total", cluster("upper"), REST), "leaves out the edition x"),
        (Ahead("e", "digital", cluster("upper"), REST), "no dimension digital"),
        (ahead(cities("AZ"), REST), "Not in the edition e: Z."),
        (ahead(Selection(listed_in="x"), REST), "leaves out the edition x"),
    ],
)
def test_what_the_build_leaves_out_is_untestable(test: Test, reason: str) -> None:
    (row,) = verdicts(test).itertuples()
    assert row.verdict == "untestable"
    assert reason in row.evidence


def test_the_same_tables_in_another_order_give_the_same_verdicts() -> None:
    tests = [ahead(cluster("upper"), REST), rec.Similar("e", "total", cluster("middle"), REST, 10)]
    base = facts()
    mixed = replace(
        base,
        tiers=base.tiers.sample(frac=1, random_state=1),
        cities=base.cities[::-1],
        membership=base.membership[::-1],
    )
    pd.testing.assert_frame_equal(verdicts(*tests), verdicts(*tests, on=mixed))
