"""`tierscape export`: every format from a user's own facts, whole or not at all."""

import json
import sqlite3
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
from frictionless import Package

from tierscape import exporting
from tierscape.analysis import Places, load
from tierscape.data.errors import TierscapeError, UnknownNameError
from tierscape.export_layers import FORMATS, LAYERS
from tierscape.exporting import export
from tierscape.outputs import table_csv
from tierscape.point_files import open_points

SUFFIXES = [suffix for suffix in FORMATS if suffix]


@pytest.fixture
def places(mine: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """Read the user's facts once for all exports of a test."""
    read = load(mine, ["mine-2025"])
    monkeypatch.setattr(exporting, "load", lambda *_: read)
    return read


@pytest.mark.usefixtures("places")
def test_every_format_is_written_and_the_same_twice(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        for suffix in SUFFIXES:
            written = export(tmp_path / folder / f"out{suffix}")
            assert tmp_path / folder / f"out{suffix}" in written
            assert all(path.is_file() for path in written)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == sorted(path.name for path in (tmp_path / "two").iterdir())
    assert not [name for name in files if name.startswith(".")]
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_written_is_read_as_places(tmp_path: Path, places: Places, suffix: str) -> None:
    export(tmp_path / f"out{suffix}")
    points = open_points(tmp_path / f"out{suffix}")
    table = pd.concat(list(points.chunks())).set_index("city_id")
    wanted = places.cities.set_index("city_id")
    assert set(table.index) == set(wanted.index)
    for axis, name in (("lon", points.columns.lon), ("lat", points.columns.lat)):
        gap = table[name].astype(float) - wanted[axis].reindex(table.index)
        assert gap.abs().max() < 1e-5


def test_a_geopackage_holds_all_layers_and_any_on_request(tmp_path: Path, places: Places) -> None:
    export(tmp_path / "few.gpkg")
    few = [name for name, _ in pyogrio.list_layers(tmp_path / "few.gpkg")]
    export(tmp_path / "all.gpkg", layers=["all"], lang="zh")
    every = [name for name, _ in pyogrio.list_layers(tmp_path / "all.gpkg")]
    assert few == [*LAYERS[:7], "layer_styles"]
    assert every == [*LAYERS, "layer_styles"]
    tiers = pyogrio.read_dataframe(tmp_path / "all.gpkg", layer="tiers")
    assert len(tiers) == len(places.tiers)
    with sqlite3.connect(tmp_path / "all.gpkg") as package:
        (told,) = package.execute(
            "SELECT description FROM gpkg_contents WHERE table_name = 'cities'"
        ).fetchone()
    assert told == "城市"


def test_numbers_are_those_of_the_build(tmp_path: Path, places: Places) -> None:
    export(tmp_path / "tiers.csv", layers=["tiers"])
    assert (tmp_path / "tiers.csv").read_text(encoding="utf-8") == table_csv(places.tiers)
    export(tmp_path / "out.parquet")
    cities = gpd.read_parquet(tmp_path / "out.parquet")
    assert cities["coast_km"].tolist() == places.cities["coast_km"].round(3).tolist()


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize("target", ["package", "folder/datapackage.json"])
def test_a_data_package_is_valid(tmp_path: Path, target: str) -> None:
    written = export(tmp_path / target)
    descriptor = next(path for path in written if path.name == "datapackage.json")
    report = Package(str(descriptor)).validate()
    assert report.flatten(["type", "note"]) == []
    told = json.loads(descriptor.read_text(encoding="utf-8"))
    assert {each["path"] for each in told["resources"]} == {
        path.name for path in written if path.suffix == ".csv"
    }
    before = {path: path.read_bytes() for path in written}
    (descriptor.parent / "mine.txt").write_text("keep")
    export(tmp_path / target)
    assert {path: path.read_bytes() for path in written} == before
    assert (descriptor.parent / "mine.txt").read_text() == "keep"


@pytest.mark.usefixtures("places")
def test_a_shapefile_tells_its_columns_and_what_was_cut(tmp_path: Path) -> None:
    notes: list[str] = []
    written = export(tmp_path / "out.shp", layers=["clusters"], progress=notes.append)
    assert sorted(path.suffix for path in written) == [
        *(".cpg", ".csv", ".dbf", ".prj", ".shp", ".shx")
    ]
    names = pd.read_csv(tmp_path / "out.columns.csv")
    short = names.set_index("column")["short"]
    assert short["mine-2025/total/percentile_lower"] == "t2_pct_lo"
    assert "out.columns.csv tells" in notes[1]
    cut = names.loc[names["cut"] > 0, "column"].tolist()
    assert ("lost their end" in notes[-1]) == bool(cut)


def test_a_name_like_a_formula_is_none(
    tmp_path: Path, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    places.cities.loc[0, "name_en"] = "=cmd|' /C calc'!A0"
    monkeypatch.setattr(exporting, "load", lambda *_: places)
    export(tmp_path / "out.csv")
    assert "'=cmd" in set(pd.read_csv(tmp_path / "out.csv")["name_en"].str[:5])
    export(tmp_path / "out.xlsx", layers=["cities"])
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value)[:4] == "=cmd"]
    assert [cell.data_type for cell in cells] == ["s"]


@pytest.mark.parametrize(
    ("name", "layers", "message"),
    [
        ("out.docx", [], r"ends in \.gpkg, \.parquet.*datapackage\.json"),
        ("out.fgb", ["cities", "outlines"], "holds one layer"),
        ("out.csv", ["all"], "holds one layer"),
        ("out.geojson", ["tiers"], "cannot hold tiers. Give one of cities, clusters, outlines"),
        ("out.xlsx", ["outlines"], "cannot hold outlines"),
        ("absent/out.gpkg", [], "cannot be written: No such file"),
    ],
)
def test_a_wrong_target_is_refused_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, name: str, layers: list[str], message: str
) -> None:
    monkeypatch.setattr(exporting, "load", None)
    with pytest.raises(TierscapeError, match=message):
        export(tmp_path / name, layers=layers)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_layer_gets_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'outlines'"):
        export(tmp_path / "out.gpkg", layers=["outline"])


def test_a_folder_and_a_file_are_not_mistaken(tmp_path: Path) -> None:
    (tmp_path / "out.gpkg").mkdir()
    with pytest.raises(TierscapeError, match="is a folder"):
        export(tmp_path / "out.gpkg")
    (tmp_path / "package").touch()
    with pytest.raises(TierscapeError, match="is a file"):
        export(tmp_path / "package")


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    export(tmp_path / "out.gpkg")
    before = (tmp_path / "out.gpkg").read_bytes()

    def fail(path: Path, *_: object) -> None:
        path.write_text("half")
        raise error

    monkeypatch.setattr(exporting, "write_geopackage", fail)
    wanted = KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else TierscapeError
    with pytest.raises(wanted):
        export(tmp_path / "out.gpkg")
    assert (tmp_path / "out.gpkg").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name != "data"] == ["out.gpkg"]
