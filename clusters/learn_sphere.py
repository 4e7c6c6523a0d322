"""Great-circle distances by unit vectors, where there is neither a pole nor an antimeridian.

The straight line (chord) between two points of a sphere grows with the arc between them, so the
order of neighbours by chord in three dimensions is their exact order by great circle, and search
trees for ordinary space serve. Chord c and arc d on a sphere of radius R: c = 2 sin(d / 2R).
"""

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist, pdist, squareform

from ..geo.sphere import EARTH_KM, arc_km, unit_vectors

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


def great_circle_km(points: Floats, others: Floats) -> Floats:
    """Return the great-circle distances of all pairs, in km, shape (n, m).

    Parameters
    ----------
    points, others : array of shape (n, 2) and (m, 2)
        Longitude and latitude in degrees.

    Notes
    -----
    The sphere is within 0.6 % of the WGS84 geodesic. Arcs are exact to about a micrometre, but
    for points within a kilometre of each other's antipodes, where a chord tells arcs apart to
    about a metre.

    Examples
    --------
    >>> great_circle_km(np.array([[179.5, 0.0]]), np.array([[-179.5, 0.0]])).round(3).tolist()
    [[111.195]]
    """
    a, b = unit_vectors(*points[:, :2].T), unit_vectors(*others[:, :2].T)
    return arc_km(cdist(a, b))


def distance_matrix_km(points: Floats, score_km: float) -> Floats:
    """Return distances of all pairs in place and scores, in km, shape (n, n).

    Parameters
    ----------
    points : array of shape (n, 2 + k)
        Longitude and latitude in degrees, then k scores.
    score_km
        How many km one unit of score counts for.

    Returns
    -------
    numpy.ndarray of float
        sqrt(d² + (score_km · |s - s'|)²), d the great circle and |s - s'| the Euclidean
        distance of the scores; symmetric, with zeros on the diagonal.

    Examples
    --------
    >>> points = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 4.0]])
    >>> distance_matrix_km(points, 100.0).tolist()
    [[0.0, 300.0], [300.0, 0.0]]
    """
    found = arc_km(pdist(unit_vectors(*points[:, :2].T)))
    if points.shape[1] > 2:
        found = np.hypot(found, score_km * pdist(points[:, 2:]))
    return np.asarray(squareform(found))


def embedded_km(points: Floats, score_km: float) -> Floats:
    """Return points as vectors in km: Earth-centred position, then scores times `score_km`.

    Parameters
    ----------
    points : array of shape (n, 2 + k)
        Longitude and latitude in degrees, then k scores.
    score_km
        How many km one unit of score counts for.

    Examples
    --------
    >>> embedded_km(np.array([[0.0, 90.0, 2.0]]), 50.0).round(3).tolist()
    [[0.0, 0.0, 6371.009, 100.0]]
    """
    position = EARTH_KM * unit_vectors(*points[:, :2].T)
    return np.hstack([position, score_km * points[:, 2:]])


def central_order(distances: Floats) -> Ints:
    """Return an order of points by the sum of their distances, the most central first.

    Unlike an order by coordinates it does not change when the Earth is turned. Sums that are the
    same to a millimetre keep the order that they came in.

    Examples
    --------
    >>> x = np.array([0.0, 1.0, 9.0])
    >>> central_order(np.abs(x[:, None] - x)).tolist()
    [1, 0, 2]
    """
    return np.asarray(np.argsort(distances.sum(axis=1).round(6), kind="stable"), np.intp)
