"""The tables that claims are tested on, and the groups of cities that a test speaks of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from ..data.claim_records import Selection
from ..data.records import Edition
from .claim_rows import Rows, cut
from .linked.compare import Ranked

#: A group that the sentence does not list by name needs so many cities for an average.
FEWEST = 3


class NoVerdictError(Exception):
    """A test cannot be decided; holds the verdict that this leaves, and the reason."""

    def __init__(self, verdict: str, reason: str) -> None:
        self.verdict, self.reason = verdict, reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict with the numbers that it rests on."""

    verdict: str
    evidence: str


@dataclass(frozen=True, eq=False)
class Facts:
    """The tables of one build, with the role of members that count: `core` or `all`.

    Tables are cut into editions, dimensions and clusters once, for all claims.
    """

    tiers: pd.DataFrame
    cities: pd.DataFrame
    membership: pd.DataFrame
    editions: Mapping[str, Edition]
    role: str = "core"

    def with_extended(self) -> "Facts":
        """Return the same facts with extended members counted."""
        return replace(self, role="all")

    def edition(self, slug: str) -> Rows:
        """Return the tiers of one edition, all dimensions.

        Raises
        ------
        NoVerdictError
            If the build leaves it out.
        """
        if slug not in self._editions:
            raise NoVerdictError("untestable", f"The build leaves out the edition {slug}.")
        return self._editions[slug]

    def table(self, edition: str, dimension: str) -> Rows:
        """Return the tiers of one dimension.

        Raises
        ------
        NoVerdictError
            If the build leaves it out.
        """
        self.edition(edition)
        if (edition, dimension) not in self._tables:
            reason = f"The edition {edition} has no dimension {dimension} in this build."
            raise NoVerdictError("untestable", reason)
        return self._tables[edition, dimension]

    def members(self, clusters: Iterable[str]) -> frozenset[str]:
        """Return the cities that are in any of the clusters.

        Raises
        ------
        NoVerdictError
            If a cluster has no members at all in the build.
        """
        found: frozenset[str] = frozenset()
        for cluster in clusters:
            if cluster not in self._members:
                reason = f"The cluster {cluster} is not in this build."
                raise NoVerdictError("untestable", reason)
            found |= self._members[cluster]
        return found

    def where(self, column: str, values: Iterable[str]) -> frozenset[str]:
        """Return the cities whose `column` has one of the values."""
        wanted = frozenset(values)
        return frozenset(city for city, value in self._values[column] if value in wanted)

    @cached_property
    def linked(self) -> dict[tuple[str, str, str], dict[str, Ranked]]:
        """What linking two editions in a dimension gave so far: order and draws by variant."""
        return {}

    @cached_property
    def _tables(self) -> Mapping[tuple[str, str], Rows]:
        return cut(self.tiers)

    @cached_property
    def _editions(self) -> dict[str, Rows]:
        found: dict[str, Rows] = {}
        for (slug, _), rows in self._tables.items():
            found[slug] = found[slug].joined(rows, slug) if slug in found else rows
        return found

    @cached_property
    def _members(self) -> dict[str, frozenset[str]]:
        columns = (self.membership[name].to_list() for name in ("cluster", "city_id", "role"))
        found: dict[str, set[str]] = {}
        for cluster, city, role in zip(*columns, strict=True):
            inside = found.setdefault(cluster, set())
            if role == "core" or self.role == "all":
                inside.add(city)
        return {cluster: frozenset(inside) for cluster, inside in found.items()}

    @cached_property
    def _values(self) -> dict[str, list[tuple[str, str]]]:
        ids = self.cities["city_id"].to_list()
        columns = ("continent", "country", "landform")
        return {name: list(zip(ids, self.cities[name].to_list(), strict=True)) for name in columns}


def named(rows: Rows, names: Iterable[str]) -> Rows:
    """Return the rows of the cities published under these names, in that order.

    Raises
    ------
    NoVerdictError
        If a city is not in the table; the reason names all that are missing.
    """
    wanted = list(names)
    if missing := absent(rows, wanted):
        reason = f"Not in the edition {rows.edition}: {', '.join(missing)}."
        raise NoVerdictError("untestable", reason)
    return rows.at(rows.by_name[name] for name in wanted)


def absent(rows: Rows, names: Iterable[str]) -> list[str]:
    """Return those of the names under which the table publishes no city."""
    return [name for name in names if name not in rows.by_name]


def select(
    facts: Facts, group: Selection, rows: Rows, *, other: frozenset[str] = frozenset()
) -> frozenset[str]:
    """Return the cities of `rows` that meet every condition of a group.

    Parameters
    ----------
    facts
        The tables of the build.
    group
        The conditions.
    rows
        The tiers of one edition or dimension.
    other
        The cities that the group is compared with: a reference set never includes them.

    Returns
    -------
    frozenset of str
        City ids.

    Raises
    ------
    NoVerdictError
        If a cluster, city or edition that the group names is not in the build.
    """
    found = rows.ids
    for condition in _conditions(facts, group, rows):
        found &= condition
    if group.excluding is not None:
        found -= select(facts, group.excluding, rows)
    return found - other if group.is_reference else found


def _conditions(facts: Facts, group: Selection, rows: Rows) -> list[frozenset[str]]:
    """Return one set of cities for each condition given."""
    conditions = [
        facts.where(column, values)
        for column, values in (
            ("continent", group.continents),
            ("country", group.countries),
            ("landform", group.landforms),
        )
        if values
    ]
    if group.clusters:
        conditions.append(facts.members(group.clusters))
    if group.cities:
        extended = group.cities_extended if facts.role == "all" else ()
        conditions.append(named(rows, group.cities + extended).ids)
    if group.tiers:
        conditions.append(rows.of_tiers(group.tiers))
    if group.listed_in:
        conditions.append(facts.edition(group.listed_in).ids)
    if group.listed:
        conditions.append(frozenset(city.city_id for city in group.listed))
    return conditions


def enough(group: Selection, size: int, edition: str) -> None:
    """Check that a group is large enough for an average.

    Raises
    ------
    NoVerdictError
        If it is empty, or has fewer than three cities that the sentence does not list by name.
    """
    if size >= FEWEST or (size and group.cities):
        return
    reason = f"{title(group)}: {size} in the edition {edition}; an average needs {FEWEST}."
    raise NoVerdictError("undetermined", reason)


def depends_on_membership(group: Selection | None) -> bool:
    """Tell whether extended members can change the group."""
    if group is None:
        return False
    return bool(group.clusters or group.cities_extended) or depends_on_membership(group.excluding)


def title(group: Selection) -> str:
    """Return what to call a group in a sentence.

    Examples
    --------
    >>> title(Selection(clusters=("north-sea", "baltic")))
    'north-sea + baltic'
    >>> title(Selection(rest=True))
    'all other cities'
    """
    if group.name:
        return group.name
    if group.rest:
        return "all other cities"
    parts = [
        *group.landforms,
        *group.continents,
        *group.countries,
        " + ".join(group.clusters),
        ", ".join(group.cities),
    ]
    return " ".join(part for part in parts if part) or "all cities"
