"""What a report says: one cluster in one edition, all clusters of one, or all editions."""

from collections.abc import Sequence
from dataclasses import replace

from ..data.records import Edition
from ..maps.figures.words import title_of
from .blocks import Block, Heading, Note, Report
from .claim_rows import claim_blocks, verdict_table
from .closing import closing, closing_sources
from .definition_range import definition_range
from .drawings import league_chart, map_figure
from .findings_text import cluster_finding, edition_finding
from .inputs import AnalysisLike, Options, make_scope, printed_date
from .numbers import cell
from .overview import across_table, edition_table, overview_finding
from .sections import (
    appendix,
    composition_section,
    definition_section,
    league_section,
    member_section,
    order_section,
    present,
    results_sections,
    section,
    standing_sections,
)
from .words import say

_DEFAULTS = Options()


def cluster_report(
    analysis: AnalysisLike, cluster: str, edition: str, lang: str, *, options: Options = _DEFAULTS
) -> Report:
    """Return the report of one cluster in one edition.

    Parameters
    ----------
    analysis
        What `tierscape.analyse` returns.
    cluster, edition
        Slugs.
    lang
        `zh` or `en`.
    options
        Tables to report, date and version to print, Arabic names.

    Returns
    -------
    Report
        The same for the same input. Without a date `Report.date` is the first day of the
        edition's year, and none is printed.

    Raises
    ------
    UnknownNameError
        If there is no such cluster, edition, dimension or language.
    MissingGlyphError
        If no shipped font shows a character of a name on the map.
    """
    scope = make_scope(analysis, edition, lang, options)
    definition = scope.definition(cluster)
    names = {"cluster": title_of(definition, lang), "edition": title_of(scope.edition, lang)}
    blocks: list[Block] = [cluster_finding(scope, cluster)]
    if scope.result(cluster, scope.first, "all") is not None:
        blocks += section(scope, "map", [map_figure(scope, (cluster,))])
    blocks += [
        *results_sections(scope, cluster),
        *standing_sections(scope, cluster),
        *member_section(scope, cluster),
        *section(scope, "sensitivity", definition_range(scope, cluster)),
        *section(scope, "claims", claim_blocks(scope, cluster)),
        *definition_section(scope, cluster),
        *closing(scope.analysis, [scope.edition], lang, options),
        *appendix(scope, cluster),
    ]
    return _signed(
        Report(
            name=f"{edition}-{cluster}-{lang}",
            kind="cluster",
            lang=lang,
            title=say(lang, "cluster_title", **names),
            subtitle=say(lang, "subtitle", landform=say(lang, definition.landform)),
            date="",
            version=options.version,
            blocks=tuple(blocks),
        ),
        [scope.edition],
        options,
    )


def edition_report(
    analysis: AnalysisLike, edition: str, lang: str, *, options: Options = _DEFAULTS
) -> Report:
    """Return the comparison of all clusters in one edition.

    Parameters, errors and dates are those of `cluster_report`.
    """
    scope = make_scope(analysis, edition, lang, options)
    cities = analysis.places.tiers
    count = cities.loc[cities["edition"] == edition, "city_id"].nunique()
    blocks: list[Block] = [edition_finding(scope)]
    blocks += section(scope, "map", [map_figure(scope)])
    blocks += [*league_section(scope), *composition_section(scope), *order_section(scope)]
    blocks += section(scope, "claims", claim_blocks(scope))
    blocks += closing(analysis, [scope.edition], lang, options)
    found = {row["cluster"] for dimension in scope.dimensions for row in scope.results(dimension)}
    names = {"cities": cell(count, "count", lang), "clusters": cell(len(found), "count", lang)}
    return _signed(
        Report(
            name=f"{edition}-{lang}",
            kind="edition",
            lang=lang,
            title=say(lang, "edition_title", edition=title_of(scope.edition, lang)),
            subtitle=say(lang, "edition_subtitle", **names),
            date="",
            version=options.version,
            blocks=tuple(blocks),
        ),
        [scope.edition],
        options,
    )


def overview_report(analysis: AnalysisLike, lang: str, *, options: Options = _DEFAULTS) -> Report:
    """Return the overview of all editions.

    Parameters, errors and dates are those of `cluster_report`; the dimensions asked for are those
    of the editions that have them.
    """
    editions = analysis.places.editions
    scopes = [make_scope(analysis, each.slug, lang, Options()) for each in editions]
    blocks: list[Block] = [overview_finding(analysis, lang), Heading(say(lang, "editions"))]
    blocks += [edition_table(analysis, lang), Heading(say(lang, "results"))]
    blocks += [across_table(scopes), Note(say(lang, "across_note"))]
    for scope in scopes:
        blocks.append(Heading(title_of(scope.edition, lang), 2))
        blocks += present([edition_finding(scope), league_chart(scope, scope.first)])
    blocks += [Heading(say(lang, "claims")), verdict_table(analysis, lang)]
    blocks.append(Note(say(lang, "claims_note")))
    blocks += closing(analysis, editions, lang, options)
    return _signed(
        Report(
            name=f"overview-{lang}",
            kind="overview",
            lang=lang,
            title=say(lang, "overview_title", count=cell(len(editions), "count", lang)),
            subtitle=say(lang, "join").join(title_of(each, lang) for each in editions),
            date="",
            version=options.version,
            blocks=tuple(blocks),
        ),
        editions,
        options,
    )


def _signed(report: Report, editions: Sequence[Edition], options: Options) -> Report:
    """Return a report with its date and its sources."""
    date = printed_date(options)
    return replace(
        report,
        subtitle=" · ".join(filter(None, [report.subtitle, date])),
        date=date or f"{max(each.year for each in editions)}-01-01",
        sources=closing_sources(editions, report.lang, options),
    )
