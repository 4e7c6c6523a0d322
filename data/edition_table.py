"""Editions as one table, as they are printed and before any city is found."""

from collections.abc import Iterable

import pandas as pd

from .records import Edition

COLUMNS = (
    *("edition", "dimension", "name_published", "label"),
    *("tier", "column", "row", "note", "file", "line", "city_id"),
)
NUMBERS = ("tier", "column", "row", "line")


def entry_table(editions: Iterable[Edition]) -> pd.DataFrame:
    """Return one row per city, dimension and edition, before geocoding.

    Returns
    -------
    pandas.DataFrame
        `edition`, `dimension` (slugs), `name_published`, `label` (as printed), `tier` (1 is best),
        `column`, `row` (printed position within the tier), `note`, `file`, `line` (of the CSV,
        its header is line 1), `city_id` (empty unless the file pins the place).
    """
    records = [
        {
            "edition": edition.slug,
            "dimension": dimension.slug,
            "name_published": entry.name,
            "label": labels[entry.tier],
            "tier": entry.tier,
            "column": entry.column,
            "row": entry.row,
            "note": entry.note,
            "file": str(dimension.file),
            "line": entry.line,
            "city_id": entry.city_id,
        }
        for edition in editions
        for dimension in edition.dimensions
        for labels in [{tier.number: tier.label for tier in dimension.tiers}]
        for entry in dimension.entries
    ]
    types = {name: "int64" if name in NUMBERS else "str" for name in COLUMNS}
    return pd.DataFrame.from_records(records, columns=list(types)).astype(types)
