"""A cluster against its reference sets: who is in them, and what the plain test says."""

import pickle
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd
import pytest

from tierscape.data.errors import DataError, UnknownNameError
from tierscape.scoring.bounds import permutation_p
from tierscape.scoring.reference_sets import against_reference
from tierscape.scoring.restricted import QUESTIONS, spatially_restricted
from tierscape.scoring.tasks import Arrays


def world(sizes: tuple[int, ...] = (6, 10, 14)) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return tiers, membership and cities of a made-up edition; the first cities are a cluster."""
    rng = np.random.default_rng(8)
    tier = np.repeat(np.arange(1, len(sizes) + 1), sizes)
    n, last = len(tier), np.cumsum(sizes)
    ids = [f"c{i:02}" for i in range(n)]
    tiers = pd.DataFrame(
        {
            "edition": "one",
            "dimension": "total",
            "city_id": ids,
            "name_published": "x",
            "label": "l",
            "tier": tier,
            "rank_best": (last - np.array(sizes) + 1)[tier - 1],
            "rank_worst": last[tier - 1],
            "n_cities": n,
        }
    )
    cities = pd.DataFrame(
        {
            "city_id": ids,
            "continent": np.where(np.arange(n) % 5 == 4, "Africa", "Asia"),
            "landform": np.where(np.arange(n) % 2 == 0, "coastal", "inland"),
            "lon": np.linspace(0, 60, n),
            "lat": rng.uniform(0, 20, n),
        }
    )
    rows = [("west", city, "core") for city in ids[:4]] + [("west", "c05", "extended")]
    rows += [("pair", city, "core") for city in ids[10:12]]
    rows += [("both", city, "core") for city in ids[13:18]]
    return tiers, pd.DataFrame(rows, columns=["cluster", "city_id", "role"]), cities


def test_a_reference_set_is_of_the_continent_and_without_the_cluster() -> None:
    tiers, membership, cities = world()
    found = against_reference(tiers, membership, cities).set_index(["cluster", "reference"])
    asia = cities[cities["continent"] == "Asia"]
    # c00 to c03 are Asian; c04 is African, and c05 an extended member.
    rest = asia[~asia["city_id"].isin(["c00", "c01", "c02", "c03", "c05"])]
    row = found.loc[("west", "rest")]
    assert (row["continents"], row["n_cluster"], row["n_reference"]) == ("Asia", 4, len(rest))
    coastal = rest[rest["landform"] == "coastal"]
    assert found.loc[("west", "coastal"), "n_reference"] == len(coastal)
    tier = tiers["tier"].to_numpy()
    members = tiers["city_id"].isin(["c00", "c01", "c02", "c03"]).to_numpy()
    p = permutation_p(tier, members, tiers["city_id"].isin(coastal["city_id"]).to_numpy())
    assert found.loc[("west", "coastal"), "p_value"] == p
    assert row["scores"] == "midranks of the tiers among the cities of both sets"
    # A cluster on two continents is held against both of them.
    assert found.loc[("both", "rest"), "continents"] == "Africa;Asia"
    assert found.loc[("both", "rest"), "n_reference"] == len(cities) - 5


def test_a_reference_comparison_of_the_worked_case() -> None:
    # R's coin, exact: 0.118141821062 for tiers (10, 15, 20, 25) against (8, 20, 40, 50).
    sizes = (18, 35, 60, 75)
    tiers, _, cities = world(sizes)
    start = np.cumsum((0, *sizes[:-1]))
    group = np.concatenate([s + np.arange(n) for s, n in zip(start, (10, 15, 20, 25), strict=True)])
    cities["continent"] = "Asia"
    membership = pd.DataFrame(
        {"cluster": "a", "city_id": tiers["city_id"].iloc[group], "role": "core"}
    )
    found = against_reference(tiers, membership, cities).set_index("reference").loc["rest"]
    assert (found["n_cluster"], found["n_reference"]) == (70, 118)
    assert found["p_value"] == pytest.approx(0.118141821062, abs=1e-11)


def test_small_and_empty_sets_say_why_there_is_no_p_value() -> None:
    tiers, membership, cities = world()
    found = against_reference(tiers, membership, cities).set_index("cluster")
    assert set(found.loc["pair", "note"]) == {"cluster: 2 cities, no p-value below 3"}
    assert found.loc["pair", "p_value"].isna().all()
    assert found.loc["pair", "difference"].notna().all()
    everyone = pd.DataFrame({"cluster": "all", "city_id": tiers["city_id"], "role": "core"})
    whole = against_reference(tiers, everyone, cities)
    assert set(whole["note"]) == {"reference: no city here"}
    assert whole["difference"].isna().all()
    both = spatially_restricted(tiers, everyone, cities)
    assert set(both["note"]) == {"reference: no city here"}


def test_p_values_are_adjusted_over_all_clusters_whichever_are_asked_for() -> None:
    tables = world()
    every, one = against_reference(*tables), against_reference(*tables, ["west"])
    assert set(one["cluster"]) == {"west"}
    for reference in ("coastal", "rest"):
        rows = every[every["reference"] == reference].set_index("cluster")
        smallest = rows["p_value"].idxmin()
        expected = min(2 * rows.loc[smallest, "p_value"], 1)
        assert rows.loc[smallest, "p_adjusted"] == pytest.approx(expected)
        mine = one.set_index("reference").loc[reference, "p_adjusted"]
        assert mine == rows.loc["west", "p_adjusted"]


def test_a_restricted_test_hangs_on_the_seed_only() -> None:
    tables = world()
    every = spatially_restricted(*tables, draws=99)
    one = spatially_restricted(*tables, ["west"], draws=99)
    rows = every[every["cluster"] == "west"].reset_index(drop=True)
    pd.testing.assert_frame_equal(rows, one)
    other = spatially_restricted(*tables, draws=99, seed=1)
    assert (other["p_spectral"] != every["p_spectral"])[every["note"] == ""].any()
    tested = every[every["note"] == ""]
    assert tested[["p_contiguous", "p_spectral"]].ge(1 / 100).all(axis=None)
    assert tested[["p_contiguous", "p_spectral"]].le(1).all(axis=None)


def test_what_is_missing_is_an_error_that_names_it() -> None:
    tiers, membership, cities = world()
    for function in (against_reference, spatially_restricted):
        with pytest.raises(UnknownNameError, match="Did you mean 'west'"):
            function(tiers, membership, cities, ["wets"])
        with pytest.raises(DataError, match="'c03'"):
            function(tiers, membership, cities[cities["city_id"] != "c03"])
        with pytest.raises(DataError, match="landform"):
            function(tiers, membership, cities.drop(columns="landform"))


def test_every_test_says_what_it_asks_in_both_languages() -> None:
    assert set(QUESTIONS) == {"plain", "contiguous", "spectral"}
    assert all(set(words) == {"en", "zh"} and all(words.values()) for words in QUESTIONS.values())


def test_restricted_tests_are_the_same_whatever_does_them() -> None:
    names = []

    def elsewhere(name: str, work: Callable[..., Arrays], tasks: Sequence[int]) -> Iterator[Arrays]:
        """Work, tasks and results go through bytes, as to another process; the last one first."""
        names.append((name, len(tasks)))
        sent = [pickle.dumps((work, task)) for task in reversed(tasks)]
        found = [pickle.dumps(one(task)) for one, task in map(pickle.loads, sent)]
        return (pickle.loads(each) for each in reversed(found))  # noqa: S301

    tables = world()
    here = spatially_restricted(*tables, draws=99)
    there = spatially_restricted(*tables, draws=99, mapped=elsewhere)
    pd.testing.assert_frame_equal(here, there)
    assert names == [("restricted tests", int((here["note"] == "").sum()))]
