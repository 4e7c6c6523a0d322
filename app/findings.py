"""What the commands claims and audit print: verdicts and findings, for a reader or as JSON."""

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from tierscape.analysis import analyse, load
from tierscape.data.errors import UnknownNameError
from tierscape.terminal import wrapped


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
    table = analyse(load(data)).claims
    known = list(dict.fromkeys(table["source"]))
    for source in sources:
        if source not in known:
            raise UnknownNameError("source", source, known)
    chosen = table[table["source"].isin(sources or known)]
    if as_json:
        return _json(chosen)
    counts = chosen["verdict"].value_counts()
    summary = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    parts = [_claim(row, lang) for row in _rows(chosen)]
    return "\n\n".join([*parts, f"{len(chosen)} claims: {summary}"])


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
    table = analyse(places).audit
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


def _claim(row: dict[str, str], lang: str) -> str:
    lines = [
        wrapped(row[f"text_{lang}"], f"{row['verdict']:<13}"),
        wrapped(f"{row['source']}/{row['claim']}: {row['evidence']}", " " * 13),
    ]
    if row["sensitivity"]:
        lines.append(wrapped(row["sensitivity"], " " * 13))
    return "\n".join(lines)


def _where(row: dict[str, str]) -> tuple[str, str]:
    return row["edition"].replace(" ", " and "), row["dimension"]


def _rows(table: pd.DataFrame) -> list[dict[str, str]]:
    return [
        {str(name): str(text) for name, text in row.items()} for row in table.to_dict("records")
    ]


def _json(table: pd.DataFrame) -> str:
    return json.dumps(table.to_dict("records"), ensure_ascii=False, indent=2)
