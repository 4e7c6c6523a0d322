"""Numbers are written once: as browsers write them, and never as what they are not."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierscape.data.errors import UnknownNameError
from tierscape.reports.numbers import FORMATS, KINDS, cell, excel_format, rounded


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (46.25, "percentile", "46.3"),  # half up, as the atlas does; Python would say 46.2
        (-0.04, "difference", "0.0"),
        (-0.05, "difference", "−0.1"),
        (13.86, "difference", "+13.9"),
        (0.00049, "p_value", "<0.001"),
        (0.001, "p_value", "0.001"),
        (1.0, "p_value", "1.000"),
        (1.0, "probability", ">0.99"),
        (0.995, "probability", "0.99"),  # 0.995 is a little less than that in binary
        (0.0, "probability", "<0.01"),
        (0.005, "probability", "0.01"),
        (1234567, "count", "1,234,567"),
        (None, "percentile", "–"),
        (float("nan"), "p_value", "–"),
        (None, "text", ""),
        (False, "flag", "no"),
        ("=cmd|x", "text", "=cmd|x"),
    ],
)
def test_known_values(value: float | str | None, kind: str, text: str) -> None:
    assert cell(value, kind, "en") == text


@given(st.floats(-100, 100), st.sampled_from(["percentile", "difference", "deviation", "km"]))
def test_text_is_near_the_value(value: float, kind: str) -> None:
    form, text = FORMATS[kind], cell(value, kind, "zh")
    shown = Decimal(text.replace("−", "-"))
    assert abs(float(shown) - value) <= 0.5 * (10**-form.decimals + 10**-form.kept) + 1e-9
    assert shown == Decimal(str(rounded(value, kind)))
    assert text.lstrip("−+") != text or not text.startswith("-")
    assert text not in {"−0.0", "+0.0", "−0.00"}


@given(st.floats(0, 1))
def test_nothing_uncertain_is_shown_as_zero(value: float) -> None:
    assert cell(value, "p_value", "en") != "0.000"
    assert cell(value, "probability", "en") not in {"0.00", "1.00"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_spreadsheet_format(kind: str) -> None:
    assert excel_format(kind)


def test_unknown_kind() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'percentile'"):
        cell(1.0, "percentil", "en")
