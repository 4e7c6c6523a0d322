"""A drawing: shapes as SVG elements and texts apart, so that texts can be set in type or traced.

Positions are in units of a page that is some 1,900 wide; a figure's size says how many pixels
a unit has, so that the same figure is as legible on a poster as on a slide.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2

from ..palette import INK
from .glyphs import font_runs, visible
from .metrics import text_width

TEMPLATES = Path(__file__).parent.parent / "templates"

#: What a halo of a text is painted with.
PAPER = "#ffffff"
MUTED = "#55616b"
RULE = "#c9d2d8"


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text: where its baseline begins, ends or has its middle (`anchor`)."""

    x: float
    y: float
    text: str
    size: float
    fill: str = INK
    anchor: str = "start"
    bold: bool = False
    halo: float = 0.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes (SVG elements, later ones on top) and the texts above them, in units.

    `dropped` are the names that found no place.
    """

    width: float
    height: float
    shapes: tuple[str, ...] = ()
    texts: tuple[Text, ...] = ()
    dropped: tuple[str, ...] = ()


def line(x: float, y: float, text: str, size: float, **style: Any) -> Text:  # noqa: ANN401
    """Return a text with what cannot be seen taken out of it."""
    return Text(x, y, visible(text), size, **style)


def fitted(text: Text, width: float, *, least: float = 10.0) -> Text:
    """Return a text made smaller until it fits a width; what still does not fit is cut off.

    Examples
    --------
    >>> fitted(Text(0, 0, "Guangzhou", 20), 50).size < 20
    True
    """
    wide = text_width(text.text, text.size, bold=text.bold)
    if wide <= width:
        return text
    smaller = replace(text, size=max(least, round(text.size * width / wide - 0.005, 2)))
    kept = smaller.text
    while kept and text_width(kept + "…", smaller.size, bold=text.bold) > width:
        kept = kept[:-1]
    whole = text_width(smaller.text, smaller.size, bold=text.bold) <= width
    return smaller if whole else replace(smaller, text=kept.rstrip() + "…")


def moved(drawing: Drawing, x: float, y: float) -> Drawing:
    """Return a drawing moved to the right by x and down by y."""
    shapes = "".join(drawing.shapes)
    group = (f'<g transform="translate({number(x)} {number(y)})">{shapes}</g>',) if shapes else ()
    texts = tuple(replace(each, x=each.x + x, y=each.y + y) for each in drawing.texts)
    return replace(drawing, shapes=group, texts=texts)


def joined(width: float, height: float, parts: Iterable[Drawing]) -> Drawing:
    """Return several drawings as one, later ones on top."""
    all_parts = list(parts)
    return Drawing(
        width,
        height,
        tuple(shape for part in all_parts for shape in part.shapes),
        tuple(text for part in all_parts for text in part.texts),
        tuple(name for part in all_parts for name in part.dropped),
    )


def svg(
    drawing: Drawing, *, pixels: tuple[int, int] | None = None, title: str = "", traced: str = ""
) -> str:
    """Return a drawing as an SVG document.

    Parameters
    ----------
    drawing
        Shapes and texts.
    pixels
        Width and height of the document; the drawing's own units where None.
    title
        What a screen reader says.
    traced
        Elements that take the place of the texts: the texts as paths.

    Raises
    ------
    MissingGlyphError
        If no shipped font shows a character of a text.

    Examples
    --------
    >>> "&lt;b&gt;" in svg(Drawing(10, 10, (), (Text(1, 2, "<b>", 3),)))
    True
    """
    return _template("figure.svg").render(
        width=number(drawing.width),
        height=number(drawing.height),
        pixels=pixels or (number(drawing.width), number(drawing.height)),
        title=visible(title),
        shapes=drawing.shapes,
        texts=() if traced else [text_record(text) for text in drawing.texts if text.text],
        traced=traced,
    )


def text_record(text: Text) -> dict[str, Any]:
    """Return a text as the templates need it, each stretch with its font family."""
    return {
        "x": round(text.x, 2),
        "y": round(text.y, 2),
        "size": round(text.size, 2),
        "fill": text.fill,
        "anchor": text.anchor,
        "weight": 700 if text.bold else 400,
        "halo": round(text.halo, 2),
        "runs": font_runs(text.text),
    }


@lru_cache(maxsize=8)
def _template(name: str) -> jinja2.Template:
    """Return a template in which every value is escaped but those marked safe."""
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    return jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        source
    )


def number(value: float) -> str:
    """Return a number with at most two decimals.

    Examples
    --------
    >>> number(1.0), number(-0.001), number(2.345)
    ('1', '0', '2.35')
    """
    text = f"{round(value + 0.0, 2):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def rectangle(
    x: float, y: float, width: float, height: float, *, fill: str, extra: str = ""
) -> str:
    """Return a rectangle; `extra` are further attributes."""
    place = f'x="{number(x)}" y="{number(y)}"'
    size = f'width="{number(width)}" height="{number(height)}"'
    return f'<rect {place} {size} fill="{fill}"{_more(extra)}/>'


def stroke(
    points: Sequence[tuple[float, float]], colour: str, width: float, extra: str = ""
) -> str:
    """Return an open line through points."""
    steps = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    look = f'fill="none" stroke="{colour}" stroke-width="{number(width)}"'
    return f'<path d="M{steps}" {look}{_more(extra)}/>'


def path(data: str, fill: str, extra: str = "") -> str:
    """Return a filled path."""
    return f'<path d="{data}" fill="{fill}" fill-rule="evenodd"{_more(extra)}/>'


def _more(extra: str) -> str:
    return f" {extra}" if extra else ""
