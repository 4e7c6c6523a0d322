"""Neighbours against brute force, on the whole sphere."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.data.errors import TierscapeError
from tierscape.geo.neighbours import between, kernel, nearest, within
from tierscape.geo.neighbours_record import Neighbours, from_matrix, within_groups
from tierscape.geo.neighbours_sites import Sites, sites
from tierscape.geo.points import CoordinateError
from tierscape.geo.sphere import EARTH_KM
from tierscape.geo.sphere_hull import delaunay, gabriel


def placed(points: object, ids: list[object] | None = None, **policy: str) -> Sites:
    return sites(points, ids, **({"coincident": "error", "missing": "error"} | policy))


def scattered(n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.column_stack(
        [rng.uniform(-180, 180, n), np.degrees(np.arcsin(rng.uniform(-1, 1, n)))]
    )


def haversine_km(points: np.ndarray) -> np.ndarray:
    lam, phi = np.radians(points.T)
    half = (
        np.sin(np.subtract.outer(phi, phi) / 2) ** 2
        + np.outer(np.cos(phi), np.cos(phi)) * np.sin(np.subtract.outer(lam, lam) / 2) ** 2
    )
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1)))


def rows(found: Neighbours) -> list[list[object]]:
    return [part.tolist() for part in np.split(found.ids[found.indices], found.indptr[1:-1])]


def links(found: Neighbours) -> set[tuple[int, int]]:
    coo = found.matrix().tocoo()
    return set(zip(coo.row.tolist(), coo.col.tolist(), strict=True))


def test_nearest_by_great_circle_is_brute_force() -> None:
    """Trap: degrees taken for a plane find 87 % of the true neighbours."""
    points = scattered(400, 1)
    km = haversine_km(points)
    np.fill_diagonal(km, np.inf)
    expected = np.sort(np.argsort(km, axis=1)[:, :8], axis=1)
    assert (nearest(placed(points), 8).indices.reshape(400, 8) == expected).all()


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(st.integers(-4, 4), st.integers(-2, 2)), min_size=2, max_size=20),
    st.integers(1, 8),
    st.integers(0, 1000),
)
def test_ties_are_settled_by_id(cells: list[tuple[int, int]], k: int, seed: int) -> None:
    points = np.array(cells) * [45.0, 40.0]
    k = min(k, len(points) - 1)
    order = np.random.default_rng(seed).permutation(len(points))
    names = [f"{number:02}" for number in range(len(points))]
    first = nearest(placed(points, names, coincident="keep"), k)
    second = nearest(placed(points[order], [names[i] for i in order], coincident="keep"), k)
    by_name = dict(zip(second.ids, map(sorted, rows(second)), strict=True))
    assert [by_name[name] for name in names] == [sorted(row) for row in rows(first)]
    unit = placed(points, coincident="keep").xyz
    chord = np.linalg.norm(unit[:, None] - unit, axis=2).round(9)
    for site, row in enumerate(rows(first)):
        others = [i for i in range(len(points)) if i != site]
        best = sorted(others, key=lambda i: (chord[site, i], names[i]))[:k]
        assert sorted(row) == sorted(names[i] for i in best)


def test_within_is_brute_force_and_crosses_the_antimeridian() -> None:
    """Trap: 2,000 taken for degrees links all pairs."""
    points = scattered(150, 2)
    km = haversine_km(points)
    expected = {(i, j) for i, j in np.argwhere(km <= 2000).tolist() if i != j}
    assert links(within(placed(points), 2000, islands="keep")) == expected
    rings = between(placed(points), 2000, 5000)
    assert links(rings) == {(i, j) for i, j in np.argwhere((km > 2000) & (km <= 5000)).tolist()}


@pytest.mark.parametrize(
    ("shape", "formula"),
    [
        ("uniform", np.ones_like),
        ("triangular", lambda u: 1 - u),
        ("epanechnikov", lambda u: 1 - u**2),
        ("quartic", lambda u: (1 - u**2) ** 2),
        ("gaussian", lambda u: np.exp(-((3 * u) ** 2) / 2)),
    ],
)
def test_kernels(shape: str, formula: object) -> None:
    points = scattered(60, 3)
    u = haversine_km(points) / 3000
    expected = np.where(u <= 1, formula(u), 0.0)  # type: ignore[operator]
    np.fill_diagonal(expected, 0)
    found = kernel(placed(points), 3000, shape, islands="keep")  # type: ignore[arg-type]
    assert found.matrix().toarray() == pytest.approx(expected, abs=1e-9)


def test_islands_have_no_silent_default() -> None:
    places = placed([[0, 0], [1, 0], [60, 0], [62, 0]], ["a", "b", "c", "d"])
    with pytest.raises(TierscapeError, match="2 of 4 sites have no neighbour: c, d"):
        within(places, 150, islands="error")
    kept = within(places, 150, islands="keep")
    assert kept.islands.tolist() == ["c", "d"]
    assert kept.notes[-1] == "2 islands kept: c, d"
    assert rows(within(places, 150, islands="nearest")) == [["b"], ["a"], ["d"], ["c"]]
    with pytest.raises(TypeError):
        within(places, 150)  # type: ignore[call-arg]
    with pytest.raises(TierscapeError, match="islands is 'drop'"):
        within(places, 150, islands="drop")  # type: ignore[arg-type]
    with pytest.raises(TierscapeError, match="islands is 'nearest'"):
        kernel(places, 150, "uniform", islands="nearest")  # type: ignore[arg-type]
    assert np.isfinite(kept.row_standardised().weights).all()


def test_coincident_sites_have_no_silent_default() -> None:
    """Trap: duplicates are joined or dropped unasked."""
    points, ids = [[180, 5], [-180, 5], [3, 3]], ["x", "w", "v"]
    with pytest.raises(TypeError):
        sites(points, missing="error")  # type: ignore[call-arg]
    with pytest.raises(TierscapeError, match="sites at the same place: w and x"):
        placed(points, ids)
    assert placed(points, ids, coincident="merge").ids.tolist() == ["w", "v"]
    kept = placed(points, ids, coincident="keep")
    assert rows(nearest(kept, 1)) == [["w"], ["x"], ["w"]]
    assert kept.notes == ("1 coincident site kept",)
    many = placed([[0, 0]] * 9 + [[1, 1]], coincident="keep")
    assert rows(nearest(many, 2))[-2:] == [[0, 1], [0, 1]]


def test_missing_coordinates_have_no_silent_default() -> None:
    points = [[0, 0], [np.nan, 1], [2, 2]]
    with pytest.raises(TierscapeError, match="1 site without coordinates: 1"):
        placed(points)
    found = placed(points, missing="drop")
    assert (found.ids.tolist(), found.notes) == ([0, 2], ("1 site without coordinates dropped",))
    with pytest.raises(TierscapeError, match="2 sites without coordinates"):
        placed([[np.nan, 1]] * 2, missing="drop")


@pytest.mark.parametrize(
    ("points", "ids", "message"),
    [
        ([], None, "give shape"),
        ([1, 2], None, "give shape"),
        ([[0, 0], [1, 1]], ["a", "a"], "ids stand twice: a"),
        ([[0, 0], [1, 1]], ["a"], "1 ids for 2 points"),
        ([[0, 0], [1, 1]], ["a", 1], "several types"),
    ],
)
def test_sites_that_mean_nothing(points: object, ids: list[object] | None, message: str) -> None:
    with pytest.raises(TierscapeError, match=message):
        placed(points, ids)


def test_swapped_coordinates_are_told() -> None:
    with pytest.raises(CoordinateError, match="are the two swapped"):
        placed([[39.9, 116.4], [31.2, 121.5]])


def test_sizes_that_mean_nothing() -> None:
    for k in (0, 3, 9):
        with pytest.raises(TierscapeError, match="k is from 1 to 2"):
            nearest(placed([[0, 0], [1, 1], [2, 2]]), k)
    with pytest.raises(TierscapeError, match="1 nearest neighbours of 1 sites"):
        nearest(placed([[0, 0]]), 1)
    for km in (0, -3, np.nan, np.inf):
        with pytest.raises(TierscapeError, match="is no distance"):
            within(placed([[0, 0], [1, 1]]), km, islands="keep")


def test_within_groups() -> None:
    near = nearest(placed([[0, 0], [1, 0], [2, 0], [3, 0]]), 3)
    found = within_groups(near, ["CN", "CN", "JP", None], islands="keep")
    assert rows(found) == [[1], [0], [], []]
    with pytest.raises(TierscapeError, match="2 of 4 sites"):
        within_groups(near, ["CN", "CN", "JP", None], islands="error")
    with pytest.raises(TierscapeError, match="3 groups for 4 sites"):
        within_groups(near, ["CN"] * 3, islands="error")


def test_weights_are_checked_and_locked() -> None:
    near = nearest(placed(scattered(9, 1)), 2)
    assert near.row_standardised().matrix().sum(axis=1) == pytest.approx(np.ones(9))
    assert (near.weights == 1).all()
    for array in (near.ids, near.indptr, near.indices, near.weights):
        assert not array.flags.writeable
    for bad in (-1.0, np.nan, np.inf):
        matrix = near.matrix()
        matrix.data[3] = bad
        with pytest.raises(TierscapeError, match="negative, missing or infinite"):
            from_matrix(matrix, near.ids, ())


def caps_are_empty(unit: np.ndarray) -> set[tuple[int, int]]:
    """Sides of all triangles with an empty cap of at most half the sphere."""
    found = set()
    for three in combinations(range(len(unit)), 3):
        a, b, c = unit[list(three)]
        normal = np.cross(b - a, c - a)
        normal *= np.sign(normal @ a)
        rest = np.delete(unit, three, axis=0)
        if (rest @ normal < normal @ a).all():
            found |= {pair for i, j in combinations(three, 2) for pair in ((i, j), (j, i))}
    return found


@pytest.mark.parametrize("spread", [1.0, 0.15])
def test_delaunay_is_that_of_empty_caps(spread: float) -> None:
    points = scattered(26, 4) * spread
    assert links(delaunay(placed(points))) == caps_are_empty(placed(points).xyz)


@pytest.mark.parametrize("spread", [1.0, 0.15])
def test_gabriel_is_that_of_empty_caps(spread: float) -> None:
    points = scattered(40, 5) * spread
    places = placed(points)
    expected = set()
    for i, j in combinations(range(40), 2):
        middle = places.xyz[i] + places.xyz[j]
        middle /= np.linalg.norm(middle)
        inside = places.xyz @ middle >= places.xyz[i] @ middle
        if not np.delete(inside, [i, j]).any():
            expected |= {(i, j), (j, i)}
    found = links(gabriel(places))
    assert found == expected
    assert found <= links(delaunay(places))


def test_triangles_cross_antimeridian_and_pole() -> None:
    turned = [[lon + 137.0, lat] for lon, lat in scattered(30, 6)]
    assert links(delaunay(placed(turned))) == links(delaunay(placed(scattered(30, 6))))
    cap = [[lon, 80.0 + lon / 90] for lon in range(-180, 180, 40)] + [[12.0, 90.0]]
    assert delaunay(placed(cap)).counts[-1] == 9


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([[0, 0], [1, 1], [2, 0]], "3 places have no triangulation"),
        ([[lon, 60] for lon in range(0, 360, 30)], "on one circle of the sphere"),
        ([[lon, 0] for lon in range(9)], "on one circle of the sphere"),
    ],
)
def test_points_without_triangles(points: list[list[float]], message: str) -> None:
    for build in (delaunay, gabriel):
        with pytest.raises(TierscapeError, match=message):
            build(placed(points))


def test_coincident_sites_share_triangles() -> None:
    points = np.vstack([scattered(12, 7), scattered(12, 7)[:2]])
    found = delaunay(placed(points, coincident="keep")).matrix().toarray()
    plain = delaunay(placed(points[:12])).matrix().toarray()
    assert (found[:12, :12] == plain).all()
    assert found[0, 12] == found[1, 13] == found[12, 0] == 1
    assert (found[12, 2:12] == plain[0, 2:12]).all()
