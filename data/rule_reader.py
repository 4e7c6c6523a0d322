"""Reading one rule of a cluster file: nested tables of TOML to records, every fault noted."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .errors import did_you_mean
from .reading import Fields
from .records import Group, Leaf, Rule
from .rule_shapes import read_polygon, read_waypoints

#: The kinds of rules, which are the keys that a rule's table may have.
KINDS = (
    *("coast", "lake", "range", "route", "region", "polygon", "country", "admin", "cities"),
    *("elevation_m", "population", "cluster", "any", "all", "not"),
)
#: The kinds that need `within_km`.
MEASURED = ("coast", "lake", "range", "route")
#: The keys that a kind may have beside its own.
_BESIDE = {
    **dict.fromkeys(MEASURED, ("within_km",)),
    "polygon": ("source",),
    "cluster": ("role",),
}
#: What a reference to another cluster may ask for: core members, or core and extended ones.
MEMBER_ROLES = ("core", "all")
#: The word that stands for every sea, lake or range.
EVERY = "any"
#: No two places are farther apart: half the circumference of the Earth.
FARTHEST_KM = 20_038.0
#: What stands for a rule that could not be read; its problems have been noted.
INVALID = Leaf("invalid")

_COMBINED = ("any", "all", "not")
_CITY_ID = re.compile(r"[1-9][0-9]*")
_ADMIN = re.compile(r"([A-Z]{2})\.[A-Z0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Known:
    """The names that rules may use: slugs, and ISO 3166-1 alpha-2 codes of countries.

    `routes` are those that a cluster's file defines for its own rules, `clusters` the slugs that
    its rules may refer to.
    """

    seas: frozenset[str]
    lakes: frozenset[str]
    ranges: frozenset[str]
    regions: frozenset[str]
    countries: frozenset[str]
    routes: Mapping[str, Leaf] = field(default_factory=dict)
    clusters: frozenset[str] = frozenset()


def read_rule(fields: Fields, known: Known) -> Rule:
    """Return the rule of one table, which has exactly one of the kinds as its key.

    Parameters
    ----------
    fields
        The table; what is wrong in it goes to its `problems`.
    known
        The names that the rule may use.
    """
    done: list[Rule] = []
    # Tables still to read, and combinations (kind, number of parts) whose parts come before.
    todo: list[Fields | tuple[str, int]] = [fields]
    while todo:
        task = todo.pop()
        if isinstance(task, tuple):
            first = len(done) - task[1]
            done[first:] = [Group(task[0], tuple(done[first:]))]
            continue
        kind = _kind(task)
        if kind not in _COMBINED:
            done.append(_read(task, kind, known))
        elif inner := _parts(task, kind):
            todo += [(kind, len(inner)), *reversed(inner)]
        else:
            done.append(INVALID)
    return done[0]


def _kind(fields: Fields) -> str:
    """Return the kind of the rule of one table, or nothing with a problem noted."""
    kinds = [key for key in fields.table if key in KINDS]
    if len(kinds) == 1:
        fields.only([*kinds, *_BESIDE.get(kinds[0], ())])
        return kinds[0]
    here = Fields(fields.file, fields.table, fields.problems)
    where = fields.prefix.rstrip(".")
    if kinds:
        rule, remedy = "a rule has exactly one kind", "Combine them with all or any."
        here.note(where, ", ".join(kinds), rule, remedy)
        return ""
    unknown = next((key for key in fields.table if key != "within_km"), "")
    rule = "is not a kind of rule" if unknown else "the rule has no kind"
    here.note(where, unknown, rule, did_you_mean(unknown, KINDS))
    return ""


def _read(fields: Fields, kind: str, known: Known) -> Rule:
    """Read the rule of one kind that combines no others."""
    match kind:
        case "coast" | "lake" | "range" | "region" | "country":
            rule: Rule = _named(fields, kind, known)
        case "route":
            rule = _route(fields, known)
        case "polygon":
            rule = read_polygon(fields)
        case "admin" | "cities":
            rule = _listed(fields, kind, known)
        case "elevation_m" | "population":
            rule = _filter(fields, kind)
        case "cluster":
            rule = _reference(fields, known)
        case _:
            rule = INVALID
    return rule


def _parts(fields: Fields, kind: str) -> list[Fields]:
    """Return the tables that `any` and `all` combine, or the one that `not` turns round."""
    value = fields.table[kind]
    if kind != "not":
        if value == []:
            fields.note(kind, "[]", "must hold at least one rule")
        return fields.tables(kind)
    if isinstance(value, list):
        remedy = "Write { not = { any = [ … ] } }."
        fields.note(kind, f"a list of {len(value)}", "takes exactly one rule", remedy)
        return []
    inner = fields.table_at(kind)
    return [inner] if isinstance(value, dict) else []


def _reference(fields: Fields, known: Known) -> Rule:
    """Return a reference to the members of another cluster: its slug, and which of them."""
    slug = fields.text("cluster")
    if slug and slug not in known.clusters:
        fields.note("cluster", slug, "is not a known cluster", did_you_mean(slug, known.clusters))
    role = fields.text("role", required=False) or "core"
    if role not in MEMBER_ROLES:
        fields.note("role", role, "must be core or all", did_you_mean(role, MEMBER_ROLES))
    return Leaf("cluster", (slug, role))


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
