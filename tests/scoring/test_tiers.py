"""Tier bands, percentiles and ridits; a broken tiers table is named fault by fault."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.data.errors import DataError, TierscapeError
from tierscape.scoring.tiers import (
    TIER_COLUMNS,
    check_tiers,
    percentile,
    ridits,
    tier_sizes,
    tier_table,
    tier_tables,
)


def tiers_of(sizes: list[int], edition: str = "e", dimension: str = "total") -> pd.DataFrame:
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


def test_percentiles_of_the_first_and_last_rank() -> None:
    assert percentile([1, 184], 184).tolist() == pytest.approx([99.728261, 0.271739])


def test_ridits_of_the_g20_total() -> None:
    tier = np.repeat([1, 2, 3, 4], [18, 37, 55, 74])
    assert ridits(tier).tolist() == pytest.approx([95.108696, 80.163043, 55.163043, 20.108696])


@settings(deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_ridits_average_to_fifty_and_are_the_mean_percentile_of_their_ranks(
    sizes: list[int],
) -> None:
    tier = np.repeat(np.arange(1, len(sizes) + 1), sizes)
    by_city = ridits(tier)[tier - 1]
    assert by_city.mean() == pytest.approx(50)
    ranks = percentile(np.arange(1, len(tier) + 1), len(tier))
    means = [ranks[tier == t].mean() for t in range(1, len(sizes) + 1)]
    assert ridits(tier).tolist() == pytest.approx(means)
    assert tier_sizes(tier).tolist() == sizes


def test_a_table_is_sorted_by_tier_and_ignores_cities_it_does_not_have() -> None:
    table = tier_table(tiers_of([1, 2]).iloc[::-1])
    assert table.tier.tolist() == [1, 2, 2]
    assert table.n_cities == 3
    assert table.members({"2", "elsewhere"}).tolist() == [False, False, True]


def test_several_dimensions_are_not_one_table() -> None:
    both = pd.concat([tiers_of([1, 2]), tiers_of([2, 1], dimension="digital")])
    with pytest.raises(TierscapeError, match="several dimensions"):
        tier_table(both)
    with pytest.raises(TierscapeError, match="no rows"):
        tier_table(both[:0])
    assert [name for _, name, _ in tier_tables(both)] == ["total", "digital"]


def test_right_tables_pass() -> None:
    check_tiers(pd.concat([tiers_of([1, 2]), tiers_of([3, 1], edition="f")]))


def test_missing_columns_are_all_named() -> None:
    with pytest.raises(DataError) as caught:
        check_tiers(tiers_of([1, 2]).drop(columns=["label", "tier"]))
    assert [problem.column for problem in caught.value.problems] == ["label", "tier"]
    assert set(TIER_COLUMNS) == set(tiers_of([1]).columns)


def test_all_wrong_cells_are_named_at_once() -> None:
    table = tiers_of([2, 2]).astype({"tier": "float64"})
    table.loc[1, "city_id"] = "0"
    table.loc[2, "tier"] = 1.5
    table.loc[3, "city_id"] = ""
    with pytest.raises(DataError) as caught:
        check_tiers(table)
    found = {(problem.row, problem.column, problem.value) for problem in caught.value.problems}
    assert found == {(3, "city_id", "0"), (4, "tier", "1.5"), (5, "city_id", "")}


def test_an_empty_tier_and_wrong_ranks_are_named() -> None:
    table = tiers_of([2, 0, 1])
    table.loc[0, "rank_worst"] = 5
    table["n_cities"] = [3, 3, 4]
    with pytest.raises(DataError) as caught:
        check_tiers(table)
    found = [(problem.row, problem.column, problem.value) for problem in caught.value.problems]
    assert found == [(None, "tier", "2"), (2, "rank_worst", "5"), (4, "n_cities", "4")]
    assert "It is 2." in str(caught.value)
