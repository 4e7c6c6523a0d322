"""Names to places, offline, with every doubt visible. Works on plain records."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ..data.catalog import Catalog
from ..data.errors import DataError, Problem, nearest
from ..data.reading import gather, read_csv
from ..data.records import Place
from .fold import fold, is_han, without_suffix
from .gazetteer import Gazetteer, country_code

#: A place counts this many times its population where the name asked for is its main name.
MAIN_NAME = 5
#: The best place must weigh at least this many times the next, or the name is ambiguous.
CLEAR = 3

_ALIAS_COLUMNS = ("name", "city_id", "place", "reason", "name_zh")
_WITH_COUNTRY = re.compile(r"^(.+?)\s*[,，(（]\s*([^,，()（）]+?)\s*[)）]?$")


@dataclass(frozen=True, slots=True)
class Match:
    """What one name was found to be.

    `status` is `matched`, `ambiguous` (the best guess is given, the rivals are candidates) or
    `not_found`; `step` is how it was found: `exact`, `folded`, `alias`, `given`, or empty.
    `candidates` are the other places with this name, the likeliest first.
    """

    input: str
    status: str
    step: str
    place: Place | None
    candidates: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Alias:
    """A reviewed answer to a name that the general steps cannot resolve.

    `name_zh` is the usual Chinese name where the alias itself is not: a misprint, a country.
    """

    name: str
    city_id: str
    place: str
    reason: str
    name_zh: str = ""


@dataclass(frozen=True, slots=True)
class Geocoder:
    """A gazetteer with reviewed aliases.

    Examples
    --------
    >>> from tierscape.data.catalog import Catalog
    >>> from tierscape.geo.gazetteer import gazetteer
    >>> with gazetteer() as places:
    ...     geocoder = Geocoder(places, load_aliases(Catalog(), places))
    ...     match = geocoder.find("Xi'an, China")
    >>> match.status, match.step, match.place.name_zh
    ('matched', 'exact', '西安')
    """

    gazetteer: Gazetteer
    aliases: Mapping[str, Alias]

    def find(self, name: str, countries: Iterable[str] = ()) -> Match:
        """Find one name, in some countries only where they are given (ISO alpha-2)."""
        scope = frozenset(countries)
        key = fold(name)
        if not key:
            return Match(name, "not_found", "", None)
        ranked = self._ranked(key, scope)
        alias = self._alias(key, scope)
        if alias:
            rivals = tuple(place for place, _ in ranked if place != alias)
            return Match(name, "matched", "alias", alias, rivals)
        if ranked:
            return _judged(name, key, ranked)
        inline = _WITH_COUNTRY.match(name.strip())
        code = country_code(inline[2]) if inline else ""
        if inline and code and (not scope or code in scope):
            found = self.find(inline[1], (code,))
            return Match(name, found.status, found.step, found.place, found.candidates)
        return Match(name, "not_found", "", None)

    def find_all(self, names: Sequence[str], countries: Iterable[str] = ()) -> list[Match]:
        """Find several names; one match per name, in their order."""
        scope = frozenset(countries)
        keys = [fold(name) for name in names]
        shorter = map(without_suffix, keys)
        many = replace(self, gazetteer=self.gazetteer.prefetched([*keys, *shorter]))
        return [many.find(name, scope) for name in names]

    def nearest_names(self, name: str, countries: Iterable[str] = (), count: int = 3) -> list[str]:
        """Return the names of the gazetteer and the aliases that are spelt most like `name`."""
        han = is_han(fold(name))
        known = [*(alias.name for alias in self.aliases.values())]
        known += self.gazetteer.names_of(countries)
        alike = dict.fromkeys(
            other for other in known if abs(len(other) - len(name)) <= 2 and _is_han(other) == han
        )
        return nearest(name, alike, count)

    def _ranked(self, key: str, scope: frozenset[str]) -> list[tuple[Place, str]]:
        """Return the places with this name in the scope, the likeliest first, and how they do."""
        found = self.gazetteer.named(key)
        shorter = without_suffix(key)
        if shorter:
            more = self.gazetteer.named(shorter)
            found = [*found, *((place, "s") for place, kind in more if kind != "s")]
        if scope:
            found = [pair for pair in found if pair[0].country in scope]
        if len(found) < 2:
            return found
        unique: dict[str, tuple[Place, str]] = {}
        for pair in found:
            unique.setdefault(pair[0].city_id, pair)
        return sorted(unique.values(), key=lambda pair: _order(key, pair[0]))

    def _alias(self, key: str, scope: frozenset[str]) -> Place | None:
        alias = self.aliases.get(key)
        place = self.gazetteer.place(alias.city_id) if alias else None
        return place if place and (not scope or place.country in scope) else None


def load_aliases(catalog: Catalog, gazetteer: Gazetteer) -> dict[str, Alias]:
    """Return the aliases of all files by folded name; a later file's replace an earlier's.

    Raises
    ------
    DataError
        With every row that lacks a name or a reason, names an unknown place, or repeats a name
        of its file.
    """
    aliases: dict[str, Alias] = {}
    files = catalog.items("aliases").values()
    for part in gather(partial(_read_aliases, path, gazetteer) for path in files):
        aliases.update(part)
    return aliases


def _read_aliases(path: Path, gazetteer: Gazetteer) -> dict[str, Alias]:
    file = str(path)
    aliases: dict[str, Alias] = {}
    problems: list[Problem] = []
    for line, row in read_csv(path, _ALIAS_COLUMNS[:4]):
        alias = Alias(*(row.get(column, "") for column in _ALIAS_COLUMNS))
        key = fold(alias.name)
        place = gazetteer.place(alias.city_id)
        if not key:
            problems.append(Problem(file, line, "name", alias.name, "a name is required"))
        if key in aliases:
            problems.append(Problem(file, line, "name", alias.name, "the name is there twice"))
        if place is None:
            remedy = "Give the GeoNames id of a place of the gazetteer."
            rule = "no place of the gazetteer has this id"
            problems.append(Problem(file, line, "city_id", alias.city_id, rule, remedy))
        if not alias.reason:
            problems.append(Problem(file, line, "reason", "", "a reason is required"))
        aliases[key] = alias
    if problems:
        raise DataError(problems)
    return aliases


def _order(key: str, place: Place) -> tuple[int, int]:
    return -_weight(key, place), int(place.city_id)


def _weight(key: str, place: Place) -> int:
    main = key in {fold(place.name_zh), fold(place.name_en)}
    return max(place.population, 1) * (MAIN_NAME if main else 1)


def _judged(name: str, key: str, ranked: list[tuple[Place, str]]) -> Match:
    best, kind = ranked[0]
    step = "exact" if (kind == "n" and name == key) or name == best.name_en else "folded"
    if len(ranked) == 1:
        return Match(name, "matched", step, best)
    rivals = tuple(place for place, _ in ranked[1:])
    weight = _weight(key, best)
    clear = all(weight >= CLEAR * _weight(key, rival) for rival in rivals)
    return Match(name, "matched" if clear else "ambiguous", step, best, rivals)


def _is_han(name: str) -> bool:
    return not name.isascii() and is_han(fold(name))
