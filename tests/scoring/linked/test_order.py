"""Two tables imply no more and no less than what follows from one score per city.

Orders, bounds, counts and expectations are checked by enumeration, bounds also by integer
programming.
"""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from tierscape.data.errors import TierscapeError
from tierscape.scoring.linked.bounds import linked_bounds, linked_dominates
from tierscape.scoring.linked.draws import count_rankings, draw_rankings, expected_ranks
from tierscape.scoring.linked.order import LinkedOrder, order_of, rank_ranges


def tables(scores: list[int], places: list[int], cuts: tuple[int, int]) -> list[pd.Series]:
    """Return two tables of cities with one score each: place 0 is both, 1 and 2 one of them."""
    found = []
    for own, cut in zip((1, 2), cuts, strict=True):
        ids = [i for i, place in enumerate(places) if place in (0, own)]
        tiers = [1 + (scores[i] > cut) + (scores[i] > cut + 1) for i in ids]
        found.append(pd.Series(tiers, index=[f"{i}" for i in ids], dtype="int64"))
    return found


@st.composite
def small_orders(draw: st.DrawFn, most: int = 6) -> LinkedOrder:
    """Orders of up to `most` cities whose two tables agree."""
    size = draw(st.integers(2, most))
    scores = draw(st.lists(st.integers(0, 4), min_size=size, max_size=size))
    places = draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    cuts = draw(st.tuples(st.integers(0, 3), st.integers(0, 3)))
    return order_of(*tables(scores, places, cuts))


def closure(order: LinkedOrder) -> np.ndarray:
    """Return who is above whom, by following what the tables say as far as it leads."""
    above = np.zeros((order.n_cities, order.n_cities), dtype=bool)
    for tier in (order.first, order.second):
        above |= (tier[:, None] < tier) & (tier[:, None] > 0) & (tier > 0)
    for middle in range(order.n_cities):
        above |= np.outer(above[:, middle], above[middle])
    return above


def rankings(order: LinkedOrder) -> np.ndarray:
    """Return every ranking that agrees with both tables, as ranks of the cities."""
    pairs = np.argwhere(closure(order))
    every = np.array(list(permutations(range(1, order.n_cities + 1))))
    good = (every[:, pairs[:, 0]] < every[:, pairs[:, 1]]).all(axis=1)
    return every[good]


@given(small_orders())
def test_the_order_is_the_transitive_closure(order: LinkedOrder) -> None:
    assert (order.above() == closure(order)).all()


@given(small_orders())
def test_rank_ranges_are_sharp(order: LinkedOrder) -> None:
    found, every = rank_ranges(order), rankings(order)
    assert found["rank_best"].tolist() == every.min(axis=0).tolist()
    assert found["rank_worst"].tolist() == every.max(axis=0).tolist()


@given(small_orders())
def test_count_and_expected_ranks_are_those_of_enumeration(order: LinkedOrder) -> None:
    every = rankings(order)
    assert count_rankings(order) == len(every)
    np.testing.assert_allclose(expected_ranks(order), every.mean(axis=0), rtol=1e-12)


def test_draws_are_uniform_over_the_rankings() -> None:
    order = order_of(
        pd.Series({"a": 1, "b": 2, "c": 2, "d": 3}), pd.Series({"b": 1, "c": 2, "e": 2, "f": 1})
    )
    every, draws = rankings(order), 30_000
    drawn, counts = np.unique(draw_rankings(order, draws, seed=7), axis=0, return_counts=True)
    assert sorted(map(tuple, drawn)) == sorted(map(tuple, every))
    mean = draws / len(every)
    chi_square = ((counts - mean) ** 2 / mean).sum()
    freedom = len(every) - 1
    assert abs(chi_square - freedom) < 4 * np.sqrt(2 * freedom)


