"""Rank sums by counts: many at once against one city at a time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.scoring.bounds import difference_weights
from tierscape.scoring.laws import (
    chances_below,
    edgeworth,
    edgeworth_below,
    law_cost,
    law_costs,
    rank_sum_law,
    rank_sum_moments,
)
from tierscape.scoring.rank_sums import RankSums, difference_sums


@st.composite
def pairs(draw: st.DrawFn) -> np.ndarray:
    """Kinds of up to four pairs in one to three tiers, some of them empty."""
    tiers = draw(st.integers(1, 3))
    size = st.lists(st.integers(0, 3), min_size=4 * tiers, max_size=4 * tiers)
    rows = draw(st.lists(size.filter(_both_have_cities), min_size=1, max_size=4))
    return np.array(rows).reshape(-1, tiers, 4)


def _both_have_cities(row: list[int]) -> bool:
    _, first, second, both = np.array(row).reshape(-1, 4).sum(axis=0)
    return bool(first + both and second + both)


def cities(kinds: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Tier and weight of every city of a pair, and the scale of the weights."""
    tier = np.repeat(np.arange(1, len(kinds) + 1), kinds.sum(axis=1))
    kind = np.repeat(np.tile(np.arange(4), len(kinds)), kinds.ravel())
    return tier, *difference_weights(kind % 2 == 1, kind >= 2)


@settings(deadline=None)
@given(pairs())
def test_bounds_and_dominance_are_those_of_the_cities(kinds: np.ndarray) -> None:
    sums, scales = difference_sums(kinds)
    ends, leads = sums.bounds(), sums.dominates()
    for place, pair in enumerate(kinds):
        tier, weight, scale = cities(pair)
        assert scales[place] == scale
        ranks = np.arange(1, len(tier) + 1)
        orders = [weight[np.lexsort((sign * weight, tier))] for sign in (-1, 1)]
        assert [end[place] for end in ends] == [order @ ranks for order in orders]
        ahead = np.cumsum(orders[1]), np.cumsum(-orders[0])
        for lead, weights in zip(leads, ahead, strict=True):
            assert lead[place] == ((weights >= 0).all() and (weights > 0).any())


@settings(deadline=None)
@given(pairs(), st.integers(-5, 5))
def test_many_sums_are_each_as_if_alone(kinds: np.ndarray, value: int) -> None:
    sums, _ = difference_sums(kinds)
    moments, rough = sums.moments(), edgeworth(sums, value)
    costs, exact = law_costs(sums), chances_below(sums, value)
    for place, pair in enumerate(kinds):
        tier, weight, _ = cities(pair)
        alone = rank_sum_moments(tier, weight)
        assert moments.mean[place] == pytest.approx(alone.mean)
        assert moments.variance[place] == pytest.approx(alone.variance)
        assert moments.fourth[place] == pytest.approx(alone.fourth, abs=1e-6)
        assert rough[place] == pytest.approx(edgeworth_below(tier, weight, value))
        assert costs[place] == law_cost(tier, weight)
        assert exact[place] == pytest.approx(rank_sum_law(tier, weight).below(value), abs=1e-12)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(-4, 4)), min_size=1, max_size=8))
def test_the_chance_below_is_that_of_the_law_everywhere(rows: list[tuple[int, int]]) -> None:
    tier, weight = (np.array(column) for column in zip(*sorted(rows), strict=True))
    law, sums = rank_sum_law(tier, 2 * weight), RankSums.of(tier, 2 * weight)
    for value in range(int(law.values[0]) - 2, int(law.values[-1]) + 3):
        assert chances_below(sums, value) == pytest.approx(law.below(value), abs=1e-12)


def test_a_step_is_what_all_differences_within_tiers_share() -> None:
    tier = np.array([1, 1, 2, 2, 2, 3])
    assert RankSums.of(tier, np.array([0, 6, 1, 5, 9, 3])).steps.tolist() == [2]
    assert RankSums.of(tier, np.array([4, 4, 1, 1, 1, 3])).steps.tolist() == [1]
