"""Columns of texts for millions of rows: every text is held once, and a row is its number."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]
Texts = npt.NDArray[np.object_]


def joined(members: Bools, slugs: list[str]) -> pd.Series:
    """Return the slugs of each row's clusters, joined by a blank.

    Examples
    --------
    >>> joined(np.array([[True, True], [False, True]]), ["alps", "danube"]).tolist()
    ['alps danube', 'danube']
    """
    kinds, codes = np.unique(np.packbits(members, axis=1), axis=0, return_inverse=True)
    rows = np.unpackbits(kinds, axis=1, count=len(slugs)).astype(bool)
    texts = [" ".join(np.array(slugs, object)[row]) for row in rows]
    return _category(codes.ravel(), texts)


def named(rows: Ints, names: Texts) -> pd.Series:
    """Return the names of rows; places may share a name.

    Examples
    --------
    >>> named(np.array([2, 0, 2]), np.array(["Rome", "Paris", "Rome"], object)).tolist()
    ['Rome', 'Rome', 'Rome']
    """
    kinds, codes = np.unique(rows, return_inverse=True)
    name_codes, texts = pd.factorize(names[kinds])
    return _category(name_codes[codes], texts)


def _category(codes: Ints, texts: Iterable[str]) -> pd.Series:
    """Return texts by number, each kept once."""
    kinds = pd.Index(list(texts), dtype=object)
    return pd.Series(pd.Categorical.from_codes(codes, categories=kinds))


def stacked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return chunks as one table, their categories united."""
    if len(parts) == 1:
        return parts[0]
    columns: dict[str, object] = {}
    for name in parts[0].columns:
        pieces = [part[name] for part in parts]
        if isinstance(pieces[0].dtype, pd.CategoricalDtype):
            columns[name] = union_categoricals(pieces, sort_categories=True)
        else:
            columns[name] = pd.concat(pieces, ignore_index=True)
    return pd.DataFrame(columns)
