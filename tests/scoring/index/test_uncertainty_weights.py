"""Weights drawn from experts: moments, exact cases, and the index's own as the centre."""

import numpy as np
import pandas as pd
import pytest

from tierscape.data.errors import TierscapeError
from tierscape.data.score_records import ExpertAnswer, Node, Weighting
from tierscape.scoring.index.experts import expert_table
from tierscape.scoring.index.resample import leaf_shares
from tierscape.scoring.index.tree import Tree, tree_of
from tierscape.scoring.index.uncertainty_weights import (
    concentration,
    concentrations,
    dirichlet_weights,
    joint_weights,
    resampled_experts,
    summarised_weights,
)
from tierscape.scoring.index.weights import expert_weights

NODES = [
    Node("a", "", 1, "group", "", ""),
    Node("b", "", 1, "value", "", ""),
    Node("a1", "a", 2, "value", "", ""),
    Node("a2", "a", 2, "value", "", ""),
    Node("a3", "a", 2, "value", "", ""),
]


def tree() -> Tree:
    return tree_of(NODES)


def budgets(n_experts: int, seed: int = 0) -> list[ExpertAnswer]:
    rng = np.random.default_rng(seed)
    return [
        ExpertAnswer(f"E{e}", "law", node.slug, "", float(rng.integers(1, 60)), 2)
        for e in range(n_experts)
        for node in NODES
    ]


def comparisons(n_experts: int) -> list[ExpertAnswer]:
    rng = np.random.default_rng(5)
    pairs = [("a", "b"), ("a1", "a2"), ("a1", "a3"), ("a2", "a3")]
    return [
        ExpertAnswer(f"E{e}", "law", one, other, float(rng.integers(1, 8)), 2)
        for e in range(n_experts)
        for one, other in pairs
    ]


def test_two_experts_give_the_three_samples_that_there_are() -> None:
    table = expert_table(budgets(2), tree(), "budget")
    counts = resampled_experts(table, tree(), scenarios=4000, seed=1)
    kinds, often = np.unique(counts[:, 0], return_counts=True)
    assert kinds.tolist() == [0, 1, 2]
    assert often / 4000 == pytest.approx([0.25, 0.5, 0.25], abs=0.03)
    drawn = summarised_weights(table, tree(), counts, Weighting("budget"))
    shares = table.to_numpy()
    for number, exact in ((0, shares[1]), (1, shares.mean(axis=0)), (2, shares[0])):
        row = drawn[np.flatnonzero(counts[:, 0] == number)[0]]
        assert row == pytest.approx(exact)


@pytest.mark.parametrize("summary", ["mean", "median", "trimmed"])
def test_a_sample_is_weighed_as_a_panel_of_its_experts_would_be(summary: str) -> None:
    answers, weighting = budgets(7), Weighting("budget", summary, 0.2)
    table = expert_table(answers, tree(), "budget")
    counts = resampled_experts(table, tree(), scenarios=5, seed=3)
    drawn = summarised_weights(table, tree(), counts, weighting)
    for row, sample in zip(drawn, counts, strict=True):
        panel = [
            ExpertAnswer(f"{answer.expert}-{copy}", "law", answer.indicator, "", answer.value, 2)
            for expert, times in zip(table.index, sample, strict=True)
            for copy in range(int(times))
            for answer in answers
            if answer.expert == expert[0]
        ]
        weights, _ = expert_weights(panel, tree(), weighting)
        assert row == pytest.approx([weights[slug] for slug in tree().nodes])


def test_comparisons_are_joined_as_the_panel_joins_them() -> None:
    answers, weighting = comparisons(4), Weighting("ahp")
    table = expert_table(answers, tree(), "ahp")
    counts = np.array([[1.0, 1, 1, 1], [2, 0, 1, 1]])
    drawn = joint_weights(answers, table, tree(), counts)
    own, _ = expert_weights(answers, tree(), weighting)
    assert drawn[0] == pytest.approx([own[slug] for slug in tree().nodes])
    twice = [answer for answer in answers if answer.expert != "E1"]
    twice += [
        ExpertAnswer("copy", "law", a.indicator, a.other, a.value, 2)
        for a in answers
        if a.expert == "E0"
    ]
    other, _ = expert_weights(twice, tree(), weighting)
    assert drawn[1] == pytest.approx([other[slug] for slug in tree().nodes])


