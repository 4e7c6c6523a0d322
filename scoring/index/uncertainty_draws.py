"""Scores of every city in every draw of weights and ratings."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from ...data.errors import UnknownNameError
from ...data.score_ladders import described
from ...data.score_records import ScoreFolder
from ..tiers import FloatArray
from .combine import check_meaningful, power_mean, power_of
from .copeland import copeland
from .index import IndexResult, city_table
from .missing import fill_missing
from .normalise import normalise
from .resample import generator, leaf_shares, one_step, stepped
from .tree import TOTAL, Tree
from .uncertainty_plan import Plan, check_plan, seed_of, weight_draws

#: Cells of cities × leaves held at a time.
CHUNK = 2_000_000


def known_ratings(base: IndexResult) -> pd.DataFrame:
    """Return the ratings of the cities that are ranked, NaN where they were filled."""
    return base.ratings.mask(base.filled)


def moved_ratings(
    folder: ScoreFolder, base: IndexResult, plan: Plan, draws: Sequence[int]
) -> FloatArray:
    """Return the ratings of some draws, some of them one described step higher or lower.

    Returns
    -------
    numpy.ndarray
        Draws × cities × leaves; NaN where a rating is missing.
    """
    known, seed = known_ratings(base), seed_of(folder, plan)
    ladders = described(folder.steps)
    values, chance = known.to_numpy(dtype=np.float64), plan.step_chance
    steps = one_step(values, [np.array(ladders.get(str(leaf), ())) for leaf in known.columns])
    return np.stack([stepped(values, steps, chance, generator(seed, "ratings", d)) for d in draws])


def comparable(folder: ScoreFolder, base: IndexResult, ratings: pd.DataFrame) -> pd.DataFrame:
    """Return ratings filled and normalised as the folder's index says."""
    lowest = {slug: points[0] for slug, points in described(folder.steps).items()}
    about, index = city_table(folder), folder.index
    table, _, _ = fill_missing(ratings, index.missing, base.tree, about, lowest=lowest)
    return normalise(table, index.nodes, index.treatment)[0]


def rating_draws(
    folder: ScoreFolder, base: IndexResult, plan: Plan, draws: Sequence[int]
) -> FloatArray:
    """Return the comparable scores of some draws of ratings: draws × cities × leaves."""
    moved = moved_ratings(folder, base, plan, draws)
    labels = base.normalised.index, base.normalised.columns
    if _cell_by_cell(folder, base):
        stacked = pd.DataFrame(moved.reshape(-1, moved.shape[2]), columns=labels[1])
        scores, _ = normalise(stacked, folder.index.nodes, folder.index.treatment)
        return scores.to_numpy(dtype=np.float64).reshape(moved.shape)
    tables = (comparable(folder, base, pd.DataFrame(each, *labels)) for each in moved)
    return np.stack([table.to_numpy(dtype=np.float64) for table in tables])


def _cell_by_cell(folder: ScoreFolder, base: IndexResult) -> bool:
    """Tell whether the score of a cell depends on that cell alone, so that draws can be stacked."""
    treatment = folder.index.treatment
    whole = not base.filled.to_numpy().any()
    return whole and treatment.method in {"none", "goalposts"} and treatment.outliers == "none"


def draw_scores(
    folder: ScoreFolder,
    base: IndexResult,
    plan: Plan,
    keep: Sequence[str] | None = None,
) -> dict[str, FloatArray]:
    """Return the scores of every city in every draw.

    Draw d takes the d-th weights and the d-th ratings, for all cities and all dimensions alike.

    Parameters
    ----------
    folder, base
        A score folder, and what `compute_index` makes of it.
    plan
        What is drawn.
    keep
        `total`, groups or indicators; by default the total and the nodes of level 1.

    Returns
    -------
    dict
        For each of `keep`, scenarios × cities, in the order of `base.scores`.

    Raises
    ------
    UnknownNameError
        If the tree has no such node.
    TierscapeError
        If the plan makes no sense, or weights cannot be drawn.
    """
    check_plan(plan)
    tree = base.tree
    names = tuple(keep) if keep is not None else (TOTAL, *tree.children[TOTAL])
    for name in names:
        if name != TOTAL and name not in tree.nodes:
            raise UnknownNameError("indicator", name, (TOTAL, *tree.nodes))
    return combined_draws(folder, base, plan, [weight_draws(folder, base, plan)], names=names)[0]


