"""Estimators by density: DBSCAN, HDBSCAN and OPTICS on the sphere. Sparse points are noise."""

from collections.abc import Iterator
from itertools import chain
from typing import ClassVar

import numpy as np
from sklearn.cluster import HDBSCAN, cluster_optics_xi

from ..data.errors import Problem
from .learn_base import GeodesicClusterer, MatrixClusterer
from .learn_neighbours import Border, dbscan, neighbour_pairs
from .learn_optics import reachability
from .learn_points import at_least, one_of, whole
from .learn_sphere import Floats, Ints


class GeodesicDBSCAN(GeodesicClusterer):
    """Points that are close to many others, chained: DBSCAN by great circle.

    Parameters
    ----------
    radius_km : float
        Points no further apart than this are neighbours.
    min_cities : int
        A point with so many neighbours, itself included, is core.
    score_radius : float
        Where there are scores, neighbours differ by no more than this in them (ST-DBSCAN).
    border : {"nearest", "first"}
        The cluster of a point between two: the nearest's (the same for any order of the table),
        or the first's in the table (exactly scikit-learn's labels).

    Attributes
    ----------
    labels_ : array of int
        -1 is noise.
    core_sample_indices_ : array of int
        Which points are core.

    Examples
    --------
    >>> X = [[179.9, -17.0], [-179.9, -17.0], [180.0, -17.1], [0.0, 51.5]]
    >>> GeodesicDBSCAN(radius_km=30, min_cities=3).fit(X).labels_.tolist()
    [0, 0, 0, -1]
    """

    method: ClassVar[str] = "dbscan"
    max_points: ClassVar[int | None] = None

    def __init__(
        self,
        radius_km: float = 50.0,
        *,
        min_cities: int = 4,
        score_radius: float = 1.0,
        border: Border = "nearest",
    ) -> None:
        self.radius_km = radius_km
        self.min_cities = min_cities
        self.score_radius = score_radius
        self.border = border

    def _faults(self) -> Iterator[Problem]:
        yield from at_least("radius_km", self.radius_km, 0, above=True)
        yield from whole("min_cities", self.min_cities, 1)
        yield from at_least("score_radius", self.score_radius, 0)
        yield from one_of("border", self.border, ("nearest", "first"))

    def _labels(self, points: Floats) -> Ints:
        """Return the labels; `dbscan` needs no settled order and `border` may ask for the given."""
        pairs = neighbour_pairs(points, self.radius_km, self.score_radius)
        labels, core = dbscan(points, pairs, self.min_cities, self.border)
        self.core_sample_indices_ = np.flatnonzero(core)
        return labels


class GeodesicHDBSCAN(MatrixClusterer):
    """Clusters of any density: scikit-learn's HDBSCAN on great-circle distances.

    Parameters
    ----------
    min_cities : int
        The fewest points of a cluster, and the neighbours that density is judged by.
    join_km : float
        Clusters closer than this are not told apart.
    single : bool
        Whether all points may be one cluster.
    score_km : float
        How many km a difference of one unit of score counts for.

    Attributes
    ----------
    labels_ : array of int
        -1 is noise.
    probabilities_ : array of float
        How firmly each point belongs to its cluster, from 0 to 1.

    References
    ----------
    Campello, R. J. G. B., Moulavi, D., Zimek, A., & Sander, J. (2015). Hierarchical density
    estimates for data clustering. ACM TKDD 10 (1), 5.

    Examples
    --------
    >>> X = [[lon + d, d] for lon in (0.0, 30.0) for d in (0.0, 0.1, 0.2, 0.35)]
    >>> GeodesicHDBSCAN(min_cities=3).fit(X).labels_.tolist()
    [0, 0, 0, 0, 1, 1, 1, 1]
    """

    method: ClassVar[str] = "hdbscan"

    def __init__(
        self,
        min_cities: int = 4,
        *,
        join_km: float = 0.0,
        single: bool = False,
        score_km: float = 100.0,
    ) -> None:
        self.min_cities = min_cities
        self.join_km = join_km
        self.single = single
        self.score_km = score_km

    def least_points(self) -> int:
        """Return the fewest points: one cluster's."""
        return max(2, self.min_cities)

    def _faults(self) -> Iterator[Problem]:
        yield from whole("min_cities", self.min_cities, 2)
        yield from at_least("join_km", self.join_km, 0)
        yield from at_least("score_km", self.score_km, 0)

    def _grouped(self, distances: Floats, order: Ints) -> Ints:
        model = HDBSCAN(
            min_cluster_size=self.min_cities,
            cluster_selection_epsilon=float(self.join_km),
            allow_single_cluster=self.single,
            metric="precomputed",
            copy=True,
        ).fit(distances)
        self.probabilities_ = np.empty(len(order))
        self.probabilities_[order] = model.probabilities_
        return np.asarray(model.labels_, np.intp)


class GeodesicOPTICS(MatrixClusterer):
    """Clusters as valleys of reachability: OPTICS on great-circle distances.

    Parameters
    ----------
    min_cities : int
        The fewest points of a cluster, and the neighbours that density is judged by.
    max_radius_km : float
        Points further apart than this are never neighbours; infinite for no limit.
    steepness : float
        How much reachability must change, from 0 to 1, for a cluster to begin or to end.
    score_km : float
        How many km a difference of one unit of score counts for.

    Attributes
    ----------
    labels_ : array of int
        -1 is noise.
    reachability_km_ : array of float
        The reachability of each point, in km.

    References
    ----------
    Ankerst, M., Breunig, M. M., Kriegel, H.-P., & Sander, J. (1999). OPTICS: ordering points to
    identify the clustering structure. SIGMOD Record 28 (2), 49-60 (the clusters by steepness are
    scikit-learn's `cluster_optics_xi`).

    Examples
    --------
    >>> X = [[lon + d, d] for lon in (0.0, 30.0) for d in (0.0, 0.1, 0.2, 0.35)]
    >>> GeodesicOPTICS(min_cities=3).fit(X).labels_.tolist()
    [0, 0, 0, 0, 1, 1, 1, 1]
    """

    method: ClassVar[str] = "optics"

    def __init__(
        self,
        min_cities: int = 5,
        *,
        max_radius_km: float = np.inf,
        steepness: float = 0.05,
        score_km: float = 100.0,
    ) -> None:
        self.min_cities = min_cities
        self.max_radius_km = max_radius_km
        self.steepness = steepness
        self.score_km = score_km

    def least_points(self) -> int:
        """Return the fewest points: one cluster's."""
        return max(2, self.min_cities)

    def _faults(self) -> Iterator[Problem]:
        steep = [*at_least("steepness", self.steepness, 0, above=True)]
        if not steep and self.steepness >= 1:
            rule = "must be below 1"
            steep = [Problem("parameters", None, "steepness", str(self.steepness), rule)]
        yield from chain(
            whole("min_cities", self.min_cities, 2),
            at_least("max_radius_km", self.max_radius_km, 0, above=True),
            steep,
            at_least("score_km", self.score_km, 0),
        )

    def _grouped(self, distances: Floats, order: Ints) -> Ints:
        found = reachability(distances, self.min_cities, self.max_radius_km)
        self.reachability_km_ = np.empty(len(order))
        self.reachability_km_[order] = found.km
        # Points without neighbours, and points in one place, make ratios of 0 and infinity.
        with np.errstate(divide="ignore", invalid="ignore"):
            labels, _ = cluster_optics_xi(
                reachability=found.km,
                predecessor=found.origin,
                ordering=found.order,
                min_samples=self.min_cities,
                xi=self.steepness,
            )
        return np.asarray(labels, np.intp)