def test_draws_follow_their_seed() -> None:
    order = order_of(pd.Series({"a": 1, "b": 1}), pd.Series({"b": 1, "c": 2, "d": 2}))
    first, again, other = (draw_rankings(order, 200, seed=seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()
    assert (np.sort(first, axis=1) == [1, 2, 3, 4]).all()


def test_a_large_order_has_expected_ranks_that_add_up() -> None:
    scores = np.random.default_rng(3).permutation(300)
    one = pd.Series(1 + scores[:200] // 75, index=[str(i) for i in range(200)])
    two = pd.Series(1 + scores[100:] // 60, index=[str(i) for i in range(100, 300)])
    order = order_of(one, two)
    assert expected_ranks(order).sum() == pytest.approx(300 * 301 / 2)
    sample = draw_rankings(order, 4000).mean(axis=0)
    assert np.abs(sample - expected_ranks(order)).max() < 3


def test_contradicting_tables_need_doubtful_cities() -> None:
    one, two = pd.Series({"a": 1, "b": 2, "c": 2}), pd.Series({"a": 2, "b": 1, "d": 1})
    with pytest.raises(TierscapeError, match="contradict"):
        order_of(one, two)
    without = order_of(one, two, doubtful=["a"])
    assert (list(without.city_ids), without.excluded) == (["b", "c", "d"], ("a",))
    believed = order_of(one, two, doubtful=["a"], believe=0)
    above = pd.DataFrame(believed.above(), believed.city_ids, believed.city_ids)
    assert above.loc["a", "b"]
    assert not above.loc["d", "a"]
    turned = order_of(one, two, doubtful=["a"], believe=1)
    above = pd.DataFrame(turned.above(), turned.city_ids, turned.city_ids)
    assert above.loc["b", "a"]
    assert not above.loc["a", "c"]


@given(small_orders(), st.data())
def test_bounds_are_the_extremes_of_enumeration(order: LinkedOrder, data: st.DataObject) -> None:
    size = order.n_cities
    weight = np.array(data.draw(st.lists(st.integers(-4, 4), min_size=size, max_size=size)))
    sums = rankings(order) @ weight
    assert linked_bounds(order, weight) == (sums.min(), sums.max())


@given(small_orders(), st.data())
def test_dominance_is_that_of_enumeration(order: LinkedOrder, data: st.DataObject) -> None:
    size = order.n_cities
    weight = np.array(data.draw(st.lists(st.integers(-2, 2), min_size=size, max_size=size)))
    weight[-1] -= weight.sum()
    ahead = np.cumsum(weight[np.argsort(rankings(order), axis=1)], axis=1)
    expected = bool((ahead >= 0).all() and weight.any())
    assert linked_dominates(order, weight) == expected


def least_by_integer_programming(order: LinkedOrder, weight: np.ndarray) -> int:
    """Assign every city a rank, cities above others first, with the least weighted sum."""
    size = order.n_cities
    ranks = np.arange(1, size + 1)
    each = np.eye(size)
    once = np.vstack([np.kron(each, np.ones(size)), np.kron(np.ones(size), each)])
    rows = [
        np.kron(each[below] - each[above], ranks) for above, below in np.argwhere(closure(order))
    ]
    constraints = [LinearConstraint(once, 1, 1), LinearConstraint(np.array(rows), 1, np.inf)]
    found = milp(
        np.kron(weight, ranks), integrality=np.ones(size**2), bounds=(0, 1), constraints=constraints
    )
    return round(found.fun)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_bounds_are_those_of_integer_programming(seed: int) -> None:
    random = np.random.default_rng(seed)
    scores = random.permutation(14)
    one = pd.Series(1 + scores[:9] // 4, index=[f"{i}" for i in range(9)])
    two = pd.Series(1 + (scores[5:] + 2) // 5, index=[f"{i}" for i in range(5, 14)])
    order = order_of(one, two)
    weight = random.integers(-3, 4, 14)
    low = least_by_integer_programming(order, weight)
    high = -least_by_integer_programming(order, -weight)
    assert linked_bounds(order, weight) == (low, high)
