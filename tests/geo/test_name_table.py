"""Every row of a table is read, in order, whatever it holds."""

import io
from importlib import import_module

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierscape.data.errors import DataError, TierscapeError
from tierscape.geo import name_table
from tierscape.geo.name_table import read_table

ROWS = [["city", "n"], ["北京", 1], [None, None], [12.0, 2.5], ["x" * 10_000, True]]


def sheet(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.create_sheet("second").append(["other"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_sheet_is_read_with_its_empty_and_number_cells() -> None:
    table = read_table(sheet([*ROWS, [None, None]]), "a.xlsx")
    assert table.columns == ("city", "n")
    assert [row.cells["city"] for row in table.rows] == ["北京", "", "12", "x" * 10_000]
    assert [row.line for row in table.rows] == [2, 3, 4, 5]
    assert table.rows[2].cells["n"] == "2.5"


def test_a_missing_reader_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> object:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(name_table, "import_module", absent)
    with pytest.raises(TierscapeError, match=r"tierscape\[xlsx\]"):
        read_table(sheet(ROWS), "a.xlsx")
    assert import_module("openpyxl")


@pytest.mark.parametrize("content", [b"PK\x03\x04 no archive", b"\xd0\xcf\x11\xe0 an old book"])
def test_what_is_no_sheet_is_named(content: bytes) -> None:
    with pytest.raises(DataError, match=r"a\.xlsx"):
        read_table(content, "a.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(encoding: str) -> None:
    table = read_table("城市,n\n喀什,1\n".encode(encoding), "a.csv")
    assert table.rows[0].cells == {"城市": "喀什", "n": "1"}


def test_mixed_encodings_are_read_line_by_line() -> None:
    content = "name\n喀什\n".encode() + "西安\n".encode("gb18030") + "開羅\n".encode()
    table = read_table(content, "a.csv")
    assert [row.cells["name"] for row in table.rows] == ["喀什", "西安", "開羅"]


def test_what_is_assumed_to_be_gb18030_is_told() -> None:
    assert read_table("name\n喀什\n".encode(), "a.csv").assumed == ""
    assert read_table("name\n喀什\n".encode("gb18030"), "a.csv").assumed == "喀什"
    assert read_table("name\nMünchen\n".encode("latin-1"), "a.csv").assumed == "M黱chen"


def test_latin_1_that_cannot_be_gb18030_is_named() -> None:
    with pytest.raises(DataError, match="Western encoding") as caught:
        read_table("name\nRome\nMalmö\n".encode("latin-1"), "a.csv")
    assert [problem.row for problem in caught.value.problems] == [3]


def test_every_line_of_no_encoding_is_named() -> None:
    with pytest.raises(DataError) as caught:
        read_table(b"name\n\xff\xff\nRome\n\xff\n", "a.csv")
    assert [problem.row for problem in caught.value.problems] == [2, 4]


def test_blank_lines_are_empty_cells_of_a_single_column() -> None:
    assert [r.cells["name"] for r in read_table(b"name\n\nRome\n\n", "a").rows] == ["", "Rome", ""]
    assert len(read_table(b"name,n\n\nRome,1\n", "a").rows) == 1


def test_short_and_long_rows_are_kept() -> None:
    table = read_table(b"name,n\nRome\nOslo,1,2\n", "a.csv")
    assert [row.cells for row in table.rows] == [
        {"name": "Rome", "n": ""},
        {"name": "Oslo", "n": "1"},
    ]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=20))
def test_any_cells_come_back_in_order(cells: list[str]) -> None:
    quoted = "".join('"' + cell.replace('"', '""') + '"\n' for cell in cells)
    table = read_table(f"name\n{quoted}".encode(), "a.csv")
    assert [row.cells["name"] for row in table.rows] == cells
