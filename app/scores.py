"""The score command: a score folder to ranking, tiers, uncertainty and clusters."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

import pandas as pd

from tierscape.analysis import Places, Progress, place
from tierscape.data.catalog import Catalog
from tierscape.data.cluster_loader import load_clusters
from tierscape.data.errors import DataError, TierscapeError
from tierscape.data.known_names import known_names
from tierscape.data.reading import gather
from tierscape.data.records import ClusterDefinition
from tierscape.score_folders import open_facts
from tierscape.score_places import Ranking, ambiguous, read_ranking
from tierscape.score_summary import Findings, notes_of
from tierscape.score_tables import filled_table
from tierscape.scoring.index.cluster_index import index_clusters
from tierscape.scoring.index.cluster_scores import DIFFERENCE_COLUMNS, SCORE_COLUMNS
from tierscape.scoring.index.sobol import COLUMNS as SOBOL_COLUMNS
from tierscape.scoring.index.uncertainty import uncertainty
from tierscape.scoring.index.uncertainty_plan import Plan
from tierscape.scoring.index.uncertainty_sobol import sobol_drivers
from tierscape.scoring.tasks import Mapped, one_by_one

#: Up to this many cities the drivers of each one's rank are told too.
CITIES_DRIVEN = 60
#: Draws, if the user does not say; fewer where draws × cells would be more than `DRAWN_CELLS`.
DRAWS, FEWEST_DRAWS, DRAWN_CELLS = 1000, 100, 100_000_000
#: Cells (cities × indicators) up to which the index is computed often enough for Sobol indices.
DRIVEN_CELLS = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Everything that a score folder gives.

    Attributes
    ----------
    ranking
        What was read, and the ranking.
    places
        Its cities as places, with the members of the clusters.
    findings
        What the page is made of.
    differences
        As `cluster_differences` returns.
    whole
        Whether nothing was left out for want of a package.
    catalog
        The facts beside it.
    """

    ranking: Ranking
    places: Places
    findings: Findings
    differences: pd.DataFrame
    whole: bool
    catalog: Catalog


def score(
    folder: Path,
    *,
    draws: int | None = None,
    seed: int | None = None,
    data: Path | None = None,
    progress: Progress = lambda _: None,
    mapped: Mapped = one_by_one,
) -> Scores:
    """Compute a score folder: ranking, tiers, uncertainty, drivers and clusters.

    Parameters
    ----------
    folder
        A score folder (docs/score-folders.md).
    draws
        How often weights and ratings are drawn; by default 1,000 times, or fewer in a large
        folder (100 with 1,000,000 cells).
    seed
        In place of the index's.
    data
        A folder of your own clusters and aliases, laid over the built-in ones.
    progress
        Called with the name of each stage before it begins.
    mapped
        What does the tasks that the draws, runs and other rules are cut into; by default this
        process, one by one.

    Returns
    -------
    Scores
        All tables; the notes say what was left out.

    Raises
    ------
    DataError
        With every problem of the folder and of its cities.
    TierscapeError
        If `folder` is no folder.
    """
    catalog = open_facts(data)
    progress("reading the score folder and placing cities")
    parts: list[Callable[[], object]] = [
        partial(read_ranking, folder, catalog),
        partial(load_clusters, catalog, known=known_names()),
    ]
    read, definitions = gather(parts)
    ranking = cast("Ranking", read)
    edition = ranking.edition
    resolved = {edition.slug: ranking.resolved}
    known = cast("tuple[ClusterDefinition, ...]", definitions)
    places = place(catalog, (edition,), resolved, known)
    plan = Plan(scenarios=draws or default_draws(ranking.result.ratings.size), seed=seed)
    progress(f"drawing weights and ratings {plan.scenarios:,} times")
    found = uncertainty(ranking.folder, plan, base=ranking.result, mapped=mapped)
    progress("ranking clusters")
    clusters, differences, no_cluster = _clusters(ranking, places, plan, mapped)
    progress("looking for what drives the ranking")
    drivers, no_drivers = _drivers(ranking, plan, mapped)
    edition_notes = edition.notes[len(ranking.folder.index.notes) :]
    notes = notes_of(
        [
            *ranking.folder.index.notes,
            *ranking.folder.warnings,
            *ambiguous(ranking),
            *ranking.result.notes,
            *found.notes,
            *edition_notes,
            no_cluster,
            no_drivers,
        ]
    )
    filled = filled_table(ranking.folder, ranking.result)
    titles = {each.slug: (each.title_zh, each.title_en) for each in known}
    findings = Findings(found, filled, drivers, clusters, titles, tuple(notes))
    return Scores(ranking, places, findings, differences, "SALib" not in no_drivers, catalog)


def default_draws(cells: int) -> int:
    """Return how often an index of so many cells is drawn, if the user does not say.

    Examples
    --------
    >>> default_draws(300 * 52), default_draws(5000 * 200)
    (1000, 100)
    """
    return max(FEWEST_DRAWS, min(DRAWS, DRAWN_CELLS // cells))


def _clusters(
    ranking: Ranking, places: Places, plan: Plan, mapped: Mapped
) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Return cluster scores, differences, and why there are none."""
    if places.membership.empty:
        scores = pd.DataFrame(columns=list(SCORE_COLUMNS))
        differences = pd.DataFrame(columns=list(DIFFERENCE_COLUMNS))
        return scores, differences, "no city is in any named cluster"
    found = index_clusters(
        ranking.folder,
        places.membership,
        plan,
        city_ids=ranking.city_ids,
        base=ranking.result,
        mapped=mapped,
    )
    return *found, ""


def _drivers(ranking: Ranking, plan: Plan, mapped: Mapped) -> tuple[pd.DataFrame, str]:
    """Return the Sobol indices, or no rows and the reason."""
    cells = ranking.result.ratings.size
    empty = pd.DataFrame(columns=list(SOBOL_COLUMNS))
    if cells > DRIVEN_CELLS:
        return empty, (
            f"drivers.csv has no rows: {cells:,} cells are more than {DRIVEN_CELLS:,}, the most "
            "that Sobol indices are computed for. choices.csv tells what each choice moves."
        )
    try:
        per_city = len(ranking.result.scores) <= CITIES_DRIVEN
        return sobol_drivers(ranking.folder, plan, per_city=per_city, mapped=mapped), ""
    except DataError:
        raise
    except TierscapeError as error:
        return empty, f"drivers.csv has no rows: {error}"
