"""Reading named clusters: one TOML file each, every fault of every file reported together."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .catalog import Catalog
from .cluster_references import references, resolve_references
from .errors import DataError, Problem, UnknownNameError, did_you_mean
from .reading import Fields, gather, read_text, read_toml
from .records import ClusterDefinition, Override, Rule
from .rule_reader import INVALID, Known, check_city_id, read_rule
from .rule_shapes import read_waypoints

#: Roles that an override can give; `excluded` takes a city out of the cluster.
ROLES = ("core", "extended", "excluded")
LANDFORMS = ("coastal", "mountain", "inland")

_KEYS = ("title_zh", "title_en", "landform", "source", "routes", "core", "extended", "override")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def load_clusters(
    catalog: Catalog,
    slugs: Iterable[str] | None = None,
    *,
    known: Known,
) -> tuple[ClusterDefinition, ...]:
    """Return the named clusters of `catalog`, sorted by slug.

    Parameters
    ----------
    catalog
        Where facts are found.
    slugs
        The clusters to load; all of them where None.
    known
        The names that rules may use, as `known_names` returns them.

    Raises
    ------
    DataError
        With all problems of all files.
    UnknownNameError
        If one of `slugs` is no cluster of the catalog.
    """
    files = catalog.items("named_clusters")
    wanted = sorted(files if slugs is None else set(slugs))
    for slug in wanted:
        if slug not in files:
            raise UnknownNameError("cluster", slug, files)
    tasks = [
        partial(_check_names, catalog),
        partial(_load, files, wanted, known),
    ]
    return tuple(chain.from_iterable(gather(tasks)))


def load_cluster(
    path: Path, *, known: Known, others: Mapping[str, Path] = MappingProxyType({})
) -> ClusterDefinition:
    """Return the cluster of one file; its slug is the name of the file.

    Parameters
    ----------
    path
        A TOML file.
    known
        The names that rules may use.
    others
        Slug to file of the clusters that its rules may refer to.

    Raises
    ------
    DataError
        With all problems of the file, and of those that it refers to.
    """
    (found,) = _load({**others, path.stem: path}, [path.stem], known)
    return found


def _load(
    files: Mapping[str, Path], wanted: Iterable[str], known: Known
) -> tuple[ClusterDefinition, ...]:
    """Return clusters with the rules that they refer to in place of the references."""
    known = replace(known, clusters=frozenset(files))
    read: dict[str, ClusterDefinition] = {}
    more = list(wanted)
    while more:
        found = gather([partial(_read_cluster, files[slug], known) for slug in more])
        read |= zip(more, found, strict=True)
        named = {slug for cluster in found for slug, _ in references(cluster)}
        more = sorted(named - read.keys())
    return resolve_references(read, wanted)


def _read_cluster(path: Path, known: Known) -> ClusterDefinition:
    """Return the cluster of one file as it is written, references and all."""
    fields = Fields(str(path), _content(path))
    fields.only(_KEYS)
    routes = fields.table_at("routes", required=False)
    own = {name: read_waypoints(routes, name) for name in routes.table}
    known = replace(known, routes=own)
    source = fields.table_at("source")
    source.only(["document", "sentence_zh", "sentence_en", "geography"])
    core, core_reason = _part(fields.table_at("core"), known)
    extended, extended_reason = _extended(fields, known)
    definition = ClusterDefinition(
        slug=path.stem,
        title_zh=fields.text("title_zh"),
        title_en=fields.text("title_en"),
        landform=_choice(fields, "landform", LANDFORMS),
        document=source.text("document"),
        sentence_zh=source.text("sentence_zh"),
        sentence_en=source.text("sentence_en"),
        geography=source.text("geography"),
        core=core or INVALID,
        core_reason=core_reason,
        extended=extended,
        extended_reason=extended_reason,
        file=path,
        overrides=_overrides(fields),
    )
    if fields.problems:
        raise DataError(_with_lines(fields.problems, read_text(path)))
    return definition


def _content(path: Path) -> dict[str, Any]:
    """Return the content of a file; inline tables nest as deep as Python's TOML reader goes."""
    try:
        return read_toml(path)
    except RecursionError:
        rule = "inline tables nest deeper than the TOML reader goes"
        remedy = "Write dotted keys (rule.not.any = […]), or move a part to a cluster of its own."
        raise DataError([Problem(str(path), None, None, path.name, rule, remedy)]) from None


