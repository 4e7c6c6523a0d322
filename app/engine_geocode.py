"""`geocode` on the rows of a part: a pure function from frame to frame, each name on its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from tierscape.data.catalog import open_catalog
from tierscape.data.errors import DataError, Problem, did_you_mean
from tierscape.engine_works import named_adds, with_added
from tierscape.geo.doubt import doubted
from tierscape.geo.gazetteer import country_code, open_gazetteer
from tierscape.geo.geocode import Geocoder, Match, load_aliases
from tierscape.geocoding import COLUMNS, NAME_COLUMNS, record
from tierscape.point_columns import SHOWN


@dataclass(frozen=True, slots=True)
class Geocode:
    """Names to places (`geocode`), each name on its own.

    Examples
    --------
    >>> work = geocode_work(["name", "country"], country="country")
    >>> frame = pd.DataFrame({"name": ["罗马", "Munihc"], "country": ["", "DE"]})
    >>> work.partition(frame)["name_en"].tolist()
    ['Rome', 'Munich']
    """

    column: str
    country: str | None
    scope: tuple[str, ...]
    reads: tuple[str, ...]
    adds: tuple[tuple[str, str], ...]
    data: Path | None = None
    name: str = "geocode"
    keep_bad: bool = False

    def faults(self, frame: pd.DataFrame, first: int, file: str) -> tuple[int, list[Problem]]:
        """Return how many rows name a country that is not known."""
        texts = _texts(frame[self.country]) if self.country else np.full(len(frame), "")
        unknown = [
            text for text in dict.fromkeys(map(str, texts)) if text and not country_code(text)
        ]
        rows = np.flatnonzero(np.isin(texts.astype(str), unknown))
        remedy = "Give a code of two or three letters, or a name in Chinese or English."
        return len(rows), [
            Problem(
                file,
                None,
                self.country,
                texts[row],
                f"row {row + first + 1}: is no country",
                remedy,
            )
            for row in rows[:SHOWN].tolist()
        ]

    def partition(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows with what `geocode` answers; equal questions are asked once."""
        names = _texts(frame[self.column])
        countries = _texts(frame[self.country]) if self.country else np.full(len(frame), "")
        asked = pd.DataFrame({"name": names, "country": countries})
        number, kinds = pd.factorize(pd.MultiIndex.from_frame(asked))
        answers = self._answers([(str(name), str(code)) for name, code in kinds])
        found = pd.DataFrame([record(match) for match in answers], columns=list(COLUMNS))
        return with_added(frame, found.iloc[number], COLUMNS, self.adds)

    def unsure(self, done: pd.DataFrame) -> int:
        """Return how many names were not matched for sure."""
        return int((done[self.adds[1][0]] != "matched").sum())

    def _answers(self, questions: list[tuple[str, str]]) -> list[Match]:
        """Return one answer for each name and country."""
        geocoder = _geocoder(self.data)
        scopes = [(country_code(country),) if country else self.scope for _, country in questions]
        answers: dict[int, Match] = {}
        for scope in dict.fromkeys(scopes):
            rows = [row for row, each in enumerate(scopes) if each == scope]
            found = geocoder.find_all([questions[row][0] for row in rows], scope)
            answers |= dict(zip(rows, found, strict=True))
        return [_sure(geocoder, answers[row], scope) for row, scope in enumerate(scopes)]


def geocode_work(
    columns: Sequence[str],
    *,
    name: str | None = None,
    country: str | None = None,
    scope: tuple[str, ...] = (),
    data: Path | None = None,
) -> Geocode:
    """Return the work of `geocode` on tables with these columns.

    Parameters
    ----------
    columns
        What the tables have.
    name, country
        The columns of names (found by its heading where None) and of countries.
    scope
        Countries to look in where a row gives none (ISO alpha-2); none: everywhere.
    data
        A folder of your own aliases, in sight of every worker.

    Raises
    ------
    DataError
        If there is no such column.
    """
    known = {column.casefold(): column for column in reversed(columns)}
    column = name or next((known[key] for key in NAME_COLUMNS if key in known), "name")
    asked = [each for each in (column, country) if each]
    problems = [
        Problem("parts", None, each, ",".join(columns), "there is no such column", near)
        for each in asked
        if each not in columns
        for near in [did_you_mean(each, columns)]
    ]
    if problems:
        raise DataError(problems)
    adds = named_adds(columns, COLUMNS, "geocoded_")
    return Geocode(column, country, scope, tuple(dict.fromkeys(asked)), adds, data)


def _sure(geocoder: Geocoder, match: Match, scope: tuple[str, ...]) -> Match:
    """Return a second thought on a match, or a guess where there is none."""
    if match.place:
        return doubted(geocoder.gazetteer, match)
    return geocoder.suggest(match.input, scope)


def _texts(column: pd.Series) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """Return the cells as texts, empty where there is none."""
    cells = column.astype(object).where(column.notna(), "")
    return cells.map(str).to_numpy(object)


@lru_cache(maxsize=1)
def _geocoder(data: Path | None) -> Geocoder:
    """Return a geocoder; a worker opens it once."""
    places = open_gazetteer()
    return Geocoder(places, load_aliases(open_catalog(data), places))
