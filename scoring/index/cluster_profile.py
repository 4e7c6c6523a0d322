"""What an index looks like by group: mean and spread at every level, and covariates."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ...data.errors import TierscapeError
from ..adjust import holm

_MEASURES = ("count", "mean", "median", "std", "min", "max")
_COLUMNS = ("n_cities", "mean", "median", "sd", "min", "max")
#: Fewer cities give no correlation.
MIN_CITIES = 3


def group_profile(scores: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Return mean and spread of every column of scores, by group and over all cities.

    Parameters
    ----------
    scores
        Cities × nodes of an index: indicators, groups of any level, total.
    groups
        Group of each city, by city: a continent, a class of size. NaN or empty: no group.

    Returns
    -------
    pandas.DataFrame
        One row per node and group, the groups in their order and `all` last: `node`, `group`,
        `n_cities` (with a score), `mean`, `median`, `sd` (sample; missing for one city), `min`,
        `max`, `variation` (sd / |mean|, missing where the mean is 0).

    Raises
    ------
    TierscapeError
        If no city has a group, or a group is called `all`.

    Examples
    --------
    >>> scores = pd.DataFrame({"total": [1.0, 3.0, 5.0]}, index=["a", "b", "c"])
    >>> groups = pd.Series({"a": "small", "b": "small", "c": "large"})
    >>> group_profile(scores, groups)[["group", "n_cities", "mean", "sd"]]
       group  n_cities  mean        sd
    0  large         1   5.0       NaN
    1  small         2   2.0  1.414214
    2    all         3   3.0  2.000000
    """
    group = groups.reindex(scores.index)
    group = group.mask(group.astype("str").str.strip() == "")
    if group.isna().all():
        raise TierscapeError("no city has a group. Check the names of the cities.")
    if (group.astype("str") == "all").any():
        raise TierscapeError("a group may not be called 'all': that is the row of all cities.")
    whole = pd.Series("all", index=scores.index)
    table = pd.concat([_measured(scores, group), _measured(scores, whole)], ignore_index=True)
    order = {node: number for number, node in enumerate(scores.columns)}
    table = table.sort_values("node", key=lambda node: node.map(order), kind="stable")
    table["variation"] = (table["sd"] / table["mean"].abs()).where(table["mean"] != 0)
    return table.reset_index(drop=True)[["node", "group", *_COLUMNS, "variation"]]


def _measured(scores: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    """Return the measures of every node and group: the nodes in their order, then the groups."""
    grouped = scores.groupby(labels, observed=True)
    wide = {
        name: getattr(grouped, measure)() for name, measure in zip(_COLUMNS, _MEASURES, strict=True)
    }
    groups = wide["mean"].index.astype("str")
    heads = {
        "node": np.repeat(np.array(scores.columns, dtype=object), len(groups)),
        "group": np.tile(np.array(groups, dtype=object), scores.shape[1]),
    }
    columns = {name: table.to_numpy().T.ravel() for name, table in wide.items()}
    return pd.DataFrame(heads | columns).astype({"node": "str", "group": "str"})


def size_classes(size: pd.Series, bounds: list[float], labels: list[str]) -> pd.Series:
    """Return the class of each city by size; a city on a bound is in the larger class.

    Parameters
    ----------
    size
        Population or the like, by city.
    bounds
        Rising bounds between the classes.
    labels
        One more than bounds, smallest class first.

    Raises
    ------
    TierscapeError
        If the bounds do not rise, or labels and bounds do not fit.

    Examples
    --------
    >>> size_classes(pd.Series([1e5, 1e6]), [1e6], ["small", "large"]).tolist()
    ['small', 'large']
    """
    if len(labels) != len(bounds) + 1 or (np.diff(bounds) <= 0).any():
        raise TierscapeError("classes need rising bounds, and one label more than bounds.")
    return pd.cut(size, [-np.inf, *bounds, np.inf], right=False, labels=labels)


def correlations(scores: pd.DataFrame, covariate: pd.Series) -> pd.DataFrame:
    """Correlate every column of scores with a covariate such as GDP.

    Parameters
    ----------
    scores
        Cities × nodes of an index.
    covariate
        By city; cities without a value do not count.

    Returns
    -------
    pandas.DataFrame
        One row per node: `node`, `n_cities`, `pearson`, `pearson_p`, `spearman`, `spearman_p`
        (two-sided; Student's t on n − 2 degrees of freedom), `spearman_p_adjusted` (Holm over the
        nodes), `note` (why there is none: fewer than three cities, or one value throughout).

    Raises
    ------
    TierscapeError
        If no city has a covariate, or one is not a number.

    References
    ----------
    Spearman, C. (1904). The proof and measurement of association between two things. American
    Journal of Psychology 15, 72-101.

    Examples
    --------
    >>> scores = pd.DataFrame({"total": [1.0, 2.0, 4.0, 3.0]}, index=list("abcd"))
    >>> gdp = pd.Series([1.0, 4.0, 9.0, 16.0], index=list("abcd"))
    >>> correlations(scores, gdp)[["node", "n_cities", "spearman"]].round(6)
        node  n_cities  spearman
    0  total         4       0.8
    """
    numbers = pd.to_numeric(covariate, errors="coerce").astype("float64")
    wrong = covariate[numbers.isna() & covariate.notna()]
    if len(wrong):
        listed = "; ".join(f"{city}: {value!r}" for city, value in wrong.head(10).items())
        raise TierscapeError(f"the covariate is not a number: {listed}.")
    known = numbers.reindex(scores.index)
    if not np.isfinite(known).any():
        raise TierscapeError("no city has a covariate. Check the names of the cities.")
    table = pd.DataFrame(_correlation_rows(scores, known))
    table.insert(6, "spearman_p_adjusted", holm(table["spearman_p"]))
    return table


def _correlation_rows(scores: pd.DataFrame, covariate: pd.Series) -> Iterator[dict[str, Any]]:
    from scipy.stats import pearsonr, spearmanr  # noqa: PLC0415 - slow to import

    for node in map(str, scores.columns):
        both = np.isfinite(covariate) & np.isfinite(scores[node])
        x, y = covariate[both].to_numpy(), scores[node][both].to_numpy(dtype=np.float64)
        row: dict[str, Any] = {"node": node, "n_cities": len(x)}
        numbers, note = [np.nan] * 4, ""
        if len(x) < MIN_CITIES:
            note = f"fewer than {MIN_CITIES} cities"
        elif np.ptp(x) <= 1e-12 * np.abs(x).max() or np.ptp(y) <= 1e-12 * np.abs(y).max():
            note = "one value throughout"
        else:
            numbers = [*pearsonr(x, y), *spearmanr(x, y)]
        names = ("pearson", "pearson_p", "spearman", "spearman_p")
        yield row | dict(zip(names, map(float, numbers), strict=True)) | {"note": note}
