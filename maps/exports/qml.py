"""Styles for QGIS (QML): symbols of tiers and landforms as on the atlas, labels, aliases."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping

from ...data.records import Dimension, Edition
from ..palette import HALO, INK, LANDFORMS, MOST_TIERS, UNRANKED, Symbol, tier_symbols
from .columns import Column, columns_of
from .layers import Layer
from .words import layer_title, word
from .xml_text import xml_text

#: Shapes of the palette as QGIS calls them, where it has another name.
_SHAPES = {"inverted-triangle": "triangle", "plus": "cross_fill", "cross": "cross2"}
#: QGIS has no shape that stands on its tip: the triangle is turned.
_ANGLES = {"inverted-triangle": 180}
_CLUSTER_PX = 6.0
_MM_PER_PX = 25.4 / 96
_VERSION = "3.22.0"
_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"

Properties = Mapping[str, str | float]
#: Value of the expression, label of the legend, kind of symbol, and its properties.
Category = tuple[str, str, str, Properties]


def styles_of(layer: Layer, editions: Iterable[Edition], lang: str) -> list[tuple[str, str]]:
    """Return the styles of a layer as name and QML, the first of them its default.

    Parameters
    ----------
    layer
        A layer of an export.
    editions
        What was read: cities have one style for each of their tables, by tier. Clusters and
        outlines have one, by landform; a layer without geometry one that explains its columns.
    lang
        The language of legends, labels and aliases, `zh` or `en`.

    References
    ----------
    QGIS, "QML - The QGIS Style File Format" (user guide, appendix on file formats).
    """
    columns = columns_of(layer)
    if layer.name == "cities":
        label = f"name_{lang}"
        return [
            (_titles(*each, lang), _qml(_by_tier(*each, lang), label, columns, lang))
            for each in tier_tables(layer, editions)
        ]
    renderers = {"outlines": _outlines(lang), "clusters": _by_landform(lang)}
    label = f"title_{lang}" if layer.name == "clusters" else ""
    style = _qml(renderers.get(layer.name), label, columns, lang)
    return [(layer_title(layer.name, lang), style)]


def tier_tables(layer: Layer, editions: Iterable[Edition]) -> list[tuple[Edition, Dimension]]:
    """Return the tables that rank the cities of a layer, the one with the most cities first."""
    counts = layer.table.count()
    tables = [(edition, each) for edition in editions for each in edition.dimensions]
    known = [each for each in tables if tier_field(*each) in counts]
    return sorted(known, key=lambda each: -counts[tier_field(*each)])


def tier_field(edition: Edition, dimension: Dimension) -> str:
    """Return the column of cities with the tier in a table."""
    return f"{edition.slug}/{dimension.slug}/tier"


def _titles(edition: Edition, dimension: Dimension, lang: str) -> str:
    """Return the name of the style of one table."""
    if lang == "zh":
        return f"{edition.title_zh} · {dimension.title_zh}"
    return f"{edition.title_en} · {dimension.title_en}"


def _by_tier(edition: Edition, dimension: Dimension, lang: str) -> ET.Element:
    """Return the symbols of tiers; further tiers look like the last that has one of its own."""
    symbols = tier_symbols(min(len(dimension.tiers), MOST_TIERS))
    categories: list[Category] = [
        (str(tier.number), tier.label, "marker", _marker(symbols[min(place, MOST_TIERS - 1)]))
        for place, tier in enumerate(dimension.tiers)
    ]
    categories.append(("NULL", word("unranked", lang), "marker", _marker(UNRANKED)))
    return _categorised(_quoted(tier_field(edition, dimension)), categories)


def _by_landform(lang: str) -> ET.Element:
    """Return the symbols of clusters."""
    categories: list[Category] = [
        (name, word(name, lang), "marker", _marker(Symbol(style.colour, INK, "star", _CLUSTER_PX)))
        for name, style in LANDFORMS.items()
    ]
    return _categorised(_quoted("landform"), categories)


def _outlines(lang: str) -> ET.Element:
    """Return the lines of outlines: the core solid, all members dashed."""
    categories: list[Category] = [
        (
            f"{name} {role}",
            f"{word(name, lang)} · {word(role, lang)}",
            "fill",
            {
                "color": _colour(style.colour, 26 if role == "core" else 0),
                "style": "solid" if role == "core" else "no",
                "outline_color": _colour(style.colour),
                "outline_style": "solid" if role == "core" else "dash",
                "outline_width": 0.5 if role == "core" else 0.3,
                "outline_width_unit": "MM",
            },
        )
        for name, style in LANDFORMS.items()
        for role in ("core", "all")
    ]
    return _categorised(f"{_quoted('landform')} || ' ' || {_quoted('role')}", categories)


def _categorised(expression: str, items: list[Category]) -> ET.Element:
    """Return a renderer with one symbol for each value of an expression."""
    renderer = ET.Element("renderer-v2", {"type": "categorizedSymbol", "attr": expression})
    categories, symbols = ET.SubElement(renderer, "categories"), ET.SubElement(renderer, "symbols")
    for number, (value, label, kind, properties) in enumerate(items):
        ET.SubElement(
            categories,
            "category",
            {
                "symbol": str(number),
                "value": "" if value == "NULL" else value,
                "type": value if value == "NULL" else "string",
                "label": xml_text(label),
                "render": "true",
            },
        )
        symbol = ET.SubElement(symbols, "symbol", {"name": str(number), "type": kind, "alpha": "1"})
        drawn = "SimpleMarker" if kind == "marker" else "SimpleFill"
        layer = ET.SubElement(symbol, "layer", {"class": drawn, "enabled": "1", "pass": "0"})
        _options(layer, properties)
    return renderer


def _options(parent: ET.Element, properties: Properties) -> None:
    """Write properties as QGIS keeps them."""
    options = ET.SubElement(parent, "Option", {"type": "Map"})
    for name, value in properties.items():
        ET.SubElement(options, "Option", {"name": name, "type": "QString", "value": str(value)})


def _marker(symbol: Symbol) -> Properties:
    """Return the properties of a point's symbol."""
    return {
        "name": _SHAPES.get(symbol.shape, symbol.shape),
        "angle": _ANGLES.get(symbol.shape, 0),
        "color": _colour(symbol.fill),
        "outline_color": _colour(symbol.stroke),
        "outline_width": 0.2,
        "outline_width_unit": "MM",
        "size": round(2 * symbol.radius_px * _MM_PER_PX, 2),
        "size_unit": "MM",
    }


