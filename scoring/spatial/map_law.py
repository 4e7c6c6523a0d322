"""A statistic of a whole map beside its permutations: moments and p-values."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.sparse import csr_array

from ...data.errors import TierscapeError
from ...geo.neighbours_record import Neighbours
from ..tasks import Mapped
from ..tiers import FloatArray
from .blocks import under
from .moments import normal_p
from .records import GlobalResult, Permutations, check_alternative, check_permutations
from .tails import p_of_hits, tails
from .whole_map import hits_of_maps

Test = Permutations | Literal["normal"]


@dataclass(frozen=True, slots=True, eq=False)
class CrossProducts:
    """A factor times Σ_ij w_ij x_i x_j, or with `ends` times Σ_i e_i x_i² − 2 Σ_ij w_ij x_i x_j.

    Attributes
    ----------
    values : array of shape (n,)
        The observed map.
    ends : array of shape (n,), optional
        Row sum and column sum of the weights of each site.
    """

    values: FloatArray
    weights: csr_array
    factor: float
    ends: FloatArray | None = None

    def of(self, maps: FloatArray) -> FloatArray:
        """Return the statistic of maps of shape (b, n), shape (b, 1)."""
        products = np.einsum("bi,ib->b", maps, self.weights @ maps.T)
        if self.ends is not None:
            products = np.einsum("bi,i->b", maps**2, self.ends) - 2 * products
        return np.asarray(self.factor * products)[:, None]


@dataclass(frozen=True, slots=True, eq=False)
class MapLaw:
    """A statistic of a whole map with its mean and variance over permutations."""

    name: str
    form: CrossProducts
    expected: float
    variance: float


def judged(law: MapLaw, sites: Neighbours, asked: tuple[Test, str], mapped: Mapped) -> GlobalResult:
    """Return the statistic of a map with its p-value.

    Parameters
    ----------
    law
        The statistic, with the observed map.
    sites
        The neighbours.
    asked
        The test and the alternative.
    mapped
        What does the tasks, one for each block of permutations.

    Raises
    ------
    TierscapeError
        If the statistic does not depend on the order of the scores, or the test is unknown.
    """
    test, alternative = asked
    check_alternative(alternative)
    value = float(law.form.of(law.form.values[None])[0, 0])
    # Where every map has the same value (all sites neighbours of all), there is nothing to test.
    if law.variance <= 1e-14 * max(value**2, law.expected**2):
        raise TierscapeError(
            f"{law.name} is {value:g} for every order of the scores: the neighbours do not "
            "distinguish the sites. Take fewer neighbours."
        )
    z = (value - law.expected) / law.variance**0.5
    return GlobalResult(
        statistic=law.name,
        value=value,
        expected=law.expected,
        variance=law.variance,
        z=z,
        p_value=_p_value(law, (value, z), asked, under(law.name, mapped)),
        method="permutation" if isinstance(test, Permutations) else "normal",
        alternative=alternative,
        n=len(law.form.values),
        notes=sites.notes,
    )


def _p_value(
    law: MapLaw, found: tuple[float, float], asked: tuple[Test, str], mapped: Mapped
) -> float:
    (value, z), (test, alternative) = found, asked
    if isinstance(test, Permutations):
        check_permutations(test)
        # The size of the sums: with absolute scores nothing cancels.
        size = float(law.form.of(np.abs(law.form.values[None]))[0, 0])
        scale = max(abs(value), abs(law.expected), abs(size))
        limits = tails(np.array([value]), np.array([law.expected]), scale, alternative)
        hits = hits_of_maps(law.form, limits, test, mapped)
        return float(p_of_hits(hits, test.count)[0])
    if test != "normal":
        raise TierscapeError(f"test is {test!r}; it is 'normal' or Permutations(count, seed).")
    return normal_p(z, alternative)
