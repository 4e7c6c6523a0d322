"""Copeland's rule: cities compared pair by pair, indicator by indicator."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ..tiers import FloatArray

#: Weights of opposite judgements this near each other are the same.
EVEN = 1e-12
#: Pairs of cities compared at a time: few enough to stay in the cache of a processor.
PAIRS = 50_000

NarrowArray = npt.NDArray[np.float32]
SignArray = npt.NDArray[np.int8]


def copeland(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return Copeland's score of each row: the rows it beats less the rows that beat it.

    A row beats another if the weights of the columns in which it is better exceed those in which
    it is worse; columns that either lacks do not count. A good score never pays for a bad one by
    its size.

    References
    ----------
    Copeland, A. H. (1951). A reasonable social welfare function. University of Michigan.
    Munda, G., Nardo, M. (2009). Noncompensatory/nonlinear composite indicators for ranking
    countries. Applied Economics 41, 1513-1523.

    Examples
    --------
    >>> copeland(np.array([[3.0, 9.0], [2.0, 1.0], [1.0, 2.0]]), np.array([0.6, 0.4]))
    array([ 2.,  0., -2.])
    """
    leaves = [str(column) for column in range(values.shape[1])]
    table = dict(zip(leaves, values.T, strict=True))
    shares = dict(zip(leaves, (weights / weights.sum()).tolist(), strict=True))
    return copeland_scores(table, {"all": leaves}, shares)["all"]


def copeland_scores(
    values: Mapping[str, FloatArray],
    children: Mapping[str, Sequence[str]],
    shares: Mapping[str, float],
) -> dict[str, FloatArray]:
    """Return Copeland's score in every group of a tree, each over all leaves below it.

    The margin of one city over another in a group is the weighted sum of those in its children,
    so that every pair is compared only once in every leaf.

    Parameters
    ----------
    values
        By leaf, the cities' scores.
    children
        By group, its children; parents first.
    shares
        The weight of every node among its siblings, summing to 1 there.

    Examples
    --------
    >>> values = {"a": np.array([1.0, 2.0]), "b": np.array([3.0, 1.0]), "c": np.array([2.0, 5.0])}
    >>> children = {"total": ("g", "c"), "g": ("a", "b")}
    >>> shares = {"g": 0.5, "c": 0.5, "a": 0.4, "b": 0.6}
    >>> copeland_scores(values, children, shares)
    {'total': array([-1.,  1.]), 'g': array([ 1., -1.])}
    """
    bottom_up = list(children)[::-1]
    ranks = {leaf: _dense_ranks(column) for leaf, column in values.items()}
    n = len(next(iter(ranks.values())))
    scores = {group: np.zeros(n) for group in children}
    known = {leaf: ~np.isnan(column) for leaf, column in values.items()}
    for group in bottom_up:
        inside = [known[child] for child in children[group] if shares[child] > 0]
        known[group] = np.any(inside, axis=0) if inside else np.zeros(n, dtype=np.bool_)
    for rows in _chunks(n):
        margins: dict[str, FloatArray] = {}
        for group in bottom_up:
            margin = np.zeros((rows.stop - rows.start, n))
            for child in children[group]:
                if shares[child] > 0:
                    inner = margins.pop(child) if child in margins else _signs(ranks[child], rows)
                    margin += shares[child] * inner
            scores[group][rows] = (margin > EVEN).sum(axis=1) - (margin < -EVEN).sum(axis=1)
            margins[group] = margin
    return {group: np.where(known[group], scores[group], np.nan) for group in children}


def _dense_ranks(column: FloatArray) -> NarrowArray:
    """Return places in the order of the values, narrow numbers that compare fast; NaN stays."""
    ranks = np.unique(column, return_inverse=True)[1].astype(np.float32)
    ranks[np.isnan(column)] = np.nan
    return ranks


def _signs(ranks: NarrowArray, rows: slice) -> SignArray:
    """Return 1 where a row beats a city, −1 where it loses, 0 where they tie or one is unknown."""
    above = (ranks[rows, None] > ranks).view(np.int8)
    below = (ranks[rows, None] < ranks).view(np.int8)
    return np.asarray(above - below, dtype=np.int8)


def _chunks(n: int) -> Iterator[slice]:
    step = max(1, PAIRS // max(n, 1))
    edges = [*range(0, n, step), n]
    return (slice(low, high) for low, high in pairwise(edges))
