"""The tables that claims are tested on, and the groups of cities that a test speaks of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from ..data.claim_records import Selection
from ..data.records import Edition

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

    def edition(self, slug: str) -> pd.DataFrame:
        """Return the tiers of one edition, all dimensions.

        Raises
        ------
        NoVerdictError
            If the build leaves it out.
        """
        if slug not in self._editions:
            raise NoVerdictError("untestable", f"The build leaves out the edition {slug}.")
        return self._editions[slug]

    def table(self, edition: str, dimension: str) -> pd.DataFrame:
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
        """Return the cities of any of the clusters, in the role that counts.

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

    @cached_property
    def _editions(self) -> dict[str, pd.DataFrame]:
        return {str(slug): rows for slug, rows in self.tiers.groupby("edition")}

    @cached_property
    def _tables(self) -> dict[tuple[str, str], pd.DataFrame]:
        grouped = self.tiers.groupby(["edition", "dimension"])
        return {(str(edition), str(slug)): rows for (edition, slug), rows in grouped}

    @cached_property
    def _members(self) -> dict[str, frozenset[str]]:
        counted = self.membership["city_id"]
        if self.role == "core":
            counted = counted.where(self.membership["role"] == "core")
        grouped = counted.groupby(self.membership["cluster"])
        return {str(slug): frozenset(ids.dropna()) for slug, ids in grouped}

    def where(self, column: str, values: Iterable[str]) -> frozenset[str]:
        """Return the cities whose `column` has one of the values."""
        return frozenset(self.cities.loc[self.cities[column].isin(list(values)), "city_id"])


def named(rows: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """Return the rows of the cities published under these names, in that order.

    Raises
    ------
    NoVerdictError
        If a city is not in the table; the reason names all that are missing.
    """
    by_name = rows.drop_duplicates("name_published").set_index("name_published", drop=False)
    missing = absent(rows, names)
    if missing:
        edition = rows["edition"].iloc[0]
        reason = f"Not in the edition {edition}: {', '.join(missing)}."
        raise NoVerdictError("untestable", reason)
    return by_name.loc[list(names)]


def absent(rows: pd.DataFrame, names: Iterable[str]) -> list[str]:
    """Return those of the names under which the table publishes no city."""
    known = set(rows["name_published"])
    return [name for name in names if name not in known]


def select(
    facts: Facts, group: Selection, rows: pd.DataFrame, *, other: frozenset[str] = frozenset()
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
    found = frozenset(rows["city_id"])
    for condition in _conditions(facts, group, rows):
        found &= condition
    if group.excluding is not None:
        found -= select(facts, group.excluding, rows)
    return found - other if group.is_reference else found


def _conditions(facts: Facts, group: Selection, rows: pd.DataFrame) -> list[frozenset[str]]:
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
        conditions.append(frozenset(named(rows, group.cities + extended)["city_id"]))
    if group.tiers:
        conditions.append(frozenset(rows.loc[rows["tier"].isin(group.tiers), "city_id"]))
    if group.listed_in:
        conditions.append(frozenset(facts.edition(group.listed_in)["city_id"]))
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
