"""How stable learned clusters are: each is sought again among fewer cities."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import clone

from ..data.errors import DataError, Problem
from .learn_base import GeodesicClusterer
from .learn_points import PointsError, at_least, whole
from .learn_sphere import Floats, Ints

#: From this mean Jaccard on a cluster counts as stable (fpc, clusterboot), and up to this one a
#: sample has dissolved it (Hennig 2008).
STABLE, DISSOLVED = 0.75, 0.5


@dataclass(frozen=True, slots=True)
class Resampling:
    """How to draw the cities again.

    Attributes
    ----------
    count
        How many times.
    share
        Which share of the cities is drawn each time, without replacement; below 1.
    seed
        The same seed draws the same cities.
    """

    count: int = 50
    share: float = 0.8
    seed: int = 0

    def samples(self, n: int) -> list[Ints]:
        """Return the numbers of the points of each sample, ascending."""
        random = np.random.default_rng(self.seed)
        size = round(self.share * n)
        return [np.sort(random.choice(n, size, replace=False)) for _ in range(self.count)]


def check_resampling(how: Resampling) -> None:
    """Raise every fault of a resampling."""
    problems = [*whole("count", how.count, 2), *at_least("share", how.share, 0, above=True)]
    problems += whole("seed", how.seed, 0)
    if not problems and how.share >= 1:
        rule = "must be below 1: all cities say nothing of fewer"
        problems = [Problem("parameters", None, "share", str(how.share), rule)]
    if problems:
        raise DataError(problems)


def best_jaccard(labels: Ints, others: Ints) -> Floats:
    """Return for each cluster 0, 1, … the greatest Jaccard coefficient with a cluster of others.

    Parameters
    ----------
    labels, others : array of int
        Labels of the same points; -1 is noise.

    Returns
    -------
    numpy.ndarray of float
        |A ∩ B| / |A ∪ B| with the best B; 0 where there is none, NaN for a number that no point
        has.

    Examples
    --------
    >>> best_jaccard(np.array([0, 0, 0, 1, 1]), np.array([0, 0, -1, 1, 1])).round(3).tolist()
    [0.667, 1.0]
    """
    shape = (int(labels.max(initial=-1)) + 1, int(others.max(initial=-1)) + 1)
    shared = np.zeros(shape)
    both = (labels >= 0) & (others >= 0)
    np.add.at(shared, (labels[both], others[both]), 1)
    sizes = np.bincount(labels[labels >= 0], minlength=shape[0]).astype(float)
    other_sizes = np.bincount(others[others >= 0], minlength=shape[1])
    either = sizes[:, None] + other_sizes - shared
    best: Floats = (shared / either).max(axis=1, initial=0.0) if shape[0] else np.zeros(0)
    best[sizes == 0] = np.nan
    return best


def stability(
    model: GeodesicClusterer, points: npt.ArrayLike, how: Resampling
) -> tuple[Ints, pd.DataFrame]:
    """Find clusters, and how stable each is when cities are left out.

    Parameters
    ----------
    model : GeodesicClusterer
        An estimator; it is not changed.
    points : array-like of shape (n, 2 + k)
        Longitude and latitude in degrees, then scores.
    how : Resampling
        How to draw the cities again.

    Returns
    -------
    labels : array of int
        The clusters of all points; -1 is noise.
    table : pandas.DataFrame
        One row for each cluster: `cluster`, `n_cities`, `jaccard` (the mean over the samples of
        the best Jaccard with a cluster found in the sample, both within the sample),
        `recovered` (the share of samples in which it is at least `STABLE`) and `dissolved` (at
        most `DISSOLVED`).

    Raises
    ------
    DataError
        If parameters, points or resampling have faults, or a sample is too small for the method.

    References
    ----------
    Hennig, C. (2007). Cluster-wise assessment of cluster stability. Computational Statistics &
    Data Analysis 52, 258-271 (the scheme "subset"). Limits: Hennig, C. (2008). Dissolution point
    and isolation robustness. Journal of Multivariate Analysis 99, 1154-1176.

    Examples
    --------
    >>> from .estimators import GeodesicDBSCAN
    >>> points = [[lon + d, d] for lon in (0.0, 30.0) for d in np.linspace(0, 0.5, 10)]
    >>> _, table = stability(GeodesicDBSCAN(200), points, Resampling(count=20))
    >>> table["jaccard"].tolist()
    [1.0, 1.0]
    """
    check_resampling(how)
    fitted = clone(model).fit(points)
    labels: Ints = fitted.labels_
    rows = np.asarray(points, float)
    _check_samples(fitted, len(rows), how)
    found = np.array([*_again(fitted, rows, how)]).reshape(how.count, -1)
    known = ~np.isnan(found)
    times = known.sum(axis=0)
    jaccard = np.where(known, found, 0.0).sum(axis=0) / np.maximum(times, 1)
    return labels, pd.DataFrame(
        {
            "cluster": np.arange(found.shape[1]),
            "n_cities": np.bincount(labels[labels >= 0], minlength=found.shape[1]),
            "jaccard": np.where(times > 0, jaccard, np.nan),
            "recovered": (found >= STABLE).sum(axis=0) / np.maximum(times, 1),
            "dissolved": (found <= DISSOLVED).sum(axis=0) / np.maximum(times, 1),
        }
    )


def _again(fitted: GeodesicClusterer, rows: Floats, how: Resampling) -> Iterator[Floats]:
    """Yield for each sample the best Jaccard of every cluster; NaN where none of it is drawn."""
    count = int(fitted.labels_.max(initial=-1)) + 1
    for drawn in how.samples(len(rows)):
        again = clone(fitted).fit(rows[drawn]).labels_
        known = best_jaccard(fitted.labels_[drawn], again)
        yield np.concatenate([known, np.full(count - len(known), np.nan)])


def _check_samples(model: GeodesicClusterer, n: int, how: Resampling) -> None:
    """Raise if the samples are too small for the method."""
    size, least = round(how.share * n), model.least_points()
    if size < least:
        rule = f"too few points: samples of {size} are drawn, {model.method} needs {least}"
        raise PointsError([Problem("points", None, None, str(n), rule, "Raise share.")])
