"""Clusters take the draws of their cities; profiles and correlations agree with SciPy."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import linregress, rankdata, t

from tierscape.data.errors import TierscapeError, UnknownNameError
from tierscape.scoring.index.cluster_profile import correlations, group_profile, size_classes
from tierscape.scoring.index.cluster_scores import (
    DIFFERENCE_COLUMNS,
    SCORE_COLUMNS,
    cluster_differences,
    cluster_scores,
)

CITIES = [f"c{number}" for number in range(12)]


def membership() -> pd.DataFrame:
    rows = [("alps", city, "core") for city in CITIES[:4]]
    rows += [("alps", CITIES[4], "extended")]
    rows += [("baltic", city, "core") for city in CITIES[3:8]]
    rows += [("gulf", city, "core") for city in CITIES[8:10]]
    rows += [("gulf", CITIES[10], "extended"), ("empty", "elsewhere", "core")]
    return pd.DataFrame(rows, columns=["cluster", "city_id", "role"])


def example(seed: int) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    rng = np.random.default_rng(seed)
    scores = pd.DataFrame(rng.normal(50, 3, (12, 2)), index=CITIES, columns=["total", "digital"])
    draws = {
        name: scores[name].to_numpy() + rng.normal(0, 3, (40, 1)) + rng.normal(0, 2, (40, 12))
        for name in scores
    }
    return scores, draws


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6))
def test_ranks_and_intervals_are_those_of_each_draw(seed: int) -> None:
    scores, draws = example(seed)
    found = cluster_scores(scores, draws, membership(), edition="e", interval=0.8)
    core = found[(found["dimension"] == "digital") & (found["role"] == "all")]
    groups = [range(5), range(3, 8), range(8, 11)]
    means = np.array([[row[list(group)].mean() for group in groups] for row in draws["digital"]])
    ranks = np.array([rankdata(-row, method="min") for row in means])
    assert core["cluster"].tolist() == ["alps", "baltic", "gulf"]
    assert core["p_rank_1"].tolist() == pytest.approx((ranks == 1).mean(axis=0))
    for column, share in (("rank_lower", 0.1), ("rank_upper", 0.9)):
        expected = np.quantile(ranks, share, axis=0, method="inverted_cdf")
        assert core[column].tolist() == expected.tolist()
    plain = [scores["digital"].iloc[list(group)] for group in groups]
    assert core["rank"].tolist() == rankdata([-each.mean() for each in plain]).tolist()
    for column in ("mean", "median", "min", "max"):
        assert core[column].tolist() == pytest.approx([getattr(each, column)() for each in plain])
    assert core["sd"].tolist() == pytest.approx([each.std() for each in plain])


def test_rows_and_columns() -> None:
    scores, draws = example(1)
    found = cluster_scores(scores, draws, membership(), edition="e")
    assert tuple(found.columns) == SCORE_COLUMNS
    assert len(found) == 2 * 2 * 3  # The cluster without a scored city has no row.
    gulf = found[(found["cluster"] == "gulf") & (found["role"] == "core")]
    assert gulf[["rank", "rank_lower", "p_rank_1"]].isna().all(axis=None)
    assert set(gulf["note"]) == {"no rank below 3 cities"}
    ranked = found[(found["role"] == "core") & (found["dimension"] == "total")]
    assert ranked["p_rank_1"].sum() == pytest.approx(1.0)


def test_differences_keep_the_correlation_of_the_draws() -> None:
    # Every draw moves all cities alike: each cluster's mean is uncertain, their order is not.
    scores, _ = example(2)
    shift = np.random.default_rng(0).normal(0, 50, (30, 1))
    draws = {"total": scores["total"].to_numpy() + shift}
    found = cluster_differences(scores, draws, membership(), edition="e")
    assert tuple(found.columns) == DIFFERENCE_COLUMNS
    assert len(found) == 2 * 3
    assert (found["difference_upper"] - found["difference_lower"]).to_numpy() == pytest.approx(0)
    assert set(found["p_a_ahead"]) <= {0.0, 1.0}
    ranks = cluster_scores(scores, draws, membership(), edition="e")
    certain = ranks[(ranks["dimension"] == "total") & ranks["rank"].notna()]
    assert (certain["rank_lower"] == certain["rank_upper"]).all()


def test_difference_is_that_of_the_means() -> None:
    scores, draws = example(3)
    found = cluster_differences(scores, draws, membership(), edition="e", interval=0.9)
    row = found[(found["dimension"] == "total") & (found["role"] == "core")].iloc[0]
    a, b = scores["total"].iloc[:4].mean(), scores["total"].iloc[3:8].mean()
    gap = draws["total"][:, :4].mean(axis=1) - draws["total"][:, 3:8].mean(axis=1)
    assert row["difference"] == pytest.approx(a - b)
    assert row["p_a_ahead"] == pytest.approx((gap > 0).mean())
    assert row["difference_lower"] == pytest.approx(np.quantile(gap, 0.05))
    assert (row["n_a"], row["n_b"], row["n_shared"]) == (4, 5, 1)


def test_all_cities_tied_share_the_first_rank_and_half_the_odds() -> None:
    scores = pd.DataFrame({"total": 5.0}, index=CITIES)
    draws = {"total": np.full((10, 12), 5.0)}
    found = cluster_scores(scores, draws, membership(), edition="e")
    assert set(found["rank"].dropna()) == {1}
    assert set(found["p_rank_1"].dropna()) == {1.0}
    gaps = cluster_differences(scores, draws, membership(), edition="e")
    assert set(gaps["p_a_ahead"]) == {0.5}


def test_a_city_without_a_score_does_not_count() -> None:
    scores, draws = example(4)
    scores.loc["c0", "total"] = np.nan
    draws["digital"][3, 1] = np.nan
    found = cluster_scores(scores, draws, membership(), edition="e")
    alps = found[(found["cluster"] == "alps") & (found["role"] == "core")]
    assert alps["n_cities"].tolist() == [3, 3]
    assert alps["mean"].iloc[0] == pytest.approx(scores["total"].iloc[1:4].mean())


def test_without_draws_there_is_a_rank_and_no_interval() -> None:
    scores, _ = example(5)
    found = cluster_scores(scores, {}, membership(), edition="e")
    assert found["rank"].notna().any()
    assert found["rank_lower"].isna().all()
    assert cluster_differences(scores, {}, membership(), edition="e").empty


def test_bad_input_is_named() -> None:
    scores, draws = example(6)
    with pytest.raises(TierscapeError, match="no cluster has a scored city"):
        cluster_scores(scores.rename(index="x{}".format), draws, membership(), edition="e")
    with pytest.raises(TierscapeError, match="twice: c0"):
        cluster_scores(pd.concat([scores, scores.iloc[:1]]), {}, membership(), edition="e")
    with pytest.raises(UnknownNameError, match="Did you mean"):
        cluster_scores(scores, {"totl": draws["total"]}, membership(), edition="e")
    with pytest.raises(TierscapeError, match="not draws × 12 cities"):
        cluster_scores(scores, {"total": draws["total"][:, :5]}, membership(), edition="e")


def test_profile_by_group_and_size() -> None:
    scores, _ = example(7)
    people = pd.Series(np.linspace(1e5, 9e6, 12), index=CITIES)
    classes = size_classes(people, [1e6, 5e6], ["small", "middle", "large"])
    found = group_profile(scores, classes)
    assert found["group"].tolist() == ["small", "middle", "large", "all"] * 2
    middle = scores["digital"][(people >= 1e6) & (people < 5e6)]
    row = found[(found["node"] == "digital") & (found["group"] == "middle")].iloc[0]
    assert row["n_cities"] == len(middle)
    assert row["mean"] == pytest.approx(np.mean(middle))
    assert row["sd"] == pytest.approx(np.std(middle, ddof=1))
    assert row["variation"] == pytest.approx(np.std(middle, ddof=1) / np.mean(middle))
    with pytest.raises(TierscapeError, match="no city has a group"):
        group_profile(scores, pd.Series({"elsewhere": "x"}))
    with pytest.raises(TierscapeError, match="may not be called"):
        group_profile(scores, pd.Series("all", index=CITIES))
    with pytest.raises(TierscapeError, match="rising bounds"):
        size_classes(people, [5e6, 1e6], ["a", "b", "c"])


def test_correlations_against_regression_and_ranks() -> None:
    scores, _ = example(8)
    gdp = pd.Series(np.random.default_rng(1).lognormal(size=12), index=CITIES)
    gdp["c3"] = np.nan
    scores["flat"] = 1.0
    found = correlations(scores, gdp).set_index("node")
    kept = gdp.notna()
    x, y = gdp[kept], scores.loc[kept, "total"]
    line = linregress(x, y)
    assert found.loc["total", "n_cities"] == 11
    assert found.loc["total", "pearson"] == pytest.approx(line.rvalue)
    assert found.loc["total", "pearson_p"] == pytest.approx(line.pvalue)
    rho = np.corrcoef(rankdata(x), rankdata(y))[0, 1]
    assert found.loc["total", "spearman"] == pytest.approx(rho)
    p = 2 * t.sf(abs(rho) * np.sqrt(9 / (1 - rho**2)), 9)
    assert found.loc["total", "spearman_p"] == pytest.approx(p)
    assert found.loc["flat", "note"] == "one value throughout"
    assert np.isnan(found.loc["flat", "pearson"])
    assert set(correlations(scores, gdp.head(2))["note"]) == {"fewer than 3 cities"}


def test_covariate_that_is_no_number_is_named() -> None:
    scores, _ = example(9)
    with pytest.raises(TierscapeError, match="c1: 'rich'"):
        correlations(scores, pd.Series({"c0": "1", "c1": "rich"}))
    with pytest.raises(TierscapeError, match="no city has a covariate"):
        correlations(scores, pd.Series({"elsewhere": 1.0}))
