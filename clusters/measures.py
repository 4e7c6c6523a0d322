"""The measures of the shipped geography, as cluster rules ask for them."""

from ..geo.coast import distance_to_coast, distance_to_lakes
from ..geo.geodesic import distance_to_route
from ..geo.ranges import distance_to_ranges, in_region
from .survey import Floats, Measures, Texts


def geodesic_measures() -> Measures:
    """Return the measures to the shipped coasts, lakes, ranges and regions.

    Distances are WGS84 geodesics in km; nothing is loaded before it is asked for.
    """
    return Measures(
        coast=_coast,
        lake=_lake,
        range=_range,
        route=distance_to_route,
        region=in_region,
    )


def _coast(lon: Floats, lat: Floats, names: tuple[str, ...]) -> tuple[Floats, Texts]:
    found = distance_to_coast(lon, lat, names or None)
    return found.km, found.sea


def _lake(lon: Floats, lat: Floats, names: tuple[str, ...]) -> tuple[Floats, Texts]:
    found = distance_to_lakes(lon, lat, names or None)
    return found.km, found.name


def _range(lon: Floats, lat: Floats, names: tuple[str, ...]) -> tuple[Floats, Texts]:
    found = distance_to_ranges(lon, lat, names or None)
    return found.km, found.name
