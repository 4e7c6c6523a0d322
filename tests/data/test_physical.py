"""The shipped geography: complete tables, valid shapes, provenance, no heavy import for names."""

import hashlib
import json
import subprocess
import sys
import tomllib
from collections.abc import Callable

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame

from tierscape.data import physical_loader as physical
from tierscape.data.reading import read_csv

TABLES = {
    "seas.csv": physical.load_seas,
    "lakes.csv": physical.load_lake_names,
    "ranges.csv": physical.load_range_names,
    "regions.csv": physical.load_region_names,
}


@pytest.mark.parametrize("file", TABLES)
def test_tables_are_complete(file: str) -> None:
    records = TABLES[file]()
    assert len({record.slug for record in records}) == len(records) > 0
    for record in records:
        assert record.title_zh
        assert record.title_en
        assert record.source


def test_parents_of_seas_are_seas_and_end() -> None:
    for sea in physical.load_seas():
        assert not sea.parent or sea.parent in physical.sea_slugs()
        if sea.parent:
            assert sea.slug not in physical.sea_family(sea.slug) - {sea.slug}
            assert sea.parent not in physical.sea_family(sea.slug)


def test_families() -> None:
    assert {"gulf-of-riga", "kattegat", "baltic"} <= physical.sea_family("baltic")
    assert "osaka-bay" in physical.sea_family("seto-inland-sea")
    assert len(physical.lake_family("great-lakes")) == 6


def test_names_of_the_rules_exist() -> None:
    seas = "north-sea baltic new-york-bay tokyo-bay osaka-bay ise-bay persian-gulf caspian-sea"
    assert set(seas.split()) <= set(physical.sea_slugs())
    ranges = "alps carpathians balkan-mountains rocky-mountains"
    assert set(ranges.split()) <= set(physical.range_slugs())
    assert physical.region_slugs() == ("iranian-plateau",)


@pytest.mark.parametrize(
    "load",
    [physical.load_land, physical.load_lakes, physical.load_ranges, physical.load_regions],
)
def test_shapes_are_valid_and_on_the_map(load: Callable[[], GeoDataFrame]) -> None:
    table = load()
    assert shapely.is_valid(table.geometry.to_numpy()).all()
    west, south, east, north = table.total_bounds
    assert west >= -180
    assert south >= -90
    assert east <= 180
    assert north <= 90


def test_every_range_and_lake_has_its_shape() -> None:
    assert sorted(physical.load_ranges()["slug"]) == list(physical.range_slugs())
    slugs = {lake.slug for lake in physical.load_lake_names()}
    assert set(physical.load_lakes()["slug"]) == slugs


@pytest.mark.parametrize("kind", ["lakes", "ranges", "regions"])
def test_names_and_shapes_stand_in_the_same_order(kind: str) -> None:
    table = getattr(physical, f"load_{kind}")()
    content = json.loads((physical.FOLDER / f"{kind}.geojson").read_text("utf-8"))
    names = table.drop(columns="geometry").to_dict("records")
    assert names == [feature["properties"] for feature in content["features"]]
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in content["features"]]
    assert [shape.wkb for shape in table.geometry] == [shape.wkb for shape in shapes]


def test_land_has_no_streak_across_the_map() -> None:
    rings = shapely.get_rings(shapely.get_parts(physical.load_land().geometry.to_numpy()))
    for ring in rings:
        points = shapely.get_coordinates(ring)
        step = np.abs(np.diff(points[:, 0]))
        assert step[points[1:, 1] > -89].max(initial=0) < 20


def test_the_caspian_is_water() -> None:
    land = physical.load_land().geometry.iloc[0]
    assert not shapely.contains_xy(land, 51.0, 41.5)
    assert shapely.contains_xy(land, 60.0, 41.5)


def test_no_shoreline_runs_along_the_cut() -> None:
    coast = physical.load_coast()
    cut = (np.abs(coast.start[:, 0]) > 179.9999) & (np.abs(coast.end[:, 0]) > 179.9999)
    assert not cut.any()
    assert coast.start[:, 1].min() > -86


def test_provenance_names_every_file_and_its_digest() -> None:
    provenance = tomllib.loads((physical.FOLDER / "PROVENANCE.toml").read_text("utf-8"))
    packages = {package["name"]: package for package in provenance["package"]}
    files = {file["name"]: file for file in provenance["file"]}
    shipped = {path.name for path in physical.FOLDER.iterdir()} - {"PROVENANCE.toml"}
    assert set(files) == shipped
    for name, file in files.items():
        assert all(packages[package]["licence"] for package in file["packages"])
        if "sha256" in file:
            content = (physical.FOLDER / name).read_bytes()
            assert hashlib.sha256(content).hexdigest() == file["sha256"], name


def test_it_all_stays_small() -> None:
    assert sum(path.stat().st_size for path in physical.FOLDER.iterdir()) < 6_000_000


def test_hulls_are_readable_coordinates() -> None:
    for file in ("seas.csv", "ranges.csv", "regions.csv"):
        for line, row in read_csv(physical.FOLDER / file, ["hull"]):
            pairs = [pair.split() for part in row["hull"].split("|") for pair in part.split(";")]
            assert all(len(pair) == 2 for pair in pairs), f"{file}, line {line}"
            assert all(-90 <= float(lat) <= 90 for _, lat in pairs), f"{file}, line {line}"


def test_names_load_nothing_heavy() -> None:
    code = (
        "import sys; from tierscape.data import physical_loader as p;"
        "p.sea_slugs(), p.lake_slugs(), p.range_slugs(), p.region_slugs();"
        "heavy = {'numpy', 'pandas', 'geopandas', 'shapely', 'scipy', 'pyproj'} & set(sys.modules);"
        "print(*sorted(heavy))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("\n", "")
