"""Reviewed answers to names that the general steps cannot resolve."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..data.catalog import Catalog
from ..data.errors import DataError, Problem
from ..data.reading import gather, read_csv
from .fold import fold
from .gazetteer import Gazetteer

_COLUMNS = ("name", "city_id", "place", "reason", "name_zh")


@dataclass(frozen=True, slots=True)
class Alias:
    """A reviewed answer to a name that the general steps cannot resolve.

    `name_zh` is the usual Chinese name where the alias itself is not: a misprint, a country.
    """

    name: str
    city_id: str
    place: str
    reason: str
    name_zh: str = ""


def load_aliases(catalog: Catalog, gazetteer: Gazetteer) -> dict[str, Alias]:
    """Return the aliases of all files by folded name; a later file's replace an earlier's.

    Raises
    ------
    DataError
        With every row that lacks a name or a reason, names an unknown place, or repeats a name
        of its file.
    """
    aliases: dict[str, Alias] = {}
    files = catalog.items("aliases").values()
    for part in gather(partial(_read_aliases, path, gazetteer) for path in files):
        aliases.update(part)
    return aliases


def _read_aliases(path: Path, gazetteer: Gazetteer) -> dict[str, Alias]:
    file = str(path)
    aliases: dict[str, Alias] = {}
    problems: list[Problem] = []
    for line, row in read_csv(path, _COLUMNS[:4]):
        alias = Alias(*(row.get(column, "") for column in _COLUMNS))
        key = fold(alias.name)
        place = gazetteer.place(alias.city_id)
        if not key:
            problems.append(Problem(file, line, "name", alias.name, "a name is required"))
        if key in aliases:
            problems.append(Problem(file, line, "name", alias.name, "the name is there twice"))
        if place is None:
            remedy = "Give the GeoNames id of a place of the gazetteer."
            rule = "no place of the gazetteer has this id"
            problems.append(Problem(file, line, "city_id", alias.city_id, rule, remedy))
        if not alias.reason:
            problems.append(Problem(file, line, "reason", "", "a reason is required"))
        aliases[key] = alias
    if problems:
        raise DataError(problems)
    return aliases
