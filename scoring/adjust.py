"""Adjusted p-values: what is left of a finding among many tests."""

from typing import TypeVar

import numpy as np
import pandas as pd

from ..data.errors import TierscapeError
from .tiers import FloatArray, IntArray

Values = TypeVar("Values", pd.Series, FloatArray)


def holm(p_values: Values) -> Values:
    """Adjust p-values for their number, so that the chance of any false finding is controlled.

    Parameters
    ----------
    p_values
        p-values, as an array or a Series; missing ones do not count and stay missing.

    Returns
    -------
    numpy.ndarray or pandas.Series
        The running maximum, in ascending order, of (m − i + 1) · pᵢ, at most 1. Valid however the
        tests depend on each other.

    Raises
    ------
    TierscapeError
        If a value is not between 0 and 1.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian
    Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> holm(pd.Series([0.04, 0.01, None, 0.03])).tolist()
    [0.06, 0.03, nan, 0.06]
    """
    ordered, order = _sorted(p_values)
    factors = np.arange(len(ordered), 0, -1)
    return _restored(np.maximum.accumulate(ordered * factors), order, p_values)


def bh(p_values: Values) -> Values:
    """Adjust p-values so that the expected share of false findings is controlled.

    Parameters
    ----------
    p_values
        p-values, as an array or a Series; missing ones do not count and stay missing.

    Returns
    -------
    numpy.ndarray or pandas.Series
        The running minimum, in descending order, of m / i · pᵢ, at most 1. Valid for tests that
        are independent or positively dependent.

    Raises
    ------
    TierscapeError
        If a value is not between 0 and 1.

    References
    ----------
    Benjamini, Y., Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal
    Statistical Society B 57, 289-300.

    Examples
    --------
    >>> bh(np.array([0.04, 0.01, np.nan, 0.03]))
    array([0.04, 0.03,  nan, 0.04])
    """
    ordered, order = _sorted(p_values)
    return _restored(_step_up(ordered), order, p_values)


def by(p_values: Values) -> Values:
    """Adjust p-values so that the share of false findings is controlled under any dependence.

    Parameters
    ----------
    p_values
        p-values, as an array or a Series; missing ones do not count and stay missing.

    Returns
    -------
    numpy.ndarray or pandas.Series
        As `bh`, times 1 + 1/2 + … + 1/m, at most 1.

    Raises
    ------
    TierscapeError
        If a value is not between 0 and 1.

    References
    ----------
    Benjamini, Y., Yekutieli, D. (2001). The control of the false discovery rate in multiple
    testing under dependency. Annals of Statistics 29, 1165-1188.

    Examples
    --------
    >>> by(np.array([0.02, 0.01, np.nan]))
    array([0.03, 0.03,  nan])
    """
    ordered, order = _sorted(p_values)
    harmonic = float((1 / np.arange(1, len(ordered) + 1)).sum())
    return _restored(harmonic * _step_up(ordered), order, p_values)


def _sorted(p_values: pd.Series | FloatArray) -> tuple[FloatArray, IntArray]:
    """Return the known p-values in ascending order, and where each of them stands."""
    values = np.asarray(p_values, dtype=np.float64)
    if ((values < 0) | (values > 1)).any():
        raise TierscapeError("a p-value lies between 0 and 1.")
    order = np.argsort(values, kind="stable")  # Missing values come last.
    order = order[: np.count_nonzero(~np.isnan(values))]
    return values[order], order


def _step_up(ordered: FloatArray) -> FloatArray:
    """Return the running minimum from the largest p-value down."""
    count = len(ordered)
    scaled = ordered * count / np.arange(1, count + 1)
    return np.asarray(np.minimum.accumulate(scaled[::-1])[::-1], dtype=np.float64)


def _restored(adjusted: FloatArray, order: IntArray, like: Values) -> Values:
    values = np.full(len(like), np.nan)
    values[order] = np.minimum(adjusted, 1.0)
    if isinstance(like, pd.Series):
        return pd.Series(values, index=like.index, name=like.name)
    return values
