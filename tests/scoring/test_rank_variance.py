"""The between-share of rank variance against all rankings that the tiers allow."""

from itertools import permutations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from tierscape.data.errors import TierscapeError
from tierscape.scoring import rank_variance
from tierscape.scoring.rank_variance import between_share, between_shares
from tierscape.scoring.tiers import TierTable

SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=3).filter(lambda n: sum(n) > 1)


def table_of(sizes: list[int]) -> TierTable:
    tier = np.repeat(np.arange(1, len(sizes) + 1), sizes)
    return TierTable(pd.Index([str(i) for i in range(len(tier))]), tier)


def all_shares(tier: np.ndarray, group: np.ndarray) -> np.ndarray:
    ranks = np.arange(1, len(tier) + 1)
    inside = group == np.unique(group)[:, np.newaxis]
    size = inside.sum(axis=1)
    orders = product(*(permutations(ranks[tier == t]) for t in np.unique(tier)))
    sums = np.array([inside @ np.concatenate(parts) for parts in orders])
    return ((sums / size - ranks.mean()) ** 2 @ size) / (len(ranks) * ranks.var())


@settings(deadline=None, max_examples=40)
@given(SIZES, st.data())
def test_the_share_in_every_ranking(sizes: list[int], data: st.DataObject) -> None:
    table = table_of(sizes)
    count = table.n_cities
    group = np.array(data.draw(st.lists(st.sampled_from("abc"), min_size=count, max_size=count)))
    shares = all_shares(table.tier, group)
    groups = pd.Series(group, index=table.city_ids)
    found = between_share(table, groups)
    assert found.share == pytest.approx(shares.mean(), abs=1e-9)
    assert found.share_upper == pytest.approx(shares.max(), abs=1e-9)
    assert found.share_lower <= shares.min() + 1e-9
    codes = pd.factorize(group)[0]
    centre, total = count * ((count + 1) / 2) ** 2, count * (count**2 - 1) / 12
    low, high = rank_variance._interval_bounds(table.tier, codes)  # noqa: SLF001 - many groups
    assert (low - centre) / total <= found.share_lower + 1e-9
    assert (high - centre) / total >= found.share_upper - 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_the_lower_bound_is_the_least_over_the_polytope(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = table_of([int(n) for n in rng.integers(3, 9, 3)])
    group = rng.choice(["a", "b", "c"], table.n_cities, p=[0.2, 0.3, 0.5])
    names, size = np.unique(group, return_counts=True)
    ranks = np.arange(1, table.n_cities + 1)

    def least(union: tuple[str, ...]) -> float:
        first = np.lexsort((~np.isin(group, union), table.tier))
        return float(ranks[np.isin(group[first], union)].sum())

    limits = [
        {"type": "ineq", "fun": lambda s, u=u: s[np.isin(names, u)].sum() - least(u)}
        for u in [*names, *(tuple(names[names != n]) for n in names)]
    ]
    limits.append({"type": "eq", "fun": lambda s: s.sum() - ranks.sum()})
    start = size * ranks.mean()
    solved = minimize(lambda s: (s**2 / size).sum(), start, constraints=limits, tol=1e-12)
    centre = table.n_cities * ranks.mean() ** 2
    share = (solved.fun - centre) / (ranks.var() * len(ranks))
    found = between_share(table, pd.Series(group, index=table.city_ids))
    assert found.share_lower == pytest.approx(share, abs=1e-6)


def test_extremes() -> None:
    table = table_of([2, 2])
    groups = pd.Series(["x", "x", "y", "y"], index=table.city_ids)
    found = between_share(table, groups)
    assert (found.share, found.share_lower, found.share_upper) == (0.8, 0.8, 0.8)
    assert (found.lower_method, found.upper_method) == ("exact", "exact")
    one = between_share(table, pd.Series("x", index=table.city_ids))
    assert (one.share, one.share_lower, one.share_upper) == (0, 0, 0)


def test_many_groups_are_bounded_from_outside() -> None:
    table = table_of([10, 30])
    groups = pd.Series([str(i // 2) for i in range(40)], index=table.city_ids)
    found = between_share(table, groups)
    assert (found.n_groups, found.lower_method, found.upper_method) == (20, "outer", "outer")
    assert 0 < found.share_lower < found.share < found.share_upper <= 1


def test_what_is_no_partition_is_an_error() -> None:
    table = table_of([2, 2])
    groups = pd.Series(["x", "x", "y", "y"], index=table.city_ids)
    with pytest.raises(TierscapeError, match="the groups overlap: 0 in more than one"):
        between_share(table, pd.concat([groups, groups[:1]]))
    with pytest.raises(TierscapeError, match="no group for 3"):
        between_share(table, groups[:3])
    with pytest.raises(TierscapeError, match="one city only"):
        between_share(table_of([1]), groups)


def test_every_dimension_has_its_row() -> None:
    tiers = pd.DataFrame(
        {
            "edition": "one",
            "dimension": np.repeat(["total", "digital"], 3),
            "city_id": list("abcacb"),
            "name_published": "x",
            "label": "l",
            "tier": [1, 2, 2] * 2,
            "rank_best": [1, 2, 2] * 2,
            "rank_worst": [1, 3, 3] * 2,
            "n_cities": 3,
        }
    )
    found = between_shares(tiers, pd.Series({"a": "x", "b": "x", "c": "y"}))
    assert found["dimension"].tolist() == ["total", "digital"]
    assert found["share"].tolist() == [0.375, 0.375]
