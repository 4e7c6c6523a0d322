"""Hot spots of an edition's tiers."""

import numpy as np
import pandas as pd
import pytest

from tierscape.data.errors import TierscapeError
from tierscape.scoring.spatial.hot_spots import hot_spots


def table(n: int = 120, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cities round the antimeridian; those in the west mostly of the best tier."""
    rng = np.random.default_rng(seed)
    ids = [f"{number:03}" for number in range(n)]
    lon = rng.uniform(165, 195, n)
    cities = pd.DataFrame({"city_id": ids, "lon": lon, "lat": rng.uniform(-12, 12, n)})
    order = np.argsort(lon + rng.normal(0, 4, n))
    tier = np.empty(n, int)
    tier[order] = np.repeat([1, 2, 3, 4], n // 4)
    return cities, pd.DataFrame({"city_id": ids, "tier": tier})


def test_hot_in_the_west_and_cold_in_the_east() -> None:
    cities, rows = table()
    found = hot_spots(cities, rows).merge(cities, on="city_id").merge(rows, on="city_id")
    assert set(found["label"]) >= {"hot", "cold", "none"}
    hot, cold = (found[found["label"] == label] for label in ("hot", "cold"))
    assert hot["lon"].max() < cold["lon"].min()
    assert (hot["gi_star"] > 0).all()
    assert (cold["gi_star"] < 0).all()
    assert (hot["moran_local"] > 0).all()
    assert ((found["label"] != "none") == (found["p_adjusted"] <= 0.05)).all()
    assert (found["p_adjusted"] >= found["p_value"]).all()


def test_order_of_rows_and_other_cities_do_not_matter() -> None:
    cities, rows = table()
    far = pd.DataFrame({"city_id": ["x"], "lon": [180.0], "lat": [0.0]})
    mixed = pd.concat([far, cities.sample(frac=1, random_state=1)])
    again = hot_spots(mixed, rows.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(hot_spots(cities, rows), again)


def test_random_tiers_have_no_hot_spots() -> None:
    labelled = 0
    for seed in range(40):
        cities, rows = table(60, seed)
        tier = np.random.default_rng(seed).permutation(rows["tier"].to_numpy())
        labelled += (hot_spots(cities, rows.assign(tier=tier))["label"] != "none").any()
    assert labelled <= 6  # Two are expected at most; the band is that of 99.9 %.


def test_input_that_means_nothing() -> None:
    cities, rows = table()
    with pytest.raises(TierscapeError, match="1 site without coordinates: 007"):
        hot_spots(cities[cities["city_id"] != "007"], rows)
    assert len(hot_spots(cities[cities["city_id"] != "007"], rows, missing="drop")) == 119
    with pytest.raises(TierscapeError, match="stand twice in the cities table: 000"):
        hot_spots(pd.concat([cities, cities[:1]]), rows)
    with pytest.raises(TierscapeError, match="all 120 scores are 50"):
        hot_spots(cities, rows.assign(tier=1))
    with pytest.raises(TierscapeError, match="k is from 1 to 119"):
        hot_spots(cities, rows, k=120)
    with pytest.raises(TierscapeError, match="sites at the same place"):
        hot_spots(cities.assign(lon=1.0, lat=1.0), rows)
    with pytest.raises(TierscapeError, match="k is from 1 to 0"):
        hot_spots(cities, rows[:1].assign(tier=1))
