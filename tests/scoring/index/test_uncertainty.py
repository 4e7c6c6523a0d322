"""Ranks, tiers and drivers under uncertainty, against the index computed again draw by draw."""

from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tierscape.data.errors import DataError, TierscapeError, UnknownNameError
from tierscape.data.score_records import (
    ExpertAnswer,
    LadderStep,
    Missing,
    Node,
    RankedCity,
    Rating,
    ScoreFolder,
    ScoreIndex,
    Tiering,
    Treatment,
    Weighting,
)
from tierscape.scoring.index.cluster_index import index_clusters
from tierscape.scoring.index.combine import combine
from tierscape.scoring.index.index import compute_index
from tierscape.scoring.index.rank_model import rank_model
from tierscape.scoring.index.resample import one_step, stepped
from tierscape.scoring.index.tiering import tiers_of
from tierscape.scoring.index.uncertainty import uncertainty
from tierscape.scoring.index.uncertainty_draws import (
    comparable,
    draw_scores,
    draws_of,
    known_ratings,
    moved_ratings,
    rating_draws,
)
from tierscape.scoring.index.uncertainty_plan import Plan, weight_draws
from tierscape.scoring.index.uncertainty_sobol import SHIFT, sobol_drivers

NODES = (
    Node("digital", "", 1, "group", "数字", "digital"),
    Node("rail", "", 1, "ladder", "铁路", "rail", maximum=4.0),
    *(Node(f"d{n}", "digital", 2, "ladder", "", "", maximum=4.0) for n in range(3)),
)
LEAVES = ("rail", "d0", "d1", "d2")
INDEX = ScoreIndex(
    slug="mine",
    title_zh="我的",
    title_en="Mine",
    year=2024,
    rubric="",
    nodes=NODES,
    treatment=Treatment("none"),
    missing=Missing("drop-indicator"),
    weighting=Weighting("budget"),
    combine="arithmetic",
    power=1.0,
    tiering=Tiering("share", (20, 60, 100)),
    file=Path("index.toml"),
    seed=11,
)


def folder(cities: int = 14, experts: int = 4, gaps: float = 0.0, **rules: object) -> ScoreFolder:
    """A folder of ladders from 1 to 4; `rules` replaces fields of the index."""
    rng = np.random.default_rng(3)
    steps = [LadderStep(leaf, float(p), "步", "step") for leaf in LEAVES for p in range(1, 5)]
    ratings = [
        Rating(
            city=f"C{c}", indicator=leaf, value=float(rng.integers(1, 5)), evidence="e",
            source="s", language="en", date="2024", channel="web", rounds=1, accepted=True, line=2,
        )
        for c in range(cities)
        for leaf in LEAVES
        if leaf == "rail" or rng.random() >= gaps
    ]  # fmt: skip
    answers = [
        ExpertAnswer(f"E{e}", "law", node.slug, "", float(rng.integers(5, 60)), 2)
        for e in range(experts)
        for node in NODES
    ]
    listed = tuple(RankedCity(f"C{c}", "", str(c), c + 2) for c in range(cities))
    index = replace(INDEX, **rules)
    return ScoreFolder(index, tuple(steps), tuple(ratings), tuple(answers), listed, Path())


def by_node(mine: ScoreFolder, weights: np.ndarray) -> dict[str, float]:
    return dict(zip([node.slug for node in mine.index.nodes], weights.tolist(), strict=True))


CASES = [
    {},
    {"tiering": Tiering("share", (20, 60, 100), "cut-short")},
    {"tiering": Tiering("threshold", thresholds=(2.9, 2.2))},
    {"combine": "geometric"},
    {"combine": "copeland"},
    {"gaps": 0.2},
    {"gaps": 0.2, "missing": Missing("nearest", neighbours=3), "treatment": Treatment("minmax")},
    {"treatment": Treatment("zscore")},
]


