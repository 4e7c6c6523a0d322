"""Ratings as a table of cities and indicators, and how they were collected."""

import numpy as np
import pandas as pd

from ...data.errors import DataError, Problem
from ...data.score_records import Rating, ScoreFolder
from .tree import tree_of


def is_valid(rating: Rating, cutoff: str) -> bool:
    """Tell whether a rating counts: its evidence passed the review and is not too late.

    Dates are ISO and may be a year or a month only; they are compared as far as they go.

    Examples
    --------
    >>> rating = Rating("A", "x", 1.0, "e", "s", "en", "2023-06", "web", 1, True, 2)
    >>> is_valid(rating, "2023-06-30"), is_valid(rating, "2023-05-31"), is_valid(rating, "")
    (True, False, True)
    """
    return rating.accepted and not is_late(rating, cutoff)


def is_late(rating: Rating, cutoff: str) -> bool:
    """Tell whether the evidence of a rating is of after the cut-off."""
    return bool(cutoff) and rating.date[: len(cutoff)] > cutoff


def city_names(folder: ScoreFolder) -> list[str]:
    """Return the cities of a folder in its order; without cities.csv, those that are rated."""
    if folder.cities:
        return [city.name for city in folder.cities]
    return list(dict.fromkeys(rating.city for rating in folder.ratings))


def rating_table(folder: ScoreFolder) -> pd.DataFrame:
    """Return the valid ratings of a folder.

    Parameters
    ----------
    folder
        A score folder.

    Returns
    -------
    pandas.DataFrame
        Cities (index `city`) × leaves of the tree: points or raw values, NaN where there is no
        rating whose evidence was accepted and is not later than the index's cut-off.

    Raises
    ------
    DataError
        If a cell has two valid ratings, or any rating is of an unknown city or indicator.
    """
    leaves = tree_of(folder.index.nodes).leaves
    cities = city_names(folder)
    row_of = {city: row for row, city in enumerate(cities)}
    column_of = {leaf: column for column, leaf in enumerate(leaves)}
    valid = [rating for rating in folder.ratings if is_valid(rating, folder.index.cutoff)]
    _check(folder, valid, set(row_of), set(column_of))
    values = np.full((len(cities), len(leaves)), np.nan)
    for rating in valid:
        values[row_of[rating.city], column_of[rating.indicator]] = rating.value
    return pd.DataFrame(values, index=pd.Index(cities, name="city"), columns=list(leaves))


def _check(folder: ScoreFolder, valid: list[Rating], cities: set[str], leaves: set[str]) -> None:
    cells = {(rating.city, rating.indicator) for rating in valid}
    known = all(r.city in cities and r.indicator in leaves for r in folder.ratings)
    if known and len(cells) == len(valid):
        return
    file = str(folder.folder / "ratings.csv")
    problems = []
    for rating in folder.ratings:
        if rating.city not in cities:
            rule = "is not in cities.csv"
            problems.append(Problem(file, rating.line, "city", rating.city, rule))
        if rating.indicator not in leaves:
            rule = "is no rated indicator of the index"
            problems.append(Problem(file, rating.line, "indicator", rating.indicator, rule))
    first: dict[tuple[str, str], int] = {}
    for rating in valid:
        before = first.setdefault((rating.city, rating.indicator), rating.line)
        if before != rating.line:
            rule = f"line {before} rates {rating.indicator} of this city too"
            remedy = "Keep one of them."
            problems.append(Problem(file, rating.line, "city", rating.city, rule, remedy))
    if problems:
        raise DataError(problems)


def rating_counts(folder: ScoreFolder) -> pd.DataFrame:
    """Return how the ratings of every indicator were collected.

    Returns
    -------
    pandas.DataFrame
        One row per leaf (index `indicator`): `n_valid`, `n_missing` (cities without a valid
        rating), `n_rejected` (evidence that failed its review), `n_late` (evidence of after the
        cut-off, whatever its review), `rounds_min`, `rounds_mean` (review rounds of the valid
        ratings), `n_languages`, `languages`, `channels` (of the valid ratings, by name, separated
        by blanks).
    """
    leaves = tree_of(folder.index.nodes).leaves
    cities = len(city_names(folder))
    by_leaf: dict[str, list[Rating]] = {leaf: [] for leaf in leaves}
    for rating in folder.ratings:
        by_leaf[rating.indicator].append(rating)
    rows = [_counts(by_leaf[leaf], cities, folder.index.cutoff) for leaf in leaves]
    return pd.DataFrame(rows, index=pd.Index(leaves, name="indicator"))


def _counts(ratings: list[Rating], cities: int, cutoff: str) -> dict[str, object]:
    valid = [rating for rating in ratings if is_valid(rating, cutoff)]
    rounds = [rating.rounds for rating in valid]
    languages = sorted({rating.language for rating in valid if rating.language})
    return {
        "n_valid": len(valid),
        "n_missing": cities - len(valid),
        "n_rejected": sum(not (r.accepted or is_late(r, cutoff)) for r in ratings),
        "n_late": sum(is_late(rating, cutoff) for rating in ratings),
        "rounds_min": min(rounds, default=0),
        "rounds_mean": float(np.mean(rounds)) if rounds else np.nan,
        "n_languages": len(languages),
        "languages": " ".join(languages),
        "channels": " ".join(sorted({rating.channel for rating in valid if rating.channel})),
    }
