"""A drawing as a file: PNG and PDF by typst, SVG with its texts as paths."""

import json
import math
import re
from dataclasses import dataclass, replace
from typing import Any

from ...data.errors import TierscapeError, UnknownNameError
from .drawing import TEMPLATES, Drawing, svg, text_record
from .glyphs import FONTS

FORMATS = ("png", "svg", "pdf")


@dataclass(frozen=True, slots=True)
class Size:
    """How large a figure is: pixels, and how many of them make an inch of paper."""

    width: int
    height: int
    dpi: float = 144.0

    @property
    def unit(self) -> float:
        """Pixels of one unit of the drawing: all texts grow with the square root of the area."""
        return max(math.sqrt(self.width * self.height / (1920 * 1080)), _SMALLEST_UNIT)

    @property
    def units(self) -> tuple[float, float]:
        """Width and height of the drawing."""
        return round(self.width / self.unit, 2), round(self.height / self.unit, 2)


#: Below this, the smallest texts are no longer read on a screen.
_SMALLEST_UNIT = 0.66

SIZES = {
    "slide": Size(1920, 1080),
    "post": Size(1200, 630),
    "poster": Size(4961, 7016, 300.0),
    "poster-wide": Size(7016, 4961, 300.0),
}
_FEWEST, _MOST = 200, 20_000


def parse_size(text: str) -> Size:
    """Return a size by its name or from `WIDTHxHEIGHT` in pixels.

    Raises
    ------
    UnknownNameError
        If it is neither.
    TierscapeError
        If it is too small to be read or too large to be drawn.

    Examples
    --------
    >>> parse_size("slide"), parse_size("800x600").width
    (Size(width=1920, height=1080, dpi=144.0), 800)
    """
    if text in SIZES:
        return SIZES[text]
    found = re.fullmatch(r"(\d{1,9})[x×](\d{1,9})", text)
    if found is None:
        raise UnknownNameError("size (a name, or pixels such as 800x600)", text, SIZES)
    size = Size(int(found[1]), int(found[2]))
    if not all(_FEWEST <= side <= _MOST for side in (size.width, size.height)):
        raise TierscapeError(f"size {text}: both sides must have {_FEWEST} to {_MOST:,} pixels.")
    return size


def render(drawing: Drawing, form: str, size: Size, *, title: str = "", lang: str = "zh") -> bytes:
    """Return a drawing as the bytes of a file.

    Parameters
    ----------
    drawing
        Shapes and texts in units.
    form
        `png`, `svg` or `pdf`.
    size
        Pixels of the image; the paper of a PDF has the same size at the size's dpi.
    title
        What it shows, for the file's properties and for screen readers.
    lang
        The language of the texts.

    Returns
    -------
    bytes
        The same for the same drawing. The texts of an SVG are paths, so that it looks the same in
        every program and needs no font; those of a PDF can be selected.

    Raises
    ------
    MissingGlyphError
        If no shipped font shows a character.
    TierscapeError
        If typst is not installed.
    UnknownNameError
        If there is no such format.
    """
    if form not in FORMATS:
        raise UnknownNameError("format", form, FORMATS)
    if form == "svg":
        sheet = _sheet(drawing, (drawing.width, drawing.height), title, lang)
        traced = _traced(_compile(sheet, format="svg").decode())
        pixels = (size.width, size.height)
        return svg(drawing, pixels=pixels, title=title, traced=traced).encode()
    point = 72 / size.dpi if form == "pdf" else 1.0
    sheet = _sheet(drawing, (size.width * point, size.height * point), title, lang)
    sheet["shapes"] = svg(replace(drawing, texts=()), title=title)
    return _compile(sheet, format=form, **({"ppi": 72.0} if form == "png" else {}))


def _sheet(drawing: Drawing, paper: tuple[float, float], title: str, lang: str) -> dict[str, str]:
    """Return the page and its texts as the template reads them; paper in points."""
    width, height = paper
    sheet = {"width": width, "height": height, "unit": width / drawing.width}
    texts = [text_record(text) for text in drawing.texts if text.text]
    return {
        "sheet": json.dumps({**sheet, "title": title, "lang": lang}),
        "texts": json.dumps(texts),
    }


def _traced(document: str) -> str:
    """Return what stands inside an SVG document, as one group."""
    return f"<g>{document[document.index('>') + 1 : document.rindex('</svg>')]}</g>"


def require_typst() -> Any:  # noqa: ANN401 - a module without types
    """Return typst.

    Raises
    ------
    TierscapeError
        If it is not installed; the message says how to install it.
    """
    try:
        import typst  # noqa: PLC0415 - an extra, and it loads a large library
    except ImportError:
        raise TierscapeError(
            "Figures are drawn by typst, which is not installed. "
            'Install it with: pip install "tierscape[figures]"'
        ) from None
    return typst


def _compile(inputs: dict[str, str], **options: object) -> bytes:
    """Run typst on the template, with the shipped fonts and no others."""
    compiled: bytes = require_typst().compile(
        (TEMPLATES / "figure.typ").read_bytes(),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs=inputs,
        **options,
    )
    return compiled