def _check_names(catalog: Catalog) -> tuple[ClusterDefinition, ...]:
    """Refuse file names that are no slugs, and two that differ only in case."""
    problems = []
    for root in catalog.roots:
        paths = sorted((root / "named_clusters").glob("*.toml"))
        counts = Counter(path.stem.casefold() for path in paths)
        for path in paths:
            slug = re.sub(r"[^a-z0-9]+", "-", path.stem.casefold()).strip("-") or "my-cluster"
            if counts[path.stem.casefold()] > 1:
                rule, remedy = "two files have this slug, apart from case", "Remove one."
            elif not _SLUG.fullmatch(path.stem):
                rule = "the slug must be lower-case letters, digits and hyphens"
                remedy = f"Rename the file to {slug}.toml."
            else:
                continue
            problems.append(Problem(str(path), None, None, path.stem, rule, remedy))
    if problems:
        raise DataError(problems)
    return ()


def _part(fields: Fields, known: Known, *, required: bool = True) -> tuple[Rule | None, str]:
    """Return the rule and the reason of `core` or `extended`."""
    fields.only(["rule", "reason"])
    reason = fields.text("reason", required=bool(fields.table) or required)
    if "rule" in fields.table or required:
        inner = fields.table_at("rule")
        return (
            read_rule(inner, known) if isinstance(fields.table.get("rule"), dict) else None
        ), reason
    return None, reason


def _extended(fields: Fields, known: Known) -> tuple[Rule | None, str]:
    """Return the extended part; a file without one, or with its reason only, has no rule."""
    if "extended" not in fields.table:
        return None, ""
    table = fields.table_at("extended")
    if fields.table["extended"] == {}:
        fields.note("extended", "", "must hold a rule, a reason, or both", "Add a reason.")
    return _part(table, known, required=False)


def _choice(fields: Fields, key: str, choices: Iterable[str]) -> str:
    """Return a string that must be one of `choices`."""
    value = fields.text(key)
    if value and value not in choices:
        fields.note(key, value, f"is not a known {key}", did_you_mean(value, choices))
    return value


def _overrides(fields: Fields) -> tuple[Override, ...]:
    """Return the overrides, no city twice."""
    found: list[Override] = []
    for inner in fields.tables("override", required=False):
        inner.only(["city_id", "city", "role", "reason"])
        city_id = inner.text("city_id")
        if city_id:
            check_city_id(inner, "city_id", city_id)
        if city_id and city_id in [other.city_id for other in found]:
            inner.note("city_id", city_id, "has an override already", "Keep one of them.")
        role = _choice(inner, "role", ROLES)
        found.append(Override(city_id, inner.text("city"), role, inner.text("reason")))
    return tuple(found)


def _with_lines(problems: Iterable[Problem], text: str) -> list[Problem]:
    """Add the line to each problem whose value or key stands on one line only.

    TOML readers keep no positions, so the line is looked up; where several would fit, none is
    given rather than a guess.
    """
    lines = list(enumerate(text.splitlines(), 1))
    return [replace(each, row=_line(each, lines)) for each in problems]


def _line(problem: Problem, lines: list[tuple[int, str]]) -> int | None:
    key = re.sub(r"\[\d+\]", "", (problem.column or "").rpartition(".")[2])
    assigned = re.compile(rf"(^|[\s{{,]){re.escape(key)}\s*=")
    with_value = [(n, line) for n, line in lines if problem.value and problem.value in line]
    with_key = [n for n, line in with_value if assigned.search(line)]
    quoted = [n for n, line in with_value if f'"{problem.value}"' in line]
    alone = [n for n, line in lines if assigned.search(line)]
    choices = chain([with_key, quoted], [] if with_value else [alone])
    return next((found[0] for found in choices if len(found) == 1), None)
