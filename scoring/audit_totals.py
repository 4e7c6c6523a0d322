"""Findings about totals: whether they can come from their parts."""

from collections.abc import Iterator, Mapping

import pandas as pd

from ..data.published_means import load_means
from ..data.records import Edition, Rubric
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


def means_that_do_not_meet(edition: Edition, rubrics: Mapping[str, Rubric]) -> Iterator[Finding]:
    """Find a printed mean of an index that the printed means of its parts cannot have.

    The weighted mean of the parts lies, by rounding, within half a printed unit of what the
    printed figures give; so does the printed mean. The two intervals must meet if the index is
    the weighted mean of its parts.
    """
    means, rubric = load_means(edition), rubrics.get(edition.rubric)
    if means is None or rubric is None:
        return
    weights = {each.title_zh: each.weight for each in rubric.indicators if each.level == 1}
    known = {name: weight for name, weight in weights.items() if weight is not None}
    if known.keys() != means.parts.keys():
        return
    value = sum(known[name] * mean for name, mean in means.parts.items()) / sum(known.values())
    if abs(value - means.index) > 2 * means.rounding:
        share = ", ".join(f"{weight:g}" for weight in known.values())
        detail = (
            f"the printed means of the parts, weighted {share} %, give {value:.4f} "
            f"({value - means.rounding:.4f} to {value + means.rounding:.4f} with rounding); the "
            f"mean of the index is printed as {means.index:.2f}."
        )
        yield Finding(edition.slug, TOTAL, "published_mean", "", detail)
