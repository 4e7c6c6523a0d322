"""Scores of the groups of a tree in many draws at once."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..tiers import FloatArray
from .combine import check_meaningful, power_mean, power_of
from .copeland import copeland
from .index import IndexResult
from .resample import leaf_shares
from .tree import Tree


def scores_by_node(
    values: FloatArray, weights: FloatArray, base: IndexResult, names: Sequence[str]
) -> dict[str, FloatArray]:
    """Combine the comparable scores of many draws, each with weights of its own.

    Parameters
    ----------
    values
        Draws × cities × leaves.
    weights
        Draws × nodes; each group sums to 1.
    base
        Tree, cities and the way to combine.
    names
        Nodes to return.

    Returns
    -------
    dict
        For each name, draws × cities.
    """
    index, tree = base.index, base.tree
    known = {leaf: values[:, :, at] for at, leaf in enumerate(tree.leaves)}
    if index.combine == "copeland":
        shares = leaf_shares(tree, weights)
        for name in set(names) & set(tree.groups):
            pairs = zip(values, shares[name], strict=True)
            known[name] = np.array([copeland(v[:, w > 0], w[w > 0]) for v, w in pairs])
    else:
        power = power_of(index.combine, index.power)
        _check(values, base, power)
        _means(known, weights, tree, power)
    return {name: known[name] for name in names}


def _check(values: FloatArray, base: IndexResult, power: float) -> None:
    if power == 1:
        return
    # `fmin` passes over what is missing.
    least = np.fmin.reduce(values, axis=0)
    labels = base.normalised.index, base.normalised.columns
    check_meaningful(pd.DataFrame(least, *labels), power)


def _means(known: dict[str, FloatArray], weights: FloatArray, tree: Tree, power: float) -> None:
    """Add the means of the groups, from the lowest level up."""
    column = {slug: number for number, slug in enumerate(tree.nodes)}
    for group in reversed(tree.groups):
        children = tree.children[group]
        below = np.stack([known[child] for child in children], axis=-1)
        own = np.ascontiguousarray(weights[:, [column[child] for child in children]])
        known[group] = power_mean(below, own[:, np.newaxis], power)
