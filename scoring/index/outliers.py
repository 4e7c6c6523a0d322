"""Outliers of raw values: winsorise or take the logarithm, and say so."""

import numpy as np
import pandas as pd

from ...data.score_records import Node, Treatment
from ..tiers import FloatArray, IntArray

#: An indicator has outliers if its skewness and its kurtosis both reach these.
SKEW, KURTOSIS = 2.0, 3.5
#: The logarithm is taken of the distance from the minimum plus this share of the range.
SHIFT = 0.01


def shape(values: FloatArray) -> tuple[float, float]:
    """Return the sample skewness G₁ and excess kurtosis G₂, as spreadsheets do.

    References
    ----------
    Joanes, D. N., Gill, C. A. (1998). Comparing measures of sample skewness and kurtosis. The
    Statistician 47, 183-189.

    Examples
    --------
    >>> [round(number, 6) for number in shape(np.array([1.0, 2.0, 3.0, 10.0]))]
    [1.763633, 3.228]
    """
    # scipy.stats takes a second to load, and most indices treat no outliers.
    from scipy.stats import kurtosis, skew  # noqa: PLC0415

    return float(skew(values, bias=False)), float(kurtosis(values, bias=False))


def has_outliers(values: FloatArray) -> bool:
    """Tell whether both |skewness| ≥ 2 and kurtosis ≥ 3.5, of at least four values.

    References
    ----------
    Saisana, M., Saltelli, A. (2012). Joint Research Centre statistical audit of the 2012 Global
    Innovation Index.

    Examples
    --------
    >>> has_outliers(np.arange(10.0)), has_outliers(np.array([*range(10), 100.0]))
    (False, True)
    """
    if len(values) < 4 or values.min() == values.max():
        return False
    skewness, kurtosis = shape(values)
    return abs(skewness) >= SKEW and kurtosis >= KURTOSIS


def winsorise(values: FloatArray, most: int) -> tuple[FloatArray, IntArray]:
    """Pull in the farthest values, one after the other, until there are no outliers.

    The value at the end to which the distribution leans takes the next one's value; equal values
    move together.

    Parameters
    ----------
    values
        Values without NaN.
    most
        No further step is taken once so many values have been moved.

    Returns
    -------
    values, moved
        The new values, and the positions of those that moved. `has_outliers` tells whether it
        was enough.

    Examples
    --------
    >>> values, moved = winsorise(np.array([*range(10), 100.0]), 5)
    >>> values.tolist()[-3:], moved
    ([8.0, 9.0, 9.0], array([10]))
    """
    found = values.copy()
    moved: set[int] = set()
    while has_outliers(found) and len(moved) < most:
        high = shape(found)[0] >= 0
        at = found == (found.max() if high else found.min())
        found[at] = found[~at].max() if high else found[~at].min()
        moved.update(np.flatnonzero(at).tolist())
    return found, np.array(sorted(moved), dtype=np.int64)


def shifted_log(values: FloatArray) -> FloatArray:
    """Return log(x − min + 0.01 · range); mirrored where the values lean to the low end.

    The order of the values stays.

    References
    ----------
    Becker, W. et al. (2019). COIN Tool User Guide. Joint Research Centre, EUR 29899 EN.

    Examples
    --------
    >>> shifted_log(np.array([0.0, 1.0, 100.0])).round(3)
    array([0.   , 0.693, 4.615])
    """
    low, high = values.min(), values.max()
    shift = SHIFT * (high - low)
    if shape(values)[0] < 0:
        return np.asarray(-np.log(high - values + shift))
    return np.asarray(np.log(values - low + shift))


def treat(column: pd.Series, treatment: Treatment) -> tuple[pd.Series, str]:
    """Return one indicator without outliers, and what was done (empty if nothing).

    Where winsorising the `most` values is not enough, the logarithm of the original values is
    taken instead.

    Examples
    --------
    >>> column = pd.Series([*range(10), 100.0], index=list("abcdefghijk"), name="flights")
    >>> treat(column, Treatment("minmax", outliers="winsorise"))[1]
    'flights: winsorised 1 value (k)'
    """
    known = column.dropna()
    values = known.to_numpy(dtype=np.float64)
    if treatment.outliers == "none" or not has_outliers(values):
        return column, ""
    if treatment.outliers == "winsorise":
        new, moved = winsorise(values, treatment.most)
        if not has_outliers(new):
            names = ", ".join(str(city) for city in known.index[moved])
            plural = "" if len(moved) == 1 else "s"
            note = f"{column.name}: winsorised {len(moved)} value{plural} ({names})"
            return pd.Series(new, known.index, name=column.name).reindex(column.index), note
    new = shifted_log(values)
    reason = (
        f" ({treatment.most} winsorised values were not enough)"
        if treatment.outliers == "winsorise"
        else ""
    )
    left = "; it still has outliers" if has_outliers(new) else ""
    note = f"{column.name}: logarithm taken{reason}{left}"
    return pd.Series(new, known.index, name=column.name).reindex(column.index), note


def treat_table(
    table: pd.DataFrame, nodes: dict[str, Node], treatment: Treatment
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the table with the outliers of its raw values treated, and what was done.

    Points of ladders stay: a step that few cities reach is no outlier.
    """
    if treatment.outliers == "none":
        return table, ()
    columns = [
        treat(table[name], treatment) if nodes[str(name)].kind == "value" else (table[name], "")
        for name in table.columns
    ]
    treated = pd.concat([column for column, _ in columns], axis=1)
    return treated, tuple(note for _, note in columns if note)
