"""What all commands share: quiet, JSON, no colour, near names, completion."""

import json
from collections.abc import Callable
from pathlib import Path

import click
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from tierscape.cli import main
from tierscape.cli_options import Commands, say

Run = Callable[..., Result]


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    file = tmp_path / "sites.csv"
    file.write_text(
        "site,code,lon,lat\n仓库,007,121.6,29.9\nWerk,008,8.54,47.37\n", encoding="utf-8"
    )
    return file


def test_a_quiet_command_gives_its_data_only(run: Run, mine: Path, sites: Path) -> None:
    for command in (
        ("check", str(mine)),
        ("assign", str(sites)),
        ("assign", str(sites), "-o", str(sites.with_suffix(".geojson"))),
    ):
        loud, quiet = run(*command), run(*command, "--quiet")
        assert loud.stderr
        assert (quiet.exit_code, quiet.stderr) == (0, "")
        assert quiet.stdout == loud.stdout


def test_a_quiet_geocode_keeps_to_its_answer(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "cities.csv"
    file.write_bytes("城市\n罗马\n".encode("gb18030"))
    loud, quiet = run("geocode", str(file)), run("geocode", str(file), "-q")
    assert "GB18030" in loud.stderr
    assert (quiet.stderr, quiet.stdout) == ("", loud.stdout)


def test_a_quiet_map_tells_its_file_as_json(run: Run, mine: Path, tmp_path: Path) -> None:
    image = tmp_path / "map.svg"
    asked = ("--data", str(mine), "--edition", "mine-2025", "--json", "-q")
    result = run("map", "-o", str(image), *asked)
    assert result.stderr == ""
    assert json.loads(result.stdout) == {"file": str(image)}
    assert image.is_file()


def test_what_failed_is_told_even_if_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    command = click.Command("make", callback=lambda: [say("done"), say("failed: one: why")])
    group = Commands("tierscape")
    group.add_command(command)
    group.main(["make", "-q"], standalone_mode=False)
    assert capsys.readouterr() == ("", "failed: one: why\n")
    group.main(["make"], standalone_mode=False)
    assert capsys.readouterr() == ("", "done\nfailed: one: why\n")


def test_a_quiet_command_still_tells_errors(run: Run) -> None:
    result = run("clusters", "show", "aps", "-q")
    assert result.exit_code == 2
    assert "Did you mean 'alps'?" in result.stderr


def test_problems_as_json(run: Run, mine: Path) -> None:
    assert json.loads(run("check", str(mine), "--json").stdout) == []
    total = mine / "editions" / "mine-2025" / "total.csv"
    total.write_text(total.read_text(encoding="utf-8").replace(",2", ",9"), encoding="utf-8")
    result = run("check", str(mine), "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert {problem["value"] for problem in told} >= {"9"}
    assert {"file", "row", "column", "value", "rule", "remedy"} == set(told[0])


def test_assigned_rows_as_json(run: Run, sites: Path, tmp_path: Path) -> None:
    rows = json.loads(run("assign", str(sites), "--json").stdout)
    target = tmp_path / "placed.csv"
    run("assign", str(sites), "-o", str(target))
    table = pd.read_csv(target, keep_default_na=False)
    assert [row["code"] for row in rows] == ["007", "008"]
    for name in ("site", "landform", "coast_km", "clusters", "nearest_place"):
        assert [row[name] for row in rows] == table[name].tolist()
    both = run("assign", str(sites), "--json", "-o", str(target))
    assert both.exit_code == 2
    assert "leave out -o" in both.stderr


def test_rows_with_bad_coordinates_are_null(run: Run, sites: Path) -> None:
    with sites.open("a", encoding="utf-8") as file:
        file.write("nowhere,009,,\n")
    result = run("assign", str(sites), "--json", "--keep-bad")
    assert result.exit_code == 1
    last = json.loads(result.stdout)[-1]
    assert (last["site"], last["landform"], last["coast_km"]) == ("nowhere", None, None)


def test_a_build_tells_its_files(run: Run, mine: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    asked = ("--data", str(mine), "--edition", "mine-2025", "--json", "--quiet")
    result = run("build", "-o", str(folder), *asked)
    assert result.stderr == ""
    told = json.loads(result.stdout)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert told == {"folder": str(folder), "files": manifest["files"]}


@pytest.mark.parametrize("value", ["", "1"])
def test_there_is_no_colour(value: str) -> None:
    for command in (["--help"], ["geocode", "--names", "罗马"], ["clusters", "show", "aps"], ["x"]):
        result = CliRunner().invoke(main, command, color=True, env={"NO_COLOR": value})
        assert result.output
        assert "\x1b" not in result.output


@pytest.mark.parametrize(
    ("typed", "near"), [("Munihc", "Munich"), ("乌鲁木其", "Ürümqi"), ("Yokohma", "Yokohama")]
)
def test_a_misspelt_city_gets_the_nearest(run: Run, typed: str, near: str) -> None:
    result = run("geocode", "--names", typed, "--json")
    found = json.loads(result.stdout)[0]
    assert (result.exit_code, found["status"], found["name_en"]) == (1, "suggested", near)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("tierscape compare al", {"alps"}),
        ("tierscape compare alps 落基", {"落基山脉"}),
        ("tierscape build --edition as", {"asia-2023"}),
        ("tierscape clusters standings --dimension instit", {"institutional"}),
        ("tierscape clusters sens", {"sensitivity"}),
        ("tierscape geocode --qui", {"--quiet"}),
    ],
)
def test_names_are_completed(line: str, names: set[str]) -> None:
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1)}
    asked = {"_TIERSCAPE_COMPLETE": "bash_complete", **words}
    done = CliRunner().invoke(main, [], prog_name="tierscape", env=asked)
    assert {each.removeprefix("plain,") for each in done.stdout.split()} == names


def test_own_names_are_completed_too(mine: Path) -> None:
    line = f"tierscape compare --data {mine} --edition mi"
    words = {"COMP_WORDS": line, "COMP_CWORD": "5"}
    asked = {"_TIERSCAPE_COMPLETE": "bash_complete", **words}
    done = CliRunner().invoke(main, [], prog_name="tierscape", env=asked)
    assert done.stdout == "plain,mine-2025\n"
