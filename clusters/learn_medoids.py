"""k-medoids on a matrix of distances: BUILD, then swaps as in FasterPAM."""

from dataclasses import dataclass

import numpy as np

from .learn_sphere import Floats, Ints

#: A swap must gain this share of the loss: less is rounding.
_GAIN = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Medoids:
    """Central points of clusters.

    Attributes
    ----------
    chosen : array of int
        The medoids.
    labels : array of int
        For each point, the place in `chosen` of its nearest medoid.
    loss
        The sum of the distances of all points to their medoids.
    rounds
        How many passes over the points there were.
    """

    chosen: Ints
    labels: Ints
    loss: float
    rounds: int


@dataclass(slots=True)
class _State:
    """The nearest and second nearest medoid of each point."""

    chosen: Ints
    nearest: Ints
    first: Floats
    second: Floats


def build(distances: Floats, count: int) -> Ints:
    """Return `count` medoids, each the one that lowers the loss most (BUILD of PAM).

    Parameters
    ----------
    distances : array of shape (n, n)
        Symmetric.
    count
        From 1 to n.

    References
    ----------
    Kaufman, L., & Rousseeuw, P. J. (1990). Finding groups in data, chapter 2. Wiley.

    Examples
    --------
    >>> x = np.array([0.0, 1.0, 2.0, 10.0, 11.0])
    >>> build(np.abs(x[:, None] - x), 2).tolist()
    [2, 3]
    """
    chosen = [int(distances.sum(axis=0).argmin())]
    nearest = distances[chosen[0]].copy()
    while len(chosen) < count:
        gain = np.array([np.maximum(nearest - row, 0).sum() for row in distances])
        gain[chosen] = -1
        chosen.append(int(gain.argmax()))
        np.minimum(nearest, distances[chosen[-1]], out=nearest)
    return np.array(chosen, np.intp)


def improve(distances: Floats, chosen: Ints, max_rounds: int) -> Medoids:
    """Swap medoids for better points until no swap of one lowers the loss.

    Parameters
    ----------
    distances : array of shape (n, n)
        Symmetric.
    chosen : array of int
        The medoids to begin with.
    max_rounds
        The most passes over all points.

    References
    ----------
    Schubert, E., & Rousseeuw, P. J. (2021). Fast and eager k-medoids clustering: O(k) runtime
    improvement of the PAM, CLARA, and CLARANS algorithms. Information Systems 101, 101804.

    Examples
    --------
    >>> x = np.array([0.0, 1.0, 2.0, 10.0, 11.0, 12.0])
    >>> found = improve(np.abs(x[:, None] - x), np.array([0, 1]), 100)
    >>> sorted(found.chosen.tolist()), found.loss
    ([1, 4], 4.0)
    """
    state = _state(distances, chosen.copy())
    rounds, last, point = 0, -1, -1
    n = len(distances)
    while rounds < max_rounds:
        point = (point + 1) % n
        if point == last:
            break
        rounds += point == 0
        slot, gain = _best_swap(distances[point], state)
        if gain > _GAIN * max(state.first.sum(), _GAIN) and point not in state.chosen:
            state.chosen[slot] = point
            state, last = _state(distances, state.chosen), point
        elif last < 0 and point == n - 1:
            break
    return Medoids(state.chosen, state.nearest, float(state.first.sum()), max(rounds, 1))


def _state(distances: Floats, chosen: Ints) -> _State:
    """Find the two nearest medoids of every point."""
    to = distances[chosen]
    nearest = to.argmin(axis=0)
    first = to[nearest, np.arange(to.shape[1])]
    if len(chosen) == 1:
        return _State(chosen, nearest, first, np.full(to.shape[1], np.inf))
    rest = to.copy()
    rest[nearest, np.arange(to.shape[1])] = np.inf
    return _State(chosen, nearest, first, rest.min(axis=0))


def _best_swap(to: Floats, state: _State) -> tuple[int, float]:
    """Return which medoid a point should replace, and by how much that lowers the loss.

    A point that is nearer to the candidate than to its medoid goes there whichever is removed;
    another goes there, or to its second medoid, only if its own is the one removed.
    """
    if len(state.chosen) == 1:
        return 0, float((state.first - to).sum())
    nearer = to < state.first
    shared = (state.first - to)[nearer].sum()
    lost = np.where(nearer, 0.0, state.first - np.minimum(to, state.second))
    gains = np.bincount(state.nearest, weights=lost, minlength=len(state.chosen))
    slot = int(gains.argmax())
    return slot, float(gains[slot] + shared)
