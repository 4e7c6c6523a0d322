"""Tiers by share, threshold and natural breaks; ties at cuts."""

import warnings
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mapclassify import FisherJenks

from tierscape.data.errors import TierscapeError, UnknownNameError
from tierscape.data.score_records import Tiering
from tierscape.scoring.index.breaks import natural_breaks
from tierscape.scoring.index.settle import ranks_of, settled
from tierscape.scoring.index.tiering import tier_labels, tier_shares, tiers_of

SHARES = (10.0, 30.0, 60.0, 100.0)
TOTALS = st.lists(st.integers(0, 12), min_size=2, max_size=60).filter(lambda x: len(set(x)) > 1)


def tiers(values: list[float], tiering: Tiering) -> list[int]:
    return tiers_of(pd.Series(values, dtype="float64"), tiering)["tier"].tolist()


@pytest.mark.parametrize(
    ("n", "shares", "sizes"),
    [
        (144, SHARES, [14, 29, 43, 58]),
        (184, SHARES, [18, 37, 55, 74]),
        (62, (10.0, 30.0, 50.0), [6, 12, 13, 31]),
    ],
)
def test_the_published_sizes_without_ties(
    n: int, shares: tuple[float, ...], sizes: list[int]
) -> None:
    for ties in ("promote", "cut-short"):
        rule = Tiering("share", shares, ties)
        found = tiers_of(pd.Series(np.arange(n, 0, -1.0)), rule)
        assert tier_shares(found, rule)["n_cities"].tolist() == sizes


def test_ties_go_up_or_stay_below() -> None:
    values = [9, 8, 8, 8, 5, 5, 3, 2, 1, 0]
    up = Tiering("share", (20, 50), "promote")
    down = Tiering("share", (20, 50), "cut-short")
    assert tiers(values, up) == [1, 1, 1, 1, 2, 2, 3, 3, 3, 3]
    assert tiers(values, down) == [1, 2, 2, 2, 3, 3, 3, 3, 3, 3]
    shares = tier_shares(tiers_of(pd.Series(values), down), down)
    assert shares["true_to"].tolist() == [10, 40, 100]
    assert shares["nominal_to"].tolist() == [20, 50, 100]
    assert shares["label"].tolist() == ["0%-20%", "20%-50%", "50%-100%"]


@settings(deadline=None)
@given(TOTALS, st.sampled_from(["promote", "cut-short"]))
def test_shares_as_brute_force_has_them(values: list[int], ties: str) -> None:
    n = len(values)

    def tier_of(value: int) -> int:
        above = sum(other > value for other in values)
        reach = above + sum(other == value for other in values)
        for number, cut in enumerate(SHARES[:3], 1):
            m = int(n * cut) // 100
            # The best of a tie lies within the cut, or its worst does.
            if (above + 1 if ties == "promote" else reach) <= m:
                return number
        return 4

    found = tiers([float(value) for value in values], Tiering("share", SHARES, ties))
    assert found == [tier_of(value) for value in values]


@settings(deadline=None)
@given(TOTALS, st.randoms(use_true_random=False))
def test_noise_and_order_change_nothing(values: list[int], random: object) -> None:
    rule = Tiering("share", SHARES, "promote")
    clean = tiers([value / 10 for value in values], rule)
    noisy = tiers([value / 10 + random.uniform(-1e-11, 1e-11) for value in values], rule)
    assert noisy == clean
    turned = tiers([value / 10 for value in values[::-1]], rule)
    assert turned[::-1] == clean


def test_thresholds_are_reached_from_below() -> None:
    rule = Tiering("threshold", thresholds=(0.85, 0.7))
    assert tiers([0.9, 0.85, 0.1 * 8.5, 0.7, 0.69, 0.0], rule) == [1, 1, 1, 2, 3, 3]
    assert tier_labels(rule) == ("≥ 0.85", "≥ 0.7", "< 0.7")
    assert tiers([0.9], rule) == [1]
    assert tiers([0.5, 0.5], rule) == [3, 3]
    shares = tier_shares(tiers_of(pd.Series([0.5, 0.9]), rule), rule)
    assert shares["nominal_to"].isna().all()
    assert shares["n_cities"].tolist() == [1, 0, 1]


def test_natural_breaks_put_the_best_first() -> None:
    rule = Tiering("natural-breaks", count=3, labels=("A", "B", "C"))
    found = tiers_of(pd.Series([1.0, 30, 9, 2, 10]), rule)
    assert found["tier"].tolist() == [3, 1, 2, 3, 2]
    assert found["label"].tolist() == ["C", "A", "B", "C", "B"]
    assert found["rank"].tolist() == [5, 1, 3, 4, 2]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 30), min_size=4, max_size=9).filter(lambda x: len(set(x)) > 2))
def test_natural_breaks_have_the_least_squares(values: list[int]) -> None:
    unique = sorted(set(values))
    x = np.array(values, dtype=np.float64)

    def squares(classes: np.ndarray) -> float:
        return sum(((x[classes == c] - x[classes == c].mean()) ** 2).sum() for c in range(3))

    least = min(
        squares(np.searchsorted([unique[i], unique[j]], x, side="right"))
        for i, j in combinations(range(1, len(unique)), 2)
    )
    assert squares(natural_breaks(x, 3)) == pytest.approx(least)


@pytest.mark.parametrize("seed", range(3))
def test_natural_breaks_as_mapclassify_has_them(seed: int) -> None:
    x = np.random.default_rng(seed).normal(size=120).round(2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is slow without numba
        expected = FisherJenks(x, k=5).yb
    assert natural_breaks(x, 5).tolist() == expected.tolist()


def test_what_cannot_be_parted_is_named() -> None:
    share = Tiering("share", SHARES)
    with pytest.raises(TierscapeError, match=r"all 3 cities tie \(total 2\)"):
        tiers([2, 2, 2 + 1e-12], share)
    with pytest.raises(TierscapeError, match="0 is alone"):
        tiers([2], share)
    with pytest.raises(TierscapeError, match="have no tier: 1"):
        tiers([2, np.nan], share)
    with pytest.raises(TierscapeError, match="2 different totals cannot make 3 tiers"):
        tiers([1, 2, 2], Tiering("natural-breaks", count=3))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Tiering("share", (30, 10)), "shares rise"),
        (Tiering("share", (10, 120)), "shares rise"),
        (Tiering("share", (50,), "up"), "promote"),
        (Tiering("threshold", thresholds=(1, 2)), "thresholds fall"),
        (Tiering("natural-breaks", count=1), "count of 2"),
        (Tiering("share", (50,), labels=("A",)), "one label for each of the 2"),
    ],
)
def test_senseless_rules_are_named(rule: Tiering, words: str) -> None:
    with pytest.raises(TierscapeError, match=words):
        tiers([1, 2], rule)


def test_unknown_rules_are_named() -> None:
    with pytest.raises(UnknownNameError, match="natural-breaks"):
        tiers([1, 2], Tiering("jenks"))


def test_ranks_share_the_better_and_leave_gaps() -> None:
    total = pd.Series([0.3, 0.1 + 0.2, 0.5, np.nan])
    ranks = ranks_of(total)
    assert ranks.tolist()[:3] == [2, 2, 1]
    assert ranks.isna().tolist() == [False, False, False, True]
    assert len(settled(np.array([]))) == 0
