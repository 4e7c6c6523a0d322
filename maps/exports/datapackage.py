"""A Frictionless data package: one CSV for each table, and the schema of each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...data.records import Edition
from .columns import columns_of
from .layers import Layer
from .words import layer_title

#: The columns that tell one row of a table from another.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "editions": ("edition", "dimension"),
    "cities": ("city_id",),
    "clusters": ("cluster",),
    "tiers": ("edition", "dimension", "city_id"),
    "membership": ("cluster", "city_id"),
    "results": ("edition", "dimension", "cluster", "role"),
    "comparisons": ("edition", "dimension", "cluster_a", "cluster_b"),
    "claims": ("source", "claim"),
}
#: Columns of a table that refer to the key of another.
_REFERENCES: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "tiers": ((("edition", "dimension"), "editions"), (("city_id",), "cities")),
    "membership": ((("cluster",), "clusters"), (("city_id",), "cities")),
    "results": ((("edition", "dimension"), "editions"), (("cluster",), "clusters")),
    "comparisons": (
        (("edition", "dimension"), "editions"),
        (("cluster_a",), "clusters"),
        (("cluster_b",), "clusters"),
    ),
}
_PLACES = {
    "name": "CC-BY-4.0",
    "title": "GeoNames: names, coordinates, populations, elevations",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


def narrow(layer: Layer) -> Layer:
    """Return a layer without the columns that repeat other tables of the package.

    Examples
    --------
    >>> import pandas as pd
    >>> list(narrow(Layer("cities", pd.DataFrame({"city_id": ["1"], "e/d/tier": [1]}))).table)
    ['city_id']
    """
    wide = [name for name in layer.table.columns if "/" in str(name)]
    return Layer(layer.name, layer.table.drop(columns=wide))


def descriptor(
    tables: Sequence[Layer], digests: Mapping[str, tuple[int, str]], editions: Iterable[Edition]
) -> dict[str, Any]:
    """Return what `datapackage.json` says of the tables beside it.

    Parameters
    ----------
    tables
        The tables as they are written; `<name>.csv` holds each.
    digests
        Table to its number of bytes and its SHA-256.
    editions
        Whose credit lines are the package's sources.

    Returns
    -------
    dict
        A Tabular Data Package: for each table its columns with type, meaning and unit, its key,
        and the tables it refers to.

    References
    ----------
    Walsh and Pollock (2017), Data Package, Tabular Data Package and Table Schema,
    Frictionless Data specifications version 1.
    """
    names = [table.name for table in tables]
    return {
        "profile": "tabular-data-package",
        "name": "tierscape",
        "title": "Published tier rankings of cities, placed and compared by cluster",
        "description": "Terms of use of each ranking stand in editions.csv as printed. In the CSV"
        " files an apostrophe stands before a text that a spreadsheet would take for a formula.",
        "sources": [
            {"title": each.credit or each.title_en, "name": each.slug} for each in editions
        ],
        "resources": [_resource(table, digests[table.name], names) for table in tables],
    }


def _resource(table: Layer, digest: tuple[int, str], names: Sequence[str]) -> dict[str, Any]:
    """Return what is said of one table."""
    size, sha256 = digest
    resource: dict[str, Any] = {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": f"{layer_title(table.name, 'en')} {layer_title(table.name, 'zh')}",
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{sha256}",
        "schema": _schema(table, names),
    }
    return resource | ({"licenses": [_PLACES]} if table.name == "cities" else {})


def _schema(table: Layer, names: Sequence[str]) -> dict[str, Any]:
    """Return the columns of a table, its key, and what it refers to in the package."""
    fields = [
        {
            "name": column.name,
            "type": column.type,
            "title": column.zh,
            "description": column.title("en"),
        }
        for column in columns_of(table)
    ]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table.name in _KEYS:
        schema["primaryKey"] = list(_KEYS[table.name])
    references = [
        {"fields": list(columns), "reference": {"resource": other, "fields": list(_KEYS[other])}}
        for columns, other in _REFERENCES.get(table.name, ())
        if other in names
    ]
    return schema | ({"foreignKeys": references} if references else {})
