"""Names to places, offline, with every doubt visible. Works on plain records."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..data.errors import nearest
from ..data.reading import collector_paused
from ..data.records import Place
from .aliases import Alias, load_aliases
from .company import settle
from .doubt import doubted
from .fold import fold, is_han, without_suffix
from .gazetteer import Gazetteer, country_code
from .guess import guess
from .match import Match, found_evidence, weight

__all__ = ["Alias", "Geocoder", "Match", "load_aliases"]

#: A place, how it has a name, and what it weighs among those that have it.
Ranked = tuple[Place, str, int]

#: The best place must weigh at least this many times the next, or the name is ambiguous: among
#: the countries asked for, and where none is.
CLEAR = 3
CLEAR_ANYWHERE = 10

_WITH_COUNTRY = re.compile(r"^(.+?)\s*[,，、(（]\s*([^,，、()（）]+?)\s*[)）]?$")
#: Longer texts are no name with a country.
_LONGEST = 200


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
        """Find one name, in some countries only where they are given (ISO alpha-2).

        Nothing is guessed: the answer is `matched`, `ambiguous` or `not_found`.
        """
        return self.look_up(name, fold(name), frozenset(countries))

    def find_all(self, names: Sequence[str], countries: Iterable[str] = ()) -> list[Match]:
        """Find several names; one match per name, in their order."""
        scope = frozenset(countries)
        with collector_paused():
            keys = [fold(name) for name in names]
            many = self._prefetched(keys)
            return [many.look_up(name, key, scope) for name, key in zip(names, keys, strict=True)]

    def suggest(self, name: str, countries: Iterable[str] = ()) -> Match:
        """Guess at a name that `find` does not find: `suggested`, or `not_found`.

        Examples
        --------
        >>> from tierscape.geo.gazetteer import gazetteer
        >>> with gazetteer() as places:
        ...     match = Geocoder(places, {}).suggest("Munihc", ["DE"])
        >>> match.status, match.step, match.place.name_en, match.reason
        ('suggested', 'misspelt', 'Munich', "1 slip from 'munich'")
        """
        scope = frozenset(countries)
        inner, code = _inline(name, scope)
        if code:
            guessed = guess(self.gazetteer, inner, fold(inner), frozenset([code]))
            return replace(guessed, input=name)
        key = fold(name)
        if _nameless(key):
            return Match(name, "not_found", "", None, reason=_nothing(name))
        return guess(self.gazetteer, name, key, scope)

    def answer(self, names: Sequence[str], scopes: Sequence[Iterable[str]]) -> list[Match]:
        """Find or else guess several names, each in its own countries; they help each other.

        Examples
        --------
        >>> from tierscape.geo.gazetteer import gazetteer
        >>> with gazetteer() as places:
        ...     found = Geocoder(places, {}).answer(["巴西利亚", "Munihc"], [["BR"], []])
        >>> [(match.status, match.place.name_en) for match in found]
        [('matched', 'Brasília'), ('suggested', 'Munich')]
        """
        keys = [fold(name) for name in names]
        many = self._prefetched(keys)
        found = settle(
            [
                many.look_up(name, key, frozenset(scope))
                for name, key, scope in zip(names, keys, scopes, strict=True)
            ]
        )
        guesses: dict[tuple[str, frozenset[str]], Match] = {}
        for number, (match, scope) in enumerate(zip(found, scopes, strict=True)):
            if match.place:
                found[number] = doubted(many.gazetteer, match)
            else:
                asked = match.input, frozenset(scope)
                if asked not in guesses:
                    guesses[asked] = self.suggest(*asked)
                found[number] = guesses[asked]
        return found

    def nearest_names(self, name: str, countries: Iterable[str] = (), count: int = 3) -> list[str]:
        """Return the names of the gazetteer and the aliases that are spelt most like `name`."""
        han = is_han(fold(name))
        known = [*(alias.name for alias in self.aliases.values())]
        known += self.gazetteer.names_of(countries)
        alike = dict.fromkeys(
            other for other in known if abs(len(other) - len(name)) <= 2 and _is_han(other) == han
        )
        return nearest(name, alike, count)

    def _prefetched(self, keys: Sequence[str]) -> "Geocoder":
        """Return this geocoder with the places of many folded names read at once."""
        shorter = filter(None, map(without_suffix, keys))
        return replace(self, gazetteer=self.gazetteer.prefetched([*keys, *shorter]))

    def look_up(self, name: str, key: str, scope: frozenset[str]) -> Match:
        """Find one name whose folded form is known."""
        if _nameless(key):
            return Match(name, "not_found", "", None, (), bool(scope), _nothing(name))
        ranked = self._ranked(key, scope)
        alias = self.aliases.get(key)
        place = self._alias(alias, scope) if alias else None
        if alias and place:
            rivals = tuple(other for other, _, _ in ranked if other != place)
            return Match(name, "matched", "alias", place, rivals, bool(scope), alias.reason)
        if ranked:
            return _judged(name, key, ranked, scoped=bool(scope))
        inner, code = _inline(name, scope)
        if code:
            found = self.look_up(inner, fold(inner), frozenset([code]))
            return replace(found, input=name, evidence=found_evidence(found))
        return Match(name, "not_found", "", None, (), bool(scope))

    def _ranked(self, key: str, scope: frozenset[str]) -> list[Ranked]:
        """Return the places with this name in the scope, the likeliest first.

        Each with how it has the name, and what it weighs (a single one weighs nothing).
        """
        found = self.gazetteer.named(key)
        shorter = "" if key.isascii() else without_suffix(key)
        if shorter:
            more = self.gazetteer.named(shorter)
            found = [*found, *((place, "s") for place, kind in more if kind != "s")]
        if scope:
            found = [pair for pair in found if pair[0].country in scope]
        if len(found) < 2:
            return [(*found[0], 0)] if found else []
        unique: dict[str, Ranked] = {}
        for place, kind in found:
            if place.city_id not in unique:
                unique[place.city_id] = (place, kind, weight(key, place))
        return sorted(unique.values(), key=_order)

    def _alias(self, alias: Alias, scope: frozenset[str]) -> Place | None:
        place = self.gazetteer.place(alias.city_id)
        return place if place and (not scope or place.country in scope) else None


def _order(ranked: Ranked) -> tuple[int, int]:
    return -ranked[2], int(ranked[0].city_id)


def _judged(name: str, key: str, ranked: list[Ranked], *, scoped: bool) -> Match:
    best, kind, heaviest = ranked[0]
    step = "exact" if (kind == "n" and name == key) or name == best.name_en else "folded"
    if len(ranked) == 1:
        return Match(name, "matched", step, best, (), scoped)
    rivals = tuple(place for place, _, _ in ranked[1:])
    needed = CLEAR if scoped else CLEAR_ANYWHERE
    status = "matched" if heaviest >= needed * ranked[1][2] else "ambiguous"
    reason = f"the largest of {len(ranked)} places with this name"
    return Match(name, status, step, best, rivals, scoped, reason)


def _inline(name: str, scope: frozenset[str]) -> tuple[str, str]:
    """Return the name and the country of a text that gives both; else empty texts."""
    found = _WITH_COUNTRY.match(name.strip()) if len(name) <= _LONGEST else None
    code = country_code(found[2]) if found else ""
    if found and code and (not scope or code in scope):
        return found[1], code
    return "", ""


def _nameless(key: str) -> bool:
    """Tell whether a folded text has no letter; a few places have a number among their names."""
    return not key or key.isdigit()


def _nothing(name: str) -> str:
    return "the cell is empty" if not name.strip() else "there is no letter in it"


def _is_han(name: str) -> bool:
    return not name.isascii() and is_han(fold(name))
