"""GeoPackage: every layer comes back, QGIS finds its styles, and the bytes do not change."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pyogrio
import pytest

from tierscape.maps.exports.geopackage import write_geopackage
from tierscape.maps.exports.layers import Layer
from tierscape.maps.exports.qml import styles_of
from tierscape.maps.palette import LANDFORMS, tier_symbols
from tierscape.maps.payload import AtlasData

Reader = Callable[[Path, str], list[dict[str, Any]]]


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own text


def write(path: Path, world: tuple[Layer, ...], data: AtlasData) -> None:
    styles = {layer.name: styles_of(layer, data.editions, "zh") for layer in world}
    write_geopackage(path, world, styles, "zh")


@pytest.fixture(scope="module")
def package(
    tmp_path_factory: pytest.TempPathFactory, world: tuple[Layer, ...], data: AtlasData
) -> Path:
    path = tmp_path_factory.mktemp("package") / "out.gpkg"
    write(path, world, data)
    return path


def rows(path: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as found:
        return found.execute(query).fetchall()


def test_every_layer_comes_back_whole(package: Path, world: tuple[Layer, ...]) -> None:
    for layer in world:
        read = pyogrio.read_dataframe(package, layer=layer.name)
        assert list(read.columns) == list(layer.table.columns)
        for name in layer.plain:
            wanted = layer.plain[name].astype(object).where(layer.plain[name].notna(), None)
            found = read[name].astype(object).where(read[name].notna(), None)
            assert found.tolist() == wanted.tolist(), name
        if layer.geometry:
            assert read.crs == "EPSG:4326"
            assert read.geometry.geom_equals(layer.table.geometry).all()


def test_another_reader_finds_the_same(
    package: Path, world: tuple[Layer, ...], second_reader: Reader
) -> None:
    for layer in world:
        found = pd.DataFrame([each["properties"] for each in second_reader(package, layer.name)])
        assert list(found.columns) == list(layer.plain.columns)
        assert len(found) == len(layer.plain)
        key = str(found.columns[0])
        assert found[key].tolist() == layer.plain[key].tolist()


def test_contents_tell_what_each_table_is(package: Path, world: tuple[Layer, ...]) -> None:
    told = dict(rows(package, "SELECT table_name, data_type FROM gpkg_contents"))
    assert told.pop("layer_styles") == "attributes"
    assert told == {each.name: "features" if each.geometry else "attributes" for each in world}
    assert rows(package, "PRAGMA integrity_check") == [("ok",)]
    assert rows(package, "PRAGMA foreign_key_check") == []


def test_each_layer_has_one_default_style_at_its_geometry(
    package: Path, world: tuple[Layer, ...]
) -> None:
    query = "SELECT f_table_name, f_geometry_column FROM layer_styles WHERE useAsDefault"
    geometries = dict(rows(package, "SELECT table_name, column_name FROM gpkg_geometry_columns"))
    assert sorted(rows(package, query)) == sorted(
        (layer.name, geometries.get(layer.name, "")) for layer in world
    )


def test_the_default_of_cities_is_the_table_with_the_most_cities(
    package: Path, data: AtlasData
) -> None:
    query = "SELECT styleName, styleQML, useAsDefault FROM layer_styles WHERE f_table_name='cities'"
    styles = rows(package, query)
    assert len(styles) == sum(len(edition.dimensions) for edition in data.editions)
    default = next(parsed(qml) for _, qml, first in styles if first)
    renderer = default.find("renderer-v2")
    assert renderer is not None
    assert renderer.get("attr") == '"world-2023/total/tier"'


def test_tiers_look_as_on_the_atlas(layers: dict[str, Layer], data: AtlasData) -> None:
    root = parsed(styles_of(layers["cities"], data.editions, "en")[0][1])
    symbols = {each.get("name"): each for each in root.iter("symbol")}
    for category, symbol in zip(root.iter("category"), tier_symbols(4), strict=False):
        options = {
            each.get("name"): each.get("value")
            for each in symbols[category.get("symbol")].iter("Option")
        }
        code = symbol.fill
        wanted = ",".join(str(int(code[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"
        assert options["color"] == wanted
    labels = [each.get("label") for each in root.iter("category")]
    assert labels == [*("前 10%", "10%-30%", "30%-60%", "60%-100%"), "not ranked"]
    style = root.find("labeling/settings/text-style")
    assert style is not None
    assert style.get("fieldName") == "name_en"


def test_outlines_have_a_symbol_for_each_landform_and_role(
    layers: dict[str, Layer], data: AtlasData
) -> None:
    root = parsed(styles_of(layers["outlines"], data.editions, "zh")[0][1])
    values = {each.get("value") for each in root.iter("category")}
    assert values == {f"{landform} {role}" for landform in LANDFORMS for role in ("core", "all")}


def test_aliases_explain_every_column(layers: dict[str, Layer], data: AtlasData) -> None:
    for layer in layers.values():
        root = parsed(styles_of(layer, data.editions, "zh")[0][1])
        fields = [each.get("field") for each in root.iter("alias")]
        assert fields == list(layer.plain.columns)


def test_hostile_names_stay_names(
    tmp_path: Path, hostile: AtlasData, layers: dict[str, Layer]
) -> None:
    bad = "a\x00\x1f<b> ' \" ]]> &amp; =cmd|x \u202e"
    editions = tuple(replace(each, title_zh=bad) for each in hostile.editions)
    table = layers["cities"].table.assign(name_zh="'); DROP TABLE cities; --")
    layer = Layer("cities", table)
    styles = styles_of(layer, editions, "zh")
    for _, qml in styles:
        parsed(qml)
    path = tmp_path / "hostile.gpkg"
    write_geopackage(path, [layer], {"cities": styles}, "zh")
    read = pyogrio.read_dataframe(path, layer="cities")
    assert set(read["name_zh"]) == {"'); DROP TABLE cities; --"}


def test_the_same_layers_give_the_same_bytes(
    tmp_path: Path, package: Path, world: tuple[Layer, ...], data: AtlasData
) -> None:
    write(tmp_path / "again.gpkg", world, data)
    assert (tmp_path / "again.gpkg").read_bytes() == package.read_bytes()
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None
