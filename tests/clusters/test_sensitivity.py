"""Moving the tests of a cluster, in a world known by hand."""

from dataclasses import replace

import pandas as pd
import pytest

from tierscape.clusters.membership import assign, members
from tierscape.clusters.sensitivity import FACTORS, Members, Sweep, sweep, sweeps, without
from tierscape.clusters.survey import Measures
from tierscape.data.records import ClusterDefinition, Group, Leaf, Override

NEAR = Leaf("coast", ("north-sea",), within_km=50)
GERMANY = Leaf("country", ("DE", "PL"))


def found_in(
    cluster: ClusterDefinition, cities: pd.DataFrame, measures: Measures
) -> dict[tuple[str, str], Sweep]:
    _, sweeps = sweep(cluster, cities, measures=measures)
    return {(each.part, each.quantity): each for each in sweeps}


def at(found: Sweep, value: float) -> Members:
    return next(step.members for step in found.steps if step.value == pytest.approx(value))


def test_a_threshold_is_moved_alone(
    coastal: ClusterDefinition, cities: pd.DataFrame, measures: Measures
) -> None:
    # Shore lies 20 km from the sea, Near 90, Gap 170; Middle is extended by override.
    published, _ = sweep(coastal, cities, measures=measures)
    assert published == Members(frozenset("1"), frozenset("24"))
    found = found_in(coastal, cities, measures)
    core = found["core", "within_km"]
    assert core.published == 50
    assert [step.value for step in core.steps] == pytest.approx([25, 37.5, 50, 62.5, 75, 90, 100])
    assert at(core, 75) == published
    assert at(core, 90) == Members(frozenset("12"), frozenset("4"))
    wide = found["extended", "within_km"]
    assert at(wide, 75) == Members(frozenset("1"), frozenset("4"))
    assert at(wide, 170) == Members(frozenset("1"), frozenset("246"))


def test_every_value_at_which_a_city_changes_is_a_step(
    coastal: ClusterDefinition, cities: pd.DataFrame, measures: Measures
) -> None:
    for each in sweep(coastal, cities, measures=measures)[1]:
        for before, after in zip(each.steps, each.steps[1:], strict=False):
            if each.quantity != "within_km" or before.members == after.members:
                continue
            assert before.value is not None
            assert after.value is not None
            leaf = replace(each.test, within_km=after.value - 1e-6)
            changed = replace(coastal, **{each.part: leaf})
            table = assign([changed], cities, measures=measures)
            assert frozenset(members(table, coastal.slug, "core")) == before.members.core


def test_steps_agree_with_the_rule_rewritten(
    coastal: ClusterDefinition, cities: pd.DataFrame, measures: Measures
) -> None:
    for each in sweep(coastal, cities, measures=measures)[1]:
        for step in each.steps if each.quantity == "within_km" else ():
            changed = replace(coastal, **{each.part: replace(each.test, within_km=step.value)})
            table = assign([changed], cities, measures=measures)
            for role in ("core", "extended"):
                assert getattr(step.members, role) == set(members(table, coastal.slug, role))


def test_filters_are_moved_at_both_ends(
    coastal: ClusterDefinition, cities: pd.DataFrame, measures: Measures
) -> None:
    rule = Leaf("population", least=200_000, most=1_000_000)
    found = found_in(replace(coastal, core=rule, extended=None, overrides=()), cities, measures)
    least, most = found["core", "least"], found["core", "most"]
    assert [len(step.members.core) for step in least.steps][:2] == [5, 4]
    assert at(least, 100_000).core == frozenset("12346")
    assert at(least, 400_000).core == frozenset("123")
    assert at(most, 500_000).core == frozenset("36")
    assert 800_000 in [step.value for step in most.steps]


def test_a_zero_threshold_has_one_value(
    coastal: ClusterDefinition, cities: pd.DataFrame, measures: Measures
) -> None:
    rule = Leaf("elevation_m", least=0)
    found = found_in(replace(coastal, core=rule, extended=None, overrides=()), cities, measures)
    assert [step.value for step in found["core", "least"].steps] == [0]


def test_tests_names_and_overrides_are_left_out(
    coastal: ClusterDefinition, cities: pd.DataFrame, measures: Measures
) -> None:
    rule = Group("all", (GERMANY, Leaf("coast", ("north-sea",), within_km=300)))
    cluster = replace(coastal, core=rule, extended=None)
    _, sweeps = sweep(cluster, cities, measures=measures)
    country = next(each for each in sweeps if each.test == GERMANY)
    left_out = {step.left_out[0]: step.members.core for step in country.steps}
    assert left_out == {"": frozenset("126"), "DE": frozenset()}
    override = sweeps[-1]
    assert isinstance(override.test, Override)
    assert override.steps[0].members.core == frozenset("1246")


def test_a_name_that_changes_nothing_is_no_step(
    coastal: ClusterDefinition, cities: pd.DataFrame, measures: Measures
) -> None:
    cluster = replace(coastal, core=Leaf("country", ("US", "FR")), extended=None, overrides=())
    (found,) = sweep(cluster, cities, measures=measures)[1]
    assert [step.left_out for step in found.steps] == [("US", "US")]


def test_without() -> None:
    rule = Group("any", (NEAR, Group("not", (GERMANY,)), Group("all", (GERMANY,))))
    assert without(rule, GERMANY) == Group("any", (NEAR,))
    assert without(NEAR, NEAR) is None
    assert FACTORS[0] == 0.5
    assert FACTORS[-1] == 2


def test_several_clusters_at_once_are_swept_as_each_alone(
    coastal: ClusterDefinition, cities: pd.DataFrame, measures: Measures
) -> None:
    other = replace(coastal, slug="other", core=Group("all", (NEAR, GERMANY)), extended=None)
    together = sweeps([coastal, other], cities, measures=measures)
    assert list(together) == [coastal.slug, "other"]
    for each in (coastal, other):
        assert together[each.slug] == sweep(each, cities, measures=measures)


def test_a_name_less_is_the_rule_without_it(
    coastal: ClusterDefinition, cities: pd.DataFrame, measures: Measures
) -> None:
    cluster = replace(coastal, core=GERMANY, extended=None, overrides=())
    steps = found_in(cluster, cities, measures)["core", "without"].steps
    assert steps
    for step in steps:
        left = tuple(name for name in GERMANY.names if name != step.left_out[0])
        table = assign(
            [replace(cluster, core=replace(GERMANY, names=left))], cities, measures=measures
        )
        assert step.members.core == set(members(table, cluster.slug, "core"))
