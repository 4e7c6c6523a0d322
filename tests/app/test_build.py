"""The main job: every file, the same bytes twice, and nothing half-written."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result

import tierscape
from tierscape.analysis import CITY_COLUMNS, Analysis, analyse, load
from tierscape.data.catalog import BUILT_IN, Catalog
from tierscape.data.edition_loader import load_editions
from tierscape.data.errors import TierscapeError

Run = Callable[..., Result]

COLUMNS = {
    "cities": ",".join(CITY_COLUMNS),
    "membership": "cluster,city_id,role,rule,measure_km",
    "tiers": "edition,dimension,city_id,name_published,label,tier,rank_best,rank_worst,n_cities",
    "clusters": (
        "edition,dimension,cluster,landform,role,n_cities,percentile,percentile_lower,"
        "percentile_upper,percentile_sd,tier_1,tier_2,tier_3,tier_4"
    ),
    "comparisons": (
        "edition,dimension,cluster_a,cluster_b,difference,difference_lower,difference_upper,"
        "p_a_ahead,certain,p_value,p_adjusted"
    ),
    "claims": "claim,source,text_zh,text_en,verdict,evidence,sensitivity",
    "audit": "edition,dimension,kind,city_id,detail",
}
EDITIONS = load_editions(Catalog())
DIMENSIONS = [(edition, dimension) for edition in EDITIONS for dimension in edition.dimensions]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "out"
    tierscape.build(folder)
    return folder


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return analyse(load())


def table(folder: Path, name: str) -> pd.DataFrame:
    text = {"city_id": "str", "country": "str"}
    return pd.read_csv(folder / f"{name}.csv", dtype=text, keep_default_na=False, na_values=[""])


def test_every_file_is_there_and_no_other(built: Path) -> None:
    files = {f"{name}.csv" for name in COLUMNS}
    files |= {"atlas.html", "cities.geojson", "clusters.geojson", "manifest.json"}
    assert {path.name for path in built.iterdir()} == files


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_that_other_tools_rely_on(built: Path, name: str) -> None:
    assert (built / f"{name}.csv").read_text(encoding="utf-8").startswith(COLUMNS[name])


def test_the_same_build_twice_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    tierscape.build(tmp_path / "again")
    for path in built.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_the_manifest_tells_inputs_and_files(built: Path) -> None:
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["files"]) == {path.name for path in built.iterdir()} - {"manifest.json"}
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((built / name).read_bytes()).hexdigest() == digest
    for name, digest in manifest["inputs"].items():
        assert hashlib.sha256((BUILT_IN / name).read_bytes()).hexdigest() == digest
    assert "editions/g20-2023/total.csv" in manifest["inputs"]
    assert manifest["tierscape"] == tierscape.__version__


@pytest.mark.parametrize(("edition", "dimension"), DIMENSIONS, ids=lambda each: each.slug)
def test_every_dimension_is_whole(built: Path, edition: object, dimension: object) -> None:
    tiers, cities = table(built, "tiers"), table(built, "cities")
    rows = tiers[(tiers["edition"] == edition.slug) & (tiers["dimension"] == dimension.slug)]  # type: ignore[attr-defined]
    assert len(rows) == len(dimension.entries)  # type: ignore[attr-defined]
    assert rows["city_id"].is_unique
    assert rows["city_id"].isin(cities["city_id"]).all()


def test_every_city_has_a_landform_and_its_measures(built: Path) -> None:
    cities = table(built, "cities")
    assert len(cities) == 309
    assert set(cities["landform"]) == {"coastal", "mountain", "inland"}
    assert cities[["coast_km", "sea", "range", "range_km", "elevation_m"]].notna().all().all()
    known = cities.set_index("name_en")
    assert known.loc["Montréal", "landform"] == "inland"
    for name in ("Hamburg", "Antwerp", "London", "Shanghai", "Hangzhou"):
        assert (known.loc[name, "landform"], known.loc[name, "shore"]) == ("coastal", "estuary")
    for name in ("Chicago", "Toronto"):
        assert (known.loc[name, "landform"], known.loc[name, "shore"]) == ("coastal", "lake")
    for name in ("Nice", "Kobe"):
        assert known.loc[name, "coast_and_mountain"]


def test_bounds_hold_and_tiers_add_up(built: Path) -> None:
    rows = table(built, "clusters")
    assert (rows["percentile_lower"] <= rows["percentile"]).all()
    assert (rows["percentile"] <= rows["percentile_upper"]).all()
    counts = rows[[f"tier_{number}" for number in range(1, 5)]].fillna(0).sum(axis=1)
    assert (counts == rows["n_cities"]).all()
    assert rows["landform"].isin(["coastal", "mountain", "inland"]).all()


def test_comparisons_agree_with_the_clusters(built: Path) -> None:
    keys = ["edition", "dimension"]
    core = table(built, "clusters").query("role == 'core'").set_index([*keys, "cluster"])
    pairs = table(built, "comparisons")
    assert (pairs["cluster_a"] < pairs["cluster_b"]).all()
    a = core.loc[list(pairs[[*keys, "cluster_a"]].itertuples(index=False, name=None)), "percentile"]
    b = core.loc[list(pairs[[*keys, "cluster_b"]].itertuples(index=False, name=None)), "percentile"]
    difference = a.to_numpy() - b.to_numpy()
    assert pairs["difference"].to_numpy() == pytest.approx(difference, abs=1e-5)
    assert pairs["p_a_ahead"].between(0, 1).all()
    certain = (pairs["difference_lower"] > 0) | (pairs["difference_upper"] < 0)
    assert (pairs["certain"] == certain).all()
    assert (pairs["p_adjusted"].dropna() >= pairs["p_value"].dropna() - 1e-9).all()


def test_small_clusters_have_no_test_and_no_rank(built: Path) -> None:
    core = table(built, "clusters").query("role == 'core' and n_cities < 3")
    assert len(core) > 0
    assert core["rank_core"].isna().all()
    assert (core["note"] != "").all()
    small = set(core[["edition", "dimension", "cluster"]].itertuples(index=False, name=None))
    pairs = table(built, "comparisons")
    for row in pairs.itertuples():
        if {
            (row.edition, row.dimension, row.cluster_a),
            (row.edition, row.dimension, row.cluster_b),
        } & small:
            assert pd.isna(row.p_value)


def test_every_claim_has_a_verdict(built: Path) -> None:
    claims = table(built, "claims")
    assert set(claims["verdict"]) <= {"supported", "contradicted", "undetermined", "untestable"}
    assert claims["claim"].is_unique
    assert claims["evidence"].notna().all()


def test_one_changed_tier_changes_a_verdict(built: Path, tmp_path: Path) -> None:
    source = BUILT_IN / "editions" / "g20-2023"
    copy = tmp_path / "data" / "editions" / "g20-2023"
    shutil.copytree(source, copy)
    text = (copy / "total.csv").read_text(encoding="utf-8")
    changed = text.replace("巴黎,1", "巴黎,2")
    assert changed != text
    (copy / "total.csv").write_text(changed, encoding="utf-8")
    before = table(built, "claims").set_index("claim")["verdict"]
    after = analyse(load(tmp_path / "data")).claims.set_index("claim")["verdict"]
    moved = before[before != after]
    assert len(moved) >= 1
    assert "supported" in set(moved)


def test_a_user_edition_is_laid_over(run: Run, mine: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("build", "-o", str(out), "--data", str(mine), "--edition", "mine-2025")
    assert result.exit_code == 0
    assert set(table(out, "tiers")["edition"]) == {"mine-2025"}
    assert len(table(out, "cities")) == 6
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert "--data/editions/mine-2025/total.csv" in manifest["inputs"]
    assert manifest["editions"] == ["mine-2025"]


TOTAL = "editions/mine-2025/total.csv"
TOML = "editions/mine-2025/edition.toml"
CLUSTER = "named_clusters/mine.toml"
FAULTS = {
    "unknown city": (TOTAL, "乌鲁木齐", "乌鲁木其", ["total.csv, line 5", "乌鲁木齐"]),
    "city twice": (TOTAL, "喀什", "西安", ["total.csv, line 6", "西安"]),
    "city in one table only": (TOTAL, "杭州", "宁波", ["杭州", "宁波"]),
    "empty tier": (TOTAL, ",2", ",1", ["the tier out of"]),
    "tier not in the ladder": (TOTAL, "喀什,2", "喀什,7", ["total.csv, line 6, tier", "'7'"]),
    "broken TOML": (TOML, "year = 2025", "year = ", ["edition.toml", "line 2"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_stops_the_build_before_it_writes(
    run: Run, mine: Path, tmp_path: Path, fault: str
) -> None:
    file, old, new, expected = FAULTS[fault]
    path = mine / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    out = tmp_path / "out"
    result = run("build", "-o", str(out), "--data", str(mine))
    assert result.exit_code == 2
    for part in expected:
        assert part in result.stderr
    assert not out.exists()
    assert [each.name for each in tmp_path.iterdir()] == ["data"]


def test_wrong_encoding_stops_the_build(run: Run, mine: Path, tmp_path: Path) -> None:
    path = mine / TOTAL
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    result = run("build", "-o", str(tmp_path / "out"), "--data", str(mine))
    assert result.exit_code == 2
    assert "total.csv, line 2" in result.stderr
    assert "not UTF-8" in result.stderr


def test_faults_of_all_files_are_told_at_once(run: Run, mine: Path, tmp_path: Path) -> None:
    total = mine / TOTAL
    total.write_text(
        total.read_text(encoding="utf-8").replace("喀什,2", "喀什,7"), encoding="utf-8"
    )
    (mine / "named_clusters").mkdir()
    (mine / CLUSTER).write_text(
        'title_zh = "我的"\ntitle_en = "Mine"\nlandform = "coastal"\n'
        '[source]\ndocument = "mine"\nsentence_zh = "x"\nsentence_en = "x"\ngeography = "x"\n'
        '[core]\nreason = "x"\nrule = { coast = "north-see", within_km = 50 }\n',
        encoding="utf-8",
    )
    result = run("build", "-o", str(tmp_path / "out"), "--data", str(mine))
    assert result.exit_code == 2
    assert "total.csv, line 6" in result.stderr
    assert "Did you mean 'north-sea'?" in result.stderr
    assert not (tmp_path / "out").exists()


def test_faulty_tables_and_unknown_cities_are_told_at_once(
    run: Run, mine: Path, tmp_path: Path
) -> None:
    total, roads = mine / TOTAL, mine / "editions/mine-2025/roads.csv"
    total.write_text(
        "name,tier\n上海,1\n东京,7\n西安,2\n乌鲁木其,2\n喀什,2\n上海,1\n,1\n", encoding="utf-8"
    )
    result = run("build", "-o", str(tmp_path / "out"), "--data", str(mine))
    checked = run("check", str(mine / "editions" / "mine-2025"))
    assert (result.exit_code, checked.exit_code) == (2, 1)
    for text in (result.stderr, checked.stdout):
        for found in ("line 3, tier: '7'", "line 5, name: '乌鲁木其': no place has", str(roads)):
            assert found in text
        assert text.count("total.csv, line 7") == 1, "a city that stands twice is told once"
        assert "'': no place" not in text


def test_a_wrong_country_code_does_not_make_every_city_unknown(run: Run, mine: Path) -> None:
    path = mine / TOML
    path.write_text(path.read_text(encoding="utf-8").replace('"CN"', '"cn"'), encoding="utf-8")
    lines = run("check", str(mine / "editions" / "mine-2025")).stdout.splitlines()
    assert len(lines) == 1
    assert "Did you mean 'CN'?" in lines[0]


def test_an_unknown_edition_gets_the_nearest(run: Run, tmp_path: Path) -> None:
    result = run("build", "-o", str(tmp_path / "out"), "--edition", "g20-2032")
    assert result.exit_code == 2
    assert "Did you mean 'g20-2023'?" in result.stderr


def test_a_target_is_checked_before_anything_is_read(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    begun: list[str] = []
    for target in (tmp_path / "file", tmp_path / "file" / "below" / "out"):
        with pytest.raises(TierscapeError, match="file"):
            tierscape.build(target, data=mine, progress=begun.append)

    def refuse(**_: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(TierscapeError, match="Permission denied"):
        tierscape.build(tmp_path / "new" / "out", data=mine, progress=begun.append)
    assert begun == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "file"]


def test_timings_tell_every_stage(run: Run, mine: Path, tmp_path: Path) -> None:
    arguments = ("build", "-o", str(tmp_path / "out"), "--data", str(mine))
    result = run(*arguments, "--edition", "mine-2025", "--timings")
    table = result.stderr[result.stderr.index("stage  ") :].splitlines()
    stages = [line.rsplit(maxsplit=2) for line in table[1:]]
    assert [stage for stage, _, _ in stages] == [
        "loading libraries",
        "reading editions and placing cities",
        "aggregating tiers per cluster",
        "comparing clusters",
        "judging claims",
        "auditing editions",
        "drawing and writing",
        "total",
    ]
    seconds = [float(took) for _, took, _ in stages]
    assert seconds[-1] == pytest.approx(sum(seconds[:-1]), abs=0.05)


def test_a_target_that_is_a_file_is_refused(run: Run, mine: Path, tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    result = run(
        "build", "-o", str(tmp_path / "out"), "--data", str(mine), "--edition", "mine-2025"
    )
    assert result.exit_code == 2
    assert "is a file" in result.stderr
