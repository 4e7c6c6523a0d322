"""The page on places says what the data say."""

from pathlib import Path

import pandas as pd

from tierscape.data.catalog import Catalog
from tierscape.data.edition_loader import load_editions
from tierscape.geo.gazetteer import Gazetteer
from tierscape.geo.geocode import Geocoder
from tierscape.geo.resolve import resolution_table, resolve_names

PAGE = (Path(__file__).parents[2] / "docs" / "places.md").read_text(encoding="utf-8")
STEPS = ("exact", "folded", "alias")


def step_table(resolution: pd.DataFrame) -> str:
    """Return the page's table: how many published names each step resolves."""
    editions = dict(iter(resolution.groupby("edition")))
    editions["all, each name once"] = resolution.drop_duplicates("name_published")
    lines = [
        f"| edition | names | {' | '.join(STEPS)} |",
        f"|---|{'---:|' * (len(STEPS) + 1)}",
    ]
    for name, rows in editions.items():
        counts = [len(rows), *(int((rows["match_step"] == step).sum()) for step in STEPS)]
        lines.append(f"| {name} | {' | '.join(map(str, counts))} |")
    return "\n".join(lines)


def test_the_table_of_steps(geocoder: Geocoder) -> None:
    resolution = resolution_table(resolve_names(load_editions(Catalog()), geocoder))
    assert set(resolution["match_step"]) == set(STEPS)
    assert set(resolution["match_status"]) == {"matched"}
    assert step_table(resolution) in PAGE


def test_the_size_of_the_gazetteer(places: Gazetteer) -> None:
    (number,) = places.store.execute("SELECT count(*) FROM place").fetchone()
    (names,) = places.store.execute("SELECT count(*) FROM name").fetchone()
    assert f"{number:,} places" in PAGE
    assert f"{names:,} folded names" in PAGE
