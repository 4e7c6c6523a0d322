"""A Chinese rendering against romanised names: which place sounds like these characters.

Each character stands for a few strings of letters, each with a cost, -ln P(letters | character);
`tools/transcription.py` learned them from the places that have both names. The rendering is read
along the sorted spellings of the places, the cheapest readings first (a beam search), so that
only spellings that exist are ever considered.
"""

import math
import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import itemgetter

from .fold import without_suffix

#: Chinese characters write foreign sounds; in these countries they are the name itself, read the
#: country's own way.
FOREIGN = "foreign"
FAMILY = {
    "CN": "zh",
    "HK": "zh",
    "JP": "ja",
    "KP": "ko",
    "KR": "ko",
    "MO": "zh",
    "TW": "zh",
    "VN": "vi",
}
FAMILIES = frozenset({FOREIGN, *FAMILY.values()})
#: Readings kept after each character.
BEAM = 300
#: What a place gains by the natural logarithm of its population, in nats of cost.
POPULATION = 0.3
#: What a reading in a country with its own characters costs where no country is given.
UNASKED = 3.0
#: The population a place counts for at least.
SMALLEST = 1_000

PORT = "港"
#: What it costs to hear a sound a little differently: another vowel, a doubled consonant, a
#: letter more at its end.
VOWEL, DOUBLED, ADDED = 2.5, 1.5, 3.0
VOWELS = "aeiouy"
ENDINGS = "rlnsehtd"
#: Only the likeliest sounds of a character are heard differently, and so many in all are tried.
VARIED, TRIED = 12, 150
#: A name that is read at this cost per character needs no second hearing.
CLEARLY = 1.5

#: A name is very much like another at this cost per character or less.
HEARD = 1.0

Reading = tuple[float, str, int, int]
Sound = tuple[str, float]


@dataclass(frozen=True, slots=True)
class Spellings:
    """Latin spellings in order, and the place of each: id, population."""

    keys: Sequence[str]
    places: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Sounding:
    """A place that a rendering may mean; `cost` is -ln of its chance, `score` counts people too.

    The lower, the likelier.
    """

    city_id: int
    cost: float
    score: float


def spellings(store: sqlite3.Connection, countries: Iterable[str], family: str) -> Spellings:
    """Return the spellings of the places of one family, in some countries or (none) in all."""
    codes = sorted(countries)
    if not codes:
        query = "SELECT DISTINCT country FROM spelling"
        codes = sorted(code for (code,) in store.execute(query))
    codes = [code for code in codes if FAMILY.get(code, FOREIGN) == family]
    marks = ",".join("?" * len(codes))
    query = (
        "SELECT key, city_id, population FROM spelling JOIN place USING (city_id, country)"  # noqa: S608 - only marks
        f" WHERE spelling.country IN ({marks})"
    )
    rows = sorted(store.execute(query, codes))
    return Spellings([row[0] for row in rows], [(row[1], row[2]) for row in rows])


def sounds(store: sqlite3.Connection, family: str, han: str) -> list[list[Sound]]:
    """Return what each character may sound like, with costs; by its pinyin if it is unknown."""
    return [
        _sounds(store, family, char) or _by_pinyin(store, family, char) or [("", -math.log(0.1))]
        for char in han
    ]


def sounding(
    store: sqlite3.Connection, known: Mapping[str, Spellings], key: str, *, asked: bool
) -> list[Sounding]:
    """Return the places that a folded Chinese name sounds like, the likeliest first.

    `known` are the spellings to search by family; `asked` tells that the countries were given.
    """
    found: dict[int, Sounding] = {}
    for family, names in known.items():
        extra = 0.0 if asked or family == FOREIGN else UNASKED
        for han in filter(None, (key, without_suffix(key), _port_first(key))):
            for place in _heard(store, family, names, han):
                score = place.score + extra
                if place.city_id not in found or score < found[place.city_id].score:
                    found[place.city_id] = replace(place, score=score)
    return sorted(found.values(), key=lambda place: (place.score, place.city_id))


def clearly_heard(store: sqlite3.Connection, names: Spellings, key: str) -> list[Sounding]:
    """Return the places that a folded name sounds very much like, the likeliest first."""
    found = decode(names, sounds(store, FOREIGN, key), HEARD * len(key))
    return sorted(found, key=lambda place: (place.score, place.city_id))


