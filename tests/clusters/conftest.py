"""A small made-up world: one straight coast, one lake, one range, known by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tierscape.clusters.survey import Bools, Floats, Measures, Texts, Waypoints
from tierscape.data.records import ClusterDefinition, Leaf, Override, Rule
from tierscape.data.rule_reader import Known

#: Things stand at a longitude each; a degree counts as 100 km, whatever the latitude.
COASTS = {"north-sea": 0.0, "baltic": 20.0}
LAKES = {"great-lakes": 10.0}
RANGES = {"alps": 5.0, "rocky-mountains": -5.0}


def nearest_of(
    places: dict[str, float], lon: Floats, names: tuple[str, ...]
) -> tuple[Floats, Texts]:
    chosen = names or tuple(places)
    km = np.stack([np.abs(lon - places[name]) * 100 for name in chosen])
    return km.min(axis=0), np.array(chosen, dtype=object)[km.argmin(axis=0)]


def route_km(lon: Floats, _lat: Floats, waypoints: Waypoints) -> Floats:
    first, last = sorted(lon for lon, _ in waypoints)[:: len(waypoints) - 1]
    return np.maximum(np.maximum(first - lon, lon - last), 0) * 100


def in_region(_lon: Floats, lat: Floats, region: str) -> Bools:
    return lat > 0 if region == "north" else lat < 0


class Counting:
    """Counts how often things are measured."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, ...]] = []

    def coast(self, lon: Floats, _lat: Floats, names: tuple[str, ...]) -> tuple[Floats, Texts]:
        self.calls.append(names)
        return nearest_of(COASTS, lon, names)


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def measures(counting: Counting) -> Measures:
    return Measures(
        coast=counting.coast,
        lake=lambda lon, _lat, names: nearest_of(LAKES, lon, names),
        range=lambda lon, _lat, names: nearest_of(RANGES, lon, names),
        route=route_km,
        region=in_region,
    )


@pytest.fixture
def cities() -> pd.DataFrame:
    rows = [
        # city_id, name, country, admin1, lon, lat, elevation_m, population
        ("1", "Shore", "DE", "01", 0.2, 50.0, 5, 900_000),
        ("2", "Near", "DE", "02", 0.9, 50.0, 20, 800_000),
        ("3", "Hill", "CH", "ZH", 4.9, 47.0, 600, 400_000),
        ("4", "Middle", "PL", "78", 2.5, 52.0, 100, 100_000),
        ("5", "Lake", "US", "IL", 10.3, -42.0, 180, 2_700_000),
        ("6", "Gap", "DE", "03", 1.7, 51.0, 50, 300_000),
    ]
    names = ["city_id", "name_en", "country", "admin1", "lon", "lat", "elevation_m", "population"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(name_zh=table["name_en"])


@pytest.fixture
def made_up_names() -> Known:
    return Known(
        seas=frozenset(COASTS),
        lakes=frozenset(LAKES),
        ranges=frozenset(RANGES),
        regions=frozenset({"north", "south"}),
        countries=frozenset({"DE", "CH", "PL", "US"}),
    )


def cluster(
    slug: str,
    core: Rule,
    extended: Rule | None = None,
    overrides: tuple[Override, ...] = (),
) -> ClusterDefinition:
    """Return a definition of which only the rules matter."""
    return ClusterDefinition(
        slug=slug,
        title_zh=slug,
        title_en=slug,
        landform="coastal",
        document="made-up",
        sentence_zh="句",
        sentence_en="sentence",
        geography="none",
        core=core,
        core_reason="because",
        extended=extended,
        extended_reason="because",
        file=Path(f"{slug}.toml"),
        overrides=overrides,
    )


@pytest.fixture
def coastal() -> ClusterDefinition:
    """Shore is core, Near is extended, Gap just outside; Middle by override."""
    return cluster(
        "north-sea",
        Leaf("coast", ("north-sea",), within_km=50),
        Leaf("coast", ("north-sea",), within_km=100),
        (Override("4", "Middle", "extended", "a source counts it"),),
    )
