"""What a spatial statistic gives back, and how its p-values are asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...data.errors import TierscapeError
from ..adjust import bh, by, holm
from ..tiers import FloatArray

Alternative = Literal["two-sided", "greater", "less"]
Adjustment = Literal["by", "bh", "holm", "max-t"]
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Permutations:
    """Ask for p-values from random permutations.

    Attributes
    ----------
    count
        How many; the smallest p-value is 1 / (count + 1).
    seed
        Where they start; the same seed gives the same p-values.
    """

    count: int
    seed: int


@dataclass(frozen=True, slots=True)
class GlobalResult:
    """A statistic of a whole map.

    Attributes
    ----------
    statistic
        Its name.
    value, expected, variance, z
        Observed, its mean and variance over all permutations of the scores, and
        (value − expected) / √variance.
    p_value
        Of the alternative.
    method
        `normal` or `permutation`.
    alternative
        `two-sided`, `greater` or `less`.
    n
        Number of sites.
    notes
        How the neighbours were made.
    """

    statistic: str
    value: float
    expected: float
    variance: float
    z: float
    p_value: float
    method: str
    alternative: str
    n: int
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row with the attributes as columns."""
        names = [name for name in self.__slots__ if name != "notes"]
        row = {name: getattr(self, name) for name in names}
        return pd.DataFrame([row | {"notes": "; ".join(self.notes)}])


@dataclass(frozen=True, slots=True, eq=False)
class LocalResult:
    """A statistic of every site; all arrays have shape (n,).

    Attributes
    ----------
    statistic
        Its name.
    ids
        The sites.
    value, expected, variance, z
        Observed, its mean and variance over permutations that leave the site's own score, and
        (value − expected) / √variance.
    p_value, p_adjusted
        Of the alternative, and adjusted for the number of sites.
    label
        What the site and its neighbours are like, `high-high` for instance, whether significant
        or not; `island` for a site without a neighbour, whose numbers are missing.
    method, alternative, adjustment
        How the p-values were had.
    notes
        How the neighbours were made.
    """

    statistic: str
    ids: Texts
    value: FloatArray
    expected: FloatArray
    variance: FloatArray
    z: FloatArray
    p_value: FloatArray
    p_adjusted: FloatArray
    label: Texts
    method: str
    alternative: str
    adjustment: str
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per site."""
        columns = ("value", "expected", "variance", "z", "p_value", "p_adjusted", "label")
        return pd.DataFrame({"id": self.ids} | {name: getattr(self, name) for name in columns})


_ADJUST: dict[str, Callable[[FloatArray], FloatArray]] = {"by": by, "bh": bh, "holm": holm}


def adjusted(p_values: FloatArray, adjustment: str, *, shared: bool) -> FloatArray:
    """Return p-values adjusted for the number of sites.

    Parameters
    ----------
    p_values
        One per site; missing ones do not count.
    adjustment
        `by`, `bh` or `holm`.
    shared
        Whether the p-values come from draws that the sites share. Their dependence is then the
        draws' and not the map's, which `bh` does not allow.

    Raises
    ------
    TierscapeError
        If the adjustment is unknown, or `bh` is asked for with shared draws.

    Examples
    --------
    >>> adjusted(np.array([0.01, 0.5]), "holm", shared=True)
    array([0.02, 0.5 ])
    """
    if adjustment not in _ADJUST:
        known = ", ".join(_ADJUST)
        raise TierscapeError(f"adjust is {adjustment!r}; it is one of {known}, max-t.")
    if shared and adjustment == "bh":
        raise TierscapeError(
            "bh needs independent or positively dependent p-values, and permutations that the "
            "sites share give neither: choose adjust='by', 'holm' or 'max-t'."
        )
    return _ADJUST[adjustment](p_values)


def check_permutations(test: Permutations) -> None:
    """Raise if the number of permutations is not positive."""
    if test.count < 1:
        raise TierscapeError(f"{test.count} permutations give no p-value: ask for 99 or more.")


def check_alternative(alternative: str) -> None:
    """Raise if the alternative is unknown."""
    if alternative not in ("two-sided", "greater", "less"):
        raise TierscapeError(
            f"alternative is {alternative!r}; it is one of two-sided, greater, less."
        )
