"""Second thoughts on a Chinese name looked up everywhere: a larger city may be meant.

The gazetteer lists Chinese names of small places whose larger namesakes have none: 布莱顿 only for
Brighton in Colorado, 巴特纳 only for Batna. So a sure answer is compared with the larger places of
the same English name, and with the larger ones that the characters sound like.
"""

from dataclasses import replace

from ..data.records import Place
from .fold import fold, is_han
from .gazetteer import Gazetteer
from .guess import heard
from .match import Match, same_city
from .transliterate import FAMILY

#: A place of this many people is not doubted.
LARGE = 1_000_000
#: A less likely answer is not sure.
SURE = 0.9
#: A rival must have at least this many times the people.
LARGER = 2.0


def doubted(gazetteer: Gazetteer, match: Match) -> Match:
    """Return a sure answer as `ambiguous` if another city may be meant, else as it is.

    That is if its confidence is low, or if a larger city has its name or sounds like it. A larger
    namesake is the new answer; a city that the name only sounds like is a candidate.
    """
    place, key = match.place, fold(match.input)
    if (
        place is None
        or match.status != "matched"
        or match.scoped
        or match.step == "alias"
        or place.population >= LARGE
        or place.country in FAMILY
        or not is_han(key)
    ):
        return match
    if match.candidates and match.confidence < SURE:
        return replace(match, status="ambiguous")
    namesake = _largest_namesake(gazetteer, place)
    if namesake:
        others = (place, *(other for other in match.candidates if other != namesake))
        reason = f"the largest {place.name_en}; the Chinese name is listed for a smaller one"
        return replace(match, status="ambiguous", place=namesake, candidates=others, reason=reason)
    rival = next((other for other in heard(gazetteer, key) if _larger(other, place)), None)
    if rival:
        others = (rival, *(other for other in match.candidates if other != rival))
        reason = f"{rival.name_en} is larger and sounds like it too"
        return replace(match, status="ambiguous", candidates=others, reason=reason)
    return match


def _largest_namesake(gazetteer: Gazetteer, place: Place) -> Place | None:
    name = fold(place.name_en)
    known = (other for other, _ in gazetteer.named(name) if fold(other.name_en) == name)
    larger = [other for other in known if _larger(other, place)]
    return max(larger, key=lambda other: other.population, default=None)


def _larger(rival: Place, place: Place) -> bool:
    enough = rival.population >= LARGER * max(place.population, 1)
    return enough and not same_city(rival, place)
