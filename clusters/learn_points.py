"""Points for the estimators: what they must be, their order, and the numbers of clusters."""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from ..data.errors import DataError, Problem, TierscapeError
from .learn_sphere import Floats, Ints

Bools = npt.NDArray[np.bool_]
#: The columns of position with their bounds, in degrees.
POSITION = (("lon", 180.0), ("lat", 90.0))
#: So many faults are told one by one; the others are counted.
_TOLD = 20


class PointsError(DataError, ValueError):
    """Points or parameters that an estimator cannot take; scikit-learn expects a ValueError."""


class SizeError(TierscapeError, ValueError):
    """More points than a method can take; says how many it can."""


def check_points(points: Floats) -> None:
    """Raise every fault of an array of points.

    Parameters
    ----------
    points : array of shape (n, 2 + k)
        Longitude (-180 to 180) and latitude (-90 to 90) in degrees, then k scores.

    Raises
    ------
    PointsError
        If a number is missing or infinite, or a coordinate out of range. Points are counted
        from 0.

    Examples
    --------
    >>> check_points(np.array([[190.0, 10.0]]))
    Traceback (most recent call last):
    ...
    tierscape.clusters.learn_points.PointsError: point 0, lon: '190.0': must be from -180 to 180
    degrees. Nearest valid: -170.0, the same meridian.
    """
    finite = np.isfinite(points)
    wrong = ~finite
    for column, (_, limit) in enumerate(POSITION):
        wrong[:, column] |= finite[:, column] & (np.abs(points[:, column]) > limit)
    rows, columns = np.nonzero(wrong)
    if not len(rows):
        return
    problems = [_fault(points, i, j) for i, j in zip(rows[:_TOLD], columns[:_TOLD], strict=True)]
    if len(rows) > _TOLD:
        more = f"{len(rows) - _TOLD:,} more values"
        problems.append(Problem("points", None, None, more, "have the same kinds of faults"))
    raise PointsError(problems)


def _fault(points: Floats, row: int, column: int) -> Problem:
    """Say what is wrong with one value."""
    value = points[row, column]
    name = POSITION[column][0] if column < 2 else f"column {column}"
    where = f"point {row}"
    if not np.isfinite(value):
        return Problem(where, None, name, str(value), "must be a finite number, not NaN or inf")
    limit = POSITION[column][1]
    if column == 0:
        remedy = f"Nearest valid: {(value + 180) % 360 - 180}, the same meridian."
    else:
        swapped = np.abs(points[row, 0]) <= limit
        remedy = f"Nearest valid: {np.clip(value, -limit, limit)}."
        remedy += " Longitude comes before latitude." if swapped else ""
    rule = f"must be from -{limit:g} to {limit:g} degrees"
    return Problem(where, None, name, str(value), rule, remedy)


def one_name_each(points: Floats) -> Floats:
    """Return the points with one longitude for each place: -180 for 180, and 0 at the poles.

    Examples
    --------
    >>> one_name_each(np.array([[180.0, 5.0], [33.0, -90.0]])).tolist()
    [[-180.0, 5.0], [0.0, -90.0]]
    """
    lon = np.where(points[:, 0] == 180.0, -180.0, points[:, 0])
    lon = np.where(np.abs(points[:, 1]) == 90.0, 0.0, lon)
    return np.column_stack([lon, points[:, 1:]]) + 0.0  # + 0.0 turns -0.0 into 0.0


def settled_order(points: Floats) -> Ints:
    """Return an order of the points that does not depend on the order they came in.

    By longitude, then latitude, then scores. Methods that break ties by position in the table
    see the points in this order, so that their clusters are the same for every table.
    """
    return np.asarray(np.lexsort(points.T[::-1]), np.intp)


def numbered(labels: Ints) -> Ints:
    """Return clusters numbered 0, 1, … in the order in which they first appear; noise stays -1.

    Parameters
    ----------
    labels : array of int
        Any number for each cluster; negative for noise.

    Examples
    --------
    >>> numbered(np.array([7, -1, 3, 7])).tolist()
    [0, -1, 1, 0]
    """
    inside = labels >= 0
    names, at, name = np.unique(labels[inside], return_index=True, return_inverse=True)
    new = np.empty(len(names), np.intp)
    new[np.argsort(at)] = np.arange(len(names))
    found = np.full(len(labels), -1, np.intp)
    found[inside] = new[name]
    return found


def whole(name: str, value: object, least: int) -> Iterator[Problem]:
    """Yield the fault of a parameter that must be a whole number of at least `least`."""
    good = isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= least
    if not good:
        rule = f"must be a whole number of at least {least}"
        yield Problem("parameters", None, name, str(value), rule, f"Nearest valid: {least}.")


def at_least(name: str, value: object, least: float, *, above: bool = False) -> Iterator[Problem]:
    """Yield the fault of a parameter that must be a number of at least, or above, `least`."""
    number = isinstance(value, float | int | np.integer | np.floating)
    if number and (value > least or (value == least and not above)):  # type: ignore[operator]
        return
    rule = f"must be a number {'above' if above else 'of at least'} {least:g}"
    remedy = "Nearest valid: any number above it." if above else f"Nearest valid: {least:g}."
    yield Problem("parameters", None, name, str(value), rule, remedy)


def one_of(name: str, value: object, choices: Iterable[str]) -> Iterator[Problem]:
    """Yield the fault of a parameter that must be one of some words."""
    known = list(choices)
    if value not in known:
        rule = f"must be one of {', '.join(known)}"
        yield Problem("parameters", None, name, str(value), rule)
