"""Weights from experts and from data, against published results and brute force."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.data.errors import DataError, TierscapeError, UnknownNameError
from tierscape.data.score_records import ExpertAnswer, Node, Weighting
from tierscape.scoring.index.ahp import (
    comparison_matrix,
    joint_matrix,
    priorities,
    worst_judgement,
)
from tierscape.scoring.index.best_worst import best_worst, best_worst_answers
from tierscape.scoring.index.data_weights import component_weights, entropy_weights
from tierscape.scoring.index.experts import average, expert_table, field_means, spread
from tierscape.scoring.index.tree import tree_of
from tierscape.scoring.index.weights import expert_weights, index_weights

NAMES = ["a", "b", "c"]
TREE = tree_of([Node(slug, "", 1, "value", "", "") for slug in NAMES])
DEEP = tree_of(
    [
        Node("g", "", 1, "group", "", "", weight=3),
        Node("a", "g", 2, "value", "", "", weight=1),
        Node("b", "g", 2, "value", "", "", weight=1),
        Node("h", "", 1, "group", "", "", weight=1),
        Node("c", "h", 2, "value", "", ""),
    ]
)
SAATY = np.array([[1, 1 / 3, 5], [3, 1, 7], [1 / 5, 1 / 7, 1]])
EMPTY = pd.DataFrame()


def points(expert: str, field: str, *values: float) -> list[ExpertAnswer]:
    return [ExpertAnswer(expert, field, s, "", v, 2) for s, v in zip(NAMES, values, strict=True)]


def pairs(expert: str, *values: tuple[str, str, float]) -> list[ExpertAnswer]:
    return [ExpertAnswer(expert, "f", a, b, v, n) for n, (a, b, v) in enumerate(values, 2)]


def test_ahp_as_published() -> None:
    found = priorities(SAATY)
    assert found.weights == pytest.approx([0.27895457, 0.64911800, 0.07192743], abs=5e-9)
    assert found.ratio == pytest.approx(0.0559376, abs=5e-8)


@settings(deadline=None)
@given(st.lists(st.floats(0.1, 10), min_size=3, max_size=6))
def test_a_consistent_matrix_gives_back_its_weights(weights: list[float]) -> None:
    w = np.array(weights)
    found = priorities(w[:, None] / w[None, :])
    assert found.weights == pytest.approx(w / w.sum())
    assert found.ratio == pytest.approx(0, abs=1e-9)


def test_beyond_the_table_the_random_index_goes_on_evenly() -> None:
    rng = np.random.default_rng(0)
    upper = np.exp(rng.normal(size=(16, 16)))
    matrix = np.triu(upper, 1) + np.eye(16)
    matrix += np.tril(1 / (matrix.T + (matrix.T == 0)), -1)
    found = priorities(matrix)
    assert found.index / found.ratio == pytest.approx(1.5978, abs=1e-3)


def test_the_worst_judgement_is_the_one_that_was_spoilt() -> None:
    w = np.array([8.0, 4.0, 2.0, 1.0])
    matrix = w[:, None] / w[None, :]
    matrix[1, 3], matrix[3, 1] = 1 / 4, 4
    found = worst_judgement(matrix, "abcd")
    assert found.pair == ("b", "d")
    assert set(found.triad) >= {"b", "d"}
    assert found.gap == pytest.approx(16)
    assert worst_judgement(np.ones((2, 2)), "ab") is None


def test_comparisons_are_read_and_their_faults_named() -> None:
    lines = pairs("E", ("a", "c", 5), ("b", "a", 3), ("b", "c", 7), ("a", "b", 1 / 3))
    assert comparison_matrix(lines, NAMES) == pytest.approx(SAATY)
    wrong = pairs("E", ("a", "b", 3), ("b", "a", 3), ("a", "c", 0), ("b", "b", 2))
    with pytest.raises(DataError) as caught:
        comparison_matrix(wrong, NAMES)
    assert [problem.row for problem in caught.value.problems] == [3, 4, 5]
    with pytest.raises(DataError, match="E does not compare b and c"):
        comparison_matrix(pairs("E", ("a", "b", 3), ("a", "c", 3)), NAMES)


def test_experts_join_by_geometric_means() -> None:
    assert joint_matrix([SAATY, SAATY.T]) == pytest.approx(np.ones((3, 3)))
    one = pairs("E", ("b", "a", 3), ("a", "c", 5), ("b", "c", 7))
    other = pairs("F", ("a", "b", 3), ("c", "a", 5), ("c", "b", 7))
    found = index_weights(Weighting("ahp"), TREE, [*one, *other], EMPTY)
    assert list(found.by_node.values()) == pytest.approx([1 / 3] * 3)
    ratios = found.consistency.set_index("expert")["ratio"]
    assert ratios.loc[["E", "F", ""]].tolist() == pytest.approx([0.0559376, 0.0559376, 0])
    assert found.summary["n_experts"].tolist() == [2, 2, 2]


def test_an_inconsistent_expert_is_named_with_the_place() -> None:
    answers = pairs("E", ("a", "b", 2), ("b", "c", 2), ("a", "c", 1 / 4))
    found = index_weights(Weighting("ahp"), TREE, answers, EMPTY)
    row = found.consistency.iloc[0]
    assert not row["acceptable"]
    assert row["triad"] == "a b c"
    assert row["gap"] == pytest.approx(16)
    assert found.notes[0].startswith("total: E inconsistent (ratio ")


def test_best_worst_recovers_consistent_answers() -> None:
    w = np.array([0.5, 0.25, 0.15, 0.1])
    found = best_worst(w[0] / w, w / w[3])
    assert found.weights == pytest.approx(w)
    assert found.xi == pytest.approx(0, abs=1e-9)
    assert found.ratio == pytest.approx(0, abs=1e-9)


def test_best_worst_is_the_least_largest_deviation() -> None:
    a, b = [1, 2, 5, 8], [8, 5, 3, 1]
    found = best_worst(a, b)

    def xi(w: np.ndarray) -> np.ndarray:
        gaps = [abs(w[0] - a[j] * w[j]) for j in range(4)]
        gaps += [abs(w[j] - b[j] * w[3]) for j in range(4)]
        return np.max(gaps, axis=0)

    draws = np.random.default_rng(0).dirichlet(400 * found.weights, 200_000).T
    assert found.xi == pytest.approx(float(xi(found.weights)))
    assert found.xi <= xi(draws).min() < found.xi + 0.02
    assert found.ratio == pytest.approx(7 / 56)
    assert found.least_consistent == 2


def test_best_worst_answers_and_their_faults() -> None:
    lines = pairs("E", ("a", "b", 2), ("a", "c", 8), ("b", "c", 4))
    found = index_weights(Weighting("best-worst"), TREE, lines, EMPTY)
    assert list(found.by_node.values()) == pytest.approx([8 / 13, 4 / 13, 1 / 13])
    assert found.consistency["ratio"].tolist() == [0]
    with pytest.raises(DataError, match="0 of a, b, c are compared with all others as the worst"):
        best_worst_answers(lines[:2], NAMES)
    with pytest.raises(DataError, match="1 or more"):
        best_worst_answers(pairs("E", ("a", "b", 0.5)), NAMES)
    with pytest.raises(TierscapeError, match="1 with itself"):
        best_worst([2, 2], [2, 1])


def test_budgets_are_averaged_and_their_spread_shown() -> None:
    answers = [
        *points("E1", "law", 50, 30, 20),
        *points("E2", "law", 5, 3, 2),
        *points("E3", "IT", 10, 10, 80),
    ]
    table = expert_table(answers, TREE, "budget")
    assert table["a"].tolist() == pytest.approx([0.5, 0.5, 0.1])
    weights, summary = expert_weights(answers, TREE, Weighting("budget"))
    assert list(weights.values()) == pytest.approx([1.1 / 3, 0.7 / 3, 1.2 / 3])
    assert summary.loc["a", ["min", "max", "between_fields"]].tolist() == pytest.approx(
        [0.1, 0.5, 1]
    )
    median, _ = expert_weights(answers, TREE, Weighting("budget", "median"))
    assert list(median.values()) == pytest.approx([0.5, 0.3, 0.2])
    assert field_means(table).loc["IT", "c"] == pytest.approx(0.8)


def test_between_fields_is_eta_squared() -> None:
    rng = np.random.default_rng(3)
    keys = [(f"E{i}", "fgh"[i % 3]) for i in range(12)]
    index = pd.MultiIndex.from_tuples(keys, names=["expert", "field"])
    table = pd.DataFrame({"a": rng.random(12)}, index=index)
    groups = [table["a"].to_numpy()[i::3] for i in range(3)]
    between = sum(len(g) * (g.mean() - table["a"].mean()) ** 2 for g in groups)
    total = ((table["a"] - table["a"].mean()) ** 2).sum()
    assert spread(table).loc["a", "between_fields"] == pytest.approx(between / total)
    same = pd.DataFrame({"a": [0.5] * 12}, index=index)
    assert np.isnan(spread(same).loc["a", "between_fields"])


def test_a_trimmed_mean_leaves_out_both_ends() -> None:
    values = np.array([[9.0], [1.0], [2.0], [3.0], [np.nan], [100.0]])
    assert average(values, "trimmed", 0.2).tolist() == pytest.approx([14 / 3])
    assert average(values, "trimmed", 0.49).tolist() == [3]
    with pytest.raises(UnknownNameError, match="mean"):
        average(values, "middle", 0.1)


def test_faults_of_all_experts_are_named_at_once() -> None:
    answers = [
        *points("E1", "", 50, 30, 20)[:2],
        *points("E2", "", 5, -3, 2),
        *points("E3", "", 0, 0, 0),
    ]
    with pytest.raises(DataError) as caught:
        expert_table(answers, TREE, "budget")
    message = str(caught.value)
    assert len(caught.value.problems) == 3
    assert "E1 gives it no points" in message
    assert "E2: b -3" in message
    assert "E3 gives nothing to any of a, b, c" in message
    with pytest.raises(DataError, match="no expert weighs these"):
        expert_table(points("E1", "", 1, 1, 1)[:1], DEEP, "budget")
    with pytest.raises(DataError, match="there is no answer"):
        expert_table([], tree_of([Node("a", "", 1, "value", "", "")]), "budget")


def test_given_and_equal_weights_rescale_within_each_group() -> None:
    given_ = index_weights(Weighting("given"), DEEP, [], EMPTY)
    assert given_.by_node == {"g": 0.75, "a": 0.5, "b": 0.5, "h": 0.25, "c": 1}
    assert given_.summary["share"].tolist() == [0.75, 0.375, 0.375, 0.25, 0.25]
    assert given_.notes[0] == "total: the weights given sum to 4 and count in proportion"
    equal = index_weights(Weighting("equal"), DEEP, [], EMPTY)
    assert equal.by_node == {"g": 0.5, "a": 0.5, "b": 0.5, "h": 0.5, "c": 1}
    with pytest.raises(TierscapeError, match="'a' has no weight"):
        index_weights(Weighting("given"), TREE, [], EMPTY)
    with pytest.raises(UnknownNameError, match="entropy"):
        index_weights(Weighting("entropie"), TREE, [], EMPTY)


def test_entropy_by_hand_and_through_the_tree() -> None:
    table = pd.DataFrame({"a": [1.0, 1.0, 2.0], "b": [0.0, 0.0, 5.0], "c": [1.0, 1.0, 1.0]})
    p = np.array([0.25, 0.25, 0.5])
    divergence = 1 + (p * np.log(p)).sum() / np.log(3)
    flat = entropy_weights(table, TREE)
    assert flat["a"] == pytest.approx(divergence / (divergence + 1))
    assert flat["c"] == pytest.approx(0, abs=1e-12)
    deep = entropy_weights(table, DEEP)
    leaves = DEEP.leaf_matrix(deep)["total"]
    assert leaves.tolist() == pytest.approx(list(flat.values()), abs=1e-12)
    with pytest.raises(TierscapeError, match="negative in: a"):
        entropy_weights(-table[["a"]].join(table[["b", "c"]]), TREE)
    with pytest.raises(TierscapeError, match="alike in every indicator"):
        entropy_weights(table * 0 + 1, TREE)


def test_components_as_power_iteration_has_them() -> None:
    rng = np.random.default_rng(2)
    common = rng.normal(size=50)
    table = pd.DataFrame({s: common + k * rng.normal(size=50) for k, s in enumerate(NAMES, 1)})
    found, explained = component_weights(table, TREE)
    correlation = table.corr().to_numpy()
    vector = np.ones(3)
    for _ in range(500):
        vector = correlation @ vector
        vector /= np.linalg.norm(vector)
    assert list(found.values()) == pytest.approx((vector**2).tolist())
    assert explained["total"] == pytest.approx(vector @ correlation @ vector / 3)
    deep, _ = component_weights(table, DEEP)
    assert deep["a"] == pytest.approx(0.5)
    assert deep["c"] == 1


def test_components_need_cities_that_differ() -> None:
    table = pd.DataFrame({"a": [1.0, 2, 3], "b": [1.0, 1, 1], "c": [1.0, 1, 1]})
    assert component_weights(table, TREE)[0] == {"a": 1.0, "b": 0.0, "c": 0.0}
    with pytest.raises(TierscapeError, match="all cities are alike"):
        component_weights(table * 0, TREE)
    with pytest.raises(TierscapeError, match="2 cities are complete"):
        component_weights(table.iloc[:2], TREE)
