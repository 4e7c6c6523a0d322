"""Pairs of clusters: every column as it is defined, and small clusters say what they lack."""

from itertools import permutations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tierscape.data.errors import DataError, TierscapeError, UnknownNameError
from tierscape.scoring.compare import compare, compare_all, compare_groups, holm
from tierscape.scoring.tiers import percentile

COLUMNS = [
    "edition",
    "dimension",
    "cluster_a",
    "cluster_b",
    "difference",
    "difference_lower",
    "difference_upper",
    "p_a_ahead",
    "certain",
    "p_value",
    "p_adjusted",
]


def tiers_of(edition: str, sizes: list[int], dimension: str = "total") -> pd.DataFrame:
    tier = np.repeat(np.arange(1, len(sizes) + 1), sizes)
    last = np.cumsum(sizes)
    return pd.DataFrame(
        {
            "edition": edition,
            "dimension": dimension,
            "city_id": [str(i) for i in range(len(tier))],
            "name_published": "x",
            "label": "l",
            "tier": tier,
            "rank_best": (last - sizes + 1)[tier - 1],
            "rank_worst": last[tier - 1],
            "n_cities": len(tier),
        },
    )


def membership_of(clusters: dict[str, list[int]], role: str = "core") -> pd.DataFrame:
    rows = [(slug, str(city), role, "r", 1.0) for slug, ids in clusters.items() for city in ids]
    return pd.DataFrame(rows, columns=["cluster", "city_id", "role", "rule", "measure_km"])


TIERS = pd.concat(
    [
        tiers_of("one", [3, 6, 6]),
        tiers_of("one", [6, 3, 6], "digital"),
        tiers_of("two", [1, 2]),
    ],
)
PAIR = ("cluster_a", "cluster_b")
MEMBERS = membership_of(
    {"low": [11, 12, 13], "high": [0, 1, 2], "mixed": [2, 5, 8, 14], "pair": [4, 9]},
)


@settings(deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.data())
def test_a_comparison_is_that_of_all_rankings(sizes: list[int], data: st.DataObject) -> None:
    rows = tiers_of("one", sizes)
    flags = st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))
    in_a, in_b = (np.array(data.draw(flags)) for _ in range(2))
    assume(in_a.any() and in_b.any())
    tier, ranks = rows["tier"].to_numpy(), np.arange(1, len(rows) + 1)
    differences = np.array(
        [
            percentile(order, len(rows))[in_a].mean() - percentile(order, len(rows))[in_b].mean()
            for parts in product(*(permutations(ranks[tier == t]) for t in np.unique(tier)))
            for order in [np.concatenate(parts)]
        ],
    ).round(9)
    found = compare_groups(rows, rows["city_id"][in_a], rows["city_id"][in_b])
    assert found.difference == pytest.approx(differences.mean(), abs=1e-8)
    assert found.difference_lower == pytest.approx(differences.min(), abs=1e-8)
    assert found.difference_upper == pytest.approx(differences.max(), abs=1e-8)
    ahead = (differences > 0).mean() + (differences == 0).mean() / 2
    assert found.p_a_ahead == pytest.approx(ahead)
    assert found.certain == (differences.min() > 0 or differences.max() < 0)
    assert found.p_method == ("certain" if found.certain else "exact")
    assert not found.dominates or found.certain
    assert (found.n_a, found.n_b) == (in_a.sum(), in_b.sum())
    assert found.n_shared == (in_a & in_b).sum()
    assert (found.p_value is None) == (min(in_a.sum(), in_b.sum()) < 3)


@settings(deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.data())
def test_swapping_the_groups_mirrors_everything(sizes: list[int], data: st.DataObject) -> None:
    rows = tiers_of("one", sizes)
    groups = st.lists(st.sampled_from(list(rows["city_id"])), min_size=1)
    ids_a, ids_b = data.draw(groups), data.draw(groups)
    one, other = compare_groups(rows, ids_a, ids_b), compare_groups(rows, ids_b, ids_a)
    assert one.difference == -other.difference
    assert one.difference_lower == -other.difference_upper
    assert one.p_a_ahead == pytest.approx(1 - other.p_a_ahead)
    assert one.dominates == other.dominates
    assert one.p_value == pytest.approx(other.p_value)


