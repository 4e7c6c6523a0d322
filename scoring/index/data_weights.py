"""Weights that the data themselves suggest, for comparison: entropy, principal components."""

import numpy as np
import pandas as pd

from ...data.errors import TierscapeError
from ..tiers import FloatArray
from .combine import power_mean
from .tree import Tree


def entropy_weights(table: pd.DataFrame, tree: Tree) -> dict[str, float]:
    """Return weights by how unevenly each indicator is spread over the cities.

    With p = x/Σx over n cities, the divergence of an indicator is 1 + Σ p ln p / ln n: 0 where
    all cities are alike, 1 where one has everything. A group has the sum of its leaves, so that
    the effective weights of all leaves are as their divergences.

    Parameters
    ----------
    table
        Cities × leaves: comparable scores, not negative.
    tree
        The tree of the index.

    Raises
    ------
    TierscapeError
        If a score is negative, or all cities are alike in everything.

    References
    ----------
    Shannon, C. E. (1948). A mathematical theory of communication. Bell System Technical Journal
    27, 379-423. Hwang, C. L., Yoon, K. (1981). Multiple Attribute Decision Making, section 2.4.

    Examples
    --------
    >>> from .tree import tree_of
    >>> from ...data.score_records import Node
    >>> tree = tree_of([Node(slug, "", 1, "value", "", "") for slug in "ab"])
    >>> entropy_weights(pd.DataFrame({"a": [0.0, 1.0], "b": [1.0, 1.0]}), tree)
    {'a': 1.0, 'b': 0.0}
    """
    negative = [str(name) for name in table.columns[(table < 0).any()]]
    if negative:
        raise TierscapeError(
            f"entropy needs scores of 0 or more; negative in: {', '.join(negative)}. "
            "Normalise by minmax or percentile."
        )
    divergence = {leaf: _divergence(table[leaf].to_numpy()) for leaf in tree.leaves}
    if sum(divergence.values()) == 0:
        raise TierscapeError("all cities are alike in every indicator: entropy gives no weights.")
    sums = {slug: sum(divergence[leaf] for leaf in tree.leaves_of(slug)) for slug in tree.nodes}
    return _shares(tree, sums)


def _divergence(values: FloatArray) -> float:
    x = values[~np.isnan(values)]
    if len(x) < 2 or x.min() == x.max():
        return 0.0
    p = x[x > 0] / x.sum()
    return float(1 + (p * np.log(p)).sum() / np.log(len(x)))


def _shares(tree: Tree, sums: dict[str, float]) -> dict[str, float]:
    """Return shares among siblings; equal ones where nothing below the group counts."""
    found = {}
    for siblings in tree.children.values():
        whole = sum(sums[slug] for slug in siblings)
        for slug in siblings:
            found[slug] = sums[slug] / whole if whole else 1 / len(siblings)
    return {slug: found[slug] for slug in tree.nodes}


def component_weights(table: pd.DataFrame, tree: Tree) -> tuple[dict[str, float], dict[str, float]]:
    """Return weights by the first principal component of every group of siblings.

    The weights are the squared loadings on the first component of the correlations, which sum
    to 1; groups enter as the means that the weights below give them. Weights by correlation say
    what the data have in common, not what matters.

    Parameters
    ----------
    table
        Cities × leaves: comparable scores. Cities with a gap do not count in its group.
    tree
        The tree of the index.

    Returns
    -------
    weights, explained
        By node; and by group the share of the variance that the component explains.

    Raises
    ------
    TierscapeError
        If fewer than three cities are known in a group, or none of it varies.

    References
    ----------
    Nicoletti, G., Scarpetta, S., Boylaud, O. (2000). Summary indicators of product market
    regulation. OECD Economics Department Working Papers 226.

    Examples
    --------
    >>> from .tree import tree_of
    >>> from ...data.score_records import Node
    >>> tree = tree_of([Node(slug, "", 1, "value", "", "") for slug in "ab"])
    >>> found, explained = component_weights(
    ...     pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [1.0, 2.0, 2.0]}), tree)
    >>> round(found["a"], 6), round(explained["total"], 6)
    (0.5, 0.933013)
    """
    known: dict[str, FloatArray] = {leaf: table[leaf].to_numpy() for leaf in tree.leaves}
    weights: dict[str, float] = {}
    explained: dict[str, float] = {}
    for group in reversed(tree.groups):
        children = tree.children[group]
        values = np.column_stack([known[child] for child in children])
        share, explained[group] = _first_component(values, group)
        weights.update(zip(children, share.tolist(), strict=True))
        known[group] = power_mean(values, share, 1.0)
    return {slug: weights[slug] for slug in tree.nodes}, explained


def _first_component(values: FloatArray, group: str) -> tuple[FloatArray, float]:
    if values.shape[1] == 1:
        return np.ones(1), 1.0
    complete = values[~np.isnan(values).any(axis=1)]
    if len(complete) < 3:
        raise TierscapeError(
            f"{group}: {len(complete)} cities are complete; components need three or more."
        )
    varies = complete.min(axis=0) < complete.max(axis=0)
    if not varies.any():
        raise TierscapeError(f"{group}: all cities are alike, so it has no components.")
    share = np.zeros(values.shape[1])
    if varies.sum() == 1:
        share[varies] = 1.0
        return share, 1.0
    roots, vectors = np.linalg.eigh(np.corrcoef(complete[:, varies], rowvar=False))
    share[varies] = vectors[:, -1] ** 2
    return share, float(roots[-1] / roots.sum())
