"""Characteristic functions of one tier: by power sums, rank by rank, and from all orders."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.scoring import tier_transforms
from tierscape.scoring.tier_transforms import (
    MAX_GROWTH,
    MAX_PRODUCTS,
    Circle,
    Part,
    by_power_sums,
    by_ranks,
    transform,
)

HALF = 360


@st.composite
def parts(draw: st.DrawFn, most: int) -> Part:
    counts = draw(
        st.lists(st.integers(1, 4), min_size=1, max_size=3).filter(lambda c: sum(c) < most)
    )
    weights = draw(
        st.lists(
            st.integers(-9, 9).filter(bool),
            min_size=len(counts),
            max_size=len(counts),
            unique=True,
        )
    )
    size = draw(st.integers(sum(counts) + 1, most))
    return Part(size, tuple(weights), tuple(counts))


def theta(turns: np.ndarray) -> np.ndarray:
    return 2 * np.pi / HALF * turns


@settings(deadline=None, max_examples=40)
@given(parts(most=6))
def test_it_is_the_mean_over_all_orders(part: Part) -> None:
    kinds = [0] * (part.size - sum(part.counts))
    for weight, count in zip(part.weights, part.counts, strict=True):
        kinds += [weight] * count
    ranks = np.arange(part.size) - (part.size - 1) / 2
    sums = np.array([order @ ranks for order in set(permutations(kinds))])
    turns = np.arange(0, HALF, 7)
    expected = np.cos(np.multiply.outer(theta(turns), sums)).mean(axis=1)
    assert transform(part, Circle.of(HALF, 1), turns) == pytest.approx(expected, abs=1e-12)


@settings(deadline=None, max_examples=40)
@given(parts(most=60))
def test_power_sums_and_ranks_agree(part: Part) -> None:
    turns = np.arange(HALF)
    summed = by_power_sums(part, Circle.of(HALF, 1), turns)
    assert summed == pytest.approx(by_ranks(part, theta(turns)), abs=1e-11)


@pytest.mark.parametrize(
    ("size", "counts"),
    [(81, (36,)), (300, (60,)), (31, (9, 8, 4)), (55, (23, 3)), (200, (30, 25)), (20, (9,))],
)
def test_power_sums_hold_up_to_the_growth_allowed(size: int, counts: tuple[int, ...]) -> None:
    part = Part(size, (7, -5, 2)[: len(counts)], counts)
    assert part.growth <= MAX_GROWTH
    turns = np.arange(0, 3000, 17)
    circle = Circle.of(6000, 1)
    summed = by_power_sums(part, circle, turns)
    ranked = by_ranks(part, np.pi / 3000 * turns)
    assert summed == pytest.approx(ranked, abs=2e-12)


@pytest.mark.parametrize(("size", "counts"), [(40, (20, 19)), (400, (13, 13, 13))])
def test_other_tiers_go_rank_by_rank(
    size: int, counts: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    part = Part(size, (1, -1, 3)[: len(counts)], counts)
    assert part.growth > MAX_GROWTH or part.products > MAX_PRODUCTS
    monkeypatch.setattr(tier_transforms, "by_power_sums", None)
    assert transform(part, Circle.of(HALF, 1), np.array([0, 1]))[0] == pytest.approx(1)


@pytest.mark.parametrize("half", [7, 12])
@pytest.mark.parametrize("size", [1, 2, 5, 8])
def test_the_kernel_is_the_sum_of_cosines(size: int, half: int) -> None:
    turns = np.arange(-3 * half, 3 * half + 1)
    ranks = np.arange(size) - (size - 1) / 2
    expected = np.cos(2 * np.pi / half * np.multiply.outer(turns, ranks)).sum(axis=1)
    circle = Circle.of(half, 1)
    assert circle.kernel(size)[circle.places(turns)] == pytest.approx(expected, abs=1e-12)


def test_weights_are_counted_in_steps() -> None:
    turns = np.arange(HALF)
    whole = transform(Part(9, (2, -1), (2, 3)), Circle.of(HALF, 1), turns)
    assert (
        transform(Part(9, (10, -5), (2, 3)), Circle.of(HALF, 5), turns).tolist() == whole.tolist()
    )
