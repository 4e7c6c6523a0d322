"""What reports say, against the tables and the commands that say the same."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain

import pandas as pd
import pytest

from tierscape.analysis import Analysis
from tierscape.data.errors import UnknownNameError
from tierscape.reports.blocks import Block, Heading, KeyFinding, Quote, Report, Table
from tierscape.reports.content import cluster_report
from tierscape.reports.evidence import evidence_zh
from tierscape.reports.inputs import Options
from tierscape.reports.numbers import cell
from tierscape.reports.words_en import EN
from tierscape.reports.words_zh import ZH
from tierscape.sensitivity import sensitivity

EDITION, CLUSTER = "arab-2024", "persian-gulf"
Reports = dict[tuple[str, str], Report]


def table(report: Report, name: str) -> Table:
    return next(each for each in report.blocks if isinstance(each, Table) and each.name == name)


def texts(block: Block) -> Iterator[str]:
    """Every text of a block that a reader sees."""
    unseen = {"svg", "key", "kind", "name"}
    for key, value in asdict(block).items():
        yield from [] if key in unseen else strings(value)


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from chain.from_iterable(
            strings(each) for key, each in value.items() if key not in {"key", "kind"}
        )
    elif isinstance(value, list | tuple):
        yield from chain.from_iterable(strings(each) for each in value)


def test_key_finding_is_the_row_of_the_table(analysis: Analysis, reports: Reports) -> None:
    rows = analysis.clusters.query(
        "cluster == @CLUSTER and dimension == 'total' and role == 'core'"
    )
    row = rows.iloc[0]
    finding = reports["cluster", "en"].blocks[0]
    assert isinstance(finding, KeyFinding)
    assert f"expected percentile {cell(row['percentile'], 'percentile', 'en')}," in finding.text
    assert f"rank {row['rank_core']} of " in finding.text
    assert cell(row["percentile_lower"], "percentile", "en") in finding.certainty
    assert finding.certainty.startswith("Certain") == (row["percentile_lower"] > 50)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_results_are_those_of_the_build(analysis: Analysis, reports: Reports, lang: str) -> None:
    shown = pd.DataFrame(
        table(reports["cluster", lang], "results").rows,
        columns=[each.key for each in table(reports["cluster", lang], "results").columns],
    )
    mine = analysis.clusters[analysis.clusters["cluster"] == CLUSTER]
    assert sorted(shown["percentile"]) == sorted(mine["percentile"])
    assert sorted(shown["percentile_upper"]) == sorted(mine["percentile_upper"])
    assert shown["n_cities"].sum() == mine["n_cities"].sum()


def test_two_clusters_see_their_comparison_alike(analysis: Analysis) -> None:
    one, other = CLUSTER, "red-sea"
    titles = {each.slug: each.title_en for each in analysis.places.definitions}
    rows = [
        next(row for row in found.rows if row[0] == titles[against])
        for slug, against in ((one, other), (other, one))
        for found in [table(cluster_report(analysis, slug, EDITION, "en"), "tests-total")]
    ]
    (_, gap, low, high, ahead, *tests), (_, gap_b, low_b, high_b, ahead_b, *tests_b) = rows
    assert (gap, low, high) == (-gap_b, -high_b, -low_b)
    assert ahead + ahead_b == pytest.approx(1)
    assert tests == tests_b


def test_members_and_their_tiers(analysis: Analysis, reports: Reports) -> None:
    found = table(reports["cluster", "en"], "members")
    tiers = analysis.places.tiers.set_index(["dimension", "city_id"])["tier"]
    mine = analysis.places.membership.query("cluster == @CLUSTER")
    names = analysis.places.cities.set_index("city_id")["name_en"]
    expected = {
        (names[city], role, *(tiers[dimension, city] for dimension in dimensions))
        for city, role in zip(mine["city_id"], mine["role"], strict=True)
        for dimensions in [[each.slug for each in analysis.places.editions[0].dimensions]]
    }
    assert {row[:5] for row in found.rows} == expected
    assert all(row[6] for row in found.rows)


def test_sensitivity_is_that_of_the_command(analysis: Analysis, reports: Reports) -> None:
    ranges = sensitivity(analysis.places, CLUSTER)["ranges"]
    told = next(each for each in ranges if (each["dimension"], each["role"]) == ("total", "core"))
    ends = [cell(told[f"percentile_{end}"], "percentile", "en") for end in ("least", "most")]
    said = " ".join(chain.from_iterable(map(texts, reports["cluster", "en"].blocks)))
    assert f"the expected percentile {'–'.join(dict.fromkeys(ends))}" in said


def test_every_claim_on_the_edition_is_judged(analysis: Analysis, reports: Reports) -> None:
    rows = table(reports["edition", "zh"], "claims").rows
    verdicts = analysis.claims.query("source == @EDITION")
    assert {row[0] for row in rows} >= set(verdicts["text_zh"])


def test_chinese_reports_hold_no_english_sentence(reports: Reports) -> None:
    english = re.compile(r"(?:[A-Za-z]{2,} ){3}[A-Za-z]{2,}")
    found = [
        text
        for (_, lang), report in reports.items()
        if lang == "zh"
        for block in report.blocks
        if not isinstance(block, Quote)
        for text in texts(block)
        if english.search(text)
    ]
    assert not found


def test_evidence_is_told_in_chinese_with_all_its_numbers(analysis: Analysis) -> None:
    titles = {each.slug: each.title_zh for each in analysis.places.definitions}
    for row in analysis.claims.query("verdict in ['supported', 'contradicted']").to_dict("records"):
        told = evidence_zh(row["evidence"], titles, row["claim"])
        numbers = re.findall(r"\d+\.\d+", row["evidence"])
        assert all(number in told for number in numbers), row["evidence"]


def test_sections_stand_in_every_language(reports: Reports) -> None:
    for kind in ("cluster", "edition", "overview"):
        shapes = [
            [type(block).__name__ for block in reports[kind, lang].blocks] for lang in ("zh", "en")
        ]
        assert shapes[0] == shapes[1]
        assert shapes[0][0] == "KeyFinding"
        assert sum(isinstance(block, Heading) for block in reports[kind, "en"].blocks) >= 5


def test_words_are_the_same_in_both_languages() -> None:
    only_english = {key for key in EN if key.endswith("_1") and key != "method_1"}
    assert set(EN) - only_english == set(ZH)
    for key, text in ZH.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", EN[key])), key


def test_date_is_the_callers_or_the_environments_or_none(
    analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    bare = cluster_report(analysis, "alps", EDITION, "en")
    assert (bare.date, "2024-01-01" in bare.subtitle) == ("2024-01-01", False)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert cluster_report(analysis, "alps", EDITION, "en").date == "1970-01-01"
    options = Options(date="2026-05-06")
    given = cluster_report(analysis, "alps", EDITION, "en", options=options)
    assert given.date == "2026-05-06"
    assert given.subtitle.endswith("2026-05-06")


def test_cluster_without_members_says_so(analysis: Analysis) -> None:
    report = cluster_report(analysis, "alps", EDITION, "en")
    finding = report.blocks[0]
    assert isinstance(finding, KeyFinding)
    assert "ranks no core city of Alps" in finding.text
    assert not any(isinstance(each, Table) and each.name == "members" for each in report.blocks)


def test_one_dimension_is_reported_where_it_is_asked_for(analysis: Analysis) -> None:
    options = Options(dimensions=("traditional",))
    report = cluster_report(analysis, CLUSTER, EDITION, "en", options=options)
    assert {row[0] for row in table(report, "results").rows} == {"Traditional infrastructure"}


@pytest.mark.parametrize(
    ("cluster", "edition", "message"),
    [("persian-gulff", EDITION, "persian-gulf"), (CLUSTER, "arab-2023", "arab-2024")],
)
def test_unknown_names(analysis: Analysis, cluster: str, edition: str, message: str) -> None:
    with pytest.raises(UnknownNameError, match=f"Did you mean '{message}'"):
        cluster_report(analysis, cluster, edition, "zh")
