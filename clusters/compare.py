"""Comparison of partitions with each other, and of overlapping clusters with a partition.

A partition gives every city one label. Named clusters overlap and leave cities out: they are a
cover, and indices for partitions do not apply to them.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, silhouette_samples

from ..data.errors import DataError, Problem
from .learn_base import MATRIX_POINTS
from .learn_points import Bools, SizeError, check_points, one_of
from .learn_sphere import Ints

#: What becomes of noise, which is no cluster: each such city is a cluster of its own; they are
#: left out; they are one cluster.
Noise = Literal["alone", "left-out", "together"]
#: A city that belongs to no cluster.
NOISE = -1


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two partitions agree.

    Attributes
    ----------
    rand
        Adjusted Rand index: 1 for the same partition, 0 as expected by chance.
    information
        Adjusted mutual information (arithmetic mean of the entropies), likewise.
    n_cities
        How many cities the figures are of.
    noise
        The rule for noise.
    """

    rand: float
    information: float
    n_cities: int
    noise: Noise


def agreement(first: Sequence[Hashable], second: Sequence[Hashable], *, noise: Noise) -> Agreement:
    """Compare two partitions of the same cities.

    Parameters
    ----------
    first, second
        A label for each city; the number -1 is noise.
    noise
        What becomes of noise: `alone`, `left-out` (cities that are noise in either) or
        `together`.

    Returns
    -------
    Agreement
        NaN for both indices if no city is left.

    References
    ----------
    Hubert, L., & Arabie, P. (1985). Comparing partitions. Journal of Classification 2, 193-218.
    Vinh, N. X., Epps, J., & Bailey, J. (2010). Information theoretic measures for clusterings
    comparison. Journal of Machine Learning Research 11, 2837-2854.

    Examples
    --------
    >>> agreement(["sea", "sea", "alps"], [0, 0, -1], noise="alone").rand
    1.0
    """
    _check_noise(noise)
    (a, out_a), (b, out_b) = _coded(first, noise), _coded(second, noise)
    _check_lengths({"first": len(a), "second": len(b)})
    keep = ~(out_a | out_b) if noise == "left-out" else np.ones(len(a), bool)
    if not keep.any():
        return Agreement(np.nan, np.nan, 0, noise)
    rand = float(adjusted_rand_score(a[keep], b[keep]))
    information = float(adjusted_mutual_info_score(a[keep], b[keep]))
    return Agreement(rand, information, int(keep.sum()), noise)


def agreements(partitions: Mapping[str, Sequence[Hashable]], *, noise: Noise) -> pd.DataFrame:
    """Compare every two of some partitions of the same cities.

    Returns
    -------
    pandas.DataFrame
        `first, second, rand, information, n_cities, noise`, one row for each pair.

    Examples
    --------
    >>> table = agreements({"a": [0, 0, 1], "b": [5, 5, 6], "c": [0, 1, 1]}, noise="alone")
    >>> table[["first", "second", "rand"]].to_numpy().tolist()
    [['a', 'b', 1.0], ['a', 'c', -0.5], ['b', 'c', -0.5]]
    """
    rows = []
    for a, b in combinations(partitions, 2):
        found = agreement(partitions[a], partitions[b], noise=noise)
        rows.append((a, b, found.rand, found.information, found.n_cities, found.noise))
    names = ["first", "second", "rand", "information", "n_cities", "noise"]
    return pd.DataFrame(rows, columns=names)


