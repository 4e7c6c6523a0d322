"""What only the overview of all editions has."""

from collections.abc import Sequence

from ..maps.figures.words import title_of
from .blocks import Column, KeyFinding, Table
from .inputs import AnalysisLike, Scope
from .numbers import cell
from .tables import columns
from .words import say


def overview_finding(analysis: AnalysisLike, lang: str) -> KeyFinding:
    """Return what there is, and how the claims fare."""
    verdicts = analysis.claims["verdict"].value_counts()
    core = analysis.clusters[analysis.clusters["role"] == "core"]
    numbers = {
        "editions": len(analysis.places.editions),
        "cities": analysis.places.tiers["city_id"].nunique(),
        "clusters": core["cluster"].nunique(),
        "claims": len(analysis.claims),
        "supported": int(verdicts.get("supported", 0)),
        "contradicted": int(verdicts.get("contradicted", 0)),
    }
    shown = {name: cell(number, "count", lang) for name, number in numbers.items()}
    return KeyFinding(say(lang, "finding_overview", **shown), say(lang, "sure_overview"))


def edition_table(analysis: AnalysisLike, lang: str) -> Table:
    """Return the editions with their numbers of cities, tables and clusters."""
    tiers, core = analysis.places.tiers, analysis.clusters
    core = core[core["role"] == "core"]
    rows = tuple(
        (
            title_of(book, lang),
            str(book.year),
            int(tiers.loc[tiers["edition"] == book.slug, "city_id"].nunique()),
            len(book.dimensions),
            int(core.loc[core["edition"] == book.slug, "cluster"].nunique()),
        )
        for book in analysis.places.editions
    )
    keys = ("n_cities", "dimensions", "clusters")
    counts = ((key, "count") for key in keys)
    heads = columns(lang, ("edition", "text"), ("year", "text"), *counts)
    return Table("editions", say(lang, "editions_caption"), heads, rows)


def across_table(scopes: Sequence[Scope]) -> Table:
    """Return every cluster's percentile in the first table of each edition."""
    lang = scopes[0].lang
    meaning = say(lang, "mean_percentile")
    heads = (
        *columns(lang, ("cluster", "text"), ("landform", "text")),
        *(
            Column(f"percentile-{each.edition.slug}", _head(each), "percentile", meaning)
            for each in scopes
        ),
    )
    found = [
        {row["cluster"]: row["percentile"] for row in scope.results(scope.first)}
        for scope in scopes
    ]
    rows = tuple(
        (title_of(each, lang), say(lang, each.landform), *(table.get(each.slug) for table in found))
        for each in scopes[0].analysis.places.definitions
        if any(each.slug in table for table in found)
    )
    return Table("across", say(lang, "across_caption"), heads, rows)


def _head(scope: Scope) -> str:
    return f"{title_of(scope.edition, scope.lang)} · {title_of(scope.first, scope.lang)}"
