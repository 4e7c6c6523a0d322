"""Assign: every row of a table of points stays, with the landform and clusters of its place."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.analysis import load
from tierscape.assigning import ADDED, Facts, assign_points, by_place, of_the_city, read_facts
from tierscape.data.errors import DataError

Run = Callable[..., Result]

SITES = pd.DataFrame(
    {
        "site": ["Zürich", "上海", "Chicago", 'a "quoted", name'],
        "lon": ["8.54", "121.47", "-87.65", "179.99"],
        "lat": ["47.37", "31.23", "41.88", "-16.5"],
    }
)


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read_facts()


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    path = tmp_path / "sites.csv"
    SITES.to_csv(path, index=False)
    return path


def texts(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def located(crs: str | None = "EPSG:4326") -> gpd.GeoDataFrame:
    lon, lat = (SITES[name].astype(float) for name in ("lon", "lat"))
    shapes = gpd.points_from_xy(lon, lat, crs="EPSG:4326")
    table = gpd.GeoDataFrame(SITES[["site"]], geometry=shapes)
    return table.to_crs(crs) if crs else table.set_crs(None, allow_override=True)


def joined(membership: pd.DataFrame, role: str) -> pd.Series:
    rows = membership[membership["role"] == role].sort_values("cluster")
    return rows.groupby("city_id")["cluster"].agg(" ".join)


def test_ranked_cities_get_what_the_main_job_says_of_them(facts: Facts) -> None:
    places = load()
    cities = places.cities.reset_index(drop=True)
    found = assign_points(cities[["city_id", "lon", "lat"]], facts)
    for role, column in (("core", "clusters"), ("extended", "clusters_extended")):
        expected = cities["city_id"].map(joined(places.membership, role)).fillna("")
        assert found[column].astype(str).tolist() == expected.tolist()
    for column in ("landform", "shore", "sea", "range"):
        assert found[column].astype(str).tolist() == cities[column].astype(str).tolist()
    for column in ("coast_km", "range_km"):
        np.testing.assert_allclose(found[column], cities[column], atol=1e-9)
    assert (found["nearest_km"] == 0).all()


def test_points_of_no_city_are_in_no_list_of_cities(facts: Facts) -> None:
    shanghai = pd.DataFrame({"lon": [121.47, 121.47], "lat": [31.23, 31.23]})
    bare = assign_points(shanghai, facts)
    named = assign_points(shanghai.assign(city_id=["1796236", ""]), facts)
    assert "yangtze-delta" in of_the_city(facts)
    assert not bare["clusters"].astype(str).str.contains(" ?yangtze-delta", regex=True).any()
    assert named["clusters"].astype(str).str.split().map(lambda all_: "yangtze-delta" in all_)[0]
    assert named["clusters"].astype(str)[1] == bare["clusters"].astype(str)[1]
    far_off = shanghai.assign(city_id="1796236", lon=0.0)
    assert (assign_points(far_off, facts)["nearest_place"].astype(str) != "Shanghai").all()


def test_a_country_column_goes_before_the_nearest_place(facts: Facts) -> None:
    windsor = pd.DataFrame({"lon": [-83.03] * 3, "lat": [42.31] * 3, "country": ["", "美国", "CA"]})
    found = assign_points(windsor, facts)["clusters"].astype(str)
    assert "great-lakes" in by_place(facts)
    assert ["great-lakes" in each.split() for each in found] == [False, True, False]


def test_chunks_give_what_the_whole_gives(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(7)
    points = pd.DataFrame(
        {"lon": random.uniform(-180, 180, 60), "lat": random.uniform(-90, 90, 60)}
    )
    whole = assign_points(points, facts)
    monkeypatch.setattr("tierscape.assigning.CHUNK", 7)
    parts = assign_points(points, facts)
    pd.testing.assert_frame_equal(whole.astype(object), parts.astype(object))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.floats(-400, 400), st.just(float("inf"))), st.floats(-200, 200)
        ),
        max_size=5,
    )
)
def test_every_row_has_one_answer_and_bad_ones_are_told(
    facts: Facts, rows: list[tuple[float | None, float]]
) -> None:
    points = pd.DataFrame(rows, columns=["lon", "lat"], index=[f"r{n}" for n in range(len(rows))])
    bad = [
        number
        for number, (lon, lat) in enumerate(rows, 1)
        if lon is None or not -180 <= lon <= 180 or not -90 <= lat <= 90
    ]
    kept = assign_points(points, facts, keep_bad=True)
    assert kept.index.tolist() == points.index.tolist()
    assert kept.columns.tolist() == ["lon", "lat", *ADDED]
    assert [n for n, empty in enumerate(kept["landform"].isna(), 1) if empty] == bad
    if bad:
        with pytest.raises(DataError) as told:
            assign_points(points, facts)
        assert [each.rule.split(" of row ")[1].split(" ")[0] for each in told.value.problems] == [
            str(number) for number in bad
        ]


def test_the_command_keeps_rows_and_cells_as_they_are(run: Run, sites: Path) -> None:
    out = sites.with_name("out.csv")
    result = run("assign", str(sites), "-o", str(out))
    assert result.exit_code == 0
    table = texts(out)
    pd.testing.assert_frame_equal(table[list(SITES.columns)], texts(sites))
    assert table.columns.tolist() == [*SITES.columns, *ADDED]
    assert table["landform"].tolist()[:3] == ["mountain", "coastal", "coastal"]
    assert "left out" in result.stderr
    assert run("assign", str(sites)).stdout == out.read_text(encoding="utf-8")


def test_own_columns_stay_where_the_names_meet(run: Run, sites: Path) -> None:
    out = sites.with_name("again.csv")
    texts(sites).assign(sea="mine").to_csv(sites, index=False)
    run("assign", str(sites), "-o", str(out))
    table = texts(out)
    assert set(table["sea"]) == {"mine"}
    assert table["assigned_sea"].tolist()[1] == "yangtze-estuary"


def test_bad_rows_stop_it_unless_they_are_kept(run: Run, tmp_path: Path) -> None:
    path, out = tmp_path / "bad.csv", tmp_path / "out.csv"
    path.write_text("lon,lat\n39.9,116.4\n,3\nx,3\n8,47\n", encoding="utf-8")
    result = run("assign", str(path), "-o", str(out))
    assert (result.exit_code, out.exists()) == (2, False)
    assert [f"row {n} " in result.stderr for n in (1, 2, 3, 4)] == [True, True, True, False]
    assert result.stderr.splitlines()[0].endswith("swapped.")
    result = run("assign", str(path), "-o", str(out), "--keep-bad")
    assert result.exit_code == 1
    assert texts(out)["landform"].tolist() == ["", "", "", "mountain"]
    assert "row 3 " in result.stderr


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_chinese_headings_and_encodings(run: Run, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "站点.csv"
    path.write_text("名称,经度,纬度\n上海,121.47,31.23\n", encoding=encoding)
    lines = run("assign", str(path)).stdout.splitlines()
    assert lines[0].startswith("名称,经度,纬度,landform")
    assert lines[1].startswith("上海,121.47,31.23,coastal,estuary")


def test_columns_that_are_named_or_missing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text("东经,北纬\n8.54,47.37\n", encoding="utf-8")
    assert run("assign", str(path), "--lon", "东经", "--lat", "北纬").exit_code == 0
    result = run("assign", str(path), "--lat", "北伟")
    assert result.exit_code == 2
    assert "Name the column with --lon." in result.stderr
    assert "Did you mean '北纬'?" in result.stderr


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".fgb", ".shp", ".kml"])
def test_layers_give_what_the_table_gives(run: Run, sites: Path, suffix: str) -> None:
    path = sites.with_suffix(suffix)
    driver = {".kml": "KML"}.get(suffix)
    located().rename(columns={"site": "Name"}).to_file(path, driver=driver)
    out, plain = sites.with_name("layer.csv"), sites.with_name("plain.csv")
    assert run("assign", str(path), "-o", str(out)).exit_code == 0
    run("assign", str(sites), "-o", str(plain))
    names = ["Name", "site"]
    found, expected = texts(out).sort_values(names[0]), texts(plain).sort_values(names[1])
    for column in ADDED:
        assert found[column].tolist() == expected[column].tolist(), column


def test_another_projection_is_turned_and_told(run: Run, sites: Path) -> None:
    path, out = sites.with_suffix(".gpkg"), sites.with_name("out.csv")
    located("EPSG:3857").to_file(path)
    result = run("assign", str(path), "-o", str(out))
    assert "turned from EPSG:3857 to EPSG:4326" in result.stderr
    assert texts(out)["lon"].astype(float).tolist() == pytest.approx(
        SITES["lon"].astype(float).tolist(), abs=1e-6
    )


def test_metres_with_no_projection_are_an_error(run: Run, sites: Path) -> None:
    path = sites.with_suffix(".shp")
    located("EPSG:3857").to_file(path)
    path.with_suffix(".prj").unlink()
    result = run("assign", str(path))
    assert result.exit_code == 2
    assert "names no CRS" in result.stderr
    assert "row 1 must be degrees" in result.stderr


def test_areas_are_no_points(run: Run, sites: Path) -> None:
    path = sites.with_suffix(".geojson")
    areas = gpd.GeoDataFrame(geometry=gpd.GeoSeries.from_wkt(["POLYGON((0 0,1 0,1 1,0 0))"]))
    areas.set_crs("EPSG:4326").to_file(path)
    result = run("assign", str(path))
    assert result.exit_code == 2
    assert "row 1 is no point" in result.stderr


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".fgb"])
def test_layers_are_written(run: Run, sites: Path, suffix: str) -> None:
    out = sites.with_name(f"out{suffix}")
    assert run("assign", str(sites), "-o", str(out)).exit_code == 0
    table = gpd.read_file(out)
    assert len(table) == len(SITES)
    assert table.crs == "EPSG:4326"
    assert set(ADDED) <= set(table.columns)
    assert sorted(path.name for path in sites.parent.iterdir()) == sorted([out.name, "sites.csv"])


def test_spreadsheets(run: Run, sites: Path) -> None:
    path = sites.with_suffix(".xlsx")
    texts(sites).to_excel(path, index=False)
    assert run("assign", str(path)).stdout == run("assign", str(sites)).stdout


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("absent.csv", None, "no such file"),
        ("a.docx", "x", "is none of"),
        ("a.csv", "", "is empty"),
        ("a.csv", "lon,lat,lat\n1,2,3\n", "twice"),
        ("a.csv", "lon,lat\n1,2,3\n", "more cells than the header"),
        ("a.csv", "lon,lat\n1,2\n1,2,3\n", "line 3"),
        ("a.csv", 'lon,lat\n1,"2\n', "not closed"),
        ("a.gpkg", "x", "cannot be read"),
    ],
)
def test_files_that_are_no_points(
    run: Run, tmp_path: Path, *, name: str, content: str | None, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    result = run("assign", str(tmp_path / name))
    assert result.exit_code == 2
    assert message in result.stderr


def test_an_output_of_another_kind_is_refused_first(run: Run, sites: Path) -> None:
    result = run("assign", str(sites), "-o", str(sites.with_suffix(".pdf")))
    assert result.exit_code == 2
    assert ".geojson" in result.stderr