def silhouette(
    labels: Sequence[Hashable], lon: npt.ArrayLike, lat: npt.ArrayLike, *, noise: Noise
) -> float:
    """Return how much nearer cities are to their own cluster than to the next, from -1 to 1.

    The mean over cities of (b - a) / max(a, b): a is the mean great-circle distance to the other
    cities of the same cluster, b that to the nearest other cluster. A city alone counts 0.

    Parameters
    ----------
    labels
        A label for each city; the number -1 is noise.
    lon, lat : array-like of float
        Degrees.
    noise
        What becomes of noise: `alone`, `left-out` or `together`.

    Returns
    -------
    float
        NaN where there are fewer than two clusters, or as many as cities.

    References
    ----------
    Rousseeuw, P. J. (1987). Silhouettes. Journal of Computational and Applied Mathematics 20,
    53-65.

    Examples
    --------
    >>> lon, lat = [179.9, -179.9, 0.0, 0.1], [0.0, 0.0, 0.0, 0.0]
    >>> round(silhouette(["a", "a", "b", "b"], lon, lat, noise="alone"), 3)
    0.999
    """
    _check_noise(noise)
    points = np.column_stack([np.asarray(lon, float), np.asarray(lat, float)])
    check_points(points)
    codes, out = _coded(labels, noise)
    _check_lengths({"labels": len(codes), "lon, lat": len(points)})
    keep = ~out if noise == "left-out" else np.ones(len(codes), bool)
    if not 2 <= len(np.unique(codes[keep])) < keep.sum():
        return float("nan")
    radians = np.radians(points[keep][:, ::-1])
    return float(silhouette_samples(radians, codes[keep], metric="haversine").mean())


def omega_index(
    first: Collection[Collection[Hashable]],
    second: Collection[Collection[Hashable]],
    cities: Collection[Hashable],
) -> float:
    """Return how far two covers agree on how many clusters each two cities share.

    Parameters
    ----------
    first, second
        The members of each cluster; clusters may overlap and leave cities out.
    cities
        All cities.

    Returns
    -------
    float
        (observed - expected) / (1 - expected) agreement over all pairs of cities: 1 for the same
        cover, 0 as expected by chance; for two partitions the adjusted Rand index. NaN where
        there are fewer than two cities.

    Raises
    ------
    DataError
        If a member is not one of the cities.
    SizeError
        If there are more cities than `MATRIX_POINTS`.

    References
    ----------
    Collins, L. M., & Dent, C. W. (1988). Omega: a general formulation of the Rand index of
    cluster recovery suitable for non-disjoint solutions. Multivariate Behavioral Research 23,
    231-242.

    Examples
    --------
    >>> round(omega_index([{1, 2}, {2, 3}], [{1, 2}, {3}], [1, 2, 3]), 3)
    0.4
    """
    place = {city: at for at, city in enumerate(cities)}
    if len(place) > MATRIX_POINTS:
        raise SizeError(f"the omega index takes {MATRIX_POINTS:,} cities, not {len(place):,}")
    _check_members([*first, *second], place)
    if len(place) < 2:
        return float("nan")
    upper = np.triu_indices(len(place), 1)
    a, b = (_shared(cover, place)[upper] for cover in (first, second))
    length = int(max(a.max(), b.max())) + 1
    pairs = len(a)
    chance = np.bincount(a, minlength=length) / pairs @ (np.bincount(b, minlength=length) / pairs)
    # Both covers give all pairs the same number: they agree on everything, and by necessity.
    return 1.0 if chance == 1 else float(((a == b).mean() - chance) / (1 - chance))


