"""How every report ends: the method in half a page, the sources, what the checks found."""

from collections.abc import Iterable

from ..data.records import Edition
from ..maps.figures.words import title_of
from ..scoring.aggregate import MIN_MEMBERS
from .blocks import Block, Heading, Note, Paragraph, Table
from .inputs import AnalysisLike, Options, printed_date
from .tables import columns
from .words import say

_METHOD = ("method_1", "method_2", "method_3", "method_4")
#: Kinds of finding of the audit, in Chinese; any other is shown as it is.
_KINDS_ZH = {
    "label_share": "档次标注与实际占比不符",
    "mean_repair": "均值修正",
    "mean_weights": "均值与权重不符",
    "order_conflict": "表间次序矛盾",
    "order_repair": "次序矛盾的最小修正",
    "print_order": "印刷次序",
    "published_mean": "公布的均值",
    "spelling": "名称写法",
    "title": "标题不一",
    "total_outside_parts": "总分档次超出分项范围",
}


def closing(
    analysis: AnalysisLike, editions: Iterable[Edition], lang: str, options: Options
) -> list[Block]:
    """Return the last sections of a report on some editions."""
    books = list(editions)
    least = MIN_MEMBERS
    return [
        *_checks(analysis, books, lang),
        Heading(say(lang, "method")),
        *(Paragraph(say(lang, key, least=least)) for key in _METHOD),
        Heading(say(lang, "sources")),
        *(Paragraph(text) for text in closing_sources(books, lang, options)),
        *(
            Note(say(lang, "terms", terms=terms))
            for terms in dict.fromkeys(book.terms for book in books if book.terms)
        ),
        Note(_made(lang, options)),
    ]


def closing_sources(editions: Iterable[Edition], lang: str, options: Options) -> tuple[str, ...]:
    """Return the credit lines, as printed, and those of the data and the software."""
    version = f" {options.version}" if options.version else ""
    return (
        *(book.credit or title_of(book, lang) for book in editions),
        say(lang, "source_places"),
        say(lang, "source_land"),
        say(lang, "source_software", version=version),
    )


def _checks(analysis: AnalysisLike, editions: list[Edition], lang: str) -> list[Block]:
    """Return how many findings of each kind the audit has on the editions."""
    slugs = {each.slug for each in editions}
    # A finding between two editions names both, separated by a blank.
    mine = [bool(set(text.split()) & slugs) for text in analysis.audit["edition"]]
    counts = analysis.audit.loc[mine, "kind"].value_counts().sort_index()
    if counts.empty:
        return []
    rows = tuple((_kind(str(kind), lang), int(count)) for kind, count in counts.items())
    heads = columns(lang, ("kind", "text"), ("findings", "count"))
    table = Table("audit", say(lang, "audit_caption"), heads, rows)
    return [Heading(say(lang, "audit")), table, Note(say(lang, "audit_note"))]


def _kind(kind: str, lang: str) -> str:
    return _KINDS_ZH.get(kind, kind) if lang == "zh" else kind.replace("_", " ")


def _made(lang: str, options: Options) -> str:
    date = printed_date(options)
    return say(
        lang,
        "made",
        version=f" {options.version}" if options.version else "",
        date=say(lang, "made_date", date=date) if date else "",
    )
