"""Rows of the tiers table that claims are tested on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from .tiers import TierTable, sorted_table

_COLUMNS = ["edition", "dimension", "city_id", "name_published", "tier"]


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of the tiers table: those of an edition, of one of its dimensions, or some of them.

    Attributes
    ----------
    edition
        What to call the edition.
    city_ids, names, tiers
        City, published name and tier of each row.
    """

    edition: str
    city_ids: tuple[str, ...]
    names: tuple[str, ...]
    tiers: tuple[int, ...]

    @cached_property
    def ids(self) -> frozenset[str]:
        """The cities."""
        return frozenset(self.city_ids)

    @cached_property
    def by_name(self) -> Mapping[str, int]:
        """The place of the first row of each published name."""
        return {name: place for place, name in reversed(list(enumerate(self.names)))}

    @cached_property
    def table(self) -> TierTable:
        """The cities of one dimension by tier and id."""
        return sorted_table(zip(self.tiers, self.city_ids, strict=True))

    def at(self, places: Iterable[int]) -> "Rows":
        """Return some of the rows, in that order."""
        chosen = list(places)
        return Rows(
            self.edition,
            tuple(self.city_ids[place] for place in chosen),
            tuple(self.names[place] for place in chosen),
            tuple(self.tiers[place] for place in chosen),
        )

    def once(self) -> "Rows":
        """Return the first row of each city."""
        first = {city: place for place, city in reversed(list(enumerate(self.city_ids)))}
        return self.at(sorted(first.values()))

    def of_tiers(self, tiers: Iterable[int]) -> frozenset[str]:
        """Return the cities of some tiers."""
        wanted = frozenset(tiers)
        pairs = zip(self.city_ids, self.tiers, strict=True)
        return frozenset(city for city, tier in pairs if tier in wanted)

    def joined(self, other: "Rows", edition: str) -> "Rows":
        """Return these rows, then others, under another name."""
        return Rows(
            edition,
            self.city_ids + other.city_ids,
            self.names + other.names,
            self.tiers + other.tiers,
        )


def cut(tiers: pd.DataFrame) -> Mapping[tuple[str, str], Rows]:
    """Return the rows of each edition and dimension, in the order of the table.

    Parameters
    ----------
    tiers
        `edition`, `dimension`, `city_id`, `name_published`, `tier`.

    Examples
    --------
    >>> rows = [("e", "total", "1", "Rome", 2), ("e", "total", "2", "Bern", 1)]
    >>> cut(pd.DataFrame(rows, columns=_COLUMNS))["e", "total"].names
    ('Rome', 'Bern')
    """
    found: dict[tuple[str, str], list[tuple[str, str, int]]] = {}
    for edition, dimension, *row in zip(*(tiers[name].to_list() for name in _COLUMNS), strict=True):
        found.setdefault((edition, dimension), []).append((row[0], row[1], row[2]))
    return {
        where: Rows(where[0], *(tuple(column) for column in zip(*rows, strict=True)))
        for where, rows in found.items()
    }
