"""Slides: charts and tables that can be edited, words for every picture, the same bytes."""

from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from pptx import Presentation

from tierscape.reports.blocks import (
    Block,
    Chart,
    Column,
    Figure,
    Heading,
    KeyFinding,
    Note,
    Paragraph,
    Report,
    Series,
    Table,
)
from tierscape.reports.pptx_slides import pptx

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 60" width="80" height="60">'
    '<rect width="80" height="60" fill="#31135e"/></svg>'
)
BOUNDS = Chart(
    "bounds",
    "Percentiles",
    "Percentiles in words",
    ("阿尔卑斯", "落基山脉"),
    (
        Series("percentile", (60.0, 40.0), "#2c6a99"),
        Series("lower", (50.0, 30.0)),
        Series("upper", (70.0, None)),
    ),
    SVG,
)
STACKED = replace(BOUNDS, kind="stacked", alt="Shares", series=(Series("t", (100.0, 100.0)),))
TABLE = Table(
    "members",
    "Members",
    (Column("city", "City"), Column("p", "p", "p_value"), Column("why", "Why", "long")),
    tuple((f"City {n}", 0.00001, "a reason " * 12) for n in range(60)),
)
MAP = Figure(SVG, "Map in words", "A map")
BLOCKS: tuple[Block, ...] = (
    KeyFinding("阿尔卑斯领先。", "确定。"),
    Heading("地图"),
    MAP,
    Heading("位置"),
    BOUNDS,
    STACKED,
    Heading("成员"),
    TABLE,
    Note("A remark."),
    Heading("方法"),
    *(Paragraph("一句话。" * 60) for _ in range(8)),
)
REPORT = Report("r", "cluster", "zh", "标题 <&>\x07", "副题", "2024-01-01", "1", BLOCKS)


@pytest.fixture(scope="module")
def content() -> bytes:
    return pptx(REPORT)


@pytest.fixture(scope="module")
def slides(content: bytes) -> list[Any]:
    return list(Presentation(BytesIO(content)).slides)


def shapes(slides: list[Any], kind: str) -> list[Any]:
    return [shape for slide in slides for shape in slide.shapes if getattr(shape, kind, False)]


def words(slide: Any) -> list[str]:  # noqa: ANN401 - a class without types
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def alt(shape: Any) -> str:  # noqa: ANN401 - a class without types
    return str(shape._element.xpath(".//p:cNvPr")[0].get("descr"))  # noqa: SLF001 - it has no name


def test_the_first_slide_has_the_finding(slides: list[Any]) -> None:
    title, body = words(slides[0])
    assert title == "标题 <&>"
    assert body.split("\n") == ["副题", "阿尔卑斯领先。", "确定程度: 确定。"]


def test_charts_are_native_and_hold_their_numbers(slides: list[Any]) -> None:
    bounds, stacked = [shape.chart for shape in shapes(slides, "has_chart")]
    assert list(bounds.plots[0].categories) == ["阿尔卑斯", "落基山脉"]
    assert [tuple(series.values) for series in bounds.series] == [
        (60.0, 40.0),
        (50.0, 30.0),
        (70.0, None),
    ]
    book = openpyxl.load_workbook(BytesIO(bounds.part.chart_workbook.xlsx_part.blob))
    rows = [[each.value for each in row] for row in book.active.iter_rows()]
    assert rows[1] == ["阿尔卑斯", 60, 50, 70]
    assert stacked.plots[0].overlap == 100
    order = [child.tag.rpartition("}")[2] for child in bounds.plots[0]._element]  # noqa: SLF001
    assert order.index("hiLowLines") < order.index("marker") < order.index("axId")


def test_every_drawing_and_table_has_words(slides: list[Any]) -> None:
    found = [alt(shape) for shape in shapes(slides, "has_chart")]
    found += [alt(shape) for slide in slides for shape in slide.shapes if shape.shape_type == 13]
    found += list({alt(shape) for shape in shapes(slides, "has_table")})
    assert found == ["Percentiles in words", "Shares", "Map in words", "Members"]


def test_no_row_of_a_table_is_lost_and_each_slide_repeats_the_heading(slides: list[Any]) -> None:
    tables = [shape.table for shape in shapes(slides, "has_table")]
    rows = [[each.text for each in row.cells] for table in tables for row in table.rows]
    heads = [row for row in rows if row[0] == "City"]
    assert len(tables) == len(heads) > 1
    assert [row[0] for row in rows if row not in heads] == [f"City {n}" for n in range(60)]
    assert {row[1] for row in rows if row not in heads} == {"<0.001"}


def test_all_texts_are_there_and_nothing_leaves_the_slide(slides: list[Any]) -> None:
    text = "\n".join(line for slide in slides for line in words(slide))
    assert text.count("一句话。" * 60) == 8
    assert "A remark." in text
    for slide in slides:
        for shape in slide.shapes:
            assert shape.top >= 0
            assert shape.top + shape.height <= 7.5 * 914_400
            assert shape.left + shape.width <= 13.334 * 914_400


def test_every_run_names_a_chinese_font_and_its_language(content: bytes) -> None:
    with ZipFile(BytesIO(content)) as parts:
        slides = [parts.read(n).decode() for n in parts.namelist() if "slides/slide" in n]
        charts = [parts.read(n).decode() for n in parts.namelist() if "charts/chart" in n]
    runs = sum(slide.count("<a:r>") for slide in slides)
    assert sum(slide.count('<a:ea typeface="Microsoft YaHei"/>') for slide in slides) == runs
    assert sum(slide.count('lang="zh-CN"') for slide in slides) == runs
    assert all('<a:ea typeface="Microsoft YaHei"/>' in chart for chart in charts if "<c:" in chart)


def test_the_same_bytes(content: bytes) -> None:
    assert pptx(REPORT) == content
    with ZipFile(BytesIO(content)) as parts:
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        inner = next(name for name in parts.namelist() if name.endswith(".xlsx"))
        with ZipFile(BytesIO(parts.read(inner))) as sheet:
            assert b"2024-01-01T00:00:00Z" in sheet.read("docProps/core.xml")
    assert Presentation(BytesIO(content)).core_properties.created.isoformat()[:10] == "2024-01-01"


def test_a_report_without_blocks() -> None:
    slides = Presentation(BytesIO(pptx(replace(REPORT, blocks=())))).slides
    assert [words(slide) for slide in slides] == [["标题 <&>", "副题"]]
