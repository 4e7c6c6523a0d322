"""The command `export` writes what it is asked for, or says in one line why not."""

import json
from collections.abc import Callable
from pathlib import Path

import pyogrio
from click.testing import Result

Run = Callable[..., Result]


def test_export_writes_the_layer_asked_for(run: Run, mine: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.geojson"
    arguments = ("--layer", "cities", "--edition", "mine-2025", "--data", str(mine))
    result = run("export", "-o", str(target), *arguments)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert f"{target}: written" in result.stderr
    assert len(pyogrio.read_dataframe(target)) == 6


def test_export_refuses_in_one_line(run: Run, tmp_path: Path) -> None:
    result = run("export", "-o", str(tmp_path / "out.docx"))
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert len(result.stderr.splitlines()) == 1
    assert "ends in .gpkg" in result.stderr


def test_export_lists_its_files_as_json(run: Run, mine: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.shp"
    arguments = ("--edition", "mine-2025", "--data", str(mine), "--json")
    result = run("export", "-o", str(target), *arguments)
    assert sorted(Path(each).suffix for each in json.loads(result.stdout)) == [
        *(".cpg", ".csv", ".dbf", ".prj", ".shp", ".shx")
    ]
