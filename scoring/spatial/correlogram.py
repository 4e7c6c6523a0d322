"""Moran's I by distance: how far likeness reaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...data.errors import TierscapeError
from ...geo.neighbours import between
from ...geo.neighbours_sites import Sites
from ..adjust import holm
from ..tasks import Mapped, one_by_one
from .blocks import under
from .inputs import Missing
from .map_law import Test
from .overall import moran
from .records import Alternative, GlobalResult


@dataclass(frozen=True, slots=True, eq=False)
class Correlogram:
    """Moran's I in bins of distance.

    Attributes
    ----------
    edges_km
        Where the bins begin and end, ascending.
    pairs
        Pairs of sites in each bin.
    results
        Moran's I of each bin; None for a bin without pairs.
    """

    edges_km: tuple[float, ...]
    pairs: tuple[int, ...]
    results: tuple[GlobalResult | None, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per bin, with Holm's p-values for the number of bins."""
        names = ("value", "expected", "variance", "z", "p_value")
        table = pd.DataFrame(
            {"low_km": self.edges_km[:-1], "high_km": self.edges_km[1:], "pairs": self.pairs}
        )
        for name in names:
            table[name] = [np.nan if r is None else getattr(r, name) for r in self.results]
        return table.assign(p_adjusted=holm(table["p_value"]))


def correlogram(  # noqa: PLR0913 - those of Moran's I, the places and the edges
    values: npt.ArrayLike,
    places: Sites,
    edges_km: Sequence[float],
    *,
    test: Test,
    missing: Missing,
    alternative: Alternative = "two-sided",
    mapped: Mapped = one_by_one,
) -> Correlogram:
    """Return Moran's I among pairs of sites in bins of great-circle distance.

    Parameters
    ----------
    values : array-like of shape (n,)
        A score per site.
    places
        The sites.
    edges_km
        Edges of the bins, ascending from 0 or more; a bin is (low, high], the first one that
        begins at 0 has coincident sites too.
    test, missing, alternative, mapped
        As `moran`.

    Raises
    ------
    TierscapeError
        If the edges do not ascend, or as `moran`.

    References
    ----------
    Cliff, A. D., & Ord, J. K. (1981). Spatial processes, section 5.3. Pion.

    Examples
    --------
    >>> from tierscape.geo.neighbours_sites import sites
    >>> line = sites([[x, 0] for x in range(6)], coincident="error", missing="error")
    >>> bins = correlogram([1, 1, 1, 3, 3, 3], line, [0, 112, 300], test="normal", missing="error")
    >>> bins.to_frame()["value"].round(3).tolist()
    [0.6, 0.0]
    """
    edges = [float(edge) for edge in edges_km]
    if len(edges) < 2 or edges[0] < 0 or not (np.diff(edges) > 0).all():
        raise TierscapeError(f"edges {edges} do not ascend from 0 or more: give two or more.")
    pairs: list[int] = []
    results: list[GlobalResult | None] = []
    for low, high in pairwise(edges):
        near = between(places, low, high)
        pairs.append(len(near.indices) // 2)
        each = under(f"{low:g} to {high:g} km", mapped)
        found = partial(moran, values, near, test=test, missing=missing, alternative=alternative)
        results.append(found(mapped=each) if pairs[-1] else None)
    return Correlogram(tuple(edges), tuple(pairs), tuple(results))
