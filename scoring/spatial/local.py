"""Local statistics: what each site and its neighbours are like, and how surprising that is."""

import numpy as np
import numpy.typing as npt

from ...data.errors import TierscapeError
from ...geo.neighbours_record import Neighbours
from ..tasks import Mapped, one_by_one
from .blocks import under
from .conditional import Test, p_of_squares, p_of_sums, row_sums, squares_from
from .inputs import Missing
from .local_parts import local_result, quadrants, ready, sum_moments, sums_of_weights
from .max_t import LocalForm
from .moments import conditional_moments
from .records import Adjustment, Alternative, LocalResult


def local_moran(  # noqa: PLR0913 - what is asked, and what does it
    values: npt.ArrayLike,
    neighbours: Neighbours,
    *,
    test: Test,
    missing: Missing,
    alternative: Alternative = "two-sided",
    adjust: Adjustment = "by",
    mapped: Mapped = one_by_one,
) -> LocalResult:
    """Return local Moran I: whether a site is like its neighbours, and high or low with them.

    Parameters
    ----------
    values : array-like of shape (n,)
        A score per site, in the order of `neighbours.ids`.
    neighbours
        Sites and weights.
    test
        `Permutations`, or `exact`: no Monte Carlo, for equal weights and few different scores.
    missing
        Sites without a score: `error`, or `drop` them from the map.
    alternative
        `two-sided` counts |I − E I| as large as the observed one.
    adjust
        For the number of sites: `by` or `holm` (valid under any dependence), `bh` (with exact
        p-values only), or `max-t` from permutations of the whole map.
    mapped
        What does the permutations, in blocks; the result is the same whatever does them.

    Returns
    -------
    LocalResult
        I_i = z_i Σ_j w_ij z_j / m₂ with z the score less the mean and m₂ = Σ z² / n; moments and
        p-values with z_i held. Labels `high-high`, `low-low`, `high-low`, `low-high`: the site,
        then its neighbours against their expectation.

    Raises
    ------
    TierscapeError
        If the scores or the neighbours break their rules, or the test cannot be had.

    References
    ----------
    Anselin, L. (1995). Local indicators of spatial association. Geographical Analysis 27, 93-115.

    Examples
    --------
    >>> from tierscape.geo.neighbours import nearest
    >>> from tierscape.geo.neighbours_sites import sites
    >>> line = sites([[x, 0] for x in range(6)], coincident="error", missing="error")
    >>> found = local_moran([1, 1, 1, 3, 3, 3], nearest(line, 2), test="exact", missing="error")
    >>> found.value.round(3).tolist()[:2], found.p_value.round(3).tolist()
    ([2.0, 2.0], [0.1, 0.1, 1.0, 1.0, 0.1, 0.1])
    """
    scores, sites = ready(values, neighbours, missing, alternative)
    z = scores - scores.mean()
    m2 = float((z**2).mean())
    factor = z / m2
    lag, expected, variance = sum_moments(z, sites)
    held = (factor * lag, factor * expected, factor**2 * variance)
    name = "local Moran I"
    mapped = under(name, mapped)
    p_values = p_of_sums(z, sites, (test, alternative), mapped, mirrored=z < 0)
    p_values[(z == 0) & ~np.isnan(p_values)] = 1.0  # I is 0 whatever the neighbours are.
    label = quadrants(z, lag - expected)
    form = LocalForm("moran", z, sites)
    asked = (test, alternative, adjust)
    return local_result(name, form, held, (p_values, label), asked=asked, mapped=mapped)


