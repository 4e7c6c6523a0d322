"""The measures of the shipped geography, as cluster rules ask for them."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

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


def remembered(measures: Measures) -> Measures:
    """Return measures that keep their answers, for those who ask again for the same points.

    Examples
    --------
    >>> import numpy as np
    >>> lon, lat = np.array([8.54]), np.array([47.37])
    >>> measures = remembered(geodesic_measures())
    >>> first = measures.range(lon, lat, ("alps",))
    >>> measures.range(lon, lat, ("alps",)) is first
    True
    """
    return Measures(*(_Kept(getattr(measures, each.name)) for each in fields(Measures)))


@dataclass(frozen=True, slots=True)
class _Kept:
    """A measure and its answers; no closure, so that it can be sent to another process."""

    measure: Callable[..., Any]
    found: dict[tuple[bytes, bytes, object], Any] = field(default_factory=dict)

    def __call__(self, lon: Floats, lat: Floats, what: Any) -> Any:  # noqa: ANN401 - as measured
        """Measure from points to what is named, unless it is known."""
        key = lon.tobytes(), lat.tobytes(), what
        if key not in self.found:
            self.found[key] = self.measure(lon, lat, what)
        return self.found[key]


def _coast(lon: Floats, lat: Floats, names: tuple[str, ...]) -> tuple[Floats, Texts]:
    found = distance_to_coast(lon, lat, names or None)
    return found.km, found.sea


def _lake(lon: Floats, lat: Floats, names: tuple[str, ...]) -> tuple[Floats, Texts]:
    found = distance_to_lakes(lon, lat, names or None)
    return found.km, found.name


def _range(lon: Floats, lat: Floats, names: tuple[str, ...]) -> tuple[Floats, Texts]:
    found = distance_to_ranges(lon, lat, names or None)
    return found.km, found.name
