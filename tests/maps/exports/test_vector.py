"""GeoJSON, FlatGeobuf, Shapefile and GeoParquet come back whole, by more than one reader."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapefile
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tierscape.data.errors import TierscapeError
from tierscape.maps.exports import parquet
from tierscape.maps.exports.layers import Layer
from tierscape.maps.exports.parquet import write_parquet
from tierscape.maps.exports.vector import (
    NAME_BYTES,
    TEXT_BYTES,
    short_names,
    write_flatgeobuf,
    write_geojson,
    write_shapefile,
)

Reader = Callable[[Path, str], list[dict[str, Any]]]
Writer = Callable[[Path, Layer], object]
WRITERS: dict[str, Writer] = {
    "geojson": write_geojson,
    "fgb": write_flatgeobuf,
    "parquet": write_parquet,
    "shp": write_shapefile,
}
PLACED = ("cities", "clusters", "outlines")


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("name", PLACED)
def test_the_same_layer_gives_the_same_bytes(
    tmp_path: Path, layers: dict[str, Layer], suffix: str, name: str
) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        WRITERS[suffix](tmp_path / folder / f"out.{suffix}", layers[name])
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert f"out.{suffix}" in files
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


@pytest.mark.parametrize("name", PLACED)
def test_geojson_is_rfc_7946(tmp_path: Path, layers: dict[str, Layer], name: str) -> None:
    path = tmp_path / "out.geojson"
    write_geojson(path, layers[name])
    text = path.read_text(encoding="utf-8")
    read = json.loads(text)
    assert "crs" not in read
    table = layers[name].table
    assert len(read["features"]) == len(table)
    for feature, (_, row) in zip(read["features"], table.iterrows(), strict=True):
        shape = shapely.geometry.shape(feature["geometry"])
        assert shapely.equals_exact(shape.normalize(), row.geometry.normalize(), 1e-6)
        west, _, east, _ = shape.bounds
        assert -180 <= west <= east <= 180
        for part in shapely.get_parts(shape):
            if part.geom_type == "Polygon":
                assert part.exterior.is_ccw
                assert part.bounds[2] - part.bounds[0] < 180
        for column, cell in feature["properties"].items():
            assert cell == (None if pd.isna(row[column]) else row[column])


def test_flatgeobuf_comes_back_and_finds_by_box(
    tmp_path: Path, layers: dict[str, Layer], second_reader: Reader
) -> None:
    path = tmp_path / "out.fgb"
    table = layers["cities"].table
    write_flatgeobuf(path, layers["cities"])
    found = {each["properties"]["city_id"]: each for each in second_reader(path, "cities")}
    assert set(found) == set(table["city_id"])
    for row in table.itertuples():
        assert found[row.city_id]["properties"]["name_zh"] == row.name_zh
        assert np.allclose(found[row.city_id]["geometry"]["coordinates"], row.geometry.coords[0])
    box = (100, 0, 180, 60)
    inside = pyogrio.read_dataframe(path, bbox=box)["city_id"]
    assert set(inside) == set(table.loc[table.intersects(shapely.box(*box)), "city_id"])


@pytest.mark.parametrize("name", PLACED)
def test_parquet_has_a_box_for_every_geometry(
    tmp_path: Path, layers: dict[str, Layer], name: str
) -> None:
    path = tmp_path / "out.parquet"
    write_parquet(path, layers[name])
    table = layers[name].table
    read = pq.read_table(path)
    told = json.loads(read.schema.metadata[b"geo"])
    assert told["version"] == "1.1.0"
    column = told["columns"]["geometry"]
    assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    boxes = pd.DataFrame(read["bbox"].to_pylist())[["xmin", "ymin", "xmax", "ymax"]]
    assert np.allclose(boxes, table.geometry.bounds)
    shapes = shapely.from_wkb(read["geometry"].to_pylist())
    assert shapely.equals_exact(shapes, table.geometry.to_numpy()).all()
    east = table.cx[100:180, :]
    found = gpd.read_parquet(path, bbox=(100, -90, 180, 90))
    assert 0 < len(found) == len(east) < len(table)


def test_a_table_is_plain_parquet(tmp_path: Path, layers: dict[str, Layer]) -> None:
    write_parquet(tmp_path / "out.parquet", layers["tiers"])
    read = pq.read_table(tmp_path / "out.parquet")
    assert b"geo" not in read.schema.metadata
    assert read.to_pandas()["tier"].tolist() == layers["tiers"].table["tier"].tolist()


def test_parquet_without_pyarrow_tells_what_to_install(
    tmp_path: Path, layers: dict[str, Layer], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ImportError("pyarrow")

    monkeypatch.setattr(parquet.gpd.GeoDataFrame, "to_parquet", missing)
    with pytest.raises(TierscapeError, match=r"tierscape\[parquet\]"):
        write_parquet(tmp_path / "out.parquet", layers["cities"])


@pytest.mark.parametrize("name", PLACED)
def test_a_shapefile_keeps_every_cell_under_its_short_name(
    tmp_path: Path, layers: dict[str, Layer], name: str
) -> None:
    path = tmp_path / "out.shp"
    names = write_shapefile(path, layers[name])
    assert names["column"].tolist() == list(layers[name].plain.columns)
    table = layers[name].table
    with shapefile.Reader(str(path), encoding="utf-8") as read:
        assert [field.name for field in read.fields[1:]] == names["short"].tolist()
        assert len(read) == len(table)
        for record, (_, row) in zip(read.shapeRecords(), table.iterrows(), strict=True):
            for cell, column in zip(record.record, names["column"], strict=True):
                if pd.isna(row[column]):
                    assert cell in {None, ""}
                else:
                    assert cell == pytest.approx(row[column])
            shape = shapely.geometry.shape(record.shape.__geo_interface__)
            assert shapely.hausdorff_distance(shape, row.geometry) < 1e-9
    assert (path.with_suffix(".cpg")).read_text() == "UTF-8"
    assert "WGS" in path.with_suffix(".prj").read_text()


def test_a_long_text_is_cut_between_letters_and_counted(
    tmp_path: Path, layers: dict[str, Layer]
) -> None:
    table = layers["cities"].table.assign(name_zh="城" * 200)
    names = write_shapefile(tmp_path / "out.shp", Layer("cities", table))
    assert names.set_index("column")["cut"]["name_zh"] == len(table)
    assert names["cut"].sum() == len(table)
    read = pyogrio.read_dataframe(tmp_path / "out.shp")
    assert set(read["name_zh"]) == {"城" * (TEXT_BYTES // 3)}


@given(st.lists(st.text(max_size=40), unique=True, max_size=30))
def test_short_names_differ_and_fit(columns: list[str]) -> None:
    short = short_names(columns)
    assert len({name.casefold() for name in short}) == len(columns)
    assert all(0 < len(name) <= NAME_BYTES and name.isascii() for name in short)
    assert all(letter.isalnum() or letter == "_" for name in short for letter in name)
