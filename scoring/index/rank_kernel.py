"""Ranks in very many scenarios at once: how often every city holds every rank."""

from collections.abc import Sequence

import numpy as np

from ...data.errors import TierscapeError
from ..tasks import Arrays
from ..tiers import BoolArray, FloatArray, IntArray
from .rank_counts import CHUNK, RankCounts, empty_tally, parts_of
from .settle import TIE

#: Totals made by one product of matrices. Small ones would wait for each other on a busy machine.
PRODUCT = 1_500_000


def rank_scenarios(
    scores: FloatArray,
    weights: FloatArray,
    thresholds: Sequence[float] = (),
) -> RankCounts:
    """Rank cities by weighted sums in every scenario of weights.

    Parameters
    ----------
    scores
        Cities × indicators.
    weights
        Scenarios × indicators, none negative.
    thresholds
        Totals to count: the scenarios in which a city reaches each.

    Returns
    -------
    RankCounts
        Counts of ranks and thresholds. Ties are totals within 1e-9 of the largest.

    Raises
    ------
    TierscapeError
        If there is no city or no scenario, a score is missing, or a weight is missing or negative.

    Examples
    --------
    >>> scores = np.array([[3.0, 0.0], [0.0, 2.0], [3.0, 0.0]])
    >>> found = rank_scenarios(scores, np.array([[0.5, 0.5], [0.1, 0.9]]))
    >>> found.best.tolist()
    [[1, 1, 0], [1, 0, 1], [1, 1, 0]]
    >>> found.quantile(0.5), found.mean()
    (array([1, 1, 1]), array([2., 2., 2.]))
    """
    if not np.isfinite(scores).all():
        raise TierscapeError("a score is missing: fill the ratings before the weights vary.")
    if not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise TierscapeError("a weight is missing or negative.")
    tally = empty_tally(len(weights), len(scores), len(thresholds))
    across = np.ascontiguousarray(scores.T)
    for part in parts_of(weights, PRODUCT, len(scores)):
        tally.add(sort_totals(part @ across, thresholds))
    return tally.counts()


def count_ranks(totals: FloatArray, thresholds: Sequence[float] = ()) -> RankCounts:
    """Rank cities in scenarios whose totals are known.

    Parameters
    ----------
    totals
        Scenarios × cities; the highest total ranks first.
    thresholds
        Totals to count.

    Returns
    -------
    RankCounts
        As in `rank_scenarios`.

    Raises
    ------
    TierscapeError
        If there is no city or no scenario, or a total is missing.

    Examples
    --------
    >>> found = count_ranks(np.array([[5.0, 7.0, 5.0]]), thresholds=[6.0])
    >>> found.best.tolist(), found.worst.tolist(), found.above.tolist()
    ([[0, 1, 0], [1, 0, 0], [0, 1, 0]], [[0, 0, 1], [1, 0, 0], [0, 0, 1]], [[0], [1], [0]])
    """
    scenarios, cities = totals.shape
    tally = empty_tally(scenarios, cities, len(thresholds))
    tally.add(sort_totals(totals, thresholds))
    return tally.counts()


def sort_totals(totals: FloatArray, thresholds: Sequence[float] = ()) -> Arrays:
    """Return the order of the cities in every scenario, small enough to be sent.

    Parameters
    ----------
    totals, thresholds
        As in `count_ranks`.

    Returns
    -------
    dict
        `order`, scenarios × cities, the numbers of the cities, best first, those that tie in any
        order; `tied`, whether each has the total of the next; `above`, cities × thresholds, in
        how many scenarios a city reaches each.

    Raises
    ------
    TierscapeError
        If a total is missing.

    Examples
    --------
    >>> found = sort_totals(np.array([[5.0, 7.0, 5.0]]))
    >>> found["order"].tolist(), found["tied"].tolist()
    ([[1, 2, 0]], [[False, True]])
    """
    if not np.isfinite(totals).all():
        raise TierscapeError("a total is missing: every city needs one in every scenario.")
    cities = totals.shape[1]
    order = np.empty(totals.shape, dtype=np.min_scalar_type(max(cities - 1, 0)))
    tied = np.empty((len(totals), max(cities - 1, 0)), dtype=np.bool_)
    above = np.zeros((cities, len(thresholds)), dtype=np.int64)
    tables = (parts_of(table, CHUNK, cities) for table in (totals, order, tied))
    for part, places, ties in zip(*tables, strict=True):
        for column, threshold in enumerate(thresholds):
            above[:, column] += (part + TIE * np.abs(part) >= threshold).sum(axis=0)
        places[:], ties[:] = _sorted_cities(part)
    return {"order": order, "tied": tied, "above": above}


def _sorted_cities(totals: FloatArray) -> tuple[IntArray, BoolArray]:
    """Return the cities of every scenario, best first, and whether each ties with the next.

    The number of a city takes the place of the last bits of its total, 300 cities those worth
    1e-13 of it, so that one plain sort orders totals and cities together: it is several times
    faster than sorting indices.
    """
    cities = totals.shape[1]
    scale = np.abs(totals).max(axis=1, initial=0.0)
    # Zeros tie too, although their keys differ in the city's number.
    tolerance = np.maximum(TIE * scale, np.finfo(np.float64).tiny)
    low = np.int64((1 << max(cities - 1, 1).bit_length()) - 1)
    falling = np.negative(totals)
    keys = falling.view(np.int64)
    keys &= ~low
    keys |= np.arange(cities)
    falling.sort(axis=1)
    tied = np.diff(falling, axis=1) <= tolerance[:, np.newaxis]
    keys &= low
    return keys, tied