def best_matches(
    named: Mapping[str, Collection[str]], learned: Mapping[str, Collection[str]]
) -> pd.DataFrame:
    """Find for each cluster of one kind the most alike of the other kind.

    Parameters
    ----------
    named, learned
        The city ids of each cluster; overlaps are allowed.

    Returns
    -------
    pandas.DataFrame
        One row for each cluster of `named`: `cluster`, `n_cities`, `match` (None where no cluster
        shares a city with it), `n_match`, `n_shared`, and `jaccard` = |A ∩ B| / |A ∪ B|. Of
        equals the first by name is the match.

    Examples
    --------
    >>> found = best_matches({"alps": ["1", "2", "3", "4"]}, {"0": ["2", "3"], "1": ["9"]})
    >>> found[["cluster", "match", "n_shared", "jaccard"]].to_numpy().tolist()
    [['alps', '0', 2, 0.5]]
    """
    sets = {name: frozenset(cities) for name, cities in sorted(learned.items())}
    rows: list[tuple[object, ...]] = []
    for name, cities in named.items():
        own = frozenset(cities)
        scores = {each: _jaccard(own, other) for each, other in sets.items()}
        best = max(scores, key=scores.__getitem__, default=None)
        if best is None or scores[best] == 0:
            rows.append((name, len(own), None, 0, 0, 0.0))
        else:
            other = sets[best]
            rows.append((name, len(own), best, len(other), len(own & other), scores[best]))
    names = ["cluster", "n_cities", "match", "n_match", "n_shared", "jaccard"]
    # As objects first: pandas would make the None of a column of text a NaN.
    table = pd.DataFrame(rows, columns=names, dtype=object)
    whole = dict.fromkeys(("n_cities", "n_match", "n_shared"), "int64")
    return table.astype({"cluster": "str", "jaccard": float, **whole})


def moves(
    named: Mapping[str, Collection[str]], learned: Mapping[str, Collection[str]]
) -> pd.DataFrame:
    """Return the cities that would move if each named cluster became its best match.

    Returns
    -------
    pandas.DataFrame
        `cluster, match, city_id, move`; `move` is `joins` (only the match has the city) or
        `leaves` (only the named cluster has it). Clusters without a match have no rows.

    Examples
    --------
    >>> found = moves({"alps": ["1", "2", "3"]}, {"0": ["2", "3", "4"]})
    >>> found[["city_id", "move"]].to_numpy().tolist()
    [['4', 'joins'], ['1', 'leaves']]
    """
    rows = []
    table = best_matches(named, learned)
    for cluster, match in zip(table["cluster"], table["match"], strict=True):
        if match is None:
            continue
        own, other = frozenset(named[cluster]), frozenset(learned[match])
        rows += [(cluster, match, city, "joins") for city in sorted(other - own)]
        rows += [(cluster, match, city, "leaves") for city in sorted(own - other)]
    return pd.DataFrame(rows, columns=["cluster", "match", "city_id", "move"])


def _jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    either = first | second
    return len(first & second) / len(either) if either else 0.0


def _coded(labels: Sequence[Hashable], noise: Noise) -> tuple[Ints, Bools]:
    """Return labels as whole numbers with noise dealt with, and which cities are noise."""
    out = np.array([_is_noise(label) for label in labels], bool)
    codes = np.asarray(pd.factorize(np.array([*labels, None], object)[:-1])[0], np.intp)
    if noise == "alone":
        codes[out] = codes.max(initial=0) + 1 + np.arange(out.sum())
    return codes, out


def _is_noise(label: Hashable) -> bool:
    return isinstance(label, int | np.integer) and not isinstance(label, bool) and label == NOISE


def _shared(cover: Collection[Collection[Hashable]], place: Mapping[Hashable, int]) -> Ints:
    """Return in how many clusters each two cities are together."""
    member = np.zeros((len(place), len(cover)), np.float32)
    for column, cities in enumerate(cover):
        member[[place[city] for city in set(cities)], column] = 1
    return np.asarray(member @ member.T, np.intp)


def _check_noise(noise: str) -> None:
    problems = [*one_of("noise", noise, get_args(Noise))]
    if problems:
        raise DataError(problems)


def _check_lengths(lengths: Mapping[str, int]) -> None:
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name}: {length}" for name, length in lengths.items())
        rule = "must be as many as each other, one for each city"
        raise DataError([Problem("partitions", None, None, told, rule)])


def _check_members(
    clusters: Collection[Collection[Hashable]], place: Mapping[Hashable, int]
) -> None:
    strange = sorted({str(city) for members in clusters for city in members if city not in place})
    rule = "is a member but not one of the cities"
    if strange:
        raise DataError([Problem("clusters", None, "city_id", city, rule) for city in strange])
