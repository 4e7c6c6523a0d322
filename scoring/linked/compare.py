"""Groups of cities in two linked editions: who is ahead, by how much, and how sure that is."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from ...data.errors import TierscapeError, UnknownNameError
from ..aggregate import cluster_members
from ..bounds import difference_weights
from ..tiers import BoolArray, IntArray
from .bounds import linked_bounds, linked_dominates
from .draws import RankArray, draw_rankings, expected_ranks
from .link import Orders
from .order import LinkedOrder

#: Rankings drawn for a probability; its standard error is then at most 0.0025.
DRAWS = 40_000


@dataclass(frozen=True, slots=True)
class LinkedComparison:
    """Group A against group B in a linked order.

    Attributes
    ----------
    n_cities
        Cities that are ranked together; percentiles are among them.
    n_a, n_b, n_shared
        Cities of A, of B, and of both.
    difference
        Expected mean percentile of A less that of B if all rankings are equally likely; exact.
    difference_lower, difference_upper
        Its sharp bounds over all rankings that the order allows.
    certain, dominates
        Whether one group is ahead in every such ranking; and whether for any score scale.
    p_a_ahead
        P(d > 0) + ½ P(d = 0) if all rankings are equally likely.
    p_error
        Its standard error; 0 where it is certain.
    p_method
        `certain` (from the bounds) or `drawn` (independent exact draws).
    """

    n_cities: int
    n_a: int
    n_b: int
    n_shared: int
    difference: float
    difference_lower: float
    difference_upper: float
    certain: bool
    dominates: bool
    p_a_ahead: float
    p_error: float
    p_method: str


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """A linked order with its expected ranks and a sample of its rankings."""

    order: LinkedOrder
    expected: np.ndarray
    ranks: RankArray

    def difference(self, weight: IntArray, scale: int) -> np.ndarray:
        """Return a difference of mean percentiles in every ranking drawn."""
        used = weight != 0
        sums = self.ranks[:, used].astype(np.float64) @ weight[used]
        return np.asarray(-100 * sums / (self.order.n_cities * scale))


def ranked(order: LinkedOrder, *, draws: int = DRAWS, seed: int = 0) -> Ranked:
    """Return an order with what comparisons need, so that many can share it."""
    return Ranked(order, expected_ranks(order), draw_rankings(order, draws, seed=seed))


def compare_in(sample: Ranked, in_a: BoolArray, in_b: BoolArray) -> LinkedComparison:
    """Compare two groups in a linked order.

    Parameters
    ----------
    sample
        What `ranked` returns.
    in_a, in_b
        Membership of every city in the order's sequence; the groups may overlap.

    Raises
    ------
    TierscapeError
        If a group has no city in the order.

    Examples
    --------
    >>> from tierscape.scoring.linked.order import order_of
    >>> order = order_of(pd.Series({"a": 1, "b": 2}), pd.Series({"b": 1, "c": 2}))
    >>> found = compare_in(ranked(order, draws=10), order.members("a"), order.members("c"))
    >>> found.difference, found.certain, found.p_a_ahead
    (66.66..., True, 1.0)
    """
    for name, group in (("first", in_a), ("second", in_b)):
        if not group.any():
            raise TierscapeError(f"the {name} group has no city in the linked editions.")
    order = sample.order
    weight, scale = difference_weights(in_a, in_b)
    low, high = linked_bounds(order, weight)
    points = 100 / (order.n_cities * scale)
    certain = high < 0 or low > 0
    ahead, error = (float(high < 0), 0.0) if certain else _ahead(sample.difference(weight, scale))
    return LinkedComparison(
        n_cities=order.n_cities,
        n_a=int(in_a.sum()),
        n_b=int(in_b.sum()),
        n_shared=int((in_a & in_b).sum()),
        difference=float(-points * (weight @ sample.expected)),
        difference_lower=points * -high,
        difference_upper=points * -low,
        certain=certain,
        dominates=linked_dominates(order, weight if high < 0 else -weight),
        p_a_ahead=ahead,
        p_error=error,
        p_method="certain" if certain else "drawn",
    )


def _ahead(difference: np.ndarray) -> tuple[float, float]:
    """Return P(d > 0) + ½ P(d = 0) among draws, and its standard error."""
    score = (np.sign(np.round(difference, 9)) + 1) / 2
    return float(score.mean()), float(score.std() / math.sqrt(len(score)))


_HEAD = ("dimension", "cluster_a", "cluster_b", "variant")

_TYPES = {
    "n_cities": "Int64",
    "n_a": "Int64",
    "n_b": "Int64",
    "n_shared": "Int64",
    "difference": "float64",
    "difference_lower": "float64",
    "difference_upper": "float64",
    "certain": "boolean",
    "dominates": "boolean",
    "p_a_ahead": "float64",
    "p_error": "float64",
    "p_method": "str",
    "excluded": "str",
    "note": "str",
}


def compare_linked(
    orders: Orders,
    membership: pd.DataFrame,
    slugs: Sequence[str],
    *,
    role: str = "core",
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare clusters in the order that two editions of one rubric give together.

    Parameters
    ----------
    orders
        What `link_editions` returns.
    membership
        Table as in `membership.csv`.
    slugs
        Two or more clusters; the first of a pair is `cluster_a`.
    role
        `core`, or `all` for core and extended members.
    draws, seed
        How many rankings are drawn for a probability, and the seed.

    Returns
    -------
    pandas.DataFrame
        One row per dimension, variant and pair: `dimension`, `cluster_a`, `cluster_b`,
        `variant`, then as in `LinkedComparison` `n_cities`, `n_a`, `n_b`, `n_shared`,
        `difference`, `difference_lower`, `difference_upper` (percentile points among the linked
        cities), `certain`, `dominates`, `p_a_ahead`, `p_error`, `p_method`; `excluded` (ids of
        the cities left out, separated by blanks) and `note`.

    Raises
    ------
    UnknownNameError
        If a cluster or the role is unknown.
    TierscapeError
        If fewer than two clusters are given, or one twice.
    """
    groups = _groups(membership, slugs, role)
    rows = [
        _row((dimension, a, b, variant), sample, groups)
        for (dimension, variant), order in orders.items()
        for sample in [ranked(order, draws=draws, seed=seed)]
        for a, b in combinations(slugs, 2)
    ]
    return pd.DataFrame(rows, columns=[*_HEAD, *_TYPES]).astype(_TYPES)


def _groups(
    membership: pd.DataFrame, slugs: Sequence[str], role: str
) -> Mapping[str, frozenset[str]]:
    members = cluster_members(membership, role)
    for slug in slugs:
        if slug not in members:
            raise UnknownNameError("cluster", slug, members)
    if len(slugs) < 2 or len(set(slugs)) < len(slugs):
        raise TierscapeError("give two or more different clusters.")
    return {slug: members[slug] for slug in slugs}


def _row(
    head: tuple[str, str, str, str], sample: Ranked, groups: Mapping[str, frozenset[str]]
) -> dict[str, Any]:
    order = sample.order
    row: dict[str, Any] = dict(zip(_HEAD, head, strict=True))
    row |= {"excluded": " ".join(order.excluded), "note": ""}
    inside = {slug: order.members(groups[slug]) for slug in head[1:3]}
    absent = [slug for slug, group in inside.items() if not group.any()]
    if absent:
        return row | {"note": "; ".join(f"{slug}: no city here" for slug in absent)}
    return row | asdict(compare_in(sample, *inside.values()))
