"""The graph of nearest neighbours by great circle, connected."""

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ..geo.sphere import unit_vectors
from .learn_sphere import Floats, Ints


def connected_neighbours(points: Floats, neighbours: int) -> csr_array:
    """Return the graph that joins each point with its nearest, and its parts with each other.

    Parameters
    ----------
    points : array of shape (n, 2 + k)
        Longitude and latitude in degrees; further columns are not used.
    neighbours
        How many nearest points each point is joined with; joined either way is joined.

    Returns
    -------
    scipy.sparse.csr_array
        Ones where two points are joined; symmetric and connected.

    Notes
    -----
    Where the nearest neighbours leave the graph in parts (continents), each part is joined with
    the rest by its shortest link, until there is one (Borůvka's algorithm on the parts).

    Examples
    --------
    >>> points = np.array([[0.0, 0.0], [1.0, 0.0], [50.0, 0.0], [51.0, 0.0]])
    >>> connected_neighbours(points, 1).toarray().astype(int).tolist()
    [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]]
    """
    at = unit_vectors(*points[:, :2].T)
    n = len(at)
    count = min(neighbours, n - 1)
    # One more than asked for: a point is its own nearest, or a twin of it is.
    near = cKDTree(at).query(at, count + 1)[1].reshape(n, count + 1)
    edges = np.column_stack([np.repeat(np.arange(n), count + 1), near.ravel()])
    while True:
        graph = _graph(edges, n)
        parts, part = connected_components(graph, directed=False)
        if parts == 1:
            return graph
        edges = np.vstack([edges, _bridges(at, part)])


def _graph(edges: Ints, n: int) -> csr_array:
    """Return edges as a symmetric graph of ones with an empty diagonal."""
    edges = edges[edges[:, 0] != edges[:, 1]]
    both = np.unique(np.vstack([edges, edges[:, ::-1]]), axis=0)
    return coo_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(n, n)).tocsr()


def _bridges(at: Floats, part: Ints) -> Ints:
    """Return the shortest link of every part but the largest with the rest."""
    sizes = np.bincount(part)
    links = []
    for each in np.flatnonzero(np.arange(len(sizes)) != sizes.argmax()):
        inside, outside = np.flatnonzero(part == each), np.flatnonzero(part != each)
        chord, nearest = cKDTree(at[outside]).query(at[inside])
        best = int(np.argmin(chord))
        links.append((inside[best], outside[nearest[best]]))
    return np.array(links, np.intp)
