"""Neighbours by distance on the sphere: nearest, within, kernels.

Search is by unit vectors, where there is neither a pole nor an antimeridian: the straight line
between two points of a sphere grows with the great circle between them.
"""

from typing import Any, Literal

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from ..data.errors import TierscapeError
from .neighbours_record import (
    Islands,
    Neighbours,
    from_matrix,
    frozen,
    settle_islands,
    within_groups,
)
from .neighbours_sites import ROUNDING, Ints, Sites, check_policy
from .neighbours_ties import nearest_columns
from .points import Floats
from .sphere import arc_km, chord_of

__all__ = ["Neighbours", "between", "kernel", "nearest", "within", "within_groups"]

Shape = Literal["uniform", "triangular", "epanechnikov", "quartic", "gaussian"]


def nearest(places: Sites, k: int) -> Neighbours:
    """Return the k nearest sites of every site by great circle, weight 1 each.

    Parameters
    ----------
    places
        The sites, from `sites`.
    k
        How many neighbours each has, fewer than there are sites.

    Returns
    -------
    Neighbours
        Sites at the same distance (to 6 µm) are taken in the order of their ids. Not symmetric.

    Raises
    ------
    TierscapeError
        If k is not from 1 to n − 1.

    Examples
    --------
    >>> from tierscape.geo.neighbours_sites import sites
    >>> fiji = sites([[179, 0], [-179, 0], [170, 0]], coincident="error", missing="error")
    >>> nearest(fiji, 1).indices.tolist()
    [1, 0, 0]
    """
    n = len(places)
    if not 1 <= k < n:
        raise TierscapeError(f"{k} nearest neighbours of {n} sites: k is from 1 to {n - 1}.")
    columns = np.sort(nearest_columns(places.xyz, places.rank, k), axis=1)
    notes = (*places.notes, f"{k} nearest by great circle")
    pointers = np.arange(0, n * k + 1, k)
    return frozen(Neighbours(places.ids.copy(), pointers, columns.ravel(), np.ones(n * k), notes))


def within(places: Sites, km: float, *, islands: Islands) -> Neighbours:
    """Return the sites within a distance of every site, weight 1 each.

    Parameters
    ----------
    places
        The sites, from `sites`.
    km
        Great-circle distance on the mean sphere (at most 0.6 % from the geodesic).
    islands
        Sites without a neighbour: `error`; `keep` them so; or give them the `nearest` site as
        their one neighbour, which does not have them in turn.

    Raises
    ------
    TierscapeError
        If km is not positive, or there are islands and they are an error.

    Examples
    --------
    >>> from tierscape.geo.neighbours_sites import sites
    >>> three = sites([[0, 0], [1, 0], [9, 0]], coincident="error", missing="error")
    >>> within(three, 120, islands="keep").islands.tolist()
    [2]
    >>> within(three, 120, islands="nearest").indices.tolist()
    [1, 0, 1]
    """
    check_policy("islands", islands, ("error", "keep", "nearest"))
    rows, columns, _ = _pairs(places, km)
    return _built(places, (rows, columns, np.ones(len(rows))), f"within {km:g} km", islands)


def between(places: Sites, low_km: float, high_km: float) -> Neighbours:
    """Return the sites further than one distance and within another; islands are kept."""
    rows, columns, chord = _pairs(places, high_km)
    far = chord > chord_of(low_km) + ROUNDING if low_km > 0 else np.ones(len(rows), bool)
    entries = (rows[far], columns[far], np.ones(int(far.sum())))
    return _built(places, entries, f"from {low_km:g} to {high_km:g} km", "keep")


def kernel(
    places: Sites, km: float, shape: Shape, *, islands: Literal["error", "keep"]
) -> Neighbours:
    """Return neighbours whose weight falls with their distance d.

    Parameters
    ----------
    places
        The sites, from `sites`.
    km
        Bandwidth: beyond it every weight is 0, whatever the shape.
    shape
        With u = d / km: `uniform` 1, `triangular` 1 − u, `epanechnikov` 1 − u²,
        `quartic` (1 − u²)², `gaussian` exp(−(3u)²/2), cut off at three deviations.
    islands
        Sites without a neighbour: `error`, or `keep` them so.

    Raises
    ------
    TierscapeError
        As `within`, or if the shape is unknown.

    References
    ----------
    Silverman, B. W. (1986). Density estimation for statistics and data analysis, table 3.1.

    Examples
    --------
    >>> from tierscape.geo.neighbours_sites import sites
    >>> two = sites([[0, 0], [0, 1]], coincident="error", missing="error")
    >>> kernel(two, 222.39, "triangular", islands="error").weights.round(3).tolist()
    [0.5, 0.5]
    """
    check_policy("islands", islands, ("error", "keep"))
    check_policy("shape", shape, tuple(_KERNELS))
    rows, columns, chord = _pairs(places, km)
    weights = _KERNELS[shape](arc_km(chord) / km)
    text = f"{shape} kernel of {km:g} km"
    return _built(places, (rows, columns, np.maximum(weights, 0.0)), text, islands)


_KERNELS: dict[str, Any] = {
    "uniform": np.ones_like,
    "triangular": lambda u: 1 - u,
    "epanechnikov": lambda u: 1 - u**2,
    "quartic": lambda u: (1 - u**2) ** 2,
    "gaussian": lambda u: np.exp(-4.5 * u**2),
}


def _pairs(places: Sites, km: float) -> tuple[Ints, Ints, Floats]:
    """Return the sites of every ordered pair within a distance, and their chords."""
    if not (np.isfinite(km) and km > 0):
        raise TierscapeError(f"{km:g} km is no distance: give a positive number of kilometres.")
    tree = cKDTree(places.xyz)
    pairs = tree.query_pairs(chord_of(km) + ROUNDING, output_type="ndarray")
    chord = np.linalg.norm(places.xyz[pairs[:, 0]] - places.xyz[pairs[:, 1]], axis=1)
    both = np.concatenate([pairs, pairs[:, ::-1]])
    return both[:, 0], both[:, 1], np.concatenate([chord, chord])


def _built(
    places: Sites, entries: tuple[Ints, Ints, Floats], text: str, islands: Islands
) -> Neighbours:
    rows, columns, weights = entries
    n, notes = len(places), (*places.notes, text)
    if islands == "nearest" and n > 1:
        alone = np.setdiff1d(np.arange(n), rows)
        if len(alone):
            first = nearest_columns(places.xyz, places.rank, 1)[alone, 0]
            rows, columns = np.append(rows, alone), np.append(columns, first)
            weights = np.append(weights, np.ones(len(alone)))
            notes = (*notes, f"{len(alone)} islands joined to their nearest site")
    found = from_matrix(csr_array((weights, (rows, columns)), shape=(n, n)), places.ids, notes)
    return settle_islands(found, "error" if islands == "nearest" else islands)
