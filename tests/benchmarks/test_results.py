"""The tables show where the peer is ahead, what was not measured, and what was right."""

import statistics

import pytest
from harness import Row, Side, absent
from hypothesis import given
from hypothesis import strategies as st
from results import behind, figure, line, ratio, tables

WON = Row(
    "Coasts",
    "200,000 points",
    Side("tierscape", (1.0, 1.0, 1.0), 1.5, 219, "0 wrong"),
    Side("geopandas", (4.0, 5.0, 9.0), 6.0, 394, "41 wrong"),
)
LOST = Row("Names", "a batch", Side("tierscape", (2.0,)), Side("dict | of names", (0.5,)))
EVEN = Row("Coasts", "few points", Side("tierscape", (1.0, 1.0)), Side("k-d tree", (0.5, 2.0)))
MISSING = absent("Names", "misspelt", "rapidfuzz")
ALONE = Row("Build", "tierscape build", Side("tierscape", (3.0, 2.0, 4.0), right="11 files"))
ROWS = [WON, LOST, EVEN, MISSING, ALONE]


def cells(text: str, start: str) -> list[str]:
    (found,) = [each for each in text.splitlines() if each.startswith(f"| {start}")]
    return [cell.strip() for cell in found.replace("\\|", "/").strip("|").split("|")]


def test_a_row_has_the_median_ratio_and_its_range() -> None:
    assert ratio(WON) == "5.00 (4.00–9.00, 3 pairs)"
    assert ratio(LOST) == "0.25 (1 pair)"
    assert ratio(MISSING) == "–"


def test_both_sides_stand_in_the_table_with_what_was_right() -> None:
    found = cells(tables(ROWS), "200,000 points")
    assert found[1:4] == ["geopandas", "5.00 (4.00–9.00, 3 pairs)", "ours"]
    assert found[4:] == [
        "1.00 s; 1.50 s CPU, 219 MB",
        "5.00 s; 6.00 s CPU, 394 MB",
        "0 wrong",
        "41 wrong",
    ]


def test_a_row_that_the_peer_wins_stays_and_is_marked() -> None:
    assert cells(tables(ROWS), "a batch")[3] == "**peer**"
    assert "peer ahead" in line(LOST)
    assert "peer ahead" not in line(WON)
    assert "- a batch: dict | of names, 0.25 (1 pair)" in behind(ROWS)


def test_what_was_not_measured_says_so() -> None:
    assert "pip install --group peers" in cells(tables(ROWS), "misspelt")[0]
    assert "not measured" in line(MISSING)


def test_the_summary_counts_every_row_once() -> None:
    assert behind(ROWS).startswith(
        "3 rows side by side: ours takes less in every pair of 1, the peer in every pair of 1,"
        " neither in 1; 1 not measured."
    )
    assert "Where" not in behind([WON])


def test_topics_stand_in_the_order_in_which_they_came() -> None:
    heads = [each[3:] for each in tables(ROWS).splitlines() if each.startswith("## ")]
    assert heads == ["Coasts", "Names", "Build"]


def test_a_row_alone_has_its_range() -> None:
    assert cells(tables(ROWS), "tierscape build")[1:] == ["3.00 s (2.00 s–4.00 s)", "3", "11 files"]


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    lines = [each.replace("\\|", "/") for each in tables(ROWS).splitlines() if each[:1] == "|"]
    assert {each.count("|") for each in lines} == {9, 5}


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0005, "s", "0.50 ms"),
        (12.34, "s", "12.3 s"),
        (0.05, "MB", "0.05 MB"),
        (4567, "s", "4,567 s"),
    ],
)
def test_figures_have_three_digits(value: float, unit: str, text: str) -> None:
    assert figure(value, unit) == text


@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=7))
def test_the_median_lies_within_the_range_shown(peer: list[float]) -> None:
    row = Row("T", "w", Side("tierscape", (1.0,) * len(peer)), Side("p", tuple(peer)))
    middle, low, high = (
        float(part) for part in ratio(row).rpartition(",")[0].replace("–", "(").split("(")
    )
    assert low <= middle <= high
    assert middle == pytest.approx(statistics.median(peer), rel=0.06, abs=0.006)
