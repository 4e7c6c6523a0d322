"""A statistic of a whole map beside its permutations: moments and p-values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...data.errors import TierscapeError
from ...geo.neighbours_record import Neighbours
from ..tiers import FloatArray
from .moments import normal_p
from .records import GlobalResult, Permutations, check_alternative, check_permutations
from .tails import global_p
from .whole_map import permuted_maps

Test = Permutations | Literal["normal"]


@dataclass(frozen=True, slots=True, eq=False)
class MapLaw:
    """A statistic as a function of maps of shape (b, n), and its moments over permutations."""

    name: str
    of: Callable[[FloatArray], FloatArray]
    expected: float
    variance: float


def judged(
    law: MapLaw, values: FloatArray, sites: Neighbours, asked: tuple[Test, str]
) -> GlobalResult:
    """Return the statistic of a map with its p-value.

    Parameters
    ----------
    law
        The statistic.
    values : array of shape (n,)
        The observed map.
    sites
        The neighbours.
    asked
        The test and the alternative.

    Raises
    ------
    TierscapeError
        If the statistic does not depend on the order of the scores, or the test is unknown.
    """
    test, alternative = asked
    check_alternative(alternative)
    value = float(law.of(values[None])[0])
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
        p_value=_p_value(law, values, (value, z), asked),
        method="permutation" if isinstance(test, Permutations) else "normal",
        alternative=alternative,
        n=len(values),
        notes=sites.notes,
    )


def _p_value(
    law: MapLaw,
    values: FloatArray,
    found: tuple[float, float],
    asked: tuple[Test, str],
) -> float:
    test, alternative = asked
    if isinstance(test, Permutations):
        check_permutations(test)
        draws = np.concatenate([law.of(maps) for maps in permuted_maps(values, test)])
        return global_p(draws, found[0], law.expected, alternative)
    if test != "normal":
        raise TierscapeError(f"test is {test!r}; it is 'normal' or Permutations(count, seed).")
    return normal_p(found[1], alternative)
