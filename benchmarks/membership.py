"""Membership of many points in all named clusters, against the same rules written with geopandas.

Run from the repository's root: `python benchmarks/membership.py [POINTS] [EXACT]` (100,000 points
by default). The points are places of the gazetteer, moved by about a degree. The peer answers each
test with `sjoin` or with `sjoin_nearest` and a largest distance, in an azimuthal equidistant
projection about the middle of the thing measured to. The exact answer is that of the same package
without its bulk step, which measures every distance (EXACT points, 20,000 by default).
"""

import sys
import time
from functools import partial

import geopandas
import numpy as np
import pandas as pd
import shapely
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


def timed(label: str, make: partial) -> tuple[object, float]:
    """Run something and print how long it takes."""
    begin = time.perf_counter()
    result = make()
    seconds = time.perf_counter() - begin
    print(f"{label}: {seconds:.1f} s", flush=True)
    return result, seconds


def main() -> None:
    """Print both times, and the differences from the exact answer."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    checked = min(count, int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)
    clusters = load_clusters(Catalog(), known=known_names())
    table, measures = synthetic(count), geodesic_measures()
    membership.assign(clusters, table.iloc[:2000], measures=measures)  # geography loaded
    print(f"{count:,} points, {len(clusters)} clusters")
    run = partial(membership.assign, clusters, table, measures=measures)
    ours, seconds = timed("tierscape", run)
    print(f"{len(ours):,} memberships, {count / seconds:,.0f} points/s")
    peer, other = timed("geopandas", partial(by_geopandas, clusters, table))
    print(f"times faster: {other / seconds:.1f}")
    membership.MANY = count + 1
    sample = table.iloc[:checked]
    exact, _ = timed(f"exact, {checked:,} points", partial(
        membership.assign, clusters, sample, measures=measures
    ))  # fmt: skip
    mine = ours[ours["city_id"].isin(sample["city_id"])].reset_index(drop=True)
    rows = exact.merge(mine, how="outer", indicator=True)["_merge"].ne("both").sum()
    print(f"rows that differ from the exact answer: {rows}")
    roles = exact.set_index(["cluster", "city_id"])["role"]
    theirs = peer[peer.index.get_level_values("city_id").isin(sample["city_id"])]
    both = pd.concat([roles.astype(object), theirs.astype(object)], axis=1, keys=["a", "b"])
    print(f"memberships in which geopandas differs: {(both['a'] != both['b']).sum()}")


if __name__ == "__main__":
    main()