def test_experts_who_skip_a_group_do_not_count_there() -> None:
    answers = [
        answer for answer in budgets(3) if answer.expert != "E2" or answer.indicator in {"a", "b"}
    ]
    table = expert_table(answers, tree(), "budget")
    counts = resampled_experts(table, tree(), scenarios=500, seed=0)
    assert ((counts[:, 0] + counts[:, 1]) > 0).all()
    drawn = summarised_weights(table, tree(), counts, Weighting("budget"))
    assert np.isfinite(drawn).all()
    assert drawn[:, 2:].sum(axis=1) == pytest.approx(1)


def test_dirichlet_has_the_mean_and_the_spread_that_it_was_given() -> None:
    centre = {"a": 0.5, "b": 0.5, "a1": 0.2, "a2": 0.3, "a3": 0.5}
    spread = {"total": np.inf, "a": 12.0}
    drawn = dirichlet_weights(tree(), centre, spread, scenarios=20000, seed=2)
    assert (drawn[:, :2] == 0.5).all()
    means = np.array([0.2, 0.3, 0.5])
    assert drawn[:, 2:].mean(axis=0) == pytest.approx(means, abs=0.005)
    assert drawn[:, 2:].var(axis=0) == pytest.approx(means * (1 - means) / 13, rel=0.05)
    assert concentration(drawn[:, 2:]) == pytest.approx(12, rel=0.03)


def test_weight_of_zero_stays_zero_and_agreement_is_certain() -> None:
    centre = {"a": 1.0, "b": 0.0, "a1": 0.0, "a2": 1.0, "a3": 3.0}
    drawn = dirichlet_weights(tree(), centre, {"total": 2.0, "a": 2.0}, scenarios=50, seed=0)
    assert (drawn[:, :3] == [1, 0, 0]).all()
    assert drawn[:, 3:].sum(axis=1) == pytest.approx(1)
    assert concentration(np.array([[0.3, 0.7]] * 3)) == np.inf
    agreed = [ExpertAnswer(f"E{e}", "", node.slug, "", 10.0, 2) for e in range(3) for node in NODES]
    table = expert_table(agreed, tree(), "budget")
    assert set(concentrations(table, tree()).values()) == {np.inf}


def test_leaves_of_many_scenarios_are_those_of_the_tree() -> None:
    table = expert_table(budgets(5), tree(), "budget")
    found = leaf_shares(tree(), table.to_numpy())
    for row, (_, weights) in enumerate(table.iterrows()):
        expected = tree().leaf_matrix(weights.to_dict())
        assert list(found) == list(expected)
        for group, leaves in expected.items():
            assert found[group][row] == pytest.approx(leaves)


def test_bad_panels_are_named() -> None:
    one = expert_table(budgets(1), tree(), "budget")
    with pytest.raises(TierscapeError, match="there are: E0"):
        resampled_experts(one, tree(), scenarios=5, seed=0)
    none = pd.DataFrame(
        columns=list(tree().nodes), index=pd.MultiIndex.from_arrays([[], []]), dtype=float
    )
    with pytest.raises(TierscapeError, match="there are: none"):
        concentrations(none, tree())
    answers = [a for a in budgets(2) if a.expert == "E0" or a.indicator in {"a", "b"}]
    table = expert_table(answers, tree(), "budget")
    with pytest.raises(TierscapeError, match="fewer than two experts weigh the indicators of a,"):
        concentrations(table, tree())
    with pytest.raises(TierscapeError, match="above 0; it is not for a"):
        dirichlet_weights(tree(), {}, {"total": 1.0, "a": 0.0}, scenarios=2, seed=0)
