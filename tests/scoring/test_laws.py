"""Exact laws against all rankings; the approximation against the exact law."""

from collections import Counter
from collections.abc import Iterator
from itertools import permutations, product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.scoring.bounds import difference_weights, rank_sum_bounds
from tierscape.scoring.compare import MAX_EXCESS, may_approximate
from tierscape.scoring.laws import (
    edgeworth_below,
    law_cost,
    rank_sum_law,
    rank_sum_moments,
)

Ints = npt.NDArray[np.int64]

#: Tier sizes of the published tables.
PUBLISHED = (
    (14, 29, 43, 58),
    (14, 48, 25, 57),
    (18, 37, 55, 74),
    (18, 41, 51, 74),
    (19, 36, 81, 48),
    (6, 12, 13, 31),
    (4, 14, 13, 31),
    (8, 17, 25),
)


def tiers(sizes: tuple[int, ...] | list[int]) -> Ints:
    return np.repeat(np.arange(1, len(sizes) + 1), sizes)


def rankings(tier: Ints) -> Iterator[Ints]:
    """Every ranking that agrees with the tiers: the rank of each city."""
    ranks = np.arange(1, len(tier) + 1)
    for parts in product(*(permutations(ranks[tier == t]) for t in np.unique(tier))):
        yield np.array([rank for part in parts for rank in part])


@st.composite
def weighted_tiers(draw: st.DrawFn) -> tuple[Ints, Ints]:
    tier = tiers(draw(st.lists(st.integers(1, 4), min_size=1, max_size=3)))
    weight = draw(st.lists(st.integers(-4, 4), min_size=len(tier), max_size=len(tier)))
    return tier, np.array(weight, dtype=np.int64)


@settings(deadline=None)
@given(weighted_tiers())
def test_the_law_is_that_of_all_rankings(case: tuple[Ints, Ints]) -> None:
    tier, weight = case
    law = rank_sum_law(tier, weight)
    counted = Counter(int(weight @ ranks) for ranks in rankings(tier))
    total = counted.total()
    expected = [counted[int(value)] / total for value in law.values]
    assert law.probabilities.tolist() == pytest.approx(expected, abs=1e-12)
    assert set(counted) <= set(law.values.tolist())
    behind = sum(n for value, n in counted.items() if value < 0) + counted[0] / 2
    assert law.below(0) == pytest.approx(behind / total)


@settings(deadline=None)
@given(weighted_tiers())
def test_moments_are_those_of_all_rankings(case: tuple[Ints, Ints]) -> None:
    tier, weight = case
    sums = np.array([weight @ ranks for ranks in rankings(tier)], dtype=np.float64)
    spread = sums - sums.mean()
    found = rank_sum_moments(tier, weight)
    assert found.mean == pytest.approx(sums.mean())
    assert found.variance == pytest.approx((spread**2).mean(), abs=1e-9)
    fourth = (spread**4).mean() - 3 * (spread**2).mean() ** 2
    assert found.fourth == pytest.approx(fourth, rel=1e-9, abs=1e-6)
    assert (spread**3).mean() == pytest.approx(0, abs=1e-6 * (1 + np.abs(spread).max() ** 3))


def test_worked_mean_and_deviation() -> None:
    tier = tiers((30, 60, 90, 120))
    weight = np.concatenate(
        [np.arange(n) < m for n, m in zip((30, 60, 90, 120), (10, 15, 20, 25), strict=True)],
    ).astype(np.int64)
    found = rank_sum_moments(tier, weight)
    assert found.mean / 70 == pytest.approx(139.785714, abs=5e-7)
    assert found.variance**0.5 / 70 == pytest.approx(2.803515, abs=5e-7)
    law = rank_sum_law(tier, weight)
    assert (law.values @ law.probabilities) / 70 == pytest.approx(found.mean / 70)
    spread = (law.values - found.mean) ** 2 @ law.probabilities
    assert spread == pytest.approx(found.variance)
    assert (law.values[0] / 70, law.values[-1] / 70) == pytest.approx((106.571429, 173.0))


