"""Sobol indices of an index: which of its choices decide the ranking, and each city's rank."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from ...data.errors import TierscapeError
from ...data.score_records import ScoreFolder
from ..tiers import FloatArray
from .index import IndexResult, compute_index
from .resample import generator
from .settle import ranks_of
from .sobol import sobol_indices
from .tree import TOTAL
from .uncertainty_draws import comparable, moved_ratings, scores_by_node
from .uncertainty_plan import Plan, check_plan, seed_of, weight_draws
from .uncertainty_switches import COMBINATIONS, FILLINGS, positive

#: Normalisations tried beside the index's own.
NORMALISATIONS = ("minmax", "percentile")
#: The output beside the ranks of the cities.
SHIFT = "mean_rank_shift"
#: Tables of scores kept for the runs that share them.
KEPT = 512
#: Ranks kept for the runs that are the same.
RANKED = 4096


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


def sobol_drivers(
    folder: ScoreFolder,
    plan: Plan | None = None,
    *,
    size: int = 128,
    draws: int = 64,
    per_city: bool = True,
) -> pd.DataFrame:
    """Share the variance of the ranking out among the choices behind it.

    Each run takes one of `draws` sets of weights, one of `draws` sets of ratings, and one
    alternative of every structural choice, all equally likely. Its outputs are the mean shift in
    rank against the index as it is, and the rank of each city.

    Parameters
    ----------
    folder
        A checked score folder.
    plan
        How weights and ratings are drawn; its `scenarios` are not used.
    size
        Points of the base sequence, a power of two.
    draws
        Sets of weights, and of ratings, that the runs choose from.
    per_city
        Whether the ranks of the cities are outputs too.

    Returns
    -------
    pandas.DataFrame
        As `sobol.sobol_indices` returns: outputs are `mean_rank_shift` and the cities; choices are
        those of `weights`, `ratings`, `aggregation`, `normalisation`, `missing` that vary.

    Raises
    ------
    TierscapeError
        If nothing varies, or SALib is not installed.
    """
    plan = plan or Plan()
    model = rank_model(folder, plan, draws=draws)
    base = model.base
    varied = {name: count for name, count in model.levels.items() if count > 1}
    own = base.ranks.to_numpy(dtype=np.float64)

    def outputs(runs: FloatArray) -> pd.DataFrame:
        most = np.array(list(varied.values()))
        chosen = pd.DataFrame(np.minimum(runs * most, most - 1), columns=list(varied))
        chosen = chosen.reindex(columns=list(model.levels), fill_value=0).astype("int64")
        found = np.array([model.ranks(*map(int, row)) for row in chosen.to_numpy()])
        shift = pd.DataFrame({SHIFT: np.abs(found - own).mean(axis=1)})
        cities = pd.DataFrame(found, columns=[str(city) for city in base.scores.index])
        return shift.join(cities) if per_city else shift

    # A child of the seed, so that the points are not those that the draws were made of.
    seed = int(generator(seed_of(folder, plan), "sobol").integers(2**31))
    return sobol_indices(outputs, list(varied), size=size, seed=seed)


@dataclass(frozen=True, slots=True, eq=False)
class RankModel:
    """An index as a function of its choices.

    `levels` says how many alternatives each choice has; `ranks` takes the number of one of each,
    from 0, in that order, and returns the rank of every city.
    """

    base: IndexResult
    levels: Mapping[str, int]
    ranks: Callable[..., FloatArray]


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
    kinds = alternatives_of(folder, base)
    weights = weight_draws(folder, base, plan)
    ratings = _distinct(moved_ratings(folder, base, plan, range(draws)))

    @lru_cache(maxsize=KEPT)
    def scores(rating: int, normalisation: int, missing: int) -> FloatArray:
        rules = kinds.normalisation[normalisation], kinds.missing[missing]
        table = pd.DataFrame(ratings[rating], base.ratings.index, base.ratings.columns)
        changed = _changed(folder, kinds.aggregation, *rules)
        return comparable(changed, base, table).to_numpy(dtype=np.float64)

    @lru_cache(maxsize=RANKED)
    def ranks(weight: int, rating: int, *structure: int) -> FloatArray:
        how, *rules = structure
        index = replace(folder.index, combine=kinds.aggregation[how])
        values, row = scores(rating, *rules)[np.newaxis], weights[[weight]]
        total = scores_by_node(values, row, replace(base, index=index), [TOTAL])[TOTAL][0]
        return ranks_of(pd.Series(total)).to_numpy(dtype=np.float64)

    levels = {
        "weights": len(weights),
        "ratings": len(ratings),
        "aggregation": len(kinds.aggregation),
        "normalisation": len(kinds.normalisation),
        "missing": len(kinds.missing),
    }
    return RankModel(base, levels, ranks)


def _distinct(ratings: FloatArray) -> FloatArray:
    """Return one set of ratings where all draws are the same."""
    same = np.array_equal(ratings, np.broadcast_to(ratings[:1], ratings.shape), equal_nan=True)
    return ratings[:1] if same else ratings
