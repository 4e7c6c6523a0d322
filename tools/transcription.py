"""Learn how Chinese characters write the sounds of other languages, from pairs of names.

A place with a Chinese and a Latin name is one pair. Which letters each character stands for is
not known; expectation maximisation finds it: a character stands for nought to six letters, one
after the other, and the chances are those that make all pairs likeliest (Jiampojamarn, Kondrak &
Sherif 2007, many-to-many alignments, doi:10.3115/1620754.1620854). Characters seen seldom borrow
from those of the same pinyin; readings of the Unihan database stand in where no pair shows one.
"""

import bz2
import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tierscape.geo.fold import fold
from tierscape.geo.transliterate import FAMILIES, FOREIGN

#: Letters that one character may stand for.
LONGEST = 6
ROUNDS = 6
#: A pair below this mean log chance per character is no transcription (慕尼黑 of München is).
HOPELESS = -7.0
#: How many sightings the sounds of a character's pinyin, or its readings, count for.
BORROWED = 3.0
#: Rarer sounds than this are left out.
LEAST = 0.0015
#: Any character may stand for nothing.
SILENT = 0.003
#: Sounds kept for one character.
KEPT = 24

Counts = dict[str, dict[str, float]]
Pair = tuple[str, str]
Row = tuple[str, str, str, int]

#: Fields of the Unihan database that hold the readings of each family.
_FIELDS = {
    "zh": ("kMandarin",),
    "ja": ("kJapaneseOn", "kJapaneseKun"),
    "ko": ("kHangul",),
    "vi": ("kVietnamese",),
}


def sounds(pairs: Mapping[str, Iterable[Pair]], unihan: Path) -> Iterator[Row]:
    """Return what each character may sound like: family, character or pinyin, letters, cost.

    The cost is -100 ln P(letters | character), rounded. Rows of a pinyin syllable serve the
    characters that no pair of their family has.
    """
    readings = {family: read_readings(unihan, fields) for family, fields in _FIELDS.items()}
    pinyin = {char: found[0] for char, found in readings["zh"].items()}
    used = {char for found in pairs.values() for han, _ in found for char in han}
    for family in sorted(FAMILIES):
        counts = align(sorted(set(pairs.get(family, ()))))
        if family == FOREIGN:
            shared = by_pinyin(counts, pinyin)
            units = {char: shared.get(pinyin.get(char, ""), {}) for char in counts} | shared
            counts |= {syllable: {} for syllable in shared}
        else:
            units = {
                char: dict.fromkeys(found, 1 / len(found))
                for char, found in readings[family].items()
                if char in used or (family == "zh" and common(char))
            }
        for unit in sorted({*counts, *units}):
            for letters, cost in costs(counts.get(unit, {}), units.get(unit, {})):
                yield family, unit, letters, cost


