"""Scores of every city in every draw of weights and ratings."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from ...data.score_ladders import described
from ...data.score_records import ScoreFolder
from ..tasks import Arrays, Mapped, one_by_one
from ..tiers import FloatArray
from .index import IndexResult, city_table
from .missing import fill_missing
from .normalise import normalise
from .resample import generator, one_step, stepped
from .tree import TOTAL, check_nodes
from .uncertainty_plan import Plan, check_plan, seed_of, weight_draws
from .uncertainty_scores import scores_by_node

#: Cells of cities × leaves in one task. It fixes how the draws are cut, whoever does them.
CHUNK = 2_000_000

#: A task of draws: the first, and the one after the last.
Lot = tuple[int, int]
#: Scores of some draws: for each name draws × cities.
Scores = Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """What a draw is made of; it can be sent.

    Attributes
    ----------
    folder
        The score folder, without the records of its ratings: `base` has what counts of them.
    base, plan
        What `compute_index` makes of the folder, and what is drawn.
    known, lower, higher
        Cities × leaves: the ratings, NaN where missing, and each one described step lower and
        higher.
    """

    folder: ScoreFolder
    base: IndexResult
    plan: Plan
    known: FloatArray
    lower: FloatArray
    higher: FloatArray


def draws_of(folder: ScoreFolder, base: IndexResult, plan: Plan) -> Draws:
    """Return what the draws of a folder are made of."""
    known = known_ratings(base)
    ladders = described(folder.steps)
    values = known.to_numpy(dtype=np.float64)
    steps = one_step(values, [np.array(ladders.get(str(leaf), ())) for leaf in known.columns])
    return Draws(without_ratings(folder), base, plan, values, *steps)


def without_ratings(folder: ScoreFolder) -> ScoreFolder:
    """Return a folder without the records of its ratings, so that it is light to send."""
    return replace(folder, ratings=())


def known_ratings(base: IndexResult) -> pd.DataFrame:
    """Return the ratings of the cities that are ranked, NaN where they were filled."""
    return base.ratings.mask(base.filled)


def moved_ratings(drawn: Draws, draws: Sequence[int]) -> FloatArray:
    """Return the ratings of some draws, some of them one described step higher or lower.

    Returns
    -------
    numpy.ndarray
        Draws × cities × leaves; NaN where a rating is missing.
    """
    seed, chance = seed_of(drawn.folder, drawn.plan), drawn.plan.step_chance
    steps = drawn.lower, drawn.higher
    rngs = (generator(seed, "ratings", draw) for draw in draws)
    return np.stack([stepped(drawn.known, steps, chance, rng) for rng in rngs])


def comparable(folder: ScoreFolder, base: IndexResult, ratings: pd.DataFrame) -> pd.DataFrame:
    """Return ratings filled and normalised as the folder's index says."""
    lowest = {slug: points[0] for slug, points in described(folder.steps).items()}
    about, index = city_table(folder), folder.index
    table, _, _ = fill_missing(ratings, index.missing, base.tree, about, lowest=lowest)
    return normalise(table, index.nodes, index.treatment)[0]


def rating_draws(drawn: Draws, draws: Sequence[int]) -> FloatArray:
    """Return the comparable scores of some draws of ratings: draws × cities × leaves."""
    folder, base = drawn.folder, drawn.base
    moved = moved_ratings(drawn, draws)
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


def lots(count: int, cells: int, most: int | None = None) -> list[Lot]:
    """Return how things are cut into tasks: first, and one after the last, of each.

    Parameters
    ----------
    count
        How many there are.
    cells
        What one of them takes.
    most
        What a task takes, if it has more than one; by default `CHUNK`.

    Examples
    --------
    >>> lots(5, 900_000)
    [(0, 2), (2, 4), (4, 5)]
    """
    each = max(1, (most or CHUNK) // max(cells, 1))
    return [(first, min(first + each, count)) for first in range(0, count, each)]


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
    check_nodes(tree, names)
    weights = weight_draws(folder, base, plan)
    drawn = draws_of(folder, base, plan)
    found = map_draws("scores", drawn, [weights], names, summary=_as_they_are)
    parts = list(found)
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


def _as_they_are(scores: Sequence[Scores]) -> Arrays:
    return scores[0]


def map_draws(
    name: str,
    drawn: Draws,
    weightings: Sequence[FloatArray],
    nodes: Sequence[str],
    *,
    summary: Callable[[Sequence[Scores]], Arrays],
    mapped: Mapped = one_by_one,
) -> Iterator[Arrays]:
    """Draw in tasks of a fixed number of draws, and summarise the scores of each.

    Parameters
    ----------
    name
        Of the work, for `mapped`.
    drawn
        What the draws are made of.
    weightings
        Sets of weights, each scenarios × nodes, or one row for all scenarios. The ratings are
        drawn once for all sets.
    nodes
        What scores are wanted of: `total`, groups, indicators.
    summary
        A pure function, which can be pickled, of the scores of some draws under every set.
    mapped
        What does the tasks.

    Returns
    -------
    iterator of dict
        What `summary` makes of the draws of each task, in order.
    """
    work = partial(
        _draw, drawn=drawn, weightings=tuple(weightings), nodes=tuple(nodes), summary=summary
    )
    return mapped(name, work, lots(drawn.plan.scenarios, drawn.known.size))


def _draw(
    lot: Lot,
    *,
    drawn: Draws,
    weightings: Sequence[FloatArray],
    nodes: Sequence[str],
    summary: Callable[[Sequence[Scores]], Arrays],
) -> Arrays:
    draws = np.arange(*lot)
    values = _values(drawn, draws.tolist())
    rows = (each[draws if len(each) > 1 else np.zeros_like(draws)] for each in weightings)
    return summary([scores_by_node(values, weights, drawn.base, nodes) for weights in rows])


def _values(drawn: Draws, draws: Sequence[int]) -> FloatArray:
    if drawn.plan.step_chance:
        return rating_draws(drawn, draws)
    own = drawn.base.normalised.to_numpy(dtype=np.float64)
    return np.broadcast_to(own, (len(draws), *own.shape))