@pytest.mark.parametrize("case", CASES)
def test_every_draw_is_the_index_computed_again(case: dict[str, object]) -> None:
    mine, plan = folder(**case), Plan(scenarios=25, step_chance=0.4)
    base, found = compute_index(mine), uncertainty(mine, plan)
    weights = weight_draws(mine, base, plan)
    moved = moved_ratings(draws_of(mine, base, plan), range(plan.scenarios))
    index = mine.index
    ranks, tiers = [], []
    for row, each in zip(weights, moved, strict=True):
        ratings = pd.DataFrame(each, base.ratings.index, base.ratings.columns)
        scores = comparable(mine, base, ratings)
        total = combine(scores, base.tree, by_node(mine, row), index.combine)["total"]
        placed = tiers_of(total, index.tiering).set_index("city")
        ranks.append(placed["rank"])
        tiers.append(placed["tier"])
    table = found.cities.set_index("city")
    drawn = pd.concat(ranks, axis=1)
    for city, row in table.iterrows():
        held = drawn.loc[city].to_numpy()
        assert row["rank_lower"] == np.quantile(held, 0.05, method="inverted_cdf")
        assert row["rank_upper"] == np.quantile(held, 0.95, method="inverted_cdf")
        often = Counter(tier[city] for tier in tiers)
        for tier in (1, 2, 3):
            assert row[f"p_tier_{tier}"] == pytest.approx(often[tier] / 25)
        assert row["p_tier"] == row[f"p_tier_{row['tier']}"]
    away = drawn.sub(base.ranks, axis=0).abs().astype(float)
    driver = found.drivers.iloc[0]
    assert driver["choice"] == "weights and ratings"
    assert driver["mean_rank_shift"] == pytest.approx(away.to_numpy().mean())
    assert driver["largest_rank_shift"] == pytest.approx(away.mean(axis=1).max())
    assert driver["tier_changes"] == pytest.approx((1 - table["p_tier"]).sum())


def test_switches_and_omissions_are_the_index_with_another_rule() -> None:
    mine = folder()
    found = uncertainty(mine, Plan(scenarios=5))
    switches = found.switches.set_index(["choice", "alternative"])
    harmonic = compute_index(replace(mine, index=replace(mine.index, combine="harmonic")))
    rows = switches.loc[("aggregation", "harmonic")].set_index("city")
    assert rows["rank"].to_dict() == harmonic.ranks.to_dict()
    assert rows["tier"].to_dict() == harmonic.tiers.set_index("city")["tier"].to_dict()
    treatment = Treatment("percentile")
    scaled = compute_index(replace(mine, index=replace(mine.index, treatment=treatment)))
    rows = switches.loc[("normalisation", "percentile")].set_index("city")
    assert rows["rank"].to_dict() == scaled.ranks.to_dict()
    nodes = tuple(node for node in NODES if node.slug != "d1")
    ratings = tuple(rating for rating in mine.ratings if rating.indicator != "d1")
    answers = tuple(answer for answer in mine.answers if answer.indicator != "d1")
    index = replace(mine.index, nodes=nodes)
    less = compute_index(ScoreFolder(index, (), ratings, answers, mine.cities, Path()))
    rows = switches.loc[("leave-one-out", "d1")].set_index("city")
    # The budget's shares are averaged before they are rescaled here, and after in `less`.
    weights = found.base.weights.by_node
    scores = combine(less.normalised, less.tree, weights, "arithmetic")["total"]
    assert (
        rows["rank"].to_dict()
        == tiers_of(scores, index.tiering).set_index("city")["rank"].to_dict()
    )
    row = found.drivers.set_index(["choice", "alternative"]).loc[("aggregation", "harmonic")]
    shift = (harmonic.ranks - found.base.ranks).abs()
    assert row["mean_rank_shift"] == pytest.approx(float(shift.mean()))


def test_leaving_out_the_last_of_a_group_leaves_the_group_out() -> None:
    nodes = (*NODES[:2], NODES[2])
    mine = folder()
    ratings = tuple(r for r in mine.ratings if r.indicator in {"rail", "d0"})
    answers = tuple(a for a in mine.answers if a.indicator in {"digital", "rail", "d0"})
    index = replace(mine.index, nodes=nodes)
    mine = replace(mine, index=index, ratings=ratings, answers=answers)
    switches = uncertainty(mine, Plan(scenarios=3)).switches
    rows = switches[switches["alternative"] == "d0"].set_index("city")
    rail = compute_index(mine).normalised["rail"]
    assert rows["rank"].to_dict() == rail.rank(ascending=False, method="min").to_dict()


