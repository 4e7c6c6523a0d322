"""Exact laws and their approximation: time, and how far apart they are.

Pairs of random groups are compared in the tier sizes of the published tables. The distance is
taken wherever the package would allow the approximation, however cheap the exact law is.
"""

import time
from itertools import product

import numpy as np

from tierscape.scoring.bounds import difference_weights, rank_sum_bounds
from tierscape.scoring.compare import COST_OF_MANY, may_approximate
from tierscape.scoring.laws import edgeworth_below, law_cost, rank_sum_law, rank_sum_moments

SIZES = {
    "asia-2023 total": (14, 29, 43, 58),
    "asia-2023 institutional": (14, 48, 25, 57),
    "g20-2023 total": (18, 37, 55, 74),
    "g20-2023 institutional": (19, 36, 81, 48),
    "arab-2024 total": (6, 12, 13, 31),
    "cstc-2021 total": (8, 17, 25),
}
GROUPS = (2, 3, 4, 6, 9, 13, 18, 25)
SEED = 2026


def pairs(sizes: tuple[int, ...], rng: np.random.Generator) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return tier and weights of pairs that the bounds leave open."""
    tier = np.repeat(np.arange(1, len(sizes) + 1), sizes)
    found = []
    for n_a, n_b, shared in product(GROUPS, GROUPS, (0, 1)):
        order = rng.permutation(len(tier))
        in_a, in_b = np.zeros(len(tier), dtype=bool), np.zeros(len(tier), dtype=bool)
        in_a[order[:n_a]] = True
        in_b[order[n_a - shared : n_a - shared + n_b]] = True
        weight, _ = difference_weights(in_a, in_b)
        low, high = rank_sum_bounds(tier, weight)
        if low <= 0 <= high:
            found.append((tier, weight))
    return found


def main() -> None:
    """Print one line per table."""
    rng = np.random.default_rng(SEED)
    head = ("pairs", "exact ms", "(max)", "approx.", "largest distance", "taken by build")
    print(f"{'table':<26}" + "".join(f"{word:>18}" for word in head))
    for name, sizes in SIZES.items():
        times, gaps, taken = [], [0.0], 0
        cases = pairs(sizes, rng)
        for tier, weight in cases:
            start = time.process_time()
            exact = rank_sum_law(tier, weight).below(0)
            times.append(1e3 * (time.process_time() - start))
            moments = rank_sum_moments(tier, weight)
            if may_approximate(moments):
                gaps.append(abs(edgeworth_below(tier, weight, 0) - exact))
                taken += law_cost(tier, weight) > COST_OF_MANY
        row = (len(cases), np.mean(times), max(times), len(gaps) - 1, max(gaps), taken)
        formats = ("d", ".2f", ".1f", "d", ".6f", "d")
        print(f"{name:<26}" + "".join(f"{v:>18{f}}" for v, f in zip(row, formats, strict=True)))


if __name__ == "__main__":
    main()
