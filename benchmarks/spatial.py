"""Spatial statistics beside esda and libpysal, in one process, in alternating pairs.

Needs esda, libpysal and numba beside tierscape. Elapsed times are the medians of pairs, so that a
busy machine slows both. `python benchmarks/spatial.py small` leaves the largest sizes out.
"""

import subprocess
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np
from libpysal.weights import KNN
from libpysal.weights.util import get_points_array

from tierscape.geo.neighbours import nearest
from tierscape.geo.neighbours_pysal import to_w
from tierscape.geo.neighbours_record import Neighbours, from_matrix
from tierscape.geo.neighbours_sites import sites
from tierscape.geo.sphere import EARTH_KM
from tierscape.scoring.spatial.local import local_moran
from tierscape.scoring.spatial.records import Permutations

SEED = 2026
LINE = "{:<44}{:>12}{:>12}{:>9}"

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


def paired(
    ours: Callable[[int], object],
    theirs: Callable[[int], object],
    pairs: int,
    *,
    warm: bool = True,
) -> None:
    """Run both in turn, after one run each to warm up; print medians and their ratio."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(pairs + warm):
        for run, taken in zip((ours, theirs), times, strict=True):
            start = time.perf_counter()
            run(number)
            taken.append(time.perf_counter() - start)
    a, b = (float(np.median(taken[warm:])) for taken in times)
    print(LINE.format("", f"{1e3 * a:.2f} ms", f"{1e3 * b:.2f} ms", f"x{b / a:.1f}"))


def moran_pairs(near: Neighbours, permutations: int, pairs: int) -> None:
    """Compare local Moran; seeds change from run to run."""
    from esda import Moran_Local  # noqa: PLC0415 - its import is no part of the other sections

    values, weights = np.random.default_rng(SEED).normal(size=len(near)), to_w(near)
    first = Moran_Local(values, weights, transformation="O", permutations=0)
    ours = local_moran(values, near, test=Permutations(permutations, 0), missing="error")
    # esda divides by n − 1 where Anselin (1995) and spdep divide by n.
    gap = np.abs(ours.value - first.Is * len(near) / (len(near) - 1)).max()
    print(f"  largest difference of the statistics: {gap:.1e}")
    paired(
        lambda s: local_moran(values, near, test=Permutations(permutations, s), missing="error"),
        lambda s: Moran_Local(
            values, weights, transformation="O", permutations=permutations, seed=s
        ),
        pairs,
    )


def knn_pairs(n: int, pairs: int) -> None:
    """Compare great-circle neighbours, and count the true ones among a sample's."""
    points = cities(n)
    found = nearest(sites(points, coincident="error", missing="error"), 8)
    unit = sites(points[:, :], coincident="error", missing="error").xyz
    sample = np.random.default_rng(1).choice(n, 200, replace=False)
    order = np.argpartition(-(unit[sample] @ unit.T), 9, axis=1)[:, :9]
    rows = found.indices.reshape(n, 8)[sample]
    true = sum(len(set(a) & set(b)) for a, b in zip(rows, order, strict=True))
    print(f"  recall of ours on 200 sites: {true / 1600:.4f}")
    paired(
        lambda _: nearest(sites(points, coincident="error", missing="error"), 8),
        lambda _: KNN(get_points_array(points), 8, radius=EARTH_KM, distance_metric="arc"),
        pairs,
        warm=False,
    )


def cold(parts: tuple[str, str]) -> float:
    """Return CPU seconds of a first run in a new process, imports apart."""
    code = COLD.format(imports=parts[0], work=parts[1])
    command = [sys.executable, "-W", "ignore", "-c", code]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Print one section per claim."""
    warnings.simplefilter("ignore")
    small = "small" in sys.argv
    print(LINE.format("", "tierscape", "PySAL", "ratio"))
    for n, permutations, pairs in ((300, 999, 30), (5_000, 9_999, 3), (50_000, 9_999, 2)):
        if small and n > 5_000:
            continue
        near = nearest(sites(cities(n), coincident="error", missing="error"), 8)
        print(f"local Moran, equal weights, n = {n:,}, {permutations:,} permutations")
        moran_pairs(near.row_standardised(), permutations, pairs)
        if permutations == 9_999 and n > 5_000:
            continue
        matrix = near.matrix()
        matrix.data *= np.random.default_rng(1).uniform(0.5, 1.0, len(matrix.data))
        print(f"local Moran, unequal weights, n = {n:,}, {permutations:,} permutations")
        moran_pairs(from_matrix(matrix, near.ids, ()).row_standardised(), permutations, pairs)
    n = 50_000 if small else 500_000
    print(f"8 nearest by great circle, n = {n:,}")
    knn_pairs(n, 1)
    print("all local statistics of 300 cities in a new process, CPU beyond imports")
    a, b = cold(OURS), cold(THEIRS)
    print(LINE.format("", f"{a:.2f} s", f"{b:.2f} s", f"x{b / a:.1f}"))


if __name__ == "__main__":
    main()
