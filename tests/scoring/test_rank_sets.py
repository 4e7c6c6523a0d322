"""Rank confidence sets: closed forms, coverage by simulation, and what is left out."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, norm

from tierscape.data.errors import TierscapeError, UnknownNameError
from tierscape.scoring import rank_sets
from tierscape.scoring.cluster_ranks import cluster_rank_sets
from tierscape.scoring.rank_sets import Scope, rank_confidence_sets
from tierscape.scoring.tiers import ridits

REPETITIONS = 500


def true_ranks(theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the best and the worst rank of each; equal units share theirs."""
    greater = (theta[:, None] < theta).sum(axis=1)
    less = (theta[:, None] > theta).sum(axis=1)
    return 1 + greater, len(theta) - less


@pytest.mark.parametrize("step_down", [True, False])
def test_two_units_are_told_apart_beyond_the_normal_quantile(step_down: bool) -> None:  # noqa: FBT001
    error = 2**0.5
    scopes: tuple[Scope, ...] = ("marginal", "simultaneous")
    for distance, told in ((1.9, False), (2.02, True)):
        for scope in scopes:
            found = rank_confidence_sets(
                [0.0, distance * error], [1.0, 1.0], scope=scope, step_down=step_down
            )
            assert found.rank.tolist() == [2, 1]
            assert found.upper.tolist() == ([2, 1] if told else [2, 2])
            assert found.lower.tolist() == ([2, 1] if told else [1, 1])
    assert norm.ppf(0.975) == pytest.approx(1.96, abs=0.001)


@pytest.mark.parametrize("scope", ["marginal", "simultaneous"])
@pytest.mark.parametrize(
    "theta", [np.zeros(5), np.array([0.0, 0.0, 3.0, 3.0, 9.0])], ids=["equal", "spread"]
)
def test_sets_cover_the_true_ranks(
    scope: Scope, theta: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rank_sets, "DRAWS", 2000)
    rng = np.random.default_rng(21)
    error = np.array([1.0, 0.5, 2.0, 1.0, 1.0])
    best, worst = true_ranks(theta)
    covered = np.zeros(5)
    for repetition in range(REPETITIONS):
        drawn = rng.normal(theta, error)
        found = rank_confidence_sets(drawn, error, scope=scope, seed=repetition)
        right = (found.lower <= best) & (found.upper >= worst)
        covered += right.all() if scope == "simultaneous" else right
    low, high = binom.interval(0.999, REPETITIONS, 0.95)
    assert (covered >= low).all()
    if not theta.any():  # All equal: every rejection is an error, so the level is met, not passed.
        assert (covered <= high).all()


def test_a_common_error_does_not_blur_the_order() -> None:
    apart = np.array([3.0, 2.0, 1.0])
    own = 0.01 * np.eye(3)
    assert rank_confidence_sets(apart, own + 25).upper.tolist() == [1, 2, 3]
    assert rank_confidence_sets(apart, np.full(3, 5.0)).upper.tolist() == [3, 3, 3]


def test_units_without_a_difference_that_varies_are_never_told_apart() -> None:
    same = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.01]])
    found = rank_confidence_sets([2.0, 2.0, 90.0], same)
    assert found.rank.tolist() == [2, 2, 1]
    assert found.lower.tolist() == [2, 2, 1]
    assert found.upper.tolist() == [3, 3, 1]


