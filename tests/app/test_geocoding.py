"""The geocode command: one answer per row, in order, and every doubt visible."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
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


def test_utf_16_as_spreadsheets_save_it(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "cities.csv"
    path.write_bytes("城市\n乌鲁木齐\n".encode("utf-16"))
    assert rows(run("geocode", str(path)).stdout)[0]["name_en"] == "Ürümqi"


def test_an_assumed_encoding_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "cities.csv"
    path.write_bytes("name\nMünchen\n".encode("latin-1"))
    result = run("geocode", str(path))
    assert "read as GB18030, such as 'M黱chen'" in result.stderr
    assert [row["input"] for row in rows(result.stdout)] == ["M黱chen"]
    path.write_bytes("name\nMünchen\n".encode())
    assert run("geocode", str(path)).stderr == ""


def test_mixed_encodings_and_duplicates_keep_every_row(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "cities.csv"
    path.write_bytes("name\n西安\n".encode() + "西安\n开罗\n".encode("gb18030") + b"Rome\nRome\n")
    found = rows(run("geocode", str(path)).stdout)
    assert [row["input"] for row in found] == ["西安", "西安", "开罗", "Rome", "Rome"]
    assert [row["country"] for row in found] == ["CN", "CN", "EG", "IT", "IT"]


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
        (["geocode", "--names", "巴黎", "--country", "FR"], "Write the country in the name"),
        (["geocode", "--names", "巴黎", "--name", "city"], "--name city: names a column"),
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


def test_it_loads_neither_pandas_nor_numpy(tmp_path: Path) -> None:
    target = tmp_path / "rome.csv"
    command = ["geocode", "--names", "Rome", "--edition", "g20-2023", "-o", str(target)]
    code = (
        "import sys\nfrom tierscape.cli import main\n"
        f"try: main({command!r})\n"
        "except SystemExit as end: assert end.code == 0, end.code\n"
        "print(*sorted({'pandas', 'numpy', 'shapely', 'folium'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""
    assert "Rome" in target.read_text(encoding="utf-8")


def test_the_columns_that_other_tools_rely_on() -> None:
    first = "input,status,city_id,name_en,name_zh,country,lon,lat,population,confidence,candidates"
    assert ",".join(COLUMNS).startswith(first + ",")


def test_a_guess_is_suggested_and_is_no_match(run: Run) -> None:
    result = run("geocode", "--names", "--json", "Munihc", "西安")
    assert result.exit_code == 1
    guess, sure = json.loads(result.stdout)
    assert (guess["status"], guess["name_en"], guess["step"]) == ("suggested", "Munich", "misspelt")
    assert all(0 < found["confidence"] < 1 for found in (guess, sure))
    assert guess["reason"] == "1 slip from 'munich'"


def test_a_spreadsheet_is_read_like_a_table(run: Run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["城市", "国家"],
        ["科尔多瓦", "西班牙"],
        [None, None],
        [2024, None],
        ["Rome", "ITA"],
    ):
        book.active.append(row)
    book.save(tmp_path / "cities.xlsx")
    result = run("geocode", str(tmp_path / "cities.xlsx"), "--country", "国家")
    found = rows(result.stdout)
    assert [row["input"] for row in found] == ["科尔多瓦", "", "2024", "Rome"]
    assert [row["country"] for row in found] == ["ES", "", "", "IT"]
    assert all(row["reason"] for row in found if row["status"] == "not_found")


BAD_CELLS = [
    "",
    " ",
    "12345",
    "3.14",
    "x" * 10_000,
    "阿" * 10_000,
    "a\x07b",
    "\u202eemoR",
    "🏙",
    "=1+1",
]


def test_every_bad_cell_has_its_row(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "cities.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["name"], *([cell] for cell in BAD_CELLS), ["\u200fالقاهرة"]])
    result = run("geocode", str(path))
    assert result.exit_code == 1
    found = rows(result.stdout)
    assert [row["input"] for row in found] == [*BAD_CELLS, "\u200fالقاهرة"]
    assert {row["status"] for row in found[:6]} == {"not_found"}
    assert found[-1]["name_en"] == "Cairo"


@pytest.mark.parametrize("land", ["ES", "esp", "Spain", "西班牙", " 西班牙 "])
def test_a_country_in_every_form(run: Run, tmp_path: Path, land: str) -> None:
    path = tmp_path / "cities.csv"
    path.write_text(f"Name,land\n科尔多瓦,{land}\n", encoding="utf-8")
    (found,) = rows(run("geocode", str(path), "--country", "land").stdout)
    assert (found["country"], found["status"]) == ("ES", "matched")


def test_a_wrong_country_names_the_nearest(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "cities.csv"
    path.write_text("name,land\nRome,Itally\n", encoding="utf-8")
    result = run("geocode", str(path), "--country", "land")
    assert result.exit_code == 2
    assert "Did you mean 'Italy'?" in result.stderr


def test_names_given_together_help_each_other(run: Run) -> None:
    names = ["巴西利亚", "里约热内卢", "阿雷格里港", "累西腓", "圣路易斯"]
    last = json.loads(run("geocode", "--names", "--json", *names).stdout)[-1]
    assert last["country"] == "BR"
    assert "sure names given with it" in last["reason"]
