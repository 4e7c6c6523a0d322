"""The partial order that two tables with shared cities imply together."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...data.errors import TierscapeError
from ..tiers import BoolArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class LinkedOrder:
    """A partial order of cities, as three chains of blocks.

    Cities stand chain by chain: those with both tiers, those with the first only, those with the
    second only; within a chain from the best block to the last. Cities of one block have the
    same tiers and no order. A city is above another if some table says so, or if one table puts
    it above a shared city that the other table puts above the other.

    Attributes
    ----------
    city_ids
        Index of the cities.
    first, second
        Tier of each in the two editions; 0 where it has none.
    excluded
        Cities that were left out, because the editions contradict each other there.
    """

    city_ids: pd.Index
    first: IntArray
    second: IntArray
    excluded: tuple[str, ...] = ()

    @property
    def n_cities(self) -> int:
        """Number of cities that are ordered."""
        return len(self.city_ids)

    @property
    def chain(self) -> IntArray:
        """The chain of each city: 0 shared, 1 first edition only, 2 second edition only."""
        return np.where(self.second == 0, 1, np.where(self.first == 0, 2, 0))

    @property
    def block(self) -> IntArray:
        """Number of the block of each city, from 0 in the order of the cities."""
        new = (np.diff(self.first) != 0) | (np.diff(self.second) != 0)
        return np.concatenate([[0], np.cumsum(new)])[: self.n_cities].astype(np.int64)

    @property
    def n_classes(self) -> int:
        """Number of ordered classes that the shared cities form."""
        return len(np.unique(self.block[self.chain == 0]))

    def members(self, ids: Iterable[str]) -> BoolArray:
        """Tell of each city whether it is among `ids`; ids of other cities do not count."""
        return np.asarray(self.city_ids.isin(list(ids)), dtype=np.bool_)

    def above(self) -> BoolArray:
        """Tell of each pair of cities whether the first is above the second: a square array."""
        through = [
            self._reach(one, other)[:, np.newaxis] < other
            for one, other in ((self.first, self.second), (self.second, self.first))
        ]
        return self._said(self.first) | self._said(self.second) | through[0] | through[1]

    def _said(self, tier: IntArray) -> BoolArray:
        known = tier > 0
        return np.less.outer(tier, tier) & np.logical_and.outer(known, known)

    def _reach(self, one: IntArray, other: IntArray) -> IntArray:
        """Return the best tier in the other table of the shared cities that one puts below each.

        All that the other table puts below that tier is below the city: more steps through
        shared cities lead no further. Where there is no such city, it is a tier beyond all.
        """
        shared = self.chain == 0
        below = np.less.outer(one, one[shared]) & (one > 0)[:, np.newaxis]
        beyond = int(other.max(initial=0)) + 1
        return np.asarray(np.where(below, other[shared], beyond).min(axis=1, initial=beyond))


def rank_ranges(order: LinkedOrder) -> pd.DataFrame:
    """Return the best and the worst rank that each city can have.

    The cities above it rank before it in every ranking, and nobody else must, so both are met.

    Returns
    -------
    pandas.DataFrame
        `city_id`, `tier_first`, `tier_second` (0 where it has none), `rank_best`, `rank_worst`.

    Examples
    --------
    >>> order = order_of(pd.Series({"a": 1, "b": 2}), pd.Series({"b": 1, "c": 2}))
    >>> rank_ranges(order)["rank_worst"].tolist()
    [2, 1, 3]
    """
    above = order.above()
    return pd.DataFrame(
        {
            "city_id": order.city_ids,
            "tier_first": order.first,
            "tier_second": order.second,
            "rank_best": above.sum(axis=0) + 1,
            "rank_worst": order.n_cities - above.sum(axis=1),
        }
    )


def order_of(
    first: pd.Series,
    second: pd.Series,
    *,
    doubtful: Iterable[str] = (),
    believe: int | None = None,
) -> LinkedOrder:
    """Return the order that two tables imply, with doubtful cities left out or half believed.

    Parameters
    ----------
    first, second
        Tiers by city id; 1 is best.
    doubtful
        Cities in which the tables contradict each other, so that the others agree.
    believe
        0 or 1: doubtful cities keep only their tier in that table; None leaves them out.

    Raises
    ------
    TierscapeError
        If cities that are not doubtful are in opposite orders.

    Examples
    --------
    >>> order = order_of(pd.Series({"a": 1, "b": 2, "c": 2}), pd.Series({"b": 1, "c": 2, "d": 2}))
    >>> list(order.city_ids), order.n_classes
    (['b', 'c', 'a', 'd'], 2)
    >>> order.above().astype(int).tolist()
    [[0, 1, 0, 1], [0, 0, 0, 0], [1, 1, 0, 1], [0, 0, 0, 0]]
    """
    table = pd.DataFrame({"first": first, "second": second}).fillna(0).astype("int64")
    doubted = table.index.isin(list(doubtful))
    excluded = tuple(sorted(table.index[doubted])) if believe is None else ()
    if believe is None:
        table = table[~doubted]
    else:
        table.loc[doubted, "second" if believe == 0 else "first"] = 0
    table = table.assign(only=np.where(table["second"] == 0, 1, 2 * (table["first"] == 0)))
    table = table.rename_axis("city_id").reset_index()
    table = table.sort_values(["only", "first", "second", "city_id"])
    shared = table.loc[table["only"] == 0, "second"]
    if not shared.is_monotonic_increasing:
        raise TierscapeError("the tables contradict each other; name the doubtful cities.")
    return LinkedOrder(
        pd.Index(table["city_id"]),
        table["first"].to_numpy(dtype=np.int64),
        table["second"].to_numpy(dtype=np.int64),
        excluded,
    )