def local_geary(  # noqa: PLR0913 - those of `local_moran`
    values: npt.ArrayLike,
    neighbours: Neighbours,
    *,
    test: Test,
    missing: Missing,
    alternative: Alternative = "two-sided",
    adjust: Adjustment = "by",
    mapped: Mapped = one_by_one,
) -> LocalResult:
    """Return local Geary c: how far the neighbours of a site are from it in score.

    Parameters
    ----------
    values, neighbours, test, missing, alternative, adjust, mapped
        As `local_moran`.

    Returns
    -------
    LocalResult
        c_i = Σ_j w_ij (z_i − z_j)² / m₂; moments and p-values with z_i held. Labels `similar`
        (below the expectation) and `different`.

    Raises
    ------
    TierscapeError
        As `local_moran`.

    References
    ----------
    Anselin, L. (2019). A local indicator of multivariate spatial association: extending Geary's
    c. Geographical Analysis 51, 133-150.

    Examples
    --------
    >>> from tierscape.geo.neighbours import nearest
    >>> from tierscape.geo.neighbours_sites import sites
    >>> line = sites([[x, 0] for x in range(6)], coincident="error", missing="error")
    >>> found = local_geary([1, 1, 1, 3, 3, 3], nearest(line, 2), test="exact", missing="error")
    >>> found.label.tolist()[:3], found.value.tolist()[:3]
    (['similar', 'similar', 'similar'], [0.0, 0.0, 4.0])
    """
    scores, sites = ready(values, neighbours, missing, alternative)
    z = scores - scores.mean()
    z = z / np.sqrt((z**2).mean())
    gaps = (np.repeat(z, sites.counts) - z[sites.indices]) ** 2
    value = row_sums(sites, sites.weights * gaps)
    n = len(z)
    mean = squares_from(z) / (n - 1)
    fourth = n * z**4 + 6 * z**2 * (z**2).sum() - 4 * z * (z**3).sum() + (z**4).sum()
    spread = fourth / (n - 1) - mean**2
    expected, variance = conditional_moments(sums_of_weights(sites), mean, spread, n - 1)
    name = "local Geary c"
    mapped = under(name, mapped)
    p_values = p_of_squares(z, sites, (test, alternative), mapped)
    label = np.where(value < expected, "similar", "different").astype(object)
    form = LocalForm("geary", z, sites)
    held = (value, expected, variance)
    asked = (test, alternative, adjust)
    return local_result(name, form, held, (p_values, label), asked=asked, mapped=mapped)


def local_g(  # noqa: PLR0913 - those of the others, and the own weight
    values: npt.ArrayLike,
    neighbours: Neighbours,
    *,
    own_weight: float | None,
    test: Test,
    missing: Missing,
    alternative: Alternative = "two-sided",
    adjust: Adjustment = "by",
    mapped: Mapped = one_by_one,
) -> LocalResult:
    """Return Getis and Ord's local G: whether there is a hot or a cold spot round a site.

    Parameters
    ----------
    values, neighbours, test, missing, alternative, adjust, mapped
        As `local_moran`; scores may have any sign.
    own_weight
        The weight of the site itself, beside those of its neighbours, for Gi*: 1 with weights of
        1, 1/k with rows that sum to 1. None leaves the site out: Gi.

    Returns
    -------
    LocalResult
        `value` is Σ_j w_ij x_j. For Gi* `expected`, `variance` and `z` are those of Ord and
        Getis, over all permutations; for Gi the site's own score is held. p-values hold it in
        both, so that they are those of Gi, and `max-t` permutes the whole map. Labels `hot`,
        `cold` by the sign of z.

    Raises
    ------
    TierscapeError
        As `local_moran`, or if the own weight is not positive.

    References
    ----------
    Ord, J. K., & Getis, A. (1995). Local spatial autocorrelation statistics. Geographical
    Analysis 27, 286-306.

    Examples
    --------
    >>> from tierscape.geo.neighbours import nearest
    >>> from tierscape.geo.neighbours_sites import sites
    >>> line = sites([[x, 0] for x in range(6)], coincident="error", missing="error")
    >>> near = nearest(line, 2)
    >>> found = local_g([1, 1, 1, 3, 3, 3], near, own_weight=1.0, test="exact", missing="error")
    >>> found.z.round(3).tolist()[:3], found.label.tolist()[-1]
    ([-2.236, -2.236, -0.745], 'hot')
    """
    scores, sites = ready(values, neighbours, missing, alternative)
    z = scores - scores.mean()
    lag, expected, variance = sum_moments(z, sites)
    total, squares = sums_of_weights(sites)
    if own_weight is not None:
        if not own_weight > 0:
            raise TierscapeError(f"own_weight is {own_weight}: it is positive, or None for Gi.")
        n, m2 = len(z), np.full(len(z), (z**2).mean())
        total, squares = total + own_weight, squares + own_weight**2
        lag = lag + own_weight * z
        expected, variance = conditional_moments((total, squares), np.zeros(n), m2, n)
    shift = total * scores.mean()
    name, words = ("Gi", "Gi") if own_weight is None else ("Gi*", "Gi star")
    mapped = under(words, mapped)
    p_values = p_of_sums(z, sites, (test, alternative), mapped)
    label = np.where(lag >= expected, "hot", "cold").astype(object)
    form = LocalForm("g", z, sites, own_weight or 0.0)
    held = (lag + shift, expected + shift, variance)
    asked = (test, alternative, adjust)
    return local_result(name, form, held, (p_values, label), asked=asked, mapped=mapped)
