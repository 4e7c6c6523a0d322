"""An index, cluster by cluster: the scores of its cities in the draws of its uncertainty."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from ...data.errors import DataError, Problem
from ...data.score_records import ScoreFolder
from ..tasks import Arrays, Mapped, one_by_one
from ..tiers import BoolArray, FloatArray
from .cluster_groups import Group, cluster_groups, group_means, known_in_all
from .cluster_scores import difference_table, score_table
from .index import IndexResult, compute_index
from .tree import TOTAL, check_nodes
from .uncertainty_draws import Scores, draws_of, map_draws
from .uncertainty_plan import Plan, check_plan, weight_draws


def index_clusters(  # noqa: PLR0913 - the index, its places, its draws, and who does them
    folder: ScoreFolder,
    membership: pd.DataFrame,
    plan: Plan | None = None,
    *,
    city_ids: Mapping[str, str] | None = None,
    nodes: Sequence[str] | None = None,
    base: IndexResult | None = None,
    mapped: Mapped = one_by_one,
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
    mapped
        What does the tasks; their work is called `clusters`, and `clusters-known` where a city
        is without a score in some draws.

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
    known = {city.name: city.city_id for city in folder.cities} | dict(city_ids or {})
    check_plan(plan)
    check_nodes(base.tree, names)
    table = base.normalised.join(base.scores)[names]
    scores = table.set_axis(_ids(folder, table.index, known), axis=0)
    drawn, weights = draws_of(folder, base, plan), weight_draws(folder, base, plan)
    draw = partial(map_draws, drawn=drawn, weightings=[weights], nodes=names, mapped=mapped)
    groups, means = _drawn_means(scores, membership, draw)
    edition, interval = folder.index.slug, plan.interval
    return (
        score_table(scores, groups, means, edition=edition, interval=interval),
        difference_table(scores, groups, means, edition=edition, interval=interval),
    )


def _drawn_means(
    scores: pd.DataFrame, membership: pd.DataFrame, draw: Callable[..., Iterator[Arrays]]
) -> tuple[Sequence[Group], FloatArray]:
    """Return the groups of cities that have a score in every draw, and their means."""
    groups = cluster_groups(scores, membership, {})
    means, known = _folded(draw("clusters", summary=partial(_means, groups=groups)))
    by_name = dict(zip(scores.columns, known, strict=True))
    if not all(by_name[group.dimension][group.cities].all() for group in groups):
        groups = cluster_groups(scores, membership, by_name)
        means, _ = _folded(draw("clusters-known", summary=partial(_means, groups=groups)))
    return groups, means


def _folded(found: Iterator[Arrays]) -> tuple[FloatArray, BoolArray]:
    """Return the means of all draws, and which cities have a score in every one."""
    first = next(found)
    means, known = [first["means"]], first["known"].copy()
    for part in found:
        means.append(part["means"])
        known &= part["known"]
    return np.concatenate(means), known


def _means(scores: Sequence[Scores], groups: Sequence[Group]) -> Arrays:
    (drawn,) = scores
    known = known_in_all(drawn)
    return {"means": group_means(drawn, groups), "known": np.stack(list(known.values()))}


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
