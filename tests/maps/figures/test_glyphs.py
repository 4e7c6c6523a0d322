"""Fonts show every shipped name; a missing glyph is named; widths are those that typst sets."""

import csv
import json
from pathlib import Path

import pytest
import typst

from tierscape.data.catalog import BUILT_IN
from tierscape.data.errors import TierscapeError
from tierscape.maps.figures import glyphs, metrics
from tierscape.maps.figures.drawing import Drawing, Text, fitted, svg
from tierscape.maps.figures.glyphs import FONTS, MissingGlyphError, font_runs, visible
from tierscape.maps.figures.metrics import text_width, wrap

WORDS = ("Zürich", "粤港澳大湾区", "São Paulo 圣保罗", "Đà Nẵng", "0.85–1.00 (12)", "İzmir · N")


def test_a_missing_glyph_names_the_character_and_the_name() -> None:
    with pytest.raises(MissingGlyphError, match=r"서울시.*'서' \(U\+C11C\)"):
        font_runs("서울시")
    with pytest.raises(MissingGlyphError, match="U\\+1F600"):
        svg(Drawing(10, 10, (), (Text(0, 0, "Paris 😀", 10),)))


def test_every_shipped_name_can_be_shown() -> None:
    for path in BUILT_IN.glob("editions/*/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                font_runs(visible(row.get("name") or "-"))


def test_arabic_words_with_spaces_stay_in_one_font() -> None:
    assert [family for family, _ in font_runs("الرياض القديمة")] == ["Noto Sans Arabic"]


def test_missing_fonts_are_an_error_that_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    glyphs.coverage.cache_clear()
    monkeypatch.setattr(glyphs, "COVERAGE", tmp_path / "coverage.json")
    with pytest.raises(
        TierscapeError, match=r"coverage\.json: the fonts of the figures are missing"
    ):
        glyphs.coverage()
    glyphs.coverage.cache_clear()
    monkeypatch.setattr(metrics, "FONTS", tmp_path)
    with pytest.raises(TierscapeError, match="Install tierscape again"):
        metrics.font_file("Noto Sans", bold=False)


@pytest.mark.parametrize("bold", [False, True])
def test_widths_are_those_of_typst(*, bold: bool) -> None:
    """The pen of another program moves as far; kerning, which we leave out, is turned off."""
    parts = [
        "+".join(
            f'measure(text(100pt, kerning: false, weight: {700 if bold else 400}, font: "{family}",'
            f" {json.dumps(run, ensure_ascii=False)})).width"
            for family, run in font_runs(word)
        )
        for word in WORDS
    ]
    source = "#context [#metadata((" + ",".join(f"({part}).pt()" for part in parts) + ")) <w>]"
    answer = typst.query(
        source.encode(), "<w>", field="value", font_paths=[str(FONTS)], ignore_system_fonts=True
    )
    for word, width in zip(WORDS, json.loads(answer)[0], strict=True):
        assert text_width(word, 100, bold=bold) == pytest.approx(width, rel=2e-3), word


def test_wrapped_lines_fit_and_lose_nothing() -> None:
    text = (
        "来源：港湾海外，2023 二十国集团智慧城市排名。Names and coordinates: GeoNames (CC BY 4.0)."
    )
    lines = wrap(text, 15, 220)
    assert all(text_width(each, 15) <= 220 for each in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_text_that_cannot_fit_is_cut_off_visibly() -> None:
    short = fitted(Text(0, 0, "Guangdong–Hong Kong–Macao Greater Bay Area", 20), 90, least=15)
    assert short.text.endswith("…")
    assert text_width(short.text, short.size) <= 90
