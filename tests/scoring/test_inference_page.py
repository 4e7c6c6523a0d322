"""The worked numbers of docs/inference.md from reference sets on, computed anew."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from tierscape.scoring.adjust import bh, by, holm
from tierscape.scoring.inequality import decompose
from tierscape.scoring.ordinal import fit_proportional_odds, proportionality_test
from tierscape.scoring.rank_sets import rank_confidence_sets
from tierscape.scoring.rank_variance import between_share
from tierscape.scoring.spread import mean_gap, tier_variation
from tierscape.scoring.tiers import TierTable

PAGE = Path(__file__).parents[2] / "docs" / "inference.md"
SIZES, A, B = (30, 60, 90, 120), (10, 15, 20, 25), (8, 20, 40, 50)


@pytest.fixture(scope="module")
def page() -> str:
    return " ".join(PAGE.read_text(encoding="utf-8").split())


def test_adjusted_p_values(page: str) -> None:
    p = np.array([0.01, 0.02, 0.03, 0.04])
    assert f"Holm makes {', '.join(f'{value:.2f}' for value in holm(p))}" in page
    assert set(bh(p).round(10)) == {0.04}
    assert set(by(p).round(4)) == {0.0833}
    assert "BH 0.04 four times, BY 0.0833 four times" in page


def test_proportional_odds(page: str) -> None:
    tier = np.concatenate([np.repeat([1, 2, 3, 4], A), np.repeat([1, 2, 3, 4], B)])
    x = pd.DataFrame({"a": np.repeat([1.0, 0.0], [sum(A), sum(B)])})
    fit = fit_proportional_odds(tier, x)
    beta, error = fit.estimate[0], fit.std_error[0]
    level = f"log-likelihood −{-fit.log_likelihood:.7f}"
    assert f"β = {beta:.7f}, standard error {error:.7f}, {level}" in page
    low, high = np.exp(beta + ndtri([0.025, 0.975]) * error)
    assert f"odds ratio {np.exp(beta):.3f} ({low:.3f} to {high:.3f})" in page
    test = proportionality_test(tier, x, ["a"])
    assert f"{test.statistic:.4f} on 2 degrees of freedom, p = {test.p_value:.4f}" in page


def test_rank_sets(page: str) -> None:
    found = rank_confidence_sets([9, 1, 1.5, 0], [0.5, 0.5, 0.5, 0.1])
    ends = zip(found.lower, found.upper, strict=True)
    told = [f"{low}" if low == high else f"{low}–{high}" for low, high in ends]
    assert f"marginal sets {', '.join(told[:3])} and {told[3]}" in page


def test_inequality_of_scores(page: str) -> None:
    scores, groups = pd.Series([1.0, 3.0, 2.0, 6.0]), pd.Series(list("xxyy"))
    parts = []
    for letter, measure in (("T", "theil-t"), ("L", "theil-l"), ("G", "gini")):
        found = decompose(scores, groups, measure)
        overlap = f" + {found.overlap:.4f}" if measure == "gini" else ""
        parts.append(f"{letter} = {found.within:.4f} + {found.between:.4f}{overlap}")
    assert f"For (1, 3) and (2, 6): {', '.join(parts)}." in page


def test_inequality_of_tiers(page: str) -> None:
    tier = np.repeat([1, 2, 3, 4], SIZES)
    counts = np.array([A, B, np.subtract(SIZES, np.add(A, B))])
    group = np.concatenate([np.repeat(list("abc"), column) for column in counts.T])
    ids = pd.Index([str(city) for city in range(len(tier))])
    found = between_share(TierTable(ids, tier), pd.Series(group, index=ids))
    bounds = f"between {found.share_lower:.4f} and {found.share_upper:.4f}"
    assert f"{found.share:.4f}, {bounds}" in page
    first, second = (tier_variation(np.array(each)) for each in (A, B))
    assert f"A: {first:.4f}, B: {second:.4f}" in page
    gap = mean_gap(tier, np.array(A))
    told = f"{gap.expected:.4f} percentile points, between {gap.lower:.4f} and {gap.upper:.4f}"
    assert told in page
