"""The hotspots command: points with a value in, the same rows with their hot spots out."""

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tierscape.data.errors import DataError, TierscapeError
from tierscape.engine_parts import find_parts, is_parts
from tierscape.engine_points import where_in
from tierscape.engine_worker import versions
from tierscape.hotspots_files import (
    ADDED,
    free_names,
    read_file,
    records,
    with_added,
)
from tierscape.hotspots_parts import read_parts, write_parts
from tierscape.hotspots_text import summary, words
from tierscape.outputs import decimals_of
from tierscape.point_files import open_points
from tierscape.point_layers import DRIVERS, write_csv, write_rows
from tierscape.scoring.spatial.records import Adjustment, Permutations
from tierscape.scoring.spatial.spots import Question, Spots, Statistic, spots
from tierscape.scoring.tasks import Mapped, one_by_one
from tierscape.valued_points import ValuedPoints, check_column

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked the hotspots command; the options are those of `Question`."""

    table: Path
    value: str
    output: Path | None = None
    lon: str | None = None
    lat: str | None = None
    neighbours: int = 8
    within: float | None = None
    statistic: Statistic = "gi-star"
    permutations: int = 999
    seed: int = 1
    adjust: Adjustment = "max-t"
    alpha: float = 0.05
    keep_bad: bool = False
    as_json: bool = False
    lang: str = "en"

    @property
    def question(self) -> Question:
        """What is asked of the map."""
        return Question(
            Permutations(self.permutations, self.seed),
            self.statistic,
            self.neighbours,
            self.within,
            self.adjust,
            self.alpha,
        )


def run(request: Request, say: Say, mapped: Mapped = one_by_one) -> tuple[str, bool]:
    """Find the hot spots of a table, and write its rows with them.

    Parameters
    ----------
    request
        What to read, what is asked, and where to write.
    say
        Takes messages.
    mapped
        What does the permutations, in blocks; the result is the same whatever does them.

    Returns
    -------
    str, bool
        What is printed: where there is an output a summary, else the rows as CSV; with `as_json`
        one object. And whether all rows had coordinates and a value.

    Raises
    ------
    DataError
        With every row that is bad, unless they are to be kept; nothing is written.
    TierscapeError
        If a file cannot be read or written, or the map has no answer to the question.
    """
    output = request.output
    if is_parts(request.table):
        if output is None:
            raise TierscapeError("parts: give a folder for the result with -o.")
        return _in_parts(request, output, say, mapped)
    if output is not None and output.suffix.lower() not in {".csv", *DRIVERS}:
        raise TierscapeError(f"{output}: give a name that ends in .csv, {', '.join(DRIVERS)}.")
    points = open_points(request.table, lon=request.lon, lat=request.lat)
    for note in points.notes:
        say(note)
    rows = read_file(points, request.value)
    added, told = _answered(rows, request, say, mapped)
    whole = bool(rows.good.all())
    chunks = with_added(points, added)
    if output is not None:
        write_rows(chunks, points, output)
        return _text(told, request), whole
    if request.as_json:
        return _json({**told, "rows": records(chunks)}), whole
    printed = io.StringIO()
    write_csv(chunks, printed)
    say(words(told, request.lang))
    return printed.getvalue(), whole


def request_text(request: Request) -> str:
    """Return all that decides the result: the options, and the content of the table.

    Raises
    ------
    TierscapeError
        If there is no such table.
    """
    source = request.table
    if is_parts(source):
        stamps = "".join(f"{part.name} {part.stamp}\n" for part in find_parts(source).parts)
        digest = hashlib.sha256(stamps.encode()).hexdigest()
    elif source.is_file():
        with source.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    else:
        raise TierscapeError(f"{source}: there is no such file.")
    columns = (request.value, request.lon, request.lat, request.keep_bad)
    return f"hotspots of {digest}\n{columns}\n{request.question}"


def _in_parts(request: Request, output: Path, say: Say, mapped: Mapped) -> tuple[str, bool]:
    if output.exists():
        message = f"{output}: is there already. Give another folder with -o, or remove it."
        raise TierscapeError(message)
    parts = find_parts(request.table)
    for note in parts.notes:
        say(note)
    where = where_in(parts, str(request.table), request.lon, request.lat)
    check_column(request.value, parts.columns, str(request.table))
    rows = read_parts(parts, where, request.value)
    added, told = _answered(rows, request, say, mapped)
    facts = {"command": "hotspots", "versions": dict(versions()), "summary": told}
    named = added.set_axis(free_names(parts.columns), axis=1)
    write_parts(parts, named, output, facts)
    return _text(told, request), bool(rows.good.all())


def _answered(
    rows: ValuedPoints, request: Request, say: Say, mapped: Mapped
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return the added columns of all rows, and what a reader is told of the map."""
    good = rows.good
    if not good.all() and not request.keep_bad:
        raise DataError(rows.told())
    if not good.any():
        raise TierscapeError(f"{request.table}: no row has coordinates and {request.value}.")
    for problem in rows.told():
        say(f"warning: {problem}")
    say(f"{int(good.sum()):,} points, {request.permutations:,} permutations")
    points = np.column_stack([rows.lon[good], rows.lat[good]])
    found = spots(points, rows.value[good], request.question, mapped=mapped)
    for note in found.notes:
        say(note)
    if request.adjust != "max-t":
        _explain(int(good.sum()), request, say)
    told = summary(found, request.question, request.value, int((~good).sum()))
    return _columns(found, good), told


def _explain(count: int, request: Request, say: Say) -> None:
    """Tell where so few permutations leave hardly a point a label, or none."""
    smallest = 1 / (request.permutations + 1)
    # Benjamini and Yekutieli: the share of the points that must have the smallest p-value.
    share = smallest * float((1 / np.arange(1, count + 1)).sum()) / request.alpha
    if share > 0.05 if request.adjust == "by" else smallest * count > request.alpha:
        say(
            f"{request.permutations:,} permutations are few for {count:,} points and "
            f"{request.adjust}: the smallest p-value is {smallest:.1g}. "
            "Take more of them, or --adjust max-t."
        )


def _columns(found: Spots, good: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Return the added columns; those of bad rows are empty."""
    local = found.local
    values = (local.value, local.z, local.p_value, local.p_adjusted, found.label)
    table = pd.DataFrame(dict(zip(ADDED, values, strict=True)), index=np.flatnonzero(good))
    numbers = {name: decimals_of(name) for name in ADDED[:-1]}
    table = table.round(numbers).reindex(np.arange(len(good)))
    label = table[ADDED[-1]].astype(object)
    return table.assign(**{ADDED[-1]: label.where(label.notna(), None)})


def _text(told: dict[str, Any], request: Request) -> str:
    return _json(told) if request.as_json else words(told, request.lang)


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
