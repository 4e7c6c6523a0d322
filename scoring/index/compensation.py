"""How far each way to combine lets a good score pay for a bad one."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..tiers import FloatArray
from .combine import check_meaningful, combine, power_of
from .tree import TOTAL, Tree, rescaled


def compensation(
    scores: pd.Series,
    tree: Tree,
    weights: Mapping[str, float],
    how: str,
    *,
    power: float = 1.0,
) -> pd.DataFrame:
    """Return how many points of one indicator pay for a small loss of one point in another.

    It is the marginal rate of substitution (∂T/∂xᵢ) / (∂T/∂xⱼ) of the total T. In a mean of
    power p the derivative by a child is w (x/M)^(p−1), multiplied along the path to the total:
    the rate is wᵢ/wⱼ in the arithmetic mean whatever the scores, and grows as xᵢ falls below
    xⱼ in the others.

    Parameters
    ----------
    scores
        Scores by leaf, without NaN: those of one city, or the mean of all.
    tree, weights, how, power
        As in `combine`.

    Returns
    -------
    pandas.DataFrame
        Leaf lost (index `lost`) × leaf gained: points needed. All `NaN` for Copeland's rule,
        under which no gain pays for a loss; infinite where the gained leaf has no weight.

    References
    ----------
    Munda, G. (2008). Social Multi-Criteria Evaluation for a Sustainable Economy. Springer.

    Examples
    --------
    >>> from .tree import tree_of
    >>> from ...data.score_records import Node
    >>> tree = tree_of([Node(slug, "", 1, "value", "", "") for slug in "ab"])
    >>> compensation(pd.Series({"a": 1.0, "b": 4.0}), tree, {"a": 1, "b": 1}, "geometric")
    gained     a    b
    lost
    a       1.00  4.0
    b       0.25  1.0
    """
    leaves = list(tree.leaves)
    rates = np.full((len(leaves), len(leaves)), np.nan)
    if how != "copeland":
        slopes = _slopes(scores, tree, rescaled(tree, weights), power_of(how, power))
        with np.errstate(divide="ignore", invalid="ignore"):
            rates = slopes[:, None] / slopes[None, :]
        np.fill_diagonal(rates, 1.0)
    lost, gained = pd.Index(leaves, name="lost"), pd.Index(leaves, name="gained")
    return pd.DataFrame(rates, index=lost, columns=gained)


def _slopes(scores: pd.Series, tree: Tree, shares: Mapping[str, float], power: float) -> FloatArray:
    """Return ∂T/∂x of every leaf."""
    one = scores[list(tree.leaves)].to_frame().T
    # A slope needs scores above 0 where the mean itself takes zeros.
    check_meaningful(one, min(power, 0.0) if power != 1 else power)
    groups = combine(one, tree, shares, "generalised", power=power)
    value = {**one.iloc[0], **groups.iloc[0]}
    slope = {TOTAL: 1.0}
    for group in tree.groups:
        for child in tree.children[group]:
            ratio = (value[child] / value[group]) ** (power - 1) if power != 1 else 1.0
            slope[child] = slope[group] * shares[child] * ratio
    return np.array([slope[leaf] for leaf in tree.leaves])
