"""Which tier of an edition a city would have that the edition does not rank."""

import numpy as np
import pandas as pd

from ..tiers import BoolArray, IntArray
from .draws import RankArray
from .order import LinkedOrder


def implied_tiers(order: LinkedOrder, tier: IntArray) -> pd.DataFrame:
    """Return the best and the worst tier that each city can have in one of the editions.

    A city below one of tier t is in tier t or a worse one, and one above it in t or a better one.

    Parameters
    ----------
    order
        The linked order.
    tier
        `order.first` or `order.second`: the tiers of the edition, 0 where it does not rank a city.

    Returns
    -------
    pandas.DataFrame
        `city_id`, `tier_best`, `tier_worst`.

    Examples
    --------
    >>> from tierscape.scoring.linked.order import order_of
    >>> order = order_of(pd.Series({"a": 1, "b": 2}), pd.Series({"b": 2, "c": 1, "d": 3}))
    >>> implied_tiers(order, order.second).set_index("city_id").loc["a"].tolist()
    [1, 2]
    """
    above, known = order.above(), tier > 0
    best = np.where(above, tier[:, np.newaxis], 1).max(axis=0)
    worst = np.where(above & known, tier, tier.max()).min(axis=1)
    return pd.DataFrame(
        {
            "city_id": order.city_ids,
            "tier_best": np.where(known, tier, best),
            "tier_worst": np.where(known, tier, worst),
        }
    )


def drawn_tiers(
    ranks: RankArray, tier: IntArray, cities: BoolArray | IntArray
) -> tuple[IntArray, IntArray]:
    """Return the best and the worst tier that cities can have in every ranking drawn.

    A city between the last of one tier and the first of the next can be in either: where the
    edition would have cut is not known.

    Parameters
    ----------
    ranks
        Rankings, as `draw_rankings` returns.
    tier
        The tiers of the edition, 0 where it does not rank a city.
    cities
        The cities asked for: a flag for each, or the places of some.

    Returns
    -------
    tuple of numpy.ndarray
        Best and worst tiers, both of the shape (draws, cities asked for).

    Examples
    --------
    >>> best, worst = drawn_tiers(np.array([[1, 2, 3]]), np.array([1, 0, 2]), np.ones(3, bool))
    >>> best.tolist(), worst.tolist()
    ([[1, 1, 2]], [[1, 2, 2]])
    """
    numbers = range(1, int(tier.max()) + 1)
    by_city = ranks.T
    mine = ranks[:, cities]
    last = [by_city[tier == number].max(axis=0) for number in numbers]
    first = [by_city[tier == number].min(axis=0) for number in numbers]
    # Before the first of the next tier, it can still be in this one; after the last, in the next.
    best = 1 + sum((mine >= start[:, np.newaxis]).astype(np.int64) for start in first[1:])
    worst = 1 + sum((mine > end[:, np.newaxis]).astype(np.int64) for end in last[:-1])
    return np.asarray(best), np.asarray(worst)
