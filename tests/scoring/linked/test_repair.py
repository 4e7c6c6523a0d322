"""Smallest repairs against all subsets of cities."""

from itertools import combinations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from tierscape.scoring.linked.repair import MOST_SETS, conflicts, repair

PAIRS = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), max_size=8)


def shared(pairs: list[tuple[int, int]]) -> pd.DataFrame:
    ids = [str(number) for number in range(len(pairs))]
    table = pd.DataFrame(pairs, columns=["tier", "tier_second"], dtype="int64")
    return table.assign(city_id=pd.Series(ids, dtype="str"))


def smallest(pairs: list[tuple[int, int]]) -> list[tuple[str, ...]]:
    """Try all sets of cities, smaller ones first."""
    ids = range(len(pairs))
    for size in range(len(pairs) + 1):
        found = []
        for removed in combinations(ids, size):
            left = [pairs[i] for i in ids if i not in removed]
            if not any(x[0] < y[0] and x[1] > y[1] for x in left for y in left):
                found.append(tuple(map(str, removed)))
        if found:
            return found
    raise AssertionError


@given(PAIRS)
def test_repairs_are_all_the_smallest_sets(pairs: list[tuple[int, int]]) -> None:
    expected, found = smallest(pairs), repair(shared(pairs))
    assert found.n_sets == len(expected)
    assert found.size == len(expected[0])
    assert set(found.sets) <= set(expected)
    assert len(set(found.sets)) == min(len(expected), MOST_SETS)
    assert found.doubtful == frozenset(city for each in expected for city in each)
    assert found.unique == (len(expected) == 1)


@given(PAIRS)
def test_conflicts_are_the_strictly_reversed_pairs(pairs: list[tuple[int, int]]) -> None:
    expected = {
        (str(i), str(j))
        for i, x in enumerate(pairs)
        for j, y in enumerate(pairs)
        if x[0] < y[0] and x[1] > y[1]
    }
    found = conflicts(shared(pairs))
    assert set(zip(found["upper"], found["lower"], strict=True)) == expected


def test_the_number_of_repairs_is_exact_beyond_those_written_out() -> None:
    found = repair(shared([(2 * k + i, 2 * k + 1 - i) for k in range(5) for i in (0, 1)]))
    assert (found.n_sets, len(found.sets), found.size) == (32, MOST_SETS, 5)
    assert len(found.doubtful) == 10
