"""Weighted scores become one, level by level."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ...data.errors import TierscapeError, UnknownNameError
from ..tiers import FloatArray
from .copeland import copeland_scores
from .tree import Tree, rescaled

#: The exponent of each mean; `generalised` takes the one that it is given.
POWERS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}
METHODS = (*POWERS, "generalised", "copeland")


def combine(
    table: pd.DataFrame,
    tree: Tree,
    weights: Mapping[str, float],
    how: str,
    *,
    power: float = 1.0,
    known: Mapping[str, FloatArray] | None = None,
) -> pd.DataFrame:
    """Return the score of every city in every group and in total.

    Parameters
    ----------
    table
        Cities × leaves: comparable scores. Where one is NaN its weight goes to its siblings; a
        group of which nothing is known is itself unknown.
    tree
        The tree of the index.
    weights
        The weight of each node among its siblings; rescaled within each group.
    how
        `arithmetic`, `geometric`, `harmonic` or `generalised` mean, taken level by level; or
        `copeland`, taken over the leaves of each group.
    power
        The exponent p of the generalised mean, (Σ w xᵖ)^(1/p); 0 is the geometric mean.
    known
        Scores of groups that the same call has given before, for all below them is the same.
        Copeland's rule has no use for them.

    Returns
    -------
    pandas.DataFrame
        Cities × (`total`, then the groups, parents first).

    Raises
    ------
    TierscapeError
        If a mean other than the arithmetic meets a score of zero or less, where it has no
        meaning (zeros have one under a positive power); names the cities and indicators.

    References
    ----------
    Nardo, M. et al. (2008). Handbook on Constructing Composite Indicators, section 6. OECD/JRC.
    Hardy, G. H., Littlewood, J. E., Pólya, G. (1934). Inequalities, chapter II. Cambridge.

    Examples
    --------
    >>> from .tree import tree_of
    >>> from ...data.score_records import Node
    >>> tree = tree_of([Node(slug, "", 1, "value", "", "") for slug in "ab"])
    >>> table = pd.DataFrame({"a": [1.0, 4.0], "b": [4.0, 4.0]}, index=["X", "Y"])
    >>> combine(table, tree, {"a": 1, "b": 1}, "geometric")["total"].tolist()
    [2.0, 4.0]
    """
    if how == "copeland":
        columns = {leaf: table[leaf].to_numpy(dtype=np.float64) for leaf in tree.leaves}
        scores = copeland_scores(columns, tree.children, rescaled(tree, weights))
        return pd.DataFrame(scores, index=table.index)
    p = power_of(how, power)
    shares = rescaled(tree, weights)
    found = dict(known or {})
    open_groups = [group for group in reversed(tree.groups) if group not in found]
    below = {child for group in open_groups for child in tree.children[group]}
    leaves = [leaf for leaf in tree.leaves if leaf in below]
    if p != 1:
        check_meaningful(table[leaves], p)
    found |= {leaf: table[leaf].to_numpy(dtype=np.float64) for leaf in leaves}
    for group in open_groups:
        children = tree.children[group]
        values = np.column_stack([found[child] for child in children])
        found[group] = power_mean(values, np.array([shares[child] for child in children]), p)
    return pd.DataFrame({group: found[group] for group in tree.groups}, index=table.index)


def power_of(how: str, power: float) -> float:
    """Return the exponent of a mean.

    Raises
    ------
    UnknownNameError
        If there is no such mean.
    """
    if how == "generalised":
        return power
    if how not in POWERS:
        raise UnknownNameError("way to combine", how, METHODS)
    return POWERS[how]


def power_mean(values: FloatArray, weights: FloatArray, power: float) -> FloatArray:
    """Return the weighted generalised mean over the last axis, of the values that are known.

    Parameters
    ----------
    values
        Of any shape; NaN is unknown.
    weights
        Of the same shape, or one that is spread over it; they need not sum to 1.
    power
        The exponent.

    Examples
    --------
    >>> power_mean(np.array([[1.0, 4.0], [np.nan, 3.0]]), np.array([0.5, 0.5]), -1.0)
    array([1.6, 3. ])
    """
    there = ~np.isnan(values)
    whole = bool(there.all())
    share = weights if whole else there * weights
    filled = values if whole else np.where(there, values, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = share / share.sum(axis=-1, keepdims=True)
        # Every row is added up alike, wherever it stands.
        mean = np.multiply(share, _powers(filled, power), order="C").sum(axis=-1)
        if power == 0:
            return np.asarray(np.exp(mean))
        return np.asarray(mean if power == 1 else mean ** (1 / power))


def _powers(values: FloatArray, power: float) -> FloatArray:
    if power == 1:
        return values
    each = np.ascontiguousarray(values)
    return np.asarray(np.log(each) if power == 0 else each**power)


def check_meaningful(table: pd.DataFrame, power: float) -> None:
    """Check that every score may stand in a mean of this power.

    Raises
    ------
    TierscapeError
        If a score is negative, or zero where the power is not positive. The arithmetic mean
        takes any.
    """
    if power == 1:
        return
    wrong = (table < 0) if power > 0 else (table <= 0)
    rows, columns = np.nonzero(wrong.to_numpy())
    values = table.to_numpy()
    if not len(rows):
        return
    listed = "; ".join(
        f"{table.index[row]}, {table.columns[column]}: {values[row, column]:g}"
        for row, column in zip(rows[:10], columns[:10], strict=True)
    )
    more = f" and {len(rows) - 10} more" if len(rows) > 10 else ""
    least = "at least 0" if power > 0 else "above 0"
    raise TierscapeError(
        f"a mean of power {power:g} needs scores {least}: {listed}{more}. "
        "Normalise to a scale that begins above 0, such as 1 to 100, or take the arithmetic mean."
    )
