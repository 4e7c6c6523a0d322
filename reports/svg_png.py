"""Drawings as pictures, for formats that cannot hold an SVG."""

from ..maps.figures.glyphs import FONTS
from ..maps.figures.render import require_typst

_PAGE = (
    "#set page(width: auto, height: auto, margin: 0pt, fill: white)\n"
    "#image(bytes(sys.inputs.svg), width: 860pt)\n"
)
#: Pixels of an inch: 1,792 pixels on the width of a slide.
_PPI = 150.0


def svg_png(svg: str) -> bytes:
    r"""Return an SVG document as a PNG picture, set in the shipped fonts.

    Raises
    ------
    TierscapeError
        If typst is not installed.

    Examples
    --------
    >>> svg_png('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 5 4"><g/></svg>')[:4]
    b'\x89PNG'
    """
    picture: bytes = require_typst().compile(
        _PAGE.encode(),
        format="png",
        ppi=_PPI,
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"svg": svg},
    )
    return picture
