"""The command line: help, clusters, compare, check, and what goes wrong."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

from tierscape.cli import main

Run = Callable[..., Result]


def every_command(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, command in group.commands.items():
        found.append((*path, name))
        if isinstance(command, click.Group):
            found += every_command(command, (*path, name))
    return found


@pytest.mark.parametrize("command", every_command(main), ids=" ".join)
def test_every_command_explains_itself(run: Run, command: tuple[str, ...]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage:")
    if command != ("clusters",):
        assert "Example: tierscape" in result.stdout


def test_help_is_light() -> None:
    code = (
        "import sys\nfrom tierscape.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print(*sorted({'pandas', 'numpy', 'geopandas', 'folium', 'sqlite3'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""


def test_module_and_version() -> None:
    command = [sys.executable, "-m", "tierscape", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("tierscape, version ")


def test_a_misspelt_command_gets_the_nearest(run: Run) -> None:
    result = run("comapre")
    assert result.exit_code == 2
    assert "compare" in result.stderr


def test_clusters_are_listed(run: Run) -> None:
    listed = json.loads(run("clusters", "list", "--json").stdout)
    assert {"alps", "north-sea", "inland-asia"} <= {each["cluster"] for each in listed}
    text = run("clusters", "list").stdout
    assert all(each["title_zh"] in text for each in listed)


def test_a_cluster_shows_its_members_and_near_misses(run: Run) -> None:
    shown = json.loads(run("clusters", "show", "persian-gulf", "--json").stdout)
    roles = {city["name_en"]: city["role"] for city in shown["cities"]}
    assert roles["Dubai"] == "core"
    assert roles["Riyadh"] == "extended"
    text = run("clusters", "show", "persian-gulf").stdout
    assert "override" in text
    assert "forum-2023" in text


def test_a_cluster_explains_itself_in_chinese(run: Run) -> None:
    text = run("clusters", "show", "alps", "--lang", "zh").stdout
    assert "不超过 50 千米" in text


def test_an_unknown_cluster_gets_the_nearest(run: Run) -> None:
    for command in (["clusters", "show", "aps"], ["compare", "aps", "rockies"]):
        result = run(*command)
        assert result.exit_code == 2
        assert "Did you mean 'alps'?" in result.stderr


def test_names_in_both_languages(run: Run) -> None:
    asked = ["--edition", "G20 smart city ranking 2023", "--dimension", "总分", "--json"]
    by_title = run("compare", "大湖区", "Rocky Mountains", *asked)
    by_slug = run(
        *("compare", "great-lakes", "rockies", "--edition", "g20-2023", "--dimension", "total"),
        "--json",
    )
    assert by_title.stdout == by_slug.stdout
    for command, near in (
        (["compare", "阿尔卑斯", "rockies"], "Did you mean 'alps'? (阿尔卑斯山脉, Alps)"),
        (["clusters", "show", "大湖"], "'great-lakes'"),
        (["audit", "阿盟"], "'arab-2024'"),
        (["geocode", "--names", "--edition", "亚洲", "罗马"], "'asia-2023'"),
        (["compare", "alps", "rockies", "--dimension", "制度"], "'institutional'"),
        (["build", "--edition", "zzzz"], "Valid: arab-2024"),
    ):
        result = run(*command)
        assert result.exit_code == 2
        assert near in result.stderr


def test_summaries_are_whole(run: Run) -> None:
    assert "..." not in run("--help").stdout.split("Commands:")[1]


def test_compare_says_who_is_ahead(run: Run) -> None:
    text = run("compare", "alps", "rockies", "--edition", "g20-2023", "--dimension", "total").stdout
    assert "alps is ahead of rockies" in text
    assert "With core members" in text
    assert "no p-value" in text
    assert "probability 1.000" not in text


def test_compare_as_json(run: Run) -> None:
    result = run("compare", "baltic", "alps", "north-sea", "--edition", "g20-2023", "--json")
    found = json.loads(result.stdout)
    assert set(found) == {"core", "all"}
    assert len(found["core"]) == 9
    assert all(row["difference_lower"] <= row["difference"] for row in found["core"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["compare", "alps"], "two or more"),
        (["compare", "alps", "alps"], "two or more"),
        (["compare", "alps", "baltic", "--edition", "g20"], "Did you mean 'g20-2023'?"),
        (["compare", "alps", "baltic", "--edition", "g20-2023", "--dimension", "totl"], "'total'"),
    ],
)
def test_wrong_comparisons_say_what_to_do(run: Run, arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_check_finds_nothing_wrong_with_what_is_right(run: Run, mine: Path) -> None:
    for path in (mine, mine / "editions" / "mine-2025", mine / "editions/mine-2025/edition.toml"):
        result = run("check", str(path))
        assert (result.exit_code, result.stdout) == (0, "")
        assert "no problems" in result.stderr


def test_check_finds_every_problem(run: Run, mine: Path) -> None:
    total = mine / "editions" / "mine-2025" / "total.csv"
    total.write_text(
        "name,tier\n上海,1\n东京,1\n西安,2\n乌鲁木其,2\n喀什,3\n上海,1\n", encoding="utf-8"
    )
    (mine / "named_clusters").mkdir()
    cluster = mine / "named_clusters" / "bad.toml"
    cluster.write_text('[core]\nrule = { coast = "north-see", within_km = -5 }\n', encoding="utf-8")
    result = run("check", str(mine))
    assert result.exit_code == 1
    for found in ("'3'", "line 7", "Did you mean 'north-sea'?", "title_zh", "-5"):
        assert found in result.stdout
    assert run("check", str(cluster)).exit_code == 1


def test_check_of_what_is_not_there(run: Run, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent", tmp_path / "x.toml"):
        assert run("check", str(path)).exit_code == 2
