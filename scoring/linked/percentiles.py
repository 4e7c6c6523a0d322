"""Clusters' mean percentiles among the cities of two linked editions."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..aggregate import cluster_members
from ..tiers import percentile
from .bounds import bounds_of_many
from .draws import expected_ranks
from .link import Orders
from .order import LinkedOrder


def linked_percentiles(
    orders: Orders, membership: pd.DataFrame, *, role: str = "core"
) -> pd.DataFrame:
    """Return every cluster's mean percentile among the cities of two linked editions.

    Parameters
    ----------
    orders
        What `link_editions` returns.
    membership
        Table as in `membership.csv`.
    role
        `core`, or `all` for core and extended members.

    Returns
    -------
    pandas.DataFrame
        One row per dimension, variant and cluster with members: `dimension`, `cluster`,
        `variant`, `n_cities` (that are linked), `n_members`, `percentile` (expected if all
        rankings are equally likely; exact), `percentile_lower`, `percentile_upper` (sharp).
        Not to be mixed with an edition's own percentiles: these are among other cities.

    Raises
    ------
    UnknownNameError
        If the role is unknown.
    """
    members = cluster_members(membership, role)
    rows = [
        (dimension, cluster, variant, *means)
        for (dimension, variant), order in orders.items()
        for cluster, means in _percentiles(order, members).items()
    ]
    columns = ["dimension", "cluster", "variant", "n_cities", "n_members"]
    names = ["percentile", "percentile_lower", "percentile_upper"]
    return pd.DataFrame(rows, columns=[*columns, *names])


def _percentiles(
    order: LinkedOrder, members: Mapping[str, frozenset[str]]
) -> dict[str, tuple[int, int, float, float, float]]:
    """Return the numbers of every cluster that has cities in the order."""
    inside = {slug: order.members(ids) for slug, ids in members.items()}
    present = {slug: group for slug, group in inside.items() if group.any()}
    if not present:
        return {}
    expected = expected_ranks(order)
    groups = np.array(list(present.values()), dtype=np.int64)
    sizes = groups.sum(axis=1)
    low, high = bounds_of_many(order, groups)
    means = [percentile(s / sizes, order.n_cities) for s in (groups @ expected, high, low)]
    return {
        slug: (order.n_cities, int(size), float(middle), float(lower), float(upper))
        for slug, size, middle, lower, upper in zip(present, sizes, *means, strict=True)
    }
