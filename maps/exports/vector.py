"""Files of one layer that GDAL writes: GeoJSON, FlatGeobuf, Shapefile."""

import warnings
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyogrio

from .layers import Layer
from .stamps import FIXED_DATE, fixed_date

#: Bytes of a text and of a name of a column in a DBF table.
TEXT_BYTES, NAME_BYTES = 254, 10
#: Results of a table in so few letters that its number stands before them.
_RESULTS = {"n_cities": "n", "percentile": "pct", "percentile_lower": "pct_lo"} | {
    "percentile_upper": "pct_up"
}


def write_geojson(path: Path, layer: Layer) -> None:
    """Write a layer as RFC 7946 asks: degrees, 7 decimals at most, outer rings anticlockwise.

    Parameters
    ----------
    path
        A file that is new or empty.
    layer
        With geometry, cut at 180 degrees.

    References
    ----------
    Butler et al. (2016), RFC 7946, The GeoJSON Format.
    """
    path.unlink(missing_ok=True)
    pyogrio.write_dataframe(
        layer.table, path, driver="GeoJSON", layer=layer.name, layer_options={"RFC7946": "YES"}
    )


def write_flatgeobuf(path: Path, layer: Layer) -> None:
    """Write a layer as FlatGeobuf with its spatial index; rows stand in the index's order.

    Parameters
    ----------
    path
        A file that is new or empty.
    layer
        With geometry.

    References
    ----------
    Williams et al., FlatGeobuf specification 3.0 (packed Hilbert R-tree).
    """
    path.unlink(missing_ok=True)
    pyogrio.write_dataframe(
        layer.table, path, driver="FlatGeobuf", layer=layer.name, geometry_type=layer.geometry
    )


def write_shapefile(path: Path, layer: Layer) -> pd.DataFrame:
    """Write a layer as a Shapefile in UTF-8; its format keeps 10 letters of a column's name.

    Parameters
    ----------
    path
        The `.shp` to write; `.shx`, `.dbf`, `.prj` and `.cpg` stand beside it.
    layer
        With geometry.

    Returns
    -------
    pandas.DataFrame
        `short`, `column`, `cut`: the name in the file, the column's own, and how many of its texts
        are longer than 254 bytes and lost their end.

    References
    ----------
    ESRI (1998), ESRI Shapefile Technical Description.
    """
    table = layer.table.copy()
    columns = [str(name) for name in layer.plain.columns]
    short = short_names(columns)
    cut = []
    for name in columns:
        long = table[name].map(_too_long)
        table.loc[long, name] = table.loc[long, name].map(_cut)
        cut.append(int(long.sum()))
    table = table.rename(columns=dict(zip(columns, short, strict=True)))
    options = {"ENCODING": "UTF-8", "DBF_DATE_LAST_UPDATE": FIXED_DATE}
    with fixed_date(), warnings.catch_warnings():
        # GDAL tells of widths that it fits to the numbers; nothing is lost by it.
        warnings.filterwarnings("ignore", message=".*(field|Field|width|wider).*")
        pyogrio.write_dataframe(table, path, driver="ESRI Shapefile", layer_options=options)
    return pd.DataFrame({"short": short, "column": columns, "cut": cut})


def short_names(columns: Sequence[str]) -> list[str]:
    """Return names of at most 10 ASCII letters, digits and underscores, no two the same.

    Examples
    --------
    >>> short_names(["match_status", "g20-2023/total/tier", "g20-2023/total/percentile_lower"])
    ['match_stat', 't1_tier', 't1_pct_lo']
    >>> short_names(["名称", "coast_and_mountain", "coast_and_sea"])
    ['column', 'coast_and', 'coast_and1']
    """
    tables = list(dict.fromkeys(name.rpartition("/")[0] for name in columns if "/" in name))
    taken: set[str] = set()
    found = []
    for column in columns:
        where, _, last = column.rpartition("/")
        plain = f"t{tables.index(where) + 1}_{_RESULTS.get(last, last)}" if where else column
        plain = "".join(c if c.isascii() and c.isalnum() else "_" for c in plain).strip("_")
        base = plain[:NAME_BYTES].strip("_") or "column"
        name, number = base, 0
        while name.casefold() in taken:
            number += 1
            name = f"{base[: NAME_BYTES - len(str(number))]}{number}"
        taken.add(name.casefold())
        found.append(name)
    return found


def _too_long(cell: object) -> bool:
    return isinstance(cell, str) and len(cell.encode()) > TEXT_BYTES


def _cut(text: str) -> str:
    """Return the beginning of a text that a DBF table has room for."""
    return text.encode()[:TEXT_BYTES].decode(errors="ignore")
