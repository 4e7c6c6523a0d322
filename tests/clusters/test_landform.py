"""The landform of cities by the written rule."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierscape.clusters.landform import COASTAL_KM, classify, landform_counts
from tierscape.data.errors import DataError


def one(
    coast_km: float,
    shore_kind: str,
    lake_km: float,
    mountain: bool,  # noqa: FBT001 - a column's value
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "coast_km": [coast_km],
            "shore_kind": [shore_kind],
            "lake_km": [lake_km],
            "mountain": [mountain],
        },
    )


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (one(10, "sea", 900, mountain=False), ("coastal", "sea", False)),
        (one(10, "estuary", 5, mountain=False), ("coastal", "estuary", False)),
        (one(10, "sea", 900, mountain=True), ("coastal", "sea", True)),
        (one(400, "sea", 49, mountain=False), ("coastal", "lake", False)),
        (one(400, "estuary", 49, mountain=True), ("coastal", "lake", True)),
        (one(400, "sea", 51, mountain=True), ("mountain", "", False)),
        (one(50.001, "sea", 50.001, mountain=False), ("inland", "", False)),
        (one(COASTAL_KM, "sea", 900, mountain=False), ("coastal", "sea", False)),
    ],
)
def test_by_hand(table: pd.DataFrame, expected: tuple[str, str, bool]) -> None:
    found = classify(table)
    assert tuple(found.loc[0, ["landform", "shore", "coast_and_mountain"]]) == expected


KM = st.floats(0, 20_000)
ROWS = st.lists(st.tuples(KM, st.sampled_from(["sea", "estuary"]), KM, st.booleans()), max_size=8)


@given(rows=ROWS)
def test_every_city_has_one_landform_and_coasts_have_a_shore(
    rows: list[tuple[float, str, float, bool]],
) -> None:
    table = pd.DataFrame(rows, columns=["coast_km", "shore_kind", "lake_km", "mountain"])
    table["mountain"] = table["mountain"].astype(bool)
    found = classify(table)
    assert found["landform"].isin(["coastal", "mountain", "inland"]).all()
    assert ((found["shore"] != "") == (found["landform"] == "coastal")).all()
    assert (found["coast_and_mountain"] <= found["mountain"]).all()
    assert list(found.columns[: len(table.columns)]) == list(table.columns)


def test_faults_are_named_together() -> None:
    table = one(10, "sea", 900, mountain=True).drop(columns="lake_km")
    with pytest.raises(DataError) as caught:
        classify(table.assign(coast_km=[None]))
    told = [(problem.column, problem.rule) for problem in caught.value.problems]
    assert told == [
        ("coast_km", "the value of row 0 is missing"),
        ("lake_km", "the column is missing; the landform needs it"),
    ]


def test_a_river_is_no_shore() -> None:
    with pytest.raises(DataError, match="must be sea or estuary"):
        classify(one(10, "river", 900, mountain=True))


@given(rows=ROWS)
def test_counts_under_either_precedence(rows: list[tuple[float, str, float, bool]]) -> None:
    table = pd.DataFrame(rows, columns=["coast_km", "shore_kind", "lake_km", "mountain"])
    counts = landform_counts(classify(table.assign(mountain=table["mountain"].astype(bool))))
    first, other = counts["coast_first"], counts["mountain_first"]
    assert sum(first.values()) == sum(other.values()) == len(rows)
    assert first["inland"] == other["inland"]
    assert other["mountain"] == sum(row[3] for row in rows)
