"""Findings about tiers of totals: whether those of the parts surround them."""

from collections.abc import Iterator, Mapping

import pandas as pd

from .audit_records import Finding
from .claim_rows import Rows, cut

#: The dimension that adds up the others.
TOTAL = "total"


def totals_outside_parts(tiers: pd.DataFrame) -> Iterator[Finding]:
    """Find cities whose tier in the total is better, or worse, than in every part.

    A total is a weighted sum of its parts, so such a city owes it to where the cuts fall, or to
    how the parts are spread; it is no contradiction, but a reader will ask.
    """
    tables = cut(tiers)
    for edition in sorted({edition for edition, _ in tables}):
        listed = {slug: tables[each, slug] for each, slug in sorted(tables) if each == edition}
        if TOTAL in listed and len(listed) > 2:
            yield from _outside(listed.pop(TOTAL), listed)


def _outside(total: Rows, parts: Mapping[str, Rows]) -> Iterator[Finding]:
    """Yield the cities of one edition that are better than in every part, then those worse."""
    tiers = {
        name: dict(zip(rows.city_ids, rows.tiers, strict=True)) for name, rows in parts.items()
    }
    cities = sorted(zip(total.city_ids, total.names, total.tiers, strict=True))
    for word, sign in (("better", 1), ("worse", -1)):
        for city, name, tier in cities:
            known = {part: of[city] for part, of in tiers.items() if city in of}
            if known and all(sign * tier < sign * other for other in known.values()):
                listed = ", ".join(f"{part} {other}" for part, other in known.items())
                detail = (
                    f"{name} is in tier {tier} of the total, {word} than in every part ({listed})."
                )
                yield Finding(total.edition, TOTAL, "total_outside_parts", city, detail)
