"""Estimators of a given number of groups, without noise: agglomerative and k-medoids."""

from collections.abc import Iterator
from itertools import chain
from typing import ClassVar, Literal

import numpy as np
from sklearn.cluster import AgglomerativeClustering
from sklearn.utils import check_random_state

from ..data.errors import Problem
from .learn_base import GeodesicClusterer, MatrixClusterer
from .learn_graph import connected_neighbours
from .learn_medoids import build, improve
from .learn_points import PointsError, at_least, one_of, whole
from .learn_sphere import Floats, Ints, embedded_km

Linkage = Literal["ward", "average", "complete", "single"]


class GeodesicAgglomerative(GeodesicClusterer):
    """Neighbours joined step by step: groups that hang together on the map.

    Only groups that are joined in the graph of nearest neighbours by great circle merge, so a
    group is connected in it; scores then decide which neighbours are alike.

    Parameters
    ----------
    n_clusters : int
        How many groups to end with.
    neighbours : int
        How many nearest points each point is joined with in the graph.
    linkage : {"ward", "average", "complete", "single"}
        How the distance of groups is judged.
    by : {"both", "scores"}
        What distance counts: place (straight lines through the Earth, in km) and scores, or
        scores alone. Without scores it is place.
    score_km : float
        How many km a difference of one unit of score counts for.

    Attributes
    ----------
    labels_ : array of int
        No point is noise.

    References
    ----------
    Chavent, M., Kuentz-Simonet, V., Labenne, A., & Saracco, J. (2018). ClustGeo: an R package for
    hierarchical clustering with spatial constraints. Computational Statistics 33, 1799-1822.

    Examples
    --------
    >>> X = [[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [50.0, 0.0], [51.0, 0.0]]
    >>> GeodesicAgglomerative(2, neighbours=1).fit(X).labels_.tolist()
    [0, 0, 0, 1, 1]
    """

    method: ClassVar[str] = "agglomerative"
    max_points: ClassVar[int | None] = 50_000
    max_reason: ClassVar[str] = "its memory grows with the links between merged groups"

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        neighbours: int = 8,
        linkage: Linkage = "ward",
        by: Literal["both", "scores"] = "both",
        score_km: float = 100.0,
    ) -> None:
        self.n_clusters = n_clusters
        self.neighbours = neighbours
        self.linkage = linkage
        self.by = by
        self.score_km = score_km

    def least_points(self) -> int:
        """Return the fewest points: one for each group."""
        return max(2, self.n_clusters)

    def _faults(self) -> Iterator[Problem]:
        yield from chain(
            whole("n_clusters", self.n_clusters, 1),
            whole("neighbours", self.neighbours, 1),
            one_of("linkage", self.linkage, ("ward", "average", "complete", "single")),
            one_of("by", self.by, ("both", "scores")),
            at_least("score_km", self.score_km, 0),
        )

    def _cluster(self, points: Floats, order: Ints) -> Ints:  # noqa: ARG002 - none to lead back
        scored = self.by == "scores" and points.shape[1] > 2
        model = AgglomerativeClustering(
            n_clusters=self.n_clusters,
            linkage=self.linkage,
            connectivity=connected_neighbours(points, self.neighbours),
        )
        model.fit(points[:, 2:] if scored else embedded_km(points, self.score_km))
        return np.asarray(model.labels_, np.intp)


class GeodesicKMedoids(MatrixClusterer):
    """Each point with the nearest of k central cities: FasterPAM on great-circle distances.

    Parameters
    ----------
    n_clusters : int
        How many groups.
    score_km : float
        How many km a difference of one unit of score counts for.
    n_init : int
        How many beginnings to try: BUILD's first, random ones after it.
    max_iter : int
        The most passes over all points from one beginning.
    random_state : int, RandomState or None
        Draws the random beginnings; not used where `n_init` is 1.

    Attributes
    ----------
    labels_ : array of int
        No point is noise.
    medoid_indices_ : array of int
        The central point of each group.
    inertia_km_ : float
        The sum of the distances to them, in km.
    n_iter_ : int
        How many passes the best beginning took.

    Examples
    --------
    >>> X = [[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [50.0, 0.0], [51.0, 0.0], [52.0, 0.0]]
    >>> found = GeodesicKMedoids(2).fit(X)
    >>> found.labels_.tolist(), found.medoid_indices_.tolist()
    ([0, 0, 0, 1, 1, 1], [1, 4])
    """

    method: ClassVar[str] = "k-medoids"

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        score_km: float = 100.0,
        n_init: int = 1,
        max_iter: int = 100,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.score_km = score_km
        self.n_init = n_init
        self.max_iter = max_iter
        self.random_state = random_state

    def least_points(self) -> int:
        """Return the fewest points: one for each group."""
        return max(2, self.n_clusters)

    def _faults(self) -> Iterator[Problem]:
        yield from chain(
            whole("n_clusters", self.n_clusters, 1),
            at_least("score_km", self.score_km, 0),
            whole("n_init", self.n_init, 1),
            whole("max_iter", self.max_iter, 1),
        )

    def _grouped(self, distances: Floats, order: Ints) -> Ints:
        places = np.unique((distances == 0).argmax(axis=1))  # the first of each place
        if len(places) < self.n_clusters:
            rule = f"too few points: {len(places)} different ones"
            where = ("points", None, "n_clusters", str(self.n_clusters))
            raise PointsError([Problem(*where, rule, f"Nearest valid: {len(places)}.")])
        random = check_random_state(self.random_state)
        starts = [build(distances, self.n_clusters)]
        starts += [
            random.choice(places, self.n_clusters, replace=False) for _ in range(self.n_init - 1)
        ]
        found = [improve(distances, start, self.max_iter) for start in starts]
        best = min(found, key=lambda each: each.loss)
        self.inertia_km_, self.n_iter_ = best.loss, best.rounds
        medoids = order[best.chosen]
        # Groups are numbered as they appear in the table, and so are their medoids.
        labels = np.empty(len(order), np.intp)
        labels[order] = best.labels
        _, at = np.unique(labels, return_index=True)
        self.medoid_indices_ = medoids[np.argsort(at)]
        return best.labels
