"""Membership of many points in all named clusters, against the same rules written with geopandas.

The points are places of the gazetteer, moved by about a degree. The peer answers each test with
`sjoin` or with `sjoin_nearest` and a largest distance, in an azimuthal equidistant projection about
the middle of the thing measured to. The exact answer is that of the same package without its bulk
step, which measures every distance.
"""

from collections.abc import Iterator
from functools import partial

import geopandas
import numpy as np
import pandas as pd
import shapely
from harness import Row, Side, alternate, clocked, main
from shapely.geometry.base import BaseGeometry

from tierscape.clusters import membership
from tierscape.clusters.measures import geodesic_measures
from tierscape.data.catalog import Catalog
from tierscape.data.cluster_loader import load_clusters
from tierscape.data.known_names import known_names
from tierscape.data.physical_loader import (
    SHORE_KINDS,
    lake_family,
    load_coast,
    load_lakes,
    load_ranges,
    load_regions,
    load_seas,
    sea_family,
)
from tierscape.data.records import ClusterDefinition, Group, Leaf
from tierscape.data.rule_trees import fold
from tierscape.geo.gazetteer import gazetteer

TOPIC = "Membership in named clusters"
Bools = np.ndarray


def synthetic(count: int, seed: int = 1) -> pd.DataFrame:
    """Return points near places, with the places' divisions, populations and elevations."""
    with gazetteer() as places:
        query = "SELECT country, admin1, lon, lat, population, elevation_m FROM place"
        table = pd.read_sql_query(query, places.store)
    rng = np.random.default_rng(seed)
    chosen = table.iloc[rng.integers(len(table), size=count)].reset_index(drop=True)
    lon = chosen["lon"] + rng.normal(size=count)
    return chosen.assign(
        city_id=np.arange(count).astype(str),
        lon=(lon + 180) % 360 - 180,
        lat=(chosen["lat"] + rng.normal(size=count)).clip(-90, 90),
        elevation_m=chosen["elevation_m"].fillna(0),
    )


def shapes_of(leaf: Leaf) -> np.ndarray:
    """Return the geometries that a leaf measures to."""
    if leaf.kind == "route":
        return np.array([shapely.LineString(leaf.waypoints).segmentize(0.1)], dtype=object)
    if leaf.kind == "coast":
        coast = load_coast()
        wanted = set().union(*(sea_family(name) for name in leaf.names))
        named = np.array([not wanted or sea.slug in wanted for sea in load_seas()])
        mine = named[coast.sea] & (coast.kind != SHORE_KINDS.index("river"))
        return shapely.linestrings(np.stack([coast.start[mine], coast.end[mine]], axis=1))
    table = load_lakes() if leaf.kind == "lake" else load_ranges()
    if leaf.names:
        family = {slug for name in leaf.names for slug in ({name} | set(lake_family(name)))}
        table = table[table["slug"].isin(family)]
    return table.geometry.to_numpy()


def within(leaf: Leaf, points: geopandas.GeoDataFrame) -> Bools:
    """Tell by `sjoin_nearest` which points lie within a leaf's distance."""
    shapes = geopandas.GeoDataFrame(geometry=shapes_of(leaf), crs="EPSG:4326")
    middle: BaseGeometry = shapely.box(*shapes.total_bounds).centroid
    crs = f"+proj=aeqd +lon_0={middle.x} +lat_0={middle.y} +datum=WGS84 +units=km"
    found = (
        points[["geometry"]]
        .to_crs(crs)
        .sjoin_nearest(shapes.to_crs(crs), max_distance=leaf.within_km, distance_col="km")
    )
    return points.index.isin(found.index)


