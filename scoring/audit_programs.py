"""Linear programs on printed means: which weights, and which scores, they leave possible."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: The least and the most that a number can be.
Interval = tuple[float, float]


def weight_ranges(whole: Interval, parts: Sequence[Interval]) -> list[Interval]:
    """Return the range of each weight with which a mean can come from the means of its parts.

    The weights w are not negative and sum to 1. Neither the parts x nor the whole are known
    exactly, but since w ≥ 0 there are x within the intervals with Σ w x in the whole's if and
    only if Σ w low ≤ whole.high and Σ w high ≥ whole.low (Oettli and Prager 1964). That is
    linear in w.

    Parameters
    ----------
    whole, parts
        What rounding leaves of the printed means.

    Returns
    -------
    list of Interval
        As shares of 1, the others free; empty if no weights will do.

    References
    ----------
    Oettli, W., Prager, W. (1964). Compatibility of approximate solution of linear equations with
    given error bounds for coefficients and right-hand sides. Numerische Mathematik 6, 405-409.

    Examples
    --------
    >>> ranges = weight_ranges((0.725, 0.735), [(0.795, 0.805), (0.625, 0.635)])
    >>> [(round(low, 4), round(high, 4)) for low, high in ranges]
    [(0.5294, 0.6471), (0.3529, 0.4706)]
    >>> weight_ranges((0.9, 1.0), [(0.1, 0.2), (0.3, 0.4)])
    []
    """
    least, greatest = _meeting(whole, parts)
    found = [_extremes(row, least, greatest) for row in np.eye(len(parts))]
    return [each for each in found if each is not None]


def nearest_weights(
    whole: Interval, parts: Sequence[Interval], weights: Sequence[float]
) -> list[float]:
    """Return weights with which a mean can come from its parts, moving the least from given ones.

    Parameters
    ----------
    whole, parts
        What rounding leaves of the printed means.
    weights
        The given weights, summing to 1.

    Returns
    -------
    list of float
        Of least Σ |w − given| / 2, the share that changes hands; empty if no weights will do.

    Examples
    --------
    >>> parts = [(0.795, 0.805), (0.625, 0.635)]
    >>> [round(weight, 4) for weight in nearest_weights((0.725, 0.735), parts, [0.5, 0.5])]
    [0.5294, 0.4706]
    """
    n = len(parts)
    given = np.asarray(weights, dtype=float)
    least, greatest = _meeting(whole, parts)
    # Variables: the weights, then how far each is from the given one.
    result = _solve(
        np.repeat([0.0, 0.5], n),
        A_ub=np.block([[least, np.zeros((2, n))], [np.eye(n), -np.eye(n)], [-np.eye(n)] * 2]),
        b_ub=np.concatenate([greatest, given, -given]),
        A_eq=np.repeat([1.0, 0.0], n)[np.newaxis],
        b_eq=[1.0],
    )
    return [max(0.0, float(weight)) for weight in result.x[:n]] if result.success else []


def weighted_range(
    parts: Sequence[Interval], weights: Sequence[float], slack: float = 0.0
) -> Interval:
    """Return the range of a weighted mean whose weights are rounded too.

    Parameters
    ----------
    parts
        What rounding leaves of the means of the parts.
    weights
        As printed, summing to 1.
    slack
        How far a weight may be from what is printed; the true ones sum to 1 as well.

    References
    ----------
    Dantzig, G. B. (1957). Discrete-variable extremum problems. Operations Research 5, 266-277.

    Examples
    --------
    >>> low, high = weighted_range([(0.795, 0.805), (0.625, 0.635)], [0.6, 0.4], 0.005)
    >>> round(low, 5), round(high, 5)
    (0.72615, 0.73785)
    """
    low, high = np.asarray(parts, dtype=float).T
    given = np.asarray(weights, dtype=float)
    least, greatest = np.maximum(given - slack, 0.0), given + slack
    return _least_sum(low, least, greatest), -_least_sum(-high, least, greatest)


def _least_sum(
    values: NDArray[np.float64], least: NDArray[np.float64], greatest: NDArray[np.float64]
) -> float:
    """Return the least Σ w v: what is left of 1 goes to the smallest values (Dantzig 1957)."""
    order = np.argsort(values)
    room = (greatest - least)[order]
    left = 1.0 - least.sum() - (np.cumsum(room) - room)
    return float(least @ values + np.clip(left, 0.0, room) @ values[order])


def mean_ranges(
    scores: Sequence[Interval], groups: NDArray[np.bool_], printed: Sequence[Interval]
) -> list[Interval | None]:
    """Return, for each group, the range of its mean that all but its own printed mean leave.

    Parameters
    ----------
    scores
        What is known of each city's score, such as the thresholds of its tier.
    groups
        One row per group, one column per city; none is empty.
    printed
        What rounding leaves of the printed mean of each group.

    Returns
    -------
    list of Interval or None
        None where the other groups' means contradict each other.

    Examples
    --------
    Two of three cities have a mean of 0.5, all have 0.4: the third has 0.2.

    >>> groups = np.array([[True, True, False], [True, True, True], [False, False, True]])
    >>> ranges = mean_ranges([(0, 1)] * 3, groups, [(0.5, 0.5), (0.4, 0.4), (0.3, 0.3)])
    >>> round(ranges[2][0], 6), round(ranges[2][1], 6)
    (0.2, 0.2)
    """
    share = groups / groups.sum(axis=1, keepdims=True)
    low, high = np.asarray(printed, dtype=float).T
    found = []
    for row in range(len(share)):
        others = np.delete(np.arange(len(share)), row)
        least = np.vstack([share[others], -share[others]])
        greatest = np.concatenate([high[others], -low[others]])
        found.append(_extremes(share[row], least, greatest, bounds=list(scores), simplex=False))
    return found


def _solve(costs: NDArray[np.float64], **program: object) -> Any:  # noqa: ANN401 - scipy's result
    """Return the x that costs least, by the simplex method, so that it is a corner."""
    from scipy.optimize import linprog  # noqa: PLC0415 - slow to import

    return linprog(costs, method="highs-ds", **program)


def _meeting(
    whole: Interval, parts: Sequence[Interval]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the two inequalities A w ≤ b by which a weighted mean of parts meets the whole."""
    low, high = np.asarray(parts, dtype=float).T
    return np.vstack([low, -high]), np.array([whole[1], -whole[0]])


def _extremes(
    row: NDArray[np.float64],
    least: NDArray[np.float64],
    greatest: NDArray[np.float64],
    *,
    bounds: list[Interval] | None = None,
    simplex: bool = True,
) -> Interval | None:
    """Return the least and the greatest row · x with A x ≤ b; None if no x will do."""
    equal = {"A_eq": np.ones((1, len(row))), "b_eq": [1.0]} if simplex else {}
    limits = {"A_ub": least, "b_ub": greatest, "bounds": bounds or (0, None), **equal}
    results = [_solve(sign * row, **limits) for sign in (1.0, -1.0)]
    if not all(result.success for result in results):
        return None
    return float(results[0].fun), -float(results[1].fun)
