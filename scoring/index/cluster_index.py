"""An index, cluster by cluster: the scores of its cities in the draws of its uncertainty."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ...data.errors import DataError, Problem
from ...data.score_records import ScoreFolder
from .cluster_scores import cluster_differences, cluster_scores
from .index import IndexResult, compute_index
from .tree import TOTAL
from .uncertainty_draws import draw_scores
from .uncertainty_plan import Plan


def index_clusters(
    folder: ScoreFolder,
    membership: pd.DataFrame,
    plan: Plan | None = None,
    *,
    city_ids: Mapping[str, str] | None = None,
    nodes: Sequence[str] | None = None,
    base: IndexResult | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what an index says of clusters, and of every pair of them.

    Parameters
    ----------
    folder
        A checked score folder; its slug is the edition.
    membership
        `cluster`, `city_id`, `role`, as in `membership.csv`.
    plan
        What is drawn, as in `uncertainty`; the same plan gives the same draws.
    city_ids
        City id by name, where cities.csv does not give them.
    nodes
        `total`, groups or indicators; by default the total and the nodes of level 1.
    base
        What `compute_index` makes of the folder, if it is known.

    Returns
    -------
    scores, differences
        As `cluster_scores` and `cluster_differences` return.

    Raises
    ------
    DataError
        If a city that is ranked has no city id.
    TierscapeError
        If the index cannot be computed or drawn, or no cluster has a city of it.
    """
    plan = plan or Plan()
    base = base or compute_index(folder)
    names = list(nodes) if nodes is not None else [TOTAL, *base.tree.children[TOTAL]]
    draws = draw_scores(folder, base, plan, names)
    known = {city.name: city.city_id for city in folder.cities} | dict(city_ids or {})
    table = base.normalised.join(base.scores)[names]
    scores = table.set_axis(_ids(folder, table.index, known), axis=0)
    edition, interval = folder.index.slug, plan.interval
    return (
        cluster_scores(scores, draws, membership, edition=edition, interval=interval),
        cluster_differences(scores, draws, membership, edition=edition, interval=interval),
    )


def _ids(folder: ScoreFolder, cities: pd.Index, known: Mapping[str, str]) -> list[str]:
    lines = {city.name: city.line for city in folder.cities}
    problems = [
        Problem(
            str(folder.folder / "cities.csv"),
            lines.get(city),
            "city_id",
            city,
            "this city has no id, so no cluster can count it",
            "Add its GeoNames id (tierscape geocode finds it).",
        )
        for city in map(str, cities)
        if not known.get(city)
    ]
    if problems:
        raise DataError(problems)
    return [known[str(city)] for city in cities]