def test_leading_in_every_score_is_told_from_leading_in_the_mean() -> None:
    rows = tiers_of("one", [2, 3, 10])
    mean_only = compare_groups(rows, "234", ["0", "13", "14"])
    assert (mean_only.certain, mean_only.dominates) == (True, False)
    every = compare_groups(rows, "234", ["11", "13", "14"])
    assert (every.certain, every.dominates, every.p_a_ahead) == (True, True, 1.0)
    assert compare_groups(rows, ["11", "13", "14"], "234").p_a_ahead == 0.0


def test_a_group_without_cities_is_an_error() -> None:
    rows = tiers_of("one", [2, 3])
    with pytest.raises(TierscapeError, match="second group has no city"):
        compare_groups(rows, ["1"], ["elsewhere"])


def test_columns_and_pairs_of_the_whole_table() -> None:
    table = compare_all(TIERS, MEMBERS)
    assert list(table.columns[: len(COLUMNS)]) == COLUMNS
    in_one = [
        ("high", "low"),
        ("high", "mixed"),
        ("high", "pair"),
        ("low", "mixed"),
        ("low", "pair"),
        ("mixed", "pair"),
    ]
    where = table.groupby(["edition", "dimension"], sort=False)
    pairs = {key: list(zip(g["cluster_a"], g["cluster_b"], strict=True)) for key, g in where}
    assert pairs == {
        ("one", "total"): in_one,
        ("one", "digital"): in_one,
        ("two", "total"): [("high", "mixed")],
    }
    assert not table["certain"].isna().any()


def test_small_clusters_have_bounds_and_say_why_they_have_no_p_value() -> None:
    table = compare_all(TIERS, MEMBERS)
    small = table["cluster_b"] == "pair"
    assert table.loc[small, "p_value"].isna().all()
    assert table.loc[small, "p_adjusted"].isna().all()
    assert table.loc[small, ["difference_lower", "difference_upper"]].notna().all(axis=None)
    assert set(table.loc[small, "note"]) == {"pair: 2 cities, no p-value below 3"}
    assert ((table["note"] == "") == table["p_value"].notna()).all()


def test_p_values_are_adjusted_within_each_dimension() -> None:
    table = compare_all(TIERS, MEMBERS)
    for _, rows in table.groupby(["edition", "dimension"]):
        assert rows["p_adjusted"].tolist() == pytest.approx(
            holm(rows["p_value"]).tolist(),
            nan_ok=True,
        )
    one = table[(table["edition"] == "one") & (table["dimension"] == "total")]
    found = one.set_index(["cluster_a", "cluster_b"])[["p_value", "p_adjusted"]]
    # Three pairs have a p-value; the smallest counts thrice and pulls the second up to itself.
    assert found.loc[("high", "mixed")].tolist() == pytest.approx([1 / 12, 3 / 12])
    assert found.loc[("high", "low")].tolist() == pytest.approx([0.1, 3 / 12])


def test_extended_members_do_not_count_in_the_whole_table() -> None:
    more = membership_of({"low": [3], "far": [3, 4, 5]}, role="extended")
    table = compare_all(TIERS, pd.concat([MEMBERS, more]))
    pd.testing.assert_frame_equal(table, compare_all(TIERS, MEMBERS))


def test_asking_for_clusters_keeps_their_order() -> None:
    table = compare(TIERS, MEMBERS, ["mixed", "high"], edition="one", dimension="total")
    whole = compare_all(TIERS, MEMBERS)
    (row,) = table.to_dict("records")
    (other,) = whole[
        (whole["edition"] == "one")
        & (whole["dimension"] == "total")
        & (whole["cluster_a"] == "high")
        & (whole["cluster_b"] == "mixed")
    ].to_dict("records")
    assert (row["cluster_a"], row["cluster_b"]) == ("mixed", "high")
    assert row["difference"] == -other["difference"]
    assert row["p_a_ahead"] == pytest.approx(1 - other["p_a_ahead"])
    assert row["p_adjusted"] == row["p_value"] == pytest.approx(other["p_value"])
    assert list(table.columns) == list(whole.columns)


def test_absent_clusters_are_said_to_be_absent() -> None:
    table = compare(TIERS, MEMBERS, ["high", "low", "pair"], edition="two")
    assert table["note"].tolist() == [
        "low: no city here",
        "pair: no city here",
        "low: no city here; pair: no city here",
    ]
    assert table[["difference", "certain", "n_a", "p_method"]].isna().all(axis=None)


