"""The models of the tables: their terms, what they report, and what they refuse."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from tierscape.data.errors import DataError, TierscapeError, UnknownNameError
from tierscape.scoring.ordinal import fit_proportional_odds, proportionality_test
from tierscape.scoring.ordinal_models import MODELS, design, fit_models


def world(n: int = 90) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(5)
    ids = [f"c{i:02}" for i in range(n)]
    cities = pd.DataFrame(
        {
            "city_id": ids,
            "continent": [*(["Asia", "Europe"] * n)[: n - 3], "Africa", "Africa", "Oceania"],
            "landform": rng.choice(["coastal", "inland", "mountain"], n),
            "coast_km": rng.uniform(0, 900, n),
            "elevation_m": pd.array(rng.integers(0, 2000, n), dtype="Int64"),
            "population": rng.integers(10_000, 9_000_000, n),
        }
    )
    sizes = np.array([n // 6, n // 3, n - n // 6 - n // 3])
    tier, last = np.repeat([1, 2, 3], sizes), np.cumsum(sizes)
    tiers = pd.DataFrame(
        {
            "edition": "one",
            "dimension": "total",
            "city_id": rng.permutation(ids),
            "name_published": "x",
            "label": "l",
            "tier": tier,
            "rank_best": (last - sizes + 1)[tier - 1],
            "rank_worst": last[tier - 1],
            "n_cities": n,
        }
    )
    return tiers, cities


def test_a_row_is_the_fit_of_its_covariate() -> None:
    tiers, cities = world()
    found = fit_models(tiers, cities)
    ranked = cities.set_index("city_id").loc[tiers["city_id"]]
    x = pd.DataFrame(
        {
            "coast": ranked["coast_km"] / 100,
            "height": ranked["elevation_m"].astype(float) / 1000,
            "europe": ranked["continent"] == "Europe",
            "other": ranked["continent"].isin(["Africa", "Oceania"]),
            "doubled": np.log2(ranked["population"]),
        },
        dtype=float,
    )
    tier = tiers["tier"].to_numpy()
    fit = fit_proportional_odds(tier, x)
    rows = found[found["model"] == "distance"]
    assert rows["term"].tolist() == [
        *("coast_km", "elevation_m", "continent", "continent", "population"),
    ]
    assert rows["level"].tolist() == ["100 km", "1000 m", "Europe", "other", "doubled"]
    assert rows["base"].tolist() == ["", "", "Asia", "Asia", ""]
    np.testing.assert_allclose(rows["estimate"], fit.estimate, atol=1e-8)
    np.testing.assert_allclose(rows["odds_ratio"], np.exp(fit.estimate), atol=1e-7)
    np.testing.assert_allclose(
        np.log(rows["odds_ratio_upper"] / rows["odds_ratio_lower"]),
        2 * norm.ppf(0.975) * fit.std_error,
    )
    np.testing.assert_allclose(rows["p_value"], 2 * norm.sf(abs(fit.estimate / fit.std_error)))
    tested = proportionality_test(tier, x, ["europe", "other"])
    assert rows["proportionality_p"].tolist()[2:4] == pytest.approx([tested.p_value] * 2)
    inland = found[(found["model"] == "landform") & (found["term"] == "landform")]
    assert inland["level"].tolist() == ["coastal", "mountain"]
    assert set(inland["base"]) == {"inland"}


def test_landform_never_stands_beside_what_it_is_cut_from() -> None:
    tiers, cities = world()
    with pytest.raises(TierscapeError, match="tells the same thing twice"):
        fit_models(tiers, cities, {"both": ("landform", "coast_km")})
    with pytest.raises(TierscapeError, match="tells the same thing twice"):
        design(cities, ["elevation_m", "landform"])
    for terms in MODELS.values():
        design(cities, terms)


def test_a_model_that_cannot_be_fitted_says_why_in_one_row() -> None:
    tiers, cities = world()
    first = cities["city_id"].isin(tiers.loc[tiers["tier"] == 1, "city_id"])
    cities["landform"] = np.where(first, "mountain", "inland")
    found = fit_models(tiers, cities)
    row = found[found["model"] == "landform"]
    assert len(row) == 1
    assert "separates the tiers" in row["note"].iloc[0]
    assert row["estimate"].isna().all()
    assert found.loc[found["model"] == "distance", "estimate"].notna().all()


def test_a_category_that_all_share_is_left_out_by_name() -> None:
    tiers, cities = world()
    found = fit_models(tiers, cities.assign(continent="Asia"))
    left = found[found["estimate"].isna()]
    assert left["term"].tolist() == ["continent", "continent"]
    assert set(left["note"]) == {"the same for all cities: Asia"}


def test_two_tiers_have_no_test_of_proportionality() -> None:
    tiers, cities = world(40)
    sizes = np.array([15, 25])
    tier = np.repeat([1, 2], sizes)
    tiers = tiers.assign(tier=tier, rank_best=np.repeat([1, 16], sizes))
    tiers = tiers.assign(rank_worst=np.repeat([15, 40], sizes))
    found = fit_models(tiers, cities)
    assert found["proportionality_p"].isna().all()
    assert set(found["note"]) == {"two tiers have one cut: nothing to be proportional"}


def test_bad_cities_are_named() -> None:
    tiers, cities = world()
    wrong = cities.assign(population=cities["population"].where(cities["city_id"] != "c07", 0))
    with pytest.raises(DataError, match="c07"):
        fit_models(tiers, wrong)
    with pytest.raises(DataError, match="c07"):
        fit_models(tiers, cities[cities["city_id"] != "c07"])
    with pytest.raises(UnknownNameError, match="Did you mean 'coast_km'"):
        design(cities, ["coast"])
