"""A guess at a name that no place bears: by its sound, or as a misspelling. Never a sure match."""

import math
import sqlite3
from collections.abc import Sequence
from functools import lru_cache

from ..data.records import Place
from .confidence import WIDEST, size
from .fold import fold, is_han
from .gazetteer import Gazetteer
from .match import Match, same_city
from .misspelt import Names, all_names, near, slips_allowed
from .transliterate import (
    FAMILIES,
    FAMILY,
    FOREIGN,
    Sounding,
    Spellings,
    clearly_heard,
    sounding,
    spellings,
)

#: A guess less likely than this is none.
LEAST = 0.1
#: Places weighed against each other.
WEIGHED = 8
#: Longer names are no names of cities.
LONGEST = 60
#: A slip costs as much as this many natural logarithms of population.
SLIP = 6.0


def guess(gazetteer: Gazetteer, name: str, key: str, scope: frozenset[str]) -> Match:
    """Return the likeliest place for a folded name that no place in the scope bears.

    Returns
    -------
    Match
        `suggested` with its step, rivals, reason and confidence, or `not_found`.
    """
    if len(key) > LONGEST:
        return Match(name, "not_found", "", None, reason="too long for a name")
    found = guesses(gazetteer, name, key, scope)
    best = max(found, key=lambda match: match.confidence, default=None)
    if best and best.confidence >= LEAST:
        return best
    where = "in the countries asked for" if scope else "anywhere"
    return Match(name, "not_found", "", None, reason=f"no place {where} has or resembles this name")


def guesses(gazetteer: Gazetteer, name: str, key: str, scope: frozenset[str]) -> list[Match]:
    """Return the guess of each step that has one, however unlikely."""
    found = [_misspelt(gazetteer, name, key, scope)]
    if is_han(key):
        found.append(transliterated(gazetteer, name, key, scope))
    return [match for match in found if match.place]


def transliterated(gazetteer: Gazetteer, name: str, key: str, scope: frozenset[str]) -> Match:
    """Guess by the sound of the characters."""
    known = {family: _spellings(gazetteer.store, scope, family) for family in _families(scope)}
    found = sounding(gazetteer.store, known, key, asked=bool(scope))[:WEIGHED]
    places = _places(gazetteer, [place.city_id for place in found])
    if not places:
        return Match(name, "not_found", "", None)
    best = places[0]
    evidence = {
        "margin": _gap(places, [place.score for place in found]),
        **_sound_evidence(found[0], key),
        **size(best.population),
        "scoped": float(bool(scope)),
        "foreign": float(FAMILY.get(best.country, FOREIGN) == FOREIGN),
    }
    return Match(
        name,
        "suggested",
        "transliterated",
        best,
        tuple(places[1:]),
        bool(scope),
        f"sounds like {best.name_en}",
        evidence,
    )


def _sound_evidence(found: Sounding, key: str) -> dict[str, float]:
    return {
        "cost": found.cost,
        "cost_each": found.cost / len(key),
        "length": float(min(len(key), 6)),
    }


def heard(gazetteer: Gazetteer, key: str) -> list[Place]:
    """Return the places anywhere that a folded Chinese name sounds very much like."""
    known = _spellings(gazetteer.store, frozenset(), FOREIGN)
    found = clearly_heard(gazetteer.store, known, key)[:WEIGHED]
    return _places(gazetteer, [place.city_id for place in found])


def _misspelt(gazetteer: Gazetteer, name: str, key: str, scope: frozenset[str]) -> Match:
    """Guess what was meant if some letters are wrong: the fewest slips, then the most people."""
    found: dict[str, tuple[float, Place, str]] = {}
    close: set[str] = set()
    slips = 0
    while not found and slips < slips_allowed(key):
        slips += 1
        close = near(_names(gazetteer.store), key, slips)
        for other in sorted(close):
            for place, _ in gazetteer.named(other):
                if scope and place.country not in scope:
                    continue
                score = SLIP * slips - math.log(max(place.population, 1))
                if place.city_id not in found or score < found[place.city_id][0]:
                    found[place.city_id] = (score, place, other)
    if not found:
        return Match(name, "not_found", "", None)
    ranked = sorted(found.values(), key=lambda one: (one[0], int(one[1].city_id)))[:WEIGHED]
    places = [place for _, place, _ in ranked]
    evidence = {
        "margin": _gap(places, [score for score, _, _ in ranked]),
        "slips": float(slips),
        "length": float(min(len(key), 12)),
        **size(places[0].population),
        "scoped": float(bool(scope)),
        "han": float(is_han(key)),
    }
    main = fold(places[0].name_en)
    meant = main if main in close else ranked[0][2]
    reason = f"{slips} {'slip' if slips == 1 else 'slips'} from {meant!r}"
    rivals = tuple(places[1:])
    step = "misspelt"
    return Match(name, "suggested", step, places[0], rivals, bool(scope), reason, evidence)


def _families(scope: frozenset[str]) -> list[str]:
    if not scope:
        return sorted(FAMILIES)
    return sorted({FAMILY.get(code, FOREIGN) for code in scope})


def _places(gazetteer: Gazetteer, ids: Sequence[int]) -> list[Place]:
    return [place for place in map(gazetteer.place, map(str, ids)) if place]


def _gap(places: Sequence[Place], scores: Sequence[float]) -> float:
    """Return how far the best score is ahead of the next that is another city."""
    for place, score in zip(places[1:], scores[1:], strict=False):
        if not same_city(places[0], place):
            return min(WIDEST, score - scores[0])
    return WIDEST


@lru_cache(maxsize=1)
def _names(store: sqlite3.Connection) -> Names:
    return all_names(store)


@lru_cache(maxsize=512)
def _spellings(store: sqlite3.Connection, scope: frozenset[str], family: str) -> Spellings:
    return spellings(store, scope, family)
