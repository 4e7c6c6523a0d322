"""Names given together help each other: a list that is mostly of one country is about it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ..data.records import Place
from .match import Match, found_evidence

#: The country of a list: at least this many of its sure names, and this share of them.
COMPANY = 3
SHARE = 0.6


def settle(matches: Sequence[Match]) -> list[Match]:
    """Return matches, those that might be several places settled by their company.

    A name that was looked up everywhere and may be a place in the country of most of the sure
    names is taken to be that place. It stays `ambiguous` if it would have been another place
    alone, or if the country has several.
    """
    sure = {
        match.input: match.place.country
        for match in matches
        if match.status == "matched" and match.place and not match.candidates
    }
    counts = Counter(sure.values())
    if not counts:
        return list(matches)
    country, count = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    if count < COMPANY or count < SHARE * len(sure):
        return list(matches)
    reason = f"{count} of {len(sure)} sure names given with it are in {country}"
    return [_settled(match, country, reason) for match in matches]


def _settled(match: Match, country: str, reason: str) -> Match:
    place = match.place
    if place is None or match.scoped or not match.candidates or match.status == "suggested":
        return match
    ranked = (place, *match.candidates)
    inside = [one for one in ranked if one.country == country]
    if not inside or (inside[0] == place and match.status == "matched"):
        return match
    others = tuple(one for one in ranked if one != inside[0])
    alone = len(inside) == 1 and inside[0] == place
    return _with(match, (inside[0], *others), "matched" if alone else "ambiguous", reason)


def _with(match: Match, answer: tuple[Place, ...], status: str, reason: str) -> Match:
    """Return a match with another answer; its evidence is that of a search in its country."""
    place, *others = answer
    inside = tuple(other for other in others if other.country == place.country)
    evidence = found_evidence(replace(match, place=place, candidates=inside, scoped=True))
    return replace(
        match,
        status=status,
        step="folded" if match.step == "alias" else match.step,
        place=place,
        candidates=tuple(others),
        reason=reason,
        evidence=evidence,
    )
