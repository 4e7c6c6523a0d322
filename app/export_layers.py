"""What an export holds: the layers that a format may have, made from the tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd
from geopandas import GeoDataFrame

from tierscape.analysis import Places, Progress, analyse
from tierscape.data.errors import TierscapeError, UnknownNameError
from tierscape.maps.exports.layers import (
    Layer,
    city_layer,
    cluster_layer,
    edition_layer,
    outline_layer,
)
from tierscape.maps.outlines import cluster_outlines
from tierscape.outputs import decimals_of
from tierscape.scoring.aggregate import summarise

POINTS, AREAS = ("cities", "clusters"), ("outlines",)
TABLES = ("editions", "tiers", "membership", "results")
#: Tables that take longer; they are made where they are asked for.
SLOW = ("comparisons", "claims", "audit")
LAYERS = (*POINTS, *AREAS, *TABLES, *SLOW)


@dataclass(frozen=True, slots=True)
class Format:
    """What a kind of file holds: the layers it may, those it does unasked, and if only one."""

    may: tuple[str, ...]
    unasked: tuple[str, ...]
    one: bool = False


_PLACED = Format((*POINTS, *AREAS), ("cities",), one=True)
_TABLE = Format(LAYERS, ("cities",), one=True)
_SHEETS = Format((*POINTS, *TABLES, *SLOW), (*POINTS, *TABLES))
FORMATS = {
    ".gpkg": Format(LAYERS, (*POINTS, *AREAS, *TABLES)),
    ".parquet": _TABLE,
    ".fgb": _PLACED,
    ".geojson": _PLACED,
    ".kml": Format((*POINTS, *AREAS), ("cities", "outlines")),
    ".shp": _PLACED,
    ".csv": _TABLE,
    ".xlsx": _SHEETS,
    "": _SHEETS,
}


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What is written: the layers, the places they come from, and the language."""

    layers: tuple[Layer, ...]
    places: Places
    lang: str


def chosen(output: Path, form: Format, asked: tuple[str, ...]) -> tuple[str, ...]:
    """Return the layers to write, in their order.

    Parameters
    ----------
    output, form
        The file that is to be written, and its format.
    asked
        Names of layers, or `all`.

    Raises
    ------
    UnknownNameError
        If there is no such layer.
    TierscapeError
        If the format cannot hold them.

    Examples
    --------
    >>> chosen(Path("out.kml"), FORMATS[".kml"], ())
    ('cities', 'outlines')
    """
    unknown = next((name for name in asked if name not in {*LAYERS, "all"}), None)
    if unknown is not None:
        raise UnknownNameError("layer", unknown, LAYERS)
    if "all" in asked and not form.one:
        return form.may
    names = tuple(name for name in LAYERS if name in (asked or form.unasked))
    if form.one and (len(names) > 1 or "all" in asked):
        raise TierscapeError(f"{output}: holds one layer. Give one --layer, or write a .gpkg.")
    refused = [name for name in names if name not in form.may]
    if refused:
        raise TierscapeError(
            f"{output}: cannot hold {', '.join(refused)}. Give one of {', '.join(form.may)},"
            " or write a .gpkg."
        )
    return names


def content_of(names: Sequence[str], places: Places, lang: str, progress: Progress) -> Content:
    """Make the layers that are asked for, with numbers as they are written."""
    tables = {"tiers": places.tiers, "membership": places.membership}
    if set(SLOW) & set(names):
        result = analyse(places, progress)
        tables |= {name: getattr(result, name) for name in SLOW}
        tables["results"] = result.clusters
    elif set(names) & {"clusters", "outlines", "results"}:
        landforms = {each.slug: each.landform for each in places.definitions}
        tables["results"] = summarise(places.tiers, places.membership, landforms)
    tables = {name: _rounded(table) for name, table in tables.items()}
    makers = _makers(places, tables)
    return Content(tuple(makers[name]() for name in names), places, lang)


def _makers(places: Places, tables: dict[str, pd.DataFrame]) -> dict[str, Callable[[], Layer]]:
    """Return what makes each layer."""

    @cache
    def shapes() -> GeoDataFrame:
        return cluster_outlines(places.membership, places.cities)

    def outlines() -> Layer:
        return outline_layer(shapes(), places.definitions, tables["results"])

    def clusters() -> Layer:
        return cluster_layer(shapes(), places.membership, places.definitions, tables["results"])

    def table(name: str) -> Callable[[], Layer]:
        return lambda: Layer(name, tables[name])

    return {
        "cities": lambda: city_layer(_rounded(places.cities), places.tiers),
        "clusters": clusters,
        "outlines": outlines,
        "editions": lambda: edition_layer(places.editions),
        **{name: table(name) for name in ("tiers", "membership", "results", *SLOW)},
    }


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its numbers as every file has them."""
    floats = [name for name in table if pd.api.types.is_float_dtype(table[name])]
    return table.round({name: decimals_of(str(name)) for name in floats})
