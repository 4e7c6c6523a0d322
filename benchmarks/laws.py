"""Exact laws and their approximation: time, and how far apart they are.

Pairs of random groups are compared in the tier sizes of the published tables. The distance is
taken wherever the package would allow the approximation, however cheap the exact law is.
"""

import time
from collections.abc import Iterator
from itertools import product

import numpy as np
from harness import Row, Side, main

from tierscape.scoring.bounds import difference_weights, rank_sum_bounds
from tierscape.scoring.compare import COST_OF_MANY, may_approximate
from tierscape.scoring.laws import edgeworth_below, law_cost, rank_sum_law, rank_sum_moments

TOPIC = "Exact laws of mean percentiles"
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


def pairs(
    sizes: tuple[int, ...], groups: tuple[int, ...], rng: np.random.Generator
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return tier and weights of pairs that the bounds leave open."""
    tier = np.repeat(np.arange(1, len(sizes) + 1), sizes)
    found = []
    for n_a, n_b, shared in product(groups, groups, (0, 1)):
        order = rng.permutation(len(tier))
        in_a, in_b = np.zeros(len(tier), dtype=bool), np.zeros(len(tier), dtype=bool)
        in_a[order[:n_a]] = True
        in_b[order[n_a - shared : n_a - shared + n_b]] = True
        weight, _ = difference_weights(in_a, in_b)
        low, high = rank_sum_bounds(tier, weight)
        if low <= 0 <= high:
            found.append((tier, weight))
    return found


def table_row(name: str, cases: list[tuple[np.ndarray, np.ndarray]]) -> Row:
    """Take the time of the exact law of each pair, and the distance of the approximation."""
    times, gaps, taken = [], [0.0], 0
    for tier, weight in cases:
        start = time.perf_counter()
        exact = rank_sum_law(tier, weight).below(0)
        times.append(time.perf_counter() - start)
        if may_approximate(rank_sum_moments(tier, weight)):
            gaps.append(abs(edgeworth_below(tier, weight, 0) - exact))
            taken += law_cost(tier, weight) > COST_OF_MANY
    right = (
        f"exact; the Edgeworth approximation would be allowed for {len(gaps) - 1} pairs, is at most"
        f" {max(gaps):.6f} away, and is taken for {taken}"
    )
    return Row(TOPIC, f"{name}, a pair of groups", Side("tierscape", tuple(times), right=right))


def rows(quick: bool) -> Iterator[Row]:  # noqa: FBT001 - what every script takes
    """Yield one row for each table."""
    rng = np.random.default_rng(SEED)
    groups = GROUPS[::2] if quick else GROUPS
    for name, sizes in SIZES.items():
        yield table_row(name, pairs(sizes, groups, rng))


if __name__ == "__main__":
    main(rows)