def decode(
    names: Spellings, options: Sequence[Sequence[Sound]], most: float = math.inf
) -> list[Sounding]:
    """Return the places whose spelling is one of the readings, each at its cheapest.

    Readings that cost more than `most` are given up.

    Examples
    --------
    >>> names = Spellings(["milan", "milano", "munich"], [(1, 10_000), (1, 10_000), (2, 20_000)])
    >>> options = [[("mi", 0.1), ("mu", 2.0)], [("lan", 0.2), ("la", 0.9)], [("", 1.0)]]
    >>> [(place.city_id, round(place.cost, 1)) for place in decode(names, options)]
    [(1, 1.3)]
    """
    readings: list[Reading] = [(0.0, "", 0, len(names.keys))]
    for option in options:
        readings = _read_on(names.keys, readings, option)
        readings = readings[: bisect_right(readings, most, key=itemgetter(0))]
    best: dict[int, tuple[float, int]] = {}
    for cost, text, low, high in readings:
        for at in range(low, high):
            if names.keys[at] != text:
                break
            city_id, population = names.places[at]
            if city_id not in best or cost < best[city_id][0]:
                best[city_id] = (cost, population)
    return [
        Sounding(city_id, cost, cost - POPULATION * math.log(max(population, SMALLEST)))
        for city_id, (cost, population) in best.items()
    ]


def varied(option: Sequence[Sound]) -> list[Sound]:
    """Return the sounds of one character and those that are nearly the same, with their costs.

    Examples
    --------
    >>> ("sten", 3.0) in varied([("ste", 0.0)]), ("sta", 2.5) in varied([("ste", 0.0)])
    (True, True)
    """
    best = dict(option)
    for letters, cost in option[:VARIED]:
        for other, more in _variants(letters):
            if cost + more < best.get(other, math.inf):
                best[other] = cost + more
    return sorted(best.items(), key=lambda sound: (sound[1], sound[0]))[:TRIED]


def _variants(letters: str) -> Iterator[Sound]:
    for at, letter in enumerate(letters):
        before, after = letters[:at], letters[at + 1 :]
        if letter in VOWELS:
            for other in VOWELS:
                yield before + other + after, VOWEL
        yield before + letter + letter + after, DOUBLED
    if letters:
        for ending in ENDINGS:
            yield letters + ending, ADDED


def _heard(store: sqlite3.Connection, family: str, names: Spellings, han: str) -> list[Sounding]:
    """Return what a name is read as, or, if nothing is read clearly, nearly read as."""
    options = sounds(store, family, han)
    found = decode(names, options)
    if any(place.cost < CLEARLY * len(han) for place in found):
        return found
    return decode(names, [varied(option) for option in options])


def _port_first(key: str) -> str:
    """Return the name of a port as most languages write it: 塞得港 is Port Said."""
    return PORT + key[:-1] if key.endswith(PORT) and len(key) > 2 else ""


def _read_on(
    keys: Sequence[str], readings: Sequence[Reading], option: Sequence[Sound]
) -> list[Reading]:
    """Return the readings that are one character longer and that some spelling begins with."""
    longer: dict[str, Reading] = {}
    for cost, text, low, high in readings:
        for letters, more in option:
            new, total = text + letters, cost + more
            old = longer.get(new)
            if old:
                if total < old[0]:
                    longer[new] = (total, new, old[2], old[3])
                continue
            first, last = low, high
            if letters:
                first = bisect_left(keys, new, low, high)
                if first == high or not keys[first].startswith(new):
                    continue
                last = bisect_left(keys, new + "{", first, high)  # "{" comes after "z"
            longer[new] = (total, new, first, last)
    return sorted(longer.values())[:BEAM]


@lru_cache(maxsize=8192)
def _sounds(store: sqlite3.Connection, family: str, unit: str) -> list[Sound]:
    query = "SELECT latin, cost / 100.0 FROM sound WHERE family = ? AND han = ? ORDER BY cost"
    return store.execute(query, (family, unit)).fetchall()


def _by_pinyin(store: sqlite3.Connection, family: str, char: str) -> list[Sound]:
    pinyin = next((latin for latin, _ in _sounds(store, "zh", char) if latin), "")
    return _sounds(store, family, pinyin)
