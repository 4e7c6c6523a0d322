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
    check_meaningful(table[list(tree.leaves)], p)
    shares = rescaled(tree, weights)
    known: dict[str, FloatArray] = {
        leaf: table[leaf].to_numpy(dtype=np.float64) for leaf in tree.leaves
    }
    for group in reversed(tree.groups):
        children = tree.children[group]
        values = np.column_stack([known[child] for child in children])
        known[group] = power_mean(values, np.array([shares[child] for child in children]), p)
    return pd.DataFrame({group: known[group] for group in tree.groups}, index=table.index)


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
    """Return the weighted generalised mean of each row, over the values that are known.

    Examples
    --------
    >>> power_mean(np.array([[1.0, 4.0], [np.nan, 3.0]]), np.array([0.5, 0.5]), -1.0)
    array([1.6, 3. ])
    """
    there = ~np.isnan(values)
    share = there * weights
    total = share.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = share / total[:, None]
        filled = np.where(there, values, 1.0)
        if power == 0:
            return np.asarray(np.exp((share * np.log(filled)).sum(axis=1)))
        if power == 1:
            return np.asarray((share * filled).sum(axis=1))
        return np.asarray(((share * filled**power).sum(axis=1)) ** (1 / power))


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
