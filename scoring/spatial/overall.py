"""Statistics of a whole map: Moran's I, Geary's C, Getis and Ord's G."""

import numpy as np
import numpy.typing as npt

from ...data.errors import TierscapeError
from ...geo.neighbours_record import Neighbours
from ..tasks import Mapped, one_by_one
from .inputs import Missing, scored
from .map_law import CrossProducts, MapLaw, Test, judged
from .moments import g_variance, geary_variance, moran_variance, weight_sums
from .records import Alternative, GlobalResult
from .whole_map import compact


def moran(
    values: npt.ArrayLike,
    neighbours: Neighbours,
    *,
    test: Test,
    missing: Missing,
    alternative: Alternative = "two-sided",
    mapped: Mapped = one_by_one,
) -> GlobalResult:
    """Return Moran's I: whether neighbours are alike.

    Parameters
    ----------
    values : array-like of shape (n,)
        A score per site, in the order of `neighbours.ids`.
    neighbours
        Sites and weights.
    test
        `normal`, from the mean and variance over all permutations, or `Permutations`.
    missing
        Sites without a score: `error`, or `drop` them from the map.
    alternative
        `greater`: neighbours are alike; `less`: they are unlike.
    mapped
        What does the permutations, in blocks; the result is the same whatever does them.

    Returns
    -------
    GlobalResult
        I = n / S₀ · Σ_ij w_ij z_i z_j / Σ z², E I = −1 / (n − 1). Islands add nothing but count
        in n.

    Raises
    ------
    TierscapeError
        If the scores or the neighbours break their rules, or the test is unknown.

    References
    ----------
    Moran, P. A. P. (1950). Notes on continuous stochastic phenomena. Biometrika 37, 17-23.
    Cliff, A. D., & Ord, J. K. (1981). Spatial processes. Pion.

    Examples
    --------
    >>> from tierscape.geo.neighbours import nearest
    >>> from tierscape.geo.neighbours_sites import sites
    >>> line = sites([[x, 0] for x in range(6)], coincident="error", missing="error")
    >>> found = moran([1, 1, 1, 3, 3, 3], nearest(line, 2), test="normal", missing="error")
    >>> round(found.value, 6), round(found.p_value, 4)
    (0.666667, 0.0149)
    """
    scores, sites = scored(values, neighbours, missing)
    z = scores - scores.mean()
    w = weight_sums(sites)
    form = CrossProducts(z, compact(sites), w.n / (w.s0 * float(z @ z)))
    law = MapLaw("Moran I", form, -1 / (w.n - 1), moran_variance(z, w))
    return judged(law, sites, (test, alternative), mapped)


def geary(
    values: npt.ArrayLike,
    neighbours: Neighbours,
    *,
    test: Test,
    missing: Missing,
    alternative: Alternative = "two-sided",
    mapped: Mapped = one_by_one,
) -> GlobalResult:
    """Return Geary's C: how far neighbours are from each other in score.

    Parameters
    ----------
    values, neighbours, test, missing
        As `moran`.
    alternative
        `less`: neighbours are alike; `greater`: they are unlike.
    mapped
        As `moran`.

    Returns
    -------
    GlobalResult
        C = (n − 1) / 2S₀ · Σ_ij w_ij (z_i − z_j)² / Σ z², E C = 1.

    Raises
    ------
    TierscapeError
        As `moran`.

    References
    ----------
    Geary, R. C. (1954). The contiguity ratio and statistical mapping. The Incorporated
    Statistician 5, 115-145.

    Examples
    --------
    >>> from tierscape.geo.neighbours import nearest
    >>> from tierscape.geo.neighbours_sites import sites
    >>> line = sites([[x, 0] for x in range(6)], coincident="error", missing="error")
    >>> found = geary([1, 1, 1, 3, 3, 3], nearest(line, 2), test="normal", missing="error")
    >>> round(found.value, 6)
    0.277778
    """
    scores, sites = scored(values, neighbours, missing)
    z = scores - scores.mean()
    w, weights = weight_sums(sites), compact(sites)
    ends = np.asarray(weights.sum(axis=0) + weights.sum(axis=1))
    form = CrossProducts(z, weights, (w.n - 1) / (2 * w.s0 * float(z @ z)), ends)
    law = MapLaw("Geary C", form, 1.0, geary_variance(z, w))
    return judged(law, sites, (test, alternative), mapped)


def getis_ord(
    values: npt.ArrayLike,
    neighbours: Neighbours,
    *,
    test: Test,
    missing: Missing,
    alternative: Alternative = "two-sided",
    mapped: Mapped = one_by_one,
) -> GlobalResult:
    """Return Getis and Ord's G: whether high scores, or low ones, are near each other.

    Parameters
    ----------
    values
        As `moran`; none negative.
    neighbours, test, missing
        As `moran`.
    alternative
        `greater`: high scores are together; `less`: low ones are.
    mapped
        As `moran`.

    Returns
    -------
    GlobalResult
        G = Σ_ij w_ij x_i x_j / Σ_{i≠j} x_i x_j, E G = S₀ / (n (n − 1)).

    Raises
    ------
    TierscapeError
        As `moran`, or if a score is negative or only one is not zero.

    References
    ----------
    Getis, A., & Ord, J. K. (1992). The analysis of spatial association by use of distance
    statistics. Geographical Analysis 24, 189-206.

    Examples
    --------
    >>> from tierscape.geo.neighbours import nearest
    >>> from tierscape.geo.neighbours_sites import sites
    >>> line = sites([[x, 0] for x in range(6)], coincident="error", missing="error")
    >>> found = getis_ord([1, 1, 1, 3, 3, 3], nearest(line, 2), test="normal", missing="error")
    >>> round(found.value, 6), round(found.expected, 6)
    (0.491228, 0.4)
    """
    scores, sites = scored(values, neighbours, missing)
    if scores.min() < 0:
        raise TierscapeError(f"the score {scores.min():g} is negative: G is of positive scores.")
    if np.count_nonzero(scores) < 2:
        raise TierscapeError("only one score is not zero: G needs two.")
    w, pairs = weight_sums(sites), float(scores.sum() ** 2 - scores @ scores)
    form = CrossProducts(scores, compact(sites), 1 / pairs)
    law = MapLaw("Getis-Ord G", form, w.s0 / (w.n * (w.n - 1)), g_variance(scores, w))
    return judged(law, sites, (test, alternative), mapped)
