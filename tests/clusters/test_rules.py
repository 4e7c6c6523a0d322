"""The rule engine against hand cases and a plain evaluator of one city at a time."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tierscape.clusters.rules import Evaluation, evaluate
from tierscape.clusters.survey import Measures, survey
from tierscape.data.errors import DataError
from tierscape.data.records import Group, Leaf, Rule

COASTS = {"north-sea": 0.0, "baltic": 20.0}
SEA = Leaf("coast", ("north-sea",), within_km=50)
ALPS = Leaf("range", ("alps",), within_km=50)
GERMANY = Leaf("country", ("DE",))


def run(rule: Rule, cities: pd.DataFrame, measures: Measures) -> Evaluation:
    return evaluate(rule, survey([rule], cities, measures))


def test_leaves_by_hand(cities: pd.DataFrame, measures: Measures) -> None:
    cases = {
        SEA: ["Shore"],
        Leaf("coast", (), within_km=50): ["Shore"],
        Leaf("coast", ("north-sea", "baltic"), within_km=90): ["Shore", "Near"],
        Leaf("lake", ("great-lakes",), within_km=35): ["Lake"],
        ALPS: ["Hill"],
        Leaf("route", within_km=10, waypoints=((2.0, 0.0), (4.0, 0.0))): ["Middle"],
        Leaf("region", ("south",)): ["Lake"],
        Leaf("region", ("south", "north")): cities["name_en"].tolist(),
        Leaf("country", ("CH", "US")): ["Hill", "Lake"],
        Leaf("admin", ("DE.01", "US.IL")): ["Shore", "Lake"],
        Leaf("cities", ("3", "4")): ["Hill", "Middle"],
        Leaf("elevation_m", least=100, most=180): ["Middle", "Lake"],
        Leaf("population", least=900_000): ["Shore", "Lake"],
    }
    for leaf, expected in cases.items():
        found = run(leaf, cities, measures)
        assert cities.loc[found.member, "name_en"].tolist() == expected, leaf


def test_threshold_is_included(cities: pd.DataFrame, measures: Measures) -> None:
    exact = Leaf("coast", ("north-sea",), within_km=90.0)
    assert run(exact, cities, measures).member[1]
    assert not run(Group("not", (exact,)), cities, measures).member[1]


def test_any_is_decided_by_the_smallest_distance(
    cities: pd.DataFrame,
    measures: Measures,
) -> None:
    far = Leaf("coast", ("baltic",), within_km=5000)
    found = run(Group("any", (GERMANY, far, SEA, ALPS)), cities, measures)
    assert found.rule[0] == "within 50 km of coast north-sea"
    assert found.measure_km[0] == pytest.approx(20)
    assert found.rule[2] == "within 50 km of range alps"
    assert found.rule[3] == "within 5000 km of coast baltic"


def test_any_prefers_a_measure_to_a_filter(cities: pd.DataFrame, measures: Measures) -> None:
    found = run(Group("any", (GERMANY, SEA)), cities, measures)
    assert found.rule[:2].tolist() == ["within 50 km of coast north-sea", "country DE"]
    assert math.isnan(found.measure_km[1])


def test_all_is_decided_by_the_tightest_measure(cities: pd.DataFrame, measures: Measures) -> None:
    loose = Leaf("coast", ("north-sea",), within_km=400)
    found = run(Group("all", (GERMANY, loose, SEA)), cities, measures)
    assert found.member.tolist() == [True, False, False, False, False, False]
    assert found.rule[0] == "within 50 km of coast north-sea"


def test_all_says_what_a_city_is_before_what_it_is_not(
    cities: pd.DataFrame,
    measures: Measures,
) -> None:
    found = run(Group("all", (Group("not", (SEA,)), GERMANY)), cities, measures)
    assert found.member.tolist() == [False, True, False, False, False, True]
    assert found.rule[1] == "country DE"
    assert found.rule[0] == "not within 50 km of coast north-sea"


def test_other_cities_carry_what_keeps_them_out(cities: pd.DataFrame, measures: Measures) -> None:
    nearest = run(Group("any", (SEA, ALPS)), cities, measures)
    assert nearest.rule[3] == "within 50 km of coast north-sea"
    assert nearest.closeness[3] == pytest.approx(5)
    both = run(Group("all", (SEA, GERMANY)), cities, measures)
    assert both.rule[1] == "within 50 km of coast north-sea"
    assert both.rule[2] == "country CH"


def test_double_negation_reads_plainly(cities: pd.DataFrame, measures: Measures) -> None:
    twice = run(Group("not", (Group("not", (SEA,)),)), cities, measures)
    once = run(SEA, cities, measures)
    assert twice.member.tolist() == once.member.tolist()
    assert twice.rule.tolist() == once.rule.tolist()
    assert twice.closeness == pytest.approx(once.closeness)


def test_what_is_measured_is_measured_once(
    cities: pd.DataFrame,
    measures: Measures,
    counting: Any,  # noqa: ANN401 - the fixture's class lives in conftest
) -> None:
    wide = Leaf("coast", ("north-sea",), within_km=100)
    survey([SEA, Group("any", (wide, Group("not", (SEA,))))], cities, measures)
    assert counting.calls == [("north-sea",)]


def test_all_faults_of_the_table_at_once(cities: pd.DataFrame, measures: Measures) -> None:
    broken = cities.assign(
        lon=cities["lon"].where(cities["city_id"] != "3"),
        lat=cities["lat"].where(cities["city_id"] != "4", 95.0),
        city_id=cities["city_id"].replace("6", "5"),
    ).drop(columns=["country"])
    with pytest.raises(DataError) as caught:
        survey([SEA, GERMANY], broken, measures)
    told = [(problem.column, problem.value) for problem in caught.value.problems]
    assert sorted(told) == [("city_id", "5"), ("country", ""), ("lat", "95.0"), ("lon", "nan")]


def test_unknown_elevation_is_not_guessed(cities: pd.DataFrame, measures: Measures) -> None:
    holes = cities.assign(elevation_m=cities["elevation_m"].astype("Int64").mask([True] * 6))
    with pytest.raises(DataError, match="elevation_m rules need a number"):
        survey([Leaf("elevation_m", least=1)], holes, measures)
    assert run(SEA, holes, measures).member[0], "a column that no rule reads may have holes"


def test_no_cities(cities: pd.DataFrame, measures: Measures) -> None:
    rule = Group("any", (SEA, Group("all", (GERMANY, Group("not", (ALPS,))))))
    assert run(rule, cities.iloc[:0], measures).member.tolist() == []


def leaf_strategy() -> st.SearchStrategy[Leaf]:
    widths = st.sampled_from([25.0, 50.0, 90.0, 480.0, 2000.0])
    return st.one_of(
        st.builds(
            Leaf,
            st.just("coast"),
            st.sampled_from([("north-sea",), ("baltic",), ("north-sea", "baltic"), ()]),
            within_km=widths,
        ),
        st.builds(Leaf, st.just("range"), st.just(("alps",)), within_km=widths),
        st.builds(Leaf, st.just("country"), st.sampled_from([("DE",), ("US", "CH")])),
        st.builds(Leaf, st.just("region"), st.just(("north",))),
        st.builds(Leaf, st.just("population"), least=st.sampled_from([100_000.0, 850_000.0])),
    )


RULES: st.SearchStrategy[Rule] = st.recursive(
    leaf_strategy(),
    lambda inner: st.one_of(
        st.builds(
            Group,
            st.sampled_from(["any", "all"]),
            st.lists(inner, min_size=1, max_size=4).map(tuple),
        ),
        st.builds(Group, st.just("not"), st.tuples(inner)),
    ),
    max_leaves=12,
)


def holds(rule: Rule, city: dict[str, Any]) -> bool:
    """Evaluate a rule on one city, by the definition."""
    if isinstance(rule, Group):
        inner = [holds(each, city) for each in rule.rules]
        return {"any": any(inner), "all": all(inner), "not": not inner[0]}[rule.kind]
    if rule.kind == "coast":
        at = [COASTS[name] for name in rule.names or COASTS]
        return min(abs(city["lon"] - x) * 100 for x in at) <= (rule.within_km or 0)
    if rule.kind == "range":
        return abs(city["lon"] - 5) * 100 <= (rule.within_km or 0)
    if rule.kind == "region":
        return city["lat"] > 0
    if rule.kind == "population":
        return city["population"] >= (rule.least or 0)
    return city["country"] in rule.names


SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)


@SHARED
@given(rule=RULES)
def test_agrees_with_a_plain_evaluator(
    rule: Rule,
    cities: pd.DataFrame,
    measures: Measures,
) -> None:
    found = run(rule, cities, measures)
    expected = [holds(rule, city) for city in cities.to_dict("records")]
    assert found.member.tolist() == expected


@SHARED
@given(rule=RULES)
def test_the_deciding_test_agrees_with_the_answer(
    rule: Rule,
    cities: pd.DataFrame,
    measures: Measures,
) -> None:
    found = run(rule, cities, measures)
    measured = ~np.isnan(found.closeness)
    # At exactly the threshold (1) a test holds and its negation fails.
    assert (found.closeness[measured & found.member] <= 1).all()
    assert (found.closeness[measured & ~found.member] >= 1).all()
    assert (np.array([text.startswith("not ") for text in found.rule]) == ~found.plain).all()


@SHARED
@given(rule=RULES, order=st.permutations(range(6)))
def test_order_of_cities_does_not_matter(
    rule: Rule,
    order: list[int],
    cities: pd.DataFrame,
    measures: Measures,
) -> None:
    found = run(rule, cities, measures)
    shuffled = run(rule, cities.iloc[order], measures)
    assert shuffled.member.tolist() == found.member[order].tolist()
    assert shuffled.rule.tolist() == found.rule[order].tolist()
    np.testing.assert_array_equal(shuffled.measure_km, found.measure_km[order])
