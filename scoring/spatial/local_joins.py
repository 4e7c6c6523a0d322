"""Local join counts: how many neighbours of a site are of its own kind."""

from collections.abc import Sequence

import numpy as np

from ...data.errors import TierscapeError
from ...geo.neighbours_record import Neighbours
from ..tiers import FloatArray
from .conditional import equal_weights, row_sums
from .exact import sum_law
from .join_counts import Ints, kinds_of
from .local_parts import standardised
from .moments import conditional_moments
from .records import Adjustment, Alternative, LocalResult, adjusted, check_alternative
from .tails import tails


def local_join_counts(
    categories: Sequence[object],
    neighbours: Neighbours,
    *,
    alternative: Alternative = "greater",
    adjust: Adjustment = "by",
) -> LocalResult:
    """Return of every site how many neighbours are of its own category, with exact p-values.

    Parameters
    ----------
    categories : sequence of length n
        The category of every site, none missing.
    neighbours
        Sites; the neighbours of a site weigh the same, and each counts as one.
    alternative
        `greater`: more of its own kind than by chance.
    adjust
        `by`, `bh` or `holm`.

    Returns
    -------
    LocalResult
        With its own category held, the number is hypergeometric. The label is the category.

    Raises
    ------
    TierscapeError
        As `join_counts`, or if the neighbours of a site differ in weight.

    References
    ----------
    Anselin, L., & Li, X. (2019). Operational local join count statistics for cluster detection.
    Journal of Geographical Systems 21, 189-210.

    Examples
    --------
    >>> from tierscape.geo.neighbours import within
    >>> from tierscape.geo.neighbours_sites import sites
    >>> line = sites([[x, 0] for x in range(6)], coincident="error", missing="error")
    >>> found = local_join_counts([1, 1, 1, 2, 2, 2], within(line, 112, islands="error"))
    >>> found.value.tolist(), found.p_value.round(3).tolist()
    ([1.0, 2.0, 1.0, 1.0, 2.0, 1.0], [0.4, 0.1, 0.7, 0.7, 0.1, 0.4])
    """
    check_alternative(alternative)
    labels, kind = kinds_of(categories, neighbours)
    if not equal_weights(neighbours):
        raise TierscapeError("local join counts need the neighbours of a site to weigh the same.")
    counts, n = neighbours.counts, len(kind)
    same = (np.repeat(kind, counts) == kind[neighbours.indices]).astype(float)
    share = (np.bincount(kind)[kind] - 1) / (n - 1)
    whole = counts.astype(float)
    expected, variance = conditional_moments((whole, whole), share, share * (1 - share), n - 1)
    alone = counts == 0
    value = np.where(alone, np.nan, row_sums(neighbours, same))
    p_values = _local_p(kind, counts, (value, expected), alternative)
    label = labels[kind].astype(str).astype(object)
    label[alone] = "island"
    return LocalResult(
        statistic="local join count",
        ids=neighbours.ids,
        value=value,
        expected=np.where(alone, np.nan, expected),
        variance=np.where(alone, np.nan, variance),
        z=standardised(value, expected, variance),
        p_value=p_values,
        p_adjusted=adjusted(p_values, adjust, shared=False),
        label=label,
        method="exact",
        alternative=alternative,
        adjustment=adjust,
        notes=neighbours.notes,
    )


def _local_p(
    kind: Ints, counts: Ints, found: tuple[FloatArray, FloatArray], alternative: str
) -> FloatArray:
    value, expected = found
    limits = tails(value, expected, 1.0, alternative)
    sizes, p_values = np.bincount(kind), np.full(len(kind), np.nan)
    for own, k in {(int(a), int(k)) for a, k in zip(kind, counts, strict=True) if k}:
        at = np.flatnonzero((kind == own) & (counts == k))
        others = (int(sizes[own]) - 1, len(kind) - int(sizes[own]))
        law = sum_law(others, np.array([1.0, 0.0]), k)
        p_values[at] = law.chance(limits.low[at], limits.high[at])
    return p_values
