"""How far a cluster's results depend on its definition: each test moved, the rest as it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..clusters.explain import describe
from ..clusters.sensitivity import Members, Sweep, sweep
from ..data.known_names import name_titles
from ..data.records import Override
from ..maps.figures.words import title_of
from ..scoring.aggregate import MIN_MEMBERS, summarise_members
from ..scoring.tiers import TierTable, tier_table
from .blocks import Block, Column, Note, Paragraph, Table
from .inputs import Scope, few, here
from .numbers import cell
from .tables import city_name, column
from .words import say


@dataclass(frozen=True, slots=True)
class Range:
    """Results over some settings: ranked core cities, percentile, rank; None is none at all."""

    cities: tuple[int, int]
    percentile: tuple[float, float] | None
    rank: tuple[int, int] | None


def definition_range(scope: Scope, slug: str) -> list[Block]:
    """Return what the report says of a cluster's sensitivity to its definition."""
    lang, places = scope.lang, scope.analysis.places
    ranked = places.cities[places.cities["city_id"].isin(places.tiers["city_id"])]
    published, sweeps = sweep(scope.definition(slug), ranked, measures=places.measures)
    if not sweeps:
        return [Note(say(lang, "sensitivity_none"))]
    table = tier_table(here(places.tiers, scope.edition, scope.first))
    rivals = [row for row in scope.results(scope.first) if row["cluster"] != slug]
    others = [row["percentile"] for row in rivals if not few(row)]
    found = [_range(_members(each), table, others) for each in sweeps]
    everything = [published, *(member for each in sweeps for member in _members(each))]
    rows = [
        (*_words(each, places.cities, lang), *_cells(result, lang))
        for each, result in zip(sweeps, found, strict=True)
    ]
    caption = say(lang, "sensitivity_caption", dimension=title_of(scope.first, lang))
    return [
        Paragraph(_summary(scope, _range(everything, table, others))),
        Table("sensitivity", caption, _columns(lang), tuple(rows)),
    ]


def _columns(lang: str) -> tuple[Column, ...]:
    keys = ("part", "test", "moved", "core_range", "percentile_range", "rank_range")
    return tuple(column(lang, key, "long" if key == "test" else "text") for key in keys)


def _members(found: Sweep) -> list[Members]:
    return [step.members for step in found.steps]


def _range(settings: Sequence[Members], table: TierTable, others: Sequence[float]) -> Range:
    """Return the range of the results over settings of the definition."""
    counts: list[int] = []
    percentiles: list[float] = []
    ranks: list[int] = []
    for core in {members.core for members in settings}:
        weight = table.members(core).astype(np.int64)
        counts.append(int(weight.sum()))
        if not counts[-1]:
            continue
        percentiles.append(summarise_members(table, weight).percentile)
        if counts[-1] >= MIN_MEMBERS:
            # Rounded, since equal means may differ in their last bit.
            ahead = sum(round(other, 9) > round(percentiles[-1], 9) for other in others)
            ranks.append(1 + ahead)
    return Range(
        (min(counts), max(counts)),
        (min(percentiles), max(percentiles)) if percentiles else None,
        (min(ranks), max(ranks)) if ranks else None,
    )


def _summary(scope: Scope, found: Range) -> str:
    lang = scope.lang
    cities, percentile, rank = _cells(found, lang)
    return say(
        lang,
        "sensitivity_text",
        edition=title_of(scope.edition, lang),
        dimension=title_of(scope.first, lang),
        core=cities,
        percentile=percentile,
        rank=say(lang, "sensitivity_rank", rank=rank) if found.rank else "",
    )


def _cells(found: Range, lang: str) -> tuple[str, str, str]:
    """Return the ranges as texts."""
    return (
        _span(found.cities, "count", lang),
        _span(found.percentile, "percentile", lang),
        _span(found.rank, "rank", lang),
    )


def _span(ends: tuple[float, float] | None, kind: str, lang: str) -> str:
    if ends is None:
        return cell(None, kind, lang)
    texts = dict.fromkeys(cell(end, kind, lang) for end in ends)
    return "–".join(texts)


def _words(found: Sweep, cities: pd.DataFrame, lang: str) -> tuple[str, str, str]:
    """Return which rule a test stands in, the test, and what its values are."""
    part, test = say(lang, found.part), found.test
    if isinstance(test, Override):
        name = city_name(cities.set_index("city_id").loc[test.city_id], lang)
        return part, name, say(lang, "without")
    words = describe(test, lang, name_titles())
    values = [step.value for step in found.steps if step.value is not None]
    if found.published is None or not values:
        return part, words, say(lang, "without")
    ends = _span((min(values), max(values)), "threshold", lang)
    return part, words, ends
