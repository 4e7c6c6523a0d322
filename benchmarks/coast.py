"""Coast distances: accuracy against the brute-force reference of the tests, speed, memory.

Run from the repository's root: `python benchmarks/coast.py [POINTS]` (1,200 by default). A cold
process measures 350 places first, so that loading is counted; the reference takes a minute.
"""

import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "geo"))

from test_measures_coast import random_points, reference_km

from tierscape.data.physical_loader import load_coast
from tierscape.geo.coast import distance_to_coast
from tierscape.geo.measures import measure


def main() -> None:
    """Print time and memory of the measures, then the errors of the coast distance."""
    cities = pd.DataFrame(random_points(350, seed=1), columns=["lon", "lat"])
    begin = time.perf_counter()
    measure(cities)
    print(f"measure, 350 places, cold: {time.perf_counter() - begin:.2f} s")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB")
    many = random_points(200_000, seed=2)
    begin = time.perf_counter()
    distance_to_coast(*many.T)
    print(f"coast distance: {200_000 / (time.perf_counter() - begin):,.0f} points/s")
    print_errors(int(sys.argv[1]) if len(sys.argv) > 1 else 1200)


def print_errors(count: int) -> None:
    """Print how far the coast distance is from the reference at random points."""
    coast = load_coast()
    shore = coast.kind < 2
    points = random_points(count, seed=3)
    expected = [reference_km(point, coast.start[shore], coast.end[shore]) for point in points]
    error_m = np.abs(distance_to_coast(*points.T).km - np.array(expected)) * 1000
    median, high = np.quantile(error_m, [0.5, 0.99])
    print(f"{count} points: median {median:.3f} m, p99 {high:.3f} m, max {error_m.max():.3f} m")


if __name__ == "__main__":
    main()
