"""Neighbours by triangles on the sphere: Delaunay and Gabriel.

The Delaunay triangulation of points of a sphere is their convex hull: a plane through three of
them cuts off a cap, and the cap is empty where the plane bounds the hull.
"""

import numpy as np
from scipy.sparse import coo_array
from scipy.spatial import ConvexHull, QhullError, cKDTree

from ..data.errors import TierscapeError
from .neighbours_record import Neighbours, from_matrix
from .neighbours_sites import ROUNDING, Ints, Sites
from .points import Floats


def delaunay(places: Sites) -> Neighbours:
    """Return the sites that share a side of a Delaunay triangle on the sphere, weight 1 each.

    Parameters
    ----------
    places
        The sites, from `sites`: at four places or more, not all on one circle.

    Returns
    -------
    Neighbours
        Symmetric, without islands. Triangles whose empty cap is more than half of the Earth are
        left out: they only close the far side round sites of one region. Where four sites are
        on one empty circle, one of the two diagonals is taken, the same for any order of the
        sites. Sites at one place are neighbours of each other and share their neighbours.

    Raises
    ------
    TierscapeError
        If there are fewer than four places, all are on one circle of the sphere (a great circle
        or a parallel, such as all at one latitude), or two are too near to be told apart.

    References
    ----------
    Brown, K. Q. (1979). Voronoi diagrams from convex hulls. Information Processing Letters 9,
    223-228.

    Examples
    --------
    >>> from tierscape.geo.neighbours_sites import sites
    >>> corners = [[-170, 0], [170, 0], [180, 10], [180, -8]]
    >>> found = delaunay(sites(corners, coincident="error", missing="error"))
    >>> found.counts.tolist()
    [2, 2, 3, 3]
    """
    return _spread(places, _hull_edges(*_places(places)), "spherical Delaunay")


def gabriel(places: Sites) -> Neighbours:
    """Return pairs of sites with no other in the cap that has their arc as diameter, weight 1.

    Parameters
    ----------
    places
        The sites, as `delaunay` takes them.

    Returns
    -------
    Neighbours
        Symmetric and part of the Delaunay neighbours. A site on the very edge of the cap counts
        as in it, so that no diagonal is chosen by chance.

    Raises
    ------
    TierscapeError
        As `delaunay`.

    References
    ----------
    Gabriel, K. R., & Sokal, R. R. (1969). A new statistical approach to geographic variation
    analysis. Systematic Zoology 18, 259-278.

    Examples
    --------
    >>> from tierscape.geo.neighbours_sites import sites
    >>> corners = [[-170, 0], [170, 0], [180, 10], [180, -8]]
    >>> gabriel(sites(corners, coincident="error", missing="error")).counts.tolist()
    [2, 2, 3, 3]
    """
    xyz, rank = _places(places)
    edges = _hull_edges(xyz, rank)
    middle = xyz[edges].sum(axis=1)
    middle /= np.linalg.norm(middle, axis=1)[:, None]
    radius = np.linalg.norm(middle - xyz[edges[:, 0]], axis=1)
    chord, _ = cKDTree(xyz).query(middle, k=3)
    # Both ends are at the radius; a third point that is no further is in the cap.
    return _spread(places, edges[chord[:, 2] > radius + ROUNDING], "spherical Gabriel")


def _places(places: Sites) -> tuple[Floats, Ints]:
    """Return every place once: its unit vector, and its order by the first id there."""
    order = np.argsort(places.rank)
    spot, first = np.unique(places.spot[order], return_index=True)
    if len(spot) < 4:
        raise TierscapeError(
            f"{len(spot)} places have no triangulation: four are needed. Take nearest sites."
        )
    return places.xyz[order[first]], places.rank[order[first]]


def _hull_edges(xyz: Floats, rank: Ints) -> Ints:
    """Return the sides of the Delaunay triangles, shape (m, 2), each once."""
    order = np.argsort(rank)
    try:
        hull = ConvexHull(xyz[order])
    except QhullError:
        raise TierscapeError(
            "all sites are on one circle of the sphere (one latitude, one great circle, or too "
            "near to each other): there are no triangles. Take nearest sites."
        ) from None
    if len(hull.vertices) < len(xyz):
        count = len(xyz) - len(hull.vertices)
        raise TierscapeError(
            f"{count} sites are too near to others (under some metres) for a triangulation. "
            "Merge them, or take nearest sites."
        )
    # The outward plane of a cap beyond half of the Earth has the centre on its outer side. Every
    # site has another triangle too: seen from the centre, the hull at a site is never all behind.
    near = hull.equations[:, 3] <= ROUNDING
    corners = order[hull.simplices[near]]
    sides = np.sort(corners[:, [[0, 1], [1, 2], [0, 2]]].reshape(-1, 2), axis=1)
    return np.unique(sides, axis=0)


def _spread(places: Sites, edges: Ints, text: str) -> Neighbours:
    """Give the neighbours of a place to all of its sites, and make those neighbours too."""
    n, count = len(places), int(places.spot.max()) + 1
    both = np.concatenate([edges, edges[:, ::-1], np.repeat(np.arange(count)[:, None], 2, axis=1)])
    linked = coo_array((np.ones(len(both)), tuple(both.T)), shape=(count, count))
    at = coo_array((np.ones(n), (np.arange(n), places.spot)), shape=(n, count)).tocsr()
    matrix = (at @ linked @ at.T).tocsr()
    matrix.setdiag(0.0)
    matrix.eliminate_zeros()
    return from_matrix(matrix, places.ids, (*places.notes, text))