def test_a_safe_tier_is_likely_and_survives_every_switch() -> None:
    found = uncertainty(folder(cities=30), Plan(scenarios=40))
    structural = found.switches[found.switches["choice"] != "leave-one-out"]
    for _, row in found.cities.iterrows():
        others = structural.loc[structural["city"] == row["city"], "tier"]
        same = (others == row["tier"]).all()
        assert row["safe"] == (row["p_tier"] >= 0.95 and same)
        assert (row["note"] == "") == row["safe"]
    assert found.cities["safe"].any()
    assert not found.cities["safe"].all()


def test_a_switch_that_cannot_be_computed_says_why() -> None:
    mine = folder(treatment=Treatment("zscore"))
    found = uncertainty(mine, Plan(scenarios=3))
    row = found.drivers.set_index(["choice", "alternative"]).loc[("aggregation", "geometric")]
    assert "needs scores above 0" in row["note"]
    assert np.isnan(row["mean_rank_shift"])


def test_geometric_switch_of_minmax_begins_above_zero() -> None:
    found = uncertainty(folder(treatment=Treatment("minmax")), Plan(scenarios=3))
    row = found.drivers.set_index(["choice", "alternative"]).loc[("aggregation", "geometric")]
    assert row["note"] == ""


def test_thresholds_give_way_to_sizes_on_another_scale() -> None:
    mine = folder(tiering=Tiering("threshold", thresholds=(2.9, 2.2)))
    found = uncertainty(mine, Plan(scenarios=3))
    rows = found.switches.set_index("alternative").loc["minmax"]
    # All ladders have four steps and all are in use, so minmax moves no city.
    assert rows.set_index("city")["tier"].to_dict() == (
        found.base.tiers.set_index("city")["tier"].to_dict()
    )


def test_without_draws_every_city_keeps_its_rank_and_tier() -> None:
    found = uncertainty(folder(), Plan(scenarios=9, weights="none", step_chance=0.0))
    for column in ("rank_lower", "rank_median", "rank_upper"):
        assert found.cities[column].tolist() == found.cities["rank"].tolist()
    assert (found.cities["p_tier"] == 1).all()
    assert found.notes == (
        "the weights are not drawn",
        "the ratings are not drawn",
    )


def test_natural_breaks_are_kept_as_thresholds() -> None:
    mine = folder(tiering=Tiering("natural-breaks", count=3))
    found = uncertainty(mine, Plan(scenarios=4, weights="none", step_chance=0.0))
    assert (found.cities["p_tier"] == 1).all()
    assert any("breaks" in note for note in found.notes)


def test_weights_that_experts_did_not_give() -> None:
    nodes = tuple(replace(node, weight=1.0) for node in NODES)
    mine = folder(nodes=nodes, weighting=Weighting("given"))
    found = uncertainty(mine, Plan(scenarios=20))
    assert found.drivers["choice"].iloc[0] == "ratings"
    around = uncertainty(mine, Plan(scenarios=20, weights="dirichlet", concentration=10.0))
    assert around.drivers["choice"].tolist()[:3] == ["weights and ratings", "weights", "ratings"]
    with pytest.raises(TierscapeError, match="nothing to resample"):
        uncertainty(mine, Plan(weights="bootstrap"))


def test_many_scenarios_of_weights_agree_with_the_draws_of_scores() -> None:
    mine = folder()
    plan = Plan(scenarios=300, step_chance=0.0)
    found = uncertainty(mine, plan).cities.set_index("city")
    base = compute_index(mine)
    totals = draw_scores(mine, base, plan)["total"]
    mean = (-pd.DataFrame(totals.round(9), columns=base.scores.index)).rank(axis=1).mean()
    assert found["rank_mean"].to_dict() == pytest.approx(mean.to_dict())


