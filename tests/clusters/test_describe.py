"""Rules in plain words."""

import pytest

from tierscape.clusters.explain import describe
from tierscape.data.records import Group, Leaf, Rule

TITLES = {"alps": ("Alps", "阿尔卑斯山脉"), "DE": ("Germany", "德国")}


@pytest.mark.parametrize(
    ("rule", "english", "chinese"),
    [
        (
            Leaf("range", ("alps",), within_km=50),
            "within 50 km of Alps",
            "距阿尔卑斯山脉不超过 50 千米",
        ),
        (
            Leaf("coast", (), within_km=7.5),
            "within 7.5 km of the coast of any sea",
            "距任一海域海岸不超过 7.5 千米",
        ),
        (
            Leaf(
                "route",
                within_km=9,
                waypoints=((1, 2), (3, 4)),
                labels=(("A", "甲"), ("B", "乙")),
            ),
            "within 9 km of the line A – B",
            "距甲—乙一线不超过 9 千米",
        ),
        (Leaf("country", ("DE", "CH")), "in Germany, CH", "位于德国、CH"),
        (Leaf("region", ("north",)), "in north", "位于north"),
        (
            Leaf("cities", ("1", "2"), labels=(("A", "甲"), ("B", "乙"))),
            "one of A, B",
            "属于甲、乙",
        ),
        (
            Leaf("elevation_m", least=500, most=900),
            "elevation at least 500 and at most 900 m",
            "海拔不低于 500且不高于 900 米",
        ),
        (Leaf("population", most=10), "population at most 10", "人口不高于 10"),
        (
            Group(
                "all",
                (
                    Group("any", (Leaf("country", ("DE",)), Leaf("country", ("CH",)))),
                    Group("not", (Leaf("lake", (), within_km=3),)),
                ),
            ),
            "(in Germany; or in CH); and (not within 3 km of the shore of any large lake)",
            "（位于德国；或位于CH）；且（并非距任一大湖湖岸不超过 3 千米）",
        ),
    ],
)
def test_by_hand(rule: Rule, english: str, chinese: str) -> None:
    assert describe(rule, "en", TITLES) == english
    assert describe(rule, "zh", TITLES) == chinese
