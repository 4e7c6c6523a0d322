"""Theil and Gini against their definitions; tiers are refused, and say why."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierscape.data.errors import DataError, TierscapeError, UnknownNameError
from tierscape.scoring.inequality import decompose

SCORES = st.lists(st.tuples(st.floats(0.01, 1000), st.sampled_from("abc")), min_size=1, max_size=12)


def tables(rows: list[tuple[float, str]]) -> tuple[pd.Series, pd.Series]:
    index = [str(city) for city in range(len(rows))]
    return (
        pd.Series([score for score, _ in rows], index=index),
        pd.Series([group for _, group in rows], index=index),
    )


def defined(measure: str, x: np.ndarray) -> float:
    share = x / x.mean()
    if measure == "theil-t":
        return float(np.mean(share * np.log(share)))
    if measure == "theil-l":
        return float(np.mean(-np.log(share)))
    return float(np.abs(x[:, None] - x).mean() / (2 * x.mean()))


@pytest.mark.parametrize("measure", ["theil-t", "theil-l", "gini"])
@given(SCORES)
def test_total_and_between_are_as_defined_and_parts_add_up(
    measure: str, rows: list[tuple[float, str]]
) -> None:
    scores, groups = tables(rows)
    found = decompose(scores, groups, measure)
    assert found.total == pytest.approx(defined(measure, scores.to_numpy()), abs=1e-10)
    means = scores.groupby(groups).transform("mean").to_numpy()
    assert found.between == pytest.approx(defined(measure, means), abs=1e-10)
    assert found.within + found.between + found.overlap == pytest.approx(found.total, abs=1e-10)
    assert min(found.within, found.between, found.overlap) >= -1e-12
    leveled = decompose(pd.Series(scores / means, index=scores.index), groups, measure)
    assert leveled.between == pytest.approx(0, abs=1e-10)
    weight = {"theil-t": scores / scores.sum(), "theil-l": 1 / len(scores) + 0 * scores}
    if measure in weight:
        parts = [
            weight[measure][groups == g].sum() * defined(measure, scores[groups == g].to_numpy())
            for g in groups.unique()
        ]
        assert found.within == pytest.approx(sum(parts), abs=1e-10)


def test_groups_that_do_not_reach_into_each_other_have_no_overlap() -> None:
    apart = decompose(*tables([(1, "a"), (2, "a"), (5, "b"), (9, "b")]), "gini")
    assert apart.overlap == pytest.approx(0, abs=1e-15)
    mixed = decompose(*tables([(1, "a"), (5, "a"), (2, "b"), (9, "b")]), "gini")
    assert mixed.overlap > 0.01


def test_the_order_of_the_cities_does_not_matter() -> None:
    scores, groups = tables([(1, "a"), (2, "b"), (5, "b"), (9, "a")])
    assert decompose(scores, groups[::-1], "gini") == decompose(scores, groups, "gini")


def test_what_cannot_be_decomposed_is_an_error_that_says_why() -> None:
    scores, groups = tables([(1, "a"), (2, "b")])
    with pytest.raises(TierscapeError, match="tier 2 is not twice tier 1"):
        decompose(scores.rename("tier"), groups, "theil-t")
    with pytest.raises(TierscapeError, match="the groups overlap: 0 in more than one"):
        decompose(scores, pd.concat([groups, groups[:1]]), "theil-t")
    with pytest.raises(TierscapeError, match="several scores for 0"):
        decompose(pd.concat([scores, scores[:1]]), groups, "gini")
    with pytest.raises(TierscapeError, match="no group for 1"):
        decompose(scores, groups[:1], "gini")
    with pytest.raises(TierscapeError, match="no scores"):
        decompose(scores[:0], groups, "gini")
    with pytest.raises(UnknownNameError, match="Did you mean 'theil-t'"):
        decompose(scores, groups, "theil")
    with pytest.raises(DataError) as caught:
        decompose(pd.Series([0.0, np.nan], index=scores.index), groups, "theil-l")
    assert [problem.column for problem in caught.value.problems] == ["0", "1"]
