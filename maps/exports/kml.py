"""KML: cities in a folder for each landform, clusters with their outlines in one for each."""

import xml.etree.ElementTree as ET
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from ...data.records import Edition
from ..palette import LANDFORMS, MOST_TIERS, UNRANKED, tier_symbols
from .columns import columns_of
from .layers import Layer
from .qml import tier_field, tier_tables
from .words import layer_title, word
from .xml_text import xml_text

_NAMESPACE = "http://www.opengis.net/kml/2.2"
_TYPES = {"string": "string", "integer": "int", "number": "double", "boolean": "bool"}
_SCALE_PER_PX = 0.12


@dataclass(frozen=True, slots=True)
class _Look:
    """The column of tiers that colours the cities, and the language."""

    column: str
    lang: str


def write_kml(path: Path, layers: Sequence[Layer], editions: Iterable[Edition], lang: str) -> None:
    """Write layers with names, folders, typed data and colours; no picture is fetched.

    Parameters
    ----------
    path
        The file to write.
    layers
        Cities, clusters, outlines; each is a folder, with one in it for each landform.
    editions
        What was read: the table with the most cities colours them by tier.
    lang
        The language of names and folders, `zh` or `en`.

    References
    ----------
    OGC 07-147r2, KML 2.2.
    """
    root = ET.Element("kml", {"xmlns": _NAMESPACE})
    document = _add(root, "Document")
    _add(document, "name", "tierscape")
    tables = [t for each in layers if each.name == "cities" for t in tier_tables(each, editions)]
    look = _Look(tier_field(*tables[0]) if tables else "", lang)
    _add_styles(document, len(tables[0][1].tiers) if tables else 0)
    for layer in layers:
        _add_schema(document, layer, lang)
    for layer in layers:
        _add_folders(document, layer, look)
    ET.indent(root, " ")
    path.write_bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """Add an element with its text."""
    found = ET.SubElement(parent, tag, {k: xml_text(v) for k, v in attributes.items()})
    found.text = xml_text(text) or None
    return found


def _add_styles(document: ET.Element, tiers: int) -> None:
    """Add the colours: of tiers for cities, of landforms for clusters."""
    shown = {"unranked": UNRANKED}
    symbols = tier_symbols(min(tiers, MOST_TIERS)) if tiers else ()
    shown |= {f"tier-{number}": symbol for number, symbol in enumerate(symbols, 1)}
    for name, symbol in shown.items():
        icon = _add(_add(document, "Style", id=name), "IconStyle")
        _add(icon, "color", _colour(symbol.fill))
        _add(icon, "scale", f"{_SCALE_PER_PX * symbol.radius_px:.2f}")
    for name, landform in LANDFORMS.items():
        for role, width, opacity in (("core", "3", "40"), ("all", "1.5", "00")):
            style = _add(document, "Style", id=f"{name}-{role}")
            _add(_add(style, "IconStyle"), "color", _colour(landform.colour))
            line = _add(style, "LineStyle")
            _add(line, "color", _colour(landform.colour))
            _add(line, "width", width)
            _add(_add(style, "PolyStyle"), "color", _colour(landform.colour, opacity))


def _colour(code: str, opacity: str = "ff") -> str:
    """Return `#rrggbb` in KML's order: opacity, blue, green, red."""
    return f"{opacity}{code[5:7]}{code[3:5]}{code[1:3]}"


def _add_schema(document: ET.Element, layer: Layer, lang: str) -> None:
    """Add the types and the meanings of a layer's columns."""
    schema = _add(document, "Schema", name=layer.name, id=layer.name)
    for column in columns_of(layer):
        field = _add(schema, "SimpleField", type=_TYPES[column.type], name=column.name)
        _add(field, "displayName", column.title(lang))


def _add_folders(document: ET.Element, layer: Layer, look: _Look) -> None:
    """Add a layer: a folder for each landform, and in it outlines in one for each cluster."""
    top = _folder(document, layer_title(layer.name, look.lang))
    for landform in LANDFORMS:
        rows = layer.table[layer.table["landform"] == landform]
        if rows.empty:
            continue
        inner = _folder(top, word(landform, look.lang))
        if layer.name != "outlines":
            _add_places(inner, layer.name, rows, look)
            continue
        for _, mine in rows.groupby("cluster", sort=False):
            title = str(mine[f"title_{look.lang}"].iloc[0])
            _add_places(_folder(inner, title), layer.name, mine, look)


def _folder(parent: ET.Element, name: str) -> ET.Element:
    found = _add(parent, "Folder")
    _add(found, "name", name)
    return found


def _add_places(folder: ET.Element, layer: str, rows: pd.DataFrame, look: _Look) -> None:
    """Add a placemark for each row: its name, colour, columns and geometry."""
    geometry = rows.geometry
    plain = rows.drop(columns=geometry.name)
    for shape, row in zip(geometry, plain.to_dict("records"), strict=True):
        place = _add(folder, "Placemark")
        _add(place, "name", _name(layer, row, look.lang))
        _add(place, "styleUrl", f"#{_style(layer, row, look.column)}")
        data = _add(_add(place, "ExtendedData"), "SchemaData", schemaUrl=f"#{layer}")
        for name, cell in row.items():
            if not pd.isna(cell):
                _add(data, "SimpleData", _cell(cell), name=str(name))
        _add_geometry(place, shape)


def _name(layer: str, row: dict[Hashable, Any], lang: str) -> str:
    """Return what the reader sees beside a place."""
    if layer == "cities":
        return str(row[f"name_{lang}"])
    title = str(row[f"title_{lang}"])
    return title if layer == "clusters" else f"{title} · {word(str(row['role']), lang)}"


def _style(layer: str, row: dict[Hashable, Any], column: str) -> str:
    """Return the style of a row: its tier, or its landform and role."""
    if layer != "cities":
        return f"{row['landform']}-{row['role'] if layer == 'outlines' else 'core'}"
    tier = row.get(column)
    return "unranked" if tier is None or pd.isna(tier) else f"tier-{min(int(tier), MOST_TIERS)}"


def _cell(cell: object) -> str:
    """Return a cell as XML Schema writes it."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell)


def _add_geometry(place: ET.Element, shape: shapely.Geometry) -> None:
    """Add a point, or the rings of areas, longitude before latitude."""
    if shape.geom_type == "Point":
        _add(_add(place, "Point"), "coordinates", f"{shape.x},{shape.y}")
        return
    several = _add(place, "MultiGeometry")
    for part in shapely.get_parts(shape):
        area = _add(several, "Polygon")
        for tag, rings in (
            ("outerBoundaryIs", [part.exterior]),
            ("innerBoundaryIs", part.interiors),
        ):
            for ring in rings:
                text = " ".join(f"{x},{y}" for x, y in shapely.get_coordinates(ring).tolist())
                _add(_add(_add(area, tag), "LinearRing"), "coordinates", text)