def test_quantiles_of_a_small_law() -> None:
    law = rank_sum_law(np.array([1, 1, 2, 2]), np.array([1, 0, 0, 1]))
    assert [law.quantile(share) for share in (0.0, 0.25, 0.26, 0.75, 0.76, 1.0)] == [
        4,
        4,
        5,
        5,
        6,
        6,
    ]


def test_a_group_against_itself_is_never_ahead() -> None:
    tier = tiers((3, 4))
    group = np.array([True, False] * 3 + [True])
    weight, _ = difference_weights(group, group)
    assert rank_sum_law(tier, weight).probabilities.tolist() == [1.0]
    assert rank_sum_law(tier, weight).below(0) == 0.5
    assert law_cost(tier, weight) == 0


def test_swapping_the_groups_swaps_the_probability() -> None:
    rng = np.random.default_rng(3)
    tier = tiers(PUBLISHED[2])
    for n_a, n_b in ((3, 4), (7, 5), (12, 9)):
        in_a, in_b = _groups(rng, len(tier), (n_a, n_b, 1))
        ahead = rank_sum_law(tier, difference_weights(in_a, in_b)[0]).below(0)
        behind = rank_sum_law(tier, difference_weights(in_b, in_a)[0]).below(0)
        assert ahead + behind == pytest.approx(1, abs=1e-10)


def test_a_large_law_agrees_with_simulation() -> None:
    rng = np.random.default_rng(1)
    tier = tiers(PUBLISHED[2])
    weight, _ = difference_weights(*_groups(rng, len(tier), (20, 29, 6)))
    law = rank_sum_law(tier, weight)
    draws = 20_000
    keys = rng.random((draws, len(tier))) + tier
    sums = np.take(weight, np.argsort(keys, axis=1)) @ np.arange(1, len(tier) + 1)
    for share in (0.1, 0.3, 0.5, 0.8, 0.95):
        cut = law.quantile(share)
        exact = law.probabilities[law.values <= cut].sum()
        band = 4 * np.sqrt(exact * (1 - exact) / draws)
        assert abs((sums <= cut).mean() - exact) < band


@pytest.mark.parametrize("sizes", PUBLISHED)
def test_the_approximation_is_within_a_thousandth(sizes: tuple[int, ...]) -> None:
    rng = np.random.default_rng(sum(sizes))
    tier = tiers(sizes)
    checked = 0
    for n_a, n_b in product((3, 4, 6, 9, 13, 18), (3, 5, 8, 12)):
        for shared in (0, 2):
            weight, _ = difference_weights(*_groups(rng, len(tier), (n_a, n_b, shared)))
            low, high = rank_sum_bounds(tier, weight)
            moments = rank_sum_moments(tier, weight)
            if low > 0 or high < 0 or not may_approximate(moments):
                continue
            checked += 1
            exact = rank_sum_law(tier, weight)
            # Where only the distance from even odds allows it, it is cut at 0 alone.
            small = abs(moments.fourth) <= MAX_EXCESS * moments.variance**2
            others = (exact.quantile(0.1), exact.quantile(0.4)) if small else ()
            for cut in (0, *others):
                assert abs(edgeworth_below(tier, weight, cut) - exact.below(cut)) < 0.001
    assert checked >= 5


def test_the_approximation_is_cut_between_lattice_points() -> None:
    tier = tiers((20, 20, 20))
    weight = 3 * (np.arange(60) % 3 == 0).astype(np.int64)
    exact = rank_sum_law(tier, weight)
    assert exact.step == 3
    middle = int(exact.values[len(exact.values) // 3])
    values = [edgeworth_below(tier, weight, middle + off) for off in (0, 1, 1.5, 2)]
    assert values[1] == values[2] == values[3] > values[0]
    for off in (0, 1):
        near = exact.below(middle + off)
        assert edgeworth_below(tier, weight, middle + off) == pytest.approx(near, abs=0.001)


def _groups(
    rng: np.random.Generator,
    n: int,
    sizes: tuple[int, int, int],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    n_a, n_b, shared = sizes
    order = rng.permutation(n)
    in_a, in_b = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    in_a[order[:n_a]] = True
    in_b[order[n_a - shared : n_a - shared + n_b]] = True
    return in_a, in_b
