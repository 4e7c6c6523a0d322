"""The command `clusters sensitivity`, and what check and build tell of rules without cities."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tierscape.analysis import Places, analyse, load
from tierscape.sensitivity import sensitivity
from tierscape.sensitivity_text import sensitivity_text

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def places() -> Places:
    return load(editions=["g20-2023"])


@pytest.fixture(scope="module")
def lakes(places: Places) -> dict[str, Any]:
    return sensitivity(places, "great-lakes")


def result_of(results: list[dict[str, Any]], role: str) -> dict[str, Any]:
    return next(row for row in results if (row["dimension"], row["role"]) == ("total", role))


def test_the_ohio_valley_comes_out_by_itself(lakes: dict[str, Any]) -> None:
    states = next(
        each
        for each in lakes["sweeps"]
        if (each["part"], each["quantity"]) == ("extended", "without") and "Ohio" in each["test"]
    )
    steps = {step["left_out"]: step for step in states["steps"]}
    assert steps[""]["lost"] == ["Cincinnati (out)", "Columbus (out)", "Indianapolis (out)"]
    assert steps["Ohio"]["lost"] == ["Cincinnati (out)", "Columbus (out)"]
    with_valley = result_of(lakes["results"], "all")
    without = result_of(steps[""]["results"], "all")
    assert without["percentile"] > with_valley["percentile"] + 10
    assert without["rank"] < with_valley["rank"]


def test_the_published_step_is_what_the_build_says(places: Places, lakes: dict[str, Any]) -> None:
    table = analyse(places).clusters
    mine = table[table["cluster"] == "great-lakes"].set_index(["dimension", "role"])
    assert len(lakes["results"]) == len(mine)
    steps = [
        step
        for each in lakes["sweeps"]
        for step in each["steps"]
        if step["value"] is not None and step["value"] == each["published"]
    ]
    assert steps
    for step in steps:
        assert (step["gained"], step["lost"]) == ([], [])
        assert step["results"] == lakes["results"]
    for row in lakes["results"]:
        built = mine.loc[(row["dimension"], row["role"])]
        for name in ("n_cities", "percentile", "percentile_lower", "percentile_upper"):
            assert row[name] == built[name]
        if row["role"] == "core":
            assert row["rank"] == built["rank_core"]


def test_ranges_hold_every_step(lakes: dict[str, Any]) -> None:
    ranges = {(row["dimension"], row["role"]): row for row in lakes["ranges"]}
    for each in lakes["sweeps"]:
        for step in each["steps"]:
            for row in step["results"]:
                found = ranges[row["dimension"], row["role"]]
                assert found["percentile_least"] <= row["percentile"] <= found["percentile_most"]
                assert row["percentile_lower"] <= row["percentile"] <= row["percentile_upper"]
                if row["rank"] is not None:
                    assert found["rank_best"] <= row["rank"] <= found["rank_worst"]


def test_the_text_shows_steps_and_results(lakes: dict[str, Any]) -> None:
    text = sensitivity_text(lakes)
    assert "Pittsburgh (extended)" in text
    assert "50 *" in text
    assert "Over all steps" in text
    assert max(map(len, text.splitlines())) < 250


def test_the_command_prints_text_or_json(run: Run) -> None:
    shown = json.loads(run("clusters", "sensitivity", "persian-gulf", "--json").stdout)
    assert shown["cluster"] == "persian-gulf"
    assert {each["part"] for each in shown["sweeps"]} == {"core", "extended", "override"}
    text = run("clusters", "sensitivity", "persian-gulf").stdout
    assert "Riyadh is extended by its own line" in text
    assert "Hofuf (core)" in text


def test_an_unknown_cluster_gets_the_nearest(run: Run) -> None:
    result = run("clusters", "sensitivity", "great-lake")
    assert result.exit_code == 2
    assert "Did you mean 'great-lakes'?" in result.stderr


def test_a_cluster_counts_its_members_by_landform(run: Run) -> None:
    shown = json.loads(run("clusters", "show", "osaka-bay", "--json").stdout)
    first, other = shown["landforms"]["coast_first"], shown["landforms"]["mountain_first"]
    assert sum(first.values()) == sum(other.values()) == 3
    assert other["mountain"] > first["mountain"]
    assert "with mountain before coast" in run("clusters", "show", "osaka-bay").stdout


CLUSTER = (
    'title_zh = "我的"\ntitle_en = "Mine"\nlandform = "coastal"\n'
    '[source]\ndocument = "mine"\nsentence_zh = "x"\nsentence_en = "x"\ngeography = "x"\n'
    '[core]\nreason = "x"\nrule = { lake = "lake-baikal", within_km = 5 }\n'
    '[extended]\nreason = "x"\nrule = { cluster = "alps" }\n'
)


def test_check_tells_of_a_rule_without_cities(run: Run, mine: Path) -> None:
    cluster = mine / "named_clusters" / "mine.toml"
    cluster.parent.mkdir()
    cluster.write_text(CLUSTER, encoding="utf-8")
    for path in (cluster, mine):
        result = run("check", str(path))
        assert result.exit_code == 1
        assert "core.rule" in result.stdout
        assert "no ranked city of any edition satisfies this rule" in result.stdout
        assert "The closest is Ulaanbaatar" in result.stdout
        assert "extended.rule" not in result.stdout


def test_build_names_clusters_without_cities(run: Run, mine: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    result = run("build", "-o", out, "--data", str(mine), "--edition", "mine-2025")
    assert result.exit_code == 0
    line = next(line for line in result.stderr.splitlines() if "no city of these editions" in line)
    assert "alps" in line
    assert "xian-kashgar" not in line


def test_the_text_in_chinese(places: Places) -> None:
    told = sensitivity_text(sensitivity(places, "great-lakes", "zh"), "zh")
    assert "匹兹堡（扩展）" in told
    assert "大湖区：" in told
    assert "within" not in told
