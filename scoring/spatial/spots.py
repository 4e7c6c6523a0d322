"""Hot spots of a value at any points: the whole map, and each point beside its neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from ...data.errors import TierscapeError
from ...geo.neighbours import nearest, within
from ...geo.neighbours_record import Neighbours
from ...geo.neighbours_sites import Ints, Sites, sites
from ...geo.sphere import chord_of, unit_vectors
from ..tasks import Mapped, one_by_one
from ..tiers import FloatArray
from .local import local_g, local_geary, local_moran
from .overall import moran
from .records import Adjustment, GlobalResult, LocalResult, Permutations, Texts

Statistic = Literal["gi-star", "local-moran", "local-geary"]

#: The labels that each statistic gives.
LABELS: Mapping[Statistic, tuple[str, ...]] = {
    "gi-star": ("hot", "cold"),
    "local-moran": ("high-high", "low-low", "high-low", "low-high"),
    "local-geary": ("similar", "different"),
}

#: Permutations for Moran's I at most: each is a pass over the map, and it is one number only.
MAX_OVERALL = 999
#: Pairs of neighbours that are held at most: about 3 GB.
MAX_PAIRS = 20_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a map of points.

    Attributes
    ----------
    test
        Random permutations, and their seed; of Moran's I no more than `MAX_OVERALL`.
    statistic
        `gi-star`, `local-moran` or `local-geary`.
    neighbours
        How many nearest points are the neighbours of each, where `within_km` is None.
    within_km
        The points within this distance are neighbours.
    adjust
        For the number of points: `max-t`, `by` or `holm`.
    alpha
        A point is labelled where its adjusted p-value is at most this.
    """

    test: Permutations
    statistic: Statistic = "gi-star"
    neighbours: int = 8
    within_km: float | None = None
    adjust: Adjustment = "max-t"
    alpha: float = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """The answer: arrays have one entry for each point.

    Attributes
    ----------
    overall
        Moran's I of the whole map, with rows that sum to 1.
    local
        The local statistic; of Gi* the value is the mean over the point and its neighbours.
    label
        That of the local statistic where it is clear, `none` where not, `island` without
        neighbours.
    notes
        What a reader should know of the points.
    """

    overall: GlobalResult
    local: LocalResult
    label: Texts
    notes: tuple[str, ...] = ()


def spots(
    points: npt.ArrayLike,
    values: npt.ArrayLike,
    question: Question,
    *,
    mapped: Mapped = one_by_one,
) -> Spots:
    """Return where high values, or low ones, gather beyond chance.

    Parameters
    ----------
    points : array-like of shape (n, 2)
        Longitude and latitude in degrees; points at one place are neighbours at distance 0.
    values : array-like of shape (n,)
        Finite numbers.
    question
        Which statistic, which neighbours, how many permutations.
    mapped
        What does the permutations, in blocks; the result is the same whatever does them.

    Raises
    ------
    TierscapeError
        If there are too few points, too many neighbours to hold, or all values are the same.

    References
    ----------
    Ord, J. K., & Getis, A. (1995). Local spatial autocorrelation statistics. Geographical
    Analysis 27, 286-306.
    Westfall, P. H., & Young, S. S. (1993). Resampling-based multiple testing. Wiley.

    Examples
    --------
    >>> points = [[x, y] for x in range(10) for y in range(10)]
    >>> values = [9 + x if x < 3 and y < 3 else y % 2 for x, y in points]
    >>> found = spots(points, values, Question(Permutations(999, seed=1)))
    >>> found.label[[0, 11, 55]].tolist(), found.overall.p_value
    (['hot', 'hot', 'none'], 0.001)
    """
    lonlat = np.asarray(points, np.float64)
    _check_places(lonlat)
    order = _in_space(lonlat)
    places = sites(lonlat[order], order.tolist(), coincident="keep", missing="error")
    near = _neighbours(places, question)
    numbers = np.asarray(values, np.float64)[order]
    fewer = replace(question.test, count=min(question.test.count, MAX_OVERALL))
    overall = moran(numbers, near.row_standardised(), test=fewer, missing="error", mapped=mapped)
    local = _reordered(_local(numbers, near, question, mapped), np.argsort(order))
    clear = (local.p_adjusted <= question.alpha) | (local.label == "island")
    label = np.where(clear, local.label, "none").astype(object)
    return Spots(overall, local, label, places.notes)


def _check_places(points: FloatArray) -> None:
    """Refuse a map on which too many points are at one place."""
    counts = np.unique(points @ np.array([1.0, 1.0j]), return_counts=True)[1]
    pairs = int((counts * (counts - 1) // 2).sum())
    if pairs > MAX_PAIRS:
        raise TierscapeError(
            f"{len(points):,} points are at {len(counts):,} places, up to {counts.max():,} at one: "
            "they are neighbours of each other, and no more. Give one row for each place."
        )


def _in_space(points: FloatArray) -> Ints:
    """Return an order in which points that follow each other are near each other.

    Their neighbours then stay in cache: at a million points sums over them take a quarter of the
    time.
    """
    if not len(points):
        return np.empty(0, np.intp)
    return np.asarray(cKDTree(unit_vectors(*points.T)).indices, np.intp)


def _reordered(found: LocalResult, order: Ints) -> LocalResult:
    numbers = {name: getattr(found, name)[order] for name in _OF_POINTS}
    return replace(found, ids=found.ids[order], label=found.label[order], **numbers)


_OF_POINTS = ("value", "expected", "variance", "z", "p_value", "p_adjusted")


def _neighbours(places: Sites, question: Question) -> Neighbours:
    """Return the neighbours of every point, weight 1 each."""
    if question.within_km is None:
        return nearest(places, question.neighbours)
    tree = cKDTree(places.xyz)
    pairs = (int(tree.count_neighbors(tree, chord_of(question.within_km))) - len(places)) // 2
    if pairs > MAX_PAIRS:
        raise TierscapeError(
            f"{pairs:,} pairs of points are within {question.within_km:g} km of each other, and "
            f"{MAX_PAIRS:,} can be held: give fewer kilometres, or a number of nearest neighbours."
        )
    return within(places, question.within_km, islands="keep")


def _local(values: FloatArray, near: Neighbours, question: Question, mapped: Mapped) -> LocalResult:
    statistic = {
        "gi-star": partial(local_g, values, near, own_weight=1.0),
        "local-moran": partial(local_moran, values, near.row_standardised()),
        "local-geary": partial(local_geary, values, near.row_standardised()),
    }[question.statistic]
    found = statistic(test=question.test, missing="error", adjust=question.adjust, mapped=mapped)
    if question.statistic != "gi-star":
        return found
    # A mean says more than a sum where points differ in their number of neighbours.
    size = near.counts + 1.0
    return replace(
        found,
        value=found.value / size,
        expected=found.expected / size,
        variance=found.variance / size**2,
    )
