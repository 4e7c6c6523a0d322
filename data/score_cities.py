"""The cities of a score folder, and what the index's rules need of their columns."""

import re
from collections.abc import Sequence
from pathlib import Path

from .errors import Problem, did_you_mean
from .score_records import RankedCity, Scope, ScoreIndex
from .score_tables import Table, number_of, number_remedy, read_table

COUNTRY = re.compile(r"[A-Z]{2}")
#: Columns that are fields of the record; any other is kept by its name.
OWN_COLUMNS = ("city", "country", "city_id")


def read_cities(
    path: Path, index: ScoreIndex, problems: list[Problem]
) -> tuple[RankedCity, ...] | None:
    """Read `cities.csv`, None where there is no such file, or nothing but its header.

    Parameters
    ----------
    path
        Columns `city`, and optionally `country`, `city_id` and any others (a group, GDP).
    index
        Its missing-data rule and scope say which further columns there must be.
    problems
        Where faults are noted.
    """
    rules = [("missing.group", index.missing.group)]
    rules += [("scope.column", scope.column) for scope in index.scope]
    if not path.is_file():
        for key, column in rules:
            if column:
                rule = f"{key} of index.toml is {column!r}, but there is no cities.csv"
                problems.append(Problem(str(path), None, None, path.name, rule, "Add the file."))
        return None
    table = read_table(path, problems, required=("city",))
    _check_cells(table)
    for key, column in rules if table.columns else []:
        if column and column not in table.columns:
            rule = f"is not a column of cities.csv, but {key} of index.toml names it"
            remedy = did_you_mean(column, table.columns)
            problems.append(Problem(str(path), 1, column, column, rule, remedy))
    _check_rules(table, index)
    return _records(table) if table.lines else None


def _check_rules(table: Table, index: ScoreIndex) -> None:
    """Note cells that the missing-data rule or the scope cannot use."""
    if index.missing.group in table.columns:
        blank = table.where(index.missing.group, lambda text: not text)
        table.note(blank, index.missing.group, "the missing-data rule needs each city's group")
    for scope in index.scope:
        if scope.column in table.columns:
            _check_scope(table, scope)


def _check_cells(table: Table) -> None:
    """Note blank and repeated names, and codes that are none."""
    table.note(table.where("city", lambda text: not text), "city", "must not be empty")
    first: dict[str, int] = {}
    for row, name in enumerate(table.column("city")):
        before = first.setdefault(name, row)
        if name and before != row:
            rule = f"this city stands already on line {table.lines[before]}"
            remedy = "Keep one; tell namesakes apart, such as 'Tripoli (LB)'."
            table.note([row], "city", rule, remedy)
    wrong = table.where("country", lambda text: bool(text) and not COUNTRY.fullmatch(text))
    table.note(wrong, "country", "must be an ISO 3166-1 alpha-2 code", "Such as 'CN' or 'EG'.")
    wrong = table.where("city_id", lambda text: bool(text) and not text.isdecimal())
    table.note(wrong, "city_id", "must be a GeoNames id", "Leave it empty if you do not know it.")


def _check_scope(table: Table, scope: Scope) -> None:
    """Note cells that the scope cannot judge, and values that no city has."""
    if scope.values:
        cells = set(table.column(scope.column))
        for value in scope.values:
            if value not in cells:
                rule = f"the scope names this value of {scope.column}, but no city has it"
                remedy = did_you_mean(value, cells)
                table.problems.append(Problem(table.file, None, scope.column, value, rule, remedy))
        return
    wrong = table.where(scope.column, lambda text: number_of(text) is None)
    table.note(wrong, scope.column, "the scope needs a number here", number_remedy)


def _records(table: Table) -> tuple[RankedCity, ...]:
    """Return the cities in the order of the file."""
    further = [name for name in table.columns if name not in OWN_COLUMNS]
    city, country, city_id = (table.column(name) for name in OWN_COLUMNS)
    rest = [
        tuple((name, table.columns[name][row]) for name in further)
        for row in range(len(table.lines))
    ]
    return tuple(map(RankedCity, city, country, city_id, table.lines, rest))


def within_scope(city: RankedCity, scopes: Sequence[Scope]) -> bool:
    """Tell whether a city meets every condition of the index's scope.

    Examples
    --------
    >>> rich = Scope("income", values=("high",))
    >>> within_scope(RankedCity("Doha", "QA", "", 2, (("income", "high"),)), [rich])
    True
    """
    columns = dict(city.columns)
    return all(_meets(columns.get(scope.column, ""), scope) for scope in scopes)


def _meets(text: str, scope: Scope) -> bool:
    """Tell whether one cell meets one condition."""
    if scope.values:
        return text in scope.values
    value = number_of(text)
    least = float("-inf") if scope.least is None else scope.least
    most = float("inf") if scope.most is None else scope.most
    return value is not None and least <= value <= most
