"""The whole way from a score folder to totals, ranks and tiers."""

from dataclasses import dataclass

import pandas as pd

from ...data.errors import TierscapeError
from ...data.score_cities import within_scope
from ...data.score_ladders import described
from ...data.score_records import ScoreFolder, ScoreIndex
from .combine import combine
from .missing import fill_missing
from .normalise import normalise
from .ratings import rating_counts, rating_table
from .settle import ranks_of
from .tiering import tier_shares, tiers_of
from .tree import TOTAL, Tree, tree_of
from .weights import IndexWeights, index_weights


@dataclass(frozen=True, slots=True, eq=False)
class IndexResult:
    """An index with everything between its ratings and its tiers.

    Attributes
    ----------
    index, tree
        The rules, and the tree of indicators.
    valid
        Cities × leaves: the valid ratings of all cities, in scope or not, with their gaps.
    ratings
        Cities × leaves: the valid points and raw values of the cities that are ranked, with the
        gaps filled as the index says.
    filled
        Of the same shape: which cells were filled.
    normalised
        Of the same shape: comparable scores, more is better.
    weights
        Weights, their table, and the experts' consistency.
    scores
        Cities × (`total`, groups).
    tiers
        As `tiers_of` returns: `city`, `total`, `rank`, `tier`, `label`.
    shares
        As `tier_shares` returns: nominal and true shares of the tiers.
    counts
        As `rating_counts` returns: how the ratings were collected.
    notes
        What was done on the way that a reader should know.
    """

    index: ScoreIndex
    tree: Tree
    valid: pd.DataFrame
    ratings: pd.DataFrame
    filled: pd.DataFrame
    normalised: pd.DataFrame
    weights: IndexWeights
    scores: pd.DataFrame
    tiers: pd.DataFrame
    shares: pd.DataFrame
    counts: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def totals(self) -> pd.Series:
        """Total by city."""
        return self.scores[TOTAL]

    @property
    def ranks(self) -> pd.Series:
        """Rank by city, 1 for the best; ties share the better."""
        return ranks_of(self.totals)


def compute_index(
    folder: ScoreFolder,
    cities: pd.DataFrame | None = None,
    *,
    like: IndexResult | None = None,
) -> IndexResult:
    """Compute an index: fill, normalise, weigh, combine, and cut into tiers.

    Parameters
    ----------
    folder
        A checked score folder.
    cities
        Index: names of cities, columns as in cities.csv; by default those of the folder. Read
        for means by group.
    like
        What the same ratings gave under other rules; it spares reading them again.

    Returns
    -------
    IndexResult
        With every table on the way. One city gets a total but tiers only by thresholds; so do
        cities that all tie.

    Raises
    ------
    TierscapeError
        If a step cannot be taken: an indicator without ratings, a mean of scores that it has no
        meaning for, weights that are missing, totals that no rule can part. The message says
        which and what to do.
    """
    index = folder.index
    tree = tree_of(index.nodes)
    about = city_table(folder) if cities is None else cities
    valid = rating_table(folder) if like is None else like.valid
    table, notes = _in_scope(folder, valid)
    lowest = {slug: points[0] for slug, points in described(folder.steps).items()}
    ratings, filled, gap_notes = fill_missing(table, index.missing, tree, about, lowest=lowest)
    normalised, normal_notes = normalise(ratings, index.nodes, index.treatment)
    weights = index_weights(index.weighting, tree, folder.answers, normalised)
    scores = combine(normalised, tree, weights.by_node, index.combine, power=index.power)
    tiers = tiers_of(scores[TOTAL], index.tiering)
    return IndexResult(
        index=index,
        tree=tree,
        valid=valid,
        ratings=ratings,
        filled=filled,
        normalised=normalised,
        weights=weights,
        scores=scores,
        tiers=tiers,
        shares=tier_shares(tiers, index.tiering),
        counts=rating_counts(folder) if like is None else like.counts,
        notes=(*notes, *gap_notes, *normal_notes, *weights.notes),
    )


def _in_scope(folder: ScoreFolder, table: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the ratings of the cities in scope, and a sentence for each other city."""
    scope = folder.index.scope
    out = {city.name for city in folder.cities if not within_scope(city, scope)}
    stays = table[~table.index.isin(sorted(out))]
    if stays.empty:
        raise TierscapeError("no city is in the scope of the index. Widen it, or add cities.")
    rules = "; ".join(rule.reason or rule.column for rule in scope)
    return stays, tuple(f"{city}: out of scope ({rules})" for city in table.index if city in out)


def city_table(folder: ScoreFolder) -> pd.DataFrame:
    """Return cities.csv of a folder: index `city`; `country`, `city_id`, then its columns."""
    rows = [
        {"country": city.country, "city_id": city.city_id, **dict(city.columns)}
        for city in folder.cities
    ]
    names = pd.Index([city.name for city in folder.cities], name="city")
    return pd.DataFrame(rows, index=names)