def _colour(code: str, alpha: int = 255) -> str:
    """Return `#rrggbb` as QGIS writes it."""
    return ",".join(str(int(code[at : at + 2], 16)) for at in (1, 3, 5)) + f",{alpha}"


def _quoted(field: str) -> str:
    """Return a column's name as an expression of QGIS names it."""
    return '"' + field.replace('"', '""') + '"'


def _qml(renderer: ET.Element | None, label: str, columns: Iterable[Column], lang: str) -> str:
    """Return a style: how the layer is drawn and labelled, and what its columns mean."""
    drawn = "Symbology|Labeling|" if renderer is not None else ""
    root = ET.Element("qgis", {"version": _VERSION, "styleCategories": f"{drawn}Fields"})
    if renderer is not None:
        root.set("labelsEnabled", "1" if label else "0")
        root.append(renderer)
    if label:
        root.append(_labels(label))
    aliases = ET.SubElement(root, "aliases")
    for number, column in enumerate(columns, 1):  # 0 is the column of identifiers
        names = {"field": xml_text(column.name), "name": xml_text(column.title(lang))}
        ET.SubElement(aliases, "alias", {"index": str(number), **names})
    ET.indent(root, " ")
    return _HEAD + ET.tostring(root, encoding="unicode") + "\n"


def _labels(field: str) -> ET.Element:
    """Return labels with a halo, beside the edge of the symbols."""
    labeling = ET.Element("labeling", {"type": "simple"})
    settings = ET.SubElement(labeling, "settings")
    style = ET.SubElement(
        settings,
        "text-style",
        {
            "fieldName": field,
            "isExpression": "0",
            "fontSize": "8",
            "fontSizeUnit": "Point",
            "textColor": _colour(INK),
        },
    )
    halo = {"bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM"}
    ET.SubElement(style, "text-buffer", {**halo, "bufferColor": _colour(HALO)})
    around = {"placement": "6", "predefinedPositionOrder": "R,L,TR,BR,TL,BL,TSR,BSR"}
    ET.SubElement(
        settings, "placement", {**around, "dist": "0.5", "distUnits": "MM", "offsetType": "1"}
    )
    return labeling
