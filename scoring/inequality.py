"""Inequality of scores within and between groups: Theil's two measures and Gini's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..data.errors import DataError, Problem, TierscapeError, UnknownNameError
from .tiers import FloatArray, IntArray

#: Columns of the tiers table that are ranks or codes of tiers, not amounts.
_ORDINAL = frozenset({"tier", "rank", "rank_best", "rank_worst", "label", "percentile"})


@dataclass(frozen=True, slots=True)
class Inequality:
    """An inequality index and the parts that add up to it.

    Attributes
    ----------
    measure
        `theil-t`, `theil-l` or `gini`.
    total
        The index over all cities.
    within
        What is left if all groups had the same mean.
    between
        The index if every city had its group's mean.
    overlap
        What is due to groups that reach into each other; 0 for Theil's measures.
    """

    measure: str
    total: float
    within: float
    between: float
    overlap: float


def decompose(scores: pd.Series, groups: pd.Series, measure: str) -> Inequality:
    """Split the inequality of scores into that within and that between groups.

    With mean μ, and for group g the share n_g of cities, s_g of the sum, and mean μ_g:
    Theil T = mean of (x/μ) ln(x/μ) = Σ s_g T_g + Σ s_g ln(μ_g/μ);
    Theil L = mean of ln(μ/x) = Σ n_g L_g + Σ n_g ln(μ/μ_g);
    Gini = mean |x − y| / 2μ = Σ n_g s_g G_g + Gini of the group means + overlap.

    Parameters
    ----------
    scores
        Positive scores on a ratio scale, indexed by city.
    groups
        Group of every city, same index: a country, a landform, a learned label.
    measure
        `theil-t`, `theil-l` or `gini`.

    Returns
    -------
    Inequality
        The index and its parts.

    Raises
    ------
    TierscapeError
        If the scores are tiers or ranks, if a city is in two groups, or if the two tables do not
        hold the same cities.
    DataError
        If a score is not a positive number.
    UnknownNameError
        If the measure is another.

    References
    ----------
    Theil, H. (1967). Economics and Information Theory. North-Holland.
    Shorrocks, A. F. (1980). The class of additively decomposable inequality measures.
    Econometrica 48, 613-625.
    Mookherjee, D., Shorrocks, A. F. (1982). A decomposition analysis of the trend in UK income
    inequality. Economic Journal 92, 886-902.

    Examples
    --------
    >>> scores = pd.Series([1.0, 3.0, 2.0, 6.0], index=list("abcd"))
    >>> groups = pd.Series(["x", "x", "y", "y"], index=list("abcd"))
    >>> decompose(scores, groups, "gini")
    Inequality(measure='gini', total=0.333333..., within=0.125, between=0.166666...,
               overlap=0.041666...)
    """
    if measure not in _MEASURES:
        raise UnknownNameError("measure", measure, _MEASURES)
    _check(scores, groups)
    values = scores.to_numpy(dtype=np.float64)
    codes, _ = pd.factorize(groups.reindex(scores.index), sort=True)
    total, within, between = _MEASURES[measure](values, codes.astype(np.int64))
    # Theil's measures leave nothing over but rounding.
    overlap = max(total - within - between, 0.0) if measure == "gini" else 0.0
    return Inequality(measure, total, within, between, overlap)


_Parts = tuple[float, float, float]


def _theil_t(x: FloatArray, group: IntArray) -> _Parts:
    _, share, means = _groups(x, group)
    relative = means / x.mean()
    parts = np.bincount(group, (x / means[group]) * np.log(x / means[group])) / np.bincount(group)
    return _t(x), float(share @ parts), float(share @ np.log(relative))


def _t(x: FloatArray) -> float:
    relative = x / x.mean()
    return float((relative * np.log(relative)).mean())


def _theil_l(x: FloatArray, group: IntArray) -> _Parts:
    size, _, means = _groups(x, group)
    within = np.log(means[group] / x).mean()
    return float(np.log(x.mean() / x).mean()), float(within), float(size @ np.log(x.mean() / means))


def _gini(x: FloatArray, group: IntArray) -> _Parts:
    size, share, means = _groups(x, group)
    inside = np.array([gini(x[group == number]) for number in range(len(size))])
    return gini(x), float((size * share) @ inside), gini(means[group])


def _groups(x: FloatArray, group: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return each group's share of the cities, its share of the sum, and its mean."""
    counts, sums = np.bincount(group), np.bincount(group, x)
    return counts / len(x), sums / x.sum(), sums / counts


_MEASURES: Mapping[str, Callable[[FloatArray, IntArray], _Parts]] = {
    "theil-t": _theil_t,
    "theil-l": _theil_l,
    "gini": _gini,
}


def gini(values: FloatArray) -> float:
    """Return the Gini index: the mean difference of two values, drawn with return, over 2 means.

    References
    ----------
    Gini, C. (1914). Sulla misura della concentrazione e della variabilità dei caratteri. Atti del
    Reale Istituto Veneto 73, 1203-1248.

    Examples
    --------
    >>> gini(np.array([1.0, 3.0]))
    0.25
    """
    ordered, count = np.sort(values), len(values)
    return float(ordered @ (2 * np.arange(1, count + 1) - count - 1) / (count * ordered.sum()))


def _check(scores: pd.Series, groups: pd.Series) -> None:
    if str(scores.name) in _ORDINAL:
        raise TierscapeError(
            f"{scores.name!r} is an order, not an amount: tier 2 is not twice tier 1, and any other"
            " numbering would give another Theil or Gini index. Use positive scores, or for tiers"
            " the between-share of rank variance (rank_variance)."
        )
    if groups.index.has_duplicates:
        twice = ", ".join(map(str, groups.index[groups.index.duplicated()].unique()[:5]))
        raise TierscapeError(
            f"the groups overlap: {twice} in more than one. Within and between add up for a"
            " partition only. Give every city one group."
        )
    if scores.index.has_duplicates:
        twice = ", ".join(map(str, scores.index[scores.index.duplicated()].unique()[:5]))
        raise TierscapeError(f"several scores for {twice}. Give every city one score.")
    missing = scores.index.difference(groups.dropna().index)
    if len(missing):
        raise TierscapeError(f"no group for {', '.join(map(str, missing[:5]))}.")
    if scores.empty:
        raise TierscapeError("there are no scores.")
    values = scores.to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = ~(np.isfinite(values) & (values > 0))
    if wrong.any():
        raise DataError(
            Problem("scores", None, str(city), str(value), "is not a positive number")
            for city, value in zip(scores.index[wrong], values[wrong], strict=True)
        )
