"""All physical measures of a table of cities in one pass."""

import numpy as np
import pandas as pd

from ..data.errors import DataError, Problem
from .coast import distance_to_coast, distance_to_lakes
from .elevation import is_mountain, relief_m
from .points import Floats, swapped
from .ranges import distance_to_ranges

_MOST = {"lon": 180.0, "lat": 90.0}


def measure(cities: pd.DataFrame) -> pd.DataFrame:
    """Return how far each city lies from sea, lake and range, and whether it is in mountains.

    Parameters
    ----------
    cities : pandas.DataFrame
        Columns `lon` and `lat` in degrees.

    Returns
    -------
    pandas.DataFrame
        The same index, with the columns `coast_km` (km to the nearest shore of the sea or of an
        estuary), `sea` (slug of that shore's sea), `shore_kind` (`sea` or `estuary`), `lake_km`
        and `lake` (nearest named large lake), `range_km` and `range` (nearest mountain range, 0
        inside), `relief_m` (local relief in metres) and `mountain` (by the written mask).

    Raises
    ------
    DataError
        With every coordinate that is missing, no number or out of range, by its row.

    Examples
    --------
    >>> import pandas as pd
    >>> cities = pd.DataFrame({"lon": [9.99], "lat": [53.55]}, index=["Hamburg"])
    >>> measure(cities)[["sea", "shore_kind"]].to_dict("records")
    [{'sea': 'north-sea', 'shore_kind': 'estuary'}]
    """
    lon, lat = _coordinates(cities)
    shore = distance_to_coast(lon, lat)
    lake = distance_to_lakes(lon, lat)
    mountains = distance_to_ranges(lon, lat)
    columns = {
        "coast_km": shore.km,
        "sea": shore.sea.astype(str),
        "shore_kind": shore.kind.astype(str),
        "lake_km": lake.km,
        "lake": lake.name.astype(str),
        "range_km": mountains.km,
        "range": mountains.name.astype(str),
        "relief_m": relief_m(lon, lat),
        "mountain": is_mountain(lon, lat),
    }
    return pd.DataFrame(columns, index=cities.index)


def _coordinates(cities: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the coordinates of a table, or raise all that is wrong with them."""
    missing = [name for name in _MOST if name not in cities]
    if missing:
        raise DataError(
            Problem("cities", None, name, "", "the column is missing", "Degrees, EPSG:4326.")
            for name in missing
        )
    lon, lat = (
        pd.to_numeric(cities[name], errors="coerce").to_numpy(float, na_value=np.nan)
        for name in _MOST
    )
    problems = _problems(cities, lon, lat)
    if problems:
        raise DataError(problems)
    return lon, lat


def _problems(cities: pd.DataFrame, lon: Floats, lat: Floats) -> list[Problem]:
    """Return a problem for each coordinate that is no number in its range, in order of rows."""
    turned = swapped(lon, lat)
    found = []
    for name, values in (("lon", lon), ("lat", lat)):
        most = _MOST[name]
        for row in np.flatnonzero(~(np.abs(values) <= most)).tolist():
            what = {"lon": "longitude", "lat": "latitude"}[name]
            rule = (
                f"the {what} of row {cities.index[row]} must be a number from {-most:g} to {most:g}"
            )
            hint = "Are longitude and latitude swapped?" if turned[row] else ""
            value = str(cities[name].iloc[row])
            found.append((row, Problem("cities", None, name, value, rule, hint)))
    return [problem for _, problem in sorted(found, key=lambda each: each[0])]
