"""Pairwise comparisons of indicators: what an analytic hierarchy or best–worst answer needs."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from .errors import Problem
from .score_records import ExpertAnswer
from .score_tables import number_of

#: How far the product of a comparison and its reverse may be from 1: 0.17 × 6 is 1.02.
RECIPROCAL = 0.025

Pair = tuple[str, str]


def ratio_of(text: str) -> float | None:
    """Return the number that a text spells, as such or as a fraction; None if it spells none.

    Examples
    --------
    >>> ratio_of("3"), ratio_of("1/4"), ratio_of("1/0"), ratio_of("three")
    (3.0, 0.25, None, None)
    """
    top, slash, bottom = text.partition("/")
    above, below = number_of(top.strip()), number_of(bottom.strip()) if slash else 1.0
    return above / below if above is not None and below else None


def comparison_faults(
    file: str, given: Mapping[Pair, ExpertAnswer], slugs: Sequence[str], method: str
) -> Iterator[Problem]:
    """Yield what is wrong with one expert's comparisons of one group of siblings.

    Parameters
    ----------
    file
        Named in the problems.
    given
        The answers by (indicator, other).
    slugs
        The siblings.
    method
        `ahp` needs every pair once (or both ways, reciprocally); `best-worst` needs the best
        against each sibling and each sibling against the worst, 2n − 3 rows for n of them
        (Rezaei 2015).
    """
    yield from _unequal(file, given)
    if method == "ahp":
        yield from _incomplete(file, given, slugs)
    else:
        yield from _no_best_worst(file, given, slugs)


def _unequal(file: str, given: Mapping[Pair, ExpertAnswer]) -> Iterator[Problem]:
    """Yield a problem for each comparison that its reverse contradicts."""
    for (slug, other), answer in given.items():
        reverse = given.get((other, slug))
        if reverse and reverse.line < answer.line:
            product = answer.value * reverse.value
            if abs(product - 1) > RECIPROCAL:
                rule = (
                    f"{answer.expert} says {other} : {slug} = {reverse.value:g} on line "
                    f"{reverse.line}, so {slug} : {other} must be {1 / reverse.value:g}"
                )
                yield Problem(
                    file, answer.line, "value", f"{answer.value:g}", rule, "Keep one of the two."
                )


def _incomplete(
    file: str, given: Mapping[Pair, ExpertAnswer], slugs: Sequence[str]
) -> Iterator[Problem]:
    """Yield a problem if some pair of siblings is not compared."""
    lacking = [
        f"{a} : {b}"
        for a, b in combinations(slugs, 2)
        if (a, b) not in given and (b, a) not in given
    ]
    if lacking:
        start = next(iter(given.values()))
        rule = f"does not compare {', '.join(lacking)}"
        remedy = "Add these rows: every pair of siblings is needed."
        yield Problem(file, start.line, "expert", start.expert, rule, remedy)


def _no_best_worst(
    file: str, given: Mapping[Pair, ExpertAnswer], slugs: Sequence[str]
) -> Iterator[Problem]:
    """Yield what keeps comparisons from being those of a best and a worst."""
    for pair, answer in given.items():
        if answer.value < 1:
            rule = f"{pair[0]} must be at least as important as {pair[1]} in best-worst"
            remedy = f"Turn the row round: {pair[1]}, {pair[0]}."
            yield Problem(file, answer.line, "value", f"{answer.value:g}", rule, remedy)
    if find_best_worst(given, slugs) is None:
        start = next(iter(given.values()))
        rule = f"the comparisons of {', '.join(slugs)} are not those of a best and a worst"
        remedy = (
            "Give the best against each other one, and each other one against the worst: "
            f"{2 * len(slugs) - 3} rows."
        )
        yield Problem(file, start.line, "expert", start.expert, rule, remedy)


def find_best_worst(pairs: Mapping[Pair, object], slugs: Sequence[str]) -> Pair | None:
    """Return the best and the worst of siblings that pairs were compared for, None if none fit.

    Examples
    --------
    >>> find_best_worst({("a", "b"): 2, ("a", "c"): 8, ("b", "c"): 4}, ["a", "b", "c"])
    ('a', 'c')
    """
    for best in slugs:
        for worst in slugs:
            to_best = {(best, slug) for slug in slugs if slug != best}
            to_worst = {(slug, worst) for slug in slugs if slug != worst}
            if best != worst and to_best | to_worst == pairs.keys():
                return best, worst
    return None
