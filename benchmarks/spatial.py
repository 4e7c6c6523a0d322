"""Spatial statistics beside esda and libpysal, in alternating pairs, with a new seed in each run.

The values of local Moran are independent of each other, so that one site in twenty has a true
p-value of 0.05 or less: what share is found says how right the p-values are. esda's are those of
the smaller tail, about twice as many.
"""

import sys
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count

import numpy as np
from harness import Row, Side, Used, absent, alternate, clocked, has, main, process

from tierscape.geo.neighbours import nearest
from tierscape.geo.neighbours_record import Neighbours, from_matrix
from tierscape.geo.neighbours_sites import sites
from tierscape.geo.sphere import EARTH_KM
from tierscape.scoring.spatial.local import local_moran
from tierscape.scoring.spatial.records import Permutations

TOPIC = "Neighbours and local statistics"
PEERS = ("esda", "libpysal", "numba")
SEED, K = 2026, 8

COLD = """
import time, numpy as np
{imports}
rng = np.random.default_rng(1)
points = np.column_stack([rng.uniform(-180, 180, 300), rng.uniform(-60, 60, 300)])
tier = rng.integers(1, 5, 300).astype(float)
start = time.process_time()
{work}
print(time.process_time() - start)
"""
OURS = (
    (
        "from tierscape.geo.neighbours import nearest\n"
        "from tierscape.geo.neighbours_sites import sites\n"
        "from tierscape.scoring.spatial.local import local_g, local_geary, local_moran\n"
        "from tierscape.scoring.spatial.local_joins import local_join_counts\n"
        "from tierscape.scoring.spatial.records import Permutations"
    ),
    (
        "near = nearest(sites(points, coincident='error', missing='error'), 8)\n"
        "for test in ('exact', Permutations(999, 1)):\n"
        "    local_moran(tier, near, test=test, missing='error')\n"
        "    local_geary(tier, near, test=test, missing='error')\n"
        "    local_g(tier, near, own_weight=1.0, test=test, missing='error')\n"
        "local_join_counts(tier.tolist(), near)"
    ),
)
THEIRS = (
    "from libpysal.weights import KNN\nfrom esda import G_Local, Geary_Local, Moran_Local",
    (
        "near = KNN.from_array(points, 8, radius=6371.0)\n"
        "Moran_Local(tier, near, permutations=999, seed=1)\n"
        "Geary_Local(near, permutations=999, seed=1).fit(tier)\n"
        "G_Local(tier, near, permutations=999, seed=1, star=True)"
    ),
)


def cities(n: int) -> np.ndarray:
    """Return longitudes and latitudes, uniform on the sphere."""
    rng = np.random.default_rng(SEED)
    sines = rng.uniform(-1, 1, n)
    return np.column_stack([rng.uniform(-180, 180, n), np.degrees(np.arcsin(sines))])


def near_of(n: int, *, equal: bool) -> Neighbours:
    """Return the nearest of each site with rows that sum to 1, of equal or unequal weights."""
    near = nearest(sites(cities(n), coincident="error", missing="error"), K)
    if not equal:
        matrix = near.matrix()
        matrix.data *= np.random.default_rng(1).uniform(0.5, 1.0, len(matrix.data))
        near = from_matrix(matrix, near.ids, ())
    return near.row_standardised()


def seeded(work: Callable[[int], object]) -> Callable[[], Used]:
    """Return a run of some work that gets another seed each time."""
    seeds = count(1)
    return clocked(lambda: work(next(seeds)))


def alarms(p_values: list[np.ndarray]) -> str:
    """Tell how many sites are found where there is nothing to be found."""
    share = 100 * float((np.concatenate(p_values) <= 0.05).mean())
    return f"p ≤ 0.05 at {share:.1f} % of sites (5 % is right)"


