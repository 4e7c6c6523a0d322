"""Weights from pairwise comparisons: the analytic hierarchy process, and who is inconsistent."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ...data.errors import DataError, Problem
from ...data.score_records import ExpertAnswer
from ..tiers import FloatArray

#: Mean consistency index of random matrices of 1, 2, …, 15 rows (Saaty 1980, table 1-3).
RANDOM_INDEX = (
    *(0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41),
    *(1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59),
)
#: A consistency ratio above this asks for another look.
ACCEPTABLE = 0.1
#: Two answers to one comparison are reciprocal if their product is this near 1.
RECIPROCAL = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Priorities:
    """What a matrix of comparisons says: weights that sum to 1, and how consistent it is.

    `ratio` is the consistency index divided by that of random matrices; 0 with fewer than three
    rows.
    """

    weights: FloatArray
    eigenvalue: float
    index: float
    ratio: float


def priorities(matrix: FloatArray) -> Priorities:
    """Return the principal eigenvector of a reciprocal matrix, and its consistency ratio.

    CI = (λ − n)/(n − 1), CR = CI/RI(n). Beyond 15 rows RI is (1.7699 n − 4.3513)/(n − 1).

    Parameters
    ----------
    matrix
        n × n; cell (i, j) says how many times as important as j is i.

    References
    ----------
    Saaty, T. L. (1980). The Analytic Hierarchy Process. McGraw-Hill.
    Alonso, J. A., Lamata, M. T. (2006). Consistency in the analytic hierarchy process.
    International Journal of Uncertainty, Fuzziness and Knowledge-Based Systems 14, 445-459.

    Examples
    --------
    >>> found = priorities(np.array([[1, 1 / 3, 5], [3, 1, 7], [1 / 5, 1 / 7, 1]]))
    >>> found.weights.round(8), round(found.ratio, 7)
    (array([0.27895457, 0.649118  , 0.07192743]), 0.0559376)
    """
    n = len(matrix)
    values, vectors = np.linalg.eig(matrix)
    at = int(np.argmax(values.real))
    weights = np.abs(vectors[:, at].real)
    eigenvalue = float(values[at].real)
    index = (eigenvalue - n) / (n - 1) if n > 2 else 0.0
    ratio = index / _random_index(n) if n > 2 else 0.0
    return Priorities(weights / weights.sum(), eigenvalue, index, ratio)


def _random_index(n: int) -> float:
    if n <= len(RANDOM_INDEX):
        return RANDOM_INDEX[n - 1]
    return (1.7699 * n - 4.3513) / (n - 1)


def comparison_matrix(answers: Sequence[ExpertAnswer], siblings: Sequence[str]) -> FloatArray:
    """Return one expert's comparisons of siblings as a reciprocal matrix.

    Parameters
    ----------
    answers
        The answers of one expert; those that compare two of the siblings are read. Every pair
        is compared once, in either direction; twice only if the answers are reciprocal.
    siblings
        Slugs, in the order of rows and columns.

    Raises
    ------
    DataError
        With every pair that is not compared, that is compared twice and not reciprocally, an
        indicator compared with itself otherwise than as 1, and values that are not above 0.

    Examples
    --------
    >>> answer = ExpertAnswer("E1", "planning", "a", "b", 4.0, 2)
    >>> comparison_matrix([answer], ["a", "b"])
    array([[1.  , 4.  ],
           [0.25, 1.  ]])
    """
    at = {slug: number for number, slug in enumerate(siblings)}
    matrix = np.eye(len(siblings))
    line = np.zeros((len(siblings), len(siblings)), dtype=np.int64)
    problems = []
    for answer in answers:
        if answer.indicator not in at or answer.other not in at:
            continue
        i, j = at[answer.indicator], at[answer.other]
        rule = _fault(answer, matrix[i, j], int(line[i, j]), same=i == j)
        if rule:
            problems.append(_problem(answer, rule))
        elif i != j and not line[i, j]:
            matrix[i, j], matrix[j, i] = answer.value, 1 / answer.value
            line[i, j] = line[j, i] = answer.line
    expert = answers[0].expert if answers else ""
    for i, j in combinations(range(len(siblings)), 2):
        if not line[i, j] and not problems:
            pair = f"{siblings[i]} and {siblings[j]}"
            rule = f"{expert} does not compare {pair}"
            problems.append(Problem("experts.csv", None, "other", pair, rule, "Add the line."))
    if problems:
        raise DataError(problems)
    return matrix


def _fault(answer: ExpertAnswer, before: float, line: int, *, same: bool) -> str:
    if not answer.value > 0:
        return "a comparison is above 0"
    if same and answer.value != 1:
        return "an indicator is as important as itself"
    if line and abs(answer.value / before - 1) > RECIPROCAL:
        return f"line {line} says {before:g} for the same pair in this direction"
    return ""


def _problem(answer: ExpertAnswer, rule: str) -> Problem:
    value = f"{answer.expert}: {answer.indicator} over {answer.other} is {answer.value:g}"
    return Problem("experts.csv", answer.line, "value", value, rule, "Correct it.")


def joint_matrix(matrices: Sequence[FloatArray]) -> FloatArray:
    """Return the geometric mean of the experts' matrices, which stays reciprocal.

    References
    ----------
    Aczél, J., Saaty, T. L. (1983). Procedures for synthesizing ratio judgements. Journal of
    Mathematical Psychology 27, 93-102.

    Examples
    --------
    >>> joint_matrix([np.array([[1, 4], [0.25, 1]]), np.array([[1, 1], [1, 1]])])
    array([[1. , 2. ],
           [0.5, 1. ]])
    """
    return np.asarray(np.exp(np.mean([np.log(matrix) for matrix in matrices], axis=0)))


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """Where a matrix contradicts itself most.

    `pair` is the comparison that is farthest from the weights, `given` what it says and `implied`
    the ratio of the weights. `triad` are the three siblings whose comparisons disagree most, by
    the factor `gap`: 1 is agreement.
    """

    pair: tuple[str, str]
    given: float
    implied: float
    triad: tuple[str, str, str]
    gap: float


def worst_judgement(matrix: FloatArray, siblings: Sequence[str]) -> Inconsistency | None:
    """Return where a matrix is least consistent; None with fewer than three rows.

    The pair has the largest |ln(aᵢⱼ wⱼ/wᵢ)|; the triad the largest |ln(aᵢⱼ aⱼₖ/aᵢₖ)|.

    References
    ----------
    Saaty, T. L. (2003). Decision-making with the AHP: why is the principal eigenvector necessary.
    European Journal of Operational Research 145, 85-91.
    Koczkodaj, W. W. (1993). A new definition of consistency of pairwise comparisons. Mathematical
    and Computer Modelling 18, 79-84.

    Examples
    --------
    >>> matrix = np.array([[1, 2, 8], [1 / 2, 1, 1], [1 / 8, 1, 1]])
    >>> worst_judgement(matrix, "abc").triad, worst_judgement(matrix, "abc").gap
    (('a', 'b', 'c'), 4.0)
    """
    n = len(matrix)
    if n < 3:
        return None
    weights = priorities(matrix).weights
    implied = weights[:, None] / weights[None, :]
    off = np.abs(np.log(matrix / implied))
    pair = max(combinations(range(n), 2), key=lambda ij: off[ij])
    gaps = {
        (i, j, k): abs(np.log(matrix[i, j] * matrix[j, k] / matrix[i, k]))
        for i, j, k in combinations(range(n), 3)
    }
    i, j, k = max(gaps, key=lambda triad: gaps[triad])
    return Inconsistency(
        pair=(siblings[pair[0]], siblings[pair[1]]),
        given=float(matrix[pair]),
        implied=float(implied[pair]),
        triad=(siblings[i], siblings[j], siblings[k]),
        gap=float(np.exp(gaps[i, j, k])),
    )
