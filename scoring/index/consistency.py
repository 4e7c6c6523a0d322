"""How consistent the experts' comparisons are, and where they contradict themselves."""

from collections.abc import Sequence

import pandas as pd

from ...data.score_records import ExpertAnswer
from ..tiers import FloatArray
from .ahp import ACCEPTABLE, comparison_matrix, joint_matrix, priorities, worst_judgement
from .best_worst import best_worst, best_worst_answers
from .experts import answers_on, by_expert
from .tree import Tree

COLUMNS = (
    *("group", "expert", "n", "ratio", "acceptable"),
    *("indicator", "other", "given", "implied", "triad", "gap"),
)


def matrices_of(answers: Sequence[ExpertAnswer], siblings: Sequence[str]) -> dict[str, FloatArray]:
    """Return the matrix of every expert who compares the siblings."""
    found = {}
    for expert, given in by_expert(answers).items():
        inside = answers_on(given, siblings, "ahp")
        if inside:
            found[expert] = comparison_matrix(inside, siblings)
    return found


def consistency(answers: Sequence[ExpertAnswer], tree: Tree, method: str) -> pd.DataFrame:
    """Return how consistent every expert is in every group of three or more, and where not.

    Returns
    -------
    pandas.DataFrame
        `group`, `expert` (empty: all experts jointly), `n` (siblings), `ratio`, `acceptable`
        (at most 0.1), and the least consistent answer: `indicator`, `other`, `given`, `implied`
        (by the weights); for `ahp` also `triad` (three slugs) and `gap` (the factor by which
        they contradict each other). Without rows for a budget.

    References
    ----------
    Saaty (1980), as in `ahp.priorities`; Liang, Brunelli and Rezaei (2020), as in `best_worst`.
    """
    rows: list[dict[str, object]] = []
    for group, siblings in tree.children.items():
        if len(siblings) > 2 and method == "ahp":
            matrices = matrices_of(answers, siblings)
            joint = {"": joint_matrix(list(matrices.values()))} if len(matrices) > 1 else {}
            for expert, matrix in {**matrices, **joint}.items():
                rows.append(_ahp_row(group, expert, siblings, matrix))
        if len(siblings) > 2 and method == "best-worst":
            for expert, given in by_expert(answers).items():
                inside = answers_on(given, siblings, method)
                if inside:
                    rows.append(_best_worst_row(group, expert, siblings, inside))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _ahp_row(
    group: str, expert: str, siblings: Sequence[str], matrix: FloatArray
) -> dict[str, object]:
    ratio = priorities(matrix).ratio
    row: dict[str, object] = {"group": group, "expert": expert, "n": len(siblings), "ratio": ratio}
    worst = worst_judgement(matrix, siblings)
    if worst is None:
        return row
    return row | {
        "acceptable": ratio <= ACCEPTABLE,
        "indicator": worst.pair[0],
        "other": worst.pair[1],
        "given": worst.given,
        "implied": worst.implied,
        "triad": " ".join(worst.triad),
        "gap": worst.gap,
    }


def _best_worst_row(
    group: str, expert: str, siblings: Sequence[str], answers: Sequence[ExpertAnswer]
) -> dict[str, object]:
    best_to, to_worst = best_worst_answers(answers, siblings)
    found = best_worst(best_to, to_worst)
    at = found.least_consistent
    worst = max(range(len(siblings)), key=lambda j: best_to[j] if to_worst[j] == 1 else 0)
    implied = found.weights[at] / found.weights[worst] if found.weights[worst] else float("inf")
    return {
        "group": group,
        "expert": expert,
        "n": len(siblings),
        "ratio": found.ratio,
        "acceptable": found.ratio <= ACCEPTABLE,
        "indicator": siblings[at],
        "other": siblings[worst],
        "given": to_worst[at],
        "implied": implied,
    }


def doubts(table: pd.DataFrame) -> tuple[str, ...]:
    """Return a sentence for each set of answers that contradicts itself too much."""
    bad = table[table["acceptable"].eq(other=False)]
    return tuple(
        f"{row['group']}: {row['expert'] or 'the experts jointly'} inconsistent "
        f"(ratio {row['ratio']:.3f}), most at {row['indicator']} against {row['other']}: "
        f"{row['given']:.3g} given, {row['implied']:.3g} implied"
        for _, row in bad.iterrows()
    )
