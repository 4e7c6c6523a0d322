"""Scores of sites as every spatial statistic takes them: checked, aligned, never guessed."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from ...data.errors import TierscapeError
from ...geo.neighbours_record import Neighbours
from ..tiers import BoolArray, FloatArray

Missing = Literal["error", "drop"]


def scored(
    values: npt.ArrayLike, neighbours: Neighbours, missing: Missing
) -> tuple[FloatArray, Neighbours]:
    """Return the scores and the neighbours of the sites that have one.

    Parameters
    ----------
    values : array-like of shape (n,)
        A score per site, in the order of `neighbours.ids`.
    neighbours
        The neighbours.
    missing
        Sites without a score: `error`, or `drop` them from the map.

    Raises
    ------
    TierscapeError
        If the lengths differ, a score is infinite, a score is missing and that is an error, there
        are fewer than four sites or no two that are neighbours, or all scores are the same.

    Examples
    --------
    >>> from tierscape.geo.neighbours import nearest
    >>> from tierscape.geo.neighbours_sites import sites
    >>> three = sites([[0, 0], [1, 0], [3, 0]], coincident="error", missing="error")
    >>> scored([1.0, np.nan, 2.0], nearest(three, 1), "error")
    Traceback (most recent call last):
    tierscape.data.errors.TierscapeError: 1 of 3 sites has no score: 1. Give one, or choose \
missing='drop'.
    """
    if missing not in ("error", "drop"):
        raise TierscapeError(f"missing is {missing!r}; it is one of error, drop.")
    scores = np.array(values, dtype=np.float64)
    if scores.shape != (len(neighbours),):
        raise TierscapeError(f"scores of shape {scores.shape} for {len(neighbours)} sites.")
    finite = np.isfinite(scores)
    if not finite.all():
        scores, neighbours = _present(scores, neighbours, missing)
    if len(scores) < 4:
        raise TierscapeError(f"{len(scores)} sites are too few for a spatial statistic: give 4.")
    if not len(neighbours.indices):
        raise TierscapeError("no site has a neighbour: widen the neighbourhood.")
    if (scores == scores[0]).all():
        raise TierscapeError(f"all {len(scores)} scores are {scores[0]:g}: there is no pattern.")
    return scores, neighbours


def _present(
    scores: FloatArray, neighbours: Neighbours, missing: Missing
) -> tuple[FloatArray, Neighbours]:
    """Drop the sites without a score, or say which they are."""
    absent = np.isnan(scores)
    if np.isinf(scores).any():
        which = neighbours.ids[np.isinf(scores)]
        raise TierscapeError(f"the score of {_few(which)} is infinite: scores are finite.")
    if missing == "error":
        verb = "has" if absent.sum() == 1 else "have"
        raise TierscapeError(
            f"{absent.sum()} of {len(scores)} sites {verb} no score: "
            f"{_few(neighbours.ids[absent])}. Give one, or choose missing='drop'."
        )
    kept: BoolArray = ~absent
    return scores[kept], neighbours.only(kept.tolist())


def _few(ids: npt.NDArray[np.object_]) -> str:
    return ", ".join(map(str, ids[:5])) + (", …" if len(ids) > 5 else "")
