"""What a reader may look a city up by: identifiers, pinyin, country, and the sea or range near."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..data.physical_loader import load_lake_names, load_range_names, load_seas
from ..geo.gazetteer import countries, gazetteer
from .cells import plain_rows, texts

#: Further readings that cost more, -100 ln P, are seldom those of the character.
_LIKELY = 300
_SOUNDS = """
    SELECT han, latin, cost FROM sound
    WHERE family = 'zh' AND han IN (SELECT value FROM json_each(?)) ORDER BY han, cost, latin
"""
_SYLLABLE = re.compile(
    r"(?![iu]|ong$)(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?"
    r"(?:i?a(?:o|ng?|i)?|u?a(?:i|ng?)?|i?e(?:n|i|ng|r)?|u[eino]|i(?:u|ng?)?|o(?:u|ng)?|iong|u|un)"
)


def search_keys(cities: pd.DataFrame, names: Iterable[str] = ()) -> dict[str, Any]:
    """Return what the page needs to find cities by id, pinyin, country, sea and range.

    Parameters
    ----------
    cities
        `city_id`, `name_zh`, `country`; `landform`, `shore`, `sea`, `lake`, `range` if measured.
    names
        Further Chinese names that are searched, such as those of clusters.

    Returns
    -------
    dict
        ids (numbers where they are); readings: each Chinese character to its syllables, the
        likeliest first; countries: code to Chinese and English name; places: Chinese and English
        names of the seas, lakes and ranges that occur; near: the place of each city or -1.

    Examples
    --------
    >>> table = pd.DataFrame({"city_id": ["1"], "name_zh": ["重庆"], "country": ["CN"]})
    >>> search_keys(table)["readings"]["重"]
    'chong zhong'
    """
    codes = sorted(set(texts(cities["country"])) - {""})
    known = {each.country: [each.name_zh, each.name_en] for each in countries()}
    slugs = [_near(row) for row in plain_rows(cities)]
    titles = _titles()
    occurring = sorted({slug for slug in slugs if slug in titles})
    index = {slug: place for place, slug in enumerate(occurring)}
    return {
        "ids": [_number_or_text(str(city)) for city in cities["city_id"]],
        "readings": _readings([*map(str, cities["name_zh"]), *names]),
        "countries": {code: known[code] for code in codes if code in known},
        "places": [titles[slug] for slug in occurring],
        "near": [index.get(slug, -1) for slug in slugs],
    }


def _number_or_text(city: str) -> int | str:
    """Return an identifier as a number where that reads back as the same text."""
    return int(city) if re.fullmatch(r"[1-9]\d{0,14}", city) else city


def _near(row: Mapping[Any, Any]) -> str:
    """Return the slug of the water of a coastal city, of the range of a mountain one."""
    landform = row.get("landform")
    if landform == "coastal":
        return str(row.get("lake" if row.get("shore") == "lake" else "sea") or "")
    return str(row.get("range") or "") if landform == "mountain" else ""


def _titles() -> dict[str, list[str]]:
    """Return slug to Chinese and English name of every sea, lake and range."""
    records = (*load_seas(), *load_lake_names(), *load_range_names())
    return {each.slug: [each.title_zh, each.title_en] for each in records}


def _readings(names: Iterable[str]) -> dict[str, str]:
    """Return the syllables that each Chinese character in `names` is read as."""
    characters = {char for name in names for char in name if "\u3400" <= char <= "\u9fff"}
    found: dict[str, list[str]] = {}
    with gazetteer() as places:
        for char, latin, cost in places.store.execute(_SOUNDS, [json.dumps(sorted(characters))]):
            likely = char not in found or cost <= _LIKELY
            if likely and _SYLLABLE.fullmatch(latin):
                found.setdefault(char, []).append(latin)
    return {char: " ".join(latin) for char, latin in found.items()}
