"""Findings about tiers of totals: whether those of the parts surround them."""

from collections.abc import Iterator

import pandas as pd

from .audit_records import Finding

#: The dimension that adds up the others.
TOTAL = "total"


def totals_outside_parts(tiers: pd.DataFrame) -> Iterator[Finding]:
    """Find cities whose tier in the total is better, or worse, than in every part.

    A total is a weighted sum of its parts, so such a city owes it to where the cuts fall, or to
    how the parts are spread; it is no contradiction, but a reader will ask.
    """
    for edition, rows in tiers.groupby("edition", sort=True):
        table = rows.pivot_table(index="city_id", columns="dimension", values="tier")
        if TOTAL not in table or table.shape[1] < 3:
            continue
        parts = table.drop(columns=TOTAL)
        outside = {"better": table[TOTAL] < parts.min(axis=1)}
        outside["worse"] = table[TOTAL] > parts.max(axis=1)
        names = rows.drop_duplicates("city_id").set_index("city_id")["name_published"]
        for word, mask in outside.items():
            for city in sorted(table.index[mask]):
                listed = ", ".join(f"{name} {tier:.0f}" for name, tier in parts.loc[city].items())
                detail = (
                    f"{names[city]} is in tier {table.loc[city, TOTAL]:.0f} of the total, "
                    f"{word} than in every part ({listed})."
                )
                yield Finding(str(edition), TOTAL, "total_outside_parts", str(city), detail)
