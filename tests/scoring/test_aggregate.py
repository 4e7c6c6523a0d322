"""Tiers to clusters: every column as it is defined, for core members and for all."""

from itertools import permutations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.data.errors import DataError, TierscapeError, UnknownNameError
from tierscape.scoring.aggregate import cluster_members, group_summary, summarise
from tierscape.scoring.tiers import percentile


def tiers_of(edition: str, by_tier: list[str]) -> pd.DataFrame:
    """One dimension; each string holds the cities of a tier, one letter each."""
    sizes = np.array([len(cities) for cities in by_tier])
    tier = np.repeat(np.arange(1, len(by_tier) + 1), sizes)
    last = np.cumsum(sizes)
    return pd.DataFrame(
        {
            "edition": edition,
            "dimension": "total",
            "city_id": list("".join(by_tier)),
            "name_published": "x",
            "label": "l",
            "tier": tier,
            "rank_best": (last - sizes + 1)[tier - 1],
            "rank_worst": last[tier - 1],
            "n_cities": len(tier),
        },
    )


def membership_of(**clusters: str) -> pd.DataFrame:
    """Upper-case letters are core members, lower-case ones extended members."""
    rows = [
        (slug.replace("_", "-"), city.lower(), "core" if city.isupper() else "extended", "r", 1.0)
        for slug, cities in clusters.items()
        for city in cities
    ]
    return pd.DataFrame(rows, columns=["cluster", "city_id", "role", "rule", "measure_km"])


TIERS = pd.concat([tiers_of("one", ["ab", "cdef", "ghij"]), tiers_of("two", ["ax", "yz"])])
MEMBERS = membership_of(alps="ACGx", baltic="BDe", gulf="HIJ", empty="q")
LANDFORMS = {"alps": "mountain", "baltic": "coastal", "gulf": "coastal", "empty": "inland"}


@settings(deadline=None)
@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=3),
    st.lists(st.booleans(), min_size=12, max_size=12),
)
def test_a_summary_is_that_of_all_rankings(sizes: list[int], flags: list[bool]) -> None:
    cities = [chr(97 + i) for i in range(sum(sizes))]
    tier = np.repeat(np.arange(1, len(sizes) + 1), sizes)
    ids = [city for city, flag in zip(cities, flags, strict=False) if flag] or cities[:1]
    inside = np.isin(cities, ids)
    ranks = np.arange(1, len(tier) + 1)
    means = [
        float(np.mean(percentile(np.concatenate(parts)[inside], len(tier))))
        for parts in product(*(permutations(ranks[tier == t]) for t in np.unique(tier)))
    ]
    found = group_summary(pd.DataFrame({"city_id": cities, "tier": tier}), ids)
    assert found.n_cities == len(ids) == sum(found.tier_counts)
    assert found.percentile == pytest.approx(np.mean(means))
    assert found.percentile_lower == pytest.approx(min(means))
    assert found.percentile_upper == pytest.approx(max(means))
    assert found.percentile_sd == pytest.approx(np.std(means), abs=1e-9)


def test_cities_elsewhere_do_not_count_and_nobody_is_an_error() -> None:
    rows = tiers_of("one", ["ab", "cd"])
    assert group_summary(rows, ["a", "elsewhere"]).n_cities == 1
    with pytest.raises(TierscapeError, match="no city"):
        group_summary(rows, ["elsewhere"])


def test_a_group_of_everyone_is_known_exactly() -> None:
    found = group_summary(tiers_of("one", ["ab", "cd"]), "abcd")
    assert (found.percentile_lower, found.percentile_upper) == (50, 50)
    assert found.percentile_sd == 0


def test_columns_and_types() -> None:
    table = summarise(TIERS, MEMBERS, LANDFORMS)
    assert list(table.columns) == [
        "edition",
        "dimension",
        "cluster",
        "landform",
        "role",
        "n_cities",
        "percentile",
        "percentile_lower",
        "percentile_upper",
        "percentile_sd",
        "tier_1",
        "tier_2",
        "tier_3",
        "tier_4",
        "rank_core",
        "note",
    ]
    assert {str(table[f"tier_{n}"].dtype) for n in (1, 2, 3, 4)} == {"Int64"}
    assert str(table["rank_core"].dtype) == "Int64"


def test_rows_are_clusters_with_members_for_both_roles() -> None:
    table = summarise(TIERS, MEMBERS, LANDFORMS)
    found = table[["edition", "cluster", "role", "n_cities"]].to_records(index=False).tolist()
    assert found == [
        ("one", "alps", "core", 3),
        ("one", "alps", "all", 3),
        ("one", "baltic", "core", 2),
        ("one", "baltic", "all", 3),
        ("one", "gulf", "core", 3),
        ("one", "gulf", "all", 3),
        ("two", "alps", "core", 1),
        ("two", "alps", "all", 2),
    ]


def test_counts_percentiles_and_ranks() -> None:
    table = summarise(TIERS, MEMBERS, LANDFORMS).set_index(["edition", "cluster", "role"])
    alps = table.loc[("one", "alps", "core")]
    assert alps[["tier_1", "tier_2", "tier_3"]].tolist() == [1, 1, 1]
    assert pd.isna(alps["tier_4"])
    # Ridits of 2, 4 and 4 cities: 90, 60 and 20.
    assert alps["percentile"] == pytest.approx((90 + 60 + 20) / 3)
    assert alps["percentile_lower"] == pytest.approx((85 + 45 + 5) / 3)
    assert alps["percentile_upper"] == pytest.approx((95 + 75 + 35) / 3)
    assert alps["rank_core"] == 1
    assert table.loc[("one", "gulf", "core"), "rank_core"] == 2
    assert alps["landform"] == "mountain"


def test_what_has_no_rank_says_why() -> None:
    table = summarise(TIERS, MEMBERS, LANDFORMS)
    assert (table["rank_core"].isna() == (table["note"] != "")).all()
    notes = table.set_index(["edition", "cluster", "role"])["note"]
    assert notes["one", "baltic", "core"] == "2 core cities: no rank below 3"
    assert notes["two", "alps", "core"] == "1 core city: no rank below 3"
    assert "core members only" in notes["one", "baltic", "all"]


def test_equal_clusters_share_a_rank() -> None:
    members = membership_of(a="ACG", b="BDH", c="FIJ")
    table = summarise(TIERS, members, dict.fromkeys("abc", "inland"))
    core = table[(table["role"] == "core") & (table["edition"] == "one")]
    assert core["rank_core"].tolist() == [1, 1, 3]


def test_five_tiers_make_five_columns() -> None:
    table = summarise(tiers_of("one", list("abcde")), membership_of(x="AE"), {"x": "inland"})
    assert table.loc[0, ["tier_1", "tier_4", "tier_5"]].tolist() == [1, 0, 1]


def test_no_members_make_an_empty_table() -> None:
    table = summarise(TIERS, MEMBERS[:0], {})
    assert table.empty
    assert "rank_core" in table


def test_bad_input_is_named() -> None:
    with pytest.raises(UnknownNameError, match="unknown cluster 'baltic'"):
        summarise(TIERS, MEMBERS, {"alps": "mountain"})
    with pytest.raises(UnknownNameError, match="unknown role"):
        cluster_members(MEMBERS, "kernel")
    with pytest.raises(DataError, match="stands once"):
        summarise(pd.concat([TIERS, TIERS]), MEMBERS, LANDFORMS)
