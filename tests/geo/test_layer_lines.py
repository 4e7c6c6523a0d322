"""Names are read from the columns of a GeoJSON and of a GeoPackage."""

import json
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tierscape.data.errors import DataError
from tierscape.geo.layer_lines import geojson_lines
from tierscape.geo.name_table import read_table

CITIES = {"城市": ["西安", "喀什", None], "n": [1, 2, 3], "share": [0.5, 1.0, None]}


@pytest.fixture
def layer() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(CITIES, geometry=shapely.points([1, 2, 3], [4, 5, 6]), crs=4326)


@pytest.mark.parametrize(("suffix", "driver"), [(".geojson", "GeoJSON"), (".gpkg", "GPKG")])
def test_a_layer_is_a_table_of_names(
    tmp_path: Path, layer: gpd.GeoDataFrame, suffix: str, driver: str
) -> None:
    path = tmp_path / f"places{suffix}"
    pyogrio.write_dataframe(layer, path, driver=driver, layer='a "b"')
    table = read_table(path.read_bytes(), str(path))
    assert {"城市", "n", "share"} <= set(table.columns)
    assert not {"geom", "geometry"} & set(table.columns)
    assert [row.cells["城市"] for row in table.rows] == ["西安", "喀什", ""]
    assert [row.cells["share"] for row in table.rows] == ["0.5", "1", ""]
    assert [row.line for row in table.rows] == [2, 3, 4]


def test_styles_are_no_table(tmp_path: Path, layer: gpd.GeoDataFrame) -> None:
    path = tmp_path / "places.gpkg"
    pyogrio.write_dataframe(layer.drop(columns="geometry"), path, layer="layer_styles")
    with pytest.raises(DataError, match="holds no table of features"):
        read_table(path.read_bytes(), "places.gpkg")


def test_a_broken_file_is_one_clear_error(tmp_path: Path, layer: gpd.GeoDataFrame) -> None:
    path = tmp_path / "places.gpkg"
    pyogrio.write_dataframe(layer, path, layer="places")
    with pytest.raises(DataError, match=r"places\.gpkg: .*is no GeoPackage that can be read"):
        read_table(path.read_bytes()[:100], "places.gpkg")
    with pytest.raises(DataError, match=r"a\.geojson: .*is no GeoJSON that can be read"):
        read_table(b'{"type":"FeatureCollection","features":[', "a.geojson")


def test_a_csv_whose_heading_begins_with_a_brace_stays_a_csv() -> None:
    table = read_table("{name}\n西安\n".encode(), "a.csv")
    assert table.columns == ("{name}",)


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=4), max_size=5))
def test_every_property_of_every_feature_is_a_cell(rows: list[dict[str, str]]) -> None:
    features = [{"type": "Feature", "geometry": None, "properties": row} for row in rows]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (_, columns), *lines = geojson_lines(text, "a.geojson")
    assert len(lines) == len(rows)
    for (_, cells), row in zip(lines, rows, strict=True):
        found = dict(zip(columns, cells, strict=True))
        assert found == {**dict.fromkeys(columns, ""), **row}
