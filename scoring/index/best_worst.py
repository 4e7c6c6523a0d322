"""Weights from comparisons with the best and the worst indicator only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...data.errors import DataError, Problem, TierscapeError
from ...data.score_records import ExpertAnswer
from ..tiers import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class BestWorst:
    """Weights that sum to 1; `xi` is the largest deviation that had to be allowed.

    `ratio` is the consistency of the answers themselves, max |a_Bj a_jW − a_BW| / (a_BW² − a_BW),
    and `least_consistent` the position of the indicator where that is largest; 0 is consistent.
    """

    weights: FloatArray
    xi: float
    ratio: float
    least_consistent: int


def best_worst(best_to: Sequence[float], to_worst: Sequence[float]) -> BestWorst:
    """Return the weights of the linear best-worst method.

    Minimise ξ such that |w_B − a_Bj w_j| ≤ ξ and |w_j − a_jW w_W| ≤ ξ for all j, Σ w = 1, w ≥ 0.

    Parameters
    ----------
    best_to
        How many times as important as each indicator the best one is; 1 for itself.
    to_worst
        How many times as important as the worst one each indicator is; 1 for itself.

    Raises
    ------
    TierscapeError
        If a number is below 1, or best and worst are not marked by a 1.

    References
    ----------
    Rezaei, J. (2015). Best-worst multi-criteria decision-making method. Omega 53, 49-57.
    Rezaei, J. (2016). Best-worst method: some properties and a linear model. Omega 64, 126-130.
    Liang, F., Brunelli, M., Rezaei, J. (2020). Consistency issues in the best worst method:
    measurements and thresholds. Omega 96, 102175 (the ratio).

    Examples
    --------
    >>> found = best_worst([1, 2, 8], [8, 4, 1])
    >>> found.weights.round(6), round(found.xi, 6), found.ratio
    (array([0.615385, 0.307692, 0.076923]), 0.0, 0.0)
    """
    a, b = np.asarray(best_to, dtype=np.float64), np.asarray(to_worst, dtype=np.float64)
    if len(a) == 1:
        return BestWorst(np.ones(1), 0.0, 0.0, 0)
    if (a < 1).any() or (b < 1).any() or (a == 1).sum() == 0 or (b == 1).sum() == 0:
        raise TierscapeError(
            "comparisons with the best and the worst are 1 or more, and 1 with itself: "
            f"{a.tolist()}, {b.tolist()}."
        )
    # The best is where its own comparison is 1 and it is farthest from the worst.
    best = max(np.flatnonzero(a == 1), key=lambda j: b[j])
    worst = max(np.flatnonzero(b == 1), key=lambda j: a[j])
    weights, xi = _solve(a, b, int(best), int(worst))
    between = a[worst]
    gaps = np.abs(a * b - between)
    ratio = float(gaps.max() / (between**2 - between)) if between > 1 else 0.0
    return BestWorst(weights, xi, ratio, int(gaps.argmax()))


def _solve(a: FloatArray, b: FloatArray, best: int, worst: int) -> tuple[FloatArray, float]:
    # The solver takes half a second to load, and most indices do not use this method.
    from scipy.optimize import linprog  # noqa: PLC0415

    n = len(a)
    rows = []
    for j in range(n):
        for factor, one, other in ((a[j], best, j), (b[j], j, worst)):
            row = np.zeros(n + 1)
            row[one] += 1.0
            row[other] -= factor
            rows += [np.r_[row[:n], -1.0], np.r_[-row[:n], -1.0]]
    found = linprog(
        c=np.r_[np.zeros(n), 1.0],
        A_ub=np.array(rows),
        b_ub=np.zeros(len(rows)),
        A_eq=np.r_[np.ones(n), 0.0][None, :],
        b_eq=[1.0],
        method="highs",
    )
    return found.x[:n], float(found.x[n])


def best_worst_answers(
    answers: Sequence[ExpertAnswer], siblings: Sequence[str]
) -> tuple[list[float], list[float]]:
    """Return one expert's comparisons of siblings as best-to-others and others-to-worst.

    The best is the indicator that the expert compares with every other, the worst the one with
    which the expert compares every other.

    Raises
    ------
    DataError
        If no indicator, or several, is compared with all others in that way, or a number is
        below 1.

    Examples
    --------
    >>> lines = [("a", "b", 2.0), ("a", "c", 8.0), ("b", "c", 4.0)]
    >>> answers = [ExpertAnswer("E1", "planning", x, y, v, 2) for x, y, v in lines]
    >>> best_worst_answers(answers, ["a", "b", "c"])
    ([1.0, 2.0, 8.0], [8.0, 4.0, 1.0])
    """
    inside = [a for a in answers if a.indicator in siblings and a.other in siblings]
    low = [a for a in inside if a.value < 1]
    if low:
        raise DataError(
            Problem(
                "experts.csv",
                answer.line,
                "value",
                f"{answer.expert}: {answer.indicator} over {answer.other} is {answer.value:g}",
                "a comparison with the best or the worst is 1 or more",
            )
            for answer in low
        )
    value = {(a.indicator, a.other): a.value for a in inside}
    best = [s for s in siblings if all((s, j) in value for j in siblings if j != s)]
    worst = [s for s in siblings if all((j, s) in value for j in siblings if j != s)]
    expert = answers[0].expert if answers else ""
    _check_one(expert, siblings, {"best": best, "worst": worst})
    b, w = best[0], worst[0]
    return (
        [value[b, j] if j != b else 1.0 for j in siblings],
        [value[j, w] if j != w else 1.0 for j in siblings],
    )


def _check_one(expert: str, siblings: Sequence[str], found: Mapping[str, list[str]]) -> None:
    problems = [
        Problem(
            "experts.csv",
            None,
            "indicator",
            expert,
            f"{len(slugs)} of {', '.join(siblings)} are compared with all others as the {kind}",
            "One is: compare it with each of the others, in one line each.",
        )
        for kind, slugs in found.items()
        if len(slugs) != 1
    ]
    if problems:
        raise DataError(problems)
