"""Findings about how names are printed: misprints, and names out of their table's order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby, pairwise, starmap
from operator import gt

import pandas as pd

from ..data.reading import collector_paused
from ..data.records import Dimension, Edition
from ..geo.aliases import Alias
from .audit_records import Finding
from .index.layout import OrderBreak, longest_order, order_breaks
from .index.name_order import letters

#: A table with more names out of order than this share was not put in order.
ORDERED = 0.1


def misprints(tiers: pd.DataFrame, aliases: Iterable[Alias]) -> Iterator[Finding]:
    """Find published names that a reviewer found to be misprints.

    Parameters
    ----------
    tiers
        `edition`, `city_id`, `name_published`.
    aliases
        Reviewed names; those with `misprint_of` count.
    """
    columns = (tiers[name].to_list() for name in ("name_published", "city_id", "edition"))
    uses: dict[tuple[str, str], set[str]] = {}
    for name, city, edition in zip(*columns, strict=True):
        uses.setdefault((name, city), set()).add(edition)
    for alias in sorted(aliases, key=lambda alias: alias.name):
        where = uses.get((alias.name, alias.city_id))
        if alias.misprint_of and where:
            editions = " ".join(sorted(where))
            detail = f"{alias.name} is printed where {alias.misprint_of} is meant. {alias.reason}"
            yield Finding(editions, "", "spelling", alias.city_id, detail)


def names_out_of_order(
    editions: Iterable[Edition], tiers: pd.DataFrame, known: Iterable[str] = ()
) -> Iterator[Finding]:
    """Find names that break the order in which a table is printed, letter by letter of pinyin.

    Parameters
    ----------
    editions
        The editions of the build.
    tiers
        `edition`, `dimension`, `city_id`, `name_published`.
    known
        Names beside the published ones, among which a misprint's right name is looked up.

    Yields
    ------
    Finding
        The fewest names that explain a tier's disorder.
    """
    names = sorted({*tiers["name_published"], *known})
    columns = ("edition", "dimension", "name_published", "city_id")
    rows = zip(*(tiers[column].to_list() for column in columns), strict=True)
    cities = {(edition, dimension, name): city for edition, dimension, name, city in rows}
    listed = list(editions)
    keys = _letters(listed)
    for edition in listed:
        for dimension in edition.dimensions:
            for found in _breaks(dimension, keys, names):
                name = found.entry.name
                city = str(cities.get((edition.slug, dimension.slug, name), ""))
                yield Finding(edition.slug, dimension.slug, "print_order", city, _detail(found))


def _letters(editions: Iterable[Edition]) -> Mapping[str, str]:
    """Return what the names of all tables are ordered by."""
    tables = (dimension.entries for edition in editions for dimension in edition.dimensions)
    names = {entry.name for entries in tables for entry in entries}
    # The first reading of a name loads the dictionary, which is many records.
    with collector_paused():
        return {name: letters(name) for name in names}


def _breaks(
    dimension: Dimension, keys: Mapping[str, str], names: Sequence[str]
) -> list[OrderBreak]:
    """Return the names that break the order of a table that has one."""
    listed = sorted(dimension.entries, key=lambda each: (each.tier, each.column, each.row))
    tiers = [list(tier) for _, tier in groupby(listed, key=lambda each: each.tier)]
    wrong = [tier for tier in tiers if any(starmap(gt, pairwise(keys[e.name] for e in tier)))]
    out = sum(len(tier) - len(longest_order([keys[e.name] for e in tier])[0]) for tier in wrong)
    if out > ORDERED * len(listed):
        return []
    printed = {entry.name for entry in listed}
    others = [name for name in names if name not in printed]
    return order_breaks(chain.from_iterable(wrong), known=others)


def _detail(found: OrderBreak) -> str:
    """Return where a name stands and what would explain it."""
    neighbours = " and ".join(name for name in (found.after, found.before) if name)
    between = "between" if found.after and found.before else "next to"
    where = f"{found.entry.name} ({found.letters}) stands {between} {neighbours}"
    if found.misprint_of:
        return f"{where}, where {' or '.join(found.misprint_of)} belongs."
    if found.other_reading:
        return f"{where}, where it belongs if read {found.other_reading}."
    if found.only:
        return f"{where}, out of alphabetical order."
    return f"{where}, out of alphabetical order; or {', '.join(found.against)} is."
