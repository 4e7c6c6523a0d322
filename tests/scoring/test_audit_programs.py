"""The linear programs give what trying all weights, and all scores, gives."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.scoring.audit_programs import (
    Interval,
    mean_ranges,
    nearest_weights,
    weight_ranges,
    weighted_range,
)

STEP = 50
SIMPLEX = (
    np.array([(a, b, STEP - a - b) for a in range(STEP + 1) for b in range(STEP + 1 - a)]) / STEP
)

intervals = st.integers(0, 10).flatmap(
    lambda low: st.integers(low, 10).map(lambda high: (low / 10, high / 10))
)


def possible(weights: np.ndarray, whole: Interval, parts: list[Interval]) -> np.ndarray:
    """Tell for which weights a mean of the parts can be in the whole's interval."""
    low, high = np.array(parts).T
    return (weights @ low <= whole[1] + 1e-9) & (weights @ high >= whole[0] - 1e-9)


@settings(max_examples=60, deadline=None)
@given(intervals, st.lists(intervals, min_size=3, max_size=3))
def test_ranges_of_weights_hold_all_that_will_do(whole: Interval, parts: list[Interval]) -> None:
    good = SIMPLEX[possible(SIMPLEX, whole, parts)]
    ranges = weight_ranges(whole, parts)
    if not ranges:
        assert not len(good)
        return
    low, high = np.array(ranges).T
    assert (good >= low - 1e-6).all()
    assert (good <= high + 1e-6).all()
    # Every end is attained: with it fixed, some weights of the others will do.
    for number, ends in enumerate(ranges):
        for end in ends:
            line = np.linspace(0, 1 - end, 201)
            tried = np.insert(np.stack([line, 1 - end - line], axis=1), number, end, axis=1)
            slack = (whole[0] - 1e-3, whole[1] + 1e-3)
            assert possible(tried, slack, parts).any()


@settings(max_examples=60, deadline=None)
@given(intervals, st.lists(intervals, min_size=3, max_size=3), st.integers(0, len(SIMPLEX) - 1))
def test_nearest_weights_are_nearest(whole: Interval, parts: list[Interval], at: int) -> None:
    given_ = SIMPLEX[at]
    found = np.array(nearest_weights(whole, parts, list(given_)))
    good = SIMPLEX[possible(SIMPLEX, whole, parts)]
    if not found.size:
        assert not len(good)
        return
    assert found.sum() == pytest.approx(1)
    assert (found >= 0).all()
    assert possible(found, (whole[0] - 1e-6, whole[1] + 1e-6), parts)
    if len(good):
        assert np.abs(found - given_).sum() <= np.abs(good - given_).sum(axis=1).min() + 1e-6


def test_weights_that_will_do_stay() -> None:
    parts = [(0.1, 0.2), (0.3, 0.4)]
    assert nearest_weights((0.2, 0.3), parts, [0.5, 0.5]) == pytest.approx([0.5, 0.5])


@given(st.lists(intervals, min_size=2, max_size=4), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_rounded_weights_widen_a_weighted_mean(parts: list[Interval], slack: int) -> None:
    n = len(parts)
    low, high = weighted_range(parts, [1 / n] * n, slack / 100)
    shift = np.array([each for each in product((-1, 0, 1), repeat=n) if sum(each) == 0])
    weights = 1 / n + shift * slack / 100
    assert low == pytest.approx((weights @ np.array(parts)[:, 0]).min(), abs=1e-7)
    assert high == pytest.approx((weights @ np.array(parts)[:, 1]).max(), abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=4, max_size=4),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=3),
)
def test_group_means_against_all_scores_in_whole_numbers(
    spans: list[tuple[int, int]], sums: list[tuple[int, int]]
) -> None:
    # Nested groups make the extreme scores whole, so that trying whole scores is exact.
    scores = [(float(min(each)), float(max(each))) for each in spans]
    groups = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1]], dtype=bool)
    sizes = groups.sum(axis=1)
    limits = np.array([sorted(each) for each in sums])
    printed = [(a / size, b / size) for (a, b), size in zip(limits.tolist(), sizes, strict=True)]
    tried = np.array(list(product(*(range(int(a), int(b) + 1) for a, b in scores))))
    totals = tried @ groups.T
    held = (totals >= limits[:, 0]) & (totals <= limits[:, 1])
    for number, range_ in enumerate(mean_ranges(scores, groups, printed)):
        good = totals[np.delete(held, number, axis=1).all(axis=1), number] / sizes[number]
        if range_ is None:
            assert not good.size
        else:
            assert range_ == pytest.approx((good.min(), good.max()), abs=1e-7)