@settings(deadline=None, max_examples=25)
@given(st.integers(2, 6), st.integers(0, 10_000))
def test_sets_nest(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    theta, error = 3 * rng.standard_normal(count), rng.uniform(0.2, 2, count)

    def ends(**options: object) -> tuple[np.ndarray, np.ndarray]:
        found = rank_confidence_sets(theta, error, seed=3, **options)  # type: ignore[arg-type]
        assert (found.lower <= found.rank).all()
        assert (found.rank <= found.upper).all()
        return found.lower, found.upper

    one = ends()
    wider = [
        ends(step_down=False),
        ends(scope="simultaneous"),
        ends(level=0.99),
    ]
    for low, high in wider:
        assert (low <= one[0]).all()
        assert (high >= one[1]).all()
    turned = rank_confidence_sets(-theta, error, seed=3)
    assert (turned.rank == count + 1 - rank_confidence_sets(theta, error).rank).all()


def test_bad_input_is_an_error() -> None:
    for theta, error, words in (
        ([1.0], [1.0], "two or more units"),
        ([1.0, np.nan], [1.0, 1.0], "not finite"),
        ([1.0, 2.0], [1.0, 0.0], "not positive"),
        ([1.0, 2.0], [1.0, -1.0], "not positive"),
        ([1.0, 2.0], [1.0, 1.0, 1.0], "2 estimates need"),
        ([1.0, 2.0], [[1.0, 2.0], [2.0, 1.0]], "negative eigenvalue"),
    ):
        with pytest.raises(TierscapeError, match=words):
            rank_confidence_sets(theta, error)
    with pytest.raises(UnknownNameError, match="Did you mean 'marginal'"):
        rank_confidence_sets([1.0, 2.0], [1.0, 1.0], scope="margin")  # type: ignore[arg-type]
    with pytest.raises(TierscapeError, match=r"between 0\.5 and 1"):
        rank_confidence_sets([1.0, 2.0], [1.0, 1.0], level=95)


def edition(tier: np.ndarray) -> pd.DataFrame:
    sizes = np.bincount(tier)[1:]
    last = np.cumsum(sizes)
    return pd.DataFrame(
        {
            "edition": "one",
            "dimension": "total",
            "city_id": [str(i) for i in range(len(tier))],
            "name_published": "x",
            "label": "l",
            "tier": tier,
            "rank_best": (last - sizes + 1)[tier - 1],
            "rank_worst": last[tier - 1],
            "n_cities": len(tier),
        }
    )


def clusters(groups: dict[str, list[int]]) -> pd.DataFrame:
    rows = [(slug, str(city), "core") for slug, cities in groups.items() for city in cities]
    return pd.DataFrame(rows, columns=["cluster", "city_id", "role"])


TIER = np.repeat([1, 2, 3], [10, 10, 20])
GROUPS = {
    "high": [0, 1, 2, 3, 4, 5, 10],
    "low": [11, *range(20, 30)],
    "level": [30, 31, 32, 33, 34],
    "small": [6, 12, 35, 36],
}


def test_clusters_are_ranked_by_their_mean_percentile() -> None:
    found = cluster_rank_sets(edition(TIER), clusters(GROUPS)).set_index("cluster")
    scores = ridits(TIER)[TIER - 1]
    high = scores[GROUPS["high"]]
    assert found.loc["high", "percentile"] == pytest.approx(high.mean())
    assert found.loc["high", "std_error"] == pytest.approx(high.std(ddof=1) / 7**0.5)
    assert (found.loc["high", "rank"], found.loc["low", "rank"]) == (1, 2)
    assert found.loc["high", "simultaneous_upper"] == 1
    assert found.loc["low", "marginal_lower"] == 2
    assert found.loc["level", "note"] == "all in one tier: no variance"
    assert found.loc["small", "note"] == "4 core cities: no rank set below 5"
    assert found.loc[["level", "small"], "rank"].isna().all()
    assert set(found["n_ranked"].dropna()) == {2}


def test_clusters_that_are_one_another_are_never_told_apart() -> None:
    twice = {**GROUPS, "again": GROUPS["high"]}
    found = cluster_rank_sets(edition(TIER), clusters(twice)).set_index("cluster")
    assert found.loc[["high", "again"], "rank"].tolist() == [1, 1]
    assert found.loc[["high", "again"], "marginal_upper"].tolist() == [2, 2]
    assert found.loc["low", "simultaneous_lower"] == 3


def test_shared_cities_make_the_difference_surer() -> None:
    # The clusters differ by three cities each; most of the error of their means is common.
    tier = np.repeat([1, 2, 3, 4], 10)
    shared = [0, 1, 10, 11, 20, 21, 30, 31]
    groups = clusters({"a": [*shared, 2, 3, 4], "b": [*shared, 32, 33, 34]})
    found = cluster_rank_sets(edition(tier), groups)
    score = ridits(tier)[tier - 1]
    difference = np.diff(found["percentile"])[0]
    alone = np.hypot(*found["std_error"])
    joint = np.zeros(40)
    for sign, name in ((1, "a"), (-1, "b")):
        inside = groups.loc[groups["cluster"] == name, "city_id"].astype(int)
        joint[inside] += sign * (score[inside] - score[inside].mean()) / (11 * 10) ** 0.5
    joint_error = (joint**2).sum() ** 0.5
    assert abs(difference) / alone < 1.96 < abs(difference) / joint_error
    assert found["marginal_upper"].tolist() == [1, 2]


def test_the_clusters_asked_for_are_ranked_among_themselves() -> None:
    one = cluster_rank_sets(edition(TIER), clusters(GROUPS), ["low"])
    assert one["note"].tolist() == ["no other cluster to be ranked against"]
    with pytest.raises(UnknownNameError, match="Did you mean 'high'"):
        cluster_rank_sets(edition(TIER), clusters(GROUPS), ["hihg"])