def test_scores_of_groups_and_leaves_come_from_the_same_draws() -> None:
    mine, plan = folder(), Plan(scenarios=6)
    base = compute_index(mine)
    found = draw_scores(mine, base, plan, ["total", "digital", "rail"])
    weights = weight_draws(mine, base, plan)
    both = weights[:, [0]] * found["digital"] + weights[:, [1]] * found["rail"]
    assert found["total"] == pytest.approx(both)
    assert list(draw_scores(mine, base, plan)) == ["total", "digital", "rail"]
    with pytest.raises(UnknownNameError, match="'digtal'"):
        draw_scores(mine, base, plan, ["digtal"])


def test_stacked_draws_are_those_taken_one_by_one() -> None:
    mine, plan = folder(treatment=Treatment("goalposts")), Plan(step_chance=0.5)
    base = compute_index(mine)
    moved = moved_ratings(draws_of(mine, base, plan), range(4))
    for each, scores in zip(moved, rating_draws(draws_of(mine, base, plan), range(4)), strict=True):
        table = pd.DataFrame(each, base.ratings.index, base.ratings.columns)
        assert scores == pytest.approx(comparable(mine, base, table).to_numpy())


def test_ratings_move_along_described_steps() -> None:
    ladder = np.array([1.0, 2.0, 4.0])
    values = np.tile([[1.0, 5.0], [2.0, np.nan], [4.0, 7.0], [3.0, 7.0]], (5000, 1))
    steps = one_step(values, [ladder, np.array([])])
    moved = stepped(values, steps, 0.3, np.random.default_rng(0))
    for start, ends in ((1.0, {1.0: 0.85, 2.0: 0.15}), (4.0, {4.0: 0.85, 2.0: 0.15})):
        found = moved[values[:, 0] == start, 0]
        assert {v: (found == v).mean() for v in ends} == pytest.approx(ends, abs=0.02)
    middle = moved[values[:, 0] == 2, 0]
    assert [(middle == v).mean() for v in ladder] == pytest.approx([0.15, 0.7, 0.15], abs=0.02)
    assert (moved[values[:, 0] == 3, 0] == 3).all()  # On no described step.
    assert np.array_equal(moved[:, 1], values[:, 1], equal_nan=True)
    with pytest.raises(TierscapeError, match="between 0 and 1"):
        stepped(values, steps, 1.5, np.random.default_rng(0))


def test_a_draw_is_the_same_however_many_there_are() -> None:
    mine = folder(gaps=0.2)
    base = compute_index(mine)
    few, many = (moved_ratings(draws_of(mine, base, Plan()), range(n)) for n in (3, 9))
    assert np.array_equal(few, many[:3], equal_nan=True)
    assert np.array_equal(known_ratings(base).isna().to_numpy(), np.isnan(many).any(axis=0))
    first, second = (uncertainty(mine, Plan(scenarios=30)) for _ in range(2))
    pd.testing.assert_frame_equal(first.cities, second.cities)
    pd.testing.assert_frame_equal(first.drivers, second.drivers)
    other = uncertainty(mine, Plan(scenarios=30, seed=12))
    assert not other.cities["rank_mean"].equals(first.cities["rank_mean"])


def test_bad_input_is_named() -> None:
    with pytest.raises(TierscapeError, match="fewer than two experts"):
        uncertainty(folder(experts=1))
    with pytest.raises(UnknownNameError, match="resampling"):
        uncertainty(folder(), Plan(weights="bootstraps"))
    with pytest.raises(TierscapeError, match="at least one draw"):
        uncertainty(folder(), Plan(scenarios=0))
    with pytest.raises(TierscapeError, match="safe lies between"):
        uncertainty(folder(), Plan(safe=95))
    mine = folder()
    tied = tuple(replace(rating, value=2.0) for rating in mine.ratings)
    with pytest.raises(TierscapeError, match="all 14 cities tie"):
        uncertainty(replace(mine, ratings=tied))
    with pytest.raises(TierscapeError, match="is alone"):
        uncertainty(folder(cities=1))


