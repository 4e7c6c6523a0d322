"""What stands in for a rating that is not there; every such cell is marked."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from ...data.errors import DataError, Problem, TierscapeError, UnknownNameError
from ...data.score_records import Missing
from ..tiers import BoolArray, FloatArray, IntArray
from .normalise import check_rated
from .tree import Tree

METHODS = ("drop-city", "drop-indicator", "group-mean", "nearest", "lowest-step")

#: Cities whose distances from all others are held at a time.
ROWS = 500

Filled = tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...]]


def fill_missing(
    table: pd.DataFrame,
    missing: Missing,
    tree: Tree,
    cities: pd.DataFrame,
    *,
    lowest: Mapping[str, float] | None = None,
) -> Filled:
    """Return the ratings without gaps, as the index says gaps are to be treated.

    - `drop-city`: a city without all its ratings is not ranked;
    - `drop-indicator`: the gap stays, and in `combine` its weight goes to its siblings;
    - `group-mean`: the mean of the cities of its group (`missing.group`);
    - `nearest`: the mean of the `missing.neighbours` nearest cities that have the rating; the
      distance is the root mean square difference over the indicators that both have, each
      divided by its range;
    - `lowest-step`: the lowest step of the ladder, or the worst raw value of any city.

    Parameters
    ----------
    table
        Cities × leaves; NaN where there is no valid rating.
    missing
        The rule.
    tree
        The tree of the index; its nodes tell which direction is better.
    cities
        Index: cities, columns as in cities.csv. Only `group-mean` reads it.
    lowest
        The lowest step of each ladder; without it the worst value of any city is taken.

    Returns
    -------
    table, filled, notes
        The cities that stay × leaves; which of these cells were filled; one sentence for each
        city left out, or for what was filled.

    Raises
    ------
    DataError
        If an indicator has no rating, or a group has no city with one.
    TierscapeError
        If no city stays, a city has no rating where it needs one, or the group is no column.
    UnknownNameError
        If there is no such rule.

    References
    ----------
    Nardo, M. et al. (2008). Handbook on Constructing Composite Indicators, section 3. OECD/JRC.
    Troyanskaya, O. et al. (2001). Missing value estimation methods for DNA microarrays.
    Bioinformatics 17, 520-525 (nearest neighbours).

    Examples
    --------
    >>> from .tree import tree_of
    >>> from ...data.score_records import Node
    >>> tree = tree_of([Node("x", "", 1, "value", "", "")])
    >>> table = pd.DataFrame({"x": [1.0, None, 3.0]}, index=["A", "B", "C"])
    >>> cities = pd.DataFrame({"part": ["n", "n", "s"]}, index=["A", "B", "C"])
    >>> fill_missing(table, Missing("group-mean", "part"), tree, cities)[0]["x"].tolist()
    [1.0, 1.0, 3.0]
    """
    rules: dict[str, Callable[[], Filled]] = {
        "drop-city": lambda: _drop_cities(table),
        "drop-indicator": lambda: _leave(table),
        "group-mean": lambda: _marked(table, _group_means(table, missing.group, cities)),
        "nearest": lambda: _marked(table, _nearest(table, missing.neighbours)),
        "lowest-step": lambda: _marked(table, _lowest(table, tree, lowest or {})),
    }
    if missing.method not in rules:
        raise UnknownNameError("rule for missing ratings", missing.method, METHODS)
    check_rated(table)
    return rules[missing.method]()


def _marked(table: pd.DataFrame, complete: pd.DataFrame) -> Filled:
    filled = table.isna()
    counts = filled.sum()
    notes = tuple(f"{name}: {n} filled" for name, n in counts[counts > 0].items())
    return complete, filled, notes


def _drop_cities(table: pd.DataFrame) -> Filled:
    gaps = table.isna()
    out = gaps.any(axis=1)
    if out.all():
        raise TierscapeError("every city lacks a rating, so drop-city leaves none. Choose another.")
    notes = tuple(
        f"{city}: not ranked, without {', '.join(map(str, table.columns[row]))}"
        for city, row in zip(table.index[out], gaps[out].to_numpy(), strict=True)
    )
    return table[~out], gaps[~out], notes


def _leave(table: pd.DataFrame) -> Filled:
    _check_cities(table, "there is nothing to rank it by")
    gaps = table.isna()
    counts = gaps.sum()
    notes = tuple(
        f"{name}: missing for {n}, its weight goes to its siblings there"
        for name, n in counts[counts > 0].items()
    )
    return table, gaps & False, notes


def _group_means(table: pd.DataFrame, group: str, cities: pd.DataFrame) -> pd.DataFrame:
    if group not in cities:
        raise TierscapeError(
            f"cities.csv has no column {group!r}, whose groups give the means. "
            f"Columns: {', '.join(map(str, cities.columns)) or 'none'}."
        )
    groups = cities[group].reindex(table.index)
    complete = table.fillna(table.groupby(groups).transform("mean"))
    left = complete.isna()
    if left.to_numpy().any():
        raise DataError(
            Problem(
                "ratings.csv",
                None,
                str(name),
                str(city),
                f"no city of its group ({group} = {groups.iloc[row]}) has a rating",
                "Rate one, or choose coarser groups.",
            )
            for row, city in enumerate(table.index)
            for name in table.columns[left.to_numpy()[row]]
        )
    return complete


def _nearest(table: pd.DataFrame, neighbours: int) -> pd.DataFrame:
    _check_cities(table, "nothing tells which cities are near")
    values = table.to_numpy(dtype=np.float64)
    known = ~np.isnan(values)
    low, high = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    scaled = np.nan_to_num((values - low) / np.where(high > low, high - low, 1.0))
    filled = values.copy()
    incomplete = np.flatnonzero(~known.all(axis=1))
    for start in range(0, len(incomplete), ROWS):
        rows = incomplete[start : start + ROWS]
        distances = _distances(rows, scaled, known)
        for row, distance in zip(rows.tolist(), distances, strict=True):
            order = np.argsort(distance, kind="stable")[: int(np.isfinite(distance).sum())]
            for column in np.flatnonzero(~known[row]).tolist():
                donors = order[known[order, column]][:neighbours]
                if not len(donors):
                    raise TierscapeError(
                        f"{table.index[row]}: no city with {table.columns[column]} shares a rating "
                        "with it, so none is near. Choose another rule for missing ratings."
                    )
                filled[row, column] = values[donors, column].mean()
    return pd.DataFrame(filled, table.index, table.columns)


def _distances(rows: IntArray, scaled: FloatArray, known: BoolArray) -> FloatArray:
    """Return the root mean square difference of some cities from all, over what both have.

    Infinite where two share nothing, and from a city to itself.
    """
    there = known.astype(np.float64)
    shared = there[rows] @ there.T
    # (x − y)² = x² − 2xy + y², each where both are known; unknown cells of `scaled` are 0.
    squares = (
        scaled[rows] ** 2 @ there.T - 2 * scaled[rows] @ scaled.T + there[rows] @ (scaled**2).T
    )
    # Rounded, so that cities equally far stay in the order of the table.
    mean = np.round(np.maximum(squares, 0.0) / np.maximum(shared, 1), 12)
    distances = np.sqrt(mean)
    distances[shared == 0] = np.inf
    distances[np.arange(len(rows)), rows] = np.inf
    return np.asarray(distances)


def _lowest(table: pd.DataFrame, tree: Tree, lowest: Mapping[str, float]) -> pd.DataFrame:
    worst = {
        name: table[name].min() if tree.nodes[str(name)].direction == 1 else table[name].max()
        for name in table.columns
    }
    return table.fillna({**worst, **lowest})


def _check_cities(table: pd.DataFrame, why: str) -> None:
    empty = table.index[table.isna().all(axis=1)]
    if len(empty):
        raise DataError(
            Problem(
                "ratings.csv", None, "city", str(city), f"has no valid rating: {why}", "Rate it."
            )
            for city in empty
        )
