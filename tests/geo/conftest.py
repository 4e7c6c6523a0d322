"""What the tests of places share."""

from collections.abc import Iterator

import pytest

from tierscape.data.catalog import Catalog
from tierscape.geo.gazetteer import Gazetteer, gazetteer
from tierscape.geo.geocode import Geocoder, load_aliases


@pytest.fixture(scope="session")
def places() -> Iterator[Gazetteer]:
    with gazetteer() as opened:
        yield opened


@pytest.fixture(scope="session")
def geocoder(places: Gazetteer) -> Geocoder:
    return Geocoder(places, load_aliases(Catalog(), places))
