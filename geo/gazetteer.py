"""The gazetteer: places and their folded names, in one read-only SQLite file."""

import csv
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..data.catalog import BUILT_IN
from ..data.records import Place
from .fold import fold, without_suffix

FOLDER = BUILT_IN / "gazetteer"
_COLUMNS = (
    "CAST(city_id AS TEXT), name_en, name_zh, country, admin1, lon, lat, population, elevation_m"
)
_NAMED = f"SELECT key, kind, {_COLUMNS} FROM name JOIN place USING (city_id) WHERE key"  # noqa: S608 - fixed columns
#: Names asked for at once; SQLite reads them in one pass.
_BATCH = 900


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory: ISO codes, names, continent."""

    country: str
    iso3: str
    name_en: str
    name_zh: str
    continent: str


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places by id and by folded name. Open it with `open_gazetteer`."""

    store: sqlite3.Connection
    known: Mapping[str, list[tuple[Place, str]]] = field(default_factory=dict)

    def place(self, city_id: str) -> Place | None:
        """Return the place with a GeoNames id, or None."""
        if not city_id.isdecimal():
            return None
        query = f"SELECT {_COLUMNS} FROM place WHERE city_id = ?"  # noqa: S608 - fixed columns
        row = self.store.execute(query, (int(city_id),)).fetchone()
        return Place(*row) if row else None

    def named(self, key: str) -> list[tuple[Place, str]]:
        """Return every place with this folded name, and how it has it.

        The second value is `n` (a name as written), `f` (a name folded), `s` (without its
        administrative suffix) or `a` (without its article: only where nothing else is found).
        """
        found = self.known.get(key)
        if found is None:
            rows = self.store.execute(f"{_NAMED} = ?", (key,))
            found = [(Place(*row[2:]), row[1]) for row in rows]
        if len(found) < 2:
            return found
        return [pair for pair in found if pair[1] != "a"] or found

    def prefetched(self, keys: Iterable[str]) -> "Gazetteer":
        """Return this gazetteer with the places of many folded names read at once."""
        known: dict[str, list[tuple[Place, str]]] = {key: [] for key in keys}
        names = self._many("SELECT key, city_id, kind FROM name WHERE key", list(known))
        ids = sorted({city_id for _, city_id, _ in names})  # pages are read in their order
        rows = self._many(f"SELECT {_COLUMNS} FROM place WHERE city_id", ids)  # noqa: S608 - fixed columns
        places = {int(row[0]): Place(*row) for row in rows}
        for key, city_id, kind in names:
            known[key].append((places[city_id], kind))
        return replace(self, known=known)

    def _many(self, query: str, values: Sequence[str | int]) -> list[tuple[Any, ...]]:
        """Return the rows whose last column of the query is one of many values."""
        rows: list[tuple[Any, ...]] = []
        for start in range(0, len(values), _BATCH):
            batch = values[start : start + _BATCH]
            rows += self.store.execute(f"{query} IN ({','.join('?' * len(batch))})", batch)
        return rows

    def names_of(self, countries: Iterable[str] = ()) -> list[str]:
        """Return the main names of the places of some countries, or of all; largest first."""
        codes = tuple(countries)
        where = f"WHERE country IN ({','.join('?' * len(codes))})" if codes else ""
        query = f"SELECT name_zh, name_en FROM place {where} ORDER BY population DESC"  # noqa: S608
        return [name for row in self.store.execute(query, codes) for name in row if name]


def open_gazetteer(path: Path = FOLDER / "gazetteer.sqlite") -> Gazetteer:
    """Open the gazetteer for reading; it takes milliseconds and reads only what is asked.

    Examples
    --------
    >>> open_gazetteer().place("1835235").name_en
    'Daejeon'
    """
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    store = sqlite3.connect(uri, uri=True, check_same_thread=False)
    store.execute("PRAGMA mmap_size = 67108864")  # pages are read where they lie
    return Gazetteer(store)


@contextmanager
def gazetteer(path: Path = FOLDER / "gazetteer.sqlite") -> Iterator[Gazetteer]:
    """Open the gazetteer for the length of a `with` block.

    Examples
    --------
    >>> with gazetteer() as places:
    ...     [place.name_en for place, _ in places.named("罗马") if place.population > 1_000_000]
    ['Rome']
    """
    opened = open_gazetteer(path)
    try:
        yield opened
    finally:
        opened.store.close()


@lru_cache(maxsize=1)
def countries() -> tuple[Country, ...]:
    """Return all countries and territories, by code."""
    with (FOLDER / "countries.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(Country(**row) for row in csv.DictReader(lines))


def country_code(text: str) -> str:
    """Return the ISO 3166-1 alpha-2 code of a country given by code or name; empty if unknown.

    Examples
    --------
    >>> country_code("fra"), country_code("法国"), country_code("South Korea"), country_code("xx")
    ('FR', 'FR', 'KR', '')
    >>> country_code("阿联酋"), country_code("UK"), country_code("刚果（金）")
    ('AE', 'GB', 'CD')
    """
    return _country_keys().get(fold(text), "")


@lru_cache(maxsize=1)
def _country_keys() -> dict[str, str]:
    keys: dict[str, str] = {}
    for country in countries():
        for text in (country.country, country.iso3, country.name_en, country.name_zh):
            key = fold(text)
            keys.setdefault(key, country.country)
            keys.setdefault(without_suffix(key), country.country)
    with (FOLDER / "country_names.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            keys[fold(row["name"])] = row["country"]
    keys.pop("", None)
    return keys
