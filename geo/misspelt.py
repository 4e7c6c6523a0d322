"""Names that are one or two slips away from a known one, in every script.

The known names are searched in their order, like a trie: what is written is followed letter by
letter as long as some name begins so, and at each letter one slip is tried (Damerau 1964,
doi:10.1145/363958.363994): a letter left out, added, replaced, or two neighbours swapped.
"""

import sqlite3
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

#: Shorter names have no near ones: any two would be near each other.
SHORTEST = {"CJK": 3, "HANGUL": 3, "HIRAGANA": 3, "KATAKANA": 3}
SHORTEST_LETTERS = 4
#: Names of this many letters may have two slips.
TWO_SLIPS = 8


@dataclass(frozen=True, slots=True)
class Names:
    """Folded names in order, and the first characters of those of each script."""

    keys: Sequence[str]
    firsts: Mapping[str, Sequence[str]]


def all_names(store: sqlite3.Connection) -> Names:
    """Return every folded name of the gazetteer, ready to be searched."""
    rows = store.execute("SELECT DISTINCT key FROM name ORDER BY key")
    keys = [key for (key,) in rows]
    firsts: dict[str, list[str]] = {}
    for char in _next_letters(keys, "", 0, len(keys)):
        firsts.setdefault(script(char), []).append(char)
    return Names(keys, firsts)


def script(char: str) -> str:
    """Return the script of a character as Unicode names it.

    Examples
    --------
    >>> script("a"), script("西"), script("서")
    ('LATIN', 'CJK', 'HANGUL')
    """
    return unicodedata.name(char, "").partition(" ")[0]


def slips_allowed(key: str) -> int:
    """Return how many slips are looked for in a folded name.

    Examples
    --------
    >>> slips_allowed("上海"), slips_allowed("乌鲁木其"), slips_allowed("Munik".lower())
    (0, 1, 1)
    """
    kind = script(key[0]) if key else ""
    if len(key) < SHORTEST.get(kind, SHORTEST_LETTERS):
        return 0
    return 2 if len(key) >= TWO_SLIPS and kind not in SHORTEST else 1


def near(names: Names, key: str, slips: int) -> set[str]:
    """Return the known names that are at most `slips` slips from a folded name.

    Examples
    --------
    >>> names = Names(["milan", "milano", "munich"], {"LATIN": ["m"]})
    >>> sorted(near(names, "mlian", 1)), sorted(near(names, "milan", 1))
    (['milan'], ['milan', 'milano'])
    """
    return set(_near(names, ("", key), (0, len(names.keys)), slips))


def _near(
    names: Names, parts: tuple[str, str], within: tuple[int, int], slips: int
) -> Iterator[str]:
    """Yield the names that begin with one part and go on like the other, up to some slips."""
    keys, (start, rest) = names.keys, parts
    low, high = within
    if not slips:
        whole = start + rest
        at = bisect_left(keys, whole, low, high)
        if at < high and keys[at] == whole:
            yield whole
        return
    for done in range(len(rest) + 1):
        low, high = _narrowed(keys, start + rest[:done], low, high)
        if low == high:
            return
        yield from _slip(names, (start + rest[:done], rest[done:]), (low, high), slips - 1)
    if keys[low] == start + rest:
        yield keys[low]


def _slip(
    names: Names, parts: tuple[str, str], within: tuple[int, int], left: int
) -> Iterator[str]:
    """Yield the names with one slip after the first part, and up to `left` more after it."""
    start, rest = parts
    if rest:
        yield from _near(names, (start, rest[1:]), within, left)
    if len(rest) > 1 and rest[0] != rest[1]:
        yield from _near(names, (start + rest[1] + rest[0], rest[2:]), within, left)
    if start:
        letters: Iterator[str] = _next_letters(names.keys, start, *within)
    else:
        letters = iter(names.firsts.get(script(rest[0]), ()) if rest else ())
    for letter in letters:
        if rest and letter != rest[0]:
            yield from _near(names, (start + letter, rest[1:]), within, left)
        yield from _near(names, (start + letter, rest), within, left)


def _next_letters(keys: Sequence[str], start: str, low: int, high: int) -> Iterator[str]:
    """Yield the characters that follow `start` in the names between two positions."""
    depth = len(start)
    while low < high:
        if len(keys[low]) == depth:
            low += 1
            continue
        letter = keys[low][depth]
        yield letter
        low = bisect_left(keys, start + chr(ord(letter) + 1), low, high)


def _narrowed(keys: Sequence[str], start: str, low: int, high: int) -> tuple[int, int]:
    """Return the positions between which the names begin with `start`."""
    if not start:
        return low, high
    first = bisect_left(keys, start, low, high)
    if first == high or not keys[first].startswith(start):
        return first, first
    return first, bisect_left(keys, start[:-1] + chr(ord(start[-1]) + 1), first, high)
