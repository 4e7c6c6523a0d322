"""The tables that `tierscape score` writes: what an index gives, row by row, with its reasons."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from tierscape.data.score_records import Rating, ScoreFolder
from tierscape.data.score_tables import number_of
from tierscape.scoring.index.cluster_profile import correlations, group_profile, size_classes
from tierscape.scoring.index.index import IndexResult, city_table
from tierscape.scoring.index.ratings import is_late
from tierscape.scoring.index.tree import TOTAL
from tierscape.scoring.index.uncertainty import Uncertainty

FILLED_COLUMNS = ("city", "indicator", "value", "method", "reason", "line")
#: Bounds of population between the size classes of cities, in persons.
#: Source: State Council of China, Guofa 2014 No. 51 (urban resident population).
SIZE_BOUNDS = [500_000.0, 1_000_000.0, 5_000_000.0, 10_000_000.0]
SIZE_LABELS = ["small", "medium", "large", "very large", "megacity"]
#: A column of cities.csv with more different values than this parts no groups.
MOST_GROUPS = 30
#: Columns of the table of places that part the cities into groups.
PLACE_GROUPS = ("continent", "country", "landform")


def scores_table(result: IndexResult, ids: Mapping[str, str]) -> pd.DataFrame:
    """Return the cities in the order of their ranks with every score.

    Returns
    -------
    pandas.DataFrame
        `city`, `city_id`, `rank`, `tier`, `label`, `total`, the groups, the indicators (after
        normalisation). An indicator or group whose slug is one of these words has `score-` before
        it.
    """
    first = result.tiers.set_index("city")[["rank", "tier", "label", "total"]]
    first.insert(0, "city_id", [ids[str(city)] for city in first.index])
    parts = result.scores.drop(columns=TOTAL).join(result.normalised)
    taken = {"city", *first.columns}
    parts = parts.rename(columns={slug: f"score-{slug}" for slug in parts if slug in taken})
    table = first.join(parts).sort_values("rank", kind="stable")
    return table.rename_axis("city").reset_index()


def ranks_table(found: Uncertainty, ids: Mapping[str, str]) -> pd.DataFrame:
    """Return the rank interval and the probability of every tier of each city, with its id."""
    table = found.cities.copy()
    table.insert(1, "city_id", [ids[str(city)] for city in table["city"]])
    return table


def weights_table(result: IndexResult) -> pd.DataFrame:
    """Return the weights with their spread and, of comparisons, the worst consistency ratio.

    Returns
    -------
    pandas.DataFrame
        `node`, `title_zh`, `title_en`, the columns of `weight_summary`, and `ratio`: the largest
        consistency ratio of any expert among the siblings of the node, missing without
        comparisons.
    """
    table = result.weights.summary.rename_axis("node").reset_index()
    nodes = [result.tree.nodes[str(slug)] for slug in table["node"]]
    table.insert(1, "title_zh", [node.title_zh for node in nodes])
    table.insert(2, "title_en", [node.title_en for node in nodes])
    worst = result.weights.consistency.groupby("group")["ratio"].max()
    return table.assign(ratio=table["parent"].map(worst).astype("float64"))


def filled_table(folder: ScoreFolder, result: IndexResult) -> pd.DataFrame:
    """Return every cell without a rating that counts, and what was done about it.

    Returns
    -------
    pandas.DataFrame
        `city`, `indicator`, `value` (filled in; missing where the weight went to the siblings),
        `method` (the index's rule), `reason` (`not rated`, `rejected`, `late`), `line` (of the
        rating that does not count).
    """
    cutoff = folder.index.cutoff
    doubtful = {
        (rating.city, rating.indicator): rating
        for rating in folder.ratings
        if not rating.accepted or is_late(rating, cutoff)
    }
    empty = result.filled | result.ratings.isna()
    values = result.ratings.to_numpy(dtype=np.float64)
    rows = []
    for row, column in np.argwhere(empty.to_numpy()):
        city, leaf = str(empty.index[row]), str(empty.columns[column])
        rating = doubtful.get((city, leaf))
        reason = "not rated" if rating is None else _reason(rating, cutoff)
        line = rating.line if rating else None
        rows.append((city, leaf, values[row, column], folder.index.missing.method, reason, line))
    table = pd.DataFrame(rows, columns=list(FILLED_COLUMNS))
    return table.astype({"value": "float64", "line": "Int64"})


def _reason(rating: Rating, cutoff: str) -> str:
    return "late" if is_late(rating, cutoff) else "rejected"


def left_out_table(found: Uncertainty) -> pd.DataFrame:
    """Return what leaving out each indicator moves: `indicator`, and the columns of drivers."""
    rows = found.drivers[found.drivers["choice"] == "leave-one-out"]
    named = rows.drop(columns="choice").rename(columns={"alternative": "indicator"})
    return named.reset_index(drop=True)


def choices_table(found: Uncertainty) -> pd.DataFrame:
    """Return what every draw and every other rule moves; without leaving indicators out."""
    rows = found.drivers[found.drivers["choice"] != "leave-one-out"]
    return rows.reset_index(drop=True)


def profile_table(
    folder: ScoreFolder, result: IndexResult, places: pd.DataFrame, ids: Mapping[str, str]
) -> pd.DataFrame:
    """Return mean and spread of every node by every grouping of the cities.

    The groupings are continent, country, landform, size class by population, and each column of
    cities.csv that holds words for groups of cities.

    Parameters
    ----------
    folder, result
        A score folder, and what `compute_index` makes of it.
    places
        The table of cities.
    ids
        GeoNames id by name of city.

    Returns
    -------
    pandas.DataFrame
        `grouping`, and the columns of `group_profile`.
    """
    scores = every_score(result)
    frames = [
        group_profile(scores, groups).assign(grouping=name)
        for name, groups in _groupings(folder, scores, places, ids)
    ]
    table = pd.concat(frames, ignore_index=True)
    return table[["grouping", *(name for name in table if name != "grouping")]]


def correlation_table(folder: ScoreFolder, result: IndexResult) -> pd.DataFrame:
    """Return the correlation of every node with each column of numbers of cities.csv.

    Returns
    -------
    pandas.DataFrame
        `covariate`, and the columns of `correlations`; no rows without such columns.
    """
    scores = every_score(result)
    frames = [
        correlations(scores, values).assign(covariate=name)
        for name, values in _covariates(folder, scores)
    ]
    if not frames:
        return pd.DataFrame(columns=["covariate", "node"])
    table = pd.concat(frames, ignore_index=True)
    return table[["covariate", *(name for name in table if name != "covariate")]]


def every_score(result: IndexResult) -> pd.DataFrame:
    """Return cities × nodes: the total, the groups, the indicators."""
    return result.scores.join(result.normalised)


def _groupings(
    folder: ScoreFolder, scores: pd.DataFrame, places: pd.DataFrame, ids: Mapping[str, str]
) -> Iterator[tuple[str, pd.Series]]:
    found = places.set_index("city_id").reindex([ids[str(city)] for city in scores.index])
    found.index = scores.index
    for name in PLACE_GROUPS:
        yield name, found[name].astype("str")
    size = found["population"].astype("float64")
    yield "size", size_classes(size, SIZE_BOUNDS, SIZE_LABELS)
    for name, column in _columns(folder, scores):
        different = column[column != ""].nunique()
        if 1 < different <= MOST_GROUPS and any(number_of(text) is None for text in column if text):
            yield name, column.replace("all", "all (as given)")


def _covariates(folder: ScoreFolder, scores: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    for name, column in _columns(folder, scores):
        numbers = column.map(number_of)
        if numbers.notna().any() and numbers[column != ""].notna().all():
            yield name, numbers.astype("float64")


def _columns(folder: ScoreFolder, scores: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """Yield the further columns of cities.csv, for the cities that are ranked."""
    about = city_table(folder).reindex(scores.index)
    for name in about.columns.drop(["country", "city_id"], errors="ignore"):
        yield str(name), about[name].fillna("").astype("str").str.strip()


def tier_counts(found: Uncertainty) -> list[dict[str, Any]]:
    """Return one record per tier: nominal and true share, and how many of its cities are safe."""
    safe = found.cities[found.cities["safe"]].groupby("tier").size()
    return [
        {**{str(key): value for key, value in row.items()}, "n_safe": int(safe.get(row["tier"], 0))}
        for row in found.base.shares.to_dict("records")
    ]
