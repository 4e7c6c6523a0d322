"""Null models that respect space: groups of neighbours, and patterns with the same Moran's I."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse.csgraph import connected_components

from ..data.errors import TierscapeError
from ..geo.neighbours import nearest
from ..geo.neighbours_sites import sites
from .tiers import BoolArray, FloatArray

#: Every city is linked to so many nearest ones, and to those that have it among theirs.
NEIGHBOURS = 6


def links(points: FloatArray, ids: Sequence[str], count: int = NEIGHBOURS) -> FloatArray:
    """Return weights of links between each city and its nearest ones, symmetrical.

    A link weighs 1 − (d/4t)², where d is its chord and t the longest (Dray et al. 2006), so that
    nearer neighbours count a little more, and hardly ever two links the same.

    Parameters
    ----------
    points
        Longitude and latitude of two cities or more, degrees.
    ids
        Their ids: of equally near cities, those with the first ids are linked.
    count
        Nearest cities that each is linked to; fewer where there are no more.

    Returns
    -------
    numpy.ndarray
        Cities by cities; 0 where there is no link.

    References
    ----------
    Dray, S., Legendre, P., Peres-Neto, P. R. (2006). Spatial modelling: a comprehensive framework
    for principal coordinate analysis of neighbour matrices. Ecological Modelling 196, 483-493.

    Examples
    --------
    >>> links(np.array([[0.0, 0.0], [1.0, 0.0], [10.0, 0.0]]), ["a", "b", "c"], 1).round(3)
    array([[0.   , 0.999, 0.   ],
           [0.999, 0.   , 0.938],
           [0.   , 0.938, 0.   ]])
    """
    places = sites(points, ids, coincident="keep", missing="error")
    near = nearest(places, min(count, len(places) - 1)).matrix().toarray() > 0
    linked = near | near.T
    chord = np.where(linked, np.linalg.norm(places.xyz[:, np.newaxis] - places.xyz, axis=2), 0.0)
    longest = chord.max() or 1.0
    return np.where(linked, 1 - (chord / (4 * longest)) ** 2, 0.0)


def contiguous_groups(
    linked: BoolArray, size: int, draws: int, rng: np.random.Generator
) -> BoolArray | None:
    """Draw groups of neighbours: from a random city, one random neighbour after another joins.

    A neighbour is a city linked to one that is in the group; each is as likely to join next. This
    does not draw all connected groups with equal chances: compact ones, which can be grown in
    more ways, come more often. First cities are drawn from the connected parts of the graph that
    hold enough cities.

    Parameters
    ----------
    linked
        Symmetrical, cities by cities.
    size
        Cities of each group.
    draws
        Number of groups.
    rng
        Source of randomness.

    Returns
    -------
    numpy.ndarray or None
        Draws by cities, whether the city is in the group; None if no part of the graph holds
        enough cities.

    Examples
    --------
    >>> chain = np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]], dtype=bool)
    >>> drawn = contiguous_groups(chain, 2, 100, np.random.default_rng(0))
    >>> np.unique(drawn.astype(int), axis=0).tolist()
    [[0, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 0]]
    """
    part = connected_components(linked, directed=False)[1]
    large = np.flatnonzero(np.bincount(part)[part] >= size)
    if not len(large):
        return None
    each = np.arange(draws)
    joined = rng.choice(large, draws)
    inside = np.zeros((draws, len(linked)), dtype=np.bool_)
    reached = np.zeros_like(inside)
    for step in range(size):
        if step:
            lots = np.where(reached & ~inside, rng.random(inside.shape), -1.0)
            joined = lots.argmax(axis=1)
        inside[each, joined] = True
        reached |= linked[joined]
    return inside


def contiguous_p(
    scores: FloatArray,
    members: BoolArray,
    linked: BoolArray,
    *,
    draws: int,
    rng: np.random.Generator,
) -> float | None:
    """Test a group's mean score against groups of as many neighbours.

    The statistic is the group's mean less that of the other cities, counted from its mean over
    the draws and the group itself, since grown groups favour the middle of the map; p = (1 + draws
    at least as far out) / (draws + 1).

    Parameters
    ----------
    scores
        Score of every city.
    members
        Whether it is in the group.
    linked, draws, rng
        As for `contiguous_groups`.

    Returns
    -------
    float or None
        Two-sided p-value; None if no part of the graph holds as many cities.

    Raises
    ------
    TierscapeError
        If a score is not finite, the group is all cities or none, or there is no draw.
    """
    _check(scores, members, draws)
    groups = contiguous_groups(linked, int(members.sum()), draws, rng)
    if groups is None:
        return None
    # With sizes fixed, the difference of means follows from the sum of the group.
    sums = np.append(groups @ scores, members @ scores)
    out = np.abs(sums - sums.mean())
    return float((out >= out[-1] - _rounding(sums)).sum() / (draws + 1))


def spectral_p(
    scores: FloatArray,
    members: BoolArray,
    vectors: FloatArray,
    *,
    draws: int,
    rng: np.random.Generator,
) -> float:
    """Test a group's mean score against random patterns with the same Moran's I.

    Moran spectral randomisation, singleton procedure: the scores are written in the eigenvectors
    of the doubly centred weights, and every coefficient keeps its size and draws its sign anew.
    Mean, variance and Moran's I stay exactly; the values become other numbers than midranks. The
    difference of means is then a sum of products with random signs.

    Parameters
    ----------
    scores
        Score of every city.
    members
        Whether it is in the group; some are, some are not.
    vectors
        `moran_vectors` of the weights.
    draws, rng
        Number of patterns, and source of randomness.

    Returns
    -------
    float
        Two-sided p-value, (1 + draws at least as far from 0) / (draws + 1).

    Raises
    ------
    TierscapeError
        If a score is not finite, the group is all cities or none, or there is no draw.

    References
    ----------
    Wagner, H. H., Dray, S. (2015). Generating spatially constrained null models for irregularly
    spaced data using Moran spectral randomization methods. Methods in Ecology and Evolution 6,
    1169-1178.
    """
    _check(scores, members, draws)
    contrast = members / members.sum() - ~members / (~members).sum()
    parts = (contrast @ vectors) * (scores @ vectors)
    signs = rng.integers(0, 2, (draws, len(parts)), dtype=np.int8) * 2 - 1
    out = np.abs(np.append(signs @ parts, parts.sum()))
    return float((out >= out[-1] - _rounding(parts)).sum() / (draws + 1))


def moran_vectors(weights: FloatArray) -> FloatArray:
    """Return the n − 1 orthonormal eigenvectors of doubly centred weights that sum to zero.

    Examples
    --------
    >>> moran_vectors(np.array([[0.0, 1.0], [1.0, 0.0]])).round(3).T.tolist() in (
    ...     [[-0.707, 0.707]], [[0.707, -0.707]])
    True
    """
    centred = weights - weights.mean(axis=0) - weights.mean(axis=1)[:, np.newaxis] + weights.mean()
    # The constant vector is given an eigenvalue below all others, and left out.
    below = 1 + 2 * np.abs(weights).sum(axis=1).max()
    return np.asarray(np.linalg.eigh(centred - below / len(weights))[1][:, 1:])


def _check(scores: FloatArray, members: BoolArray, draws: int) -> None:
    if not np.isfinite(scores).all():
        raise TierscapeError("a score is missing or infinite. Leave its city out of the test.")
    if members.all() or not members.any():
        raise TierscapeError(
            "the group is all cities or none: there is nothing to compare it with."
        )
    if draws < 1:
        raise TierscapeError(f"{draws} draws: give one or more; 999 is usual.")


def _rounding(values: FloatArray) -> float:
    """Return how far apart two equal sums of such values can be."""
    return 1e-9 * float(np.abs(values).sum() / len(values) ** 0.5)
