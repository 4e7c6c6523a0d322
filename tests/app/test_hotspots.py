"""Hot spots of a user's own table: in files and in parts, with bad rows, whatever does the work."""

import json
import pickle
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from tierscape.cli import main
from tierscape.cli_spatial import hotspots
from tierscape.data.errors import DataError, TierscapeError
from tierscape.geo.neighbours import nearest
from tierscape.geo.neighbours_sites import sites
from tierscape.hotspots_files import ADDED
from tierscape.hotspots_job import Request, request_text, run
from tierscape.scoring.spatial import draws, spots, whole_map
from tierscape.scoring.spatial.local import local_g
from tierscape.scoring.spatial.overall import moran
from tierscape.scoring.tasks import Arrays

N = 120


def quiet(_: str) -> None:
    """Take a message."""


def elsewhere(name: str, work: Callable[..., Arrays], tasks: Sequence[object]) -> Iterator[Arrays]:
    """Do the last task first, each as another process would: through bytes, both ways."""
    assert name
    sent = [pickle.dumps((work, task)) for task in reversed(tasks)]
    found = [pickle.dumps(dict(do(task))) for do, task in map(pickle.loads, sent)]
    return (pickle.loads(each) for each in reversed(found))  # noqa: S301


def table() -> pd.DataFrame:
    """Return points whose score is raised in one corner, where it takes four values."""
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(100, 120, N).round(4), rng.uniform(20, 40, N).round(4)
    score = rng.integers(1, 4, N) + np.where((lon < 107) & (lat < 27), 4, 0)
    return pd.DataFrame(
        {"site": [f"站{i}" for i in range(N)], "lon": lon, "lat": lat, "得分": score}
    )


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "points.csv"
    table().to_csv(path, index=False)
    return path


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """Return a folder of GeoParquet in a projection, with a folder of its own for each part."""
    frame = table()
    points = gpd.points_from_xy(frame.pop("lon"), frame.pop("lat"))
    located = gpd.GeoDataFrame(frame, geometry=points, crs="EPSG:4326").to_crs("EPSG:3857")
    for number, rows in enumerate(np.array_split(np.arange(N), 3)):
        folder = tmp_path / "parts" / f"k={number}"
        folder.mkdir(parents=True)
        located.iloc[rows].to_parquet(folder / "part.parquet", index=False)
    return tmp_path / "parts"


def spoilt(path: Path) -> Path:
    """Write the table with four bad rows in it."""
    frame = table().astype(object)
    frame.loc[3, "得分"] = "n/a"
    frame.loc[5, "lat"] = 95
    frame.loc[7, "得分"] = ""
    frame.loc[9, ["lon", "lat"]] = [30, 110]
    frame.to_csv(path, index=False)
    return path


def command(*arguments: object) -> Result:
    words = ["hotspots", *map(str, arguments)]
    return CliRunner().invoke(main, words, catch_exceptions=False)


def asked(path: Path, output: Path | None = None, **more: object) -> Request:
    return Request(path, "得分", output, **more)  # type: ignore[arg-type]


