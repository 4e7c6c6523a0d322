"""From cities to clusters: means of scores, and ranks with the uncertainty of the same draws."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from ...data.errors import TierscapeError, UnknownNameError
from ..aggregate import MIN_MEMBERS, ROLES, cluster_members
from ..tiers import BoolArray, FloatArray
from .rank_kernel import count_ranks
from .settle import TIE

SCORE_COLUMNS = (
    *("edition", "dimension", "cluster", "role", "n_cities"),
    *("mean", "median", "sd", "min", "max"),
    *("rank", "rank_lower", "rank_upper", "p_rank_1", "note"),
)
_RANKS = ("rank", "rank_lower", "rank_upper")
DIFFERENCE_COLUMNS = (
    *("edition", "dimension", "cluster_a", "cluster_b", "role"),
    *("difference", "difference_lower", "difference_upper", "p_a_ahead"),
    *("n_a", "n_b", "n_shared"),
)

Draws = Mapping[str, FloatArray]


def cluster_scores(
    scores: pd.DataFrame,
    draws: Draws,
    membership: pd.DataFrame,
    *,
    edition: str,
    interval: float = 0.90,
) -> pd.DataFrame:
    """Summarise the scores of cities by cluster.

    Every draw of weights and ratings gives every city a score. The mean of each cluster is taken
    within the draw, and the clusters are ranked within it: what all cities share cancels.

    Parameters
    ----------
    scores
        Cities (index: city ids) × dimensions or indicators. NaN: the city is not scored there.
    draws
        For each column that is to be ranked with uncertainty, draws × cities, in the order of
        `scores`; a column without draws gets a rank and no interval.
    membership
        `cluster`, `city_id`, `role` (`core` or `extended`).
    edition
        Slug of the index.
    interval
        Share of the draws between `rank_lower` and `rank_upper`.

    Returns
    -------
    pandas.DataFrame
        One row per column of `scores`, cluster and role (`core`, or `all` for core and extended)
        with at least one scored city: `edition`, `dimension`, `cluster`, `role`, `n_cities`,
        `mean`, `median`, `sd` (sample; missing for one city), `min`, `max`, `rank` (of the mean
        among the clusters with at least three cities there; ties share the better rank),
        `rank_lower`, `rank_upper`, `p_rank_1` (share of the draws in which the cluster is first,
        alone or with others), `note` (why there is no rank).

    Raises
    ------
    TierscapeError
        If no cluster has a scored city, a city stands twice, or draws do not fit the scores.

    Examples
    --------
    >>> scores = pd.DataFrame({"total": [9.0, 8, 7, 5, 4, 3]}, index=list("abcdef"))
    >>> draws = {"total": scores["total"].to_numpy() + np.array([[0.0] * 6, [-9] * 3 + [0] * 3])}
    >>> membership = pd.DataFrame({"cluster": ["x"] * 3 + ["y"] * 3, "city_id": list("abcdef"),
    ...                            "role": "core"})
    >>> found = cluster_scores(scores, draws, membership, edition="mine")
    >>> found.loc[found["role"] == "core", ["cluster", "mean", "rank", "rank_upper", "p_rank_1"]]
      cluster  mean  rank  rank_upper  p_rank_1
    0       x   8.0     1           2       0.5
    1       y   4.0     2           2       0.5
    """
    _check(scores, draws)
    rows: list[dict[str, Any]] = []
    for dimension, role, inside in _groups(scores, draws, membership):
        values = scores[dimension].to_numpy(dtype=np.float64)
        drawn = draws.get(dimension)
        ranked = [slug for slug, cities in inside.items() if cities.sum() >= MIN_MEMBERS]
        ranks = _ranks(values, drawn, [inside[slug] for slug in ranked], interval)
        found = dict(zip(ranked, ranks, strict=True))
        head = {"edition": edition, "dimension": dimension, "role": role}
        rows += [
            head | {"cluster": slug} | _summary(values[cities]) | found.get(slug, {})
            for slug, cities in inside.items()
        ]
    if not rows:
        raise TierscapeError("no cluster has a scored city. Check the city ids of the membership.")
    table = pd.DataFrame(rows, columns=list(SCORE_COLUMNS))
    few = table["n_cities"] < MIN_MEMBERS
    table["note"] = np.where(few, f"no rank below {MIN_MEMBERS} cities", "")
    return table.astype(dict.fromkeys(_RANKS, "Int64") | {"p_rank_1": "float64"})


def cluster_differences(
    scores: pd.DataFrame,
    draws: Draws,
    membership: pd.DataFrame,
    *,
    edition: str,
    interval: float = 0.90,
) -> pd.DataFrame:
    """Compare the mean scores of every pair of clusters, draw by draw.

    Parameters
    ----------
    scores, draws, membership, edition, interval
        As in `cluster_scores`; columns without draws are left out.

    Returns
    -------
    pandas.DataFrame
        One row per dimension, role and pair of clusters with a scored city, `cluster_a` before
        `cluster_b` by slug: `difference` (mean of a − mean of b), `difference_lower`,
        `difference_upper` (quantiles over the draws), `p_a_ahead` (share of the draws with a
        ahead, ties counting half), `n_a`, `n_b`, `n_shared` (cities of both).

    Raises
    ------
    TierscapeError
        As in `cluster_scores`.

    Examples
    --------
    >>> scores = pd.DataFrame({"total": [3.0, 1.0]}, index=["a", "b"])
    >>> draws = {"total": np.array([[3.0, 1.0], [5.0, 3.0], [2.0, 2.0], [1.0, 2.0]])}
    >>> membership = pd.DataFrame({"cluster": ["x", "y"], "city_id": ["a", "b"], "role": "core"})
    >>> found = cluster_differences(scores, draws, membership, edition="mine")
    >>> found[["difference", "p_a_ahead"]].values.tolist()[0]
    [2.0, 0.625]
    """
    _check(scores, draws)
    rows = []
    for dimension, role, inside in _groups(scores, draws, membership):
        if dimension not in draws:
            continue
        values = scores[dimension].to_numpy(dtype=np.float64)
        for a, b in combinations(inside, 2):
            pair = [inside[a], inside[b]]
            head = {"edition": edition, "dimension": dimension, "role": role}
            found = _difference(values, draws[dimension], pair, interval)
            rows.append(head | {"cluster_a": a, "cluster_b": b} | found)
    return pd.DataFrame(rows, columns=list(DIFFERENCE_COLUMNS))


def _check(scores: pd.DataFrame, draws: Draws) -> None:
    twice = scores.index[scores.index.duplicated()].unique()
    if len(twice):
        listed = ", ".join(map(str, twice[:10]))
        raise TierscapeError(f"a city has one row of scores; twice: {listed}.")
    for name, drawn in draws.items():
        if name not in scores:
            raise UnknownNameError("dimension", name, map(str, scores.columns))
        if drawn.ndim != 2 or not len(drawn) or drawn.shape[1] != len(scores):
            shape = " × ".join(map(str, drawn.shape))
            raise TierscapeError(
                f"{name}: the draws are {shape}, not draws × {len(scores)} cities."
            )


def _groups(
    scores: pd.DataFrame, draws: Draws, membership: pd.DataFrame
) -> Iterator[tuple[str, str, dict[str, BoolArray]]]:
    """Yield dimension, role and the scored cities of every cluster that has any."""
    for dimension in map(str, scores.columns):
        known = np.isfinite(scores[dimension].to_numpy(dtype=np.float64))
        if dimension in draws:
            known &= np.isfinite(draws[dimension]).all(axis=0)
        for role in ROLES:
            members = cluster_members(membership, role)
            inside = {slug: known & scores.index.isin(ids) for slug, ids in members.items()}
            yield dimension, role, {slug: each for slug, each in inside.items() if each.any()}


def _summary(values: FloatArray) -> dict[str, float]:
    return {
        "n_cities": len(values),
        "mean": float(values.mean()),
        "median": float(np.median(values)),
        "sd": float(values.std(ddof=1)) if len(values) > 1 else np.nan,
        "min": float(values.min()),
        "max": float(values.max()),
    }


def _means(values: FloatArray, groups: Sequence[BoolArray]) -> FloatArray:
    """Return draws × groups: the mean of each group in each draw."""
    return np.column_stack([values[:, group].mean(axis=1) for group in groups])


def _ranks(
    values: FloatArray,
    drawn: FloatArray | None,
    groups: Sequence[BoolArray],
    interval: float,
) -> list[dict[str, Any]]:
    if not groups:
        return []
    rank = count_ranks(_means(values[np.newaxis], groups)).quantile(1.0)
    found: list[dict[str, Any]] = [{"rank": int(each)} for each in rank]
    if drawn is None:
        return found
    counts = count_ranks(_means(drawn, groups))
    lower, upper = (counts.quantile((1 + sign * interval) / 2) for sign in (-1, 1))
    first = counts.best[:, 0] / counts.scenarios
    for row, *numbers in zip(found, lower, upper, first, strict=True):
        row |= dict(zip(("rank_lower", "rank_upper", "p_rank_1"), numbers, strict=True))
    return found


def _difference(
    values: FloatArray, drawn: FloatArray, pair: Sequence[BoolArray], interval: float
) -> dict[str, float]:
    a, b = _means(values[np.newaxis], pair)[0]
    drawn_a, drawn_b = _means(drawn, pair).T
    gap = drawn_a - drawn_b
    even = TIE * np.maximum(np.abs(drawn_a), np.abs(drawn_b))
    lower, upper = np.quantile(gap, [(1 - interval) / 2, (1 + interval) / 2])
    return {
        "difference": float(a - b),
        "difference_lower": float(lower),
        "difference_upper": float(upper),
        "p_a_ahead": float(((gap > even) + 0.5 * (np.abs(gap) <= even)).mean()),
        "n_a": int(pair[0].sum()),
        "n_b": int(pair[1].sum()),
        "n_shared": int((pair[0] & pair[1]).sum()),
    }
