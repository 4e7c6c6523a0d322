"""Permutations cut into tasks: the same numbers whatever does them, and those of the exact laws."""

import pickle
import string
from collections.abc import Callable, Iterator, Sequence
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from tierscape.geo.neighbours import nearest, within
from tierscape.geo.neighbours_record import Neighbours, from_matrix
from tierscape.geo.neighbours_sites import Sites, sites
from tierscape.scoring.spatial import draws, weighted_draws, whole_map
from tierscape.scoring.spatial.correlogram import correlogram
from tierscape.scoring.spatial.join_counts import join_counts
from tierscape.scoring.spatial.local import local_g, local_geary, local_moran
from tierscape.scoring.spatial.max_t import LocalForm, standard
from tierscape.scoring.spatial.overall import geary, getis_ord, moran
from tierscape.scoring.spatial.records import Permutations
from tierscape.scoring.tasks import Arrays, Mapped, one_by_one

TEST = Permutations(199, seed=3)
NAMES = string.ascii_letters + string.digits + " .-"


class Elsewhere:
    """Does tasks in the reverse order, as another process would: through bytes, both ways."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.tasks = 0

    def __call__(
        self, name: str, work: Callable[..., Arrays], tasks: Sequence[object]
    ) -> Iterator[Arrays]:
        assert name not in self.names
        assert set(name) <= set(NAMES), "it becomes the name of a file"
        self.names.append(name)
        self.tasks += len(tasks)
        sent = pickle.dumps(work)
        # A work of its own for each task: nothing may be carried from one to the next.
        found = [
            pickle.dumps(dict(pickle.loads(sent)(pickle.loads(pickle.dumps(task)))))  # noqa: S301
            for task in reversed(tasks)
        ]
        return (pickle.loads(each) for each in reversed(found))  # noqa: S301


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_map, "_BLOCK", 3_000)
    monkeypatch.setattr(whole_map, "_HELD", 500)
    monkeypatch.setattr(draws, "_SITES", 17)
    monkeypatch.setattr(weighted_draws, "_BLOCK", 17 * 199)


def places(n: int = 60) -> Sites:
    rng = np.random.default_rng(1)
    points = np.column_stack([rng.uniform(-180, 180, n), rng.uniform(-60, 60, n)])
    return sites(points, coincident="error", missing="error")


def scores(n: int = 60) -> np.ndarray:
    return np.random.default_rng(2).gamma(2.0, size=n)


def unequal(near: Neighbours) -> Neighbours:
    matrix = near.matrix()
    matrix.data *= np.random.default_rng(4).uniform(0.5, 2.0, len(matrix.data))
    return from_matrix(matrix, near.ids, ())


def asked(test: Permutations = TEST, **more: object) -> dict[str, object]:
    return {"test": test, "missing": "error", **more}


def whole_maps(mapped: Mapped) -> list[pd.DataFrame]:
    near, x = unequal(nearest(places(), 5)), scores()
    kinds = np.digitize(x, [1.0, 2.0]).tolist()
    edges = [0.0, 1500.0, 3000.5, 6000.0]
    results = [
        *(each(x, near, **asked(mapped=mapped)) for each in (moran, geary, getis_ord)),
        join_counts(kinds, near, test=TEST, mapped=mapped),
        correlogram(x, places(), edges, **asked(mapped=mapped)),
    ]
    return [each.to_frame() for each in results]


def local_statistics(near: Neighbours, adjust: str, mapped: Mapped) -> list[pd.DataFrame]:
    more = asked(adjust=adjust, mapped=mapped)
    results = [
        local_moran(scores(), near, **more),
        local_geary(scores(), near, **more),
        local_g(scores(), near, own_weight=None, **more),
        local_g(scores(), near, own_weight=1.0, **more),
    ]
    return [each.to_frame() for each in results]


def same(one: Sequence[pd.DataFrame], two: Sequence[pd.DataFrame]) -> None:
    for first, second in zip(one, two, strict=True):
        assert first.to_csv() == second.to_csv()


def kinds_of_neighbours() -> list[Neighbours]:
    band = within(places(), 2500, islands="keep")
    assert 0 in band.counts
    assert len(set(band.counts.tolist())) > 3
    return [nearest(places(), 5).row_standardised(), band, unequal(band)]


def test_whole_maps_are_the_same_whatever_does_them() -> None:
    elsewhere = Elsewhere()
    same(whole_maps(one_by_one), whole_maps(elsewhere))
    assert elsewhere.tasks > 3 * len(elsewhere.names)
    assert elsewhere.names[:4] == [
        "Moran I maps",
        "Geary C maps",
        "Getis-Ord G maps",
        "join counts maps",
    ]


@pytest.mark.parametrize("adjust", ["by", "max-t"])
@pytest.mark.parametrize("kind", [0, 1, 2])
def test_local_statistics_are_the_same_whatever_does_them(kind: int, adjust: str) -> None:
    near, elsewhere = kinds_of_neighbours()[kind], Elsewhere()
    same(local_statistics(near, adjust, one_by_one), local_statistics(near, adjust, elsewhere))
    assert elsewhere.tasks > 3 * len(elsewhere.names)
    assert len(elsewhere.names) == (4 if adjust == "by" else 8)


@pytest.mark.parametrize("kind", [0, 1, 2])
def test_blocks_of_sites_do_not_change_the_draws(
    kind: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = kinds_of_neighbours()[kind]
    cut = local_statistics(near, "by", one_by_one)
    monkeypatch.setattr(draws, "_SITES", 1_000)
    monkeypatch.setattr(weighted_draws, "_BLOCK", 1_000_000)
    same(cut, local_statistics(near, "by", one_by_one))


def test_every_block_draws_maps_of_its_own() -> None:
    values = scores()
    maps = [
        np.concatenate(list(whole_map.permuted_maps(values, TEST, block)))
        for block in whole_map.blocks(len(values), TEST)
    ]
    assert [len(each) for each in maps] == [50, 50, 50, 49]
    every = np.concatenate(maps)
    assert len(np.unique(every, axis=0)) == 199
    assert (np.sort(every, axis=1) == np.sort(values)).all()
    # Site and score are independent: of 60 × 60 pairs, each stands in 199 / 60 maps on average.
    column = np.searchsorted(np.sort(values), every)
    counts = np.bincount((np.arange(60) * 60 + column).ravel(), minlength=3600)
    assert ((counts - 199 / 60) ** 2 / (199 / 60)).sum() == pytest.approx(59**2, rel=0.1)


@pytest.mark.parametrize("side", ["two-sided", "greater", "less"])
@pytest.mark.parametrize("statistic", [moran, geary, getis_ord])
def test_counts_of_blocks_give_the_exact_p_value(
    statistic: Callable[..., object], side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All 720 arrangements of six scores, two of which are equal, against 40 blocks of draws."""
    monkeypatch.setattr(whole_map, "_BLOCK", 6 * 500)
    rng = np.random.default_rng(4)
    weights = csr_array(rng.uniform(0, 1, (6, 6)) * (rng.random((6, 6)) < 0.6) * (1 - np.eye(6)))
    near = from_matrix(weights, np.arange(6).astype(object), ())
    values = np.array([1.0, 1.0, 2.0, 3.5, 5.0, 9.0])
    found = statistic(values, near, **asked(Permutations(20_000, 1), alternative=side))
    every = np.array(
        [
            statistic(values[list(order)], near, test="normal", missing="error").value
            for order in permutations(range(6))
        ]
    )
    off = np.abs(every - every.mean())
    extreme = {
        "two-sided": off >= off[0] - 1e-9,
        "greater": every >= every[0] - 1e-9,
        "less": every <= every[0] + 1e-9,
    }[side]
    assert found.p_value == pytest.approx(extreme.mean(), abs=4.5 * 0.5 / np.sqrt(20_000))


