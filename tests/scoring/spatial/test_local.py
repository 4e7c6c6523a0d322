"""Local statistics against published numbers, enumeration, the null, and known traps."""

import subprocess
import sys
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tierscape.data.errors import TierscapeError
from tierscape.geo.neighbours import nearest, within
from tierscape.geo.neighbours_record import Neighbours, from_matrix
from tierscape.geo.neighbours_sites import sites
from tierscape.scoring.spatial.draws import draw_sets
from tierscape.scoring.spatial.exact import sum_law
from tierscape.scoring.spatial.local import local_g, local_geary, local_moran
from tierscape.scoring.spatial.local_joins import local_join_counts
from tierscape.scoring.spatial.records import LocalResult, Permutations

Columbus = tuple[np.ndarray, Neighbours]
KINDS = ("moran", "geary", "g", "g*")
SIDES = ("two-sided", "greater", "less")


def local(kind: str, values: np.ndarray, near: Neighbours, **asked: object) -> LocalResult:
    asked = {"missing": "error"} | asked
    if kind.startswith("g") and kind != "geary":
        return local_g(values, near, own_weight=1.0 if kind == "g*" else None, **asked)
    return {"moran": local_moran, "geary": local_geary}[kind](values, near, **asked)


def made(weights: np.ndarray) -> Neighbours:
    ids = np.array([f"s{number}" for number in range(len(weights))], object)
    return from_matrix(csr_array(weights), ids, ())


