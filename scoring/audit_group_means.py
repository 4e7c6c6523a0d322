"""Findings about printed means of groups of cities: whether one set of scores can have them all."""

from collections.abc import Iterable, Iterator

import numpy as np

from ..data.claim_records import Claim, Mean
from ..data.published_means import Printed
from .audit_intervals import meet, nearest_print, span
from .audit_means import repair_detail
from .audit_programs import Interval, mean_ranges
from .audit_records import Finding
from .claim_facts import Facts, NoVerdictError, select, title
from .tiers import BoolArray


def group_means_that_do_not_meet(claims: Iterable[Claim], facts: Facts) -> Iterator[Finding]:
    """Find printed means of groups of cities that no scores can have all at once.

    Parameters
    ----------
    claims
        The claims of the sources; those that state a mean count.
    facts
        The tables of the build.

    Yields
    ------
    Finding
        `published_mean` if no scores within the thresholds of the cities' tiers have all printed
        means; then `mean_repair` for each mean without which some have.
    """
    for (edition, dimension), left in group_mean_ranges(claims, facts).items():
        if any(range_ and meet(span(printed), range_) for _, printed, range_ in left):
            continue
        listed = ", ".join(f"{name} {printed.text}" for name, printed, _ in left)
        detail = f"No scores within the thresholds of the tiers have all these means: {listed}."
        yield Finding(edition, dimension, "published_mean", "", detail)
        for name, printed, range_ in left:
            if range_:
                right = nearest_print(printed, range_)
                detail = repair_detail(name, printed, right, range_)
                yield Finding(edition, dimension, "mean_repair", "", detail)


def group_mean_ranges(
    claims: Iterable[Claim], facts: Facts
) -> dict[tuple[str, str], list[tuple[str, Printed, Interval | None]]]:
    """Return what the thresholds and the other printed means leave of each group's mean.

    Parameters
    ----------
    claims, facts
        As above.

    Returns
    -------
    dict
        Edition and dimension to groups: what to call the group, its printed mean, and the range
        that all but this mean leave, None where they contradict each other. A group that the
        build lacks, and a table without thresholds, are left out.
    """
    tests: dict[tuple[str, str], list[Mean]] = {}
    for claim in claims:
        if isinstance(claim.test, Mean):
            where = claim.test.edition, claim.test.dimension
            tests.setdefault(where, []).append(claim.test)
    found = {where: _ranges(listed, facts) for where, listed in tests.items()}
    return {where: left for where, left in found.items() if left}


def _ranges(tests: Iterable[Mean], facts: Facts) -> list[tuple[str, Printed, Interval | None]]:
    """Return what is left of the mean of each group of one table."""
    known = [(test, mask) for test in tests if (mask := _mask(test, facts)).any()]
    if not known:
        return []
    scores = _score_spans(known[0][0], facts)
    printed = [Printed(test.equals, 0.5 * 10**-test.decimals) for test, _ in known]
    masks = np.array([mask for _, mask in known])
    ranges = mean_ranges(scores, masks, [span(each) for each in printed])
    names = [title(test.group) for test, _ in known]
    return list(zip(names, printed, ranges, strict=True))


def _mask(test: Mean, facts: Facts) -> BoolArray:
    """Return which rows of its table a group holds; none if the build lacks it."""
    try:
        rows = facts.table(test.edition, test.dimension)
        chosen = select(facts, test.group, rows)
    except NoVerdictError:
        return np.zeros(0, dtype=bool)
    return np.array([city in chosen for city in rows.city_ids])


def _score_spans(test: Mean, facts: Facts) -> list[Interval]:
    """Return what the tiers' thresholds leave of each city's score."""
    dimensions = facts.editions[test.edition].dimensions
    tiers = next(each.tiers for each in dimensions if each.slug == test.dimension)
    spans = {
        tier.number: (
            test.lowest if tier.score_from is None else tier.score_from,
            test.highest if tier.score_to is None else tier.score_to,
        )
        for tier in tiers
    }
    return [spans[tier] for tier in facts.table(test.edition, test.dimension).tiers]