def files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_rows_stay_and_get_their_hot_spots(csv: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    result = command(csv, "--value", "得分", "-o", output)
    assert result.exit_code == 0
    done = pd.read_csv(output)
    assert done.columns.tolist() == ["site", "lon", "lat", "得分", *ADDED]
    pd.testing.assert_frame_equal(done.iloc[:, :4], table())
    corner = (done["lon"] < 107) & (done["lat"] < 27)
    hot = done["hot_label"] == "hot"
    assert hot.sum() >= 8
    assert (corner[hot]).mean() > 0.8
    assert set(done["hot_label"]) <= {"hot", "cold", "none"}
    assert (hot == ((done["hot_p_adjusted"] <= 0.05) & (done["hot_z"] > 0))).all()
    for said in ("Moran's I = ", "p = 0.001", "like values lie together", f"hot{hot.sum():10}"):
        assert said in result.stdout


def test_numbers_are_those_of_the_exact_law(csv: Path, tmp_path: Path) -> None:
    """The scores have few values, so that the law of the neighbours' sum can be listed."""
    command(csv, "--value", "得分", "--permutations", "9999", "-o", tmp_path / "out.csv")
    done, frame = pd.read_csv(tmp_path / "out.csv"), table()
    points = frame[["lon", "lat"]].to_numpy()
    near = nearest(sites(points, coincident="error", missing="error"), 8)
    exact = local_g(frame["得分"], near, own_weight=1.0, test="exact", missing="error")
    assert done["hot_p_value"].to_numpy() == pytest.approx(exact.p_value, abs=4.5 * 0.005)
    assert done["hot_z"].to_numpy() == pytest.approx(exact.z, abs=1e-6)
    around = near.indices.reshape(N, 8)
    means = (frame["得分"].to_numpy()[around].sum(axis=1) + frame["得分"]) / 9
    assert done["hot_value"].to_numpy() == pytest.approx(means, abs=1e-6)


def test_morans_i_is_judged_as_by_the_normal_law(csv: Path) -> None:
    shuffled = table().assign(得分=np.random.default_rng(4).normal(size=N))
    shuffled.to_csv(csv, index=False)
    text, _ = run(asked(csv, as_json=True, permutations=4_999), quiet)
    found = json.loads(text)["moran"]
    near = nearest(
        sites(shuffled[["lon", "lat"]].to_numpy(), coincident="error", missing="error"), 8
    )
    normal = moran(shuffled["得分"], near.row_standardised(), test="normal", missing="error")
    assert found["i"] == pytest.approx(normal.value, abs=1e-6)
    assert found["z"] == pytest.approx(normal.z, abs=1e-6)
    assert found["p_value"] == pytest.approx(normal.p_value, abs=4.5 * 0.5 / np.sqrt(999))
    assert found["permutations"] == 999


@pytest.mark.parametrize("statistic", ["gi-star", "local-moran", "local-geary"])
@pytest.mark.parametrize("adjust", ["max-t", "by"])
def test_the_bytes_are_the_same_whatever_does_the_work(
    csv: Path, statistic: str, adjust: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_map, "_BLOCK", 6_000)
    monkeypatch.setattr(draws, "_SITES", 50)
    tmp_path, options = csv.parent, {"statistic": statistic, "adjust": adjust, "within": 150.0}
    here, there = tmp_path / "here.csv", tmp_path / "there.csv"
    one = run(asked(csv, here, **options), quiet)
    two = run(asked(csv, there, **options), quiet, elsewhere)
    assert one == two
    assert here.read_bytes() == there.read_bytes()
    assert "island" in here.read_text()


def test_parts_give_what_the_whole_table_gives(csv: Path, parts: Path, tmp_path: Path) -> None:
    text, whole = run(asked(csv, tmp_path / "out.csv"), quiet)
    again = command(parts, "--value", "得分", "-o", tmp_path / "out")
    assert (again.exit_code, again.stdout, whole) == (0, text, True)
    expected, source = pd.read_csv(tmp_path / "out.csv"), files(parts)
    done = files(tmp_path / "out")
    assert sorted(done) == ["_tierscape.json", *sorted(source)]
    located = pd.concat([gpd.read_parquet(tmp_path / "out" / name) for name in sorted(source)])
    assert located.crs.to_epsg() == 3857
    for name in ADDED:
        assert located[name].tolist() == pytest.approx(expected[name].tolist(), abs=2e-6)
    for name in source:
        own = pq.read_table(parts / name)
        wide = pq.read_table(tmp_path / "out" / name)
        assert wide.select(own.column_names).equals(own)
        assert [str(wide.schema.field(name).type) for name in ADDED] == [*["double"] * 4, "string"]
    told = json.loads(done["_tierscape.json"])
    assert sum(each["rows"] for each in told["files"].values()) == N
    assert told["summary"]["labels"]["hot"] == (expected["hot_label"] == "hot").sum()
    run(asked(parts, tmp_path / "elsewhere"), quiet, elsewhere)
    assert files(tmp_path / "elsewhere") == done


def test_every_bad_row_is_named_and_nothing_written(csv: Path, tmp_path: Path) -> None:
    result = command(spoilt(csv), "--value", "得分", "-o", tmp_path / "out.csv")
    assert result.exit_code == 2
    assert not (tmp_path / "out.csv").exists()
    lines = result.stderr.splitlines()
    assert len(lines) == 4
    assert "'n/a': 得分 of row 4 must be a number" in lines[0]
    assert "95': lon, lat of row 6 must be degrees" in lines[1]
    assert "'': 得分 of row 8 must be a number" in lines[2]
    assert lines[3].endswith("Longitude and latitude are swapped.")


def test_bad_rows_that_are_kept_are_empty_and_count_for_nothing(csv: Path, tmp_path: Path) -> None:
    bad = command(spoilt(csv), "--value", "得分", "--keep-bad", "-o", tmp_path / "out.csv")
    assert bad.exit_code == 1
    assert "(4 rows left out)" in bad.stdout
    done = pd.read_csv(tmp_path / "out.csv")
    assert len(done) == N
    empty = done[list(ADDED)].isna().all(axis=1)
    assert np.flatnonzero(empty).tolist() == [3, 5, 7, 9]
    table().drop(index=[3, 5, 7, 9]).to_csv(csv, index=False)
    command(csv, "--value", "得分", "-o", tmp_path / "good.csv")
    good = pd.read_csv(tmp_path / "good.csv")
    kept = done[~empty].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept[list(ADDED)], good[list(ADDED)])


