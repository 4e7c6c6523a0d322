"""A report as one HTML page that needs nothing else: no script, no network, no font."""

import re
from base64 import b64encode
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path

import jinja2

from .blocks import Report
from .plain import plain_blocks
from .words import say

_TEMPLATES = Path(__file__).parent / "templates"
_LANGUAGES = {"zh": "zh-Hans", "en": "en"}


def html(report: Report) -> str:
    """Return a report as an HTML document.

    Parameters
    ----------
    report
        What it says.

    Returns
    -------
    str
        The same for the same report. Its content security policy forbids scripts and requests;
        its one style sheet is named by its checksum.
    """
    blocks = plain_blocks(report)
    for number, block in enumerate(blocks):
        if "svg" in block:
            block["svg"] = inline_svg(block["svg"], f"d{number}")
    anchors = [
        (block["anchor"], block["text"])
        for block in blocks
        if block["type"] == "Heading" and block["level"] == 1
    ]
    style = _style()
    return _template().render(
        report=report,
        blocks=blocks,
        anchors=anchors,
        language=_LANGUAGES[report.lang],
        style=style,
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
        say=partial(say, report.lang),
    )


def inline_svg(svg: str, prefix: str) -> str:
    """Return an SVG document as an element of a page: its ids are its own, its size is the page's.

    Examples
    --------
    >>> inline_svg('<svg width="5" height="4" viewBox="0 0 5 4"><g id="a"/></svg>', "d1")
    '<svg viewBox="0 0 5 4"><g id="d1-a"/></svg>'
    """
    start, _, rest = svg[svg.index("<svg") :].partition(">")
    head = re.sub(r' (?:width|height)="[^"]*"', "", start)
    text = f"{head}>{rest}".strip()
    text = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", text)
    return re.sub(r'href="#([^"]+)"', rf'href="#{prefix}-\1"', text)


def _style() -> str:
    return (_TEMPLATES / "report.css").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    """Return the page's template; every value is escaped but drawings and the style sheet."""
    source = (_TEMPLATES / "report.html").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(source)
