"""Cells of tables as JSON holds them, against a look at each cell alone; polygons as steps."""

import json

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from tierscape.maps.cells import plain_column, plain_rows, rounded, texts
from tierscape.maps.rings import polygon_rings

COLUMNS = [
    pd.Series([1.5, np.nan, -0.0]),
    pd.Series([1, 2, 3], dtype="int32"),
    pd.Series([1, None, 3], dtype="Int64"),
    pd.Series(["a", None, "雪"], dtype="str"),
    pd.Series([True, None, False], dtype="boolean"),
    pd.Series([np.int64(1), None, np.float64("nan")], dtype=object),
]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: str(column.dtype))
def test_cells_are_what_json_holds(column: pd.Series) -> None:
    cells = plain_column(column)
    assert json.loads(json.dumps(cells, allow_nan=False)) == cells
    assert [cell is None for cell in cells] == column.isna().tolist()
    assert [cell for cell in cells if cell is not None] == column.dropna().tolist()
    assert not any(isinstance(cell, np.generic) for cell in cells)
    assert texts(column) == ["" if cell is None else str(cell) for cell in cells]


def test_rows_keep_the_order_of_columns_and_an_empty_table_has_none() -> None:
    table = pd.DataFrame({"b": [1, 2], "a": [None, "x"]})
    assert [list(row.items()) for row in plain_rows(table)] == [
        [("b", 1), ("a", None)],
        [("b", 2), ("a", "x")],
    ]
    assert plain_rows(table.iloc[:0]) == plain_rows(pd.DataFrame()) == []


def test_halves_round_as_python_rounds_them() -> None:
    assert [rounded(number, 2) for number in (0.125, 2.675, None)] == [0.12, 2.67, None]


coordinate = st.integers(-500, 500).map(lambda number: number / 250)
ring = st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=8)


def one_by_one(shape: Polygon) -> list[list[int]]:
    """Return the rings of a polygon as steps, point after point."""
    found = []
    for line in (shape.exterior, *shape.interiors):
        points = [(round(100 * x), round(100 * y)) for x, y in line.coords[:-1]]
        kept = [p for at, p in enumerate(points) if at == 0 or p != points[at - 1]]
        before = [(0, 0), *kept]
        steps = [
            b - a for pair in zip(before, kept, strict=False) for a, b in zip(*pair, strict=True)
        ]
        found += [steps] if len(kept) > 3 else []
    return found


@given(st.lists(ring, max_size=4), st.integers(0, 1))
def test_steps_are_those_of_each_ring_alone(
    outlines: list[list[tuple[float, float]]], holed: int
) -> None:
    holes = [[(-1, -1), (-1, 1), (1, 1), (1, -1)]]
    polygons = [Polygon(points) for points in outlines]
    polygons += [Polygon(box(-9, -9, 9, 9).exterior, holes)] * holed
    expected = [steps for polygon in polygons for steps in one_by_one(polygon)]
    assert polygon_rings(polygons) == expected
    assert polygon_rings([shapely.MultiPolygon(polygons)] if polygons else []) == expected
