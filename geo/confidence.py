"""How likely an answer is within 50 km of the place that is meant.

A logistic model for each way of finding a place; `tools/calibrate_geocoder.py` fits the weights
on Chinese, English and other names that the gazetteer does not come from, and `docs/places.md`
shows how well they hold on names that nothing was fitted to.
"""

import csv
import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent.parent / "data" / "gazetteer" / "confidence.csv"
#: The size of a place: how far its people (ln) are below those of a city and of a large city.
#: Rankings name large cities, so a town must have more that speaks for it.
SIZE = ("below_city", "below_large")
_CITY, _LARGE = math.log(100_000), math.log(300_000)
#: The evidence of a place found by its name: logarithm of its weight over that of the next place
#: with this name that is over 50 km away; no such place; its size; country given; a name of
#: one or two Han characters; an alias.
FOUND = ("margin", "alone", *SIZE, "scoped", "short", "alias")
#: The evidence of a place guessed by its sound, or from a slip.
TRANSLITERATED = ("margin", "cost", "cost_each", "length", *SIZE, "scoped", "foreign")
MISSPELT = ("margin", "slips", "length", *SIZE, "scoped", "han")
#: A margin counts up to this much.
WIDEST = 6.0
#: No answer is surer than this, whatever the model says: nothing was tested beyond it.
SUREST = 0.999
EARTH_KM = 6371.0088
#: Two answers this near each other are the same for the confidence.
SAME_KM = 50.0

Evidence = Mapping[str, float]


def chance(kind: str, evidence: Evidence) -> float:
    """Return the calibrated probability of an answer, by how it was found.

    Examples
    --------
    >>> sure = {"margin": 6.0, "alone": 1.0, "scoped": 1.0}
    >>> doubtful = {"margin": 0.1, "alone": 0.0, "below_city": 1.0, "scoped": 0.0}
    >>> chance("found", sure) > 0.95 > chance("found", doubtful)
    True
    """
    weights = _weights()[kind]
    total = sum(weight * evidence.get(name, 0.0) for name, weight in weights.items() if name)
    return min(SUREST, 1 / (1 + math.exp(-weights[""] - total)))


def size(population: int) -> dict[str, float]:
    """Return the evidence of a place's size.

    Examples
    --------
    >>> {name: round(value, 1) for name, value in size(150_000).items()}
    {'below_city': 0.0, 'below_large': 0.7}
    """
    people = math.log(max(population, 1_000))
    return {
        "below_city": max(0.0, _CITY - people),
        "below_large": max(0.0, _LARGE - people),
    }


def margin(ratio: float) -> float:
    """Return the natural logarithm of how much one answer outweighs the next, up to a limit."""
    return min(WIDEST, max(-WIDEST, math.log(ratio))) if ratio > 0 else -WIDEST


def apart_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two points (lon, lat) on a sphere, in km (haversine).

    The sphere is within 0.6 % of the ellipsoid: enough to tell one city from another.

    Examples
    --------
    >>> round(apart_km((2.35, 48.85), (-0.13, 51.51)), -1)
    340.0
    """
    (lon_a, lat_a), (lon_b, lat_b) = (tuple(map(math.radians, point)) for point in (one, other))
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


@lru_cache(maxsize=1)
def _weights() -> dict[str, dict[str, float]]:
    """Return the weight of each piece of evidence by kind; the empty name is the constant."""
    weights: dict[str, dict[str, float]] = {}
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            weights.setdefault(row["kind"], {})[row["evidence"]] = float(row["weight"])
    return weights
