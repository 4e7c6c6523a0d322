"""CSV and XLSX: cells come back, and no text is a formula."""

import io
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tierscape.data.errors import DataError, TierscapeError
from tierscape.maps.exports import sheets
from tierscape.maps.exports.layers import Layer
from tierscape.maps.exports.sheets import csv_safe, flat_table, safe_table, write_xlsx

FORMULAS = ("=cmd|' /C calc'!A0", "@SUM(A1)", "+1+1", "-2+3", "\t=1", " =1", "=1", "-x")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_begins_like_a_formula(text: str) -> None:
    assert csv_safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+0.5", "-1e3", "10%-30%", "前 10%", "-10%", "", "a=b"])
def test_numbers_and_names_stay(text: str) -> None:
    assert csv_safe(text) == text


@given(st.text(max_size=20))
def test_a_text_comes_back_without_its_apostrophe(text: str) -> None:
    safe = csv_safe(text)
    assert safe in {text, f"'{text}"}
    assert csv_safe(safe) == safe


def test_headings_and_cells_are_safe_and_numbers_are_not_touched() -> None:
    table = pd.DataFrame({"=a": ["=1", None], "n": [-1, 2]})
    safe = safe_table(table)
    assert list(safe.columns) == ["'=a", "n"]
    assert safe["'=a"].fillna("").tolist() == ["'=1", ""]
    assert safe["n"].tolist() == [-1, 2]


def test_points_have_coordinates_and_areas_wkt(layers: dict[str, Layer]) -> None:
    cities = flat_table(layers["cities"])
    assert list(cities.columns[:3]) == ["city_id", "lon", "lat"]
    points = shapely.points(cities["lon"], cities["lat"])
    assert shapely.equals_exact(points, layers["cities"].table.geometry.to_numpy()).all()
    shapes = shapely.from_wkt(flat_table(layers["outlines"])["wkt"])
    wanted = layers["outlines"].table.geometry.to_numpy()
    assert shapely.equals_exact(shapes, wanted, 1e-9).all()


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, world: tuple[Layer, ...]) -> Path:
    path = tmp_path_factory.mktemp("sheets") / "out.xlsx"
    write_xlsx(path, [layer for layer in world if layer.name != "outlines"], "zh")
    return path


def test_every_cell_comes_back(book: Path, layers: dict[str, Layer]) -> None:
    read = openpyxl.load_workbook(book)
    assert read.sheetnames[:2] == ["城市", "城市群"]
    for title, name in (("城市", "cities"), ("公布的等级", "tiers"), ("城市群结果", "results")):
        table = flat_table(layers[name])
        rows = list(read[title].iter_rows(values_only=True))
        assert list(rows[0]) == list(table.columns)
        for found, wanted in zip(rows[1:], table.itertuples(index=False), strict=True):
            for cell, value in zip(found, wanted, strict=True):
                empty = pd.isna(value) or value == ""
                number = isinstance(value, float)
                assert cell == (None if empty else pytest.approx(value) if number else value)


def test_sheets_have_filters_formats_and_a_dictionary(book: Path, world: tuple[Layer, ...]) -> None:
    read = openpyxl.load_workbook(book)
    for sheet in read:
        (table,) = sheet.tables.values()
        assert table.autoFilter is not None
        assert table.ref == sheet.dimensions
        assert sheet.freeze_panes == "B2"
    formats = {
        cell.value: below.number_format
        for cell, below in zip(*read["城市群结果"]["1:2"], strict=True)
    }
    assert formats["percentile"] == "0.0"
    assert formats["edition"] == "@"
    listed = {row[:2] for row in read["列说明"].iter_rows(min_row=2, values_only=True)}
    for title, name in (("城市", "cities"), ("城市群成员", "membership")):
        layer = next(each for each in world if each.name == name)
        assert {(title, column) for column in flat_table(layer).columns} <= listed


def test_hostile_texts_are_neither_formulas_nor_links(tmp_path: Path) -> None:
    texts = [*FORMULAS, "http://example.org/x", "{=1}", "a\x00b\x0b", "<b>&"]
    path = tmp_path / "out.xlsx"
    write_xlsx(path, [Layer("tiers", pd.DataFrame({"label": texts}))], "en")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} <= {"s"}
    assert [cell.hyperlink for cell in cells] == [None] * len(texts)
    assert [cell.value for cell in cells[: len(FORMULAS)]] == list(FORMULAS)
    with zipfile.ZipFile(path) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_booleans_and_empty_tables(tmp_path: Path) -> None:
    flags = Layer("comparisons", pd.DataFrame({"certain": np.array([True, False])}))
    empty = Layer("claims", pd.DataFrame({"claim": pd.Series(dtype="str")}))
    write_xlsx(tmp_path / "out.xlsx", [flags, empty], "en")
    read = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert [cell.value for cell in read.worksheets[0]["A"]] == ["certain", True, False]
    assert read.worksheets[1]["A1"].value == "claim"


def test_a_text_longer_than_a_cell_is_named(tmp_path: Path) -> None:
    layer = Layer("tiers", pd.DataFrame({"label": ["a", "b" * 40_000]}))
    with pytest.raises(DataError, match="line 3, label"):
        write_xlsx(tmp_path / "out.xlsx", [layer], "en")
    assert list(tmp_path.iterdir()) == []


def test_the_same_bytes_twice(tmp_path: Path, layers: dict[str, Layer]) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_xlsx(tmp_path / name, [layers["tiers"]], "en")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO((tmp_path / "one.xlsx").read_bytes())) as parts:
        assert b"2000-01-01" in parts.read("docProps/core.xml")


def test_without_xlsxwriter_the_message_tells_what_to_install(
    tmp_path: Path, layers: dict[str, Layer], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(sheets, "import_module", missing)
    with pytest.raises(TierscapeError, match=r"tierscape\[reports\]"):
        write_xlsx(tmp_path / "out.xlsx", [layers["tiers"]], "en")
