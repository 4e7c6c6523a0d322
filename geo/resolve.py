"""Published names to places: the table of tiers, every city identified."""

from collections.abc import Iterable

import pandas as pd

from ..data.errors import DataError, Problem
from ..data.records import TIER_COLUMNS, Dimension, Edition, Entry
from .geocode import Geocoder, Match

#: Edition and dimension to the matches of its entries, in their order.
Resolved = dict[str, dict[str, tuple[Match, ...]]]


def resolve_names(editions: Iterable[Edition], geocoder: Geocoder) -> Resolved:
    """Find the place of every published name.

    The countries of an edition are its scope. A `city_id` in a file pins the place, in the other
    tables of the edition too unless the name is pinned to several places.

    Returns
    -------
    dict
        Edition and dimension to the matches of its entries, in their order.

    A suggestion is never taken: it is named in the error only.

    Raises
    ------
    DataError
        With every name that no place answers to, every unknown `city_id`, and every two names of
        one table that are the same place: file, line, value, and the nearest names.
    """
    problems: list[Problem] = []
    found: Resolved = {}
    for edition in editions:
        found[edition.slug] = _resolve(edition, geocoder, problems)
    if problems:
        raise DataError(problems)
    return found


def published(resolved: Resolved) -> dict[str, dict[str, Match]]:
    """Return the match of each name of each edition; of several with one name the first.

    Examples
    --------
    >>> published({"mine-2025": {"total": (Match("Rome", "matched", "exact", None),)}})
    {'mine-2025': {'Rome': Match(input='Rome', status='matched', step='exact', place=None, ...)}}
    """
    return {
        edition: {
            match.input: match
            for matches in reversed(tables.values())
            for match in reversed(matches)
        }
        for edition, tables in resolved.items()
    }


def tier_table(editions: Iterable[Edition], resolved: Resolved) -> pd.DataFrame:
    """Return the tiers of every city, with the ranks that each tier spans.

    Returns
    -------
    pandas.DataFrame
        `edition`, `dimension`, `city_id`, `name_published`, `label` (as printed), `tier` (1 is
        best), `rank_best`, `rank_worst` (the ranks of the tier, from the true counts), `n_cities`
        (of the table), in the order of the documents.
    """
    rows = [
        row
        for edition in editions
        for dimension in edition.dimensions
        for row in _rows(edition.slug, dimension, resolved[edition.slug][dimension.slug])
    ]
    return pd.DataFrame(rows, columns=list(TIER_COLUMNS))


def resolution_table(resolved: Resolved) -> pd.DataFrame:
    """Return how each published name was found.

    Returns
    -------
    pandas.DataFrame
        `edition`, `name_published`, `city_id`, `match_status`, `match_step`.
    """
    rows = [
        (edition, name, match.place.city_id, match.status, match.step)
        for edition, names in published(resolved).items()
        for name, match in names.items()
        if match.place
    ]
    columns = ["edition", "name_published", "city_id", "match_status", "match_step"]
    return pd.DataFrame(rows, columns=columns, dtype="str")


def _resolve(
    edition: Edition, geocoder: Geocoder, problems: list[Problem]
) -> dict[str, tuple[Match, ...]]:
    """Find the places of one edition; each name is looked up, and reported, once."""
    pins = _pins(edition)
    known: dict[tuple[str, str], Match] = {}
    found: dict[str, tuple[Match, ...]] = {}
    for dimension in edition.dimensions:
        matches = []
        for entry in dimension.entries:
            pin = entry.city_id or pins.get(entry.name, "")
            if (entry.name, pin) not in known:
                known[entry.name, pin] = _find(entry.name, pin, edition, geocoder)
                if known[entry.name, pin].place is None:
                    near = _nearest(entry.name, edition, geocoder)
                    problems.append(_unresolved(entry, dimension, near))
            matches.append(known[entry.name, pin])
        found[dimension.slug] = tuple(matches)
        problems += _doubles(dimension, matches)
    return found


def _pins(edition: Edition) -> dict[str, str]:
    """Return the names that an edition pins to one place, with its id."""
    pinned: dict[str, set[str]] = {}
    for dimension in edition.dimensions:
        for entry in dimension.entries:
            if entry.city_id:
                pinned.setdefault(entry.name, set()).add(entry.city_id)
    return {name: ids.pop() for name, ids in pinned.items() if len(ids) == 1}


def _find(name: str, pin: str, edition: Edition, geocoder: Geocoder) -> Match:
    if not pin:
        return geocoder.find(name, edition.countries)
    place = geocoder.gazetteer.place(pin)
    return Match(name, "matched" if place else "not_found", "given" if place else "", place)


def _nearest(name: str, edition: Edition, geocoder: Geocoder) -> list[str]:
    """Return the nearest names: what the geocoder would suggest first, then the like-spelt."""
    place = geocoder.suggest(name, edition.countries).place
    guessed = [f"{place.name_zh or place.name_en} ({place.name_en})"] if place else []
    shown = {place.name_zh, place.name_en} if place else set()
    alike = geocoder.nearest_names(name, edition.countries)
    return [*guessed, *(other for other in alike if other not in shown)][:3]


def _unresolved(entry: Entry, dimension: Dimension, near: list[str]) -> Problem:
    """Return what is wrong with a name that no place answers to."""
    file = str(dimension.file)
    if entry.city_id:
        rule = "no place of the gazetteer has this id"
        remedy = "Give a GeoNames id of a place over 15,000 people, or leave it empty."
        return Problem(file, entry.line, "city_id", entry.city_id, rule, remedy)
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    remedy = f"{meant}Else give its city_id, or a line in aliases/."
    rule = "no place has this name in the edition's countries"
    return Problem(file, entry.line, "name", entry.name, rule, remedy)


def _doubles(dimension: Dimension, matches: list[Match]) -> list[Problem]:
    """Return a problem for every second name of one place in one table."""
    first: dict[str, Entry] = {}
    problems = []
    for entry, match in zip(dimension.entries, matches, strict=True):
        if match.place is None:
            continue
        other = first.setdefault(match.place.city_id, entry)
        if other is not entry:
            rule = f"is the same place as {other.name!r} in line {other.line}"
            remedy = f"Both are {match.place.name_en}: remove one, or tell them apart by city_id."
            file = str(dimension.file)
            problems.append(Problem(file, entry.line, "name", entry.name, rule, remedy))
    return problems


def _rows(
    edition: str, dimension: Dimension, matches: tuple[Match, ...]
) -> list[tuple[object, ...]]:
    """Return the rows of one table."""
    labels = {tier.number: tier.label for tier in dimension.tiers}
    sizes = {number: sum(entry.tier == number for entry in dimension.entries) for number in labels}
    last = {number: sum(sizes[other] for other in labels if other <= number) for number in labels}
    return [
        (
            edition,
            dimension.slug,
            match.place.city_id if match.place else "",
            entry.name,
            labels[entry.tier],
            entry.tier,
            last[entry.tier] - sizes[entry.tier] + 1,
            last[entry.tier],
            len(dimension.entries),
        )
        for entry, match in zip(dimension.entries, matches, strict=True)
    ]
