"""Findings about how names are printed: misprints, and names out of their table's order."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import pandas as pd

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
    for alias in sorted(aliases, key=lambda alias: alias.name):
        uses = tiers[(tiers["name_published"] == alias.name) & (tiers["city_id"] == alias.city_id)]
        if alias.misprint_of and not uses.empty:
            editions = " ".join(sorted(uses["edition"].unique()))
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
    names = {*tiers["name_published"], *known}
    keys = tiers.set_index(["edition", "dimension", "name_published"])["city_id"]
    for edition in editions:
        for dimension in edition.dimensions:
            for found in _breaks(dimension, names):
                name = found.entry.name
                city = str(keys.get((edition.slug, dimension.slug, name), ""))
                yield Finding(edition.slug, dimension.slug, "print_order", city, _detail(found))


def _breaks(dimension: Dimension, names: set[str]) -> list[OrderBreak]:
    """Return the names that break the order of a table that has one."""
    listed = sorted(dimension.entries, key=lambda each: (each.tier, each.column, each.row))
    tiers = (list(tier) for _, tier in groupby(listed, key=lambda each: each.tier))
    keys = [[letters(entry.name) for entry in tier] for tier in tiers]
    out = sum(len(tier) - len(longest_order(tier)[0]) for tier in keys)
    if out > ORDERED * len(listed):
        return []
    return order_breaks(listed, known=sorted(names))


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