def test_sobol_indices_are_those_of_full_enumeration() -> None:
    mine, plan = folder(treatment=Treatment("minmax"), gaps=0.1), Plan(step_chance=0.4)
    model = rank_model(mine, plan, draws=3)
    counts = list(model.levels.values())
    own = model.base.ranks.to_numpy(dtype=float)
    runs = product(*map(range, counts))
    shifts = np.array(
        [np.abs(model.ranks(run, model.table(run)) - own).mean() for run in runs]
    ).reshape(counts)
    axes = range(len(counts))
    first = [
        shifts.mean(axis=tuple(a for a in axes if a != axis)).var() / shifts.var() for axis in axes
    ]
    total = [shifts.var(axis=axis).mean() / shifts.var() for axis in axes]
    found = sobol_drivers(mine, plan, size=1024, draws=3, per_city=False)
    assert found["choice"].tolist() == list(model.levels)
    assert set(found["output"]) == {SHIFT}
    assert found["first"].tolist() == pytest.approx(first, abs=0.06)
    assert found["total"].tolist() == pytest.approx(total, abs=0.06)


def test_sobol_by_city() -> None:
    found = sobol_drivers(folder(cities=5), Plan(), size=8, draws=4)
    assert found["output"].unique().tolist() == [SHIFT, "C0", "C1", "C2", "C3", "C4"]


def membership() -> pd.DataFrame:
    rows = [("alps", str(c), "core") for c in range(5)]
    rows += [("baltic", str(c), "core") for c in range(5, 9)]
    return pd.DataFrame(rows, columns=["cluster", "city_id", "role"])


def test_clusters_take_the_draws_of_the_index() -> None:
    mine, plan = folder(), Plan(scenarios=60)
    scores, gaps = index_clusters(mine, membership(), plan, nodes=["total", "digital", "d0"])
    base = compute_index(mine)
    drawn = draw_scores(mine, base, plan, ["digital"])["digital"]
    ahead = drawn[:, :5].mean(axis=1) - drawn[:, 5:9].mean(axis=1)
    row = gaps[(gaps["dimension"] == "digital") & (gaps["role"] == "core")].iloc[0]
    assert row["p_a_ahead"] == pytest.approx(((ahead > 1e-9) + (np.abs(ahead) <= 1e-9) / 2).mean())
    assert row["difference_lower"] == pytest.approx(np.quantile(ahead, 0.05))
    assert scores["dimension"].unique().tolist() == ["total", "digital", "d0"]
    alps = scores[(scores["cluster"] == "alps") & (scores["dimension"] == "total")].iloc[0]
    assert (alps["edition"], alps["n_cities"]) == ("mine", 5)
    assert alps["mean"] == pytest.approx(base.totals.iloc[:5].mean())


def test_a_city_without_an_id_is_named() -> None:
    mine = folder()
    nameless = (replace(mine.cities[0], city_id=""), *mine.cities[1:])
    mine = replace(mine, cities=nameless)
    with pytest.raises(DataError, match="line 2, city_id: 'C0'"):
        index_clusters(mine, membership(), Plan(scenarios=2))
    found, _ = index_clusters(mine, membership(), Plan(scenarios=2), city_ids={"C0": "0"})
    assert found["n_cities"].max() == 5


def test_comparisons_and_fitted_dirichlet_give_weights_too() -> None:
    mine = folder()
    pairs = [("digital", "rail"), ("d0", "d1"), ("d0", "d2"), ("d1", "d2")]
    answers = tuple(
        ExpertAnswer(f"E{e}", "law", one, other, float(value), 2)
        for e, values in enumerate(([2, 3, 5, 2], [1, 2, 2, 1], [4, 1, 3, 3]))
        for (one, other), value in zip(pairs, values, strict=True)
    )
    index = replace(mine.index, weighting=Weighting("ahp"))
    compared = replace(mine, index=index, answers=answers)
    for case, plan in (
        (compared, Plan(scenarios=400)),
        (compared, Plan(scenarios=400, weights="dirichlet")),
        (mine, Plan(scenarios=400, weights="dirichlet")),
    ):
        base = compute_index(case)
        drawn = weight_draws(case, base, plan)
        own = [base.weights.by_node[slug] for slug in base.tree.nodes]
        assert drawn.shape == (400, 5)
        assert drawn[:, 2:].sum(axis=1) == pytest.approx(1)
        assert drawn.mean(axis=0) == pytest.approx(own, abs=0.06)
        assert (drawn.std(axis=0) > 0.01).all()