@pytest.mark.parametrize("kind", ["moran", "geary", "g"])
def test_max_t_is_standardised_by_the_moments_of_all_permutations(kind: str) -> None:
    rng = np.random.default_rng(6)
    weights = rng.uniform(0, 1, (6, 6)) * (rng.random((6, 6)) < 0.7) * (1 - np.eye(6))
    weights[2] = 0.0
    near = from_matrix(csr_array(weights), np.arange(6).astype(object), ())
    values = rng.gamma(2.0, size=6)
    z = values - values.mean()
    t = standard(LocalForm(kind, z, near, 0.7 if kind == "g" else 0.0))
    every = t.of(np.array(list(permutations(z))))
    known = near.counts > 0 if kind != "g" else np.ones(6, bool)
    assert every.mean(axis=0) == pytest.approx(np.zeros(6), abs=1e-12)
    assert every.std(axis=0)[known] == pytest.approx(np.ones(known.sum()), abs=1e-12)
    assert (every[:, ~known] == 0).all()


@pytest.mark.parametrize("side", ["two-sided", "greater", "less"])
def test_max_t_is_the_share_of_maps_whose_extremes_reach(side: str) -> None:
    near, x = nearest(places(12), 3), scores(12)
    more = {"adjust": "max-t", "alternative": side}
    found = local_moran(x, near, **asked(Permutations(4_999, 2), **more))
    t = standard(LocalForm("moran", x - x.mean(), near))
    rng = np.random.default_rng(9)
    every = t.of(rng.permuted(np.tile(x - x.mean(), (20_000, 1)), axis=1))
    own = t.of((x - x.mean())[None])[0]
    above = (every.max(axis=1)[:, None] >= own - 1e-9).mean(axis=0)
    below = (every.min(axis=1)[:, None] <= own + 1e-9).mean(axis=0)
    both = np.minimum(1, 2 * np.minimum(above, below))
    expected = {"greater": above, "less": below, "two-sided": both}[side]
    assert found.p_adjusted == pytest.approx(expected, abs=2 * 4.5 * 0.5 / np.sqrt(4_000))


def test_max_t_finds_the_shorter_tail_of_skewed_scores() -> None:
    """Trap: compared with the largest |T|, no site of the bounded tail is ever clear."""
    sphere, rng = places(400), np.random.default_rng(3)
    x = rng.lognormal(0.0, 1.5, 400)
    x[sphere.xyz[:, 2] > 0.7] = 0.001 * rng.random((sphere.xyz[:, 2] > 0.7).sum())
    near = nearest(sphere, 30)
    found = local_g(x, near, own_weight=1.0, **asked(Permutations(499, 2), adjust="max-t"))
    cold = (found.p_adjusted <= 0.05) & (found.label == "cold")
    assert cold.sum() >= 5
    assert (sphere.xyz[cold, 2] > 0.6).all()


def test_sets_that_are_small_in_a_large_map_are_all_equally_likely() -> None:
    test = Permutations(3_000, 5)
    found = draws.draw_sets(10_400, 104, test)
    assert all(len(np.unique(column)) == 104 for column in found.T)
    for row in (found[0], found[50], found[103]):
        counts = np.bincount(row // 1040, minlength=10)
        assert ((counts - 300) ** 2 / 300).sum() < 28  # 99.9 % of chi-square with 9 degrees
