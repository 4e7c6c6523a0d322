"""What the measures say of places whose geography is known."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from tierscape.data.errors import DataError, UnknownNameError
from tierscape.data.physical_loader import load_altitude, load_coast, load_seas, sea_slugs
from tierscape.geo.coast import distance_to_coast, distance_to_lakes
from tierscape.geo.elevation import elevation_m, is_mountain, mountain_mask, relief_m
from tierscape.geo.measures import measure
from tierscape.geo.ranges import distance_to_ranges, in_region

PLACES = {
    "Montréal": (-73.57, 45.5),
    "Hamburg": (9.99, 53.55),
    "Bremen": (8.8, 53.08),
    "Antwerp": (4.4, 51.22),
    "London": (-0.13, 51.51),
    "Shanghai": (121.46, 31.22),
    "Hangzhou": (120.16, 30.29),
    "Philadelphia": (-75.16, 39.95),
    "Lisbon": (-9.14, 38.72),
    "Kolkata": (88.36, 22.57),
    "Guangzhou": (113.25, 23.12),
    "Rotterdam": (4.48, 51.92),
    "Basra": (47.78, 30.5),
    "Tokyo": (139.69, 35.69),
    "Osaka": (135.5, 34.69),
    "Nagoya": (136.9, 35.18),
    "Seattle": (-122.33, 47.6),
    "New York": (-74.0, 40.71),
    "Göteborg": (11.97, 57.71),
    "Baku": (49.87, 40.4),
    "Nice": (7.26, 43.7),
    "Kobe": (135.18, 34.69),
    "Innsbruck": (11.39, 47.27),
    "Salt Lake City": (-111.89, 40.76),
    "Chicago": (-87.65, 41.88),
    "Riyadh": (46.72, 24.69),
    "Xi'an": (108.93, 34.27),
    "Paris": (2.35, 48.85),
    "Hong Kong": (114.17, 22.28),
    "Cebu City": (123.89, 10.32),
    "Dili": (125.57, -8.56),
    "Macau": (113.55, 22.2),
    "Nantong": (120.87, 32.03),
}


@pytest.fixture(scope="module")
def cities() -> pd.DataFrame:
    table = pd.DataFrame.from_dict(PLACES, orient="index", columns=["lon", "lat"])
    return table.join(measure(table))


def test_columns_and_index(cities: pd.DataFrame) -> None:
    expected = ["coast_km", "sea", "shore_kind", "lake_km", "lake", "range_km", "range", "relief_m"]
    assert list(cities.columns) == ["lon", "lat", *expected, "mountain"]
    assert list(cities.index) == list(PLACES)
    assert cities.notna().all().all()


def test_no_city_gives_no_row() -> None:
    for kind in (float, object):
        assert measure(pd.DataFrame({"lon": [], "lat": []}, dtype=kind)).shape == (0, 9)


def test_no_point_gives_no_distance() -> None:
    none = np.empty(0)
    assert distance_to_coast(none, none, ["baltic"]).km.shape == (0,)
    assert distance_to_lakes(none, none).name.shape == (0,)
    assert distance_to_ranges(none, none, ["alps"]).km.shape == (0,)
    assert in_region(none, none, "iranian-plateau").shape == (0,)
    assert elevation_m(none, none).shape == relief_m(none, none).shape == (0,)
    assert is_mountain(none, none).shape == (0,)


def test_bad_coordinates_of_a_table_are_named_all_at_once() -> None:
    table = {"lon": [9.99, 39.9, None, 190.0], "lat": [53.55, 116.4, 50.0, "north"]}
    with pytest.raises(DataError) as caught:
        measure(pd.DataFrame(table, index=["Hamburg", "Beijing", "nowhere", "far"]))
    lines = str(caught.value).splitlines()
    assert len(lines) == 4
    assert "'116.4': the latitude of row Beijing must be a number from -90 to 90" in lines[0]
    assert "swapped?" in lines[0]
    assert "the longitude of row nowhere" in lines[1]
    assert "'190.0': the longitude of row far" in lines[2]
    assert "'north': the latitude of row far" in lines[3]


def test_a_table_needs_both_coordinates() -> None:
    with pytest.raises(DataError, match="lat: '': the column is missing"):
        measure(pd.DataFrame({"lon": [1.0]}))


@pytest.mark.parametrize(
    "measured",
    [distance_to_coast, distance_to_lakes, distance_to_ranges, elevation_m, relief_m, is_mountain],
)
@pytest.mark.parametrize(
    ("lon", "lat", "words"),
    [
        (39.9, 116.4, "latitude 116.4 of point 1 must be from -90 to 90. .*swapped"),
        (float("nan"), 1.0, "longitude nan of point 1"),
        (1.0, float("inf"), "latitude inf of point 1"),
        (1000.0, 1.0, "longitude 1000 of point 1"),
    ],
)
def test_bad_coordinates_are_named(
    measured: Callable[..., object], lon: float, lat: float, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        measured([0.0, lon], [0.0, lat])


def test_both_coordinates_need_the_same_length() -> None:
    with pytest.raises(ValueError, match="rows of the same length"):
        distance_to_coast([0.0, 1.0], [0.0])


@pytest.mark.parametrize(
    "city",
    [
        *("Hamburg", "Bremen", "Antwerp", "London", "Shanghai", "Hangzhou"),
        *("Philadelphia", "Lisbon", "Kolkata", "Guangzhou", "Macau"),
        "Nantong",
    ],
)
def test_estuaries_within_fifty_km(cities: pd.DataFrame, city: str) -> None:
    assert cities.loc[city, "shore_kind"] == "estuary"
    assert cities.loc[city, "coast_km"] < 50


def test_montreal_lies_on_a_river(cities: pd.DataFrame) -> None:
    assert cities.loc["Montréal", "coast_km"] > 100


@pytest.mark.parametrize(
    ("city", "sea"),
    [
        ("Tokyo", "tokyo-bay"),
        ("Osaka", "osaka-bay"),
        ("Nagoya", "ise-bay"),
        ("Seattle", "salish-sea"),
        ("New York", "new-york-bay"),
        ("Rotterdam", "north-sea"),
        ("Basra", "persian-gulf"),
        ("Göteborg", "kattegat"),
        ("Baku", "caspian-sea"),
        # Straits and sounds that a river reaches only past the open sea.
        ("Hong Kong", "pearl-river-estuary"),
        ("Cebu City", "philippine-inland-seas"),
        ("Dili", "banda-sea"),
    ],
)
def test_seas(cities: pd.DataFrame, city: str, sea: str) -> None:
    assert (cities.loc[city, "sea"], cities.loc[city, "shore_kind"]) == (sea, "sea")
    assert cities.loc[city, "coast_km"] < 50


@pytest.mark.parametrize(
    ("city", "mountain_range", "mountain"),
    [
        ("Nice", "alps", True),
        ("Kobe", "chugoku-mountains", True),
        ("Innsbruck", "alps", True),
        ("Salt Lake City", "rocky-mountains", True),
        ("Xi'an", "qinling", True),
        ("Paris", "central-european-uplands", False),
        ("Hamburg", "central-european-uplands", False),
    ],
)
def test_mountains(cities: pd.DataFrame, city: str, mountain_range: str, mountain: bool) -> None:  # noqa: FBT001 - a test's parameter
    assert cities.loc[city, "range"] == mountain_range
    assert cities.loc[city, "mountain"] == mountain


def test_great_lakes(cities: pd.DataFrame) -> None:
    assert cities.loc["Chicago", "lake"] == "lake-michigan"
    assert cities.loc["Chicago", "lake_km"] < 10
    assert distance_to_lakes([-87.0], [43.5], ["great-lakes"]).km[0] == 0


def test_riyadh_lies_350_km_inland(cities: pd.DataFrame) -> None:
    assert cities.loc["Riyadh", "coast_km"] == pytest.approx(355, abs=20)
    assert cities.loc["Riyadh", "sea"] == "persian-gulf"


def test_a_childs_coast_counts_for_its_parent() -> None:
    children, parent = (
        distance_to_coast([24.94, 11.97], [60.17, 57.71], seas)
        for seas in (["gulf-of-finland", "kattegat"], ["baltic"])
    )
    assert parent.km.tolist() == children.km.tolist()
    assert parent.sea.tolist() == ["gulf-of-finland", "kattegat"]


def test_no_named_sea_is_nearer_than_all() -> None:
    lon, lat = np.array(list(PLACES.values())).T
    everywhere = distance_to_coast(lon, lat).km
    for sea in ("north-sea", "persian-gulf", "japan-sea"):
        assert (distance_to_coast(lon, lat, [sea]).km >= everywhere - 1e-6).all()


def test_unknown_names_name_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="north-sea"):
        distance_to_coast([0.0], [0.0], ["north-see"])
    with pytest.raises(UnknownNameError, match="great-lakes"):
        distance_to_lakes([0.0], [0.0], ["great-lake"])
    with pytest.raises(UnknownNameError, match="alps"):
        distance_to_ranges([0.0], [0.0], ["alp"])
    with pytest.raises(UnknownNameError, match="iranian-plateau"):
        in_region([0.0], [0.0], "iranian-plateaux")


def test_iranian_plateau() -> None:
    inside = {"Tehran": (51.39, 35.69), "Isfahan": (51.67, 32.65), "Kabul": (69.17, 34.53)}
    outside = {"Baghdad": (44.37, 33.31), "Baku": (49.87, 40.4), "Karachi": (67.0, 24.86)}
    assert in_region(*np.array(list(inside.values())).T, "iranian-plateau").all()
    assert not in_region(*np.array(list(outside.values())).T, "iranian-plateau").any()


def test_ranges_are_zero_inside_and_positive_outside() -> None:
    found = distance_to_ranges([9.85, 9.19, 179.9], [46.5, 45.46, -16.8], ["alps"])
    assert found.km[0] == 0
    assert 10 < found.km[1] < 50
    assert found.km[2] > 10_000


def test_altitudes() -> None:
    # Denver, Amsterdam, Mexico City: published altitudes, to what cells of 9 km can tell.
    altitude = elevation_m([-104.99, 4.9, -99.13], [39.74, 52.37, 19.43])
    assert altitude == pytest.approx([1609, -2, 2240], abs=60)
    assert relief_m([11.39, 4.9], [47.27, 52.37])[0] > 500


def test_the_shipped_mask_is_the_written_rule() -> None:
    grid = load_altitude()
    assert np.array_equal(grid.mountain, mountain_mask(grid.level))


def test_mountains_do_not_end_at_the_edge_of_the_map() -> None:
    assert is_mountain([180.0, -180.0], [67.5, 67.5]).tolist() == [True, True]


def test_every_segment_has_a_sea_and_every_sea_a_shore() -> None:
    coast = load_coast()
    assert len(coast.start) == len(coast.end) == len(coast.sea) == len(coast.kind)
    used = {load_seas()[number].slug for number in np.unique(coast.sea)}
    assert used == set(sea_slugs())
