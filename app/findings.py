"""What the commands claims and audit print: verdicts and findings, for a reader or as JSON."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from tierscape.analysis import audit_editions, judge_claims, load
from tierscape.data.errors import UnknownNameError
from tierscape.reports.evidence import evidence_zh, sensitivity_zh
from tierscape.terminal import pad, wrapped

#: What is said in each language.
WORDS: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "verdicts": {},
        "comma": ", ",
        "count": "{count} {verdict}",
        "all": "{count} claims: {summary}",
    },
    "zh": {
        "verdicts": {
            "supported": "支持",
            "contradicted": "不符",
            "undetermined": "未定",
            "untestable": "无法检验",
        },
        "comma": "，",
        "count": "{verdict} {count} 条",
        "all": "共 {count} 条论断：{summary}",
    },
}
#: The mark of evidence that has no Chinese: it refers to the file.
_ELSEWHERE = "claims.csv"


def claims_text(data: Path | None, *, sources: Sequence[str], lang: str, as_json: bool) -> str:
    """Return the sources' claims with their verdicts and what these rest on.

    Parameters
    ----------
    data
        A folder of your own facts, laid over the built-in ones.
    sources
        Slugs of the sources to show; all where empty.
    lang
        Language of the claims, `zh` (as quoted) or `en`.
    as_json
        Whether to give JSON: every column of `claims.csv`.

    Raises
    ------
    UnknownNameError
        If there is no source of a slug.
    """
    places = load(data)
    table = judge_claims(places)
    known = list(dict.fromkeys(table["source"]))
    for source in sources:
        if source not in known:
            raise UnknownNameError("source", source, known)
    chosen = table[table["source"].isin(sources or known)]
    if as_json:
        return _json(chosen)
    words = WORDS[lang]
    counts = chosen["verdict"].value_counts()
    summary = words["comma"].join(
        words["count"].format(count=count, verdict=words["verdicts"].get(verdict, verdict))
        for verdict, count in counts.items()
    )
    known_as = {each.slug: each.title_zh for each in places.editions}
    known_as |= {each.slug: each.title_zh for each in places.definitions}
    parts = [_claim(row, lang, known_as) for row in _rows(chosen)]
    return "\n\n".join([*parts, words["all"].format(count=len(chosen), summary=summary)])


def audit_text(data: Path | None, *, slugs: Sequence[str], as_json: bool) -> tuple[str, int]:
    """Return the contradictions and oddities of the editions, and their number.

    Raises
    ------
    UnknownNameError
        If there is no edition of a slug.
    """
    places = load(data)
    known = [edition.slug for edition in places.editions]
    for slug in slugs:
        if slug not in known:
            raise UnknownNameError("edition", slug, known)
    table = audit_editions(places)
    if slugs:
        # A finding between two editions names both, separated by a blank.
        table = table[[bool(set(text.split()) & set(slugs)) for text in table["edition"]]]
    if as_json:
        return _json(table), len(table)
    lines = [
        wrapped(row["detail"], f"{' / '.join(filter(None, _where(row)))}: {row['kind']}: ")
        for row in _rows(table)
    ]
    return "\n".join(lines or ["no findings"]), len(table)


def _claim(row: dict[str, str], lang: str, titles: Mapping[str, str]) -> str:
    """Return one claim: its text, its verdict, and what this rests on."""
    evidence, wider = row["evidence"], row["sensitivity"]
    if lang == "zh":
        evidence, wider = _evidence(row, titles), sensitivity_zh(wider)
    verdict = WORDS[lang]["verdicts"].get(row["verdict"], row["verdict"])
    lines = [
        wrapped(row[f"text_{lang}"] or row["text_zh"] or row["text_en"], pad(verdict, 13)),
        wrapped(f"{row['source']}/{row['claim']}: {evidence}", " " * 13),
    ]
    return "\n".join([*lines, *([wrapped(wider, " " * 13)] if wider else [])])


def _evidence(row: dict[str, str], titles: Mapping[str, str]) -> str:
    """Return the evidence in Chinese; where there is no Chinese for its form, as it was written."""
    told = evidence_zh(row["evidence"], titles, row["claim"])
    return f"（英文）{row['evidence']}" if _ELSEWHERE in told else told


def _where(row: dict[str, str]) -> tuple[str, str]:
    return row["edition"].replace(" ", " and "), row["dimension"]


def _rows(table: pd.DataFrame) -> list[dict[str, str]]:
    return [
        {str(name): str(text) for name, text in row.items()} for row in table.to_dict("records")
    ]


def _json(table: pd.DataFrame) -> str:
    return json.dumps(table.to_dict("records"), ensure_ascii=False, indent=2)
