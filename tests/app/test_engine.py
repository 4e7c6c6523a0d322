"""Tables in parts, done by one process: the same rows, what is finished stays, faults are named."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape import engine, engine_parts, engine_progress
from tierscape.assigning import ADDED, assign
from tierscape.data.catalog import open_catalog
from tierscape.data.errors import DataError, TierscapeError
from tierscape.engine import Run, run_parts
from tierscape.engine_assign import assign_work
from tierscape.engine_geocode import geocode_work
from tierscape.engine_parts import find_parts
from tierscape.engine_progress import Progress
from tierscape.geo.gazetteer import gazetteer
from tierscape.geo.geocode import Geocoder, load_aliases
from tierscape.geocoding import COLUMNS, record
from tierscape.spark import Batches

Invoke = Callable[..., Result]
Say = Callable[[str], None]

SITES = pd.DataFrame(
    {
        "site": ["Zürich", "上海", "Chicago", "Suva", "Nice", "Xi'an"],
        "lon": [8.54, 121.47, -87.65, 179.99, 7.26, 108.94],
        "lat": [47.37, 31.23, 41.88, -16.5, 43.7, 34.34],
        "country": ["CH", "CN", "US", None, "FR", "CN"],
    }
)
NAMES = ["罗马", "Munihc", "塞拉", "", "Springfield", "Xi'an, China", "Lyon"]


def quiet(_: str) -> None:
    """Take a message."""


def split(folder: Path, frame: pd.DataFrame, parts: int = 3) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number, rows in enumerate(np.array_split(np.arange(len(frame)), parts)):
        table = pa.Table.from_pandas(frame.iloc[rows], preserve_index=False)
        pq.write_table(table, folder / f"part-{number}.parquet")
    return folder


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    return split(tmp_path / "sites", SITES)


def files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(object).where(frame.notna(), None)


def assigned(source: Path, output: Path, *, resume: bool = False) -> bool:
    parts = find_parts(source)
    work = assign_work(parts.columns)
    return run_parts(parts, work, Run(output, resume=resume), quiet)


def geocoded(source: Path, output: Path, *, resume: bool = False, say: Say = quiet) -> bool:
    parts = find_parts(source)
    work = geocode_work(parts.columns, name="site", country="country")
    return run_parts(parts, work, Run(output, resume=resume), say)


def test_parts_give_what_the_whole_table_gives(sites: Path, tmp_path: Path) -> None:
    assert assigned(sites, tmp_path / "out")
    found = pd.concat(
        pd.read_parquet(path) for path in sorted((tmp_path / "out").glob("*.parquet"))
    )
    expected = assign(SITES)
    kilometres = [name for name in ADDED if name.endswith("_km")]
    expected = expected.round(dict.fromkeys(kilometres, 3))
    pd.testing.assert_frame_equal(
        plain(found).reset_index(drop=True), plain(expected), check_dtype=False
    )
    told = json.loads((tmp_path / "out" / engine.MANIFEST).read_text())
    assert sum(each["rows"] for each in told["files"].values()) == len(SITES)
    assert sorted(files(tmp_path / "out")) == [engine.MANIFEST, *sorted(files(sites))]


def test_own_columns_keep_their_types(tmp_path: Path) -> None:
    table = pa.table(
        {
            "lon": pa.array([8.5, 4.9], pa.float32()),
            "lat": pa.array([47.4, 52.4], pa.float32()),
            "when": pa.array([1, None], pa.timestamp("ms", "UTC")),
            "tags": pa.array([["a"], None], pa.list_(pa.string())),
            "sea": pa.array(["mine", "mine"]).dictionary_encode(),
        }
    )
    (tmp_path / "in").mkdir()
    pq.write_table(table, tmp_path / "in" / "a.parquet")
    assigned(tmp_path / "in", tmp_path / "out")
    done = pq.read_table(tmp_path / "out" / "a.parquet")
    assert done.select(table.column_names).equals(table)
    assert done.column_names[5:] == [name if name != "sea" else "assigned_sea" for name in ADDED]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=12),
    st.integers(0, 12),
)
def test_a_row_does_not_depend_on_the_others(names: list[str], cut: int) -> None:
    frame = pd.DataFrame({"name": names, "country": ["IT" if n == "罗马" else "" for n in names]})
    work = geocode_work(["name", "country"], country="country")
    pieces = [piece for piece in (frame.iloc[:cut], frame.iloc[cut:]) if len(piece)]
    apart = pd.concat([work.partition(piece) for piece in pieces])
    pd.testing.assert_frame_equal(apart, work.partition(frame))


def test_each_name_is_answered_as_the_command_answers_it_alone() -> None:
    frame = pd.DataFrame({"name": NAMES, "country": [None, "DE", "", "", "", "", "France"]})
    done = geocode_work(list(frame), country="country").partition(frame)
    with gazetteer() as places:
        geocoder = Geocoder(places, load_aliases(open_catalog(None), places))
        scopes = [(), ("DE",), (), (), (), (), ("FR",)]
        alone = [
            record(geocoder.answer([name], [scope])[0])
            for name, scope in zip(NAMES, scopes, strict=True)
        ]
    for column in COLUMNS:
        expected = ["" if each[column] is None else str(each[column]) for each in alone]
        mine = done[f"geocoded_{column}" if column in frame else column]
        shown = [str(value) for value in mine.astype(object).where(mine.notna(), "")]
        if column in {"lon", "lat", "confidence"}:
            assert [float(x or 0) for x in shown] == [float(x or 0) for x in expected]
        else:
            assert shown == expected, column


def test_batches_of_a_part_give_the_same_bytes(
    sites: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    geocoded(sites, tmp_path / "large")
    monkeypatch.setattr(engine_parts, "BATCH", 1)
    geocoded(sites, tmp_path / "small")
    for name in ("part-0.parquet", "part-2.parquet"):
        large, small = (pq.read_table(tmp_path / size / name) for size in ("large", "small"))
        assert large.equals(small)


@pytest.mark.parametrize(("crs", "encoding"), [("EPSG:4326", "geoarrow"), ("EPSG:3857", "WKB")])
def test_geoparquet_stays_geoparquet(tmp_path: Path, crs: str, encoding: str) -> None:
    shapes = gpd.points_from_xy(SITES["lon"], SITES["lat"], crs="EPSG:4326")
    frame = gpd.GeoDataFrame(SITES[["site"]], geometry=shapes).to_crs(crs)
    (tmp_path / "in" / "country=all").mkdir(parents=True)
    path = tmp_path / "in" / "country=all" / "a.parquet"
    frame.to_parquet(path, geometry_encoding=encoding, schema_version="1.1.0")
    out = tmp_path / "out"
    from tierscape.engine_points import where_in  # noqa: PLC0415

    parts = find_parts(tmp_path / "in")
    work = assign_work(parts.columns, where_in(parts, "in", None, None))
    run_parts(parts, work, Run(out), quiet)
    done = gpd.read_parquet(out / "country=all" / "a.parquet")
    assert done.crs == frame.crs
    assert done.geometry.geom_equals(frame.geometry).all()
    expected = assign(SITES.drop(columns="country"))
    assert done["clusters"].tolist() == expected["clusters"].astype(str).tolist()


def test_resume_finishes_what_is_missing_with_the_same_bytes(sites: Path, tmp_path: Path) -> None:
    geocoded(sites, tmp_path / "whole")
    good = (sites / "part-1.parquet").read_bytes()
    bad = pd.read_parquet(sites / "part-1.parquet").assign(country=["US", "Frnce"])
    bad.to_parquet(sites / "part-1.parquet", index=False)
    out, unfinished = tmp_path / "out", tmp_path / "out.unfinished"
    with pytest.raises(DataError, match=r"part-1\.parquet, country: 'Frnce': row 2"):
        geocoded(sites, out)
    assert not out.exists()
    assert sorted(path.name for path in unfinished.glob("*.parquet")) == [
        "part-0.parquet",
        "part-2.parquet",
    ]
    with pytest.raises(TierscapeError, match="--resume"):
        geocoded(sites, out)
    with pytest.raises(TierscapeError, match="was begun otherwise"):
        assigned(sites, out, resume=True)
    (sites / "part-1.parquet").write_bytes(good)
    before = (unfinished / "part-0.parquet").stat().st_mtime_ns
    with (unfinished / ".journal").open("a") as journal:
        journal.write('\n{"stamp": "cut off when the machine')
    # One that was finished, and whose file is damaged, is done again.
    (unfinished / "part-2.parquet").write_bytes(b"PAR1")
    geocoded(sites, out, resume=True)
    assert (out / "part-0.parquet").stat().st_mtime_ns == before
    assert files(out) == files(tmp_path / "whole")
    assert not unfinished.exists()
    with pytest.raises(TierscapeError, match="is there already"):
        geocoded(sites, out)
    with pytest.raises(TierscapeError, match="nothing to resume"):
        geocoded(sites, tmp_path / "other", resume=True)


def test_bad_rows_can_be_kept(run: Invoke, sites: Path, tmp_path: Path) -> None:
    frame = pd.read_parquet(sites / "part-2.parquet").assign(lon=[None, 500.0])
    frame.to_parquet(sites / "part-2.parquet", index=False)
    result = run("assign", str(sites), "-o", str(tmp_path / "out"), "--keep-bad")
    assert result.exit_code == 1
    assert result.stderr.count("part-2.parquet: '") == 2
    done = pd.read_parquet(tmp_path / "out" / "part-2.parquet")
    assert done["landform"].isna().all()
    assert done["site"].tolist() == frame["site"].tolist()


def test_faults_of_all_parts_are_told_before_any_work(tmp_path: Path) -> None:
    folder = split(tmp_path / "in", SITES, parts=6)
    content = (folder / "part-1.parquet").read_bytes()
    (folder / "part-1.parquet").write_bytes(content[: len(content) // 2])
    (folder / "part-2.parquet").write_bytes(b"")
    other = pd.read_parquet(folder / "part-3.parquet").rename(columns={"site": "name"})
    other.assign(lon="8.5").to_parquet(folder / "part-3.parquet", index=False)
    empty = pq.read_table(folder / "part-4.parquet").slice(0, 0)
    pq.write_table(empty, folder / "part-4.parquet")
    (folder / "_SUCCESS").touch()
    with pytest.raises(DataError) as told:
        find_parts(folder)
    found = [(Path(each.file).name, each.column) for each in told.value.problems]
    assert sorted(found, key=str) == sorted(
        [
            ("part-1.parquet", None),
            ("part-2.parquet", None),
            ("part-3.parquet", "site"),
            ("part-3.parquet", "lon"),
            ("part-3.parquet", "name"),
        ],
        key=str,
    )
    for name in ("part-1.parquet", "part-2.parquet", "part-3.parquet"):
        (folder / name).unlink()
    notes = find_parts(folder).notes
    assert [Path(note.split(":")[0]).name for note in notes] == ["part-4.parquet"]
    geocoded(folder, tmp_path / "out")
    assert pq.read_metadata(tmp_path / "out" / "part-4.parquet").num_rows == 0
    columns = [pq.read_schema(path).names for path in (tmp_path / "out").glob("*.parquet")]
    assert all(each == columns[0] for each in columns)


def test_parts_of_two_projections_are_refused(tmp_path: Path) -> None:
    shapes = gpd.points_from_xy(SITES["lon"], SITES["lat"], crs="EPSG:4326")
    frame = gpd.GeoDataFrame(SITES[["site"]], geometry=shapes)
    frame.to_parquet(tmp_path / "a.parquet")
    frame.to_crs("OGC:CRS84").to_parquet(tmp_path / "b.parquet")
    frame.to_crs("EPSG:3857").to_parquet(tmp_path / "c.parquet")
    with pytest.raises(DataError) as told:
        find_parts(tmp_path)
    problems = [(Path(each.file).name, each.value) for each in told.value.problems]
    assert ("c.parquet", "EPSG:3857") in problems


def test_a_part_that_changes_under_way_is_named(sites: Path, tmp_path: Path) -> None:
    parts = find_parts(sites)
    work = geocode_work(parts.columns, name="site")
    frame = pd.read_parquet(sites / "part-1.parquet")
    pd.concat([frame, frame]).to_parquet(sites / "part-1.parquet", index=False)
    (sites / "part-2.parquet").unlink()
    with pytest.raises(DataError) as told:
        run_parts(parts, work, Run(tmp_path / "out"), quiet)
    assert [Path(each.file).name for each in told.value.problems] == [
        "part-1.parquet",
        "part-2.parquet",
    ]


def test_an_interruption_leaves_what_is_finished(
    sites: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_progress, "PACE", 0.0)
    out, told = tmp_path / "out", []

    def interrupted(message: str) -> None:
        told.append(message)
        if "left" in message:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        geocoded(sites, out, say=interrupted)
    assert told[-1] == "1 of 3 parts are finished; --resume does the others"
    geocoded(sites, out, resume=True, say=told.append)
    assert "1 of 3 parts were finished before" in told
    geocoded(sites, tmp_path / "whole")
    assert files(out) == files(tmp_path / "whole")


def test_progress_tells_the_time_left() -> None:
    times, told = iter([0.0, 4.0, 60.0, 90.0]), []
    progress = Progress(told.append, 3, 3000, lambda: next(times))
    for _ in range(3):
        progress.add(1000)
    assert told == ["2 of 3 parts, 2,000 rows, about 30 s left"]


def test_geocode_in_parts(run: Invoke, tmp_path: Path) -> None:
    folder = split(tmp_path / "in", pd.DataFrame({"城市": ["上海", "西安", "北京"]}))
    out = tmp_path / "out"
    assert run("geocode", f"{folder}/part-*.parquet", "-o", str(out)).exit_code == 0
    done = pd.concat([pd.read_parquet(path) for path in sorted(out.glob("*.parquet"))])
    assert done["name_en"].tolist() == ["Shanghai", "Xi'an", "Beijing"]
    result = run("geocode", str(folder), "--name", "城", "-o", str(tmp_path / "again"))
    assert result.exit_code == 2
    assert "Did you mean '城市'?" in result.stderr


def test_countries_that_are_none_are_named(run: Invoke, tmp_path: Path) -> None:
    frame = pd.DataFrame({"name": ["Rome", "Lyon", "Bonn"], "land": ["IT", "Frnce", "DE"]})
    folder = split(tmp_path / "in", frame, parts=1)
    result = run("geocode", str(folder), "--country", "land", "-o", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert "part-0.parquet, land: 'Frnce': row 2: is no country" in result.stderr
    assert not (tmp_path / "out.unfinished").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give a folder for the result with -o"),
        (("-o", "{sites}"), "is there already"),
        (("-o", "{sites}2", "--scheduler", "tcp://127.0.0.1:1"), "is for --engine dask"),
    ],
)
def test_wrong_use_is_told_first(
    run: Invoke, sites: Path, *, arguments: tuple[str, ...], message: str
) -> None:
    result = run("assign", str(sites), *(each.format(sites=sites) for each in arguments))
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_folder_without_parts(run: Invoke, tmp_path: Path) -> None:
    result = run("assign", str(tmp_path), "-o", str(tmp_path / "out"))
    assert "there is no .parquet" in result.stderr


@pytest.mark.parametrize(
    ("module", "message"), [("distributed", "dask.distributed"), ("pyarrow.parquet", "pyarrow")]
)
def test_what_is_missing_is_told(
    run: Invoke, sites: Path, monkeypatch: pytest.MonkeyPatch, *, module: str, message: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    out = str(sites) + "-out"
    result = run("assign", str(sites), "-o", out, "--engine", "dask")
    assert result.exit_code == 2
    assert message in result.stderr
    assert "pip install 'tierscape[dask]'" in result.stderr


def test_spark_batches_are_the_same_partitions() -> None:
    work = assign_work(list(SITES))
    done = pd.concat(Batches(work)(iter([SITES.iloc[:2], SITES.iloc[2:2], SITES.iloc[2:]])))
    pd.testing.assert_frame_equal(plain(done), plain(work.partition(SITES)))
    with pytest.raises(DataError, match="row 3 must be degrees"):
        list(Batches(work)(iter([SITES.iloc[:2], SITES.iloc[2:].assign(lon=999.0)])))
    kept = assign_work(list(SITES), keep_bad=True)
    assert len(next(Batches(kept)(iter([SITES.assign(lon=999.0)])))) == len(SITES)
