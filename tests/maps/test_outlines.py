"""Outlines hold their members, wherever on the globe these lie."""

from random import Random

import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from tierscape.data.errors import DataError
from tierscape.maps.outlines import (
    MARGIN_KM,
    cluster_outlines,
    cut_at_antimeridian,
    outline,
    whole_outlines,
)

GEOD = Geod(ellps="WGS84")
POINT = st.tuples(
    st.floats(-180, 179.99).map(lambda x: round(x, 4)),
    st.floats(-89, 89).map(lambda y: round(y, 4)),
)
NEARBY = st.builds(
    lambda centre, steps: [
        (
            (centre[0] + dx + 180) % 360 - 180,
            max(-89.9, min(89.9, centre[1] + dy)),
        )
        for dx, dy in steps
    ],
    POINT,
    st.lists(st.tuples(st.floats(-6, 6), st.floats(-6, 6)), min_size=1, max_size=12),
)


def holds(shape: shapely.Geometry, lon: float, lat: float) -> bool:
    return any(shape.covers(shapely.Point(lon + turn, lat)) for turn in (-360, 0, 360))


@settings(max_examples=80, deadline=None)
@given(NEARBY)
@example([(179.9, 0.0), (-179.9, 0.0)])
@example([(0.0, 89.9), (120.0, 89.9), (-120.0, 89.9)])
@example([(0.0, -89.9), (120.0, -89.9), (-120.0, -89.9)])
@example([(10.0, 50.0)] * 3)
@example([(0.0, 0.0), (90.0, 0.0), (180.0, 0.0), (-90.0, 0.0)])
def test_holds_every_member_and_is_valid_geojson(points: list[tuple[float, float]]) -> None:
    whole = outline(points)
    cut = cut_at_antimeridian(whole)
    assert whole.is_valid
    assert cut.is_valid
    west, south, east, north = cut.bounds
    assert west >= -180
    assert east <= 180
    assert south >= -90
    assert north <= 90
    assert all(part.exterior.is_ccw for part in shapely.get_parts(cut))
    for lon, lat in points:
        assert holds(whole, lon, lat)
        assert holds(cut, lon, lat)


@pytest.mark.parametrize("point", [(9.2, 45.5), (179.9, -17.0), (-70.0, 78.0)])
def test_one_member_is_a_circle_of_the_margin(point: tuple[float, float]) -> None:
    (circle,) = outline([point]).geoms
    for lon, lat in circle.exterior.coords:
        distance_km = GEOD.inv(*point, lon, lat)[2] / 1000
        assert distance_km == pytest.approx(MARGIN_KM, rel=0.03)


def test_every_member_keeps_most_of_the_margin() -> None:
    points = [(5.0, 44.0), (8.0, 44.5), (12.0, 45.0), (16.0, 48.0), (11.0, 47.0)]
    edge = shapely.get_coordinates(outline(points).geoms[0].exterior)
    for lon, lat in points:
        nearest_km = min(GEOD.inv(lon, lat, *corner)[2] for corner in edge) / 1000
        assert nearest_km > 0.95 * MARGIN_KM


def test_a_cluster_across_180_is_cut_in_two() -> None:
    cut = cut_at_antimeridian(outline([(179.0, -17.0), (-179.0, -18.0)]))
    assert [(part.bounds[0], part.bounds[2]) for part in cut.geoms] == [
        (-180.0, pytest.approx(-178.6, abs=0.1)),
        (pytest.approx(178.6, abs=0.1), 180.0),
    ]


def test_core_and_all_have_their_own_outlines() -> None:
    cities = pd.DataFrame({"city_id": ["1", "2", "3"], "lon": [5.0, 6.0, 9.0], "lat": [45.0] * 3})
    membership = pd.DataFrame(
        {
            "cluster": ["a", "a", "b"],
            "city_id": ["1", "3", "2"],
            "role": ["core", "extended", "extended"],
        },
    )
    found = cluster_outlines(membership, cities)
    assert list(zip(found["cluster"], found["role"], strict=True)) == [
        ("a", "core"),
        ("a", "all"),
        ("b", "all"),
    ]
    assert found.crs.to_epsg() == 4326
    assert found.geometry[1].area > found.geometry[0].area


@given(st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_outlines_do_not_depend_on_the_order_of_the_tables(random: Random) -> None:
    ids = [str(number) for number in range(9)]
    cities = pd.DataFrame({"city_id": ids, "lon": [3.0, 8, 4, 9, 7, 2, 11, 1, 5], "lat": range(9)})
    roles = ["core", "extended", "core"] * 3
    membership = pd.DataFrame({"cluster": list("abb") * 3, "city_id": ids, "role": roles})
    mixed = (table.loc[random.sample(range(9), 9)] for table in (membership, cities))
    assert list(whole_outlines(*mixed)) == list(whole_outlines(membership, cities))


def test_no_members_give_an_empty_table() -> None:
    cities = pd.DataFrame({"city_id": ["1"], "lon": [0.0], "lat": [0.0]})
    membership = pd.DataFrame({"cluster": [], "city_id": [], "role": []}, dtype="str")
    found = cluster_outlines(membership, cities)
    assert list(found.columns) == ["cluster", "role", "geometry"]
    assert len(found) == 0


def test_members_that_are_no_cities_are_all_named() -> None:
    cities = pd.DataFrame({"city_id": ["100"], "lon": [0.0], "lat": [0.0]})
    membership = pd.DataFrame(
        {"cluster": ["a", "a"], "city_id": ["101", "900"], "role": ["core", "core"]}
    )
    with pytest.raises(DataError) as caught:
        cluster_outlines(membership, cities)
    assert [problem.value for problem in caught.value.problems] == ["101", "900"]
    assert "'100'" in str(caught.value)


@pytest.mark.parametrize("turn", [0.0, 172.0])
def test_the_outline_of_all_contains_that_of_the_core(turn: float) -> None:
    # A core in a bow, and extended members that make the hull of all cut its corner.
    places = [(7.3, 43.7), (7.7, 45.1), (9.2, 45.5), (11.6, 48.1), (14.5, 46.1), (16.4, 48.2)]
    places += [(4.8, 45.7), (5.4, 43.3), (12.3, 45.4), (17.1, 48.1), (16.0, 45.8)]
    lon = [(x + turn + 180) % 360 - 180 for x, _ in places]
    ids = [str(number) for number in range(len(places))]
    cities = pd.DataFrame({"city_id": ids, "lon": lon, "lat": [y for _, y in places]})
    roles = ["core"] * 6 + ["extended"] * 5
    membership = pd.DataFrame({"cluster": "alps", "city_id": ids, "role": roles})
    core, everyone = cluster_outlines(membership, cities).geometry
    assert everyone.buffer(0.01).contains(core)


@pytest.mark.parametrize("most", [400, 60])
def test_outlines_keep_their_members_with_few_vertices(most: int) -> None:
    lon = [-75.0 + 2.1 * number for number in range(30)]
    lat = [40.0 + 6 * (number % 2) for number in range(30)]
    ids = [str(number) for number in range(30)]
    cities = pd.DataFrame({"city_id": ids, "lon": lon, "lat": lat})
    membership = pd.DataFrame({"cluster": "a", "city_id": ids, "role": "core"})
    shape = cluster_outlines(membership, cities, most_vertices=most).geometry[0]
    assert shapely.get_num_coordinates(shape) <= most
    assert all(shape.contains(shapely.Point(*place)) for place in zip(lon, lat, strict=True))
