"""Workbooks: what a spreadsheet program reads is what the report says, and never a formula."""

import time
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from tierscape.reports.blocks import (
    Chart,
    Column,
    Heading,
    KeyFinding,
    Note,
    Paragraph,
    Quote,
    Report,
    Series,
    Table,
)
from tierscape.reports.numbers import FORMATS, cell
from tierscape.reports.xlsx_sheets import number_format, xlsx

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "-2",
    "https://example.org",
    "{=1}",
    "阿尔卑斯",
]
TABLE = Table(
    "members",
    "Members of it",
    (
        Column("city", "City", "text"),
        Column("lower", "Bound", "percentile", "The least"),
        Column("upper", "Bound", "percentile", "The greatest"),
        Column("p", "p", "p_value", "Exact"),
        Column("certain", "Certain", "flag"),
    ),
    tuple((text, 46.249999, None, 0.00001, True) for text in HOSTILE),
)
CHART = Chart(
    "stacked",
    "Tiers",
    "Tiers in words",
    ("Alps", "Rockies"),
    (Series("Tier 1", (40.0, None), "#31135e"), Series("Tier 2", (60.0, 100.0), "#2c6a99")),
    "<svg/>",
)
REPORT = Report(
    "r",
    "cluster",
    "en",
    "=Title",
    "Subtitle",
    "2024-01-01",
    "1.0",
    (
        KeyFinding("It leads.", "Certain."),
        Heading("Members: why?"),
        TABLE,
        Note("A remark."),
        Quote("Said.", "Source"),
        Heading("Tiers"),
        CHART,
        Paragraph("Text."),
        Table("none", "Nothing", (Column("a", "A", "count"),), ()),
    ),
)


def book(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(content))


def test_sheets_tables_filters_and_words() -> None:
    read = book(xlsx(REPORT))
    assert read.sheetnames == ["Report", "Members- why", "Tiers", "Tiers-2", "Data dictionary"]
    for name in read.sheetnames[1:]:
        (table,) = read[name].tables.values()
        assert table.autoFilter is not None
        assert read[name].freeze_panes == "B2"
    words = [row[0].value for row in read["Report"].iter_rows() if row[0].value]
    assert words[:4] == ["=Title", "Subtitle", "It leads.", "Certainty: Certain."]
    assert {"A remark.", "Said. — Source", "Text."} <= set(words)
    dictionary = [[each.value for each in row] for row in read["Data dictionary"].iter_rows()]
    assert dictionary[2] == ["Members- why", "Bound", "lower", "0.0", "The least"]
    assert [row[1] for row in dictionary[1:6]] == ["City", "Bound", "Bound (upper)", "p", "Certain"]


def test_no_text_is_a_formula_or_a_link() -> None:
    content = xlsx(REPORT)
    sheet = book(content)["Members- why"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == HOSTILE
    assert {row[0].data_type for row in sheet.iter_rows(min_row=2)} == {"s"}
    with ZipFile(BytesIO(content)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if "worksheets/sheet" in name]
        assert not any(b"<f>" in sheet or b"TargetMode" in sheet for sheet in sheets)


def test_numbers_are_numbers_as_the_atlas_keeps_them() -> None:
    row = book(xlsx(REPORT))["Members- why"][2]
    assert [each.value for each in row[1:]] == [
        round(46.249999, FORMATS["percentile"].kept),
        None,
        0.00001,
        "yes",
    ]
    assert [row[place].number_format for place in (1, 3)] == ["0.0", '[<0.001]"<0.001";0.000']


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("value", [0.0004, 0.0006, 0.004, 0.006, 0.5, 0.994, 0.996, 0.9999, 1.0])
def test_a_number_format_shows_what_the_other_formats_show(kind: str, value: float) -> None:
    """The format is read as spreadsheet programs do: the first condition that holds."""
    shown = None
    for part in number_format(kind).split(";"):
        condition, _, look = part.rpartition("]")
        sign, bound = condition[1:2], float(condition[2:] or 0)
        holds = value < bound if sign == "<" else value > bound if sign == ">" else True
        if holds:
            shown = look
            break
    assert shown is not None
    expected = cell(value, kind, "en")
    if shown.startswith('"'):
        assert shown.strip('"') == expected
    else:
        assert expected[0] not in "<>"


def test_the_chart_is_native_and_has_words() -> None:
    content = xlsx(REPORT)
    sheet = book(content)["Tiers"]
    rows = [[each.value for each in row[:3]] for row in sheet.iter_rows(max_row=3)]
    assert rows == [["#1", "Tier 1", "Tier 2"], ["Alps", 40, 60], ["Rockies", None, 100]]
    with ZipFile(BytesIO(content)) as parts:
        assert b"percentStacked" in parts.read("xl/charts/chart1.xml")
        assert b'descr="Tiers in words"' in parts.read("xl/drawings/drawing1.xml")


def test_the_same_bytes_whatever_the_clock_says(monkeypatch: pytest.MonkeyPatch) -> None:
    first = xlsx(REPORT)
    later = time.struct_time((2031, 5, 6, 7, 8, 9, 1, 126, 0))
    monkeypatch.setattr(time, "localtime", lambda *_: later)
    assert xlsx(REPORT) == first
    assert book(first).properties.created == datetime(2024, 1, 1)  # noqa: DTZ001 - it has no zone


def test_every_language_and_kind_of_chart() -> None:
    bounds = Chart("bounds", "B", "b", ("x",), tuple(Series(n, (1.0,)) for n in "vlu"), "<svg/>")
    bars = Chart("bars", "C", "c", ("x",), (Series("v", (1.0,)),), "<svg/>")
    read = book(xlsx(replace(REPORT, lang="zh", blocks=(bounds, bars))))
    assert read.sheetnames[0] == "报告"
    assert read.sheetnames[-1] == "数据字典"
