"""Charts draw the figures of the tables: lengths, positions and order are read back."""

import re

import pytest

from tierscape.maps.figures.charts import (
    CompositionRow,
    LeagueRow,
    StripRow,
    composition,
    composition_svg,
    league,
    league_rows,
    league_svg,
    strip,
    strip_svg,
)
from tierscape.maps.payload import AtlasData

ROWS = [
    LeagueRow("Alps", "mountain", 12, 60.0, 50.0, 70.0),
    LeagueRow("东京湾", "coastal", 2, 80.0, 75.0, 90.0),
]


def test_bars_reach_from_bound_to_bound() -> None:
    drawing = league(ROWS, "en", width=800)
    scale = [float(x) for x in re.findall(r'd="M([\d.]+) 30L\1 ', " ".join(drawing.shapes))]
    left, right = scale[0], scale[-1]
    bars = [re.findall(r"[\d.]+", each)[:4] for each in drawing.shapes if "stroke-opacity" in each]
    for row, bar in zip(ROWS, bars, strict=True):
        for value, x in zip((row.lower, row.upper), (bar[0], bar[2]), strict=True):
            assert float(x) == pytest.approx(left + (right - left) * value / 100, abs=0.02)


def test_the_parts_of_a_bar_are_as_long_as_their_counts() -> None:
    drawing = composition([CompositionRow("Alps", "mountain", (3, 1, 0, 4))], "en")
    widths = [
        float(each) for each in re.findall(r'<rect[^>]* width="([\d.]+)"', "".join(drawing.shapes))
    ]
    assert len(widths) == 3
    assert widths[0] / widths[1] == pytest.approx(3, rel=1e-2)
    assert widths[2] / widths[1] == pytest.approx(4, rel=1e-2)
    assert {"3", "1", "4", "8 cities"} <= {text.text for text in drawing.texts}


def test_a_strip_tells_how_many_cities_share_a_percentile() -> None:
    row = StripRow("Alps", "mountain", ((95.0, 1), (95.0, 1), (40.0, 3)))
    drawing = strip([row], "zh", tiers=4)
    assert "".join(drawing.shapes).count('stroke-opacity="0.75"') == 2
    counts = [text for text in drawing.texts if text.text.startswith("×")]
    assert [text.text for text in counts] == ["×2"]
    numbers = {text.text: text.x for text in drawing.texts if text.text in {"50", "100"}}
    assert numbers["50"] < counts[0].x < numbers["100"] + 20


def test_the_league_is_best_first_and_small_clusters_last(data: AtlasData) -> None:
    rows = league_rows(
        data.clusters, data.definitions, edition="world-2023", dimension="total", lang="en"
    )
    table = data.clusters[
        (data.clusters["edition"] == "world-2023")
        & (data.clusters["dimension"] == "total")
        & (data.clusters["role"] == "core")
    ]
    assert len(rows) == len(table)
    assert rows == sorted(rows, key=lambda row: (row.n_cities < 3, -row.percentile))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_charts_are_documents_with_a_title_and_without_rows_too(lang: str) -> None:
    for made in (
        league_svg(ROWS, lang),
        league_svg([], lang),
        composition_svg([CompositionRow("<b>", "inland", (1, 0))], lang),
        composition_svg([], lang),
        strip_svg([StripRow("A", "coastal", ())], lang, tiers=9),
    ):
        assert made.startswith("<svg")
        assert "<title>" in made
        assert "<b>" not in made
