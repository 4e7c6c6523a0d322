"""The claims that a report must answer: those on its edition and on its cluster."""

from collections.abc import Iterator, Mapping

from ..data.claim_loader import load_claims
from ..data.claim_records import Claim, Selection, Untestable
from .blocks import Block, Note, Table
from .evidence import evidence_en, evidence_zh, sensitivity_zh
from .inputs import AnalysisLike, Row, Scope, records, titles
from .tables import columns
from .words import say

VERDICTS = ("supported", "contradicted", "undetermined", "untestable")


def claim_blocks(scope: Scope, cluster: str = "") -> list[Block]:
    """Return the claims on the report's edition, on one cluster where it is given."""
    lang = scope.lang
    slugs = {each.slug for each in scope.analysis.places.editions}
    asked = [
        claim
        for claim in load_claims(scope.analysis.places.catalog)
        if _on_edition(claim, scope.edition.slug, slugs)
        and (not cluster or _on_cluster(claim, scope, cluster))
    ]
    told = {(row["source"], row["claim"]): row for row in records(scope.analysis.claims)}
    rows = [told[key] for claim in asked if (key := (claim.source, claim.slug)) in told]
    if not rows:
        return [Note(say(lang, "claims_none"))]
    names = titles(scope.analysis, lang)
    heads = columns(
        lang,
        ("claim", "long"),
        ("verdict", "text"),
        ("evidence", "long"),
        ("extended_verdict", "text"),
        ("source", "text"),
    )
    ordered = sorted(rows, key=lambda row: VERDICTS.index(row["verdict"]))
    cells = tuple(_cells(row, lang, names) for row in ordered)
    return [
        Table("claims", say(lang, "claims_caption"), heads, cells),
        Note(say(lang, "claims_note")),
    ]


def verdict_table(analysis: AnalysisLike, lang: str) -> Table:
    """Return the number of claims by source and verdict."""
    names = titles(analysis, lang)
    counts = analysis.claims.groupby(["source", "verdict"]).size()
    rows = tuple(
        (
            names.get(source, source),
            *(int(counts.get((source, verdict), 0)) for verdict in VERDICTS),
        )
        for source in sorted(set(analysis.claims["source"]))
    )
    heads = columns(lang, ("source", "text"), *((verdict, "count") for verdict in VERDICTS))
    return Table("claims", say(lang, "claims_summary_caption"), heads, rows)


def _cells(row: Row, lang: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return a claim in the language of the report."""
    source = names.get(row["source"], row["source"])
    if lang == "zh":
        text = row["text_zh"] or row["text_en"]
        why = evidence_zh(row["evidence"], names, row["claim"])
        wider = sensitivity_zh(row["sensitivity"])
    else:
        text = row["text_en"] or row["text_zh"]
        why = evidence_en(row["evidence"], names)
        wider = row["sensitivity"]
    return text, say(lang, row["verdict"]), why, wider, source


def _on_edition(claim: Claim, edition: str, editions: set[str]) -> bool:
    """Tell whether a claim is tested on an edition, or is one of its own, or of no edition's."""
    tested = {getattr(claim.test, "edition", ""), *getattr(claim.test, "editions", ())} - {""}
    if tested:
        return edition in tested
    return claim.source == edition or claim.source not in editions


def _on_cluster(claim: Claim, scope: Scope, slug: str) -> bool:
    """Tell whether a claim's test names a cluster; one without a test, whether its text does."""
    if not isinstance(claim.test, Untestable):
        return any(slug in group.clusters for group in _subjects(claim.test))
    definition = scope.definition(slug)
    named = ((definition.title_zh, claim.text_zh), (definition.title_en, claim.text_en))
    return any(title and title in text for title, text in named)


def _subjects(test: object) -> Iterator[Selection]:
    """Yield the groups that a test is about; a named one it is measured against is none."""
    for name in ("a", "b", "group", "leaders"):
        group = getattr(test, name, None)
        if isinstance(group, Selection) and (name in {"a", "group"} or not group.name):
            yield group
