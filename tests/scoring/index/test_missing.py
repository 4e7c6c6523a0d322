"""What stands in for missing ratings, each rule by hand."""

import numpy as np
import pandas as pd
import pytest

from tierscape.data.errors import DataError, TierscapeError, UnknownNameError
from tierscape.data.score_records import Missing, Node
from tierscape.scoring.index.missing import fill_missing
from tierscape.scoring.index.tree import tree_of

TREE = tree_of(
    [Node("x", "", 1, "ladder", "", ""), Node("y", "", 1, "value", "", "", direction=-1)]
)
TABLE = pd.DataFrame(
    {"x": [1.0, 2.0, np.nan, 5.0], "y": [10.0, np.nan, 30.0, 50.0]}, index=list("ABCD")
)
CITIES = pd.DataFrame({"part": ["n", "n", "s", "s"]}, index=list("ABCD"))


def filled(missing: Missing, table: pd.DataFrame = TABLE, **other: object) -> pd.DataFrame:
    complete, mask, _ = fill_missing(table, missing, TREE, CITIES, **other)
    assert mask.equals(table.loc[complete.index].isna() & complete.notna())
    assert complete.where(~mask).equals(table.loc[complete.index])
    return complete


def test_drop_city() -> None:
    assert filled(Missing("drop-city")).index.tolist() == ["A", "D"]
    notes = fill_missing(TABLE, Missing("drop-city"), TREE, CITIES)[2]
    assert notes == ("B: not ranked, without y", "C: not ranked, without x")
    with pytest.raises(TierscapeError, match="leaves none"):
        filled(Missing("drop-city"), TABLE.loc[["B", "C"]])


def test_drop_indicator_leaves_the_gap() -> None:
    assert filled(Missing("drop-indicator")).equals(TABLE)
    empty = pd.concat([TABLE, pd.DataFrame({"x": [np.nan], "y": [np.nan]}, index=["E"])])
    with pytest.raises(DataError, match="'E': has no valid rating"):
        filled(Missing("drop-indicator"), empty)


def test_group_mean() -> None:
    complete = filled(Missing("group-mean", "part"))
    assert complete.loc["B", "y"] == 10
    assert complete.loc["C", "x"] == 5
    with pytest.raises(TierscapeError, match="no column 'region'"):
        filled(Missing("group-mean", "region"))
    with pytest.raises(DataError, match="part = n"):
        filled(Missing("group-mean", "part"), TABLE.drop(index="A"))


def test_nearest() -> None:
    # In x, of range 4, B lies 1/4 from A and 3/4 from D; in y C lies 1/2 from both.
    assert filled(Missing("nearest", neighbours=1)).loc["B", "y"] == 10
    assert filled(Missing("nearest", neighbours=2)).loc["B", "y"] == 30
    assert filled(Missing("nearest", neighbours=1)).loc["C", "x"] == 1
    assert filled(Missing("nearest", neighbours=9)).loc["C", "x"] == 3
    apart = pd.DataFrame({"x": [1.0, np.nan], "y": [np.nan, 2.0]}, index=["A", "B"])
    with pytest.raises(TierscapeError, match="none is near"):
        filled(Missing("nearest"), apart)


def test_nearest_as_brute_force_has_it() -> None:
    rng = np.random.default_rng(4)
    values = rng.normal(size=(40, 2))
    values[rng.random((40, 2)) < 0.2] = np.nan
    table = pd.DataFrame(values, columns=["x", "y"]).dropna(how="all")
    cities = pd.DataFrame(index=table.index)
    complete, mask, _ = fill_missing(table, Missing("nearest", neighbours=3), TREE, cities)
    span = table.max() - table.min()
    for city, name in zip(*np.nonzero(mask.to_numpy()), strict=True):
        own = table.iloc[city]
        donors = [
            (np.sqrt((((own - other) / span) ** 2).mean()), other.iloc[name])
            for place, (_, other) in enumerate(table.iterrows())
            if place != city and not np.isnan(other.iloc[name]) and (own + other).notna().any()
        ]
        expected = np.mean([value for _, value in sorted(donors)[:3]])
        assert complete.iloc[city, name] == pytest.approx(expected)


def test_lowest_step_is_the_ladders_or_the_worst_of_any_city() -> None:
    complete = filled(Missing("lowest-step"), lowest={"x": 0.0})
    assert complete.loc["C", "x"] == 0
    assert complete.loc["B", "y"] == 50


def test_unknown_rules_and_unrated_indicators() -> None:
    with pytest.raises(UnknownNameError, match="nearest"):
        filled(Missing("neighbours"))
    with pytest.raises(DataError, match="'y': no city has a valid rating"):
        filled(Missing("drop-indicator"), TABLE.assign(y=np.nan))
