"""The assign command: a file of points in, the same rows with landform and clusters out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pandas as pd

from tierscape.assigning import ADDED, Facts, assign_points, by_place, of_the_city, read_facts
from tierscape.data.errors import DataError, Problem, TierscapeError
from tierscape.outputs import decimals_of
from tierscape.point_columns import SHOWN, bad_coordinates, coordinates, told
from tierscape.point_files import PointFile, open_points
from tierscape.point_layers import DRIVERS, write_csv, write_rows


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked the assign command."""

    file: Path
    output: Path | None
    lon: str | None
    lat: str | None
    keep_bad: bool
    data: Path | None
    as_json: bool = False


def run(request: Request, stdout: IO[str], say: Callable[[str], None]) -> bool:
    """Assign every row of a file, and tell whether all had good coordinates.

    Parameters
    ----------
    request
        What to read and where to write.
    stdout
        Takes the CSV, or JSON, where no output is given.
    say
        Takes messages.

    Raises
    ------
    DataError
        With every row whose coordinates are bad, unless they are to be kept; nothing is written.
    TierscapeError
        If a file cannot be read or written.
    """
    output = request.output
    if output is not None and output.suffix.lower() not in {".csv", *DRIVERS}:
        raise TierscapeError(f"{output}: give a name that ends in .csv, {', '.join(DRIVERS)}.")
    if output is not None and request.as_json:
        raise TierscapeError("--json is printed: leave out -o, or give a name.geojson without it.")
    points = open_points(request.file, lon=request.lon, lat=request.lat)
    for note in points.notes:
        say(note)
    count, bad = _bad(points)
    if bad and not request.keep_bad:
        raise DataError(told(bad, count))
    facts = read_facts(request.data)
    _explain(points, facts, say)
    chunks = (
        _rounded(assign_points(chunk, facts, points.columns, keep_bad=True))
        for chunk in points.chunks()
    )
    if request.as_json:
        _write_json(chunks, stdout)
    elif output is None:
        write_csv(chunks, stdout)
    else:
        write_rows(chunks, points, output)
    for problem in told(bad, count):
        say(f"warning: {problem}")
    return not bad


def _bad(points: PointFile) -> tuple[int, list[Problem]]:
    """Return how many rows have bad coordinates, and what is wrong with the first of them."""
    rows = count = 0
    problems: list[Problem] = []
    for chunk in points.chunks():
        bad = int(pd.isna(coordinates(chunk, points.columns)[0]).sum())
        if bad and len(problems) < SHOWN:
            room = SHOWN - len(problems)
            problems += bad_coordinates(chunk, points.columns, first=rows, most=room)
        count, rows = count + bad, rows + len(chunk)
    return count, problems


def _explain(points: PointFile, facts: Facts, say: Callable[[str], None]) -> None:
    """Tell which clusters are answered by the nearest place, and which only by a city's id."""
    first = next(points.chunks(), pd.DataFrame())
    if "city_id" in first and (first["city_id"].astype(str) != "").all():
        return
    say(
        "country and province are those of nearest_place where a row has no city_id; "
        f"they decide {', '.join(by_place(facts))}"
    )
    left_out = of_the_city(facts)
    if left_out:
        say(
            "left out for rows with no city_id, since their rules list cities: "
            + ", ".join(left_out)
        )


def _write_json(chunks: Iterator[pd.DataFrame], file: IO[str]) -> None:
    """Write one list of rows; a missing value is null."""
    rows = (chunk.to_json(orient="records", force_ascii=False) for chunk in chunks)
    file.write("[" + ",\n".join(text[1:-1] for text in rows if text != "[]") + "]\n")


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Round the columns that were added; the user's own stay as they are."""
    mine = table.columns[-len(ADDED) :]
    floats = [name for name in mine if pd.api.types.is_float_dtype(table[name])]
    return table.round({name: decimals_of(str(name)) for name in floats})
