"""One function for each kind of test that a claim can be put to.

Definitions of the words ("ahead", "about the same as", "not in the first group") and of the
grades are in `docs/claims.md`; they were written before any verdict was looked at.
"""

from collections.abc import Callable
from typing import Any

from ..data import claim_records as records
from .claim_facts import Facts, Finding, NoVerdictError, absent, enough, named, select, title
from .claim_linked import linked_in_tier, linked_near, linked_similar
from .claim_pairs import lead, pair, within
from .claim_rows import Rows

#: What binary fractions may be off by where decimal ones meet.
ROUNDING = 1e-9


def decide(test: records.Test, facts: Facts) -> Finding:
    """Put one claim to its test.

    Parameters
    ----------
    test
        What the data must show.
    facts
        The tables of the build.

    Returns
    -------
    Finding
        A test that names what the build leaves out is untestable, and says so.
    """
    try:
        return _TESTS[type(test)](test, facts)
    except NoVerdictError as error:
        return Finding(error.verdict, error.reason)


def untestable(test: records.Untestable, _: Facts) -> Finding:
    """Return the reason for which no table can test the claim."""
    return Finding("untestable", test.reason)


def ahead(test: records.Ahead, facts: Facts) -> Finding:
    """Compare the mean percentiles of two groups."""
    compared = pair(facts, facts.table(test.edition, test.dimension), test.a, test.b)
    sign, grade = lead(compared)
    verdict = {1: "supported", -1: "contradicted", 0: "undetermined"}[sign]
    return Finding(verdict, f"{compared.evidence} {grade}")


def similar(test: records.Similar, facts: Facts) -> Finding:
    """Ask whether two groups' mean percentiles differ by no more than a margin."""
    compared = pair(facts, facts.table(test.edition, test.dimension), test.a, test.b)
    verdict, grade = within(compared, test.margin)
    return Finding(verdict, f"{compared.evidence} {grade}")


def not_first_group(test: records.NotFirstGroup, facts: Facts) -> Finding:
    """Ask whether the leaders are ahead of a group; against it: it is ahead, or as good."""
    compared = pair(facts, facts.table(test.edition, test.dimension), test.leaders, test.a)
    sign, grade = lead(compared)
    close, close_grade = within(compared, test.margin)
    if not sign and close == "supported":
        return Finding("contradicted", f"{compared.evidence} {close_grade}")
    verdict = {1: "supported", -1: "contradicted", 0: "undetermined"}[sign]
    return Finding(verdict, f"{compared.evidence} {grade}")


def in_tier(test: records.InTier, facts: Facts) -> Finding:
    """Ask whether all cities named stand in one of the tiers, or in the table at all."""
    rows = facts.table(test.edition, test.dimension)
    total = len(test.cities)
    if not test.tiers:
        missing = absent(rows, test.cities)
        lacking = f" Missing: {', '.join(missing)}." if missing else ""
        evidence = f"{total - len(missing)} of {total} are in the edition.{lacking}"
        return Finding(_yes(holds=not missing), evidence)
    chosen = named(rows, test.cities)
    elsewhere = [place for place, tier in enumerate(chosen.tiers) if tier not in test.tiers]
    size = sum(tier in test.tiers for tier in rows.tiers)
    numbers = " or ".join(str(number) for number in test.tiers)
    inside = len(chosen.tiers) - len(elsewhere)
    where = f"{inside} of {total} are in tier {numbers}, which holds {size} cities."
    others = f" Elsewhere: {_tier_list(chosen.at(elsewhere))}." if elsewhere else ""
    return Finding(_yes(holds=not elsewhere), f"{where} Tiers: {_tier_list(chosen)}.{others}")


def near(test: records.Near, facts: Facts) -> Finding:
    """Ask whether the cities share one tier with those that they are likened to."""
    rows = facts.table(test.edition, test.dimension)
    cities, like = named(rows, test.cities), named(rows, test.like)
    gap = max(abs(one - other) for one in cities.tiers for other in like.tiers)
    verdict = {0: "supported", 1: "undetermined"}.get(gap, "contradicted")
    evidence = f"Tiers: {_tier_list(cities)}; likened to {_tier_list(like)}."
    return Finding(verdict, evidence)


def share(test: records.Share, facts: Facts) -> Finding:
    """Compare a group's share of the cities with a stated one."""
    rows = facts.table(test.edition, test.dimension)
    whole = select(facts, test.of, rows)
    part = whole & select(facts, test.group, rows)
    if not whole:
        raise NoVerdictError("undetermined", f"{title(test.of)}: no city in {test.edition}.")
    percent = 100 * len(part) / len(whole)
    if test.percent is not None:
        holds, stated = abs(percent - test.percent) <= 0.5 + ROUNDING, f"stated: {test.percent:g} %"
    else:
        least = test.more_than or 0.0
        holds, stated = percent > least, f"stated: more than {least:g} %"
    return Finding(_yes(holds=holds), f"{len(part)} of {len(whole)}, {percent:.1f} %; {stated}.")


