"""The published layout of a ranking: two columns, letter by letter; and where a table breaks it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import pandas as pd

from ...data.records import Entry
from .name_order import letters, order_key, other_readings

__all__ = ["OrderBreak", "letters", "longest_order", "order_breaks", "order_key", "two_columns"]

#: A list with more names out of order than this share was not put in this order.
ORDERED = 0.2


@dataclass(frozen=True, slots=True)
class OrderBreak:
    """One name of a published table that breaks the order of its tier.

    Attributes
    ----------
    entry
        The name and its printed position.
    letters
        What it is ordered by.
    after, before
        The ordered names between which it stands; empty at an end of the tier.
    against
        The ordered names on whose wrong side it stands.
    only
        Whether this name must move, rather than those in `against`, to have the fewest move.
    other_reading
        Another reading of its characters that belongs where it stands; empty if there is none.
    misprint_of
        Names that belong there and differ from it in one character. This and `other_reading`
        are looked for only where the name alone must move.
    """

    entry: Entry
    letters: str
    after: str
    before: str
    against: tuple[str, ...]
    only: bool
    other_reading: str = ""
    misprint_of: tuple[str, ...] = ()


def two_columns(tiers: pd.DataFrame, lang: str = "zh", name: str = "city") -> pd.DataFrame:
    """Return the cities of every tier in two columns, in order down the first, then the second.

    The first column has one city more where their number is odd, as in the published tables.

    Parameters
    ----------
    tiers
        One row per city, with `tier` and its name.
    lang
        `zh` orders by pinyin, `en` alphabetically, both letter by letter.
    name
        The column of the names.

    Returns
    -------
    pandas.DataFrame
        `tier`, `column`, `row` (from 1 in each tier, as in the editions' files), and the columns
        of `tiers`, in reading order.

    Examples
    --------
    >>> tiers = pd.DataFrame({"city": ["西安", "北京", "厦门"], "tier": [1, 1, 1]})
    >>> two_columns(tiers)[["column", "row", "city"]].to_numpy().tolist()
    [[1, 1, '北京'], [1, 2, '厦门'], [2, 1, '西安']]
    """
    keys = {text: order_key(text, lang) for text in tiers[name].unique()}
    ordered = tiers.assign(_key=tiers[name].map(keys)).sort_values(["tier", "_key"])
    place = ordered.groupby("tier").cumcount()
    half = (ordered.groupby("tier")["tier"].transform("size") + 1) // 2
    placed = ordered.drop(columns="_key").assign(
        column=(place >= half).astype("int64") + 1, row=place % half + 1
    )
    front = ["tier", "column", "row"]
    return placed[[*front, *placed.columns.difference(front, sort=False)]].reset_index(drop=True)


def order_breaks(
    entries: Iterable[Entry], lang: str = "zh", known: Iterable[str] = ()
) -> list[OrderBreak]:
    """Return the names of a published table that break its order, the fewest that explain it.

    In every tier, read down the first column and then the second, the largest set of names that
    is in order is kept; the others break it. A tier of which more than a fifth would break it was
    not put in this order and has no finding.

    Parameters
    ----------
    entries
        The entries of one dimension, with their printed positions.
    lang
        Whether the order is by pinyin (`zh`) or alphabetical (`en`).
    known
        Names of places, among which misprints are looked up; those in the table do not count.

    Returns
    -------
    list of OrderBreak
        By tier and position.

    References
    ----------
    Fredman, M. L. (1975). On computing the length of longest increasing subsequences. Discrete
    Mathematics 11, 29-35.

    Examples
    --------
    >>> names = ["安曼", "巴林", "塔什干", "乌兰巴托", "岷港", "新山", "亚丁"]
    >>> entries = [Entry(name, 4, 1, row, "", row + 1) for row, name in enumerate(names, 1)]
    >>> found = order_breaks(entries, known=["岘港", "汕头"])[0]
    >>> found.entry.name, found.after, found.before, found.misprint_of
    ('岷港', '乌兰巴托', '新山', ('岘港',))
    """
    listed = sorted(entries, key=lambda entry: (entry.tier, entry.column, entry.row))
    printed = {entry.name for entry in listed}
    others = [name for name in dict.fromkeys(known) if name not in printed]
    found: list[OrderBreak] = []
    for _, tier in groupby(listed, key=lambda entry: entry.tier):
        found += _breaks(list(tier), lang, others)
    return found


def _breaks(entries: Sequence[Entry], lang: str, known: Sequence[str]) -> list[OrderBreak]:
    keys = [letters(entry.name, lang) for entry in entries]
    kept, in_any = longest_order(keys)
    if len(entries) - len(kept) > ORDERED * len(entries):
        return []
    kept_set = set(kept)
    out = [place for place in range(len(entries)) if place not in kept_set]
    return [_break(place, entries, keys, kept, place not in in_any, lang, known) for place in out]


def _break(  # noqa: PLR0913, PLR0917 - one name and all that surrounds it
    place: int,
    entries: Sequence[Entry],
    keys: Sequence[str],
    kept: Sequence[int],
    only: bool,  # noqa: FBT001
    lang: str,
    known: Sequence[str],
) -> OrderBreak:
    entry = entries[place]
    before = [at for at in kept if at < place]
    after = [at for at in kept if at > place]
    low = keys[before[-1]] if before else ""
    high = keys[after[0]] if after else "\U0010ffff"
    wrong = [at for at in before if keys[at] > keys[place]]
    wrong += [at for at in after if keys[at] < keys[place]]
    # Where several names may be the one that is wrong, a guess at the cause would be idle.
    readings = other_readings(entry.name) if only and lang == "zh" else []
    fits = [reading for reading in readings if low <= reading <= high]
    return OrderBreak(
        entry=entry,
        letters=keys[place],
        after=entries[before[-1]].name if before else "",
        before=entries[after[0]].name if after else "",
        against=tuple(entries[at].name for at in wrong),
        only=only,
        other_reading=fits[0] if fits else "",
        misprint_of=tuple(
            name
            for name in (known if only and not fits else ())
            if _one_character_apart(name, entry.name) and low <= letters(name, lang) <= high
        ),
    )


def longest_order(keys: Sequence[str]) -> tuple[list[int], set[int]]:
    """Return the places of a longest part that is in order, and those that are in some such part.

    Examples
    --------
    >>> longest_order(["a", "d", "b", "c"])
    ([0, 2, 3], {0, 2, 3})
    >>> longest_order(["a", "c", "b"])
    ([0, 2], {0, 1, 2})
    """
    n = len(keys)
    ending = [1] * n
    starting = [1] * n
    for i in range(n):
        ending[i] += max((ending[j] for j in range(i) if keys[j] <= keys[i]), default=0)
    for i in reversed(range(n)):
        starting[i] += max((starting[j] for j in range(i + 1, n) if keys[i] <= keys[j]), default=0)
    longest = max(ending, default=0)
    in_any = {i for i in range(n) if ending[i] + starting[i] - 1 == longest}
    kept: list[int] = []
    for i in sorted(in_any, reverse=True):
        if ending[i] == longest - len(kept) and (not kept or keys[i] <= keys[kept[-1]]):
            kept.append(i)
    return kept[::-1], in_any


def _one_character_apart(name: str, other: str) -> bool:
    return len(name) == len(other) and sum(a != b for a, b in zip(name, other, strict=True)) == 1
