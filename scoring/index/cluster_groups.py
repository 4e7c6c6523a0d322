"""Clusters as groups of scored cities, and their means in every draw."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandas as pd

from ...data.errors import TierscapeError, UnknownNameError
from ..aggregate import ROLES, cluster_members
from ..tiers import BoolArray, FloatArray, IntArray

#: For each dimension, draws × cities.
Draws = Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The scored cities of one cluster in one dimension and role, as rows of the scores."""

    dimension: str
    role: str
    cluster: str
    cities: IntArray


def cluster_groups(
    scores: pd.DataFrame, membership: pd.DataFrame, known: Mapping[str, BoolArray]
) -> tuple[Group, ...]:
    """Return every cluster with a scored city, by dimension and role.

    Parameters
    ----------
    scores
        Cities (index: city ids) × dimensions. NaN: the city is not scored there.
    membership
        `cluster`, `city_id`, `role`.
    known
        Of some dimensions, which cities have a score in every draw.

    Raises
    ------
    TierscapeError
        If no cluster has a scored city, or a city stands twice.
    """
    twice = scores.index[scores.index.duplicated()].unique()
    if len(twice):
        listed = ", ".join(map(str, twice[:10]))
        raise TierscapeError(f"a city has one row of scores; twice: {listed}.")
    inside = {
        (role, slug): scores.index.isin(ids)
        for role in ROLES
        for slug, ids in cluster_members(membership, role).items()
    }
    found = tuple(_groups(scores, inside, known))
    if not found:
        raise TierscapeError("no cluster has a scored city. Check the city ids of the membership.")
    return found


def _groups(
    scores: pd.DataFrame,
    inside: Mapping[tuple[str, str], BoolArray],
    known: Mapping[str, BoolArray],
) -> Iterator[Group]:
    for dimension in map(str, scores.columns):
        scored = np.isfinite(scores[dimension].to_numpy(dtype=np.float64))
        if dimension in known:
            scored &= known[dimension]
        for (role, slug), members in inside.items():
            cities = np.flatnonzero(members & scored)
            if len(cities):
                yield Group(dimension, role, slug, cities)


def known_in_all(draws: Draws) -> dict[str, BoolArray]:
    """Return for each dimension which cities have a score in every draw."""
    return {name: np.asarray(np.isfinite(drawn).all(axis=0)) for name, drawn in draws.items()}


def group_means(draws: Draws, groups: Sequence[Group]) -> FloatArray:
    """Return draws × groups: the mean of each group in each draw; NaN without draws.

    Cities are added up in their order, so that a draw has the same mean in whatever company it is
    taken.

    Examples
    --------
    >>> group = Group("total", "core", "alps", np.array([0, 2]))
    >>> group_means({"total": np.array([[1.0, 5.0, 2.0], [3.0, 5.0, 4.0]])}, [group])
    array([[1.5],
           [3.5]])
    """
    many = max(map(len, draws.values()), default=0)
    means = np.full((many, len(groups)), np.nan)
    across = {name: np.ascontiguousarray(drawn.T) for name, drawn in draws.items()}
    for number, group in enumerate(groups):
        if group.dimension in across:
            sums = np.cumsum(across[group.dimension][group.cities], axis=0)[-1]
            means[:, number] = sums / len(group.cities)
    return means


def together(
    scores: pd.DataFrame, groups: Sequence[Group]
) -> Iterator[tuple[dict[str, str], FloatArray, list[int]]]:
    """Yield dimension and role, the scores there, and the numbers of the groups."""
    numbers = range(len(groups))
    for (dimension, role), same in groupby(
        numbers, key=lambda number: (groups[number].dimension, groups[number].role)
    ):
        values = scores[dimension].to_numpy(dtype=np.float64)
        yield {"dimension": dimension, "role": role}, values, list(same)


def check_draws(scores: pd.DataFrame, draws: Draws) -> None:
    """Check that draws are of the dimensions and cities of the scores, and as many of each.

    Raises
    ------
    TierscapeError
        If not.
    """
    for name, drawn in draws.items():
        if name not in scores:
            raise UnknownNameError("dimension", name, map(str, scores.columns))
        if drawn.ndim != 2 or not len(drawn) or drawn.shape[1] != len(scores):
            shape = " × ".join(map(str, drawn.shape))
            raise TierscapeError(
                f"{name}: the draws are {shape}, not draws × {len(scores)} cities."
            )
    if len(set(map(len, draws.values()))) > 1:
        raise TierscapeError("every dimension has as many draws as the others.")
