"""Learned clusters: a scan over parameters with the stability of every cluster."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..data.errors import DataError, Problem
from .estimators import estimator, method
from .learn_sphere import Ints
from .learn_stability import STABLE, Resampling, stability

#: What a scan tries if nothing is said: distances that planners speak of, numbers of groups that
#: a page can show.
GRIDS: Mapping[str, Mapping[str, tuple[float, ...]]] = {
    "dbscan": {"radius_km": (100, 150, 200, 250, 300, 400, 500)},
    "hdbscan": {"min_cities": (3, 4, 5, 6, 8, 10)},
    "optics": {"min_cities": (3, 4, 5, 6, 8, 10)},
    "agglomerative": {"n_clusters": (4, 6, 8, 10, 12, 15, 20)},
    "k-medoids": {"n_clusters": (4, 6, 8, 10, 12, 15, 20)},
}


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """What a scan over parameters found.

    Attributes
    ----------
    method
        The name of the method.
    parameters
        The parameters of each setting, in the order of the grid.
    labels : array of int, shape (settings, points)
        The clusters that each setting finds; -1 is noise.
    settings : pandas.DataFrame
        One row for each setting: its number, its parameters, `n_clusters`, `n_stable` (clusters
        with a mean Jaccard of at least `STABLE`), `n_cities` in clusters, `n_noise`, `jaccard`
        (mean over the cities in clusters).
    clusters : pandas.DataFrame
        One row for each cluster of each setting: `setting`, and the columns of `stability`.
    """

    method: str
    parameters: tuple[Mapping[str, object], ...]
    labels: Ints
    settings: pd.DataFrame
    clusters: pd.DataFrame


def scan(
    name: str,
    points: npt.ArrayLike,
    grid: Mapping[str, Sequence[object]] | None = None,
    *,
    fixed: Mapping[str, object] | None = None,
    resampling: Resampling | None = None,
) -> Scan:
    """Find clusters for every setting of a grid, and how stable each of them is.

    Parameters
    ----------
    name
        A method: dbscan, hdbscan, optics, agglomerative or k-medoids.
    points : array-like of shape (n, 2 + k)
        Longitude and latitude in degrees, then scores.
    grid
        Values of parameters; every combination is tried. `GRIDS` has the usual ones.
    fixed
        Parameters that do not change.
    resampling
        How cities are left out; 50 times a fifth of them with seed 0 if not given.

    Returns
    -------
    Scan
        The labels and their stability.

    Raises
    ------
    DataError, SizeError, UnknownNameError
        If a method, parameter or point is wrong.

    Examples
    --------
    >>> points = [[lon + d, d] for lon in (0.0, 10.0) for d in np.linspace(0, 0.5, 10)]
    >>> found = scan("dbscan", points, {"radius_km": [1, 200, 2000]})
    >>> found.settings[["radius_km", "n_clusters", "n_stable", "n_noise"]].to_numpy().tolist()
    [[1, 0, 0, 20], [200, 2, 2, 0], [2000, 1, 1, 0]]
    """
    values = dict(grid if grid is not None else GRIDS[method(name).name])
    chosen = tuple(_combinations(values))
    how = resampling or Resampling()
    models = [estimator(name, **{**(fixed or {}), **each}) for each in chosen]
    results = [stability(model, points, how) for model in models]
    labels = np.stack([found for found, _ in results])
    tables = [table.assign(setting=at) for at, (_, table) in enumerate(results)]
    clusters = pd.concat(tables, ignore_index=True)
    first = ["setting", *(column for column in clusters if column != "setting")]
    settings = pd.DataFrame([_summary(*each) for each in zip(chosen, results, strict=True)])
    settings.insert(0, "setting", range(len(chosen)))
    return Scan(name, chosen, labels, settings, clusters[first])


def steadiest(found: Scan) -> int:
    """Return the setting with the most stable clusters; of equals, with the most cities in them.

    Of equals in both, the first of the grid. One cluster that holds nearly everything is stable
    whatever the method: that is why clusters count first, and cities only between equals.

    Examples
    --------
    >>> points = [[lon + d, d] for lon in (0.0, 10.0) for d in np.linspace(0, 0.5, 10)]
    >>> steadiest(scan("dbscan", points, {"radius_km": [1, 200, 2000]}))
    1
    """
    stable = found.clusters[found.clusters["jaccard"] >= STABLE]
    cities = stable.groupby("setting")["n_cities"].sum().reindex(found.settings["setting"])
    order = np.lexsort((-cities.fillna(0).to_numpy(), -found.settings["n_stable"].to_numpy()))
    return int(order[0])


def _combinations(values: Mapping[str, Sequence[object]]) -> Iterator[dict[str, object]]:
    """Yield every combination of a grid."""
    empty = [name for name, choices in values.items() if not len(choices)]
    if empty:
        rule = "has no value to try"
        raise DataError([Problem("grid", None, name, "", rule, "Give one.") for name in empty])
    for each in product(*values.values()):
        yield dict(zip(values, each, strict=True))


def _summary(chosen: Mapping[str, object], result: tuple[Ints, pd.DataFrame]) -> dict[str, object]:
    """Return one row of the table of settings."""
    labels, table = result
    inside = int((labels >= 0).sum())
    weighed = float((table["jaccard"] * table["n_cities"]).sum())
    return {
        **chosen,
        "n_clusters": len(table),
        "n_stable": int((table["jaccard"] >= STABLE).sum()),
        "n_cities": inside,
        "n_noise": len(labels) - inside,
        "jaccard": weighed / inside if inside else np.nan,
    }
