"""Cells of tables as JSON can hold them: what is missing is None, numpy is Python."""

from typing import Any

import numpy as np
import pandas as pd


def plain_column(column: pd.Series) -> list[Any]:
    """Return the cells of a column.

    Examples
    --------
    >>> plain_column(pd.Series([1.5, float("nan")])), plain_column(pd.Series(["a", None]))
    ([1.5, None], ['a', None])
    """
    return [
        None if missing else cell.item() if isinstance(cell, np.generic) else cell
        for cell, missing in zip(column.tolist(), column.isna().tolist(), strict=True)
    ]


def plain_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, each with its cells by column.

    Examples
    --------
    >>> plain_rows(pd.DataFrame({"n": [1, 2], "label": ["a", None]}))
    [{'n': 1, 'label': 'a'}, {'n': 2, 'label': None}]
    """
    names = [str(name) for name in table.columns]
    columns = [plain_column(table[name]) for name in table.columns]
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]


def texts(column: pd.Series) -> list[str]:
    """Return the cells of a column as text; a missing one is empty.

    Examples
    --------
    >>> texts(pd.Series([1, None], dtype="Int64"))
    ['1', '']
    """
    return ["" if cell is None else str(cell) for cell in plain_column(column)]


def rounded(number: float | None, decimals: int) -> float | None:
    """Return a rounded number, or None for a missing one.

    Examples
    --------
    >>> rounded(1.26, 1), rounded(None, 1)
    (1.3, None)
    """
    return None if number is None else round(float(number), decimals)
