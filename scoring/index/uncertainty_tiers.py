"""How likely every tier is for every city, under the index's own rule."""

from dataclasses import replace

import numpy as np
import pandas as pd

from ...data.score_records import Tiering
from ..tiers import FloatArray
from .rank_counts import RankCounts
from .settle import TIE
from .tiering import cuts_of, tiers_of


def tier_probabilities(counts: RankCounts, tiering: Tiering) -> FloatArray:
    """Return how often every city is in every tier.

    A share parts the cities after the m-th. Promoting ties, a city is above the cut if the better
    rank of its tie is at most m; cutting short, if the worse one is. So the counts of both ranks
    say all that the rule asks, without looking at the scenarios again.

    Parameters
    ----------
    counts
        Counts of ranks; counted with the rule's thresholds if it has any.
    tiering
        A rule by share or by threshold; natural breaks are settled first (`settled_rule`).

    Returns
    -------
    numpy.ndarray
        Cities × tiers, best first; rows sum to 1.

    Examples
    --------
    >>> from .rank_kernel import count_ranks
    >>> counts = count_ranks(np.array([[9.0, 8, 8, 7, 6], [9, 8, 7, 6, 5]]))
    >>> tier_probabilities(counts, Tiering("share", (40, 100), "promote"))[:, 0]
    array([1. , 1. , 0.5, 0. , 0. ])
    >>> tier_probabilities(counts, Tiering("share", (40, 100), "cut-short"))[:, 0]
    array([1. , 0.5, 0. , 0. , 0. ])
    """
    if tiering.method == "share":
        ranks = counts.best if tiering.ties == "promote" else counts.worst
        cities = len(ranks)
        places = [int(np.floor(cities * cut / 100 + TIE)) for cut in cuts_of(tiering)]
        sums = [ranks[:, :place].sum(axis=1, dtype=np.int64) for place in places]
        within = np.stack(sums, axis=1)
    else:
        within = counts.above
    edges = np.pad(within, ((0, 0), (1, 1)))
    edges[:, -1] = counts.scenarios
    return np.asarray(np.diff(edges, axis=1) / counts.scenarios, dtype=np.float64)


def settled_rule(tiering: Tiering, total: pd.Series) -> Tiering:
    """Return the rule that scenarios are judged by.

    Natural breaks of every scenario would answer another question: the tiers would move with the
    cities. The breaks of the totals that the index gives are kept as thresholds instead.

    Examples
    --------
    >>> total = pd.Series([9.0, 8.5, 2.0, 1.0], index=list("abcd"))
    >>> settled_rule(Tiering("natural-breaks", count=2), total).thresholds
    (8.5,)
    """
    if tiering.method != "natural-breaks":
        return tiering
    least = tiers_of(total, tiering).groupby("tier")["total"].min()
    thresholds = tuple(float(least[tier]) for tier in range(1, tiering.count))
    return replace(tiering, method="threshold", thresholds=thresholds)
