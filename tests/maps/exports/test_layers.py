"""Layers hold what the tables say, as points and areas of one type."""

import pandas as pd
import shapely

from tierscape.maps.exports.columns import columns_of
from tierscape.maps.exports.layers import Layer, city_layer
from tierscape.maps.outlines import cluster_outlines
from tierscape.maps.payload import AtlasData


def test_a_city_has_its_place_and_its_tier_in_every_table(
    layers: dict[str, Layer], data: AtlasData
) -> None:
    table = layers["cities"].table.set_index("city_id")
    for row in data.tiers.to_dict("records"):
        column = f"{row['edition']}/{row['dimension']}"
        assert table.loc[row["city_id"], f"{column}/tier"] == row["tier"]
        assert table.loc[row["city_id"], f"{column}/label"] == row["label"]
    ranked = table.filter(like="/tier").notna().to_numpy().sum()
    assert ranked == len(data.tiers)
    sydney = table.loc["1", "geometry"]
    assert (sydney.x, sydney.y) == (151.2, -33.9)


def test_results_stand_with_the_cluster_and_role_that_they_are_of(
    layers: dict[str, Layer], data: AtlasData
) -> None:
    table = layers["outlines"].table.set_index(["cluster", "role"])
    for row in data.clusters.to_dict("records"):
        column = f"{row['edition']}/{row['dimension']}/percentile"
        assert table.loc[(row["cluster"], row["role"]), column] == row["percentile"]
    assert table.filter(like="/percentile").filter(regex="percentile$").notna().sum().sum() == len(
        data.clusters
    )


def test_a_cluster_is_a_point_in_its_core_with_its_members_counted(
    layers: dict[str, Layer],
) -> None:
    points = layers["clusters"].table.set_index("cluster")
    outlines = layers["outlines"].table
    core = outlines[outlines["role"] == "core"].set_index("cluster").geometry
    assert all(core[name].contains(points.loc[name, "geometry"]) for name in points.index)
    assert points.loc["alps", ["n_core", "n_extended"]].tolist() == [2, 1]


def test_areas_are_of_one_type_and_end_at_180_degrees(layers: dict[str, Layer]) -> None:
    shapes = layers["outlines"].table.set_index(["cluster", "role"]).geometry
    assert set(shapes.geom_type) == {"MultiPolygon"}
    assert shapes.is_valid.all()
    parts = shapely.get_parts(shapes["fiji", "core"])
    spans = sorted((part.bounds[0], part.bounds[2]) for part in parts)
    assert len(spans) == 2
    assert spans[0][0] == -180
    assert spans[1][1] == 180
    assert all(end - start < 10 for start, end in spans)


def test_rounding_leaves_outlines_where_they_are(data: AtlasData, layers: dict[str, Layer]) -> None:
    whole = cluster_outlines(data.membership, data.cities).set_index(["cluster", "role"]).geometry
    found = layers["outlines"].table.set_index(["cluster", "role"]).geometry
    for key, shape in whole.items():
        assert shapely.hausdorff_distance(shape, found[key]) < 1e-5


def test_a_city_that_no_table_ranks_is_there_all_the_same(data: AtlasData) -> None:
    layer = city_layer(data.cities, data.tiers.iloc[:0])
    assert len(layer.table) == len(data.cities)
    assert layer.geometry == "Point"


def test_every_column_of_the_layers_has_a_meaning_in_both_languages(
    world: tuple[Layer, ...],
) -> None:
    columns = [column for layer in world for column in columns_of(layer)]
    nameless = [column.name for column in columns if column.en == column.name]
    assert nameless == []
    assert all(column.zh != column.en for column in columns)


def test_an_empty_layer_of_points_is_of_points(layers: dict[str, Layer]) -> None:
    assert Layer("cities", layers["cities"].table.iloc[:0]).geometry == "Point"
    assert Layer("tiers", pd.DataFrame({"tier": []})).geometry == ""
