"""From cities to clusters: means of scores, and ranks with the uncertainty of the same draws."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..aggregate import MIN_MEMBERS
from ..tiers import FloatArray
from .cluster_groups import (
    Draws,
    Group,
    check_draws,
    cluster_groups,
    group_means,
    known_in_all,
    together,
)
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
    return score_table(
        scores, *_grouped(scores, draws, membership), edition=edition, interval=interval
    )


def _grouped(
    scores: pd.DataFrame, draws: Draws, membership: pd.DataFrame
) -> tuple[tuple[Group, ...], FloatArray]:
    """Return the clusters' groups of scored cities, and the mean of each in every draw."""
    check_draws(scores, draws)
    groups = cluster_groups(scores, membership, known_in_all(draws))
    return groups, group_means(draws, groups)


def score_table(
    scores: pd.DataFrame,
    groups: Sequence[Group],
    means: FloatArray,
    *,
    edition: str,
    interval: float = 0.90,
) -> pd.DataFrame:
    """Return the table of `cluster_scores`, from the means of its groups.

    Parameters
    ----------
    scores, edition, interval
        As there.
    groups, means
        As `cluster_groups` and `group_means` return.
    """
    rows: list[dict[str, Any]] = []
    for head, values, numbers in together(scores, groups):
        inside = [groups[number] for number in numbers]
        found = _ranks(values, means[:, numbers], inside, interval)
        rows += [
            {"edition": edition} | head | {"cluster": group.cluster}
            | _summary(values[group.cities]) | ranks
            for group, ranks in zip(inside, found, strict=True)
        ]  # fmt: skip
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
    return difference_table(
        scores, *_grouped(scores, draws, membership), edition=edition, interval=interval
    )


def difference_table(
    scores: pd.DataFrame,
    groups: Sequence[Group],
    means: FloatArray,
    *,
    edition: str,
    interval: float = 0.90,
) -> pd.DataFrame:
    """Return the table of `cluster_differences`, from the means of its groups.

    Parameters
    ----------
    scores, groups, means, edition, interval
        As in `score_table`.
    """
    rows: list[tuple[Any, ...]] = []
    for head, values, numbers in together(scores, groups):
        drawn = means[:, numbers]
        if not drawn.size or np.isnan(drawn).all():
            continue
        inside = [groups[number] for number in numbers]
        own = [float(values[group.cities].mean()) for group in inside]
        for at in range(len(inside) - 1):
            found = _differences(own[at:], drawn[:, at:], inside[at:], interval)
            rows += [(edition, head["dimension"], *row) for row in found]
    return pd.DataFrame(rows, columns=list(DIFFERENCE_COLUMNS))


def _summary(values: FloatArray) -> dict[str, float]:
    return {
        "n_cities": len(values),
        "mean": float(values.mean()),
        "median": float(np.median(values)),
        "sd": float(values.std(ddof=1)) if len(values) > 1 else np.nan,
        "min": float(values.min()),
        "max": float(values.max()),
    }


def _ranks(
    values: FloatArray, drawn: FloatArray, groups: Sequence[Group], interval: float
) -> list[dict[str, Any]]:
    """Return the columns of ranks of every group; none for a group of too few cities."""
    found: list[dict[str, Any]] = [{} for _ in groups]
    ranked = [at for at, group in enumerate(groups) if len(group.cities) >= MIN_MEMBERS]
    if not ranked:
        return found
    own = np.array([[values[groups[at].cities].mean() for at in ranked]])
    for at, rank in zip(ranked, count_ranks(own).quantile(1.0), strict=True):
        found[at]["rank"] = int(rank)
    if not drawn.size or np.isnan(drawn).all():
        return found
    counts = count_ranks(drawn[:, ranked])
    lower, upper = (counts.quantile((1 + sign * interval) / 2) for sign in (-1, 1))
    first = counts.best[:, 0] / counts.scenarios
    for at, *numbers in zip(ranked, lower, upper, first, strict=True):
        found[at] |= dict(zip(("rank_lower", "rank_upper", "p_rank_1"), numbers, strict=True))
    return found


def _differences(
    own: Sequence[float], drawn: FloatArray, groups: Sequence[Group], interval: float
) -> Iterator[tuple[Any, ...]]:
    """Yield the columns from `cluster_a` on of the first group with each of the others."""
    a, *others = groups
    gap = drawn[:, :1] - drawn[:, 1:]
    even = TIE * np.maximum(np.abs(drawn[:, :1]), np.abs(drawn[:, 1:]))
    ahead = ((gap > even) + 0.5 * (np.abs(gap) <= even)).mean(axis=0)
    bounds = np.quantile(gap, [(1 - interval) / 2, (1 + interval) / 2], axis=0)
    inside = set(a.cities.tolist())
    for b, mean, *numbers in zip(others, own[1:], *bounds.tolist(), ahead.tolist(), strict=True):
        sizes = len(a.cities), len(b.cities), len(inside.intersection(b.cities.tolist()))
        yield a.cluster, b.cluster, a.role, own[0] - mean, *numbers, *sizes
