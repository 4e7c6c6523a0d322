"""PDF, HTML and Markdown say the same, stay the same, and read no name as code."""

import io
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from pypdf import PdfReader

from tierscape.analysis import Analysis
from tierscape.maps.figures.glyphs import MissingGlyphError
from tierscape.reports import typst_pdf
from tierscape.reports.blocks import Chart, Column, Figure, Heading, Paragraph, Report, Table
from tierscape.reports.content import cluster_report
from tierscape.reports.html import html
from tierscape.reports.inputs import Options
from tierscape.reports.markdown import markdown
from tierscape.reports.numbers import cell
from tierscape.reports.typst_pdf import pdf

EDITION, CLUSTER = "arab-2024", "persian-gulf"
Reports = dict[tuple[str, str], Report]
BOTH = pytest.mark.parametrize("lang", ["zh", "en"])
HOSTILE = (
    "<script>alert(1)</script></style><img src=x onerror=alert(1)> & &lt; ]]> =cmd|' /C calc'!A0",
    '#panic("x") $x^2$ *b* _i_ `c` @ref <label> // \\u{41} a|b\n# c\n"]}{{ x }} {% y %}',
)


class Page(HTMLParser):
    """The tags, attributes and text of a page; a tag that is closed out of turn is an error."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "img", "br", "link"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def pdf_text(content: bytes) -> str:
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def squeezed(text: str) -> str:
    """A text without blanks, in which a line break makes no difference."""
    return re.sub(r"\s+", "", text)


def cells(report: Report) -> set[str]:
    """Every number of a report's tables, as text."""
    return {
        cell(value, column.kind, report.lang)
        for block in report.blocks
        if isinstance(block, Table)
        for row in block.rows
        for value, column in zip(row, block.columns, strict=True)
        if column.kind not in {"text", "long"}
    }


@BOTH
@pytest.mark.parametrize("kind", ["cluster", "edition"])
def test_numbers_are_the_same_in_every_format(reports: Reports, kind: str, lang: str) -> None:
    report = reports[kind, lang]
    numbers = cells(report)
    assert len(numbers) > 20
    page = [squeezed(text) for text in re.split(r"<[^>]+>", html(report)) if text.strip()]
    page = [each.replace("&lt;", "<").replace("&gt;", ">") for each in page]
    lines = re.split(r" \| |\| | \|", markdown(report).replace("\\", ""))
    assert numbers <= set(page)
    assert numbers <= set(lines)
    text = pdf_text(pdf(report))
    assert all(squeezed(number) in text for number in numbers)


@BOTH
def test_pdf_holds_the_text_and_the_outline(reports: Reports, lang: str) -> None:
    report = reports["cluster", lang]
    reader = PdfReader(io.BytesIO(pdf(report)))
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    for block in report.blocks:
        if isinstance(block, Paragraph):
            assert squeezed(block.text)[:20] in text
    bookmarks = [str(each["/Title"]) for each in reader.outline if not isinstance(each, list)]
    assert bookmarks == [block.text for block in report.blocks if isinstance(block, Heading)]


@BOTH
def test_pdf_is_tagged_and_claims_the_standard(reports: Reports, lang: str) -> None:
    report = reports["cluster", lang]
    content = pdf(report)
    reader = PdfReader(io.BytesIO(content))
    catalog = reader.root_object
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"].lower().startswith(lang)
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == report.title
    assert b"pdfuaid" in catalog["/Metadata"].get_data()
    alts = set(_alts(catalog["/StructTreeRoot"]))
    assert {block.alt for block in report.blocks if isinstance(block, Figure | Chart)} <= alts


def _alts(node: object) -> list[str]:
    """Every alternative text below a node of the structure tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [alt for each in node for alt in _alts(each)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/Alt"])] if "/Alt" in node else []
    return own + _alts(node.get("/K", []))


def test_only_shipped_fonts_are_used(reports: Reports) -> None:
    reader = PdfReader(io.BytesIO(pdf(reports["cluster", "zh"])))
    names = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert names
    assert all("NotoSans" in name for name in names)


@pytest.mark.parametrize("write", [pdf, html, markdown])
def test_same_report_same_bytes(reports: Reports, write: Callable[[Report], str | bytes]) -> None:
    report = reports["cluster", "zh"]
    first = write(report)
    write(reports["overview", "en"])
    typst_pdf._compiler.cache_clear()  # noqa: SLF001 - a new process has a new compiler
    assert write(report) == first


@BOTH
def test_page_needs_nothing_and_runs_nothing(reports: Reports, lang: str) -> None:
    text = html(reports["cluster", lang])
    page = Page(text)
    assert page.open == []
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "img", "object"}
    style = text[text.index("<style>") + 7 : text.index("</style>")]
    policy = next(each["content"] for tag, each in page.tags if "http-equiv" in each)
    assert policy is not None
    assert "default-src 'none'" in policy
    assert b64encode(sha256(style.encode()).digest()).decode() in policy
    for _, attributes in page.tags:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert str(attributes.get("href") or "#").startswith("#")
    ids = [each["id"] for _, each in page.tags if "id" in each]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(renamed: Callable[[str], Analysis], name: str) -> None:
    report = cluster_report(renamed(name), CLUSTER, EDITION, "en")
    text = html(report)
    page = Page(text)
    assert not {tag for tag, _ in page.tags} & {"script", "img", "label"}
    assert squeezed(name) in squeezed(page.text)
    plain = markdown(report)
    assert not re.search(r"(?<!\\)<(?:script|img|style)", plain)
    heads = [line for line in plain.splitlines() if line.startswith("| ")]
    columns = {len(re.findall(r"(?<!\\)\|", line)) for line in heads}
    assert max(columns) <= 12
    assert squeezed(name) in pdf_text(pdf(report))


def test_missing_glyph_stops_the_report_and_is_named(
    renamed: Callable[[str], Analysis], reports: Reports
) -> None:
    with pytest.raises(MissingGlyphError, match=r"'ཀ' \(U\+0F40\)"):
        cluster_report(renamed("Lhasa ཀ"), CLUSTER, EDITION, "en")
    with pytest.raises(MissingGlyphError, match=r"'ཀ' \(U\+0F40\)"):
        pdf(replace(reports["overview", "zh"], title="ཀ"))


def test_direction_marks_cannot_turn_a_text_round(reports: Reports) -> None:
    report = replace(reports["overview", "en"], blocks=(Paragraph("a\u202eb\u0007c"),))
    assert "abc" in pdf_text(pdf(report))


def test_arabic_names_stand_right_to_left(analysis: Analysis) -> None:
    names = dict.fromkeys(analysis.places.cities["city_id"], "المنامة")
    options = Options(names_ar=names)
    report = cluster_report(analysis, CLUSTER, EDITION, "en", options=options)
    reader = PdfReader(io.BytesIO(pdf(report)))
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert any("NotoSansArabic" in font for font in fonts)
    assert '<td class="arabic" lang="ar" dir="rtl">المنامة</td>' in html(report)


def test_empty_table_is_set() -> None:
    empty = Table("t", "Nothing", (Column("a", "A"), Column("b", "B", "count")), ())
    report = Report("r", "cluster", "en", "R", "", "2024-01-01", "", (Heading("H"), empty))
    assert "Nothing" in pdf_text(pdf(report))
    assert "| A | B |" in markdown(report)
