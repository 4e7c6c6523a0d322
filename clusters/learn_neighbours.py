"""Neighbours by great circle: pairs within a radius, and DBSCAN on them."""

from typing import Literal

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ..geo.sphere import arc_km, chord_of, unit_vectors
from .learn_points import Bools, SizeError, numbered, settled_order
from .learn_sphere import Floats, Ints

Border = Literal["nearest", "first"]
#: The most pairs of neighbours that are held at once: 800 MB, and some 2 GB more to join them.
MAX_PAIRS = 50_000_000
#: What lies this far beyond the radius, in radii of the Earth (6 µm), is rounding and counts as
#: within: points at exactly the radius are neighbours whichever way their distance is rounded.
_ROUNDING = 1e-12


def neighbour_pairs(points: Floats, radius_km: float, score_radius: float) -> Ints:
    """Return all pairs of points that are neighbours, shape (m, 2), each once.

    Parameters
    ----------
    points : array of shape (n, 2 + k)
        Longitude and latitude in degrees, then k scores.
    radius_km
        Neighbours are no further apart than this by great circle.
    score_radius
        And no further apart than this in their scores (Euclidean); without scores it is not used.

    Raises
    ------
    SizeError
        If there are more than `MAX_PAIRS` pairs within the radius; before they are listed.

    References
    ----------
    Two radii, one for place and one for values: Birant, D., & Kut, A. (2007). ST-DBSCAN. Data &
    Knowledge Engineering 60, 208-221.

    Examples
    --------
    >>> neighbour_pairs(np.array([[179.9, 0.0], [-179.9, 0.0], [0.0, 0.0]]), 50.0, 1.0).tolist()
    [[0, 1]]
    """
    at = unit_vectors(*points[:, :2].T)
    tree = cKDTree(at)
    reach = float(chord_of(radius_km)) + _ROUNDING
    _check_pairs(tree, reach)
    pairs = np.asarray(tree.query_pairs(reach, output_type="ndarray"), np.intp)
    scores = points[:, 2:]
    if scores.shape[1]:
        gap = np.linalg.norm(scores[pairs[:, 0]] - scores[pairs[:, 1]], axis=1)
        pairs = pairs[gap <= score_radius]
    return pairs


def _check_pairs(tree: cKDTree, reach: float) -> None:
    """Raise if there are too many pairs, and say which size and which radius can be taken."""
    n = int(tree.n)
    if n * (n - 1) // 2 <= MAX_PAIRS:
        return
    # count_neighbors counts each pair twice, and each point with itself.
    pairs = (int(tree.count_neighbors(tree, reach)) - n) // 2
    if pairs <= MAX_PAIRS:
        return
    tried = reach * np.sqrt(MAX_PAIRS / pairs) * np.array([0.25, 0.5, 0.7, 1.0])
    counts = (np.asarray(tree.count_neighbors(tree, tried)) - n) // 2
    fits = tried[counts <= MAX_PAIRS]
    size = int(n * np.sqrt(MAX_PAIRS / pairs))
    radius = f"these points with {np.floor(arc_km(fits[-1])):g} km, or " if len(fits) else ""
    raise SizeError(
        f"dbscan takes at most {MAX_PAIRS:,} pairs of neighbours; {n:,} points have {pairs:,}"
        f" within {float(arc_km(reach)):g} km. It can take {radius}about {size:,} such points"
        " with this radius."
    )


def dbscan(points: Floats, pairs: Ints, least: int, border: Border) -> tuple[Ints, Bools]:
    """Return DBSCAN's clusters and which points are core.

    Parameters
    ----------
    points : array of shape (n, 2 + k)
        Longitude and latitude in degrees, then scores.
    pairs : array of shape (m, 2)
        The neighbours, from `neighbour_pairs`.
    least
        A point with so many neighbours, itself included, is core.
    border
        The cluster of a point that is not core but has core neighbours in several: that of the
        nearest (by great circle; any order of the points gives the same), or of the first
        cluster in the order of the points, as scikit-learn has it.

    Returns
    -------
    labels : array of int
        Numbered in the order of their first core points, as scikit-learn has it; -1 is noise.
    core : array of bool

    References
    ----------
    Ester, M., Kriegel, H.-P., Sander, J., & Xu, X. (1996). A density-based algorithm for
    discovering clusters in large spatial databases with noise. KDD-96, 226-231.

    Examples
    --------
    >>> points = np.array([[0.0, 0.0], [0.1, 0.0], [0.2, 0.0], [9.0, 0.0]])
    >>> labels, core = dbscan(points, neighbour_pairs(points, 12.0, 1.0), 3, "nearest")
    >>> labels.tolist(), core.tolist()
    ([0, 0, 0, -1], [False, True, False, False])
    """
    n = len(points)
    core = np.bincount(pairs.ravel(), minlength=n) + 1 >= least
    both = core[pairs]
    inner = pairs[both.all(axis=1)]
    graph = coo_array((np.ones(len(inner), bool), (inner[:, 0], inner[:, 1])), shape=(n, n))
    labels = np.asarray(connected_components(graph, directed=False)[1], np.intp)
    labels = numbered(np.where(core, labels, -1))
    edge = pairs[both[:, 0] != both[:, 1]]
    return _with_borders(points, labels, _core_first(edge, core), border), core


def _core_first(edge: Ints, core: Bools) -> Ints:
    """Return pairs of one core point and one other with the core point first."""
    return np.where(core[edge[:, :1]], edge, edge[:, ::-1])


def _with_borders(points: Floats, labels: Ints, edge: Ints, border: Border) -> Ints:
    """Add the points that are not core to the clusters of their core neighbours."""
    inside, outer = edge.T
    if border == "first":
        order = np.lexsort((labels[inside], outer))
    else:
        at = unit_vectors(*points[:, :2].T)
        chord = np.linalg.norm(at[inside] - at[outer], axis=1)
        rank = np.empty(len(points), np.intp)
        rank[settled_order(points)] = np.arange(len(points))
        order = np.lexsort((rank[inside], chord, outer))
    chosen = order[np.unique(outer[order], return_index=True)[1]]
    found = labels.copy()
    found[outer[chosen]] = labels[inside[chosen]]
    return found
