"""The ranks of an index as a function of its choices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

import numpy as np
import pandas as pd

from ...data.errors import TierscapeError
from ...data.score_records import ScoreFolder
from ..tasks import Arrays, Mapped, one_by_one
from ..tiers import FloatArray
from .index import IndexResult, compute_index
from .settle import ranks_of
from .tree import TOTAL
from .uncertainty_draws import comparable, draws_of, lots, moved_ratings, without_ratings
from .uncertainty_plan import Plan, check_plan, weight_draws
from .uncertainty_scores import scores_by_node
from .uncertainty_switches import COMBINATIONS, FILLINGS, positive

#: Normalisations tried beside the index's own.
NORMALISATIONS = ("minmax", "percentile")

#: One of each choice by number, in the order of `RankModel.levels`.
Run = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Alternatives:
    """What the structural choices vary over, the index's own first; one of a kind is fixed."""

    aggregation: tuple[str, ...]
    normalisation: tuple[str, ...]
    missing: tuple[str, ...]


def alternatives_of(folder: ScoreFolder, base: IndexResult) -> Alternatives:
    """Return the alternatives that go together in every combination.

    Aggregation: every mean that can take the scores of all normalisations, and Copeland's rule.
    Normalisation: minmax and percentile; ranks order cities as percentiles do, and z-scores fall
    below 0, where most means end. Missing ratings, if there are any: the rules that keep all
    cities.
    """
    index = folder.index
    gaps = base.filled.to_numpy().any() or base.normalised.isna().to_numpy().any()
    own = index.treatment.method
    normalisations = tuple(dict.fromkeys((own, *NORMALISATIONS)))
    fillings = tuple(dict.fromkeys((index.missing.method, *FILLINGS))) if gaps else ()
    found = Alternatives((index.combine,), normalisations, fillings or (index.missing.method,))
    for how in COMBINATIONS:
        wider = replace(found, aggregation=(*found.aggregation, how))
        if how != index.combine and _computable(folder, base, wider):
            found = wider
    return found


def _computable(folder: ScoreFolder, base: IndexResult, kinds: Alternatives) -> bool:
    """Tell whether the newest aggregation takes the scores of every normalisation."""
    ratings, weights = base.ratings.mask(base.filled), _own_weights(base)
    try:
        for normalisation in kinds.normalisation:
            for missing in kinds.missing:
                other = _changed(folder, kinds.aggregation, normalisation, missing)
                scores = comparable(other, base, ratings).to_numpy(dtype=np.float64)
                index = replace(other.index, combine=kinds.aggregation[-1])
                scores_by_node(scores[np.newaxis], weights, replace(base, index=index), [TOTAL])
    except TierscapeError:
        return False
    return True


def _own_weights(base: IndexResult) -> FloatArray:
    return np.array([[base.weights.by_node[slug] for slug in base.tree.nodes]], dtype=np.float64)


def _changed(
    folder: ScoreFolder, aggregation: Sequence[str], normalisation: str, missing: str
) -> ScoreFolder:
    """Return the folder with other rules; one scale serves all aggregations that are tried."""
    treatment = replace(folder.index.treatment, method=normalisation)
    for how in aggregation:
        treatment = positive(treatment, how)
    filling = replace(folder.index.missing, method=missing)
    return replace(folder, index=replace(folder.index, treatment=treatment, missing=filling))


@dataclass(frozen=True, slots=True, eq=False)
class RankModel:
    """An index as a function of its choices.

    Attributes
    ----------
    folder, base
        The score folder, without the records of its ratings, and what `compute_index` makes of it.
    kinds
        The alternatives of the structural choices.
    weights
        Draws × nodes, or one row.
    ratings
        Draws × cities × leaves, or one table.
    """

    folder: ScoreFolder
    base: IndexResult
    kinds: Alternatives
    weights: FloatArray
    ratings: FloatArray

    @property
    def levels(self) -> dict[str, int]:
        """How many alternatives each choice has."""
        return {
            "weights": len(self.weights),
            "ratings": len(self.ratings),
            "aggregation": len(self.kinds.aggregation),
            "normalisation": len(self.kinds.normalisation),
            "missing": len(self.kinds.missing),
        }

    def table(self, run: Run) -> FloatArray:
        """Return the comparable scores of a run, which are the same for other weights and means."""
        _, rating, _, normalisation, missing = run
        rules = self.kinds.normalisation[normalisation], self.kinds.missing[missing]
        ratings, base = self.ratings[rating], self.base
        table = pd.DataFrame(ratings, base.ratings.index, base.ratings.columns)
        changed = _changed(self.folder, self.kinds.aggregation, *rules)
        return comparable(changed, base, table).to_numpy(dtype=np.float64)

    def ranks(self, run: Run, table: FloatArray) -> FloatArray:
        """Return the rank of every city in a run, given its table."""
        index = replace(self.folder.index, combine=self.kinds.aggregation[run[2]])
        values, row = table[np.newaxis], self.weights[[run[0]]]
        total = scores_by_node(values, row, replace(self.base, index=index), [TOTAL])[TOTAL][0]
        return ranks_of(pd.Series(total)).to_numpy(dtype=np.float64)


def ranks_of_runs(model: RankModel, runs: Sequence[Run], mapped: Mapped = one_by_one) -> FloatArray:
    """Return the ranks of an index in some runs: runs × cities.

    Runs that are the same are done once, and those of one table one after the other.

    Parameters
    ----------
    model
        The index.
    runs
        One of each choice.
    mapped
        What does the tasks.
    """
    different = sorted(set(runs), key=lambda run: (_table_of(run), run))
    tasks = [tuple(different[slice(*lot)]) for lot in lots(len(different), model.base.ratings.size)]
    parts = mapped("drivers", partial(_ranks, model=model), tasks)
    ranks = np.concatenate([part["rank"] for part in parts])
    at = {run: number for number, run in enumerate(different)}
    return np.asarray(ranks[[at[run] for run in runs]], dtype=np.float64)


def _table_of(run: Run) -> Run:
    return run[1], *run[3:]


def _ranks(runs: Sequence[Run], *, model: RankModel) -> Arrays:
    found: list[FloatArray] = []
    for _, same in groupby(runs, key=_table_of):
        alike = list(same)
        table = model.table(alike[0])
        found += [model.ranks(run, table) for run in alike]
    return {"rank": np.stack(found)}


def rank_model(folder: ScoreFolder, plan: Plan, *, draws: int) -> RankModel:
    """Return the ranks of an index as a function of its choices.

    Parameters
    ----------
    folder, plan
        A checked score folder, and how weights and ratings are drawn.
    draws
        Sets of weights, and of ratings, to choose from.
    """
    plan = replace(plan, scenarios=draws)
    check_plan(plan)
    base = compute_index(folder)
    ratings = moved_ratings(draws_of(folder, base, plan), range(draws))
    return RankModel(
        without_ratings(folder),
        base,
        alternatives_of(folder, base),
        weight_draws(folder, base, plan),
        _distinct(ratings),
    )


def _distinct(ratings: FloatArray) -> FloatArray:
    """Return one set of ratings where all draws are the same."""
    same = np.array_equal(ratings, np.broadcast_to(ratings[:1], ratings.shape), equal_nan=True)
    return ratings[:1] if same else ratings
