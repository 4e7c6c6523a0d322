"""The geocode command: a list or a table of names to places. Loads neither pandas nor numpy."""

import csv
import io
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tierscape.data.catalog import Catalog, open_catalog
from tierscape.data.errors import (
    DataError,
    Problem,
    TierscapeError,
    did_you_mean,
    nearest,
    shortened,
)
from tierscape.data.reading import Fields, read_toml
from tierscape.data.records import Place
from tierscape.geo.gazetteer import countries, country_code, gazetteer
from tierscape.geo.geocode import Geocoder, Match, load_aliases
from tierscape.geo.name_table import NameTable, read_table
from tierscape.terminal import text_table

COLUMNS = (
    *("input", "status", "city_id", "name_en", "name_zh", "country", "lon", "lat", "population"),
    *("confidence", "candidates", "step", "reason"),
)
#: How many rivals a row lists.
CANDIDATES = 5
#: Headings of a column of names, in any case.
NAME_COLUMNS = ("name", "city", "城市", "名称", "城市名称", "城市名", "地名")
#: Characters of a wrong value that a message shows.
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked the geocode command."""

    inputs: tuple[str, ...]
    names: bool
    name_column: str | None
    country_column: str | None
    edition: str | None
    output: Path | None
    data: Path | None
    as_json: bool


@dataclass(frozen=True, slots=True)
class Query:
    """One name to find, and the countries to look in (none: everywhere)."""

    name: str
    countries: tuple[str, ...]


def run(request: Request, say: Callable[[str], None] = lambda _: None) -> tuple[str, bool]:
    """Return the answer as text, and whether every name was matched for sure.

    Parameters
    ----------
    request
        What the user asked.
    say
        Called with what the user should know of the file.

    Raises
    ------
    TierscapeError
        If the request does not make sense, or a file cannot be read.
    """
    catalog = open_catalog(request.data)
    scope = _scope(catalog, request.edition)
    queries = _queries(request, scope, say)
    with gazetteer() as places:
        geocoder = Geocoder(places, load_aliases(catalog, places))
        matches = geocoder.answer(
            [query.name for query in queries], [query.countries for query in queries]
        )
    return _shown(request, matches), all(match.status == "matched" for match in matches)


def record(match: Match) -> dict[str, object]:
    """Return one row of the answer.

    Returns
    -------
    dict
        `input`, `status`, `city_id`, `name_en`, `name_zh`, `country`, `lon`, `lat` (degrees),
        `population`, `confidence` (probability of being within 50 km), `candidates` (the likeliest
        rivals), `step`, `reason`; the place is empty where there is none.
    """
    place = match.place
    known = {
        "input": match.input,
        "status": match.status,
        "confidence": 0.0,
        "reason": match.reason,
    }
    if place is None:
        return {**dict.fromkeys(COLUMNS, ""), **known}
    found = {
        **known,
        "city_id": place.city_id,
        "name_en": place.name_en,
        "name_zh": place.name_zh,
        "country": place.country,
        "lon": place.lon,
        "lat": place.lat,
        "population": place.population,
        "confidence": round(match.confidence, 3),
        "candidates": "; ".join(_brief(rival) for rival in match.candidates[:CANDIDATES]),
        "step": match.step,
    }
    return {column: found[column] for column in COLUMNS}


def _brief(place: Place) -> str:
    return f"{place.name_en} {place.country} {place.population}"


def _scope(catalog: Catalog, edition: str | None) -> tuple[str, ...]:
    """Return the countries of an edition; none where no edition is given."""
    if edition is None:
        return ()
    path = catalog.item("editions", edition)
    fields = Fields(str(path), read_toml(path))
    codes = fields.texts("countries", required=False)
    if fields.problems:
        raise DataError(fields.problems)
    return codes


def _queries(request: Request, scope: tuple[str, ...], say: Callable[[str], None]) -> list[Query]:
    """Return the names to find, from the arguments or from a table."""
    if request.names:
        return [Query(name, scope) for name in _given_names(request)]
    if len(request.inputs) != 1:
        raise TierscapeError("give one FILE (or - for standard input), or --names and names.")
    source = request.inputs[0]
    content = sys.stdin.buffer.read() if source == "-" else _bytes(Path(source))
    table = read_table(content, source)
    if table.assumed:
        line = shortened(table.assumed, SHOWN)
        note = f"{source}: not all UTF-8; read as GB18030, such as {line!r}."
        say(f"{note} If that looks wrong, save it as UTF-8.")
    return _rows(table, source, request, scope)


def _given_names(request: Request) -> tuple[str, ...]:
    """Return the names of the command line; columns are of a table."""
    if not request.inputs:
        raise TierscapeError("--names: give at least one name.")
    columns = {"--name": request.name_column, "--country": request.country_column}
    given = [f"{option} {value}" for option, value in columns.items() if value is not None]
    if given:
        first = request.inputs[0]
        raise TierscapeError(
            f"{' and '.join(given)}: names a column of a FILE, and --names has none. Write the"
            f" country in the name, as in {shortened(first + ', France', SHOWN)!r}, or give a FILE."
        )
    return request.inputs


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        hint = " For names on the command line use --names." if not path.suffix else ""
        raise TierscapeError(f"{path}: {error.strerror or 'cannot be read'}.{hint}") from None


def _rows(table: NameTable, source: str, request: Request, scope: tuple[str, ...]) -> list[Query]:
    """Return one query per row of a table."""
    name = request.name_column or _name_column(table.columns)
    problems = [
        Problem(source, 1, column, ",".join(table.columns), "there is no such column", near)
        for column in (name, request.country_column)
        if column and column not in table.columns
        for near in [did_you_mean(column, table.columns)]
    ]
    if problems:
        raise DataError(problems)
    queries = []
    for row in table.rows:
        country = row.cells[request.country_column].strip() if request.country_column else ""
        code = country_code(country)
        if country and not code:
            remedy = _country_remedy(country)
            column = request.country_column
            problems.append(
                Problem(source, row.line, column, country[:SHOWN], "is no country", remedy)
            )
        queries.append(Query(row.cells[name], (code,) if code else scope))
    if problems:
        raise DataError(problems)
    return queries


def _name_column(columns: Sequence[str]) -> str:
    """Return the column that holds the names, by its heading; `name` if there is none."""
    known = {column.casefold(): column for column in reversed(columns)}
    return next((known[key] for key in NAME_COLUMNS if key in known), "name")


def _country_remedy(country: str) -> str:
    """Return what to write for a country that is not known, and the nearest one."""
    names = [text for one in countries() for text in (one.name_en, one.name_zh) if text]
    near = nearest(country[:SHOWN], names)
    meant = f"Did you mean {near[0]!r}? " if near else ""
    return f"{meant}Give a code of two or three letters, or a name in Chinese or English."


def _shown(request: Request, matches: Sequence[Match]) -> str:
    """Return JSON, a table for a reader, or CSV."""
    rows = [record(match) for match in matches]
    if request.as_json:
        return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    if request.names and request.output is None:
        return text_table(COLUMNS, [list(row.values()) for row in rows]) + "\n"
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
