"""Numbers in words: the one place where reports turn values into text, as browsers round them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import isnan

from ..data.errors import UnknownNameError
from .blocks import CellValue

MINUS = "\N{MINUS SIGN}"
MISSING = "–"
_FLAGS = {"zh": ("是", "否"), "en": ("yes", "no")}


@dataclass(frozen=True, slots=True)
class Format:
    """How a kind of number is written.

    Attributes
    ----------
    decimals
        Decimals that are shown.
    kept
        Decimals to which the tables are written: a report shows what they hold.
    signed
        Whether a positive number bears its sign.
    smallest
        What is smaller is shown as `<` this; None where nothing is too small.
    largest
        What is larger is shown as `>` this.
    excel
        The same for a spreadsheet.
    """

    decimals: int
    kept: int = 6
    signed: bool = False
    smallest: float | None = None
    largest: float | None = None
    excel: str = "0"


FORMATS: Mapping[str, Format] = {
    "count": Format(0, excel="#,##0"),
    "rank": Format(0, excel="0"),
    "tier": Format(0, excel="0"),
    "percentile": Format(1, excel="0.0"),
    "deviation": Format(2, excel="0.00"),
    "difference": Format(1, signed=True, excel="+0.0;-0.0;0.0"),
    "probability": Format(2, smallest=0.01, largest=0.99, excel="0.00"),
    "p_value": Format(3, smallest=0.001, excel="0.000"),
    "km": Format(1, kept=3, excel="0.0"),
    "threshold": Format(0, excel="#,##0"),
    "share": Format(1, excel="0.0"),
}
#: Kinds of column whose cells are text; `arabic` is set right to left.
TEXTS = ("text", "long", "arabic")
KINDS = (*FORMATS, *TEXTS, "flag")


def cell(value: CellValue, kind: str, lang: str) -> str:
    """Return a value as text.

    Parameters
    ----------
    value
        What a table holds; None and NaN are missing.
    kind
        One of `KINDS`.
    lang
        `zh` or `en`; numbers are written alike, flags are words.

    Raises
    ------
    UnknownNameError
        If there is no such kind.

    Examples
    --------
    >>> cell(62.25, "percentile", "en"), cell(-3.21, "difference", "zh"), cell(None, "rank", "en")
    ('62.3', '−3.2', '–')
    >>> cell(0.00004, "p_value", "en"), cell(0.9999, "probability", "en"), cell(True, "flag", "zh")
    ('<0.001', '>0.99', '是')
    """
    if kind not in KINDS:
        raise UnknownNameError("kind of column", kind, KINDS)
    if value is None or (isinstance(value, float) and isnan(value)):
        return "" if kind in TEXTS else MISSING
    if kind in TEXTS:
        return str(value)
    if kind == "flag":
        return _FLAGS[lang][0 if value else 1]
    if isinstance(value, str):
        return value
    return _number(float(value), FORMATS[kind])


def rounded(value: float, kind: str) -> float:
    """Return a number as far as its text shows it, so that a drawing shows the same digits.

    Examples
    --------
    >>> rounded(46.25, "percentile")
    46.3
    """
    return float(_fixed(value, FORMATS[kind]))


def bounds(lower: float, upper: float, kind: str = "percentile") -> str:
    """Return two bounds as text.

    Examples
    --------
    >>> bounds(47.849, 71.1), bounds(-6.89, 13.86, "difference")
    ('47.8–71.1', '−6.9 … +13.9')
    """
    ends = [cell(value, kind, "en") for value in (lower, upper)]
    return (" … " if FORMATS[kind].signed else "–").join(ends)


def excel_format(kind: str) -> str:
    """Return the spreadsheet's number format of a kind; texts and flags have the general one.

    Examples
    --------
    >>> excel_format("percentile"), excel_format("text")
    ('0.0', 'General')
    """
    return FORMATS[kind].excel if kind in FORMATS else "General"


def _number(value: float, form: Format) -> str:
    """Return a number; what is not quite 0 or 1 is never shown as that."""
    half = 0.5 * 10**-form.decimals
    if form.smallest is not None and value < form.smallest - (half if form.largest else 0):
        return f"<{form.smallest:g}"
    if form.largest is not None and value > form.largest + half:
        return f">{form.largest:g}"
    fixed = _fixed(value, form)
    grouped = f"{fixed:,.{form.decimals}f}" if form.decimals == 0 else str(fixed)
    sign = "+" if form.signed and fixed > 0 else ""
    return sign + grouped.replace("-", MINUS)


def _fixed(value: float, form: Format) -> Decimal:
    """Return the decimals shown, halves away from zero, as browsers round."""
    kept = Decimal(round(value, form.kept))
    fixed = kept.quantize(Decimal(1).scaleb(-form.decimals), ROUND_HALF_UP)
    return abs(fixed) if fixed == 0 else fixed
