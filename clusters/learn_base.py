"""What the estimators of learned clusters share: checks before, order, and labels after."""

from collections.abc import Iterator
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import validate_data

from ..data.errors import Problem
from .learn_points import (
    PointsError,
    SizeError,
    check_points,
    numbered,
    one_name_each,
    settled_order,
)
from .learn_sphere import Floats, Ints, central_order, distance_matrix_km

#: What holds a number for all pairs takes so many points: 200 MB.
MATRIX_POINTS = 5_000


class GeodesicClusterer(ClusterMixin, BaseEstimator):  # type: ignore[misc] # has no types
    """Base of the estimators: longitude and latitude in columns 0 and 1, then scores.

    Attributes
    ----------
    labels_ : array of int, shape (n,)
        The cluster of each point, numbered in the order in which they first appear; -1 is noise.
    n_features_in_ : int
        How many columns `fit` saw.
    """

    #: The name of the method.
    method: ClassVar[str]
    #: The most points the method takes, and why; None where it depends on the parameters.
    max_points: ClassVar[int | None] = MATRIX_POINTS
    max_reason: ClassVar[str] = "it holds the distances of all pairs"

    def fit(self, X: npt.ArrayLike, y: object = None) -> Self:  # noqa: ARG002, N803 - convention
        """Find the clusters of points.

        Parameters
        ----------
        X : array-like of shape (n, 2 + k)
            Longitude and latitude in degrees, then k scores.
        y : None
            Ignored, as scikit-learn has it.

        Returns
        -------
        GeodesicClusterer
            Itself, with `labels_`.

        Raises
        ------
        PointsError
            With every fault of the parameters and the points.
        SizeError
            If there are more points than the method takes; before any work is done.
        """
        self.labels_ = self._labels(self._checked(X))
        return self

    def least_points(self) -> int:
        """Return the fewest points that the method can take with its parameters."""
        return 2

    @classmethod
    def check_size(cls, n: int) -> None:
        """Raise a `SizeError` if the method cannot take n points; it says how many it can."""
        if cls.max_points is not None and n > cls.max_points:
            raise SizeError(
                f"{cls.method} takes at most {cls.max_points:,} points ({cls.max_reason}); there"
                f" are {n:,}. Take a sample, or dbscan, which takes more."
            )

    def _checked(self, X: npt.ArrayLike) -> Floats:  # noqa: N803 - convention
        """Return the points as numbers once they and the parameters are known to be right."""
        problems = list(self._faults())
        if problems:
            raise PointsError(problems)
        found = validate_data(
            self, X, dtype="float64", ensure_all_finite=False, ensure_min_samples=0,
            ensure_min_features=2,
        )  # fmt: skip
        self.check_size(len(found))
        if len(found) < self.least_points():
            rule = f"too few points: n_samples={len(found)}; {self.method} needs"
            rule += f" {self.least_points()} or more with these parameters"
            raise PointsError([Problem("points", None, None, str(len(found)), rule)])
        check_points(found)
        return one_name_each(found)

    def _faults(self) -> Iterator[Problem]:
        """Yield the faults of the parameters."""
        raise NotImplementedError

    def _labels(self, points: Floats) -> Ints:
        """Return the labels of points, found in an order that is not the order they came in."""
        order = settled_order(points)
        labels = np.empty(len(points), np.intp)
        labels[order] = self._cluster(points[order], order)
        return numbered(labels)

    def _cluster(self, points: Floats, order: Ints) -> Ints:
        """Return a label for each point; they come in settled order, `order` leads back."""
        raise NotImplementedError

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401 - scikit-learn's own type
        """Tell scikit-learn what the estimator takes: dense numbers, two columns or more."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        return tags


class MatrixClusterer(GeodesicClusterer):
    """Base of the estimators that look at the distances of all pairs, in place and scores.

    Distances in density methods tie by construction (a core distance is many a pair's
    reachability), and those methods break ties by position in the table. They see the most
    central point first, so that neither the order of the table nor the choice of the prime
    meridian decides.
    """

    score_km: float

    def _cluster(self, points: Floats, order: Ints) -> Ints:
        distances = distance_matrix_km(points, self.score_km)
        central = central_order(distances)
        labels = np.empty(len(points), np.intp)
        labels[central] = self._grouped(distances[np.ix_(central, central)], order[central])
        return labels

    def _grouped(self, distances: Floats, order: Ints) -> Ints:
        """Return a label for each row of the distances; `order` leads back to the table."""
        raise NotImplementedError