def points(n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.column_stack([rng.uniform(-180, 180, n), rng.uniform(-60, 60, n)])


def cities(n: int, seed: int, k: int = 5) -> Neighbours:
    return nearest(sites(points(n, seed), coincident="error", missing="error"), k)


def enumerated(kind: str, values: np.ndarray, weights: np.ndarray, site: int) -> np.ndarray:
    """The statistic of a site for every arrangement of the other scores, the observed one first."""
    others = [number for number in range(len(values)) if number != site]
    z = values - values.mean()
    found = []
    for order in permutations(others):
        x = z.copy()
        x[others] = z[list(order)]
        gaps = (x - x[site]) ** 2
        lag = weights[site] @ x
        found.append({"moran": x[site] * lag, "geary": weights[site] @ gaps}.get(kind, lag))
    return np.array(found)


def test_spdep_local_moran(columbus: Columbus) -> None:
    crime, near = columbus
    asked = {"test": Permutations(9, 1), "missing": "error"}
    found = local_moran(crime, near.row_standardised(), **asked)
    known = [0.528777013266, 0.004820966628, 0.076584017916, -1.860587375572]
    assert found.value[:4] == pytest.approx(known, abs=1e-10)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", SIDES)
def test_exact_p_values_are_those_of_all_arrangements(kind: str, side: str) -> None:
    rng = np.random.default_rng(7)
    weights = (rng.random((7, 7)) < 0.5) * 1.0
    np.fill_diagonal(weights, 0)
    values = np.array([1.0, 1.0, 2.0, 2.0, 2.0, 4.0, 4.0])
    found = local(kind, values, made(weights), test="exact", alternative=side)
    for site in range(7):
        every = enumerated(kind, values, weights, site)
        off, slack = np.abs(every - every.mean()), 1e-9
        extreme = {
            "two-sided": off >= off[0] - slack,
            "greater": every >= every[0] - slack,
            "less": every <= every[0] + slack,
        }[side]
        assert found.p_value[site] == pytest.approx(extreme.mean(), abs=1e-12)


@pytest.mark.parametrize("kind", ["moran", "geary", "g"])
def test_moments_are_those_of_all_arrangements(kind: str) -> None:
    rng = np.random.default_rng(3)
    weights = rng.random((7, 7)) * (rng.random((7, 7)) < 0.7)
    np.fill_diagonal(weights, 0)
    values = rng.gamma(2.0, size=7)
    found = local(kind, values, made(weights), test=Permutations(9, 1))
    z = values - values.mean()
    scale = {"moran": (z**2).mean(), "geary": (z**2).mean(), "g": 1.0}[kind]
    for site in range(7):
        every = enumerated(kind, values, weights, site) / scale
        every += weights[site].sum() * values.mean() if kind == "g" else 0.0
        assert found.value[site] == pytest.approx(every[0], abs=1e-12)
        assert found.expected[site] == pytest.approx(every.mean(), abs=1e-12)
        assert found.variance[site] == pytest.approx(every.var(), abs=1e-12)


def test_gi_star_is_that_of_ord_and_getis(columbus: Columbus) -> None:
    crime, near = columbus
    weights = near.matrix().toarray() + np.eye(49)
    total, squares = weights.sum(axis=1), (weights**2).sum(axis=1)
    spread = crime.std() * np.sqrt((49 * squares - total**2) / 48)
    expected = (weights @ crime - total * crime.mean()) / spread
    asked = {"test": Permutations(9, 1), "missing": "error"}
    assert local_g(crime, near, own_weight=1.0, **asked).z == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("weighted", [False, True])
def test_shared_draws_agree_with_exact_p_values(kind: str, side: str, *, weighted: bool) -> None:
    values = np.random.default_rng(5).integers(1, 5, 40).astype(float)
    near = within(
        sites(points(40, 6), coincident="error", missing="error"), 4000, islands="nearest"
    )
    assert len(set(near.counts.tolist())) > 3
    exact = local(kind, values, near, test="exact", alternative=side)
    if weighted:  # Weights that differ by less than the statistic's steps, but not by rounding.
        bumped = near.matrix()
        bumped.data *= 1 + 1e-11 * np.arange(len(bumped.data))
        near = from_matrix(bumped, near.ids, ())
    drawn = local(kind, values, near, test=Permutations(20_000, seed=1), alternative=side)
    assert np.abs(drawn.p_value - exact.p_value).max() < 4.5 * 0.5 / np.sqrt(20_000)
    assert drawn.p_value.min() >= 1 / 20_001


@pytest.mark.parametrize("kind", ["moran", "geary", "g"])
def test_weighted_draws_are_those_of_all_arrangements(kind: str) -> None:
    rng = np.random.default_rng(13)
    weights = rng.random((7, 7))
    np.fill_diagonal(weights, 0)
    values = rng.normal(size=7)
    drawn = local(kind, values, made(weights), test=Permutations(30_000, seed=2))
    for site in range(7):
        every = enumerated(kind, values, weights, site)
        off = np.abs(every - every.mean())
        assert drawn.p_value[site] == pytest.approx((off >= off[0] - 1e-9).mean(), abs=0.013)


@pytest.mark.parametrize(
    ("kind", "test"),
    [
        ("moran", "exact"),
        ("moran", "drawn"),
        ("moran", "weighted"),
        ("geary", "exact"),
        ("geary", "drawn"),
        ("g*", "drawn"),
    ],
)
def test_the_null_is_rejected_at_its_level(kind: str, test: str, band: tuple[float, float]) -> None:
    """One site is judged in each repetition; trap: directed p-values reject 10 %."""
    near, rng = cities(30, 21), np.random.default_rng(22)
    if test == "weighted":
        matrix = near.matrix()
        matrix.data *= rng.uniform(0.5, 2.0, len(matrix.data))
        near = from_matrix(matrix, near.ids, ())
    rejected = 0
    for number in range(2000):
        values = rng.integers(1, 5, 30).astype(float) if test == "exact" else rng.normal(size=30)
        asked = "exact" if test == "exact" else Permutations(99, seed=number)
        found = local(kind, values, near, test=asked)
        rejected += found.p_value[number % 30] <= 0.05
    assert rejected / 2000 <= band[1]
    assert test == "exact" or rejected / 2000 >= band[0]


@pytest.mark.parametrize("kind", ["moran", "g*"])
def test_max_t_keeps_the_error_of_the_whole_map(kind: str) -> None:
    near, rng = cities(25, 31, 4), np.random.default_rng(32)
    smallest = np.array(
        [
            np.nanmin(
                local(
                    kind, rng.normal(size=25), near, test=Permutations(99, seed=s), adjust="max-t"
                ).p_adjusted
            )
            for s in range(400)
        ]
    )
    # 20 of 400 are expected; the band is that of 99.9 %.
    assert 8 <= (smallest <= 0.05).sum() <= 36


def test_max_t_finds_what_is_there() -> None:
    places = points(100, 41)
    values = np.where(places[:, 0] > 0, 1.0, 0.0) + 0.1 * np.random.default_rng(1).random(100)
    near = nearest(sites(places, coincident="error", missing="error"), 8)
    found = local_g(
        values, near, own_weight=1.0, test=Permutations(199, 1), missing="error", adjust="max-t"
    )
    assert (found.p_adjusted <= 0.05).sum() > 20
    assert (found.p_adjusted >= found.p_value - 0.02).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("test", ["exact", Permutations(999, 1)])
def test_an_island_has_no_p_value(kind: str, test: object) -> None:
    """Trap: islands called Low-Low at the smallest p-value."""
    weights = np.ones((12, 12)) - np.eye(12)
    weights[:, 5:] *= np.arange(12)[:, None] % 2
    weights[3] = weights[:, 3] = 0
    np.fill_diagonal(weights, 0)
    values = np.arange(12) % 4 * 1.0
    found = local(kind, values, made(weights), test=test)
    row = found.to_frame().iloc[3]
    assert row["label"] == "island"
    assert row.drop(["id", "label"]).isna().all()
    assert found.to_frame().drop(index=3).notna().all(axis=None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_score_is_an_error_or_left_out(kind: str) -> None:
    """Trap: one NaN makes every site significant."""
    near, values = cities(30, 1), np.random.default_rng(2).normal(size=30)
    values[7] = np.nan
    with pytest.raises(TierscapeError, match="1 of 30 sites has no score: 7"):
        local(kind, values, near, test=Permutations(99, 1))
    found = local(kind, values, near, test=Permutations(99, 1), missing="drop")
    assert 7 not in found.ids.tolist()
    assert np.isfinite(found.p_value).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("test", ["exact", Permutations(99, 1)])
def test_nothing_is_changed_in_place(kind: str, test: object) -> None:
    """Trap: a second identical call gives other numbers."""
    near, values = cities(30, 1), np.random.default_rng(2).integers(1, 4, 30).astype(float)
    before = near.matrix().toarray(), values.copy()
    first, second = (local(kind, values, near, test=test) for _ in range(2))
    assert first.to_frame().equals(second.to_frame())
    assert (near.matrix().toarray() == before[0]).all()
    assert (values == before[1]).all()
    with pytest.raises(ValueError, match="read-only"):
        near.weights[0] = 5.0


def test_nothing_is_compiled_at_the_first_call() -> None:
    """Trap: the first call takes 14 to 40 s to compile; libpysal and numba are not loaded."""
    code = (
        "import sys, tierscape.scoring.spatial.hot_spots, tierscape.scoring.spatial.local_joins;"
        "sys.exit(any(name in sys.modules for name in ('numba', 'libpysal', 'esda')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_questions_that_mean_nothing() -> None:
    near, values = cities(30, 1), np.arange(30.0)
    with pytest.raises(TierscapeError, match="bh needs independent"):
        local_moran(values, near, test=Permutations(99, 1), missing="error", adjust="bh")
    with pytest.raises(TierscapeError, match="max-t permutes the whole map"):
        local_moran(np.arange(30) % 3, near, test="exact", missing="error", adjust="max-t")
    with pytest.raises(TierscapeError, match="one of by, bh, holm, max-t"):
        local_moran(values, near, test=Permutations(99, 1), missing="error", adjust="fdr")
    with pytest.raises(TierscapeError, match="have 278,256 outcomes"):
        local_moran(values % 30, cities(30, 1, 5), test="exact", missing="error")
    with pytest.raises(TierscapeError, match="own_weight is 0"):
        local_g(values, near, own_weight=0, test=Permutations(99, 1), missing="error")
    matrix = near.matrix()
    matrix.data[0] = 2.0
    unequal = from_matrix(matrix, near.ids, ())
    with pytest.raises(TierscapeError, match="need the neighbours of a site to weigh the same"):
        local_moran(values % 3, unequal, test="exact", missing="error")
    with pytest.raises(TierscapeError, match="need the neighbours of a site to weigh the same"):
        local_join_counts((values % 3).tolist(), unequal)


def test_local_join_counts_are_hypergeometric() -> None:
    weights = np.zeros((7, 7))
    weights[0, [1, 2, 3]] = weights[6, [0, 1]] = 1
    kinds = ["a", "a", "a", "b", "b", "b", "a"]
    found = local_join_counts(kinds, made(weights))
    every = [sum(kinds[j] == "a" for j in some) for some in combinations(range(1, 7), 3)]
    assert found.p_value[0] == pytest.approx(np.mean(np.array(every) >= 2))
    assert (found.value[0], found.label[1], found.label[0]) == (2.0, "island", "a")
    assert (found.expected[0], found.variance[0]) == pytest.approx((np.mean(every), np.var(every)))


def test_every_set_is_equally_likely() -> None:
    for size in (2, 4):  # Drawn with replacement and sorted out; drawn by keys.
        found = draw_sets(5, size, Permutations(24_000, seed=size))
        sets, counts = np.unique(found, axis=1, return_counts=True)
        expected = 24_000 / np.prod([5 - i for i in range(size)])
        assert sets.shape[1] == 24_000 / expected
        assert ((counts - expected) ** 2 / expected).sum() < 1.6 * sets.shape[1]
        assert not found.flags.writeable


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.data())
def test_a_sum_law_is_that_of_all_choices(sizes: list[int], data: st.DataObject) -> None:
    scores = np.array(data.draw(st.lists(st.integers(-3, 3), min_size=4, max_size=4)), float)
    each = np.repeat(scores[: len(sizes)], sizes)
    k = data.draw(st.integers(1, len(each)))
    every = np.array([each[list(some)].sum() for some in combinations(range(len(each)), k)])
    law, cuts = sum_law(tuple(sizes), scores[: len(sizes)], k), np.unique(every)
    never = np.full(len(cuts), np.inf)
    below, above = law.chance(cuts, never), law.chance(-never, cuts)
    assert below == pytest.approx([(every <= cut).mean() for cut in cuts])
    assert above == pytest.approx([(every >= cut).mean() for cut in cuts])


@settings(deadline=None, max_examples=30)
@given(st.floats(-100, 100), st.floats(0.01, 100), st.integers(0, 10_000))
def test_units_and_order_of_sites_do_not_matter(shift: float, unit: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = (rng.random((8, 8)) < 0.5) * 1.0
    np.fill_diagonal(weights, 0)
    weights[0, 1] = 1
    values = rng.permutation([1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0])
    order = rng.permutation(8)
    first = local_moran(values, made(weights), test="exact", missing="error")
    moved = made(weights[order][:, order])
    second = local_moran(shift + unit * values[order], moved, test="exact", missing="error")
    assert second.p_value == pytest.approx(first.p_value[order], nan_ok=True)
    assert second.value == pytest.approx(first.value[order], rel=1e-6, abs=1e-9, nan_ok=True)
