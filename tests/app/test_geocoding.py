"""The geocode command: one answer per row, in order, and every doubt visible."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tierscape.geocoding import COLUMNS

Run = Callable[..., Result]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_names_print_a_table_for_a_reader(run: Run) -> None:
    result = run("geocode", "--names", "大田", "罗马", "塞拉")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split() == list(COLUMNS)
    assert [name in line for name, line in zip(("Daejeon", "Rome", "Salé"), lines[1:], strict=True)]


def test_json_for_programs(run: Run) -> None:
    (found,) = json.loads(run("geocode", "--names", "--json", "西安").stdout)
    assert (found["city_id"], found["country"], found["status"]) == ("1790630", "CN", "matched")


def test_a_table_keeps_its_rows_and_their_order(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "cities.csv"
    path.write_text("city,land\n北京,中国\n,\nParis,FR\nParis,US\nNowhere,\n", encoding="utf-8")
    result = run("geocode", str(path), "--name", "city", "--country", "land")
    assert result.exit_code == 1
    found = rows(result.stdout)
    assert [row["input"] for row in found] == ["北京", "", "Paris", "Paris", "Nowhere"]
    assert [row["country"] for row in found] == ["CN", "", "FR", "US", ""]
    assert [row["status"] for row in found][-1] == "not_found"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_of_chinese_spreadsheets(run: Run, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "cities.csv"
    path.write_bytes("城市\n乌鲁木齐\n".encode(encoding))
    assert rows(run("geocode", str(path)).stdout)[0]["name_en"] == "Ürümqi"


def test_standard_input_and_output_file(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "places.csv"
    result = run("geocode", "-", "-o", str(target), stdin=b"name\nRome\n")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert rows(target.read_text(encoding="utf-8"))[0]["city_id"] == "3169070"


def test_an_edition_is_a_scope(run: Run) -> None:
    (found,) = json.loads(
        run("geocode", "--names", "--json", "--edition", "arab-2024", "的黎波里").stdout
    )
    assert found["country"] == "LY"
    result = run("geocode", "--names", "--json", "--edition", "arab-2024", "北京")
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["geocode"], "give one FILE"),
        (["geocode", "--names"], "give at least one name"),
        (["geocode", "absent.csv"], "absent.csv: No such file"),
        (["geocode", "北京"], "use --names"),
        (["geocode", "--names", "x", "--edition", "asia-2032"], "Did you mean 'asia-2023'?"),
    ],
)
def test_wrong_use_says_what_to_do(run: Run, arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_a_missing_column_names_the_nearest(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "cities.csv"
    path.write_text("town,cuntry\nRome,Italy\n", encoding="utf-8")
    result = run("geocode", str(path), "--name", "twon", "--country", "country")
    assert result.exit_code == 2
    assert "Did you mean 'town'?" in result.stderr
    assert "Did you mean 'cuntry'?" in result.stderr


def test_unknown_countries_are_all_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "cities.csv"
    path.write_text("name,country\nRome,Italia\nOslo,NO\nX,Atlantis\n", encoding="utf-8")
    result = run("geocode", str(path), "--country", "country")
    assert result.exit_code == 2
    assert "line 2" in result.stderr
    assert "line 4" in result.stderr
    assert "line 3" not in result.stderr


def test_it_loads_neither_pandas_nor_numpy() -> None:
    code = (
        "import sys\nfrom tierscape.cli import main\n"
        "try: main(['geocode', '--names', 'Rome', '--edition', 'g20-2023'])\n"
        "except SystemExit as end: assert end.code == 0, end.code\n"
        "print(*sorted({'pandas', 'numpy', 'shapely', 'folium'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""
