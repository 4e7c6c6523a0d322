"""Adjusted p-values: what the stepwise procedures themselves decide, at every level."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierscape.data.errors import TierscapeError
from tierscape.scoring.adjust import bh, by, holm

# The worked example of Benjamini and Hochberg (1995), section 4.1: 15 comparisons of two treatments
# of myocardial infarction. At 0.05 Bonferroni and Holm keep three of them, their procedure four.
PUBLISHED = np.array(
    [
        *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
        *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
    ]
)

# Whole ten-thousandths: no ties by rounding.
P_VALUES = st.lists(st.integers(0, 10_000).map(lambda n: n / 10_000), min_size=1, max_size=12)


def test_the_published_example() -> None:
    assert (holm(PUBLISHED) <= 0.05).sum() == 3
    assert (bh(PUBLISHED) <= 0.05).sum() == 4
    # The fourth is found as 0.0095 ≤ 4/15 · 0.05, so it is kept from 15/4 · 0.0095 on.
    assert bh(PUBLISHED)[3] == pytest.approx(0.035625)
    assert by(PUBLISHED)[0] == pytest.approx(0.0001 * 15 * sum(1 / i for i in range(1, 16)))


def holm_rejects(p: list[float], level: float) -> list[bool]:
    rejected = [False] * len(p)
    for done, i in enumerate(sorted(range(len(p)), key=lambda i: p[i])):
        if p[i] * (len(p) - done) > level:
            break
        rejected[i] = True
    return rejected


def step_up_rejects(p: list[float], level: float) -> list[bool]:
    ordered = sorted(p)
    kept = [v for i, v in enumerate(ordered, start=1) if v * len(p) / i <= level]
    return [bool(kept) and v <= max(kept) for v in p]


@given(P_VALUES, st.integers(1, 999))
def test_a_test_is_kept_from_its_adjusted_p_on(p: list[float], thousandths: int) -> None:
    level = thousandths / 1000 + 1e-7
    harmonic = sum(1 / i for i in range(1, len(p) + 1))
    assert (holm(np.array(p)) <= level).tolist() == holm_rejects(p, level)
    assert (bh(np.array(p)) <= level).tolist() == step_up_rejects(p, level)
    assert (by(np.array(p)) <= level).tolist() == step_up_rejects(p, level / harmonic)


@given(P_VALUES)
def test_order_is_kept_and_nothing_falls(p: list[float]) -> None:
    raw = np.array(p)
    for method in (holm, bh, by):
        adjusted = method(raw)
        assert (adjusted >= raw - 1e-15).all()
        assert (adjusted <= 1).all()
        assert (np.diff(adjusted[np.argsort(raw, kind="stable")]) >= 0).all()
    assert (bh(raw) <= holm(raw) + 1e-15).all()
    assert (bh(raw) <= by(raw) + 1e-15).all()


def test_missing_values_do_not_count_and_labels_stay() -> None:
    series = pd.Series([0.5, np.nan, 0.01], index=["b", "x", "a"], name="p_value")
    for method in (holm, bh, by):
        found = method(series)
        assert list(found.index) == ["b", "x", "a"]
        assert np.isnan(found["x"])
        np.testing.assert_array_equal(
            found.drop("x").to_numpy(), method(series.drop("x")).to_numpy()
        )
    assert len(holm(np.array([]))) == 0


@pytest.mark.parametrize("wrong", [-0.1, 1.1, np.inf])
def test_what_is_no_p_value_is_an_error(wrong: float) -> None:
    with pytest.raises(TierscapeError, match="between 0 and 1"):
        bh(np.array([0.5, wrong]))
