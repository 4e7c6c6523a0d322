"""Tests of claims that need two editions linked: no single table ranks all their cities.

Everything here assumes that a city has one score in both editions. Where the tables contradict
that, a verdict must be the same without the contradictory cities and with each edition believed
in turn.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import compress

import numpy as np
import pandas as pd

from ..data import claim_records as records
from ..data.errors import DataError
from ..data.records import Edition
from .bounds import difference_weights
from .claim_facts import Facts, Finding, NoVerdictError, enough, named, select, title
from .claim_pairs import SURE
from .claim_rows import Rows
from .linked.compare import Ranked, compare_in, ranked
from .linked.link import link
from .linked.tier_spans import drawn_tiers, implied_tiers
from .tiers import BoolArray, IntArray

#: Rankings drawn for a probability; its standard error is at most 0.005.
DRAWS = 10_000
ASSUMED = "If a city has one score in both editions"
EXPECTED = "all rankings that the two editions allow assumed equally likely"

_Linked = records.LinkedInTier | records.LinkedNear | records.LinkedSimilar


def linked_in_tier(test: records.LinkedInTier, facts: Facts) -> Finding:
    """Ask whether cities would be in one of the tiers of an edition that lacks some of them."""
    rows = _rows(test, facts)
    chosen = named(rows, test.cities).once()

    def judged(sample: Ranked, tier: IntArray) -> tuple[str, str]:
        spans = _spans(sample, tier, chosen)
        low, high = min(test.tiers), max(test.tiers)
        numbers = " or ".join(str(number) for number in test.tiers)
        if np.all((spans.best >= low) & (spans.worst <= high)):
            return "supported", f"{spans}. Certain."
        if np.any((spans.best > high) | (spans.worst < low)):
            return "contradicted", f"{spans}. Certain."
        best, worst = drawn_tiers(sample.ranks, tier, spans.places)
        surely = np.all((best >= low) & (worst <= high), axis=1)
        outside = np.any((best > high) | (worst < low), axis=1)
        return _expected(str(spans), (f"all in tier {numbers}", "not all"), surely, outside)

    return _in_every_variant(test, facts, judged)


def linked_near(test: records.LinkedNear, facts: Facts) -> Finding:
    """Ask whether cities would share a tier of an edition that lacks some of them."""
    rows = _rows(test, facts)
    likened = named(rows, (*test.cities, *test.like)).once()
    first = np.array([name in test.cities for name in likened.names])

    def judged(sample: Ranked, tier: IntArray) -> tuple[str, str]:
        spans = _spans(sample, tier, likened)
        evidence = f"{spans.taken(first)}; likened to {spans.taken(~first)}"
        if spans.best.min() == spans.worst.max():
            return "supported", f"{evidence}. Certain."
        if _apart(spans.best[np.newaxis], spans.worst[np.newaxis], first)[0]:
            return "contradicted", f"{evidence}. Certain."
        best, worst = drawn_tiers(sample.ranks, tier, spans.places)
        together = best.min(axis=1) == worst.max(axis=1)
        chances = "all in one tier", "some two or more tiers apart"
        return _expected(evidence, chances, together, _apart(best, worst, first))

    return _in_every_variant(test, facts, judged)


def linked_similar(test: records.LinkedSimilar, facts: Facts) -> Finding:
    """Ask whether two groups' mean percentiles among all linked cities differ little."""
    rows = _rows(test, facts)
    groups = [select(facts, group, rows) for group in (test.a, test.b)]
    for group, ids in zip((test.a, test.b), groups, strict=True):
        enough(group, len(ids), f"{test.edition} linked with {test.linked}")

    def judged(sample: Ranked, _: IntArray) -> tuple[str, str]:
        inside = [sample.order.members(ids) for ids in groups]
        if not all(group.any() for group in inside):
            reason = "The two editions contradict each other about all cities of a group."
            raise NoVerdictError("undetermined", reason)
        compared = compare_in(sample, inside[0], inside[1])
        low, high = compared.difference_lower, compared.difference_upper
        evidence = (
            f"{title(test.a)} less {title(test.b)}, mean percentiles among "
            f"{sample.order.n_cities} cities: {compared.difference:+.1f}, from {low:+.1f} to "
            f"{high:+.1f} in all rankings allowed"
        )
        if -test.margin <= low and high <= test.margin:
            return "supported", f"{evidence}. Certain."
        if low > test.margin or high < -test.margin:
            return "contradicted", f"{evidence}. Certain."
        within = np.abs(sample.difference(*difference_weights(*inside))) <= test.margin + 1e-9
        chances = f"at most {test.margin:g} points", "more"
        return _expected(evidence, chances, within, ~within)

    return _in_every_variant(test, facts, judged)


