"""A deck of slides: sizes, fonts for Chinese and Latin, titles, texts, alternative texts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .extras import required
from .office_zip import office_text

#: English Metric Units, the unit of Office files.
INCH = 914_400
WIDTH, HEIGHT = round(13.333 * INCH), round(7.5 * INCH)
MARGIN, TOP = round(0.55 * INCH), round(1.25 * INCH)
CAPTION = round(0.4 * INCH)
_BLANK = 5  # The layout that has a title alone.
LATIN, HAN, ARABIC = "Calibri", "Microsoft YaHei", "Arial"
_LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of a slide and how it looks."""

    text: str
    bold: bool = False
    italic: bool = False
    small: bool = False

    @property
    def points(self) -> int:
        """Size of the letters."""
        return 13 if self.small else 16

    def height(self, letters: int) -> float:
        """Return the lines of full size that it takes, with the space after it."""
        wide = letters * 16 / self.points
        return (math.ceil(width(self.text) / wide) + 0.4) * self.points / 16


@dataclass(frozen=True, slots=True)
class Deck:
    """Slides of one language; `file` is the presentation of python-pptx."""

    file: Any
    lang: str

    def describe(self, title: str, made: datetime) -> None:
        """Set the properties of the file."""
        properties = self.file.core_properties
        properties.title, properties.language = office_text(title), _LANGUAGES[self.lang]
        properties.author = properties.last_modified_by = "tierscape"
        properties.created = properties.modified = made

    def add_slide(self, title: str) -> Any:  # noqa: ANN401 - a class without types
        """Add a slide with a title; return it."""
        slide = self.file.slides.add_slide(self.file.slide_layouts[_BLANK])
        box = slide.shapes.title
        box.left, box.top = MARGIN, round(0.35 * INCH)
        box.width, box.height = WIDTH - 2 * MARGIN, round(0.75 * INCH)
        points = 28 if width(title) <= 60 else 22
        self.write(box.text_frame.paragraphs[0], title, points, bold=True)
        box.text_frame.paragraphs[0].alignment = 1
        return slide

    def add_cover(self, title: str, subtitle: str, lines: Sequence[Line]) -> None:
        """Add the first slide."""
        slide = self.add_slide(title)
        slide.shapes.title.top, slide.shapes.title.height = round(1.3 * INCH), round(1.2 * INCH)
        body = [Line(subtitle, small=True)] if subtitle else []
        self._add_box(slide, [*body, *lines], round(2.7 * INCH), scale=1.25)

    def add_text(self, title: str, lines: Sequence[Line]) -> None:
        """Add a slide of paragraphs."""
        self._add_box(self.add_slide(title), lines, TOP)

    def add_caption(self, slide: Any, text: str) -> None:  # noqa: ANN401
        """Add a line below a drawing."""
        if text:
            self._add_box(slide, [Line(text, small=True)], HEIGHT - CAPTION - INCH // 5)

    def write(self, paragraph: Any, text: str, points: float, **look: bool) -> None:  # noqa: ANN401
        """Write a paragraph in the deck's fonts; what XML cannot hold is left out."""
        run = paragraph.add_run()
        run.text = office_text(text)
        run.font.size = round(points * 12_700)
        run.font.bold, run.font.italic = look.get("bold", False), look.get("italic", False)
        name_fonts(run.font._rPr, self.lang)  # noqa: SLF001 - it has no name for East Asia

    def fit(self, shape: Any, *, caption: bool) -> None:  # noqa: ANN401
        """Make a picture as large as the slide lets it, in the middle."""
        room = (WIDTH - 2 * MARGIN, HEIGHT - TOP - INCH // 5 - (CAPTION if caption else 0))
        scale = min(room[0] / shape.width, room[1] / shape.height)
        shape.width, shape.height = round(shape.width * scale), round(shape.height * scale)
        shape.left, shape.top = (WIDTH - shape.width) // 2, TOP

    def set_alt(self, shape: Any, text: str) -> None:  # noqa: ANN401
        """Say in words what a shape shows."""
        properties = shape._element.xpath(".//p:cNvPr")[0]  # noqa: SLF001 - it has no name
        properties.set("descr", office_text(text))

    def _add_box(
        self,
        slide: Any,  # noqa: ANN401
        lines: Sequence[Line],
        top: int,
        scale: float = 1.0,
    ) -> None:
        """Add paragraphs below each other."""
        box = slide.shapes.add_textbox(MARGIN, top, WIDTH - 2 * MARGIN, HEIGHT - top - INCH // 5)
        frame = box.text_frame
        frame.word_wrap = True
        for number, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.space_after = 6 * 12_700
            look = {"bold": line.bold, "italic": line.italic}
            self.write(paragraph, line.text, line.points * scale, **look)


def open_deck(lang: str) -> Deck:
    """Return an empty deck of wide slides.

    Raises
    ------
    TierscapeError
        If python-pptx is not installed.
    """
    file = required("pptx", "PPTX").Presentation()
    file.slide_width, file.slide_height = WIDTH, HEIGHT
    return Deck(file, lang)


def name_fonts(properties: Any, lang: str) -> None:  # noqa: ANN401 - an XML element
    """Name the fonts of Latin, Chinese and Arabic letters, and the language, of a run."""
    properties.set("lang", _LANGUAGES[lang])
    for script, font in (("latin", LATIN), ("ea", HAN), ("cs", ARABIC)):
        tag = f"{{http://schemas.openxmlformats.org/drawingml/2006/main}}{script}"
        for old in properties.findall(tag):
            properties.remove(old)
        properties.append(properties.makeelement(tag, {"typeface": font}))


def width(text: str) -> int:
    """Return how wide a text is, in Latin letters.

    Examples
    --------
    >>> width("Alps 阿尔卑斯")
    13
    """
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
