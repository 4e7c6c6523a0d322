"""Sobol indices of an index: which of its choices decide the ranking, and each city's rank."""

import numpy as np
import pandas as pd

from ...data.score_records import ScoreFolder
from ..tasks import Mapped, one_by_one
from ..tiers import FloatArray
from .rank_model import rank_model, ranks_of_runs
from .resample import generator
from .sobol import sobol_indices
from .uncertainty_plan import Plan, seed_of

#: The output beside the ranks of the cities.
SHIFT = "mean_rank_shift"


def sobol_drivers(
    folder: ScoreFolder,
    plan: Plan | None = None,
    *,
    size: int = 128,
    draws: int = 64,
    per_city: bool = True,
    mapped: Mapped = one_by_one,
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
    mapped
        What does the tasks, each of some runs; their work is called `drivers`.

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
        found = ranks_of_runs(model, list(map(tuple, chosen.to_numpy().tolist())), mapped)
        shift = pd.DataFrame({SHIFT: np.abs(found - own).mean(axis=1)})
        cities = pd.DataFrame(found, columns=[str(city) for city in base.scores.index])
        return shift.join(cities) if per_city else shift

    # A child of the seed, so that the points are not those that the draws were made of.
    seed = int(generator(seed_of(folder, plan), "sobol").integers(2**31))
    return sobol_indices(outputs, list(varied), size=size, seed=seed)