def _in_every_variant(
    test: _Linked, facts: Facts, judged: Callable[[Ranked, IntArray], tuple[str, str]]
) -> Finding:
    """Return the verdict that holds in all variants of the linked order, with each one's words."""
    found = {}
    for variant, sample, tier in _samples(test, facts):
        found[variant] = judged(sample, tier)
    verdicts = {verdict for verdict, _ in found.values()}
    several = len(found) > 1
    words = [f"{variant}: {text}" if several else text for variant, (_, text) in found.items()]
    verdict = verdicts.pop() if len(verdicts) == 1 else "undetermined"
    return Finding(verdict, f"{ASSUMED}: {' '.join(words)}")


def _samples(test: _Linked, facts: Facts) -> Iterator[tuple[str, Ranked, IntArray]]:
    """Yield variant, order with drawn rankings, and the tiers of the test's edition."""
    first, second = (facts.editions.get(slug) for slug in (test.edition, test.linked))
    if first is None or second is None:
        slugs = f"{test.edition} and {test.linked}"
        raise NoVerdictError("untestable", f"The build does not have the records of {slugs}.")
    key = test.edition, test.linked, test.dimension
    if key not in facts.linked:
        facts.linked[key] = _drawn(facts.tiers, first, second, test.dimension)
    for variant, sample in facts.linked[key].items():
        yield variant, sample, sample.order.first


def _drawn(
    tiers: pd.DataFrame, first: Edition, second: Edition, dimension: str
) -> dict[str, Ranked]:
    """Return the orders that two editions give, with drawn rankings."""
    try:
        orders = link(tiers, first, second, dimension)
    except DataError as error:
        reason = "; ".join(f"{each.value} {each.rule}" for each in error.problems)
        raise NoVerdictError("untestable", f"The editions cannot be linked: {reason}.") from error
    return {variant: ranked(order, draws=DRAWS) for variant, order in orders.items()}


def _rows(test: _Linked, facts: Facts) -> Rows:
    """Return the rows of both editions, those of the test's edition first."""
    own, other = (facts.table(slug, test.dimension) for slug in (test.edition, test.linked))
    return own.joined(other, f"{test.edition} or {test.linked}")


@dataclass(frozen=True, slots=True, eq=False)
class _Spans:
    """The tiers that cities can have: names, best and worst tiers, places in the order."""

    names: tuple[str, ...]
    best: IntArray
    worst: IntArray
    places: IntArray

    def __str__(self) -> str:
        rows = zip(self.names, self.best, self.worst, strict=True)
        return ", ".join(
            f"{name} {best}" if best == worst else f"{name} {best} to {worst}"
            for name, best, worst in rows
        )

    def taken(self, which: BoolArray) -> "_Spans":
        """Return those of some of the cities."""
        names = tuple(compress(self.names, which))
        return _Spans(names, self.best[which], self.worst[which], self.places[which])


def _spans(sample: Ranked, tier: IntArray, chosen: Rows) -> _Spans:
    """Return the tiers that the cities meant can have, in the order named."""
    order = sample.order
    places = {city: place for place, city in enumerate(order.city_ids)}
    pairs = zip(chosen.names, chosen.city_ids, strict=True)
    if left_out := [name for name, city in pairs if city not in places]:
        reason = f"The two editions contradict each other about {', '.join(left_out)}."
        raise NoVerdictError("undetermined", reason)
    at = np.array([places[city] for city in chosen.city_ids])
    spans = implied_tiers(order, tier)
    best, worst = (spans[end].to_numpy()[at] for end in ("tier_best", "tier_worst"))
    return _Spans(chosen.names, best, worst, at)


def _apart(best: IntArray, worst: IntArray, first: BoolArray) -> BoolArray:
    """Tell in which draws a city is surely two or more tiers from one that it is likened to."""
    ahead = best[:, ~first].max(axis=1) - worst[:, first].min(axis=1)
    behind = best[:, first].max(axis=1) - worst[:, ~first].min(axis=1)
    return np.asarray(np.maximum(ahead, behind) > 1)


def _expected(
    evidence: str, chances: tuple[str, str], holds: BoolArray, fails: BoolArray
) -> tuple[str, str]:
    """Return the verdict by probability: of what surely holds, and of what surely fails."""
    yes, no = float(holds.mean()), float(fails.mean())
    verdict = "supported" if yes >= SURE else "contradicted" if no >= SURE else "undetermined"
    words = f"P({chances[0]}) ≥ {yes:.2f}, P({chances[1]}) ≥ {no:.2f}"
    return verdict, f"{evidence}. {words} ({EXPECTED}; {len(holds)} drawn)."
