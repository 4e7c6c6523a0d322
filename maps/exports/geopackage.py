"""GeoPackage: every layer in one file, with the styles that QGIS opens it with."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pyogrio

from .layers import Layer
from .stamps import FIXED_DATE, fixed_date
from .words import layer_title

#: As QGIS makes it, so that it reads and edits the styles as its own.
_STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)"""
_STYLE = "INSERT INTO layer_styles VALUES (NULL, '', '', ?, ?, ?, ?, '', ?, ?, '', '', ?)"
_CONTENTS = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change,"
    " srs_id) VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)"
)
#: Read without a warning by the QGIS of Debian 12 (GDAL 3.6) and by newer ones.
_VERSION = "1.3"
_TIME = f"{FIXED_DATE}T00:00:00.000Z"

Styles = Mapping[str, Sequence[tuple[str, str]]]


def write_geopackage(path: Path, layers: Sequence[Layer], styles: Styles, lang: str) -> None:
    """Write layers and their styles into one new file.

    Parameters
    ----------
    path
        A file that is new or empty.
    layers
        Layers with geometry are written as features, the others as attributes.
    styles
        Layer to styles as name and QML; the first of a layer is its default.
    lang
        The language of the layers' descriptions.

    References
    ----------
    OGC 12-128r18, GeoPackage Encoding Standard 1.3. The table `layer_styles` is QGIS's own.
    """
    path.unlink(missing_ok=True)
    with fixed_date():
        for layer in layers:
            pyogrio.write_dataframe(
                layer.table,
                path,
                driver="GPKG",
                layer=layer.name,
                geometry_type=layer.geometry or None,
                dataset_options={} if path.exists() else {"VERSION": _VERSION},
                layer_options={"DESCRIPTION": layer_title(layer.name, lang)},
            )
    with closing(sqlite3.connect(path)) as package, package:
        _write_styles(package, layers, styles)


def _write_styles(package: sqlite3.Connection, layers: Sequence[Layer], styles: Styles) -> None:
    """Add the table of styles, and tell the contents of it."""
    package.execute("PRAGMA synchronous = OFF")
    package.execute(_STYLES)
    package.execute(_CONTENTS, (_TIME,))
    for layer in layers:
        for number, (name, qml) in enumerate(styles.get(layer.name, ())):
            column = "geom" if layer.geometry else ""
            package.execute(_STYLE, (layer.name, column, name, qml, number == 0, name, _TIME))
