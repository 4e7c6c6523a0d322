"""Ranks in many weight scenarios, against a plain NumPy loop over the same scenarios.

Run from the repository's root: `python benchmarks/weights.py [SCENARIOS] [CITIES] [INDICATORS]`
(100,000 × 300 × 52 by default). The two take turns, each pair in the other order, so that what
else the machine does falls on both. The scores are points of ladders from 0 to 4, which tie now
and then, or real numbers, which do not. The counts of ranks must be the same.
"""

import resource
import sys
import time
from collections.abc import Callable

import numpy as np

from tierscape.data.score_records import Tiering
from tierscape.scoring.index.rank_kernel import rank_scenarios
from tierscape.scoring.index.settle import TIE
from tierscape.scoring.index.uncertainty_tiers import tier_probabilities

PAIRS = 3
RULE = Tiering("share", (10.0, 30.0, 60.0, 100.0), "promote")
Floats = np.ndarray
Outcome = tuple[np.ndarray, np.ndarray, np.ndarray]


def plain(scores: Floats, weights: Floats) -> Outcome:
    """Rank scenario by scenario; return counts of best ranks, the 90 % interval, tier odds."""
    cities = len(scores)
    rows = np.arange(cities)
    counts = np.zeros((cities, cities), dtype=np.int64)
    tiers = np.zeros((cities, len(RULE.shares)), dtype=np.int64)
    cuts = np.floor(np.array(RULE.shares) / 100 * cities + 1e-9)
    for weight in weights:
        totals = scores @ weight
        order = np.argsort(-totals, kind="stable")
        falls = -np.diff(totals[order], prepend=np.inf) > TIE * np.abs(totals).max()
        rank = np.empty(cities, dtype=np.int64)
        rank[order] = np.maximum.accumulate(np.where(falls, rows, 0))
        counts[rows, rank] += 1
        tiers[rows, np.searchsorted(cuts, rank, side="right")] += 1
    shares = np.cumsum(counts, axis=1) / len(weights)
    interval = np.stack([(shares >= p - 1e-12).argmax(axis=1) + 1 for p in (0.05, 0.95)])
    return counts, interval, tiers / len(weights)


def kernel(scores: Floats, weights: Floats) -> Outcome:
    """Give the same by the package."""
    counts = rank_scenarios(scores, weights)
    interval = np.stack([counts.quantile(0.05), counts.quantile(0.95)])
    return counts.best, interval, tier_probabilities(counts, RULE)


def timed(run: Callable[[Floats, Floats], Outcome], *data: Floats) -> tuple[Outcome, float]:
    """Return what a run gives and its seconds."""
    begin = time.perf_counter()
    return run(*data), time.perf_counter() - begin


def main() -> None:
    """Print the seconds of every pair, their ratio, and whether the counts agree."""
    given = [int(word) for word in sys.argv[1:]]
    scenarios, cities, indicators = given + [100_000, 300, 52][len(given) :]
    rng = np.random.default_rng(2026)
    weights = rng.dirichlet(np.full(indicators, 5.0), scenarios)
    cases = {
        "real numbers": rng.random((cities, indicators)),
        "ladder points": rng.integers(0, 5, (cities, indicators)).astype(float),
    }
    print(f"{scenarios:,} scenarios × {cities:,} cities × {indicators} indicators")
    for name, scores in cases.items():
        kernel(scores, weights[:100])
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for pair in range(PAIRS):
            order = (kernel, plain) if pair % 2 else (plain, kernel)
            found = {run: timed(run, scores, weights) for run in order}
            (ours, fast), (theirs, slow) = found[kernel], found[plain]
            same = all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True))
            print(
                f"{name}: plain {slow:.2f} s, kernel {fast:.2f} s, ratio {slow / fast:.1f}, "
                f"counts {'identical' if same else 'DIFFER'}"
            )
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{name}: peak {most / 1024:.0f} MB, of which data {held / 1024:.0f} MB")


if __name__ == "__main__":
    main()
