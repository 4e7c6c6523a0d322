"""Draws as tasks: the same results whatever does them, in whatever order, however they are cut."""

import io
import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tierscape.data.score_folder import load_score_folder
from tierscape.data.score_records import Missing, ScoreFolder, Tiering, Treatment
from tierscape.scoring.index import uncertainty_counts, uncertainty_draws
from tierscape.scoring.index.cluster_index import index_clusters
from tierscape.scoring.index.cluster_scores import cluster_differences, cluster_scores
from tierscape.scoring.index.index import compute_index
from tierscape.scoring.index.rank_model import rank_model, ranks_of_runs
from tierscape.scoring.index.uncertainty import Uncertainty, uncertainty
from tierscape.scoring.index.uncertainty_draws import draw_scores, lots
from tierscape.scoring.index.uncertainty_plan import Plan
from tierscape.scoring.index.uncertainty_sobol import sobol_drivers
from tierscape.scoring.tasks import Arrays

EXAMPLE = Path(__file__).parents[2] / "data" / "score_example"
PLAN = Plan(scenarios=23, step_chance=0.4)
CASES: dict[str, dict[str, object]] = {
    "as it is": {},
    "geometric": {"combine": "geometric", "tiering": Tiering("threshold", thresholds=(2.2, 1.4))},
    "copeland": {"combine": "copeland", "missing": Missing("drop-indicator")},
    "gaps": {"missing": Missing("drop-indicator"), "treatment": Treatment("minmax")},
    "breaks": {"tiering": Tiering("natural-breaks", count=3), "missing": Missing("nearest")},
}


def folder(**rules: object) -> ScoreFolder:
    """The example, its cities numbered for ids, with other rules in place of its own."""
    mine = load_score_folder(EXAMPLE)
    cities = tuple(replace(city, city_id=str(n)) for n, city in enumerate(mine.cities))
    return replace(mine, cities=cities, index=replace(mine.index, **rules))


def membership() -> pd.DataFrame:
    rows = [("alps", str(c), "core") for c in range(5)]
    rows += [("baltic", str(c), "core" if c < 8 else "extended") for c in range(3, 10)]
    rows += [("gulf", str(c), "core") for c in (9, 10, 11)]
    return pd.DataFrame(rows, columns=["cluster", "city_id", "role"])


class Elsewhere:
    """Tasks done backwards, all that is sent or kept turned into bytes; notes what was done."""

    def __init__(self) -> None:
        self.done: dict[str, list[int]] = {}

    def __call__(
        self, name: str, work: Callable[[object], Arrays], tasks: Sequence[object]
    ) -> Iterator[Arrays]:
        assert name not in self.done
        sent, found = pickle.dumps(work), {}
        for number in reversed(range(len(tasks))):
            task = pickle.loads(pickle.dumps(tasks[number]))  # noqa: S301 - its own bytes
            kept = io.BytesIO()
            np.savez(kept, **pickle.loads(sent)(task))  # noqa: S301
            found[number] = kept
        self.done[name] = [len(found[number].getbuffer()) for number in sorted(found)]
        return (self.read(found[number]) for number in range(len(tasks)))

    @staticmethod
    def read(kept: io.BytesIO) -> Arrays:
        """Read arrays; none of them may hold objects."""
        kept.seek(0)
        with np.load(kept, allow_pickle=False) as arrays:
            return dict(arrays)


