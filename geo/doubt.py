"""Second thoughts on a Chinese name: another city may be meant.

Two things make a sure answer `ambiguous`. A *rival*: another place of the name, or of the same
English name, that is itself a city and not very much smaller. And a *namesake*: the gazetteer
lists Chinese names of small places whose larger namesakes have none (布莱顿 only for Brighton in
Colorado, 巴特纳 only for Batna), so the answer is compared with the larger places of the same
English name, and with those that the characters sound like.
"""

from dataclasses import replace

from ..data.records import Place
from .fold import fold, is_han
from .gazetteer import Gazetteer
from .guess import heard
from .match import Match, same_city
from .transliterate import FAMILY

#: A place of this many people has no namesake that is better known.
LARGE = 1_000_000
#: A less likely answer is not sure.
SURE = 0.9
#: A namesake that is meant instead has at least this many times the people.
LARGER = 2.0
#: A rival is a city of this many people, and of at least this share of those of the answer; of
#: an answer that was reviewed, of as many.
RIVAL, SHARE = 100_000, 0.05


def doubted(gazetteer: Gazetteer, match: Match) -> Match:
    """Return a sure answer as `ambiguous` if another city may be meant, else as it is.

    An answer in a country that was known has larger namesakes there only, and no rivals. A larger
    namesake is the new answer; a city that the name only sounds like is a candidate.
    """
    place, key = match.place, fold(match.input)
    if place is None or match.status != "matched":
        return match
    if not is_han(key):
        return match
    if match.step == "alias":
        return _rivalled(match, match.candidates, place.population)
    if place.population < LARGE and place.country not in FAMILY:
        other = _namesake(gazetteer, match, place) or _alike(gazetteer, match, place, key)
        if other:
            return other
        if match.candidates and not _known(match) and match.confidence < SURE:
            return replace(match, status="ambiguous")
    others = (*match.candidates, *_same_name(gazetteer, place))
    return _rivalled(match, others, SHARE * place.population)


def _known(match: Match) -> bool:
    """Tell whether a country was asked for, written in the name, or settled by its company."""
    return match.scoped or bool(match.evidence and match.evidence.get("scoped"))


def _rivalled(match: Match, others: tuple[Place, ...], least: float) -> Match:
    """Return an answer as `ambiguous` if a city of so many people has the name too."""
    place = match.place
    if place is None or _known(match):
        return match
    needed = max(RIVAL, least)
    rivals = [one for one in others if one.population >= needed and not same_city(one, place)]
    if not rivals:
        return match
    candidates = tuple(dict.fromkeys((*match.candidates, *rivals)))
    reason = match.reason or f"there is another {rivals[0].name_en}"
    return replace(match, status="ambiguous", candidates=candidates, reason=reason)


def _same_name(gazetteer: Gazetteer, place: Place) -> tuple[Place, ...]:
    """Return the other places of the same main English name."""
    name = fold(place.name_en)
    known = (other for other, _ in gazetteer.named(name) if fold(other.name_en) == name)
    return tuple(other for other in known if other.city_id != place.city_id)


def _namesake(gazetteer: Gazetteer, match: Match, place: Place) -> Match | None:
    """Return the largest place of the same English name as the answer, if it is much larger."""
    larger = [other for other in _same_name(gazetteer, place) if _larger(other, place, match)]
    if not larger:
        return None
    best = max(larger, key=lambda other: other.population)
    others = (place, *(other for other in match.candidates if other != best))
    reason = f"the largest {place.name_en}; the Chinese name is listed for a smaller one"
    return replace(match, status="ambiguous", place=best, candidates=others, reason=reason)


def _alike(gazetteer: Gazetteer, match: Match, place: Place, key: str) -> Match | None:
    """Return the answer with a larger city that the characters sound like as first candidate."""
    sounding = (other for other in heard(gazetteer, key) if _larger(other, place, match))
    rival = next(sounding, None)
    if rival is None:
        return None
    others = (rival, *(other for other in match.candidates if other != rival))
    reason = f"{rival.name_en} is larger and sounds like it too"
    return replace(match, status="ambiguous", candidates=others, reason=reason)


def _larger(rival: Place, place: Place, match: Match) -> bool:
    """Tell whether a rival has many more people, and is in the country if one was known."""
    enough = rival.population >= LARGER * max(place.population, 1)
    inside = rival.country == place.country or not _known(match)
    return enough and inside and not same_city(rival, place)
