"""The tree of an index: its leaves, its groups, and what each leaf counts in each group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...data.errors import DataError, Problem, TierscapeError, UnknownNameError, did_you_mean
from ...data.score_records import Node
from ..tiers import FloatArray

#: The root of every tree: the column of the totals.
TOTAL = "total"


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """The tree of indicators of one index.

    Attributes
    ----------
    nodes
        All nodes below the total by slug, parents first.
    leaves
        Slugs of the rated indicators, in the order of the nodes.
    groups
        `total` and the slugs of the nodes that have children, parents first.
    children
        The children of every group, in the order of the nodes.
    """

    nodes: Mapping[str, Node]
    leaves: tuple[str, ...]
    groups: tuple[str, ...]
    children: Mapping[str, tuple[str, ...]]

    @property
    def depth(self) -> int:
        """Number of levels below the total."""
        return max(node.level for node in self.nodes.values())

    def parent(self, slug: str) -> str:
        """Return the parent of a node; `total` at level 1."""
        return self.nodes[slug].parent or TOTAL

    def path(self, slug: str) -> tuple[str, ...]:
        """Return a node and its ancestors up to, not with, the total."""
        found = [slug]
        while self.nodes[found[-1]].parent:
            found.append(self.nodes[found[-1]].parent)
        return tuple(found)

    def leaves_of(self, group: str) -> tuple[str, ...]:
        """Return the leaves below a group, or a leaf itself."""
        if group == TOTAL:
            return self.leaves
        return tuple(leaf for leaf in self.leaves if group in self.path(leaf))

    def leaf_matrix(self, weights: Mapping[str, float]) -> dict[str, FloatArray]:
        """Return the effective weight of every leaf in every group.

        Parameters
        ----------
        weights
            The weight of each node among its siblings; rescaled within each group.

        Returns
        -------
        dict
            For `total` and every group, the weights of `leaves`: they sum to 1 over the group's
            leaves and are 0 elsewhere. In arithmetic means, score = values · weights.

        Raises
        ------
        TierscapeError
            As `rescaled` does.

        Examples
        --------
        >>> nodes = [Node("a", "", 1, "group", "", ""), Node("a1", "a", 2, "value", "", ""),
        ...          Node("a2", "a", 2, "value", "", ""), Node("b", "", 1, "value", "", "")]
        >>> matrix = tree_of(nodes).leaf_matrix({"a": 3, "b": 1, "a1": 1, "a2": 2})
        >>> matrix["total"].round(4), matrix["a"].round(4)
        (array([0.25, 0.5 , 0.25]), array([0.3333, 0.6667, 0.    ]))
        """
        shares = rescaled(self, weights)
        at = {leaf: number for number, leaf in enumerate(self.leaves)}
        found: dict[str, FloatArray] = {}
        for group in reversed(self.groups):
            row = np.zeros(len(self.leaves))
            for child in self.children[group]:
                if child in at:
                    row[at[child]] = shares[child]
                else:
                    row += shares[child] * found[child]
            found[group] = row
        return {group: found[group] for group in self.groups}


def tree_of(nodes: Iterable[Node]) -> Tree:
    """Return the tree that nodes make.

    Parameters
    ----------
    nodes
        Nodes of an index, parents before their children.

    Raises
    ------
    DataError
        With every fault: no nodes, a slug twice, a slug `total`, a parent that does not stand
        before its child, a level that is not one more than the parent's, a group without
        children, a leaf with children.

    Examples
    --------
    >>> tree_of([Node("a", "", 1, "value", "", "")]).children
    {'total': ('a',)}
    """
    listed = tuple(nodes)
    by_slug: dict[str, Node] = {}
    problems: list[Problem] = []
    if not listed:
        problems.append(Problem("index", None, "nodes", "", "an index has at least one indicator"))
    for node in listed:
        rule, remedy = _fault(node, by_slug)
        if rule:
            problems.append(Problem("index", None, "node", node.slug, rule, remedy))
        by_slug.setdefault(node.slug, node)
    children: dict[str, list[str]] = {TOTAL: []}
    for node in by_slug.values():
        children.setdefault(node.parent or TOTAL, []).append(node.slug)
    for node in by_slug.values():
        if node.slug != TOTAL and (node.kind == "group") != (node.slug in children):
            kinds = "a group has children and a rated indicator has none"
            problems.append(Problem("index", None, "kind", f"{node.slug} is {node.kind}", kinds))
    if problems:
        raise DataError(problems)
    groups = (TOTAL, *(slug for slug in by_slug if slug in children))
    leaves = tuple(slug for slug in by_slug if slug not in children)
    return Tree(by_slug, leaves, groups, {slug: tuple(children[slug]) for slug in groups})


def _fault(node: Node, before: Mapping[str, Node]) -> tuple[str, str]:
    """Return the rule that a node breaks, and its remedy, given the nodes before it."""
    if node.slug in before:
        return ("a slug stands once in a tree", "Rename one.")
    if node.slug == TOTAL:
        return ("this slug is kept for the root of the tree", "Rename it.")
    if node.parent and node.parent not in before:
        return (
            f"its parent {node.parent!r} does not stand before it",
            did_you_mean(node.parent, before),
        )
    level = before[node.parent].level + 1 if node.parent else 1
    if node.level != level:
        return (f"its level is {node.level}, below its parent it is {level}", "")
    return "", ""


def check_nodes(tree: Tree, names: Sequence[str]) -> None:
    """Check that a tree has these nodes.

    Raises
    ------
    UnknownNameError
        If not.
    """
    for name in names:
        if name != TOTAL and name not in tree.nodes:
            raise UnknownNameError("indicator", name, (TOTAL, *tree.nodes))


def rescaled(tree: Tree, weights: Mapping[str, float]) -> dict[str, float]:
    """Return weights that sum to 1 among the siblings of every group.

    Raises
    ------
    TierscapeError
        If a node has no weight or a negative one, or the weights of a group are all zero; all
        such faults at once.

    Examples
    --------
    >>> tree = tree_of([Node(slug, "", 1, "value", "", "") for slug in "ab"])
    >>> rescaled(tree, {"a": 3, "b": 1})
    {'a': 0.75, 'b': 0.25}
    """
    faults = [
        f"{slug!r} has {'no weight' if weights.get(slug) is None else f'weight {weights[slug]}'}"
        for slug in tree.nodes
        if not _is_weight(weights.get(slug))
    ]
    if not faults:
        sums = {group: sum(weights[c] for c in tree.children[group]) for group in tree.groups}
        faults = [f"the weights in {group!r} sum to 0" for group, sum_ in sums.items() if not sum_]
    if faults:
        raise TierscapeError(f"{'; '.join(faults)}. A weight is a number from 0 up.")
    return {slug: weights[slug] / sums[tree.parent(slug)] for slug in tree.nodes}


def _is_weight(weight: float | None) -> bool:
    return weight is not None and bool(np.isfinite(weight)) and weight >= 0