def moran_row(n: int, permutations: int, pairs: int, *, equal: bool) -> Row:
    """Compare local Moran; the statistics must agree."""
    from esda import Moran_Local  # noqa: PLC0415 - a peer

    from tierscape.geo.neighbours_pysal import to_w  # noqa: PLC0415 - needs a peer

    near = near_of(n, equal=equal)
    values, weights = np.random.default_rng(SEED).normal(size=n), to_w(near)
    theirs = partial(Moran_Local, values, weights, transformation="O")
    # esda divides by n − 1 where Anselin (1995) and spdep divide by n.
    value = local_moran(values, near, test=Permutations(99, 1), missing="error").value
    gap = np.abs(value - theirs(permutations=99, seed=1).Is * n / (n - 1)).max()
    a, b = alternate(
        seeded(
            lambda s: local_moran(values, near, test=Permutations(permutations, s), missing="error")
        ),
        seeded(lambda s: theirs(permutations=permutations, seed=s)),
        pairs,
    )
    return Row(
        TOPIC,
        f"Local Moran, n = {n:,}, {permutations:,} permutations, {'equal' if equal else 'unequal'}"
        " weights",
        Side.of("tierscape", a, alarms([run.gave.p_value for run in a])),
        Side.of("esda Moran_Local", b, alarms([run.gave.p_sim for run in b])),
        note=f"Statistics differ by at most {gap:.0e}; the peer is compiled already",
    )


def recall(rows: np.ndarray, sample: np.ndarray, points: np.ndarray) -> str:
    """Tell how many of the true neighbours of a sample are found."""
    unit = sites(points, coincident="error", missing="error").xyz
    cosines = unit[sample] @ unit.T
    cosines[np.arange(len(sample)), sample] = -np.inf  # a site is no neighbour of itself
    order = np.argpartition(-cosines, K, axis=1)[:, :K]
    true = sum(len(set(a) & set(b)) for a, b in zip(rows, order, strict=True))
    return f"recall {true / (K * len(sample)):.4f} at {len(sample)} sites"


def knn_row(n: int, pairs: int) -> Row:
    """Compare great-circle neighbours, and count the true ones among a sample's."""
    from libpysal.weights import KNN  # noqa: PLC0415 - a peer
    from libpysal.weights.util import get_points_array  # noqa: PLC0415 - a peer

    points = cities(n)
    sample = np.random.default_rng(1).choice(n, 200, replace=False)
    a, b = alternate(
        clocked(lambda: nearest(sites(points, coincident="error", missing="error"), K)),
        clocked(lambda: KNN(get_points_array(points), K, radius=EARTH_KM, distance_metric="arc")),
        pairs,
    )
    mine = a[0].gave.indices.reshape(n, K)[sample]
    other = np.array([b[0].gave.neighbors[site] for site in sample])
    return Row(
        TOPIC,
        f"{K} nearest by great circle, n = {n:,}",
        Side.of("tierscape", a, recall(mine, sample, points)),
        Side.of("libpysal KNN, arc", b, recall(other, sample, points)),
    )


def cold(parts: tuple[str, str]) -> Used:
    """Return the CPU seconds of a first run in a new process, imports apart."""
    code = COLD.format(imports=parts[0], work=parts[1])
    return Used(float(process([sys.executable, "-W", "ignore", "-c", code]).gave))


def rows(quick: bool) -> Iterator[Row]:  # noqa: FBT001 - what every script takes
    """Yield a row for each claim."""
    if not has(*PEERS):
        yield absent(TOPIC, "Local Moran and nearest neighbours", "esda, libpysal")
        return
    warnings.simplefilter("ignore")
    moran_row(300, 99, 1, equal=True)  # numba compiles
    sizes = ((300, 999, 5), (5_000, 999, 2)) if quick else ((300, 999, 30), (5_000, 9_999, 5))
    for n, permutations, pairs in sizes:
        for equal in (True, False):
            yield moran_row(n, permutations, pairs, equal=equal)
    if not quick:
        yield moran_row(50_000, 9_999, 2, equal=True)
    yield knn_row(50_000 if quick else 500_000, 2)
    ours, theirs = alternate(partial(cold, OURS), partial(cold, THEIRS), 1 if quick else 2)
    yield Row(
        TOPIC,
        "All local statistics of 300 cities in a new process, CPU beyond imports",
        Side.of("tierscape", ours),
        Side.of("esda, libpysal", theirs),
        note="The peer compiles with numba in every new process",
    )


if __name__ == "__main__":
    main(rows)
