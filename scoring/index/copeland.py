"""Copeland's rule: cities compared pair by pair, indicator by indicator."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isqrt

import numpy as np
import numpy.typing as npt

from ..tiers import BoolArray, FloatArray

#: Weights of opposite judgements this near each other are the same.
EVEN = 1e-12
#: Multiplications in one product of matrices. So small a one is done by one thread; on a busy
#: machine several would wait for each other.
PRODUCT = 250_000
#: Cities of a tile of the table of all pairs.
LEAST_SIDE, MOST_SIDE = 16, 64
#: Leaves of so few different values are compared step by step, not city by city, if there are more
#: cities than a tile has.
STEPS = 16

NarrowArray = npt.NDArray[np.float32]
SignArray = npt.NDArray[np.int8]


def copeland(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return Copeland's score of each row: the rows it beats less the rows that beat it.

    A row beats another if the weights of the columns in which it is better exceed those in which
    it is worse; columns that either lacks do not count. A good score never pays for a bad one by
    its size.

    References
    ----------
    Copeland, A. H. (1951). A reasonable social welfare function. University of Michigan.
    Munda, G., Nardo, M. (2009). Noncompensatory/nonlinear composite indicators for ranking
    countries. Applied Economics 41, 1513-1523.

    Examples
    --------
    >>> copeland(np.array([[3.0, 9.0], [2.0, 1.0], [1.0, 2.0]]), np.array([0.6, 0.4]))
    array([ 2.,  0., -2.])
    """
    leaves = [str(column) for column in range(values.shape[1])]
    table = dict(zip(leaves, values.T, strict=True))
    shares = dict(zip(leaves, (weights / weights.sum()).tolist(), strict=True))
    return copeland_scores(table, {"all": leaves}, shares)["all"]


