"""The index of a score folder: its tree, and its rules, read from `index.toml`."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

from .errors import Problem
from .reading import Fields, read_toml
from .score_records import ScoreIndex
from .score_rules import (
    read_combination,
    read_missing,
    read_scope,
    read_tiering,
    read_treatment,
    read_weighting,
)
from .score_tree import check_given, read_nodes

INDEX_KEYS = (
    "title_zh",
    "title_en",
    "year",
    "rubric",
    "cutoff",
    "seed",
    "notes",
    "weights",
    "normalise",
    "missing",
    "aggregate",
    "tiers",
    "scope",
    "indicator",
)

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_index(path: Path, problems: list[Problem]) -> ScoreIndex:
    """Read the index; what is wrong with it is noted with its line.

    Parameters
    ----------
    path
        `index.toml`; the folder's name is the slug.
    problems
        Where faults are noted.

    Raises
    ------
    DataError
        If the file cannot be read or is not TOML.
    """
    fields = Fields(str(path), read_toml(path))
    fields.only(INDEX_KEYS)
    title_zh, title_en = (fields.text(f"title_{lang}", required=False) for lang in ("zh", "en"))
    if not (title_zh or title_en):
        fields.note("title_zh", "", "title_zh or title_en is required", "Add one of them.")
    nodes = read_nodes(fields)
    combine, power = read_combination(fields)
    index = ScoreIndex(
        slug=path.resolve().parent.name,
        title_zh=title_zh or title_en,
        title_en=title_en or title_zh,
        year=fields.get("year", int, default=0),
        rubric=fields.text("rubric", required=False),
        nodes=nodes,
        treatment=read_treatment(fields, nodes),
        missing=read_missing(fields),
        weighting=read_weighting(fields),
        combine=combine,
        power=power,
        tiering=read_tiering(fields),
        file=path,
        scope=tuple(read_scope(inner) for inner in fields.tables("scope", required=False)),
        cutoff=_cutoff(fields),
        seed=fields.get("seed", int, default=0, required=False),
        notes=fields.texts("notes", required=False),
    )
    if index.weighting.method == "given":
        check_given(fields, nodes)
    lines = toml_lines(path.read_text(encoding="utf-8-sig"))
    located = [_located(problem, lines) for problem in fields.problems]
    problems.extend(sorted(located, key=lambda problem: problem.row or 0))
    return index


def _cutoff(fields: Fields) -> str:
    """Return the last day that evidence may have, as ISO text; empty where there is none."""
    value = fields.table.get("cutoff", "")
    text = value.isoformat() if isinstance(value, date) else str(value)
    if text and not is_day(text):
        fields.note("cutoff", text, "must be a day", "Such as 2024-06-30.")
        return ""
    return text


def is_day(text: str) -> bool:
    """Tell whether a text is a day of the calendar as ISO 8601 writes it.

    Examples
    --------
    >>> is_day("2024-06-30"), is_day("2024-06-31"), is_day("30.6.2024")
    (True, False, False)
    """
    try:
        return bool(DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def toml_lines(text: str) -> dict[str, int]:
    r"""Return the line of every table and key of a TOML file, named as `Fields` names them.

    Examples
    --------
    >>> toml_lines('year = 2024\n[[scope]]\ncolumn = "gdp"')
    {'year': 1, 'scope[1]': 2, 'scope[1].column': 3}
    """
    lines: dict[str, int] = {}
    count: Counter[str] = Counter()
    table = ""
    for number_of_line, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\[\s*([\w-]+)\s*\]\]", line):
            count[header[1]] += 1
            table = f"{header[1]}[{count[header[1]]}]"
            lines[table] = number_of_line
        elif header := re.match(r"\s*\[\s*([\w-]+)\s*\]", line):
            table = header[1]
            lines.setdefault(table, number_of_line)
        elif key := re.match(r"\s*([\w-]+)\s*=", line):
            lines.setdefault(f"{table}.{key[1]}" if table else key[1], number_of_line)
    return lines


def _located(problem: Problem, lines: dict[str, int]) -> Problem:
    """Return a problem with the line of its key, or of the table that lacks the key."""
    name = problem.column or ""
    row = lines.get(name, lines.get(name.rpartition(".")[0]))
    return replace(problem, row=row)
