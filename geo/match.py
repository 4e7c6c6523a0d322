"""What one name was found to be, and how sure that is."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ..data.records import Place
from .confidence import SAME_KM, WIDEST, apart_km, chance, margin, size
from .fold import fold, is_han

#: A place counts this many times its population where the name asked for is its main name.
MAIN_NAME = 10


@dataclass(frozen=True, slots=True)
class Match:
    """What one name was found to be.

    `status` is `matched`, `ambiguous` (the best guess is given, the rivals are candidates),
    `suggested` (a guess by sound or spelling: to be confirmed, never taken silently) or
    `not_found`; `step` is how it was found: `exact`, `folded`, `alias`, `given`,
    `transliterated`, `misspelt`, or empty. `candidates` are the other places that may be meant,
    the likeliest first; `reason` says what decided, or why there is no answer.
    """

    input: str
    status: str
    step: str
    place: Place | None
    candidates: tuple[Place, ...] = ()
    scoped: bool = False
    reason: str = ""
    evidence: Mapping[str, float] | None = None

    @property
    def confidence(self) -> float:
        """The calibrated probability that the place is within 50 km of the one meant."""
        if self.place is None:
            return 0.0
        if self.step == "given":
            return 1.0
        kind = self.step if self.status == "suggested" else "found"
        return chance(kind, self.evidence or found_evidence(self))


def weight(key: str, place: Place) -> int:
    """Return how much a place counts among those with one folded name."""
    # Folding leaves Han characters, and takes Latin letters to ASCII where it can.
    main = key == fold(place.name_en if key.isascii() else place.name_zh)
    if not main and not key.isascii() and not place.name_en.isascii():
        main = key == fold(place.name_en)
    return max(place.population, 1) * (MAIN_NAME if main else 1)


def found_evidence(match: Match) -> dict[str, float]:
    """Return what the confidence of a place found by its name rests on."""
    place = match.place
    if place is None:
        return {}
    key = fold(match.input)
    rivals = [weight(key, other) for other in match.candidates if not same_city(place, other)]
    ratio = weight(key, place) / max(rivals) if rivals else math.inf
    alias = match.step == "alias"
    return {
        "margin": WIDEST if alias or not rivals else margin(ratio),
        "alone": float(not rivals),
        **size(place.population),
        "scoped": float(match.scoped),
        "short": float(is_han(key) and len(key) <= 2),
        "alias": float(alias),
    }


def same_city(one: Place, other: Place) -> bool:
    """Tell whether two places are so near each other that either answer is right."""
    return apart_km((one.lon, one.lat), (other.lon, other.lat)) <= SAME_KM