def common(char: str) -> bool:
    """Tell whether a character is one of the simplified ones in general use (GB 2312)."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return fold(char) == char


def align(pairs: list[Pair]) -> Counts:
    """Return how often each character stands for each string of letters, as expected counts."""
    chances: Counts = {}
    counts: Counts = {}
    for number in range(ROUNDS):
        counts = defaultdict(lambda: defaultdict(float))
        for han, latin in pairs:
            _expect(han, latin, _weights(han, latin, chances), counts, strict=number > 1)
        chances = {char: _shares(found) for char, found in counts.items()}
    return {char: dict(found) for char, found in counts.items()}


def _shares(found: Mapping[str, float]) -> dict[str, float]:
    total = sum(found.values())
    return {letters: count / total for letters, count in found.items() if count / total > 1e-4}


def _weights(han: str, latin: str, chances: Counts) -> dict[tuple[int, int, int], float]:
    """Return the chance of each character (i) standing for k letters from position j."""
    mean = len(latin) / len(han)
    weights = {}
    for i, char in enumerate(han):
        known = chances.get(char, {})
        for j in range(len(latin) + 1):
            for k in range(min(LONGEST, len(latin) - j) + 1):
                if chances:
                    weight = max(known.get(latin[j : j + k], 0.0), 1e-7 * 0.5**k)
                else:  # the first round knows lengths only
                    weight = math.exp(-abs(k - mean)) * (1 if k else 0.3)
                weights[i, j, k] = weight
    return weights


def _expect(
    han: str,
    latin: str,
    weights: Mapping[tuple[int, int, int], float],
    counts: Counts,
    *,
    strict: bool,
) -> None:
    """Add one pair's expected counts (forward-backward)."""
    n, m = len(han), len(latin)
    forward = [[0.0] * (m + 1) for _ in range(n + 1)]
    backward = [[0.0] * (m + 1) for _ in range(n + 1)]
    forward[0][0] = backward[n][m] = 1.0
    for (i, j, k), weight in weights.items():
        forward[i + 1][j + k] += forward[i][j] * weight
    for (i, j, k), weight in reversed(weights.items()):
        backward[i][j] += weight * backward[i + 1][j + k]
    total = forward[n][m]
    if total <= 0 or (strict and math.log(total) / n < HOPELESS):
        return
    for (i, j, k), weight in weights.items():
        share = forward[i][j] * weight * backward[i + 1][j + k] / total
        if share > 1e-4:
            counts[han[i]][latin[j : j + k]] += share


def by_pinyin(counts: Counts, pinyin: Mapping[str, str]) -> Counts:
    """Return the shares of letters over all characters of the same pinyin."""
    shared: Counts = defaultdict(lambda: defaultdict(float))
    for char, found in counts.items():
        if char in pinyin:
            for letters, count in found.items():
                shared[pinyin[char]][letters] += count
    return {
        syllable: {letters: count / (sum(found.values()) + 1) for letters, count in found.items()}
        for syllable, found in shared.items()
    }


def costs(counts: Mapping[str, float], borrowed: Mapping[str, float]) -> list[tuple[str, int]]:
    """Return the likeliest letters of one character with their costs, smoothed."""
    total = sum(counts.values()) + BORROWED
    chances = {
        letters: (counts.get(letters, 0.0) + BORROWED * borrowed.get(letters, 0.0)) / total
        for letters in {*counts, *borrowed}
    }
    chances[""] = max(chances.get("", 0.0), SILENT)
    kept = [(-chance, letters) for letters, chance in chances.items() if chance >= LEAST]
    return [(letters, round(-100 * math.log(-chance))) for chance, letters in sorted(kept)[:KEPT]]


def read_readings(unihan: Path, fields: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the readings of each character in letters from a to z; simplified forms have those
    of their traditional ones too.
    """  # noqa: D205 - one sentence
    found: dict[str, dict[str, None]] = defaultdict(dict)
    with bz2.open(unihan, "rt", encoding="utf-8") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if len(cells) == 3 and cells[1] in fields:
                char = chr(int(cells[0].removeprefix("U+"), 16))
                texts = [_letters(text) for text in cells[2].split()]
                for unit in (char, fold(char)):
                    found[unit].update(dict.fromkeys(text for text in texts if text))
    return {char: list(texts) for char, texts in found.items() if texts and len(char) == 1}


def _letters(reading: str) -> str:
    """Return a reading in letters: Hangul as its syllable's name, long Japanese o as o."""
    text = reading.partition(":")[0]
    if text and unicodedata.name(text[0], "").startswith("HANGUL SYLLABLE "):
        syllable = unicodedata.name(text[0]).removeprefix("HANGUL SYLLABLE ").lower()
        return syllable.replace("weo", "wo").replace("yi", "ui")  # as Korea writes them
    folded = fold(text)
    if reading.isupper():
        folded = folded.replace("ou", "o").replace("uu", "u")
    return folded if folded.isascii() and folded.isalpha() else ""