def equal(one: Uncertainty, other: Uncertainty) -> None:
    for name in ("cities", "switches", "drivers"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    assert one.notes == other.notes


@pytest.mark.parametrize("case", CASES)
def test_tasks_done_elsewhere_and_backwards_give_the_same(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = folder(**CASES[case])
    here = uncertainty(mine, PLAN)
    clusters = index_clusters(mine, membership(), PLAN)
    # Three draws in a task, and three indicators.
    monkeypatch.setattr(uncertainty_draws, "CHUNK", 3 * here.base.normalised.size)
    monkeypatch.setattr(uncertainty_counts, "PRODUCT", 4 * len(here.base.scores))
    elsewhere = Elsewhere()
    equal(uncertainty(mine, PLAN, mapped=elsewhere), here)
    for one, other in zip(
        index_clusters(mine, membership(), PLAN, mapped=elsewhere), clusters, strict=True
    ):
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert set(elsewhere.done) == {"draws", "weights", "switches", "left-out", "clusters"}
    assert len(elsewhere.done["draws"]) == 8
    assert len(elsewhere.done["weights"]) in {6, 8}
    assert len(elsewhere.done["left-out"]) == 4


def test_runs_behind_the_drivers_are_tasks_too(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = folder(missing=Missing("drop-indicator"), treatment=Treatment("minmax"))
    here = sobol_drivers(mine, PLAN, size=8, draws=4)
    monkeypatch.setattr(uncertainty_draws, "CHUNK", 5 * 12 * 11)
    elsewhere = Elsewhere()
    there = sobol_drivers(mine, PLAN, size=8, draws=4, mapped=elsewhere)
    pd.testing.assert_frame_equal(there, here, check_exact=True)
    assert list(elsewhere.done) == ["drivers"]
    assert len(elsewhere.done["drivers"]) > 3


def test_a_run_is_done_once_and_a_table_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    model = rank_model(folder(), PLAN, draws=3)
    counts = {"table": 0, "ranks": 0}
    for name in counts:
        method = getattr(type(model), name)

        def counted(*given: object, name: str = name, method: Callable = method) -> np.ndarray:
            counts[name] += 1
            return method(*given)

        monkeypatch.setattr(type(model), name, counted)
    runs = [(0, 1, 0, 1, 0), (2, 0, 1, 0, 0), (0, 1, 0, 1, 0), (1, 1, 1, 1, 0)]
    found = ranks_of_runs(model, runs)
    assert counts == {"table": 2, "ranks": 3}
    assert (found[0] == found[2]).all()
    for row, run in zip(found, runs, strict=True):
        assert (row == model.ranks(run, model.table(run))).all()


def test_ratings_are_drawn_once_for_all_sets_of_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    stepped = uncertainty_draws.stepped

    def counted(*given: object) -> np.ndarray:
        calls.append(1)
        return stepped(*given)

    monkeypatch.setattr(uncertainty_draws, "stepped", counted)
    uncertainty(folder(), PLAN)
    assert len(calls) == PLAN.scenarios


def test_what_a_task_gives_does_not_grow_with_the_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = folder()
    monkeypatch.setattr(uncertainty_draws, "CHUNK", 3 * 12 * 11)
    most = []
    for scenarios in (12, 48):
        elsewhere = Elsewhere()
        plan = replace(PLAN, scenarios=scenarios)
        uncertainty(mine, plan, mapped=elsewhere)
        index_clusters(mine, membership(), plan, mapped=elsewhere)
        assert len(elsewhere.done["draws"]) == len(elsewhere.done["clusters"]) == scenarios // 3
        most.append({name: max(sizes) for name, sizes in elsewhere.done.items()})
    assert most[0]["draws"] == most[1]["draws"]
    assert most[0]["clusters"] == most[1]["clusters"]


@pytest.mark.parametrize("case", CASES)
def test_clusters_are_those_of_all_scores_together(case: str) -> None:
    mine = folder(**CASES[case])
    base = compute_index(mine)
    agree(mine, index_clusters(mine, membership(), PLAN), draw_scores(mine, base, PLAN))


def test_a_city_without_a_score_in_some_draw_counts_in_none() -> None:
    mine = folder(missing=Missing("drop-indicator"))
    first, *others = (node.slug for node in mine.index.nodes if node.parent == "digital")
    # One expert gives all weight to an indicator, which one city has not; others give it none.
    answers = tuple(
        replace(answer, value=100.0 * ((answer.indicator == first) == (answer.expert == expert)))
        if answer.indicator in {first, others[0]}
        else replace(answer, value=0.0 if answer.indicator in others else answer.value)
        for expert in [mine.answers[0].expert]
        for answer in mine.answers
    )
    city = mine.cities[0].name
    ratings = tuple(
        rating for rating in mine.ratings
        if rating.city != city or rating.indicator not in others
    )  # fmt: skip
    mine = replace(mine, answers=answers, ratings=ratings)
    base, elsewhere = compute_index(mine), Elsewhere()
    assert np.isfinite(base.scores.loc[city, "digital"])
    draws = draw_scores(mine, base, PLAN)
    assert not np.isfinite(draws["digital"][:, 0]).all()
    found = index_clusters(mine, membership(), PLAN, mapped=elsewhere)
    assert set(elsewhere.done) == {"clusters", "clusters-known"}
    agree(mine, found, draws)
    alps = found[0][(found[0]["cluster"] == "alps") & (found[0]["role"] == "core")]
    assert alps.set_index("dimension")["n_cities"].to_dict()["digital"] == 4
    assert alps.set_index("dimension")["n_cities"].to_dict()["traditional"] == 5


def agree(
    mine: ScoreFolder, found: tuple[pd.DataFrame, pd.DataFrame], draws: dict[str, np.ndarray]
) -> None:
    """Compare with the same draws summarised at once."""
    base = compute_index(mine)
    ids = {city.name: city.city_id for city in mine.cities}
    scores = base.scores[list(draws)].rename(index=ids)
    for one, summary in zip(found, (cluster_scores, cluster_differences), strict=True):
        other = summary(scores, draws, membership(), edition=mine.index.slug)
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_lots_hold_everything_once_in_order() -> None:
    for count, cells in ((0, 5), (1, 10**9), (1000, 16_200), (7, 1)):
        numbers = [number for first, last in lots(count, cells) for number in range(first, last)]
        assert numbers == list(range(count))
    assert lots(1000, 16_200)[0] == (0, 123)