def test_bad_rows_of_parts_are_named_with_their_file(parts: Path, tmp_path: Path) -> None:
    path = parts / "k=1" / "part.parquet"
    rows = pq.read_table(path)
    scores = rows.column("得分").to_pylist()
    scores[2] = None
    spoilt_part = rows.set_column(1, rows.schema.field("得分"), pa.array([scores]).flatten())
    pq.write_table(spoilt_part, path)
    with pytest.raises(DataError, match=r"k=1/part\.parquet: '': 得分 of row 3 must be a number"):
        run(asked(parts, tmp_path / "out"), quiet)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["parts"]
    assert run(asked(parts, tmp_path / "out", keep_bad=True), quiet)[1] is False
    done = pq.read_table(tmp_path / "out" / "k=1" / "part.parquet")
    assert [row for row, label in enumerate(done["hot_label"].to_pylist()) if label is None] == [2]
    assert done["hot_z"].null_count == 1


def test_what_cannot_be_is_refused(csv: Path, parts: Path, tmp_path: Path) -> None:
    for source, column in ((csv, "得"), (parts, "得")):
        with pytest.raises(DataError, match=r"there is no such column\. Did you mean '得分'"):
            run(Request(source, column, tmp_path / "out.csv"), quiet)
    with pytest.raises(TierscapeError, match="give a name that ends in"):
        run(asked(csv, tmp_path / "out.pdf"), quiet)
    with pytest.raises(TierscapeError, match="give a folder for the result"):
        run(asked(parts), quiet)
    with pytest.raises(TierscapeError, match="is there already"):
        run(asked(parts, parts), quiet)
    with pytest.raises(TierscapeError, match="120 nearest neighbours of 120 sites"):
        run(asked(csv, neighbours=N), quiet)
    with pytest.raises(TierscapeError, match="no such file"):
        run(asked(tmp_path / "none.csv"), quiet)
    table().assign(得分=3).to_csv(csv, index=False)
    with pytest.raises(TierscapeError, match="all 120 scores are 3"):
        run(asked(csv), quiet)
    table().iloc[:0].to_csv(csv, index=False)
    with pytest.raises(TierscapeError, match="no row has coordinates and 得分"):
        run(asked(csv), quiet)


