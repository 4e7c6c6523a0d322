"""The claims as the atlas page reads them, with what each of them speaks of."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pandas as pd

from ..data.claim_records import Claim, Selection
from .cells import plain_rows

_COLUMNS = ("claim", "source", "text_zh", "text_en", "verdict", "evidence", "sensitivity")


def claims_payload(table: pd.DataFrame, records: Iterable[Claim]) -> list[dict[str, Any]]:
    """Return the claims with the clusters and editions that their tests name.

    Parameters
    ----------
    table
        The columns of `claims.csv`.
    records
        The claims that were judged; those that are not there name nothing.

    Returns
    -------
    list of dict
        The columns as text, `clusters` (slugs) and `edition` (slugs, separated by blanks).
    """
    tests = {(each.source, each.slug): each.test for each in records}
    claims = []
    for row in plain_rows(table):
        test = tests.get((row["source"], row["claim"]))
        texts = {name: str(row.get(name) or "") for name in _COLUMNS}
        edition = " ".join(sorted(_editions(test)))
        claims.append({**texts, "clusters": sorted(named_clusters(test)), "edition": edition})
    return claims


def named_clusters(test: object) -> set[str]:
    """Return the slugs of the clusters that a claim's test names, anywhere in its groups.

    Examples
    --------
    >>> from tierscape.data.claim_records import Ahead
    >>> alps, rockies = Selection(clusters=("alps",)), Selection(clusters=("rockies",))
    >>> sorted(named_clusters(Ahead("g20-2023", "total", alps, rockies)))
    ['alps', 'rockies']
    """
    own = set(test.clusters) if isinstance(test, Selection) else set()
    return own.union(*(named_clusters(part) for part in _parts(test).values()))


def _editions(test: object) -> set[str]:
    parts = _parts(test)
    named = [parts.get("edition"), parts.get("linked"), *(parts.get("editions") or ())]
    return {str(name) for name in named if name}


def _parts(record: object) -> Mapping[str, Any]:
    """Return the fields of a record; anything else has none."""
    if not is_dataclass(record):
        return {}
    return {each.name: getattr(record, each.name) for each in fields(record)}
