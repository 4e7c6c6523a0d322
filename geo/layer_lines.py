"""Rows of a GeoJSON or a GeoPackage as cells of text, for tables of names."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from ..data.errors import DataError, Problem

#: The first bytes of a GeoPackage (SQLite), and what a GeoJSON of several features holds.
GEOPACKAGE, GEOJSON = b"SQLite format 3\x00", b'"FeatureCollection"'
_FIRST = (
    "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes')"
    " AND table_name <> 'layer_styles' ORDER BY rowid LIMIT 1"
)

Lines = Iterator[tuple[int, list[str]]]


def geojson_lines(text: str, source: str) -> Lines:
    """Yield the names of the properties, and then the cells of each feature with its number.

    Raises
    ------
    DataError
        If it is no GeoJSON.

    Examples
    --------
    >>> feature = '{"type":"Feature","geometry":null,"properties":{"city":"西安","n":1}}'
    >>> text = '{"type":"FeatureCollection","features":[' + feature + "]}"
    >>> list(geojson_lines(text, "a.geojson"))
    [(1, ['city', 'n']), (2, ['西安', '1'])]
    """
    try:
        rows = [dict(each["properties"] or {}) for each in json.loads(text)["features"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError([_problem(source, error, "is no GeoJSON that can be read")]) from None
    columns = list(dict.fromkeys(name for row in rows for name in row))
    yield 1, columns
    for number, row in enumerate(rows, 2):
        yield number, [_cell(row.get(name)) for name in columns]


def geopackage_lines(content: bytes, source: str) -> Lines:
    """Yield the columns of the first table but its geometry, and then the cells of each row.

    Raises
    ------
    DataError
        If it is no GeoPackage, or holds no table.
    """
    try:
        with closing(sqlite3.connect(":memory:")) as package:
            package.deserialize(content)
            (table,) = package.execute(_FIRST).fetchone() or ("",)
            if not table:
                raise DataError([Problem(source, None, None, "", "holds no table of features")])
            where = "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?"
            shapes = {name for (name,) in package.execute(where, (table,))}
            quoted = table.replace('"', '""')
            rows = package.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - a quoted name
            names = [each[0] for each in rows.description]
            kept = [at for at, name in enumerate(names) if name not in shapes]
            lines = [[names[at] for at in kept]]
            lines += [[_cell(row[at]) for at in kept] for row in rows]
    except sqlite3.Error as error:
        raise DataError([_problem(source, error, "is no GeoPackage that can be read")]) from None
    yield from enumerate(lines, 1)


def _problem(source: str, error: Exception, rule: str) -> Problem:
    return Problem(source, None, None, str(error), rule)


def _cell(value: object) -> str:
    """Return a value as text; whole numbers have no decimals."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
