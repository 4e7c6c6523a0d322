"""Sections of reports: each is a heading and what stands under it."""

from collections.abc import Iterable

from ..clusters.explain import describe
from ..data.known_names import name_titles
from ..maps.figures.words import title_of
from ..scoring.aggregate import MIN_MEMBERS
from .blocks import Block, Heading, Note, Paragraph, Quote
from .drawings import composition_chart, league_chart
from .inputs import Scope, titles
from .tables import (
    cluster_results,
    compared,
    comparison_table,
    league_table,
    member_table,
    order_counts,
    order_table,
    pair_table,
    tier_labels,
)
from .words import say


def results_sections(scope: Scope, cluster: str) -> list[Block]:
    """Return a cluster's figures and its tiers."""
    lang = scope.lang
    found = [
        (dimension, row)
        for dimension in scope.dimensions
        if (row := scope.result(cluster, dimension)) is not None
    ]
    blocks: list[Block] = [
        cluster_results(scope, cluster),
        Note(say(lang, "results_note", least=MIN_MEMBERS)),
    ]
    rows = [(title_of(dimension, lang), row) for dimension, row in found]
    most = max((len(dimension.tiers) for dimension, _ in found), default=0)
    chart = composition_chart(scope, rows, most)
    blocks = section(scope, "results", blocks)
    return [*blocks, *section(scope, "composition", [chart, *tier_labels(scope)])]


def standing_sections(scope: Scope, cluster: str) -> list[Block]:
    """Return where a cluster stands among the others, and the tests."""
    lang = scope.lang
    tables = [each for each in scope.dimensions if scope.result(cluster, each) is not None]
    charts = section(scope, "standing", [league_chart(scope, each) for each in tables[:1]])
    if not tables:
        return []
    tests: list[Block] = []
    for dimension in tables:
        ahead, behind, undecided = order_counts(compared(scope, cluster, dimension))
        counts = {"ahead": ahead, "behind": behind, "open": undecided}
        title = title_of(dimension, lang)
        tests.append(Paragraph(say(lang, "tests_sum", dimension=title, **counts)))
    table = comparison_table(scope, cluster, tables[0])
    note = Note(say(lang, "tests_note", least=MIN_MEMBERS))
    return [*charts, *section(scope, "tests", [*tests, table, note])]


def appendix(scope: Scope, cluster: str) -> list[Block]:
    """Return a cluster's comparisons in the tables after the first, for reference."""
    rest = [each for each in scope.dimensions[1:] if scope.result(cluster, each) is not None]
    return section(scope, "appendix", [comparison_table(scope, cluster, each) for each in rest])


def member_section(scope: Scope, cluster: str) -> list[Block]:
    """Return a cluster's members."""
    lang, table = scope.lang, member_table(scope, cluster)
    if not table.rows:
        names = {"cluster": scope.title(cluster)}
        return section(scope, "members", [Note(say(lang, "members_none", **names))])
    return section(scope, "members", [table, Note(say(lang, "members_note"))])


def definition_section(scope: Scope, cluster: str) -> list[Block]:
    """Return a cluster's definition: its source's sentence, its geography, its rules."""
    lang, each = scope.lang, scope.definition(cluster)
    sentence = (
        (each.sentence_zh or each.sentence_en)
        if lang == "zh"
        else (each.sentence_en or each.sentence_zh)
    )
    source = titles(scope.analysis, lang).get(each.document, each.document)
    blocks: list[Block | None] = [Quote(sentence, source) if sentence else None]
    rules = (("rule_core", each.core), ("rule_extended", each.extended))
    blocks += [
        Paragraph(say(lang, key, rule=describe(rule, lang, name_titles())))
        for key, rule in rules
        if rule is not None
    ]
    blocks.append(Quote(each.geography, say(lang, "geography")) if each.geography else None)
    return section(scope, "definition", blocks)


def league_section(scope: Scope) -> list[Block]:
    """Return the league of every table, the first as a chart too."""
    blocks: list[Block | None] = [league_chart(scope, scope.first)]
    blocks += [league_table(scope, each) for each in scope.dimensions if scope.results(each)]
    blocks.append(Note(say(scope.lang, "results_note", least=MIN_MEMBERS)))
    return section(scope, "standing", blocks)


def composition_section(scope: Scope) -> list[Block]:
    """Return the tiers of every cluster in the first table."""
    rows = [(scope.title(row["cluster"]), row) for row in scope.results(scope.first)]
    chart = composition_chart(scope, rows, len(scope.first.tiers))
    return section(scope, "composition", [chart, *tier_labels(scope)])


def order_section(scope: Scope) -> list[Block]:
    """Return which clusters are certainly ahead of which, and the pairs that a test tells apart."""
    lang = scope.lang
    blocks: list[Block | None] = []
    for dimension in scope.dimensions:
        pairs = pair_table(scope, dimension)
        none = Note(say(lang, "pairs_none", dimension=title_of(dimension, lang)))
        blocks += [order_table(scope, dimension), pairs if pairs.rows else none]
    blocks.append(Note(say(lang, "tests_note", least=MIN_MEMBERS)))
    return section(scope, "tests", blocks)


def section(scope: Scope, key: str, blocks: Iterable[Block | None]) -> list[Block]:
    """Return a section: its heading, and those of its blocks that there are."""
    found = present(blocks)
    return [Heading(say(scope.lang, key)), *found] if found else []


def present(blocks: Iterable[Block | None]) -> list[Block]:
    """Return the blocks that there are."""
    return [each for each in blocks if each is not None]
