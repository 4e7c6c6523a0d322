"""Two groups of cities that a claim compares: who leads, and whether they are about the same."""

from dataclasses import dataclass
from math import floor

import numpy as np

from ..data.claim_records import Selection
from .bounds import difference_weights
from .claim_facts import Facts, NoVerdictError, enough, select, title
from .claim_rows import Rows
from .laws import edgeworth_below, law_cost, rank_sum_law
from .pairs import COST_OF_ONE, GroupComparison, compare_members
from .tiers import BoolArray, TierTable, ridits

#: Probability from which a statement about expected ranks counts as implied.
SURE = 0.95
#: Multiplications up to which the exact law is worth its time (about a tenth of a second).
EXACT_COST = 2e6
EXPECTED = "all orders within a tier assumed equally likely"


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two groups compared in one dimension, and the numbers in words."""

    compared: GroupComparison
    table: TierTable
    in_a: BoolArray
    in_b: BoolArray
    evidence: str


def pair(facts: Facts, rows: Rows, a: Selection, b: Selection) -> Pair:
    """Compare two groups in one dimension; a reference set leaves out the other group's cities.

    Raises
    ------
    NoVerdictError
        If a group is not in the build, or too small for an average, or both are the same cities.
    """
    ids_a = select(facts, a, rows, other=_named(facts, b, rows))
    ids_b = select(facts, b, rows, other=ids_a)
    enough(a, len(ids_a), rows.edition)
    enough(b, len(ids_b), rows.edition)
    if ids_a == ids_b:
        reason = f"{title(a)} and {title(b)} are the same {len(ids_a)} cities in {rows.edition}."
        raise NoVerdictError("undetermined", reason)
    table = rows.table
    in_a, in_b = table.groups([ids_a, ids_b])
    compared = compare_members(table, in_a, in_b, COST_OF_ONE)
    low, high = _signed(compared.difference_lower), _signed(compared.difference_upper)
    evidence = (
        f"{_mean(table, a, in_a)}; {_mean(table, b, in_b)}. Difference "
        f"{_signed(compared.difference)}, from {low} to {high} in all rankings that the tiers "
        f"allow; P(first ahead) {_chance(compared.p_a_ahead, certain=compared.certain)}."
    )
    return Pair(compared, table, in_a, in_b, evidence)


def lead(pair: Pair) -> tuple[int, str]:
    """Return 1 where the first group leads, -1 where it trails, 0 where neither is sure.

    The second value is the grade, as a sentence: for any score scale; in mean rank, certain; in
    mean rank, expected.
    """
    compared = pair.compared
    sign = 1 if compared.p_a_ahead > 0.5 else -1
    if compared.dominates:
        return sign, "For any score scale."
    if compared.certain:
        return sign, "In mean rank, certain."
    if compared.p_a_ahead >= SURE or compared.p_a_ahead <= 1 - SURE:
        return sign, f"In mean rank, expected ({EXPECTED})."
    return 0, f"In mean rank, neither is ahead with a probability of {SURE} ({EXPECTED})."


def within(pair: Pair, margin: float) -> tuple[str, str]:
    """Ask whether two mean percentiles differ by no more than `margin` points.

    The probability is that under uniform order within tiers: from the exact law, or from its
    Edgeworth approximation where the exact one would take long.

    Returns
    -------
    tuple of str
        Verdict, and the grade as a sentence.
    """
    low, high = pair.compared.difference_lower, pair.compared.difference_upper
    points = f"of at most {margin:g} points"
    if -margin <= low and high <= margin:
        return "supported", f"In mean rank, certain: a difference {points}."
    if low > margin or high < -margin:
        return "contradicted", f"In mean rank, certain: no difference {points}."
    chance = _chance_within(pair, margin)
    grade = f"P(difference {points}) {_chance(chance)} ({EXPECTED})."
    if chance >= SURE:
        return "supported", f"In mean rank, expected: {grade}"
    if chance <= 1 - SURE:
        return "contradicted", f"In mean rank, expected: {grade}"
    return "undetermined", f"In mean rank: {grade}"


def _chance_within(pair: Pair, margin: float) -> float:
    """Return the probability that two mean percentiles differ by at most `margin` points."""
    table = pair.table
    weight, scale = difference_weights(pair.in_a, pair.in_b)
    # In ranks, times the scale that makes the weights whole; the sliver absorbs rounding.
    limit = floor(margin / 100 * table.n_cities * scale + 1e-9)
    if law_cost(table.tier, weight) <= EXACT_COST:
        law = rank_sum_law(table.tier, weight)
        return float(law.probabilities[np.abs(law.values) <= limit].sum())
    # The half keeps the points at the limits whole.
    below = edgeworth_below(table.tier, weight, limit + 0.5)
    return below - edgeworth_below(table.tier, weight, -limit - 0.5)


def _named(facts: Facts, group: Selection, rows: Rows) -> frozenset[str]:
    """Return the cities of a group that is no reference set itself."""
    return frozenset() if group.is_reference else select(facts, group, rows)


def _mean(table: TierTable, group: Selection, inside: BoolArray) -> str:
    """Return a group's size and its expected mean percentile, in words."""
    of_cities = ridits(table.tier)[table.tier[inside] - 1]
    mean = float(of_cities.mean())
    cities = "1 city" if len(of_cities) == 1 else f"{len(of_cities)} cities"
    return f"{title(group)}: {cities}, mean percentile {mean:.1f}"


def _signed(points: float) -> str:
    """Return points with their sign; zero is +0.0."""
    return f"{round(points, 1) + 0.0:+.1f}"


def _chance(chance: float, *, certain: bool = False) -> str:
    """Return a probability in words; only what is certain is shown as 0 or 1."""
    if not certain and not 0.0005 <= chance < 0.9995:
        return "> 0.999" if chance > 0.5 else "< 0.001"
    return f"= {chance:.3f}"
