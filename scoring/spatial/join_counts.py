"""Join counts of categories: how often neighbours are of the same kind, or of two given kinds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...data.errors import TierscapeError
from ...geo.neighbours_record import Neighbours
from ..adjust import holm
from ..tasks import Mapped, one_by_one
from ..tiers import FloatArray
from .blocks import under
from .local_parts import standardised
from .map_law import Test
from .moments import WeightSums, normal_p, weight_sums
from .records import (
    Alternative,
    Permutations,
    check_alternative,
    check_permutations,
)
from .tails import p_of_hits, tails
from .whole_map import hits_of_maps

Ints = npt.NDArray[np.intp]
Categories = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class JoinCounts:
    """Join counts of every pair of categories; arrays have one entry per pair.

    Attributes
    ----------
    first, second
        The categories, in order; the same ones first.
    value, expected, variance, z
        ½ Σ w over joins of the pair, its mean and variance over all permutations, and
        (value − expected) / √variance.
    p_value, p_adjusted
        Of the alternative, and Holm's for the number of pairs.
    method, alternative
        How the p-values were had.
    notes
        How the neighbours were made.
    """

    first: Categories
    second: Categories
    value: FloatArray
    expected: FloatArray
    variance: FloatArray
    z: FloatArray
    p_value: FloatArray
    p_adjusted: FloatArray
    method: str
    alternative: str
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per pair of categories."""
        names = ("first", "second", "value", "expected", "variance", "z", "p_value", "p_adjusted")
        return pd.DataFrame({name: getattr(self, name) for name in names})


def join_counts(
    categories: Sequence[object],
    neighbours: Neighbours,
    *,
    test: Test,
    alternative: Alternative = "two-sided",
    mapped: Mapped = one_by_one,
) -> JoinCounts:
    """Return the join counts of all pairs of two or more categories.

    Parameters
    ----------
    categories : sequence of length n
        The category of every site, none missing.
    neighbours
        Sites and weights; weights of 1 make ½ Σ w the number of joins.
    test
        `normal`, from the mean and variance over all permutations, or `Permutations`.
    alternative
        `greater`: more joins than by chance.
    mapped
        What does the permutations, in blocks; the result is the same whatever does them.

    Returns
    -------
    JoinCounts
        Categories in sorted order (tiers as numbers).

    Raises
    ------
    TierscapeError
        If the lengths differ, a category is missing, there is one only, or fewer than four sites.

    References
    ----------
    Cliff, A. D., & Ord, J. K. (1981). Spatial processes, sections 1.4 and 2.4. Pion.

    Examples
    --------
    >>> from tierscape.geo.neighbours import within
    >>> from tierscape.geo.neighbours_sites import sites
    >>> line = sites([[x, 0] for x in range(6)], coincident="error", missing="error")
    >>> near = within(line, 112, islands="error")
    >>> join_counts([1, 1, 1, 2, 2, 2], near, test="normal").value.tolist()
    [2.0, 2.0, 1.0]
    """
    check_alternative(alternative)
    labels, kind = kinds_of(categories, neighbours)
    k, sums = len(labels), weight_sums(neighbours)
    pairs = [(a, a) for a in range(k)] + [(a, b) for a in range(k) for b in range(a + 1, k)]
    first, second = np.array(pairs, np.intp).T
    form = _form(kind, neighbours, (first, second))
    value = form.of(kind[None])[0]
    sizes = np.bincount(kind, minlength=k)
    moments = [_moments(sums, int(sizes[a]), int(sizes[b]), same=a == b) for a, b in pairs]
    expected, variance = np.array(moments, float).T
    z = standardised(value, expected, variance)
    if isinstance(test, Permutations):
        check_permutations(test)
        limits = tails(value, expected, sums.s0, alternative)
        hits = hits_of_maps(form, limits, test, under("join counts", mapped))
        p_values = p_of_hits(hits, test.count)
    elif test == "normal":
        p_values = np.array([normal_p(float(one), alternative) for one in z])
    else:
        raise TierscapeError(f"test is {test!r}; it is 'normal' or Permutations(count, seed).")
    return JoinCounts(
        first=labels[first],
        second=labels[second],
        value=value,
        expected=expected,
        variance=variance,
        z=z,
        p_value=p_values,
        p_adjusted=holm(p_values),
        method="permutation" if isinstance(test, Permutations) else "normal",
        alternative=alternative,
        notes=neighbours.notes,
    )


def kinds_of(categories: Sequence[object], neighbours: Neighbours) -> tuple[Categories, Ints]:
    """Return the categories in order, and the number of each site's; raise where there is none."""
    if len(categories) != len(neighbours):
        raise TierscapeError(f"{len(categories)} categories for {len(neighbours)} sites.")
    column = pd.Series(list(categories), dtype=object)
    if column.isna().any():
        absent = ", ".join(map(str, neighbours.ids[column.isna().to_numpy()][:5]))
        raise TierscapeError(f"sites without a category: {absent}. Leave them out with only().")
    codes, labels = pd.factorize(column, sort=True)
    if len(labels) < 2 or len(codes) < 4:
        raise TierscapeError(
            f"{len(labels)} categories of {len(codes)} sites: join counts need two or more "
            "categories, and four sites."
        )
    return np.asarray(labels, object), np.asarray(codes, np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class _Form:
    """½ Σ w over joins of pairs of categories, as functions of the numbers of the categories."""

    values: Ints
    rows: Ints
    columns: Ints
    weights: FloatArray
    pairs: tuple[Ints, Ints]

    def of(self, maps: Ints) -> FloatArray:
        """Return the counts of maps of shape (b, n), shape (b, pairs)."""
        k = int(self.pairs[0].max()) + 1
        code = maps[:, self.rows] * k + maps[:, self.columns]
        sums = [np.bincount(one, self.weights, k * k) for one in code]
        found = np.stack(sums).reshape(-1, k, k) / 2
        both = np.where(np.eye(k, dtype=bool), found, found + found.transpose(0, 2, 1))
        return np.asarray(both[:, *self.pairs])


def _form(kind: Ints, neighbours: Neighbours, pairs: tuple[Ints, Ints]) -> _Form:
    rows = np.repeat(np.arange(len(neighbours)), neighbours.counts)
    return _Form(kind, rows, neighbours.indices, neighbours.weights, pairs)


def _moments(w: WeightSums, a: int, b: int, *, same: bool) -> tuple[float, float]:
    """Return mean and variance of one join count over all permutations."""
    n2, n3, n4 = (float(np.prod([w.n - i for i in range(m)], dtype=float)) for m in (2, 3, 4))
    ends = w.s2 - 2 * w.s1
    apart = w.s0**2 + w.s1 - w.s2
    if same:
        mean = w.s0 * a * (a - 1) / (2 * n2)
        two, three = float(a * (a - 1)), float(a * (a - 1) * (a - 2))
        second = (w.s1 * two / n2 + ends * three / n3 + apart * three * (a - 3) / n4) / 4
    else:
        mean = w.s0 * a * b / n2
        two = 2 * w.s1 * a * b / n2
        three = ends * a * b * (a + b - 2) / n3
        second = (two + three + 4 * apart * a * (a - 1) * b * (b - 1) / n4) / 4
    return mean, max(second - mean**2, 0.0)