def copeland_scores(
    values: Mapping[str, FloatArray],
    children: Mapping[str, Sequence[str]],
    shares: Mapping[str, float],
) -> dict[str, FloatArray]:
    """Return Copeland's score in every group of a tree, each over all leaves below it.

    The margin of one city over another in a group is the weighted sum of those in its children,
    so that every pair is compared only once in every leaf. Leaves of few steps take one product
    of matrices together.

    Parameters
    ----------
    values
        By leaf, the cities' scores.
    children
        By group, its children; parents first.
    shares
        The weight of every node among its siblings, summing to 1 there.

    Examples
    --------
    >>> values = {"a": np.array([1.0, 2.0]), "b": np.array([3.0, 1.0]), "c": np.array([2.0, 5.0])}
    >>> children = {"total": ("g", "c"), "g": ("a", "b")}
    >>> shares = {"g": 0.5, "c": 0.5, "a": 0.4, "b": 0.6}
    >>> copeland_scores(values, children, shares)
    {'total': array([-1.,  1.]), 'g': array([ 1., -1.])}
    """
    places = {leaf: _places(column) for leaf, column in values.items()}
    n = len(next(iter(values.values())))
    side = _side(n, children, places)
    bottom_up = list(children)[::-1]
    tiled = {leaf: replace(each, rank=_tiles(each.rank, side)) for leaf, each in places.items()}
    parts = {group: _part(children[group], tiled, shares) for group in bottom_up}
    parent = {child: group for group in children for child in children[group]}
    scores = {group: np.zeros((-(-n // side), side)) for group in children}
    for tile in range(-(-n // side)):
        for group, margin in _margins(parts, parent, shares, tile):
            won = _difference(margin > EVEN, margin < -EVEN)
            # What a city wins another loses, so that half of the pairs tell all.
            scores[group][tile] += won.sum(axis=(0, 2), dtype=np.int32)
            scores[group][tile + 1 :] -= won[1:].sum(axis=1, dtype=np.int32)
    known = _known(values, children, shares)
    return {group: np.where(known[group], scores[group].ravel()[:n], np.nan) for group in children}


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """The order of the cities in one leaf: narrow numbers from 0 that compare fast, or NaN.

    `steps` is the number of different values if it is small enough for a product, else 0.
    """

    rank: NarrowArray
    steps: int


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """The leaves of one group, by how their margins are made.

    `won` (tiles × cities × steps) @ `at` (tiles × steps × cities) gives the margins of all leaves
    of few steps at once: `at` says on which step of each leaf a city stands, `won` what a city
    gains on one there. The other leaves have their share and tiles × cities of ranks.
    """

    won: FloatArray
    at: FloatArray
    others: tuple[tuple[float, NarrowArray], ...]


def _places(column: FloatArray) -> _Places:
    different, place = np.unique(column, return_inverse=True)
    gaps = np.isnan(column)
    rank = place.astype(np.float32)
    rank[gaps] = np.nan
    steps = len(different) - int(gaps.any())
    pays = steps <= STEPS and len(column) > MOST_SIDE
    return _Places(rank, steps if pays else 0)


def _side(n: int, children: Mapping[str, Sequence[str]], places: Mapping[str, _Places]) -> int:
    """Return how many cities a tile has, so that its products of matrices stay small."""
    steps = {leaf: each.steps for leaf, each in places.items()}
    most = max(sum(steps.get(child, 0) for child in inside) for inside in children.values())
    return max(1, min(n, MOST_SIDE, max(LEAST_SIDE, isqrt(PRODUCT // max(most, 1)))))


def _tiles(rank: NarrowArray, side: int) -> NarrowArray:
    """Return tiles × cities; the last tile is filled with unknown ranks."""
    tiles = np.full((-(-len(rank) // side), side), np.nan, dtype=np.float32)
    tiles.ravel()[: len(rank)] = rank
    return tiles


def _part(
    inside: Sequence[str], places: Mapping[str, _Places], shares: Mapping[str, float]
) -> _Part:
    leaves = [(shares[leaf], places[leaf]) for leaf in inside if leaf in places]
    weighed = [(share, each) for share, each in leaves if share > 0]
    stepped = [(share, each) for share, each in weighed if each.steps]
    tiles, side = next(iter(places.values())).rank.shape
    won, at = [np.zeros((tiles, side, 0))], [np.zeros((tiles, 0, side))]
    for share, each in stepped:
        steps = np.arange(each.steps)
        won.append(share * np.nan_to_num(np.sign(each.rank[:, :, np.newaxis] - steps)))
        at.append((each.rank[:, np.newaxis] == steps[:, np.newaxis]).astype(np.float64))
    others = tuple((share, each.rank) for share, each in weighed if not each.steps)
    return _Part(np.concatenate(won, axis=2), np.concatenate(at, axis=1), others)


def _margins(
    parts: Mapping[str, _Part], parent: Mapping[str, str], shares: Mapping[str, float], tile: int
) -> Iterator[tuple[str, FloatArray]]:
    """Yield the margins of one tile's cities over those of it and of the later tiles, by group.

    The margins of a group are tiles × cities of this tile × cities of the other.
    """
    below: dict[str, FloatArray] = {}
    for group, part in parts.items():
        margin = part.won[tile] @ part.at[tile:]
        for share, rank in part.others:
            one, other = rank[tile][:, np.newaxis], rank[tile:][:, np.newaxis]
            margin += share * _difference(one > other, one < other)
        if group in below:
            margin += below.pop(group)
        yield group, margin
        if shares.get(group, 0) > 0:
            above = below.setdefault(parent[group], np.zeros_like(margin))
            above += shares[group] * margin


def _known(
    values: Mapping[str, FloatArray],
    children: Mapping[str, Sequence[str]],
    shares: Mapping[str, float],
) -> dict[str, BoolArray]:
    """Return by group which cities have a score that counts there."""
    known = {leaf: ~np.isnan(column) for leaf, column in values.items()}
    for group in list(children)[::-1]:
        inside = [known[child] for child in children[group] if shares[child] > 0]
        none = np.zeros(len(next(iter(known.values()))), dtype=np.bool_)
        known[group] = np.any(inside, axis=0) if inside else none
    return known


def _difference(above: BoolArray, below: BoolArray) -> SignArray:
    """Return 1 above, −1 below, 0 where two tie or one is unknown."""
    return np.asarray(above.view(np.int8) - below.view(np.int8), dtype=np.int8)