def test_more_neighbours_than_can_be_held(csv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spots, "MAX_PAIRS", 1_000)
    with pytest.raises(TierscapeError, match="pairs of points are within 2000 km of each other"):
        run(asked(csv, within=2000.0), quiet)
    table().assign(lon=table()["lon"].round(-1), lat=20.0).to_csv(csv, index=False)
    with pytest.raises(TierscapeError, match="120 points are at 3 places, up to"):
        run(asked(csv), quiet)


def test_points_at_one_place_are_neighbours_and_told(csv: Path) -> None:
    frame = table()
    frame.loc[1, ["lon", "lat"]] = frame.loc[0, ["lon", "lat"]].to_numpy()
    frame.to_csv(csv, index=False)
    said: list[str] = []
    text, whole = run(asked(csv, as_json=True, neighbours=1, permutations=99), said.append)
    rows = json.loads(text)["rows"]
    assert whole
    assert "1 coincident site kept" in said
    assert rows[0]["hot_value"] == rows[1]["hot_value"] == np.mean([frame["得分"][:2]])


def test_a_column_that_is_taken_stays(csv: Path, tmp_path: Path) -> None:
    table().assign(hot_z="mine").to_csv(csv, index=False)
    run(asked(csv, tmp_path / "out.csv"), quiet)
    done = pd.read_csv(tmp_path / "out.csv")
    assert (done["hot_z"] == "mine").all()
    assert done["hotspots_hot_z"].notna().all()


def test_a_layer_keeps_bad_rows_without_a_place(csv: Path, tmp_path: Path) -> None:
    run(asked(spoilt(csv), tmp_path / "out.geojson", keep_bad=True), quiet)
    layer = gpd.read_file(tmp_path / "out.geojson")
    assert np.flatnonzero(layer.geometry.isna()).tolist() == [5, 9]
    assert layer["hot_label"].isna().sum() == 4


def test_rows_are_printed_and_the_summary_is_told(csv: Path) -> None:
    result = command(csv, "--value", "得分", "--lang", "zh")
    assert result.stdout.startswith("site,lon,lat,得分,hot_value")
    assert len(result.stdout.splitlines()) == N + 1
    assert "莫兰指数 I = " in result.stderr
    assert "热点（hot）" in result.stderr
    told = json.loads(command(csv, "--value", "得分", "--json").stdout)
    assert told["neighbours"] == {"nearest": 8}
    assert sum(told["labels"].values()) == told["points"] == len(told["rows"]) == N
    geary = command(csv, "--value", "得分", "--statistic", "local-geary", "--lang", "zh")
    assert "与邻居相似（similar）" in geary.stderr


def test_few_permutations_for_many_points_are_told(csv: Path) -> None:
    said: list[str] = []
    run(asked(csv, adjust="by"), said.append)
    assert any("999 permutations are few for 120 points and by" in line for line in said)
    said.clear()
    run(asked(csv, adjust="by", permutations=9_999), said.append)
    assert not any("are few" in line for line in said)


def test_the_request_is_what_decides_the_result(csv: Path, parts: Path, tmp_path: Path) -> None:
    for source in (csv, parts):
        one = request_text(asked(source))
        assert one == request_text(asked(source, tmp_path / "elsewhere.csv", lang="zh"))
        assert one != request_text(asked(source, seed=2))
        assert one != request_text(asked(source, keep_bad=True))
    before = request_text(asked(csv))
    spoilt(csv)
    assert request_text(asked(csv)) != before
    with pytest.raises(TierscapeError, match="no such file"):
        request_text(asked(tmp_path / "none.csv"))


def test_help_names_every_option_of_the_request() -> None:
    names = {each.name for each in hotspots.params if isinstance(each, click.Parameter)}
    assert set(Request.__slots__) <= names
