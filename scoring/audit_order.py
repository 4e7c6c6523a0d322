"""Where editions of one rubric order cities in opposite ways, and the fewest cities to blame."""

from collections.abc import Iterable, Iterator

import pandas as pd

from ..data.records import Edition
from .audit_records import Finding
from .linked.link import linked_pairs
from .linked.repair import conflicts, repair, shared_tiers


def order_conflicts(editions: Iterable[Edition], tiers: pd.DataFrame) -> Iterator[Finding]:
    """Find the pairs of cities that two editions of one rubric put in opposite orders.

    Parameters
    ----------
    editions
        The editions of the build.
    tiers
        `edition`, `dimension`, `city_id`, `name_published`, `label`, `tier`.

    Yields
    ------
    Finding
        Per two editions and dimension: `order_conflict` for each pair that is strictly reversed,
        then `order_repair` for each smallest set of cities without which there is none.
    """
    for first, second in linked_pairs(editions):
        in_both = {dimension.slug for dimension in second.dimensions}
        for dimension in first.dimensions:
            if dimension.slug in in_both:
                where = first.slug, second.slug, dimension.slug
                shared = shared_tiers(tiers, dimension.slug, first.slug, second.slug)
                yield from _reversed(shared, *where)
                yield from _repairs(shared, *where)


def _reversed(shared: pd.DataFrame, first: str, second: str, dimension: str) -> Iterator[Finding]:
    """Yield every pair of cities that is strictly reversed."""
    rows = shared.set_index("city_id")
    pairs = conflicts(shared)
    for upper, lower in zip(pairs["upper"], pairs["lower"], strict=True):
        x, y = rows.loc[upper], rows.loc[lower]
        detail = (
            f"{first} puts {x['name_published']} ({x['label']}) above "
            f"{y['name_published']} ({y['label']}); "
            f"{second} puts {y['name_published_second']} ({y['label_second']}) above "
            f"{x['name_published_second']} ({x['label_second']})."
        )
        pair = f"{upper} {lower}"
        yield Finding(f"{first} {second}", dimension, "order_conflict", pair, detail)


def _repairs(shared: pd.DataFrame, first: str, second: str, dimension: str) -> Iterator[Finding]:
    """Yield every smallest set of cities that the contradictions come from."""
    found = repair(shared)
    if not found.size:
        return
    names = shared.set_index("city_id")["name_published"]
    for cities in found.sets:
        listed = "、".join(names[city] for city in cities)
        number = "1 city" if found.size == 1 else f"{found.size} cities"
        if found.unique:
            which = "the only smallest set"
        else:
            which = f"one of {found.n_sets} smallest sets"
            if len(found.sets) < found.n_sets:
                which += f", of which {len(found.sets)} are listed"
        detail = f"The two tables agree on all shared cities but {listed}: {number}, {which}."
        yield Finding(f"{first} {second}", dimension, "order_repair", " ".join(cities), detail)
