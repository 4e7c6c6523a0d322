"""Spatial nulls: groups that are grown as documented, patterns that keep Moran's I, true nulls.

A test whose null holds rejects at 5 % in one case of twenty: with 39 draws exactly, so the count of
2,000 seeded repetitions lies in the 99.9 % band of the binomial law.
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components
from scipy.stats import binom

from tierscape.data.errors import TierscapeError
from tierscape.scoring.bounds import permutation_p
from tierscape.scoring.restricted import midranks
from tierscape.scoring.spatial_null import (
    contiguous_groups,
    contiguous_p,
    links,
    moran_vectors,
    spectral_p,
)

REPETITIONS, DRAWS = 2000, 39


def in_band(rejections: int, share: float, repetitions: int) -> bool:
    low, high = binom.interval(0.999, repetitions, share)
    return bool(low <= rejections <= high)


def random_map(n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    points = np.column_stack([rng.uniform(-180, 180, n), rng.uniform(-80, 80, n)])
    return links(points, [str(i) for i in range(n)])


CHAIN = np.abs(np.subtract.outer(range(4), range(4))) == 1


@settings(deadline=None, max_examples=20)
@given(st.integers(8, 30), st.integers(1, 8), st.integers(0, 1000))
def test_groups_are_connected_and_of_the_size_asked_for(n: int, size: int, seed: int) -> None:
    linked = random_map(n, seed) > 0
    drawn = contiguous_groups(linked, size, 20, np.random.default_rng(seed))
    assert drawn is not None
    assert (drawn.sum(axis=1) == size).all()
    for group in drawn:
        assert connected_components(linked[np.ix_(group, group)], directed=False)[0] == 1


def test_groups_come_as_often_as_growth_makes_them() -> None:
    # From either end of a chain of four the neighbour is sure, from the middle it is one of two:
    # the pairs have 3/8, 2/8 and 3/8.
    drawn = contiguous_groups(CHAIN, 2, 4000, np.random.default_rng(5))
    assert drawn is not None
    assert (drawn.sum(axis=1) == 2).all()
    assert in_band(int((drawn[:, 1] & drawn[:, 2]).sum()), 2 / 8, 4000)
    assert in_band(int((drawn[:, 0] & drawn[:, 1]).sum()), 3 / 8, 4000)


def test_groups_start_where_there_are_enough_cities() -> None:
    islands = np.zeros((5, 5), dtype=bool)
    islands[:3, :3] = ~np.eye(3, dtype=bool)
    islands[3, 4] = islands[4, 3] = True
    rng = np.random.default_rng(0)
    drawn = contiguous_groups(islands, 3, 10, rng)
    assert drawn is not None
    assert drawn[:, :3].all()
    assert contiguous_groups(islands, 4, 10, rng) is None
    assert contiguous_p(np.arange(5.0), np.arange(5) < 4, islands, draws=9, rng=rng) is None


def test_a_group_grown_by_chance_is_rejected_as_often_as_it_should() -> None:
    rng = np.random.default_rng(11)
    linked = random_map(30, 2) > 0
    groups = contiguous_groups(linked, 6, REPETITIONS, rng)
    assert groups is not None
    rejected = 0
    for group in groups:
        p = contiguous_p(rng.standard_normal(30), group, linked, draws=DRAWS, rng=rng)
        assert p is not None
        rejected += p <= 0.05
    assert in_band(rejected, 0.05, REPETITIONS)


def test_where_neighbours_are_alike_the_plain_test_rejects_too_often() -> None:
    # Tiers cut from a field whose correlation falls to 1/e over 20 degrees, and a group of
    # neighbours that has nothing to do with it.
    rng, n, maps = np.random.default_rng(30), 60, 1000
    points = np.column_stack([rng.uniform(60, 140, n), rng.uniform(0, 50, n)])
    weights = links(points, [f"{i:02}" for i in range(n)])
    vectors = moran_vectors(weights)
    groups = contiguous_groups(weights > 0, 8, maps, rng)
    assert groups is not None
    distance = np.linalg.norm(points[:, np.newaxis] - points, axis=2)
    fields = rng.standard_normal((maps, n)) @ np.linalg.cholesky(np.exp(-distance / 20)).T
    tier, plain, contiguous, spectral = np.repeat([1, 2, 3, 4], [6, 12, 18, 24]), 0, 0, 0
    for field, group in zip(fields, groups, strict=True):
        tiers = tier[np.argsort(np.argsort(field))]
        scores = midranks(tiers)
        p = contiguous_p(scores, group, weights > 0, draws=DRAWS, rng=rng)
        assert p is not None
        contiguous += p <= 0.05
        spectral += spectral_p(scores, group, vectors, draws=DRAWS, rng=rng) <= 0.05
        exact = permutation_p(tiers, group, ~group)
        assert exact is not None
        plain += exact <= 0.05
    assert plain > 0.15 * maps
    # Tiers tie, so a valid test stays below its level.
    assert max(contiguous, spectral) <= binom.interval(0.999, maps, 0.05)[1]


def test_a_pattern_with_random_signs_is_rejected_as_often_as_it_should() -> None:
    rng = np.random.default_rng(12)
    weights = random_map(20, 3)
    vectors = moran_vectors(weights)
    members = np.arange(20) < 6
    size = rng.exponential(size=19)
    rejected = 0
    for _ in range(REPETITIONS):
        scores = vectors @ (size * rng.choice([-1, 1], 19))
        rejected += spectral_p(scores, members, vectors, draws=DRAWS, rng=rng) <= 0.05
    assert in_band(rejected, 0.05, REPETITIONS)


def test_the_spectral_test_is_that_of_all_signs() -> None:
    weights, scores = random_map(9, 4), np.array([1.5, 1.5, 4, 4, 4, 7, 7, 9, 8])
    members = np.arange(9) < 3
    contrast = members / 3 - ~members / 6
    vectors = moran_vectors(weights)
    parts = (contrast @ vectors) * (scores @ vectors)
    assert parts.sum() == pytest.approx(contrast @ scores)
    out = np.array([abs(np.dot(signs, parts)) for signs in product([-1, 1], repeat=8)])
    exact = (out >= abs(parts.sum()) - 1e-9).mean()
    p = spectral_p(scores, members, vectors, draws=4000, rng=np.random.default_rng(1))
    assert in_band(round(p * 4001) - 1, exact, 4000)


def test_random_signs_keep_mean_variance_and_moran() -> None:
    weights = random_map(25, 6)
    vectors = moran_vectors(weights)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(24), atol=1e-10)
    np.testing.assert_allclose(vectors.sum(axis=0), 0, atol=1e-10)
    rng = np.random.default_rng(0)
    scores = rng.integers(1, 5, 25).astype(float)
    pattern = scores.mean() + vectors @ ((scores @ vectors) * rng.choice([-1, 1], 24))

    def moran(x: np.ndarray) -> float:
        centred = x - x.mean()
        return float(len(x) / weights.sum() * (centred @ weights @ centred) / (centred @ centred))

    assert moran(pattern) == pytest.approx(moran(scores), abs=1e-10)
    assert pattern.mean() == pytest.approx(scores.mean())
    assert pattern.var() == pytest.approx(scores.var())


def test_what_gives_no_meaning_to_a_p_value_is_an_error() -> None:
    rng, scores, members = np.random.default_rng(0), np.arange(4.0), np.arange(4) < 2
    vectors = moran_vectors(CHAIN.astype(float))
    for wrong, words in (
        ((np.array([1.0, np.nan, 2.0, 3.0]), members, 9), "missing or infinite"),
        ((scores, np.ones(4, dtype=bool), 9), "all cities or none"),
        ((scores, np.zeros(4, dtype=bool), 9), "all cities or none"),
        ((scores, members, 0), "one or more"),
    ):
        values, group, draws = wrong
        with pytest.raises(TierscapeError, match=words):
            contiguous_p(values, group, CHAIN, draws=draws, rng=rng)
        with pytest.raises(TierscapeError, match=words):
            spectral_p(values, group, vectors, draws=draws, rng=rng)
    tied = np.ones(4)
    assert contiguous_p(tied, members, CHAIN, draws=9, rng=rng) == 1.0
    assert spectral_p(tied, members, vectors, draws=9, rng=rng) == 1.0


def test_links_cross_the_antimeridian_and_know_coincident_cities() -> None:
    points = np.array([[179.0, 0.0], [-179.0, 0.0], [170.0, 0.0], [170.0, 0.0]])
    found = links(points, ["a", "b", "c", "d"], 1)
    assert (found == found.T).all()
    assert found[0, 1] > 0
    assert found[2, 3] == 1.0
