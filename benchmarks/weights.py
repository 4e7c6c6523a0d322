"""Ranks in many weight scenarios, against a plain NumPy loop over the same scenarios.

The two take turns, each pair in the other order, so that what else the machine does falls on
both. The scores are points of ladders from 0 to 4, which tie now and then, or real numbers, which
do not. The counts of ranks must be the same.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from harness import Row, Side, alternate, clocked, main

from tierscape.data.score_records import Tiering
from tierscape.scoring.index.rank_kernel import rank_scenarios
from tierscape.scoring.index.settle import TIE
from tierscape.scoring.index.uncertainty_tiers import tier_probabilities

TOPIC = "Ranks under uncertain weights"
CITIES, INDICATORS = 300, 52
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


def rows(quick: bool) -> Iterator[Row]:  # noqa: FBT001 - what every script takes
    """Yield a row for each kind of scores."""
    scenarios, pairs = (10_000, 2) if quick else (100_000, 3)
    rng = np.random.default_rng(2026)
    weights = rng.dirichlet(np.full(INDICATORS, 5.0), scenarios)
    cases = {
        "real numbers": rng.random((CITIES, INDICATORS)),
        "ladder points, with ties": rng.integers(0, 5, (CITIES, INDICATORS)).astype(float),
    }
    for name, scores in cases.items():
        kernel(scores, weights[:100])
        work: list[Callable[[], Outcome]] = [
            partial(each, scores, weights) for each in (kernel, plain)
        ]
        ours, theirs = alternate(*map(clocked, work), pairs)
        gave = (ours[0].gave, theirs[0].gave)
        differ = sum(int((a != b).sum()) for a, b in zip(*gave, strict=True))
        cells = sum(part.size for part in gave[0])
        yield Row(
            TOPIC,
            f"{scenarios:,} scenarios × {CITIES} cities × {INDICATORS} indicators, {name}",
            Side.of("tierscape", ours, f"{differ} of {cells:,} counts, bounds and odds differ"),
            Side.of("NumPy loop over scenarios", theirs, "the reference"),
        )


if __name__ == "__main__":
    main(rows)