def passes(leaf: Leaf, points: geopandas.GeoDataFrame) -> Bools:
    """Answer one test."""
    if leaf.within_km is not None:
        return within(leaf, points)
    if leaf.kind == "region":
        regions = load_regions()
        mine = regions[regions["slug"].isin(leaf.names)][["geometry"]]
        return points.index.isin(points[["geometry"]].sjoin(mine, predicate="intersects").index)
    if leaf.kind == "country":
        return points["country"].isin(leaf.names).to_numpy()
    if leaf.kind == "cities":
        return points["city_id"].isin(leaf.names).to_numpy()
    return (points["country"] + "." + points["admin1"]).isin(leaf.names).to_numpy()


def combine(group: Group, parts: list[Bools]) -> Bools:
    """Combine the answers of a group."""
    if group.kind == "not":
        return ~parts[0]
    return np.logical_or.reduce(parts) if group.kind == "any" else np.logical_and.reduce(parts)


def by_geopandas(clusters: tuple[ClusterDefinition, ...], table: pd.DataFrame) -> pd.Series:
    """Return the role of every point in every cluster, empty roles left out."""
    points = geopandas.GeoDataFrame(
        table, geometry=geopandas.points_from_xy(table["lon"], table["lat"]), crs="EPSG:4326"
    )
    known: dict[Leaf, Bools] = {}

    def answer(leaf: Leaf) -> Bools:
        if leaf not in known:
            known[leaf] = passes(leaf, points)
        return known[leaf]

    found = []
    for each in clusters:
        core, *wider = (fold(rule, answer, combine) for rule in membership.rules_of(each))
        extended = wider[0] & ~core if wider else np.zeros(len(table), dtype=bool)
        for role, inside in (("core", core), ("extended", extended)):
            found.append(table["city_id"][inside].to_frame().assign(cluster=each.slug, role=role))
    return pd.concat(found).set_index(["cluster", "city_id"])["role"]


def roles(found: pd.DataFrame | pd.Series, ids: pd.Series) -> pd.Series:
    """Return the role by cluster and city, of some cities."""
    if isinstance(found, pd.DataFrame):
        found = found.set_index(["cluster", "city_id"])["role"]
    return found[found.index.get_level_values("city_id").isin(ids)].astype(object)


def differ(found: pd.Series, exact: pd.Series) -> str:
    """Tell how many memberships are not the exact answer's."""
    both = pd.concat([found, exact], axis=1, keys=["found", "exact"])
    wrong = int((both["found"] != both["exact"]).sum())
    return f"{wrong:,} of {len(exact):,} memberships differ from the exact answer"


def exactly(clusters: tuple[ClusterDefinition, ...], table: pd.DataFrame) -> pd.DataFrame:
    """Return the memberships with every distance measured."""
    usual, membership.MANY = membership.MANY, len(table) + 1
    try:
        return membership.assign(clusters, table, measures=geodesic_measures())
    finally:
        membership.MANY = usual


def rows(quick: bool) -> Iterator[Row]:  # noqa: FBT001 - what every script takes
    """Yield one row."""
    count, checked, pairs = (5_000, 1_000, 1) if quick else (100_000, 10_000, 3)
    clusters = load_clusters(Catalog(), known=known_names())
    table, measures = synthetic(count), geodesic_measures()
    membership.assign(clusters, table.iloc[:2000], measures=measures)  # geography loaded
    by_geopandas(clusters, table.iloc[:10])
    ours, theirs = alternate(
        clocked(partial(membership.assign, clusters, table, measures=measures)),
        clocked(partial(by_geopandas, clusters, table)),
        pairs,
    )
    sample = table.iloc[:checked]
    exact = roles(exactly(clusters, sample), sample["city_id"])
    mine, other = (roles(side[0].gave, sample["city_id"]) for side in (ours, theirs))
    yield Row(
        TOPIC,
        f"Roles of {count:,} points in {len(clusters)} named clusters",
        Side.of("tierscape", ours, differ(mine, exact)),
        Side.of("geopandas sjoin and sjoin_nearest", theirs, differ(other, exact)),
        note=f"Checked at {checked:,} points",
    )


if __name__ == "__main__":
    main(rows)
