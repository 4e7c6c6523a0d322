"""Bounds are attained and never passed; dominance holds for every score that falls with rank."""

from collections.abc import Iterator
from itertools import combinations, permutations, product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tierscape.scoring.bounds import (
    difference_weights,
    dominates,
    permutation_p,
    rank_sum_bounds,
)
from tierscape.scoring.tiers import percentile

Ints = npt.NDArray[np.int64]
SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=3)


def tiers(sizes: list[int]) -> Ints:
    return np.repeat(np.arange(1, len(sizes) + 1), sizes)


def rankings(tier: Ints) -> Iterator[Ints]:
    """Every ranking that agrees with the tiers: the rank of each city."""
    ranks = np.arange(1, len(tier) + 1)
    orders = [permutations(ranks[tier == t]) for t in np.unique(tier)]
    for parts in product(*orders):
        yield np.array([rank for part in parts for rank in part])


def groups(tier: Ints, counts: list[tuple[int, ...]]) -> list[npt.NDArray[np.bool_]]:
    """Disjoint groups with the given cities per tier, taken from the top of each tier."""
    found = [np.zeros(len(tier), dtype=bool) for _ in counts]
    for t in np.unique(tier):
        start = int(np.flatnonzero(tier == t)[0])
        for group, numbers in zip(found, counts, strict=True):
            group[start : start + numbers[t - 1]] = True
            start += numbers[t - 1]
    return found


@settings(deadline=None)
@given(SIZES, st.data())
def test_bounds_are_those_of_all_rankings(sizes: list[int], data: st.DataObject) -> None:
    tier = tiers(sizes)
    weight = np.array(
        data.draw(st.lists(st.integers(-3, 3), min_size=len(tier), max_size=len(tier))),
    )
    sums = [int(weight @ ranks) for ranks in rankings(tier)]
    assert rank_sum_bounds(tier, weight) == (min(sums), max(sums))


def test_worked_numbers_of_means_and_their_difference() -> None:
    tier = tiers([30, 60, 90, 120])
    a, b = groups(tier, [(10, 15, 20, 25), (8, 20, 40, 50)])
    (c,) = groups(tier, [(12, 25, 30, 45)])
    expected = {
        (106.571429, 173.0): a,
        (131.703390, 186.584746): b,
        (120.116071, 176.062500): c,
    }
    for bounds, group in expected.items():
        low, high = rank_sum_bounds(tier, group.astype(np.int64))
        assert (low / group.sum(), high / group.sum()) == pytest.approx(bounds, abs=5e-7)
    weight, scale = difference_weights(a, b)
    low, high = rank_sum_bounds(tier, weight)
    assert (low / scale, high / scale) == pytest.approx((-80.0133, 41.2966), abs=5e-5)


def test_toy_of_six_cities() -> None:
    tier = tiers([2, 4])
    a, b = groups(tier, [(1, 1), (1, 2)])
    weight, scale = difference_weights(a, b)
    low, high = rank_sum_bounds(tier, weight)
    assert (low / scale, high / scale) == pytest.approx((-2.333333, 1.333333), abs=5e-7)
    every = [weight @ ranks / scale for ranks in rankings(tier)]
    assert (low / scale, high / scale) == pytest.approx((min(every), max(every)))


@settings(deadline=None)
@given(SIZES, st.data())
def test_weights_give_the_difference_of_mean_ranks(sizes: list[int], data: st.DataObject) -> None:
    tier = tiers(sizes)
    flags = st.lists(st.booleans(), min_size=len(tier), max_size=len(tier))
    in_a, in_b = (np.array(data.draw(flags)) for _ in range(2))
    assume(in_a.any() and in_b.any())
    weight, scale = difference_weights(in_a, in_b)
    ranks = np.arange(1, len(tier) + 1)
    assert weight @ ranks / scale == pytest.approx(ranks[in_a].mean() - ranks[in_b].mean())
    assert weight.sum() == 0


