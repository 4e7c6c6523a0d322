"""Rewrite docs/landforms.md: the landform of every ranked city, and of every cluster's members.

Run from anywhere: `python tools/build_landforms.py`. A test holds that the page is current.
"""

from pathlib import Path

import pandas as pd

from tierscape.analysis import Places, load
from tierscape.clusters.landform import LANDFORMS, landform_counts
from tierscape.scoring.aggregate import MIN_MEMBERS

TARGET = Path(__file__).parent.parent / "docs" / "landforms.md"

HEAD = """# Landform of every ranked city

Written by `tools/build_landforms.py`; reviewed by eye. The rule is in
[clusters](clusters.md#landform-of-a-city): *coastal* within 50 km of open sea, an estuary or a
named large lake; otherwise *mountain* under the mask of mountains; otherwise *inland*. Distances
are in km; the measure that decided is in bold. `both` marks coastal cities under the mask, which
would be mountain cities if the mask came first.
"""
SHARES = """
## Members of each cluster by landform

Core and extended members in all editions, as written (coast first) and if the mask of mountains
came before the coast. Clusters that change are in bold. `few`: fewer than three members in any
edition.
"""


def main() -> None:
    """Write the page."""
    TARGET.write_text(page(load()), encoding="utf-8")
    print(f"{TARGET}: written")


def page(places: Places) -> str:
    """Return the whole page."""
    cities = places.cities.sort_values(["country", "name_en", "city_id"])
    rows = [_city(row) for row in cities.to_dict("records")]
    counts = landform_counts(cities)
    total = {
        name: ", ".join(f"{number} {landform}" for landform, number in found.items())
        for name, found in counts.items()
    }
    summary = (
        f"\n{len(cities)} cities: {total['coast_first']};"
        f" with mountain before coast {total['mountain_first']}.\n\n"
    )
    header = ["city", "名称", "country", "landform", "shore", "coast", "lake", "mask", "both"]
    shares = [_shares(places, each.slug) for each in places.definitions]
    names = ["cluster", *LANDFORMS, *(f"{name} (mask first)" for name in LANDFORMS), ""]
    return HEAD + summary + _table(header, rows) + SHARES + "\n" + _table(names, shares)


def _city(row: dict[str, object]) -> list[str]:
    """Return the cells of one city."""
    bold = {"sea": "coast", "estuary": "coast", "lake": "lake"}.get(str(row["shore"]), "")
    distances = [
        f"**{row[f'{name}_km']:.0f}**" if name == bold else f"{row[f'{name}_km']:.0f}"
        for name in ("coast", "lake")
    ]
    mask = "yes" if row["mountain"] else ""
    return [
        str(row["name_en"]),
        str(row["name_zh"]),
        str(row["country"]),
        str(row["landform"]),
        str(row["shore"]),
        *distances,
        f"**{mask}**" if row["landform"] == "mountain" else mask,
        "both" if row["coast_and_mountain"] else "",
    ]


def _shares(places: Places, slug: str) -> list[str]:
    """Return the cells of one cluster."""
    mine = places.membership.loc[places.membership["cluster"] == slug, "city_id"]
    counts = landform_counts(places.cities[places.cities["city_id"].isin(mine)])
    first, other = (list(counts[name].values()) for name in ("coast_first", "mountain_first"))
    ranked: pd.DataFrame = places.tiers[places.tiers["city_id"].isin(mine)]
    most = ranked.groupby("edition")["city_id"].nunique().max() if len(ranked) else 0
    name = f"`{slug}`" if first == other else f"**`{slug}`**"
    return [name, *map(str, [*first, *other]), "few" if most < MIN_MEMBERS else ""]


def _table(header: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    main()
