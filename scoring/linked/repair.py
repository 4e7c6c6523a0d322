"""Where two editions contradict each other, and the fewest cities that make them agree."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..tiers import BoolArray, IntArray

#: Smallest sets that are written out; their number is exact beyond it.
MOST_SETS = 10


@dataclass(frozen=True, slots=True)
class Repair:
    """The smallest sets of cities without which two tables agree.

    Attributes
    ----------
    sets
        The sets, each as sorted city ids; the first `MOST_SETS` if there are more. One empty set
        if the tables agree.
    n_sets
        Their number.
    doubtful
        Every city that is in at least one of them.
    """

    sets: tuple[tuple[str, ...], ...]
    n_sets: int
    doubtful: frozenset[str]

    @property
    def size(self) -> int:
        """Number of cities in a smallest set."""
        return len(self.sets[0])

    @property
    def unique(self) -> bool:
        """Tell whether there is only one."""
        return self.n_sets == 1


def shared_tiers(tiers: pd.DataFrame, dimension: str, first: str, second: str) -> pd.DataFrame:
    """Return the cities of both editions with their two tiers.

    Parameters
    ----------
    tiers
        `edition`, `dimension`, `city_id`, `name_published`, `tier`, `label`.
    dimension
        The table that both editions print.
    first, second
        Slugs of the editions.

    Returns
    -------
    pandas.DataFrame
        `city_id`, `name_published`, `tier`, `label` of the first edition, the latter three again
        with the ending `_second`; by first tier and id.
    """
    columns = ["city_id", "name_published", "tier", "label"]
    where = (tiers[name].to_list() for name in ("edition", "dimension", *columns))
    rows: dict[str, dict[str, list[Any]]] = {first: {}, second: {}}
    for edition, slug, city, *row in zip(*where, strict=True):
        if slug == dimension and edition in rows:
            rows[edition][city] = row
    one, two = rows[first], rows[second]
    both = [[city, *row, *two[city]] for city, row in one.items() if city in two]
    names = [*columns, *(f"{name}_second" for name in columns[1:])]
    both.sort(key=lambda row: (row[2], row[0]))
    return pd.DataFrame(both, columns=names)


def conflicts(shared: pd.DataFrame) -> pd.DataFrame:
    """Return every pair of cities that the two editions order strictly in reverse.

    Parameters
    ----------
    shared
        `city_id`, `tier`, `tier_second`, as from `shared_tiers`.

    Returns
    -------
    pandas.DataFrame
        `upper` and `lower`: the city that the first edition puts above, and the one below it,
        which the second edition puts above.

    Examples
    --------
    >>> shared = pd.DataFrame({"city_id": list("xyz"), "tier": [1, 1, 2], "tier_second": [1, 2, 1]})
    >>> conflicts(shared).to_dict("records")
    [{'upper': 'y', 'lower': 'z'}]
    """
    first, second = shared["tier"].to_numpy(), shared["tier_second"].to_numpy()
    upper, lower = np.nonzero(np.less.outer(first, first) & np.greater.outer(second, second))
    ids = shared["city_id"].to_numpy()
    return pd.DataFrame({"upper": ids[upper], "lower": ids[lower]})


def repair(shared: pd.DataFrame) -> Repair:
    """Find the smallest sets of cities whose removal leaves no contradictory pair.

    Cities with the same two tiers never contradict each other and contradict the same others, so
    a smallest set takes all of them or none. What stays is a chain of (tier, tier) cells in the
    product order; the heaviest chains, by number of cities, follow by dynamic programming, and
    so does their number. The result is exact.

    Parameters
    ----------
    shared
        `city_id`, `tier`, `tier_second`, as from `shared_tiers`.

    References
    ----------
    Gallai, T. (1958). Maximum-minimum Sätze über Graphen. Acta Mathematica Academiae Scientiarum
    Hungaricae 9, 395-434 (comparability graphs: chains, and the covers they leave).

    Examples
    --------
    >>> shared = pd.DataFrame({"city_id": list("xyz"), "tier": [1, 1, 2], "tier_second": [2, 2, 1]})
    >>> repair(shared)
    Repair(sets=(('z',),), n_sets=1, doubtful=frozenset({'z'}))
    """
    cells = shared.groupby(["tier", "tier_second"])["city_id"].agg(list)
    if cells.empty:
        return Repair(((),), 1, frozenset())
    places = np.array(cells.index.to_list(), dtype=np.int64)
    sizes = np.array([len(ids) for ids in cells], dtype=np.int64)
    above = (places[:, np.newaxis] <= places).all(axis=2) & ~np.eye(len(places), dtype=np.bool_)
    up, ways_up = _heaviest(above, sizes)
    down, ways_down = (found[::-1] for found in _heaviest(above.T[::-1, ::-1], sizes[::-1]))
    most = int(up.max())
    total = sum(int(ways_up[i]) for i in np.flatnonzero(up == most))
    on_one = up + down - sizes == most
    on_all = on_one & np.array([a * b == total for a, b in zip(ways_up, ways_down, strict=True)])
    sets = [
        tuple(sorted(city for i in range(len(cells)) if i not in kept for city in cells.iloc[i]))
        for kept, _ in zip(_chains(above, sizes, up), range(MOST_SETS), strict=False)
    ]
    doubtful = frozenset(city for i in np.flatnonzero(~on_all) for city in cells.iloc[i])
    return Repair(tuple(sorted(sets)), total, doubtful)


def _heaviest(above: BoolArray, sizes: IntArray) -> tuple[IntArray, np.ndarray]:
    """Return the weight of the heaviest chain that ends at each cell, and how many there are.

    Cells come in an order in which those above come first. Counts are whole numbers of any size.
    """
    best, ways = sizes.copy(), np.ones(len(sizes), dtype=object)
    for i in range(len(sizes)):
        before = np.flatnonzero(above[:i, i])
        if before.size:
            heaviest = best[before].max()
            best[i] += heaviest
            ways[i] = sum(ways[before[best[before] == heaviest]])
    return best, ways


def _chains(above: BoolArray, sizes: IntArray, best: IntArray) -> Iterator[frozenset[int]]:
    """Yield the heaviest chains as sets of cells."""
    ends = [(int(i), frozenset([int(i)])) for i in np.flatnonzero(best == best.max())]
    while ends:
        i, kept = ends.pop()
        left = int(best[i] - sizes[i])
        if not left:
            yield kept
            continue
        before = np.flatnonzero(above[:i, i] & (best[:i] == left))
        ends += [(int(j), kept | {int(j)}) for j in before]
