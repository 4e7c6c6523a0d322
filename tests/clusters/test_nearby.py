"""Ruling out in bulk never rules out a point that is near, and changes no answer."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tierscape.clusters import membership
from tierscape.clusters.measures import geodesic_measures
from tierscape.clusters.membership import assign
from tierscape.clusters.nearby import SIZES, SLACK_KM, gather
from tierscape.clusters.survey import Measures, survey
from tierscape.data.catalog import Catalog
from tierscape.data.cluster_loader import load_clusters
from tierscape.data.known_names import known_names
from tierscape.data.physical_loader import load_lakes, load_ranges
from tierscape.data.records import Leaf, Override
from tierscape.geo.geodesic import distance_to_route, geodesic_km

LON, LAT = st.floats(-180, 180), st.floats(-90, 90)


@given(
    points=st.lists(st.tuples(LON, LAT), min_size=1, max_size=40),
    at=st.tuples(LON, LAT),
    within_km=st.sampled_from([1.0, 50.0, 100.0, 3000.0, 20_000.0]),
)
def test_every_near_point_is_kept(
    points: list[tuple[float, float]], at: tuple[float, float], within_km: float
) -> None:
    lon, lat = np.array(points).T
    cells = gather(lon, lat)
    kept = cells.near(lambda east, north: geodesic_km(east, north, *at), within_km)
    near = np.flatnonzero(geodesic_km(lon, lat, *at) <= within_km)
    assert set(near) <= set(kept)


def test_the_reach_of_a_cell_is_never_exceeded() -> None:
    # The corners of the cell are its farthest points; edges are looked at too.
    for size in SIZES:
        for lat in np.arange(-90 + size / 2, 90, max(size, 7 * size)):
            level = gather(np.array([-180 + size / 2]), np.array([lat])).levels
            cell = next(each for each in level if np.isclose(each.lat[0], lat))
            edge = np.linspace(-size / 2, size / 2, 21)
            lon, high = np.meshgrid(edge, np.clip(lat + edge, -90, 90))
            middle = cell.lon[0], cell.lat[0]
            km = geodesic_km(middle[0] + lon.ravel(), high.ravel(), *middle)
            assert km.max() <= cell.reach_km[0]


def test_far_points_are_dropped() -> None:
    lon = np.linspace(-180, 180, 2001)
    kept = gather(lon, np.zeros(2001)).near(
        lambda east, north: geodesic_km(east, north, 180.0, 0.0), 100
    )
    assert len(kept) < 20
    assert {0, 2000} <= set(kept)


def test_the_slack_covers_the_edges_of_polygons() -> None:
    # An edge is straight on the map where it encloses, and a geodesic where it is measured to.
    for table in (load_ranges(), load_lakes()):
        lines = shapely.get_parts(shapely.boundary(table.geometry.to_numpy()))
        points, line = shapely.get_coordinates(lines, return_index=True)
        first = np.flatnonzero(line[:-1] == line[1:])
        long = first[geodesic_km(*points[first].T, *points[first + 1].T) > 100]
        for start, end in zip(points[long], points[long + 1], strict=True):
            straight = start + np.linspace(0, 1, 21)[:, None] * (end - start)
            apart = distance_to_route(*straight.T, [tuple(start), tuple(end)]).max()
            assert 2 * apart <= SLACK_KM


@pytest.fixture
def scattered() -> pd.DataFrame:
    """Return points all over the Earth, most of them where there are clusters."""
    rng = np.random.default_rng(7)
    lon = np.concatenate([rng.uniform(-180, 180, 100), rng.uniform(-10, 140, 300)])
    lat = np.concatenate([rng.uniform(-90, 90, 100), rng.uniform(10, 60, 300)])
    country = rng.choice(["CN", "US", "SA", "IR", "KZ", "IN", "EG"], 400)
    return pd.DataFrame(
        {
            "city_id": np.arange(400).astype(str),
            "lon": lon,
            "lat": lat,
            "country": country,
            "admin1": rng.choice(["01", "04", "OH"], 400),
        }
    )


def test_the_shipped_clusters_have_the_same_members_either_way(
    scattered: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    clusters = load_clusters(Catalog(), known=known_names())
    gulf = next(each for each in clusters if each.slug == "persian-gulf")
    far = replace(gulf, slug="far", overrides=(Override("3", "Far", "core", "why not"),))
    plain = assign([*clusters, far], scattered, measures=geodesic_measures())
    monkeypatch.setattr(membership, "MANY", 1)
    bulk = assign([*clusters, far], scattered, measures=geodesic_measures())
    pd.testing.assert_frame_equal(plain, bulk)
    assert plain["cluster"].nunique() > 15


def test_bounded_distances_are_exact_or_infinite(cities: pd.DataFrame, measures: Measures) -> None:
    leaf = Leaf("coast", ("north-sea",), within_km=50)
    exact = survey([leaf], cities, measures)[leaf]
    bounded = survey([leaf], cities, measures, bounded=True)[leaf]
    assert bounded.passed.tolist() == exact.passed.tolist()
    assert all(b in (e, np.inf) for b, e in zip(bounded.km, exact.km, strict=True))
