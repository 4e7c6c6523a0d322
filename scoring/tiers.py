"""Tier bands: which ranks a tier spans, and what they are in percentiles."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..data.errors import DataError, Problem, TierscapeError, did_you_mean
from ..data.records import TIER_COLUMNS

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_TABLE = ["edition", "dimension"]


@dataclass(frozen=True, slots=True, eq=False)
class TierTable:
    """One dimension of one edition: its cities from the best tier to the last.

    Attributes
    ----------
    city_ids
        Index of the cities.
    tier
        The tier of each, ascending; 1 is best. The ranks of a tier follow from its position: the
        cities of tier `t` hold, in some order, the positions of `t` counted from 1.
    """

    city_ids: pd.Index
    tier: IntArray

    @property
    def n_cities(self) -> int:
        """Number of cities."""
        return len(self.tier)

    def members(self, ids: Iterable[str]) -> BoolArray:
        """Tell of each city whether it is among `ids`; ids of other cities do not count."""
        return np.asarray(self.groups([frozenset(ids)])[0])

    def groups(self, members: Iterable[frozenset[str]]) -> BoolArray:
        """Tell of many groups what `members` tells of one: shape (groups, cities)."""
        cities = self.city_ids.to_list()
        inside = [[city in group for city in cities] for group in members]
        return np.array(inside, dtype=np.bool_).reshape(-1, self.n_cities)


def percentile(rank: npt.ArrayLike, n_cities: int) -> FloatArray:
    """Return the percentile of ranks: 100 · (1 − (r − ½)/N).

    Parameters
    ----------
    rank
        Ranks, or means of ranks; 1 is best.
    n_cities
        Number of cities that are ranked.

    Returns
    -------
    numpy.ndarray
        Percentiles; 100 is best. Their mean over all ranks is 50.

    Examples
    --------
    >>> percentile([1, 2, 3, 4], 4)
    array([87.5, 62.5, 37.5, 12.5])
    """
    return 100.0 * (1.0 - (np.asarray(rank, dtype=np.float64) - 0.5) / n_cities)


def tier_sizes(tier: IntArray) -> IntArray:
    """Return the number of cities of tiers 1, 2, ….

    Examples
    --------
    >>> tier_sizes(np.array([1, 2, 2, 3]))
    array([1, 2, 1])
    """
    return np.bincount(tier)[1:]


def ridits(tier: IntArray) -> FloatArray:
    """Return the ridit of tiers 1, 2, …: the expected percentile of one of its cities.

    It is the percentile of the middle rank, whatever the order within the tier, because the
    ranks of a tier average to its middle.

    References
    ----------
    Bross, I. D. J. (1958). How to use ridit analysis. Biometrics 14, 18-38.

    Examples
    --------
    >>> ridits(np.array([1, 2, 2, 3]))
    array([87.5, 50. , 12.5])
    """
    sizes = tier_sizes(tier)
    middle = np.cumsum(sizes) - (sizes - 1) / 2
    return percentile(middle, len(tier))


def tier_table(tier_rows: pd.DataFrame) -> TierTable:
    """Return one dimension as arrays, cities sorted by tier and id.

    Parameters
    ----------
    tier_rows
        The rows of one edition and dimension of the tiers table; `city_id` and `tier` are read.

    Raises
    ------
    TierscapeError
        If there are no rows, or rows of several dimensions.
    """
    if tier_rows.empty:
        raise TierscapeError("the tiers table has no rows for this edition and dimension.")
    if any(len(set(tier_rows[name])) > 1 for name in _TABLE if name in tier_rows):
        raise TierscapeError("the rows are of several dimensions. Take one edition and dimension.")
    return sorted_table(
        zip(tier_rows["tier"].to_list(), tier_rows["city_id"].to_list(), strict=True)
    )


def tier_tables(tiers: pd.DataFrame) -> Iterator[tuple[str, str, TierTable]]:
    """Yield edition, dimension and table of every dimension, in the order of the rows."""
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    columns = (tiers[name].to_list() for name in (*_TABLE, "tier", "city_id"))
    for edition, dimension, tier, city in zip(*columns, strict=True):
        found.setdefault((str(edition), str(dimension)), []).append((tier, city))
    for (edition, dimension), rows in found.items():
        yield edition, dimension, sorted_table(rows)


def sorted_table(rows: Iterable[tuple[int, str]]) -> TierTable:
    """Return the table of tiers and cities."""
    tiers, cities = zip(*sorted(rows), strict=True)
    return TierTable(pd.Index(cities), np.array(tiers, dtype=np.int64))


def check_tiers(tiers: pd.DataFrame, source: str = "tiers.csv") -> None:
    """Check that a tiers table is one partition into consecutive bands per dimension.

    Parameters
    ----------
    tiers
        Table with the columns of `TIER_COLUMNS`.
    source
        What the messages call the table; a row is numbered as a line of that file.

    Raises
    ------
    DataError
        With every problem: a missing column or city, a city twice in a dimension, a tier that is
        no whole number from 1, an empty tier, ranks or a number of cities that the tiers do not
        give.
    """
    missing = [column for column in TIER_COLUMNS if column not in tiers]
    problems = [
        Problem(source, 1, name, "", "is missing", did_you_mean(name, map(str, tiers.columns)))
        for name in missing
    ]
    if not missing:
        rows = tiers.reset_index(drop=True)
        problems = [*_cell_problems(rows, source)] or [*_band_problems(rows, source)]
    if problems:
        raise DataError(problems)


def _cell_problems(tiers: pd.DataFrame, source: str) -> Iterator[Problem]:
    number = pd.to_numeric(tiers["tier"], errors="coerce")
    rules = (
        ("city_id", tiers["city_id"].isna() | (tiers["city_id"] == ""), "a city has an id", ""),
        (
            "city_id",
            tiers.duplicated([*_TABLE, "city_id"]),
            "a city stands once in a dimension",
            "Remove one of its rows.",
        ),
        ("tier", ~((number >= 1) & (number % 1 == 0)), "is a whole number from 1", "1 is best."),
    )
    for column, wrong, rule, remedy in rules:
        for row, value in tiers.loc[wrong, column].items():
            yield Problem(source, _line(row), column, str(value), rule, remedy)


def _band_problems(tiers: pd.DataFrame, source: str) -> Iterator[Problem]:
    for (edition, dimension), rows in tiers.groupby(_TABLE, sort=False):
        tier = rows["tier"].to_numpy(dtype=np.int64)
        where = f"{edition} {dimension}"
        sizes = tier_sizes(tier)
        for empty in np.flatnonzero(sizes == 0) + 1:
            yield Problem(source, None, "tier", str(empty), f"has no city in {where}")
        last = np.cumsum(sizes)
        expected = {
            "rank_best": (last - sizes + 1)[tier - 1],
            "rank_worst": last[tier - 1],
            "n_cities": np.full(len(rows), len(rows)),
        }
        for column, right in expected.items():
            wrong = (rows[column] != right).to_numpy()
            rule = f"is not what the tiers of {where} give"
            for (row, value), number in zip(rows[column][wrong].items(), right[wrong], strict=True):
                yield Problem(source, _line(row), column, str(value), rule, f"It is {number}.")


def _line(row: Hashable) -> int:
    """Return the line of a row in a file with one line of headings."""
    return int(str(row)) + 2