def combined_draws(
    folder: ScoreFolder,
    base: IndexResult,
    plan: Plan,
    weightings: Sequence[FloatArray],
    *,
    names: Sequence[str],
) -> list[dict[str, FloatArray]]:
    """Return the scores of every draw of ratings under each of several sets of weights.

    Parameters
    ----------
    folder, base, plan
        As in `draw_scores`.
    weightings
        Each scenarios × nodes, or one row for all scenarios.
    names
        Nodes to return.

    Returns
    -------
    list of dict
        For each of `weightings`, name to scenarios × cities. The ratings are drawn once.
    """
    parts: list[list[dict[str, FloatArray]]] = [[] for _ in weightings]
    for draws, values in _chunks(folder, base, plan):
        for part, weights in zip(parts, weightings, strict=True):
            rows = weights[draws if len(weights) > 1 else [0] * len(draws)]
            part.append(scores_by_node(values, rows, base, names))
    return [
        {name: np.concatenate([each[name] for each in part]) for name in names} for part in parts
    ]


def _chunks(
    folder: ScoreFolder, base: IndexResult, plan: Plan
) -> Iterator[tuple[list[int], FloatArray]]:
    rows = max(1, CHUNK // base.normalised.size)
    own = base.normalised.to_numpy(dtype=np.float64)
    for start in range(0, plan.scenarios, rows):
        draws = list(range(start, min(start + rows, plan.scenarios)))
        if plan.step_chance:
            yield draws, rating_draws(folder, base, plan, draws)
        else:
            yield draws, np.broadcast_to(own, (len(draws), *own.shape))


def scores_by_node(
    values: FloatArray, weights: FloatArray, base: IndexResult, names: Sequence[str]
) -> dict[str, FloatArray]:
    """Combine the comparable scores of many draws, each with weights of its own.

    Parameters
    ----------
    values
        Draws × cities × leaves.
    weights
        Draws × nodes; each group sums to 1.
    base
        Tree, cities and the way to combine.
    names
        Nodes to return.

    Returns
    -------
    dict
        For each name, draws × cities.
    """
    index, tree = base.index, base.tree
    known = {leaf: values[:, :, at] for at, leaf in enumerate(tree.leaves)}
    if index.combine == "copeland":
        shares = leaf_shares(tree, weights)
        for name in set(names) & set(tree.groups):
            pairs = zip(values, shares[name], strict=True)
            known[name] = np.array([copeland(v[:, w > 0], w[w > 0]) for v, w in pairs])
    else:
        power = power_of(index.combine, index.power)
        _check(values, base, power)
        _means(known, weights, tree, power)
    return {name: known[name] for name in names}


def _check(values: FloatArray, base: IndexResult, power: float) -> None:
    if power == 1:
        return
    # `fmin` passes over what is missing.
    least = np.fmin.reduce(values, axis=0)
    labels = base.normalised.index, base.normalised.columns
    check_meaningful(pd.DataFrame(least, *labels), power)


def _means(known: dict[str, FloatArray], weights: FloatArray, tree: Tree, power: float) -> None:
    """Add the means of the groups, from the lowest level up."""
    column = {slug: number for number, slug in enumerate(tree.nodes)}
    for group in reversed(tree.groups):
        children = tree.children[group]
        below = np.stack([known[child] for child in children], axis=-1)
        draws, cities, _ = below.shape
        own = np.repeat(weights[:, [column[child] for child in children]], cities, axis=0)
        mean = power_mean(below.reshape(draws * cities, -1), own, power)
        known[group] = mean.reshape(draws, cities)
