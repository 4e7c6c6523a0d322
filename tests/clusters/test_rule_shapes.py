"""Polygons in rules: read, refused with the place of the fault, and evaluated."""

from pathlib import Path

import pandas as pd
import pytest

from tierscape.clusters.explain import describe
from tierscape.clusters.rules import evaluate
from tierscape.clusters.survey import Measures, survey
from tierscape.data.cluster_loader import load_cluster
from tierscape.data.errors import DataError
from tierscape.data.records import Leaf
from tierscape.data.rule_reader import Known

FILE = """title_zh = "甲"
title_en = "A"
landform = "inland"
[source]
document = "x"
sentence_zh = "x"
sentence_en = "x"
geography = "x"
[core]
reason = "x"
rule = """

SQUARE = "[[0, 40], [3, 40], [3, 55], [0, 55]]"


def load(rule: str, folder: Path, names: Known) -> Leaf:
    path = folder / "mine.toml"
    path.write_text(FILE + rule, encoding="utf-8")
    found = load_cluster(path, known=names).core
    assert isinstance(found, Leaf)
    return found


def test_a_ring_may_repeat_its_first_corner(tmp_path: Path, made_up_names: Known) -> None:
    open_ring = load(f'{{ polygon = {SQUARE}, source = "Map 3" }}', tmp_path, made_up_names)
    closed = SQUARE.replace("[0, 55]]", "[0, 55], [0, 40]]")
    rule = f'{{ polygon = {closed}, source = ["Map 3", "图三"] }}'
    closed_ring = load(rule, tmp_path, made_up_names)
    assert open_ring.waypoints == closed_ring.waypoints == ((0, 40), (3, 40), (3, 55), (0, 55))
    assert describe(open_ring, "en") == "in the polygon of Map 3"
    assert describe(closed_ring, "zh") == "位于图三所绘范围内"


def test_corners_and_edges_are_inside(
    tmp_path: Path, made_up_names: Known, cities: pd.DataFrame, measures: Measures
) -> None:
    rule = load(f'{{ polygon = {SQUARE}, source = "Map 3" }}', tmp_path, made_up_names)
    moved = cities.assign(lon=[0.0, 3.0, 1.5, 1.5, 3.001, -0.001], lat=[40, 50, 55, 39.9, 50, 50])
    found = evaluate(rule, survey([rule], moved, measures))
    assert found.member.tolist() == [True, True, True, False, False, False]
    assert found.rule[0] == "polygon Map 3"


# polygon with source, then what must be told: key, value, rule, remedy
FAULTS = [
    (f"polygon = {SQUARE}", "source", "", "a string is required", "Add it."),
    (f'polygon = {SQUARE}, source = ""', "source", "", "must not be empty", ""),
    ('polygon = [[0, 0], [1, 1]], source = "x"', "polygon", "", "at least three corners", ""),
    ('polygon = [[0, 0], [1, 1], [0, 0]], source = "x"', "polygon", "", "three corners", ""),
    ('polygon = [], source = "x"', "polygon", "[]", "three corners", ""),
    (
        'polygon = [[0, 0], [2, 2], [2, 0], [0, 2]], source = "x"',
        "polygon",
        "Self-intersection[1 1]",
        "must not cross or touch itself",
        "in order",
    ),
    (
        'polygon = [[179, 0], [-179, 0], [-179, 9]], source = "x"',
        "polygon",
        "179, 0 to -179, 0",
        "must not cross 180°",
        "Cut it at 180°",
    ),
    ('polygon = [[0, 0], [200, 0], [1, 9]], source = "x"', "polygon", "200, 0", "before lat", ""),
    (
        'polygon = [[34, 108], [0, 0], [1, 9]], source = "x"',
        "polygon",
        "34, 108",
        "comes before latitude",
        "Did you mean [108, 34]?",
    ),
    ('polygon = [[0, 0], "x", [1, 9]], source = "x"', "polygon", "'x'", "longitude, latitude", ""),
    ('polygon = "alps", source = "x"', "polygon", "alps", "must be a list", ""),
    (f'polygon = {SQUARE}, source = "x", within_km = 5', "within_km", "within_km", "known key", ""),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault[0])
def test_faults_of_polygons(
    fault: tuple[str, str, str, str, str], tmp_path: Path, made_up_names: Known
) -> None:
    rule, key, value, broken, remedy = fault
    with pytest.raises(DataError) as caught:
        load(f"{{ {rule} }}", tmp_path, made_up_names)
    (problem,) = caught.value.problems
    assert problem.column == f"core.rule.{key}"
    assert value in problem.value
    assert broken in problem.rule
    assert remedy in problem.remedy
