"""Spread inside clusters: against all rankings, and at its extremes."""

from itertools import combinations, permutations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tierscape.data.errors import TierscapeError
from tierscape.scoring.spread import mean_gap, spread, tier_variation


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.data())
def test_the_gap_is_that_of_all_rankings(sizes: list[int], data: st.DataObject) -> None:
    tier = np.repeat(np.arange(1, len(sizes) + 1), sizes)
    inside = np.array(data.draw(st.lists(st.booleans(), min_size=len(tier), max_size=len(tier))))
    assume(inside.sum() > 1)
    ranks = np.arange(1, len(tier) + 1)
    gaps = [
        np.mean([abs(x - y) for x, y in combinations(np.concatenate(parts)[inside], 2)])
        for parts in product(*(permutations(ranks[tier == t]) for t in np.unique(tier)))
    ]
    points = 100 / len(tier)
    found = mean_gap(tier, np.bincount(tier[inside], minlength=len(sizes) + 1)[1:])
    assert found.expected == pytest.approx(points * np.mean(gaps))
    assert found.lower == pytest.approx(points * min(gaps))
    assert found.upper == pytest.approx(points * max(gaps))


def test_variation_of_known_shapes() -> None:
    assert tier_variation(np.array([0, 0, 7, 0])) == 0.0
    assert tier_variation(np.array([3, 0, 0, 3])) == 1.0
    # Even over four tiers: F = 1/4, 1/2, 3/4, so 1 − 4/3 · (1/16 + 0 + 1/16).
    assert tier_variation(np.array([2, 2, 2, 2])) == pytest.approx(5 / 6)
    assert tier_variation(np.array([9])) == 0.0


@given(st.lists(st.integers(0, 5), min_size=3, max_size=5), st.data())
def test_variation_rises_with_a_spread_about_the_median(
    counts: list[int], data: st.DataObject
) -> None:
    before = np.array(counts)
    assume(before.sum() > 0)
    shares = np.cumsum(before) / before.sum()
    # A city above the median goes up, or one below it goes down.
    moves = [(t, t - 1) for t in range(1, len(counts)) if shares[t] <= 0.5 and before[t]]
    moves += [(t, t + 1) for t in range(1, len(counts) - 1) if shares[t - 1] >= 0.5 and before[t]]
    assume(moves)
    source, target = data.draw(st.sampled_from(moves))
    after = before.copy()
    after[source] -= 1
    after[target] += 1
    assert tier_variation(after) > tier_variation(before)


def test_too_few_cities_are_an_error() -> None:
    with pytest.raises(TierscapeError, match="two cities or more"):
        mean_gap(np.array([1, 1, 2]), np.array([1, 0]))
    with pytest.raises(TierscapeError, match="no city"):
        tier_variation(np.array([0, 0]))


def test_every_cluster_has_its_best_and_worst_cities() -> None:
    tiers = pd.DataFrame(
        {
            "edition": "one",
            "dimension": "total",
            "city_id": list("abcdef"),
            "name_published": "x",
            "label": "l",
            "tier": [1, 1, 2, 2, 3, 3],
            "rank_best": [1, 1, 3, 3, 5, 5],
            "rank_worst": [2, 2, 4, 4, 6, 6],
            "n_cities": 6,
        }
    )
    membership = pd.DataFrame(
        [
            *(("wide", city, "core") for city in "aef"),
            ("wide", "c", "extended"),
            ("one", "d", "core"),
            ("none", "z", "core"),
        ],
        columns=["cluster", "city_id", "role"],
    )
    found = spread(tiers, membership).set_index("cluster")
    assert list(found.index) == ["one", "wide"]
    wide = found.loc["wide"]
    assert (wide["best"], wide["worst"], wide["best_tier"], wide["worst_tier"]) == (
        "a",
        "e;f",
        1,
        3,
    )
    assert wide["gap"] == pytest.approx(100 / 6 * (4 + 4 + 1) / 3)
    assert np.isnan(found.loc["one", "gap"])
    assert found.loc["one", "best"] == found.loc["one", "worst"] == "d"
    assert spread(tiers, membership, "all").set_index("cluster").loc["wide", "n_cities"] == 4
