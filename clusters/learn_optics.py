"""OPTICS on a matrix of distances: the order of points and their reachability.

scikit-learn's OPTICS asks its search for neighbours once for each point, with all the checks of
its input; on a matrix that is at hand this gives the same numbers much sooner, and a scan with
resampling asks for hundreds of them.
"""

from dataclasses import dataclass

import numpy as np

from .learn_sphere import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Reachability:
    """How points are reached from each other, densest first.

    Attributes
    ----------
    order : array of int
        The points in the order in which they are reached.
    km : array of float
        The reachability of each point; infinite where it is reached from no other.
    origin : array of int
        The point from which each is reached; -1 where there is none.
    """

    order: Ints
    km: Floats
    origin: Ints


def reachability(distances: Floats, least: int, max_km: float) -> Reachability:
    """Walk through points, always to the one that is easiest to reach.

    Parameters
    ----------
    distances : array of shape (n, n)
        Symmetric, in km, zeros on the diagonal.
    least
        The core distance of a point is that to its neighbour of this number, itself included.
    max_km
        Points further apart are no neighbours.

    References
    ----------
    Ankerst, M., Breunig, M. M., Kriegel, H.-P., & Sander, J. (1999). OPTICS: ordering points to
    identify the clustering structure. SIGMOD Record 28 (2), 49-60, figures 5 to 8.

    Examples
    --------
    >>> x = np.array([0.0, 1.0, 9.0, 2.0])
    >>> found = reachability(np.abs(x[:, None] - x), 2, np.inf)
    >>> found.order.tolist(), found.km.tolist()
    ([0, 1, 3, 2], [inf, 1.0, 7.0, 1.0])
    """
    n = len(distances)
    core = np.partition(distances, least - 1, axis=1)[:, least - 1]
    core = np.where(core > max_km, np.inf, core)
    km, origin = np.full(n, np.inf), np.full(n, -1, np.intp)
    order = np.empty(n, np.intp)
    left = np.ones(n, bool)
    for step in range(n):
        at = int(np.argmin(np.where(left, km, np.inf)))
        # Where nothing that is left can be reached, the first of it begins anew.
        at = at if left[at] else int(np.argmax(left))
        order[step], left[at] = at, False
        if np.isinf(core[at]):
            continue
        reach = np.maximum(distances[at], core[at])
        nearer = left & (distances[at] <= max_km) & (reach < km)
        km[nearer], origin[nearer] = reach[nearer], at
    return Reachability(order, km, origin)
