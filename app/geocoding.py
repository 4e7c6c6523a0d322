"""The geocode command: a list or a table of names to places. Loads neither pandas nor numpy."""

import csv
import io
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tierscape.data.catalog import Catalog, open_catalog
from tierscape.data.errors import DataError, Problem, TierscapeError, did_you_mean
from tierscape.data.reading import Fields, read_toml
from tierscape.data.records import Place
from tierscape.geo.gazetteer import country_code, gazetteer
from tierscape.geo.geocode import Geocoder, Match, load_aliases
from tierscape.terminal import text_table

COLUMNS = (
    *("input", "status", "step", "city_id", "name_en", "name_zh", "country"),
    *("lon", "lat", "population", "candidates"),
)
#: How many rivals a row lists.
CANDIDATES = 5
NAME_COLUMNS = ("name", "city", "城市", "名称", "城市名称")


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


def run(request: Request) -> tuple[str, bool]:
    """Return the answer as text, and whether every name was matched for sure.

    Raises
    ------
    TierscapeError
        If the request does not make sense, or a file cannot be read.
    """
    catalog = open_catalog(request.data)
    scope = _scope(catalog, request.edition)
    queries = _queries(request, scope)
    with gazetteer() as places:
        geocoder = Geocoder(places, load_aliases(catalog, places))
        matches = [geocoder.find(query.name, query.countries) for query in queries]
    return _shown(request, matches), all(match.status == "matched" for match in matches)


def record(match: Match) -> dict[str, object]:
    """Return one row of the answer.

    Returns
    -------
    dict
        `input`, `status`, `step`, `city_id`, `name_en`, `name_zh`, `country`, `lon`, `lat`,
        `population`, `candidates` (the likeliest rivals); empty where there is no place.
    """
    place = match.place
    rivals = "; ".join(_brief(rival) for rival in match.candidates[:CANDIDATES])
    if place is None:
        return {**dict.fromkeys(COLUMNS, ""), "input": match.input, "status": match.status}
    return {
        "input": match.input,
        "status": match.status,
        "step": match.step,
        "city_id": place.city_id,
        "name_en": place.name_en,
        "name_zh": place.name_zh,
        "country": place.country,
        "lon": place.lon,
        "lat": place.lat,
        "population": place.population,
        "candidates": rivals,
    }


def _brief(place: Place) -> str:
    return f"{place.name_en} {place.country} {place.population}"


def _scope(catalog: Catalog, edition: str | None) -> tuple[str, ...]:
    """Return the countries of an edition; none where no edition is given."""
    if edition is None:
        return ()
    path = catalog.item("editions", edition)
    fields = Fields(str(path), read_toml(path))
    countries = fields.texts("countries", required=False)
    if fields.problems:
        raise DataError(fields.problems)
    return countries


def _queries(request: Request, scope: tuple[str, ...]) -> list[Query]:
    """Return the names to find, from the arguments or from a table."""
    if request.names:
        if not request.inputs:
            raise TierscapeError("--names: give at least one name.")
        return [Query(name, scope) for name in request.inputs]
    if len(request.inputs) != 1:
        raise TierscapeError("give one FILE (or - for standard input), or --names and names.")
    source = request.inputs[0]
    content = sys.stdin.buffer.read() if source == "-" else _bytes(Path(source))
    return _rows(_decoded(content, source), source, request, scope)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        hint = " For names on the command line use --names." if not path.suffix else ""
        raise TierscapeError(f"{path}: {error.strerror or 'cannot be read'}.{hint}") from None


def _decoded(content: bytes, source: str) -> str:
    """Return text in UTF-8 or, as Chinese spreadsheets write it, GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    rule = "the file is neither UTF-8 nor GB18030"
    raise DataError([Problem(source, None, None, "", rule, "Save it as UTF-8.")])


def _rows(text: str, source: str, request: Request, scope: tuple[str, ...]) -> list[Query]:
    """Return one query per row of a CSV table."""
    reader = csv.DictReader(io.StringIO(text, newline=""))
    header = [name for name in reader.fieldnames or () if name is not None]
    name = request.name_column or next((key for key in NAME_COLUMNS if key in header), "")
    problems = [
        Problem(source, 1, column, ",".join(header), "there is no such column", near)
        for column in (name or "name", request.country_column)
        if column and column not in header
        for near in [did_you_mean(column, header)]
    ]
    if problems:
        raise DataError(problems)
    queries = []
    for row in reader:
        country = (row[request.country_column] or "").strip() if request.country_column else ""
        code = country_code(country)
        if country and not code:
            rule = "is no country"
            remedy = "Give a code of two or three letters, or a name in Chinese or English."
            problems.append(
                Problem(source, reader.line_num, request.country_column, country, rule, remedy)
            )
        queries.append(Query(row[name] or "", (code,) if code else scope))
    if problems:
        raise DataError(problems)
    return queries


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
