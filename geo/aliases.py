"""Reviewed answers to names that the general steps cannot resolve."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..data.catalog import Catalog
from ..data.errors import DataError, Problem
from ..data.reading import gather, read_csv
from .fold import fold
from .gazetteer import Gazetteer

_COLUMNS = ("name", "city_id", "place", "reason", "name_zh", "misprint_of")


@dataclass(frozen=True, slots=True)
class Alias:
    """A reviewed answer to a name that the general steps cannot resolve.

    `name_zh` is the usual Chinese name where the alias itself is not: a misprint, a country.
    `misprint_of` is the right name where the published one is misprinted, else empty.
    """

    name: str
    city_id: str
    place: str
    reason: str
    name_zh: str = ""
    misprint_of: str = ""


def load_aliases(catalog: Catalog, gazetteer: Gazetteer) -> dict[str, Alias]:
    """Return the aliases of all files by folded name; a later file's replace an earlier's.

    Raises
    ------
    DataError
        With every row that lacks a name or a reason, names an unknown place, repeats a name of
        its file, or is a misprint of itself or of a name that the place does not have.
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
        if key in aliases:
            problems.append(Problem(file, line, "name", alias.name, "the name is there twice"))
        problems += (
            Problem(file, line, column, getattr(alias, column), rule, remedy)
            for column, rule, remedy in _faults(alias, key, gazetteer)
        )
        aliases[key] = alias
    if problems:
        raise DataError(problems)
    return aliases


def _faults(alias: Alias, key: str, gazetteer: Gazetteer) -> Iterator[tuple[str, str, str]]:
    """Yield column, rule and remedy of everything that is wrong with one alias by itself."""
    place = gazetteer.place(alias.city_id)
    if not key:
        yield "name", "a name is required", ""
    if place is None:
        remedy = "Give the GeoNames id of a place of the gazetteer."
        yield "city_id", "no place of the gazetteer has this id", remedy
    if not alias.reason:
        yield "reason", "a reason is required", ""
    right = fold(alias.misprint_of)
    if alias.misprint_of and right == key:
        yield "misprint_of", "is the name itself", "Give the right name, or leave it empty."
    elif alias.misprint_of and place and place not in {one for one, _ in gazetteer.named(right)}:
        rule = f"is no name of {place.name_en} in the gazetteer"
        yield "misprint_of", rule, "Give the right name, or leave it empty."
