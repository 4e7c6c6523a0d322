"""What each expert's answers say of the weights, and how far the experts differ."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np
import pandas as pd

from ...data.errors import DataError, Problem, UnknownNameError
from ...data.reading import gather
from ...data.score_records import ExpertAnswer
from ..tiers import FloatArray
from .ahp import comparison_matrix, priorities
from .best_worst import best_worst, best_worst_answers
from .tree import Tree

METHODS = ("budget", "ahp", "best-worst")


def by_expert(answers: Iterable[ExpertAnswer]) -> dict[str, list[ExpertAnswer]]:
    """Return the answers of each expert, in the order of the file."""
    found: dict[str, list[ExpertAnswer]] = {}
    for answer in answers:
        found.setdefault(answer.expert, []).append(answer)
    return found


def answers_on(
    answers: Iterable[ExpertAnswer], siblings: Sequence[str], method: str
) -> list[ExpertAnswer]:
    """Return the answers that weigh these siblings: points for a budget, else comparisons."""
    return [
        answer
        for answer in answers
        if answer.indicator in siblings
        and (not answer.other if method == "budget" else answer.other in siblings)
    ]


def expert_table(answers: Sequence[ExpertAnswer], tree: Tree, method: str) -> pd.DataFrame:
    """Return the weights that each expert gives.

    Parameters
    ----------
    answers
        Points for indicators (`budget`), or comparisons of two (`ahp`, `best-worst`).
    tree
        The tree of the index.
    method
        Which of the three.

    Returns
    -------
    pandas.DataFrame
        Experts (index `expert`, `field`) × nodes: weights that sum to 1 among siblings. NaN
        where an expert does not answer for the siblings at all; an only child weighs 1.

    Raises
    ------
    DataError
        With every fault: points missing for some siblings, negative or all zero, comparisons
        that are missing or contradict each other, siblings that no expert weighs, no experts.
    UnknownNameError
        If there is no such method.

    Examples
    --------
    >>> from .tree import tree_of
    >>> from ...data.score_records import Node
    >>> tree = tree_of([Node(slug, "", 1, "value", "", "") for slug in "ab"])
    >>> answers = [ExpertAnswer("E1", "planning", "a", "", 30.0, 2),
    ...            ExpertAnswer("E1", "planning", "b", "", 10.0, 3)]
    >>> expert_table(answers, tree, "budget").loc["E1"].to_numpy()
    array([[0.75, 0.25]])
    """
    readers: dict[str, Callable[[Sequence[ExpertAnswer], Sequence[str]], FloatArray]] = {
        "budget": budget,
        "ahp": lambda given, siblings: priorities(comparison_matrix(given, siblings)).weights,
        "best-worst": lambda given, siblings: (
            best_worst(*best_worst_answers(given, siblings)).weights
        ),
    }
    if method not in readers:
        raise UnknownNameError("weights from experts", method, METHODS)
    experts = by_expert(answers)
    _check_answered(answers, tree, method)

    def weights_of(given: Sequence[ExpertAnswer]) -> dict[str, float]:
        found: dict[str, float] = {}
        for siblings in tree.children.values():
            inside = answers_on(given, siblings, method)
            if len(siblings) == 1:
                found[siblings[0]] = 1.0
            elif inside:
                found.update(zip(siblings, readers[method](inside, siblings), strict=True))
        return found

    rows = gather([partial(weights_of, given) for given in experts.values()])
    keys = [(expert, given[0].field) for expert, given in experts.items()]
    index = pd.MultiIndex.from_tuples(keys, names=["expert", "field"])
    return pd.DataFrame(rows, index=index, columns=list(tree.nodes), dtype="float64")


def budget(answers: Sequence[ExpertAnswer], siblings: Sequence[str]) -> FloatArray:
    """Return one expert's points for siblings as shares that sum to 1.

    Raises
    ------
    DataError
        If a sibling has no points or two answers, points are negative, or all are 0.

    Examples
    --------
    >>> budget([ExpertAnswer("E1", "", "a", "", 3.0, 2)], ["a"])
    array([1.])
    """
    points: dict[str, float] = {}
    problems = []
    for answer in answers:
        value = f"{answer.expert}: {answer.indicator} {answer.value:g}"
        if answer.indicator in points:
            rule = "this expert has given points to this indicator before"
            problems.append(Problem("experts.csv", answer.line, "value", value, rule))
        if not (answer.value >= 0 and np.isfinite(answer.value)):
            problems.append(
                Problem("experts.csv", answer.line, "value", value, "points are 0 or more")
            )
        points[answer.indicator] = answer.value
    expert = answers[0].expert
    problems += [
        Problem("experts.csv", None, "indicator", slug, f"{expert} gives it no points", "Add 0.")
        for slug in siblings
        if slug not in points
    ]
    if not problems and sum(points.values()) == 0:
        rule = f"{expert} gives nothing to any of {', '.join(siblings)}"
        problems.append(Problem("experts.csv", answers[0].line, "value", "0", rule))
    if problems:
        raise DataError(problems)
    values = np.array([points[slug] for slug in siblings])
    return np.asarray(values / values.sum())


def _check_answered(answers: Sequence[ExpertAnswer], tree: Tree, method: str) -> None:
    problems = [
        Problem("experts.csv", None, "indicator", ", ".join(siblings), "no expert weighs these")
        for siblings in tree.children.values()
        if len(siblings) > 1 and not answers_on(answers, siblings, method)
    ]
    if problems or not answers:
        none = Problem("experts.csv", None, "expert", "", "there is no answer")
        raise DataError(problems or [none])


def average(values: FloatArray, summary: str, trim: float) -> FloatArray:
    """Return the mean, median or trimmed mean of each column, over the rows that are known.

    A trimmed mean leaves out the lowest and the highest ⌊trim · n⌋ of n values.

    Raises
    ------
    UnknownNameError
        If there is no such summary.

    Examples
    --------
    >>> average(np.array([[1.0], [2.0], [3.0], [10.0]]), "trimmed", 0.25)
    array([2.5])
    """
    if summary == "mean":
        return np.asarray(np.nanmean(values, axis=0))
    if summary == "median":
        return np.asarray(np.nanmedian(values, axis=0))
    if summary != "trimmed":
        raise UnknownNameError("summary", summary, ("mean", "median", "trimmed"))
    found = np.empty(values.shape[1])
    for column in range(values.shape[1]):
        known = np.sort(values[:, column][~np.isnan(values[:, column])])
        cut = min(int(trim * len(known)), (len(known) - 1) // 2)
        found[column] = known[cut : len(known) - cut].mean()
    return found


def spread(table: pd.DataFrame) -> pd.DataFrame:
    """Return how far the experts differ on every node.

    Parameters
    ----------
    table
        As `expert_table` returns.

    Returns
    -------
    pandas.DataFrame
        One row per node (index `node`): `n_experts`, `mean`, `median`, `sd` (n − 1), `min`,
        `max`, and `between_fields`: the share of the variance between experts that lies between
        the means of their fields (η², 0 to 1), NaN where all agree.

    References
    ----------
    Fisher, R. A. (1925). Statistical Methods for Research Workers, chapter VII (η²).

    Examples
    --------
    >>> keys = [("E1", "law"), ("E2", "law"), ("E3", "IT"), ("E4", "IT")]
    >>> index = pd.MultiIndex.from_tuples(keys, names=["expert", "field"])
    >>> found = spread(pd.DataFrame({"a": [0.2, 0.2, 0.4, 0.4]}, index=index))
    >>> found.loc["a", ["mean", "between_fields"]].round(6).tolist()
    [0.3, 1.0]
    """
    within = table - table.groupby("field").transform("mean")
    total = (table - table.mean()) ** 2
    differ = total.sum().where(total.sum() > 1e-18)
    found = pd.DataFrame(
        {
            "n_experts": table.notna().sum(),
            "mean": table.mean(),
            "median": table.median(),
            "sd": table.std(ddof=1),
            "min": table.min(),
            "max": table.max(),
            "between_fields": 1 - (within**2).sum() / differ,
        }
    )
    return found.rename_axis("node")


def field_means(table: pd.DataFrame) -> pd.DataFrame:
    """Return the mean weight of every node by field of the experts: fields × nodes."""
    return table.groupby("field").mean()