def count(test: records.Count, facts: Facts) -> Finding:
    """Compare a number of cities with a stated one."""
    sets = []
    for slug in test.editions:
        rows = facts.edition(slug)
        sets.append(select(facts, test.group, rows.once()))
    found = frozenset.intersection(*sets) if test.combine == "both" else frozenset.union(*sets)
    how = f" in {test.combine}" if len(test.editions) > 1 else ""
    where = f"{', '.join(test.editions)}{how}"
    evidence = f"{where}: {len(found)} counted, {test.equals} stated."
    return Finding(_yes(holds=len(found) == test.equals), evidence)


def figure(test: records.Figure, _: Facts) -> Finding:
    """Compare a figure of the method with the one that a source states."""
    if test.found is None:
        reason = f"The rubric {test.rubric} does not say: {test.figure}."
        raise NoVerdictError("untestable", reason)
    name = test.figure.replace("_", " ")
    evidence = f"The rubric {test.rubric} has {test.found} ({name}); stated: {test.equals}."
    return Finding(_yes(holds=test.found == test.equals), evidence)


def covers(test: records.Covers, facts: Facts) -> Finding:
    """Ask whether the edition holds a listed city for each country."""
    ids = facts.edition(test.edition).ids
    held = {city.country for city in test.listed if city.city_id in ids}
    missing = [country for country in test.countries if country not in held]
    listed = {city.country: city.name for city in reversed(test.listed)}
    names = ", ".join(f"{listed.get(country, 'not listed')} ({country})" for country in missing)
    total = len(test.countries)
    lacking = f" Missing: {names}." if missing else ""
    evidence = f"{total - len(missing)} of {total} countries have their capital in it.{lacking}"
    return Finding(_yes(holds=not missing), evidence)


def mean(test: records.Mean, facts: Facts) -> Finding:
    """Ask whether the tiers' thresholds allow a stated mean score."""
    rows = facts.table(test.edition, test.dimension)
    ids = select(facts, test.group, rows)
    enough(test.group, len(ids), test.edition)
    spans = _score_spans(test, facts)
    tiers = [tier for city, tier in zip(rows.city_ids, rows.tiers, strict=True) if city in ids]
    low, high = (sum(spans[t][end] for t in tiers) / len(tiers) for end in (0, 1))
    slack = 0.5 * 10**-test.decimals + ROUNDING
    if not low - slack <= test.equals <= high + slack:
        verdict = "contradicted"
    else:
        verdict = "supported" if high - low <= 2 * slack else "undetermined"
    places = test.decimals + 1
    evidence = (
        f"{title(test.group)}, {len(ids)} cities: their tiers allow a mean from {low:.{places}f} "
        f"to {high:.{places}f}; stated: {test.equals:.{test.decimals}f}."
    )
    return Finding(verdict, evidence)


_TESTS: dict[type, Callable[[Any, Facts], Finding]] = {
    records.Untestable: untestable,
    records.Ahead: ahead,
    records.Similar: similar,
    records.NotFirstGroup: not_first_group,
    records.InTier: in_tier,
    records.Near: near,
    records.LinkedInTier: linked_in_tier,
    records.LinkedNear: linked_near,
    records.LinkedSimilar: linked_similar,
    records.Share: share,
    records.Count: count,
    records.Figure: figure,
    records.Covers: covers,
    records.Mean: mean,
}


def _yes(*, holds: bool) -> str:
    """Return the verdict of a test that the tables settle."""
    return "supported" if holds else "contradicted"


def _tier_list(rows: Rows) -> str:
    """Return the names of cities with their tiers."""
    pairs = zip(rows.names, rows.tiers, strict=True)
    return ", ".join(f"{name} {tier}" for name, tier in pairs)


def _score_spans(test: records.Mean, facts: Facts) -> dict[int, tuple[float, float]]:
    """Return the lowest and the highest score that each tier's thresholds allow."""
    edition = facts.editions.get(test.edition)
    dimensions = edition.dimensions if edition else ()
    tiers = next((d.tiers for d in dimensions if d.slug == test.dimension), ())
    if all(tier.score_from is None and tier.score_to is None for tier in tiers):
        reason = f"The tiers of {test.edition}, {test.dimension} have no thresholds of score."
        raise NoVerdictError("untestable", reason)
    return {
        tier.number: (
            test.lowest if tier.score_from is None else tier.score_from,
            test.highest if tier.score_to is None else tier.score_to,
        )
        for tier in tiers
    }