def test_both_roles_can_be_asked_for() -> None:
    more = membership_of({"low": [0]}, role="extended")
    members = pd.concat([MEMBERS, more])
    core, both = (
        compare(TIERS, members, ["high", "low"], edition="one", dimension="total", role=role)
        for role in ("core", "all")
    )
    assert (core.loc[0, "n_b"], both.loc[0, "n_b"], both.loc[0, "n_shared"]) == (3, 4, 1)


def test_wrong_requests_are_named() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'high'"):
        compare(TIERS, MEMBERS, ["hihg", "low"])
    with pytest.raises(UnknownNameError, match="unknown edition"):
        compare(TIERS, MEMBERS, ["high", "low"], edition="three")
    with pytest.raises(UnknownNameError, match="unknown dimension 'digital'"):
        compare(TIERS, MEMBERS, ["high", "low"], edition="two", dimension="digital")
    for slugs in (["high"], ["high", "high"]):
        with pytest.raises(TierscapeError, match="two or more different"):
            compare(TIERS, MEMBERS, slugs)
    with pytest.raises(DataError, match="stands once"):
        compare_all(pd.concat([TIERS, TIERS]), MEMBERS)


def test_no_clusters_make_an_empty_table() -> None:
    table = compare_all(TIERS, MEMBERS[:0])
    assert table.empty
    assert list(table.columns[: len(COLUMNS)]) == COLUMNS


def test_the_main_job_approximates_only_within_a_thousandth() -> None:
    rng = np.random.default_rng(7)
    tiers = tiers_of("g20", [18, 37, 55, 74])
    members = membership_of(
        {f"c{size}": sorted(rng.permutation(184)[:size].tolist()) for size in (3, 5, 9, 12, 17)},
    )
    table = compare_all(tiers, members)
    slugs = sorted(members["cluster"].unique())
    exact = compare(tiers, members, slugs)
    assert set(exact["p_method"]) <= {"exact", "certain"}
    assert "edgeworth" in set(table["p_method"])
    assert (table["p_a_ahead"] - exact["p_a_ahead"]).abs().max() < 0.001


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_keeps_the_order_and_never_lowers(p_values: list[float]) -> None:
    raw = pd.Series(p_values, dtype="float64")
    adjusted = holm(raw)
    assert (adjusted >= raw).all()
    assert adjusted.max() <= 1 or raw.empty
    assert adjusted[raw.sort_values(kind="stable").index].is_monotonic_increasing


def test_without_cities_there_are_no_pairs() -> None:
    rows = tiers_of("one", [3, 3])
    for tiers, members in ((rows[:0], MEMBERS), (rows, MEMBERS[:0])):
        table = compare_all(tiers, members)
        assert table.empty
        assert table.dtypes["n_a"] == "Int64"


def test_all_pairs_at_once_are_each_as_if_alone() -> None:
    rng = np.random.default_rng(3)
    tiers = pd.concat([tiers_of("one", [5, 9, 16, 20]), tiers_of("two", [8, 12])])
    sizes = {"a": 3, "b": 4, "c": 7, "d": 2}
    chosen = {slug: rng.permutation(20)[:size].tolist() for slug, size in sizes.items()}
    members = membership_of(chosen | {"e": [*chosen["a"], 30, 40]})
    table = compare_all(tiers, members)
    assert len(table) == 20
    assert table["n_shared"].gt(0).any()
    assert table["p_value"].notna().any()
    for row in table.to_dict("records"):
        rows = tiers[tiers["edition"] == row["edition"]]
        groups = (members.loc[members["cluster"] == row[c], "city_id"] for c in PAIR)
        alone = compare_groups(rows, *groups)
        for name in ("difference", "difference_lower", "difference_upper", "p_a_ahead"):
            assert row[name] == pytest.approx(getattr(alone, name), abs=1e-9)
        assert (row["certain"], row["dominates"]) == (alone.certain, alone.dominates)
        assert (row["n_a"], row["n_b"], row["n_shared"]) == (alone.n_a, alone.n_b, alone.n_shared)
        p_value = np.nan if alone.p_value is None else alone.p_value
        assert row["p_value"] == pytest.approx(p_value, abs=1e-12, nan_ok=True)
