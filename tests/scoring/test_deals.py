"""Permutation tests of many pairs against one pair at a time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.scoring import deals
from tierscape.scoring.bounds import permutation_p
from tierscape.scoring.deals import deal_p

GROUPS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=3)


@settings(deadline=None)
@given(st.lists(GROUPS, min_size=1, max_size=5))
def test_the_p_value_is_that_of_the_single_test(pairs: list[list[tuple[int, int]]]) -> None:
    counts = np.array(pairs)
    counts = counts[counts.any(axis=1).all(axis=1)]
    found = deal_p(counts[:, :, 0], counts[:, :, 1])
    for p_value, (first, second) in zip(found, counts.transpose(0, 2, 1), strict=True):
        tier = np.repeat([1, 2, 3, 1, 2, 3], [*first, *second])
        in_first = np.arange(len(tier)) < first.sum()
        order = np.argsort(tier, kind="stable")
        expected = permutation_p(tier[order], in_first[order], ~in_first[order])
        assert p_value == pytest.approx(expected, abs=1e-12)


def test_pairs_are_cut_into_pieces_without_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    first, second = rng.integers(1, 5, (20, 4)), rng.integers(1, 5, (20, 4))
    whole = deal_p(first, second)
    monkeypatch.setattr(deals, "_CHUNK", 1)
    assert deal_p(first, second).tolist() == whole.tolist()
    assert deal_p(second, first) == pytest.approx(whole, abs=1e-12)


def test_too_many_deals_are_left_to_the_other_algorithm() -> None:
    assert np.isnan(deal_p(np.full((1, 5), 40), np.full((1, 5), 50))).all()
