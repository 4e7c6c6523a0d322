"""Which editions can be linked, and the orders that linking them gives.

Assumption: a city has one score in both editions. It is the package's, not the sources'.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

import pandas as pd

from ...data.errors import DataError, Problem, UnknownNameError
from ...data.records import Edition
from .order import LinkedOrder, order_of
from .repair import repair, shared_tiers

#: What an order is called that needs no variant, and the variants where tables contradict.
AGREED = "no contradictions"
WITHOUT = "without contradictory cities"
BELIEVING = "believing {}"

#: Orders by dimension and variant.
Orders = Mapping[tuple[str, str], LinkedOrder]


def link_editions(
    tiers: pd.DataFrame, editions: Iterable[Edition], *, dimension: str | None = None
) -> Orders:
    """Link two editions in every table that both print.

    Parameters
    ----------
    tiers
        `edition`, `dimension`, `city_id`, `name_published`, `label`, `tier`.
    editions
        The two editions, or a list with exactly one pair that shares a rubric.
    dimension
        One table; None is all.

    Returns
    -------
    dict
        Orders by dimension and variant (`link`).

    Raises
    ------
    DataError
        If the editions cannot be linked.
    UnknownNameError
        If they print no such table.
    """
    first, second = linked_editions(editions)
    in_second = {each.slug for each in second.dimensions}
    both = [each.slug for each in first.dimensions if each.slug in in_second]
    if dimension is not None and dimension not in both:
        raise UnknownNameError("dimension", dimension, both)
    return {
        (slug, variant): order
        for slug in both
        if dimension in (None, slug)
        for variant, order in link(tiers, first, second, slug).items()
    }


def link(
    tiers: pd.DataFrame, first: Edition, second: Edition, dimension: str
) -> dict[str, LinkedOrder]:
    """Link two editions in one dimension, in every variant that their contradictions ask for.

    Parameters
    ----------
    tiers
        `edition`, `dimension`, `city_id`, `name_published`, `label`, `tier`.
    first, second
        The editions; their rubric is the same.
    dimension
        The table that both print.

    Returns
    -------
    dict
        One order, `no contradictions`; or three: `without contradictory cities` (those of every
        smallest repair), and `believing EDITION` for each: there these cities keep their tier in
        that edition only.

    Raises
    ------
    DataError
        If the editions have different rubrics, print no common table, or share no city.
    """
    check_linkable(first, second, dimension)
    shared = shared_tiers(tiers, dimension, first.slug, second.slug)
    if shared.empty:
        raise DataError([_problem(first, second, "must share a city to be linked")])
    table = tiers[tiers["dimension"] == dimension].set_index("city_id")
    one, two = (table.loc[table["edition"] == e.slug, "tier"] for e in (first, second))
    doubtful = repair(shared).doubtful
    if not doubtful:
        return {AGREED: order_of(one, two)}
    return {
        WITHOUT: order_of(one, two, doubtful=doubtful),
        BELIEVING.format(first.slug): order_of(one, two, doubtful=doubtful, believe=0),
        BELIEVING.format(second.slug): order_of(one, two, doubtful=doubtful, believe=1),
    }


def linked_editions(editions: Iterable[Edition]) -> tuple[Edition, Edition]:
    """Return the one pair of editions that share a rubric; two that do not, as they are.

    Raises
    ------
    DataError
        If there is no such pair among more than two, or there are several.
    """
    listed = list(editions)
    pairs = list(linked_pairs(listed))
    if len(pairs) == 1:
        return pairs[0]
    if len(listed) == 2:
        return listed[0], listed[1]  # `link` says why they cannot be.
    found = "; ".join(f"{a.slug} and {b.slug}" for a, b in pairs) or "none"
    slugs = ", ".join(edition.slug for edition in listed)
    rule = f"one pair of editions must share a rubric; found: {found}"
    raise DataError([Problem("editions", None, "rubric", slugs, rule, "Name the two to link.")])


def linked_pairs(editions: Iterable[Edition]) -> Iterator[tuple[Edition, Edition]]:
    """Yield the pairs of editions that share a rubric, by slug."""
    listed = sorted(editions, key=lambda edition: edition.slug)
    for first, second in combinations(listed, 2):
        if first.rubric and first.rubric == second.rubric:
            yield first, second


def check_linkable(first: Edition, second: Edition, dimension: str) -> None:
    """Check that scores of two editions can be the same scores.

    Raises
    ------
    DataError
        If the rubrics differ, or a table is missing.
    """
    problems = []
    if not first.rubric or first.rubric != second.rubric:
        rule = (
            f"has the rubric {second.rubric or 'none'!r} and {first.slug} has "
            f"{first.rubric or 'none'!r}: other indicators and weights give other scores, so the "
            "order of one says nothing about the other"
        )
        problems.append(_problem(first, second, rule))
    for edition in (first, second):
        if dimension not in [each.slug for each in edition.dimensions]:
            rule = f"prints no table {dimension!r}"
            problems.append(Problem(str(edition.file), None, "dimension", edition.slug, rule))
    if problems:
        raise DataError(problems)


def _problem(first: Edition, second: Edition, rule: str) -> Problem:
    remedy = f"Link {first.slug} with an edition of its own rubric, or compare within each."
    return Problem(str(second.file), None, "rubric", second.slug, rule, remedy)
