"""Totals that differ by floating noise only are the same total."""

import numpy as np
import pandas as pd

from ..tiers import FloatArray

#: Totals nearer than this, relative to the largest, are the same.
TIE = 1e-9


def settled(totals: FloatArray) -> FloatArray:
    """Return the totals with those that are equal but for noise made equal.

    A total takes the next lower one's value as long as the gap is within 1e-9 of the largest
    absolute total. NaN stays.

    Examples
    --------
    >>> settled(np.array([0.1 + 0.2, 0.3, 0.5])).tolist()
    [0.3, 0.3, 0.5]
    """
    known = np.flatnonzero(~np.isnan(totals))
    order = known[np.argsort(totals[known], kind="stable")]
    values = totals[order]
    if not len(values):
        return totals.copy()
    starts = np.r_[True, np.diff(values) > TIE * np.abs(values).max()]
    found = totals.copy()
    found[order] = values[starts][np.cumsum(starts) - 1]
    return found


def ranks_of(totals: pd.Series) -> pd.Series:
    """Return ranks, 1 for the highest total; tied cities share the better rank.

    Examples
    --------
    >>> ranks_of(pd.Series({"A": 0.3, "B": 0.5, "C": 0.1 + 0.2})).tolist()
    [2, 1, 2]
    """
    values = pd.Series(settled(totals.to_numpy(dtype=np.float64)), totals.index)
    return values.rank(ascending=False, method="min").astype("Int64").rename("rank")
