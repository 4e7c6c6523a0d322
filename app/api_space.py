"""Public names: neighbours, clusters found by an algorithm, and rules that are moved."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from tierscape.analysis import Places
from tierscape.api_results import named_clusters
from tierscape.clusters.compare import best_matches
from tierscape.clusters.estimators import method as known_method
from tierscape.clusters.learn import GRIDS, scan, steadiest
from tierscape.clusters.learn_stability import Resampling
from tierscape.mapping import table_of
from tierscape.scoring.spatial.hot_spots import hot_spots as hot_spots_of
from tierscape.sensitivity import sensitivity

_NAMES = ["city_id", "name_zh", "name_en"]


def hot_spots(
    places: Places, *, edition: str = "", dimension: str = "", k: int = 8, alpha: float = 0.05
) -> pd.DataFrame:
    """Return where high tiers, or low ones, gather beyond chance.

    Parameters
    ----------
    places
        What `load` returns.
    edition, dimension
        Slugs of the table; the edition with most cities, and its first table, if not given.
    k
        Neighbours of each city: the nearest by great circle.
    alpha
        A city is labelled where its adjusted p-value is at most this.

    Returns
    -------
    pandas.DataFrame
        One row for each ranked city, best tiers first: `city_id`, `name_zh`, `name_en`,
        `gi_star` (z of Gi*), `moran_local`, `label` (`hot`, `cold`, `high-low`, `low-high` or
        `none`), `p_value` (exact, two-sided), `p_adjusted` (Benjamini–Yekutieli).

    Raises
    ------
    UnknownNameError, TierscapeError
        If there is no such table, or it has k cities or fewer, or all are in one tier.

    Examples
    --------
    >>> from tierscape import load
    >>> found = hot_spots(load(editions=["arab-2024"]), dimension="total")
    >>> found["label"].value_counts().sort_index().to_dict()
    {'hot': 5, 'low-high': 1, 'none': 56}
    """
    slug, table = table_of(places, edition, dimension)
    here = (places.tiers["edition"] == slug) & (places.tiers["dimension"] == table)
    found = hot_spots_of(places.cities, places.tiers[here], k=k, alpha=alpha)
    return places.cities[_NAMES].merge(found, on="city_id", how="right", validate="one_to_one")


def learn(
    places: Places,
    method: str = "dbscan",
    *,
    samples: int = 50,
    seed: int = 0,
    **settings: Sequence[object],
) -> pd.DataFrame:
    """Find the clusters that the map alone would make, and how stable each is.

    Every combination of settings is tried, and the one with the most stable clusters taken.

    Parameters
    ----------
    places
        What `load` returns.
    method
        `dbscan`, `hdbscan`, `optics`, `agglomerative` or `k-medoids`.
    samples, seed
        How many times the clusters are sought again among four fifths of the cities, and the
        seed that draws those.
    settings
        Values to try of the method's parameters, such as `radius_km=[200, 300]` for dbscan or
        `n_clusters=[8, 12]` for k-medoids (docs/learned-clusters.md); the usual ones otherwise.

    Returns
    -------
    pandas.DataFrame
        One row for each city: `city_id`, `name_zh`, `name_en`, `cluster` (1, 2, … by size; -1
        where it belongs nowhere), `stability` (mean Jaccard of its cluster, 0 to 1), `match`
        (the named cluster that its cluster is most like) and `match_jaccard`.

    Raises
    ------
    UnknownNameError, DataError
        If there is no such method or parameter, or a value is out of range.

    Examples
    --------
    >>> from tierscape import load
    >>> found = learn(load(editions=["arab-2024"]), radius_km=[200], min_cities=[4], samples=10)
    >>> found.loc[found["name_en"] == "Dubai", "match"].tolist()
    ['persian-gulf']
    """
    cities = places.cities[_NAMES].reset_index(drop=True)
    points = places.cities[["lon", "lat"]].to_numpy(float)
    grid = {**GRIDS[known_method(method).name], **settings}
    found = scan(method, points, grid, resampling=Resampling(count=samples, seed=seed))
    best = steadiest(found)
    rows = found.clusters[found.clusters["setting"] == best].sort_values(
        ["n_cities", "cluster"], ascending=[False, True]
    )
    number = {old: new for new, old in enumerate(rows["cluster"], start=1)}
    label = pd.Series(found.labels[best]).map(number).fillna(-1).astype("int64")
    groups = {str(each): cities.loc[label == each, "city_id"].tolist() for each in number.values()}
    members = places.membership.groupby("cluster")["city_id"]
    like = best_matches(groups, {str(slug): ids.tolist() for slug, ids in members})
    told = pd.DataFrame(
        {
            "cluster": list(number.values()),
            "stability": rows["jaccard"].to_numpy(float),
            "match": like["match"],
            "match_jaccard": like["jaccard"],
        }
    )
    return cities.assign(cluster=label).merge(told, on="cluster", how="left")


def rule_sensitivity(places: Places, cluster: str) -> dict[str, Any]:
    """Return how a cluster's members and results change with each test of its rule.

    Parameters
    ----------
    places
        What `load` returns.
    cluster
        By slug or by title, Chinese or English.

    Returns
    -------
    dict
        `cluster`, `core` and `extended` (names of members), `results`, `sweeps` (one for each
        threshold in km, m or persons, and for each test, listed name or override that is left
        out; each with its `steps`: `gained`, `lost` and `results`), and `ranges` (the least and
        greatest percentile and the best and worst rank over all steps).

    Raises
    ------
    TierscapeError
        If there is no such cluster.

    Examples
    --------
    >>> from tierscape import load
    >>> report = rule_sensitivity(load(editions=["arab-2024"]), "波斯湾")
    >>> report["cluster"], "Dubai" in report["core"]
    ('persian-gulf', True)
    """
    return sensitivity(places, named_clusters(places, [cluster])[0])
