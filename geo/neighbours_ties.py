"""The k nearest points on a sphere, with ties settled by a given order."""

import numpy as np
from scipy.spatial import cKDTree

from .neighbours_sites import ROUNDING, Ints
from .points import Floats


def nearest_columns(xyz: Floats, rank: Ints, k: int) -> Ints:
    """Return the k nearest other points of every point, nearest first, shape (n, k).

    Parameters
    ----------
    xyz : array of shape (n, 3)
        Unit vectors; chords keep the order of great circles.
    rank : array of shape (n,)
        Points at the same distance stand in this order.
    k
        From 1 to n − 1.

    Examples
    --------
    >>> square = np.array([[0.6, 0.8, 0], [0.6, -0.8, 0], [0.6, 0, 0.8], [0.6, 0, -0.8]])
    >>> nearest_columns(square, np.array([3, 2, 1, 0]), 1).ravel().tolist()
    [3, 3, 1, 1]
    """
    n = len(xyz)
    tree = cKDTree(xyz)
    # Points that follow each other in the tree are near each other, so its nodes stay in cache.
    todo, reach = np.asarray(tree.indices, np.intp), k + 2
    found = np.empty((n, k), np.intp)
    while len(todo):
        reach = min(reach, n)
        chord, column = tree.query(xyz[todo], k=reach, workers=-1)
        chord[column == todo[:, None]] = -1.0  # The point itself comes first and is cut off.
        settled, order = _in_order(chord, rank[column])
        best = np.take_along_axis(column, order, axis=1)[:, 1 : k + 1]
        # A row is known if what was not looked at is further off than its k-th neighbour.
        known = (settled[:, -1] > settled[:, k]) | (reach == n)
        found[todo[known]] = best[known]
        todo, reach = todo[~known], 2 * reach
    return found


def _in_order(chord: Floats, rank: Ints) -> tuple[Ints, Ints]:
    """Return steps of distance, equal for ties, and the order by distance and rank."""
    if (chord[:, 1:] < chord[:, :-1]).any():
        first = np.argsort(chord, axis=1, kind="stable")
        chord = np.take_along_axis(chord, first, axis=1)
        rank = np.take_along_axis(rank, first, axis=1)
    else:
        first = None
    apart = np.diff(chord, axis=1) > ROUNDING
    step = np.concatenate([np.zeros((len(chord), 1), np.intp), np.cumsum(apart, axis=1)], axis=1)
    tied = ~apart.all(axis=1)
    order = np.tile(np.arange(chord.shape[1]), (len(chord), 1))
    if tied.any():
        order[tied] = np.lexsort((rank[tied], step[tied]), axis=1)
    if first is not None:
        order = np.take_along_axis(first, order, axis=1)
    return step, order
