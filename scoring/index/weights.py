"""The weights of an index, wherever they come from, and a table that shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import pandas as pd

from ...data.errors import UnknownNameError
from ...data.score_records import ExpertAnswer, Weighting
from .ahp import joint_matrix, priorities
from .consistency import COLUMNS, consistency, doubts, matrices_of
from .data_weights import component_weights, entropy_weights
from .experts import METHODS as EXPERT_METHODS
from .experts import average, expert_table, spread
from .tree import Tree, rescaled

METHODS = ("equal", "given", *EXPERT_METHODS, "entropy", "pca")

_SPREAD = ("n_experts", "mean", "median", "sd", "min", "max", "between_fields")


@dataclass(frozen=True, slots=True, eq=False)
class IndexWeights:
    """The weights of an index.

    Attributes
    ----------
    by_node
        The weight of each node among its siblings; they sum to 1 there.
    summary
        As `weight_summary` returns.
    consistency
        As `consistency` returns; without rows unless the experts compare pairs.
    notes
        What a reader should know of them.
    """

    by_node: Mapping[str, float]
    summary: pd.DataFrame
    consistency: pd.DataFrame
    notes: tuple[str, ...]


def index_weights(
    weighting: Weighting, tree: Tree, answers: Sequence[ExpertAnswer], table: pd.DataFrame
) -> IndexWeights:
    """Return the weights of an index by its own rule.

    Parameters
    ----------
    weighting
        The rule: `equal` or `given` among siblings, `budget`, `ahp` or `best-worst` by experts,
        `entropy` or `pca` by the data.
    tree
        The tree of the index, with the weights that are given.
    answers
        The experts' answers.
    table
        Cities × leaves: comparable scores, for `entropy` and `pca`.

    Raises
    ------
    TierscapeError
        If the rule cannot be followed; the message names what is missing or wrong.

    Examples
    --------
    >>> from .tree import tree_of
    >>> from ...data.score_records import Node
    >>> tree = tree_of([Node(slug, "", 1, "value", "", "", weight=3) for slug in "ab"])
    >>> index_weights(Weighting("given"), tree, [], pd.DataFrame()).by_node
    {'a': 0.5, 'b': 0.5}
    """
    if weighting.method in EXPERT_METHODS:
        weights, summary = expert_weights(answers, tree, weighting)
        consistent = consistency(answers, tree, weighting.method)
        return IndexWeights(weights, summary, consistent, doubts(consistent))
    notes: tuple[str, ...] = ()
    match weighting.method:
        case "equal":
            weights = {
                slug: 1 / len(siblings) for siblings in tree.children.values() for slug in siblings
            }
        case "given":
            weights, notes = given_weights(tree)
        case "entropy":
            weights = entropy_weights(table, tree)
        case "pca":
            weights, explained = component_weights(table, tree)
            notes = tuple(
                f"{group}: the first component explains {100 * share:.1f} % of the variance"
                for group, share in explained.items()
                if len(tree.children[group]) > 1
            )
        case _:
            raise UnknownNameError("weighting", weighting.method, METHODS)
    weights = rescaled(tree, weights)
    empty = pd.DataFrame(columns=list(COLUMNS))
    return IndexWeights(weights, weight_summary(tree, weights), empty, notes)


def given_weights(tree: Tree) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return the weights that the nodes carry, and what sums to neither 1 nor 100.

    An only child needs no weight.
    """
    weights = {
        slug: node.weight
        for slug, node in tree.nodes.items()
        if node.weight is not None and len(tree.children[tree.parent(slug)]) > 1
    }
    only = {siblings[0]: 1.0 for siblings in tree.children.values() if len(siblings) == 1}
    sums = {
        group: sum(weights.get(slug, 0.0) for slug in siblings)
        for group, siblings in tree.children.items()
        if len(siblings) > 1
    }
    notes = tuple(
        f"{group}: the weights given sum to {sum_:g} and count in proportion"
        for group, sum_ in sums.items()
        if min(abs(sum_ - 1), abs(sum_ - 100) / 100) > 1e-6
    )
    return {**weights, **only}, notes


def expert_weights(
    answers: Sequence[ExpertAnswer], tree: Tree, weighting: Weighting
) -> tuple[dict[str, float], pd.DataFrame]:
    """Return the experts' joint weights, and how far they differ.

    A budget is averaged as `weighting.summary` says and rescaled to sum to 1. Comparisons are
    joined by their geometric means, of which the principal eigenvector is taken (`ahp`); the
    weights of `best-worst` by their mean. Experts who do not weigh some siblings do not count
    there.

    Returns
    -------
    weights, summary
        By node, summing to 1 among siblings; and as `weight_summary` returns.

    Raises
    ------
    DataError
        As `expert_table` does.
    """
    table = expert_table(answers, tree, weighting.method)
    if weighting.method == "ahp":
        weights = _joint_ahp(answers, tree)
    else:
        summary = weighting.summary if weighting.method == "budget" else "mean"
        middle = average(table.to_numpy(), summary, weighting.trim)
        weights = dict(zip(table.columns, middle.tolist(), strict=True))
    weights = rescaled(tree, weights)
    return weights, weight_summary(tree, weights, table)


def _joint_ahp(answers: Sequence[ExpertAnswer], tree: Tree) -> dict[str, float]:
    weights: dict[str, float] = {}
    for siblings in tree.children.values():
        matrices = list(matrices_of(answers, siblings).values())
        joint = priorities(joint_matrix(matrices)).weights if len(siblings) > 1 else [1.0]
        weights.update(zip(siblings, map(float, joint), strict=True))
    return weights


def weight_summary(
    tree: Tree, weights: Mapping[str, float], experts: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return one row per node with its weight, and with the spread between experts.

    Returns
    -------
    pandas.DataFrame
        Index `node`: `parent` (`total` at level 1), `level`, `weight` (among siblings), `share`
        (of the total: the product along the path), and the columns of `spread`, empty without
        experts.
    """
    share = {slug: prod(weights[step] for step in tree.path(slug)) for slug in tree.nodes}
    rows = pd.DataFrame(
        {
            "parent": {slug: tree.parent(slug) for slug in tree.nodes},
            "level": {slug: node.level for slug, node in tree.nodes.items()},
            "weight": {slug: weights[slug] for slug in tree.nodes},
            "share": share,
        }
    ).rename_axis("node")
    if experts is None:
        return rows.assign(**{name: float("nan") for name in _SPREAD} | {"n_experts": 0})
    return rows.join(spread(experts))
