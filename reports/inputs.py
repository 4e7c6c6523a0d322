"""What reports are made from, and the parts of it that one report needs."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

import pandas as pd

from ..clusters.survey import Measures
from ..data.catalog import Catalog
from ..data.errors import UnknownNameError
from ..data.physical_loader import load_lakes, load_land
from ..data.reading import read_toml
from ..data.records import ClusterDefinition, Dimension, Edition
from ..maps.figures.words import LANGUAGES, title_of
from ..maps.payload import AtlasData
from ..scoring.aggregate import MIN_MEMBERS

_Record = TypeVar("_Record", Edition, Dimension, ClusterDefinition)
Row = Mapping[str, Any]


class PlacesLike(Protocol):
    """Editions with their cities placed; `tierscape.analysis.Places` is one."""

    @property
    def catalog(self) -> Catalog:
        """Where the facts come from."""

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The rankings that were read."""

    @property
    def definitions(self) -> tuple[ClusterDefinition, ...]:
        """The clusters."""

    @property
    def cities(self) -> pd.DataFrame:
        """The table `cities.csv`."""

    @property
    def tiers(self) -> pd.DataFrame:
        """The table `tiers.csv`."""

    @property
    def membership(self) -> pd.DataFrame:
        """The table `membership.csv`."""

    @property
    def measures(self) -> Measures:
        """The geography that rules ask for, with what was measured of the cities."""


class AnalysisLike(Protocol):
    """Places with everything that follows from them; `tierscape.Analysis` is one."""

    @property
    def places(self) -> PlacesLike:
        """What was read."""

    @property
    def clusters(self) -> pd.DataFrame:
        """The table `clusters.csv`."""

    @property
    def comparisons(self) -> pd.DataFrame:
        """The table `comparisons.csv`."""

    @property
    def claims(self) -> pd.DataFrame:
        """The table `claims.csv`."""

    @property
    def audit(self) -> pd.DataFrame:
        """The table `audit.csv`."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may choose beside cluster, edition and language.

    Attributes
    ----------
    dimensions
        Slugs of the tables to report; all where empty.
    date
        ISO date to print; where empty that of `SOURCE_DATE_EPOCH`, else none is printed.
    version
        The version of tierscape to print.
    names_ar
        City id to its Arabic name: members are then named in Arabic too.
    """

    dimensions: tuple[str, ...] = ()
    date: str = ""
    version: str = ""
    names_ar: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """One edition of an analysis as one report reads it: language, tables, names."""

    analysis: AnalysisLike
    edition: Edition
    dimensions: tuple[Dimension, ...]
    lang: str
    options: Options

    @property
    def first(self) -> Dimension:
        """The table that the key finding, the map and the sensitivity are about."""
        return self.dimensions[0]

    def title(self, slug: str) -> str:
        """Return the title of a cluster."""
        return title_of(self.definition(slug), self.lang)

    def definition(self, slug: str) -> ClusterDefinition:
        """Return the record of a cluster."""
        return chosen("cluster", slug, self.analysis.places.definitions)

    def results(self, dimension: Dimension, role: str = "core") -> list[Row]:
        """Return the rows of `clusters.csv` in a table: ranked ones first, best first."""
        table = here(self.analysis.clusters, self.edition, dimension)
        rows = records(table[table["role"] == role])
        return sorted(
            rows, key=lambda row: (few(row), -round(row["percentile"], 9), row["cluster"])
        )

    def result(self, slug: str, dimension: Dimension, role: str = "core") -> Row | None:
        """Return a cluster's row, None where it has no city."""
        rows = (row for row in self.results(dimension, role) if row["cluster"] == slug)
        return next(rows, None)


def make_scope(analysis: AnalysisLike, edition: str, lang: str, options: Options) -> Scope:
    """Return what a report of an edition reads.

    Raises
    ------
    UnknownNameError
        If there is no such edition, dimension or language.
    """
    if lang not in LANGUAGES:
        raise UnknownNameError("language", lang, LANGUAGES)
    book = chosen("edition", edition, analysis.places.editions)
    wanted = [chosen("dimension", slug, book.dimensions) for slug in options.dimensions]
    return Scope(analysis, book, tuple(wanted) or book.dimensions, lang, options)


def chosen(kind: str, slug: str, choices: Iterable[_Record]) -> _Record:
    """Return the record of a slug.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    known = {each.slug: each for each in choices}
    if slug not in known:
        raise UnknownNameError(kind, slug, known)
    return known[slug]


def here(table: pd.DataFrame, edition: Edition, dimension: Dimension) -> pd.DataFrame:
    """Return the rows of one table of an edition."""
    return table[(table["edition"] == edition.slug) & (table["dimension"] == dimension.slug)]


def records(table: pd.DataFrame) -> list[Row]:
    """Return rows with None for what is missing."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def few(row: Row) -> bool:
    """Tell whether a cluster has too few cities for a rank."""
    return bool(row["n_cities"] < MIN_MEMBERS)


def titles(analysis: AnalysisLike, lang: str) -> dict[str, str]:
    """Return slug to title of clusters, editions, and sources of claims."""
    places = analysis.places
    files = places.catalog.items("claims")
    tables = {slug: read_toml(path) for slug, path in files.items()}
    order = [f"title_{each}" for each in (lang, *LANGUAGES)]
    found = {
        slug: next((str(table[key]) for key in order if table.get(key)), slug)
        for slug, table in tables.items()
    }
    found |= {each.slug: title_of(each, lang) for each in places.definitions}
    return found | {each.slug: title_of(each, lang) for each in places.editions}


def printed_date(options: Options) -> str:
    """Return the date to print, empty where nobody gave one."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if options.date or not epoch.isdigit():
        return options.date
    return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()


def atlas_data(analysis: AnalysisLike) -> AtlasData:
    """Return an analysis as maps take it."""
    places = analysis.places
    return AtlasData(
        cities=places.cities,
        tiers=places.tiers,
        clusters=analysis.clusters,
        membership=places.membership,
        comparisons=analysis.comparisons,
        claims=analysis.claims,
        editions=places.editions,
        definitions=places.definitions,
        land=load_land(),
        lakes=load_lakes(),
    )
