"""All physical measures of a table of cities in one pass."""

import pandas as pd

from .coast import distance_to_coast, distance_to_lakes
from .elevation import is_mountain, relief_m
from .ranges import distance_to_ranges


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

    Examples
    --------
    >>> import pandas as pd
    >>> cities = pd.DataFrame({"lon": [9.99], "lat": [53.55]}, index=["Hamburg"])
    >>> measure(cities)[["sea", "shore_kind"]].to_dict("records")
    [{'sea': 'north-sea', 'shore_kind': 'estuary'}]
    """
    lon, lat = cities["lon"].to_numpy(float), cities["lat"].to_numpy(float)
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
