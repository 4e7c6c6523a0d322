"""Membership derived from rules, and its explanation."""

from dataclasses import replace

import pandas as pd
import pytest

from tierscape.clusters.explain import explain
from tierscape.clusters.membership import assign, members
from tierscape.clusters.survey import Measures
from tierscape.data.errors import DataError
from tierscape.data.records import ClusterDefinition, Leaf, Override

COLUMNS = ["cluster", "city_id", "role", "rule", "measure_km"]


def test_core_extended_and_override(
    coastal: ClusterDefinition,
    cities: pd.DataFrame,
    measures: Measures,
) -> None:
    table = assign([coastal], cities, measures=measures)
    assert list(table.columns) == COLUMNS
    assert table.to_numpy().tolist() == [
        ["north-sea", "1", "core", "within 50 km of coast north-sea", pytest.approx(20)],
        ["north-sea", "2", "extended", "within 100 km of coast north-sea", pytest.approx(90)],
        ["north-sea", "4", "extended", "override: a source counts it", pytest.approx(250)],
    ]


def test_sorted_and_independent_of_order(
    coastal: ClusterDefinition,
    cities: pd.DataFrame,
    measures: Measures,
) -> None:
    alps = replace(coastal, slug="alps", core=Leaf("range", ("alps",), within_km=300))
    alps = replace(alps, extended=None, overrides=())
    table = assign([coastal, alps], cities, measures=measures)
    again = assign([alps, coastal], cities.iloc[::-1], measures=measures)
    pd.testing.assert_frame_equal(table, again)
    assert table["cluster"].tolist() == ["alps", "alps", "north-sea", "north-sea", "north-sea"]
    assert members(table, "alps") == ["3", "4"]
    assert members(table, "north-sea", "core") == ["1"]
    assert members(table, "north-sea", "extended") == ["2", "4"]
    assert members(table, "unheard-of") == []


def test_override_can_promote_and_exclude(
    coastal: ClusterDefinition,
    cities: pd.DataFrame,
    measures: Measures,
) -> None:
    fixed = (
        Override("1", "Shore", "excluded", "left the league"),
        Override("2", "Near", "core", "a port by treaty"),
        Override("999", "Elsewhere", "core", "not in this table"),
    )
    changed = replace(coastal, overrides=fixed)
    table = assign([changed], cities, measures=measures)
    assert table[["city_id", "role", "rule"]].to_numpy().tolist() == [
        ["2", "core", "override: a port by treaty"],
    ]
    told = explain(changed, cities, table, measures=measures)
    assert told[["city_id", "role"]].to_numpy().tolist() == [
        ["2", "core"],
        ["6", "near"],
        ["1", "excluded"],
    ]
    assert told["rule"].iloc[-1] == "override: left the league"


def test_no_city_is_core_and_extended(
    coastal: ClusterDefinition,
    cities: pd.DataFrame,
    measures: Measures,
) -> None:
    table = assign([coastal], cities, measures=measures)
    assert not table.duplicated(["cluster", "city_id"]).any()


def test_nothing_to_assign(
    coastal: ClusterDefinition,
    cities: pd.DataFrame,
    measures: Measures,
) -> None:
    for table in (
        assign([], cities, measures=measures),
        assign([coastal], cities.iloc[:0], measures=measures),
    ):
        assert list(table.columns) == COLUMNS
        assert table.empty
        assert table["measure_km"].dtype == float


def test_unknown_role(coastal: ClusterDefinition, cities: pd.DataFrame, measures: Measures) -> None:
    table = assign([coastal], cities, measures=measures)
    with pytest.raises(ValueError, match="'outer'"):
        members(table, "north-sea", "outer")


def test_missing_columns_are_named(coastal: ClusterDefinition, measures: Measures) -> None:
    with pytest.raises(DataError) as caught:
        assign([coastal], pd.DataFrame({"city_id": ["1"]}), measures=measures)
    assert [problem.column for problem in caught.value.problems] == ["lat", "lon"]


def test_explain_adds_near_misses(
    coastal: ClusterDefinition,
    cities: pd.DataFrame,
    measures: Measures,
) -> None:
    table = assign([coastal], cities, measures=measures)
    told = explain(coastal, cities, table, measures=measures)
    assert list(told.columns) == ["city_id", "name_zh", "name_en", "role", "rule", "measure_km"]
    assert told[["name_en", "role"]].to_numpy().tolist() == [
        ["Shore", "core"],
        ["Near", "extended"],
        ["Middle", "extended"],
        ["Gap", "near"],
    ]
    assert told["measure_km"].iloc[-1] == pytest.approx(170)
    assert told["rule"].iloc[-1] == "within 100 km of coast north-sea"


def test_explain_without_extension_measures_from_the_core(
    coastal: ClusterDefinition,
    cities: pd.DataFrame,
    measures: Measures,
) -> None:
    strict = replace(coastal, extended=None, overrides=())
    table = assign([strict], cities, measures=measures)
    told = explain(strict, cities, table, measures=measures)
    assert told[["name_en", "role"]].to_numpy().tolist() == [["Shore", "core"], ["Near", "near"]]
