"""GeoJSON that any program can read."""

import json

import geopandas as gpd
import pytest

from tierscape.maps.geojson import cities_geojson, clusters_geojson
from tierscape.maps.outlines import cluster_outlines
from tierscape.maps.payload import AtlasData


@pytest.fixture(scope="module")
def clusters_text(data: AtlasData) -> str:
    outlines = cluster_outlines(data.membership, data.cities)
    return clusters_geojson(outlines, data.definitions, data.clusters)


def test_every_city_is_a_point_with_its_tiers(data: AtlasData) -> None:
    features = json.loads(cities_geojson(data.cities, data.tiers))["features"]
    assert [feature["id"] for feature in features] == sorted(data.cities["city_id"])
    sydney = features[0]
    assert sydney["geometry"] == {"type": "Point", "coordinates": [151.2, -33.9]}
    assert sydney["properties"]["name_zh"] == "悉尼"
    assert sydney["properties"]["world-2023/total/tier"] == 1
    assert sydney["properties"]["world-2023/institutional/label"] == "60%-100%"


def test_a_city_that_is_not_ranked_has_null(data: AtlasData) -> None:
    features = json.loads(cities_geojson(data.cities, data.tiers))["features"]
    auckland = features[8]["properties"]
    assert auckland["world-2023/total/tier"] is None
    assert auckland["pacific-2024/total/tier"] == 4


def test_order_of_rows_changes_no_byte(data: AtlasData) -> None:
    turned = cities_geojson(data.cities.iloc[::-1], data.tiers.iloc[::-1])
    assert turned == cities_geojson(data.cities, data.tiers)


def test_clusters_carry_titles_and_results(clusters_text: str) -> None:
    features = json.loads(clusters_text)["features"]
    assert [feature["id"] for feature in features] == [
        "alps/core",
        "alps/all",
        "corridor/core",
        "corridor/all",
        "tokyo-bay/core",
        "tokyo-bay/all",
    ]
    alps = features[0]["properties"]
    assert (alps["title_zh"], alps["title_en"], alps["landform"]) == (
        "阿尔卑斯山",
        "Alps",
        "mountain",
    )
    assert alps["world-2023/total/n_cities"] == 2
    assert alps["pacific-2024/total/percentile"] is None


def test_geopandas_reads_both(data: AtlasData, clusters_text: str) -> None:
    for text, count in ((cities_geojson(data.cities, data.tiers), 9), (clusters_text, 6)):
        frame = gpd.GeoDataFrame.from_features(json.loads(text), crs="EPSG:4326")
        assert len(frame) == count
        assert frame.geometry.is_valid.all()


def test_a_number_that_is_not_finite_becomes_null(data: AtlasData) -> None:
    cities = data.cities.assign(elevation_m=float("nan"))
    feature = json.loads(cities_geojson(cities, data.tiers))["features"][0]
    assert feature["properties"]["elevation_m"] is None