@settings(deadline=None)
@given(st.lists(st.integers(1, 3), min_size=1, max_size=3), st.data())
def test_dominance_is_that_of_all_rankings_and_all_scores(
    sizes: list[int],
    data: st.DataObject,
) -> None:
    tier = tiers(sizes)
    flags = st.lists(st.booleans(), min_size=len(tier), max_size=len(tier))
    in_a, in_b = (np.array(data.draw(flags)) for _ in range(2))
    assume(in_a.any() and in_b.any())
    # Scores that fall with rank are sums of steps: 1 down to some rank, 0 below it.
    steps = [np.arange(1, len(tier) + 1) <= cut for cut in range(1, len(tier))]
    share = in_a / in_a.sum() - in_b / in_b.sum()
    leads = [[step[ranks - 1] @ share for step in steps] for ranks in rankings(tier)]
    expected = all(min(lead) > -1e-9 < 1e-9 < max(lead) for lead in leads if lead) and bool(steps)
    assert dominates(tier, difference_weights(in_a, in_b)[0]) == expected


def test_ahead_in_mean_rank_is_less_than_dominance() -> None:
    # A holds ranks 3 to 5; B's best are 1, 6 and 7: behind in the mean, ahead with its best city.
    tier = tiers([2, 3, 10])
    a, b = groups(tier, [(0, 3, 0), (1, 0, 2)])
    weight, _ = difference_weights(a, b)
    assert rank_sum_bounds(tier, weight)[1] < 0
    assert not dominates(tier, weight)


@pytest.mark.parametrize(
    ("counts_a", "counts_b", "expected"),
    [
        ((10, 15, 20, 25), (8, 20, 40, 50), 0.118141821062),
        ((3, 2, 1, 0), (0, 1, 3, 4), 0.00632700632701),
    ],
)
def test_permutation_test_is_that_of_coin(
    counts_a: tuple[int, ...],
    counts_b: tuple[int, ...],
    expected: float,
) -> None:
    tier = tiers([30, 60, 90, 120])
    a, b = groups(tier, [counts_a, counts_b])
    assert permutation_p(tier, a, b) == pytest.approx(expected, abs=2e-12)
    assert permutation_p(tier, b, a) == pytest.approx(expected, abs=2e-12)


@settings(deadline=None)
@given(SIZES, st.data())
def test_permutation_test_is_that_of_all_deals(sizes: list[int], data: st.DataObject) -> None:
    tier = tiers(sizes)
    labels = st.lists(st.sampled_from("ABC-"), min_size=len(tier), max_size=len(tier))
    label = np.array(data.draw(labels))
    in_a, in_b = np.isin(label, ["A", "C"]), np.isin(label, ["B", "C"])
    assume(in_a.any() and in_b.any())
    assert permutation_p(tier, in_a, in_b) == pytest.approx(_enumerated(tier, in_a, in_b))


def _enumerated(
    tier: Ints,
    in_a: npt.NDArray[np.bool_],
    in_b: npt.NDArray[np.bool_],
) -> float:
    union = in_a | in_b
    pooled = tier[union]
    midrank = np.array([(pooled < t).sum() + ((pooled == t).sum() + 1) / 2 for t in pooled])
    n_a, n_b, n = int(in_a.sum()), int(in_b.sum()), len(pooled)
    shared = int((in_a & in_b).sum())

    def statistic(a: list[int], b: list[int]) -> float:
        return float(midrank[a].mean() - midrank[b].mean())

    where = np.arange(n)
    observed = statistic(list(where[in_a[union]]), list(where[in_b[union]]))
    deals = []
    for a in combinations(range(n), n_a):
        others = [i for i in range(n) if i not in a]
        assert len(others) == n_b - shared
        deals += [statistic(list(a), [*c, *others]) for c in combinations(a, shared)]
    return float(np.mean(np.abs(deals) >= abs(observed) - 1e-9))


def test_a_law_that_is_too_large_gives_no_p_value() -> None:
    rng = np.random.default_rng(0)
    tier = tiers([200, 200, 200, 200, 200])
    in_a, in_b = rng.random(1000) < 0.5, rng.random(1000) < 0.5
    assert permutation_p(tier, in_a, in_b) is None


def test_percentile_turns_bounds_round() -> None:
    tier = tiers([2, 2])
    low, high = rank_sum_bounds(tier, np.array([1, 0, 0, 1]))
    assert percentile(np.array([high, low]) / 2, 4).tolist() == [37.5, 62.5]
