"""KML: names, folders, typed data, and nothing that is fetched."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pyogrio
import pytest

from tierscape.maps.exports.kml import write_kml
from tierscape.maps.exports.layers import Layer
from tierscape.maps.payload import AtlasData

SPACE = {"k": "http://www.opengis.net/kml/2.2"}
TAG = "{http://www.opengis.net/kml/2.2}"
NAMES = ("cities", "clusters", "outlines")


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own text


@pytest.fixture(scope="module")
def root(
    tmp_path_factory: pytest.TempPathFactory, layers: dict[str, Layer], data: AtlasData
) -> ET.Element:
    path = tmp_path_factory.mktemp("kml") / "out.kml"
    write_kml(path, [layers[name] for name in NAMES], data.editions, "zh")
    return parsed(path.read_text(encoding="utf-8"))


def names(root: ET.Element, path: str) -> list[str | None]:
    return [each.text for each in root.findall(f"{path}/k:name", SPACE)]


def test_folders_are_layers_landforms_and_clusters(root: ET.Element) -> None:
    assert names(root, "k:Document/k:Folder") == ["城市", "城市群", "城市群轮廓"]
    top = root.findall("k:Document/k:Folder", SPACE)
    assert names(top[0], "k:Folder") == ["沿海"]
    assert names(top[2], "k:Folder") == ["沿海", "山地", "内陆"]
    assert names(top[2], "k:Folder/k:Folder") == ["斐济", "东京湾", "阿尔卑斯山", "内陆走廊"]


def test_every_row_is_a_placemark_with_its_name_cells_and_place(
    root: ET.Element, layers: dict[str, Layer]
) -> None:
    top = root.find("k:Document/k:Folder", SPACE)
    assert top is not None
    table = layers["cities"].table.set_index("name_zh")
    placemarks = top.findall(".//k:Placemark", SPACE)
    assert len(placemarks) == len(table)
    for place in placemarks:
        row = table.loc[place.findtext("k:name", "", SPACE)]
        cells = {str(cell.get("name")): cell.text for cell in place.iter(f"{TAG}SimpleData")}
        wanted = row.drop("geometry").dropna()
        assert set(cells) == {*wanted.index, "name_zh"}
        assert all(str(wanted[name]) == cells[name] for name in wanted.index)
        text = place.findtext("k:Point/k:coordinates", "", SPACE)
        assert [float(axis) for axis in text.split(",")] == [row.geometry.x, row.geometry.y]


def test_every_style_and_schema_that_is_named_exists(root: ET.Element) -> None:
    known = {each.get("id") for each in root.iter() if each.get("id")}
    used = {str(each.text) for each in root.iter(f"{TAG}styleUrl")}
    used |= {str(each.get("schemaUrl")) for each in root.iter(f"{TAG}SchemaData")}
    assert used
    assert {name.removeprefix("#") for name in used} <= known
    assert not list(root.iter(f"{TAG}href"))


def test_gdal_reads_the_folders_as_layers(
    tmp_path: Path, layers: dict[str, Layer], data: AtlasData
) -> None:
    path = tmp_path / "out.kml"
    write_kml(path, [layers["outlines"]], data.editions, "en")
    read = pyogrio.read_dataframe(path, layer="Alps").set_index("role")
    assert read["Name"].tolist() == ["Alps · core", "Alps · core and extended"]
    wanted = layers["outlines"].table.set_index(["cluster", "role"])
    column = "world-2023/total/percentile"
    assert read.loc["core", column] == wanted.loc[("alps", "core"), column]
    assert read.geometry["core"].equals(wanted.loc[("alps", "core"), "geometry"])


def test_hostile_names_stay_names(
    tmp_path: Path, layers: dict[str, Layer], data: AtlasData
) -> None:
    bad = "</name><script>&\x00\x0b]]>"
    table = layers["cities"].table.assign(name_en=bad)
    write_kml(tmp_path / "out.kml", [Layer("cities", table)], data.editions, "en")
    root = parsed((tmp_path / "out.kml").read_text(encoding="utf-8"))
    found = {
        place.findtext("k:name", "", SPACE) for place in root.iterfind(".//k:Placemark", SPACE)
    }
    assert found == {"</name><script>&\ufffd\ufffd]]>"}


def test_the_same_bytes_twice_and_without_editions(
    tmp_path: Path, layers: dict[str, Layer], data: AtlasData
) -> None:
    chosen = [layers[name] for name in NAMES]
    for name in ("one.kml", "two.kml"):
        write_kml(tmp_path / name, chosen, data.editions, "en")
    assert (tmp_path / "one.kml").read_bytes() == (tmp_path / "two.kml").read_bytes()
    write_kml(tmp_path / "none.kml", chosen, (), "en")
    root = parsed((tmp_path / "none.kml").read_text(encoding="utf-8"))
    styles = {each.text for each in root.iterfind("k:Document/k:Folder[1]//k:styleUrl", SPACE)}
    assert styles == {"#unranked"}


def test_more_tiers_than_symbols_share_the_last(
    tmp_path: Path, layers: dict[str, Layer], data: AtlasData
) -> None:
    world = next(each for each in data.editions if each.slug == "world-2023")
    tier = world.dimensions[0].tiers[0]
    many = tuple(replace(tier, number=number, label=str(number)) for number in range(1, 13))
    edition = replace(world, dimensions=(replace(world.dimensions[0], tiers=many),))
    column = "world-2023/total/tier"
    table = layers["cities"].table
    table = table.assign(**{column: pd.Series(range(1, len(table) + 1), dtype="Int64")})
    write_kml(tmp_path / "out.kml", [Layer("cities", table)], [edition], "en")
    root = parsed((tmp_path / "out.kml").read_text(encoding="utf-8"))
    used = [each.text for each in root.iter(f"{TAG}styleUrl")]
    assert used == [f"#tier-{min(number, 9)}" for number in range(1, len(table) + 1)]
