"""Passing intervals through a tree of means gives what a linear program over the tree gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tierscape.data.published_means import Printed, PublishedMean
from tierscape.scoring.audit_intervals import (
    Path,
    changed,
    clashes,
    from_parts,
    implied,
    meet,
    nearest_print,
    span,
)

SIZES = (2, 3)


def tree(figures: list[int], weights: list[int] | None) -> PublishedMean:
    """Return a whole with two parts of two and three parts, from hundredths in preorder."""
    numbers = iter(Printed.read(f"{figure / 100:.2f}") for figure in figures)
    loads = iter(weights or [])
    root = next(numbers)

    def weight() -> float | None:
        return float(next(loads)) if weights else None

    parts = []
    for size in SIZES:
        printed, mine = next(numbers), weight()
        inner = tuple(PublishedMean("leaf", next(numbers), weight()) for _ in range(size))
        parts.append(PublishedMean("part", printed, mine, inner))
    return PublishedMean("root", root, None, tuple(parts))


def nodes(mean: PublishedMean, path: Path = ()) -> list[tuple[Path, PublishedMean]]:
    found = [(path, mean)]
    for number, part in enumerate(mean.parts):
        found += nodes(part, (*path, number))
    return found


def by_program(means: PublishedMean, target: Path) -> tuple[float, float] | None:
    """Return the range of one mean with all figures but its own, with known weights."""
    listed = nodes(means)
    at = {path: number for number, (path, _) in enumerate(listed)}
    equations = []
    for path, mean in listed:
        if mean.parts:
            row = np.zeros(len(listed))
            row[at[path]] = -1
            total = sum(part.weight or 0 for part in mean.parts)
            for number, part in enumerate(mean.parts):
                row[at[*path, number]] = (part.weight or 0) / total
            equations.append(row)
    bounds = [(None, None) if path == target else span(mean.printed) for path, mean in listed]
    cost = np.zeros(len(listed))
    cost[at[target]] = 1
    ends = [
        linprog(sign * cost, A_eq=np.array(equations), b_eq=np.zeros(3), bounds=bounds)
        for sign in (1, -1)
    ]
    return (ends[0].fun, -ends[1].fun) if all(end.success for end in ends) else None


hundredths = st.lists(st.integers(40, 60), min_size=8, max_size=8)
loads = st.lists(st.integers(1, 9), min_size=7, max_size=7)


def means_of(leaves: list[int], weights: list[int] | None) -> list[int]:
    """Return consistent figures in preorder: leaves, and rounded means of them."""
    given_ = weights or [1] * 7
    first = np.average(leaves[:2], weights=given_[1:3])
    second = np.average(leaves[2:], weights=given_[4:])
    root = np.average([first, second], weights=[given_[0], given_[3]])
    return [round(root), round(first), *leaves[:2], round(second), *leaves[2:]]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 100), min_size=5, max_size=5), loads)
def test_ranges_are_those_of_a_linear_program(leaves: list[int], weights: list[int]) -> None:
    means = tree(means_of(leaves, weights), weights)
    assert not list(clashes(means))
    for path, _, range_ in implied(means):
        assert range_ == pytest.approx(by_program(means, path), abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(hundredths, loads)
def test_a_clash_is_a_family_without_a_solution(figures: list[int], weights: list[int]) -> None:
    means = tree(figures, weights)
    wrong = [path for path, _ in clashes(means)]
    solvable = by_program(means, ()) is not None and meet(
        span(means.printed), by_program(means, ()) or (0, 0)
    )
    assert (not wrong) == bool(solvable)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(10, 90), min_size=5, max_size=5), st.none() | loads, st.data())
def test_the_nearest_figure_that_will_do_is_found_by_trying_all(
    leaves: list[int], weights: list[int] | None, data: st.DataObject
) -> None:
    figures = means_of(leaves, weights)
    figures[data.draw(st.integers(0, 7))] = data.draw(st.integers(0, 100))
    means = tree(figures, weights)
    ranges = {path: range_ for path, _, range_ in implied(means)}
    for path, mean in nodes(means):
        steps = [
            abs(hundredth - round(100 * mean.printed.value))
            for hundredth in range(-300, 401)
            if not list(clashes(changed(means, path, Printed(hundredth / 100, 0.005))))
        ]
        if not steps:
            continue
        right = nearest_print(mean.printed, ranges[path])
        assert not list(clashes(changed(means, path, right)))
        assert round(100 * abs(right.value - mean.printed.value)) == min(steps)


def test_without_weights_a_mean_lies_between_its_parts() -> None:
    means = tree([50, 40, 30, 45, 70, 65, 70, 75], None)
    assert from_parts(means.parts[1]) == pytest.approx((0.645, 0.755))
    assert not list(clashes(means))
    high = tree([72, 40, 30, 45, 70, 65, 70, 75], None)
    assert [path for path, _ in clashes(high)] == [()]
    ranges = {path: range_ for path, _, range_ in implied(high)}
    assert ranges[1,] == pytest.approx((0.715, 0.755))
    assert (0,) not in ranges
