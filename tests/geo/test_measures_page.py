"""The page on measures names every ranked city near the threshold, with its distance."""

from pathlib import Path

import pandas as pd

from tierscape.data.catalog import Catalog
from tierscape.data.edition_loader import load_editions
from tierscape.geo.geocode import Geocoder
from tierscape.geo.measures import measure
from tierscape.geo.resolve import resolve_names

PAGE = (Path(__file__).parents[2] / "docs" / "measures.md").read_text(encoding="utf-8")
COASTAL_KM = 50.0
NEAR_KM = 2.5


def ranked(geocoder: Geocoder) -> pd.DataFrame:
    """Return name, longitude and latitude of every ranked city."""
    resolved = resolve_names(load_editions(Catalog()), geocoder)
    matches = (m for tables in resolved.values() for table in tables.values() for m in table)
    places = {match.place.city_id: match.place for match in matches if match.place}
    points = [(place.name_en, place.lon, place.lat) for place in places.values()]
    return pd.DataFrame(points, columns=["name", "lon", "lat"]).set_index("name")


def test_the_table_of_cities_near_the_threshold(geocoder: Geocoder) -> None:
    """The cities whose distance rounds to less than 2.5 km from 50 km are those of the page."""
    measured = measure(ranked(geocoder))
    near = measured[(measured["coast_km"] - COASTAL_KM).abs() < NEAR_KM].sort_values("coast_km")
    lines = [
        f"| {name} | {km:.2f} | {kind} | {'coastal' if km <= COASTAL_KM else 'not coastal'} |"
        for name, km, kind in zip(near.index, near["coast_km"], near["shore_kind"], strict=True)
    ]
    section = PAGE.split("### Cities near a threshold")[1].split("\n## ")[0]
    assert [line for line in section.splitlines() if line.startswith("| ")][1:] == lines
    assert ((measured["lake_km"] - COASTAL_KM).abs() >= NEAR_KM).all()
