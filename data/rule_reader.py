"""Reading one rule of a cluster file: nested tables of TOML to records, every fault noted."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .errors import did_you_mean
from .reading import Fields
from .records import Group, Leaf, Rule

#: The kinds of rules, which are the keys that a rule's table may have.
KINDS = (
    *("coast", "lake", "range", "route", "region", "country", "admin", "cities"),
    *("elevation_m", "population", "any", "all", "not"),
)
#: The kinds that need `within_km`.
MEASURED = ("coast", "lake", "range", "route")
#: The word that stands for every sea, lake or range.
EVERY = "any"
#: No two places are farther apart: half the circumference of the Earth.
FARTHEST_KM = 20_038.0
#: What stands for a rule that could not be read; its problems have been noted.
INVALID = Leaf("invalid")

_CITY_ID = re.compile(r"[1-9][0-9]*")
_ADMIN = re.compile(r"([A-Z]{2})\.[A-Z0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Known:
    """The names that rules may use: slugs, and ISO 3166-1 alpha-2 codes of countries.

    `routes` are those that a cluster's file defines for its own rules.
    """

    seas: frozenset[str]
    lakes: frozenset[str]
    ranges: frozenset[str]
    regions: frozenset[str]
    countries: frozenset[str]
    routes: Mapping[str, Leaf] = field(default_factory=dict)


def read_rule(fields: Fields, known: Known) -> Rule:
    """Return the rule of one table, which has exactly one of the kinds as its key.

    Parameters
    ----------
    fields
        The table; what is wrong in it goes to its `problems`.
    known
        The names that the rule may use.
    """
    kinds = [key for key in fields.table if key in KINDS]
    if len(kinds) == 1:
        fields.only([*kinds, "within_km"] if kinds[0] in MEASURED else kinds)
        return _read(fields, kinds[0], known)
    here = Fields(fields.file, fields.table, fields.problems)
    where = fields.prefix.rstrip(".")
    if kinds:
        rule, remedy = "a rule has exactly one kind", "Combine them with all or any."
        here.note(where, ", ".join(kinds), rule, remedy)
        return INVALID
    unknown = next((key for key in fields.table if key != "within_km"), "")
    rule = "is not a kind of rule" if unknown else "the rule has no kind"
    here.note(where, unknown, rule, did_you_mean(unknown, KINDS))
    return INVALID


def _read(fields: Fields, kind: str, known: Known) -> Rule:
    """Read the rule of one kind."""
    match kind:
        case "coast" | "lake" | "range" | "region" | "country":
            return _named(fields, kind, known)
        case "route":
            return _route(fields, known)
        case "admin" | "cities":
            return _listed(fields, kind, known)
        case "elevation_m" | "population":
            return _filter(fields, kind)
        case "not":
            return _negation(fields, known)
    return _group(fields, kind, known)


def _group(fields: Fields, kind: str, known: Known) -> Rule:
    """Return `any` or `all` of at least one rule."""
    inner = fields.tables(kind)
    if fields.table[kind] == []:
        fields.note(kind, "[]", "must hold at least one rule")
    return Group(kind, tuple(read_rule(each, known) for each in inner))


def _negation(fields: Fields, known: Known) -> Rule:
    """Return `not` of exactly one rule."""
    kind, value = "not", fields.table["not"]
    if isinstance(value, list):
        remedy = "Write { not = { any = [ … ] } }."
        fields.note(kind, f"a list of {len(value)}", "takes exactly one rule", remedy)
        return INVALID
    inner = fields.table_at(kind)
    return Group(kind, (read_rule(inner, known),)) if isinstance(value, dict) else INVALID


def _named(fields: Fields, kind: str, known: Known) -> Rule:
    """Return a rule that names seas, lakes, ranges, regions or countries."""
    choices = {
        "coast": known.seas,
        "lake": known.lakes,
        "range": known.ranges,
        "region": known.regions,
        "country": known.countries,
    }[kind]
    if kind not in MEASURED:
        return Leaf(kind, _names(fields, kind, choices))
    names = _names(fields, kind, {*choices, EVERY})
    return Leaf(kind, () if EVERY in names else names, within_km=_width(fields))


def _route(fields: Fields, known: Known) -> Rule:
    """Return a distance to a route, given by its waypoints or by its name in the file."""
    name = fields.table["route"]
    if not isinstance(name, str):
        return replace(read_waypoints(fields, "route"), within_km=_width(fields))
    if name not in known.routes:
        remedy = did_you_mean(name, known.routes)
        fields.note("route", name, "is not among the routes of this file", remedy)
    return replace(known.routes.get(name, INVALID), within_km=_width(fields))


def read_waypoints(fields: Fields, key: str) -> Leaf:
    """Return a route through two or more waypoints, without its width.

    Parameters
    ----------
    fields
        The table that has the list of [name, longitude, latitude], optionally with the Chinese
        name as a fourth; what is wrong goes to its `problems`.
    key
        The key of the list.
    """
    waypoints, labels = [], []
    entries = fields.get(key, list, default=[])
    for entry in entries:
        if not _is_waypoint(entry):
            fields.note(key, repr(entry), 'must be ["name", longitude, latitude]')
            continue
        name, lon, lat = entry[0], float(entry[1]), float(entry[2])
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            swapped = abs(lon) <= 90 < abs(lat) <= 180
            remedy = f'Did you mean ["{name}", {entry[2]}, {entry[1]}]?' if swapped else ""
            rule = "longitude (-180 to 180) comes before latitude (-90 to 90)"
            fields.note(key, f"{name}, {entry[1]}, {entry[2]}", rule, remedy)
        waypoints.append((lon, lat))
        labels.append((name, entry[3] if len(entry) == 4 else name))
    if isinstance(fields.table[key], list) and len(entries) < 2:
        fields.note(key, repr(entries), "a route has at least two waypoints")
    return Leaf("route", waypoints=tuple(waypoints), labels=tuple(labels))


def _is_waypoint(entry: object) -> bool:
    """Tell whether `entry` is [name, number, number] or [name, number, number, Chinese name]."""
    if not isinstance(entry, list) or len(entry) not in {3, 4}:
        return False
    numbers = all(isinstance(n, int | float) and not isinstance(n, bool) for n in entry[1:3])
    return numbers and all(isinstance(name, str) for name in (entry[0], *entry[3:]))


def _listed(fields: Fields, kind: str, known: Known) -> Rule:
    """Return an administrative list: first-level divisions by code, or cities by GeoNames id."""
    names, labels = [], []
    entries = fields.get(kind, list, default=[])
    if fields.table[kind] == []:
        fields.note(kind, "[]", "must hold at least one entry")
    for entry in entries:
        parts = [entry] if isinstance(entry, str) else entry
        texts = isinstance(parts, list) and all(isinstance(part, str) for part in parts)
        if not texts or not 1 <= len(parts) <= 3:
            fields.note(kind, repr(entry), 'must be ["code", "name"], all of it strings')
            continue
        if kind == "admin":
            _check_admin(fields, parts[0], known)
        else:
            check_city_id(fields, kind, parts[0])
        if parts[0] in names:
            fields.note(kind, parts[0], "is listed twice", "Keep one of them.")
        names.append(parts[0])
        labels.append((parts[min(1, len(parts) - 1)], parts[-1]))
    return Leaf(kind, tuple(names), labels=tuple(labels))


def _check_admin(fields: Fields, code: str, known: Known) -> None:
    match = _ADMIN.fullmatch(code)
    if not match:
        fields.note("admin", code, "is not country.division as in GeoNames", 'As in "CN.04".')
    elif match[1] not in known.countries:
        remedy = did_you_mean(match[1], known.countries)
        fields.note("admin", code, f"{match[1]!r} is not a known country", remedy)


def check_city_id(fields: Fields, key: str, city_id: str) -> None:
    """Note a city id that has not the shape of a GeoNames id."""
    if not _CITY_ID.fullmatch(city_id):
        fields.note(key, city_id, "is not a GeoNames id (digits)", 'As in "1796236".')


def _filter(fields: Fields, kind: str) -> Rule:
    """Return a filter by a number: `least`, `most`, or both."""
    inner = fields.table_at(kind)
    inner.only(["least", "most"])
    least, most = (_number(inner, key) for key in ("least", "most"))
    if isinstance(fields.table[kind], dict) and not {"least", "most"} & set(inner.table):
        fields.note(kind, "{}", "needs least, most, or both")
    if least is not None and most is not None and least > most:
        fields.note(kind, f"least {least:g}, most {most:g}", "least must not exceed most")
    return Leaf(kind, least=least, most=most)


def _names(fields: Fields, kind: str, choices: Iterable[str]) -> tuple[str, ...]:
    """Return one name or a list of names, each of them known."""
    value = fields.table[kind]
    names: tuple[Any, ...] = tuple(value) if isinstance(value, list) else (value,)
    if not names:
        fields.note(kind, "[]", "must hold at least one name")
    for name in names:
        if not isinstance(name, str):
            fields.note(kind, name, "must be a string")
        elif name not in choices:
            fields.note(kind, name, f"is not a known {kind}", did_you_mean(name, choices))
    return tuple(name for name in names if isinstance(name, str))


def _width(fields: Fields) -> float:
    """Return the distance of a measured rule, in km."""
    width = fields.get("within_km", float, default=math.inf)
    given = fields.table.get("within_km")
    if isinstance(given, int | float) and not 0 < width <= FARTHEST_KM:
        fields.note("within_km", given, f"must be above 0 and at most {FARTHEST_KM:g} km")
    return width


def _number(fields: Fields, key: str) -> float | None:
    """Return a finite number, or None where the key is absent."""
    if key not in fields.table:
        return None
    value = fields.get(key, float, default=0.0)
    if not math.isfinite(value):
        fields.note(key, value, "must be a finite number")
    return value
