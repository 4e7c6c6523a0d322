"""The place of the gazetteer that answers for a point: its own city, or the nearest place."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from tierscape.geo.gazetteer import country_code, gazetteer
from tierscape.geo.geodesic import geodesic_km, to_xyz

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Texts = npt.NDArray[np.object_]

#: A row's `city_id` counts if its point lies this near to that city.
SAME_CITY_KM = 50.0


@dataclass(frozen=True, slots=True, eq=False)
class PlaceTable:
    """The gazetteer's places as columns, and a search tree of their Earth-centred coordinates."""

    city_id: Texts
    name: Texts
    country: Texts
    admin1: Texts
    population: Floats
    lon: Floats
    lat: Floats
    tree: cKDTree
    row_of: Mapping[str, int]


def load_places() -> PlaceTable:
    """Return the gazetteer's places as columns."""
    query = (
        "SELECT CAST(city_id AS TEXT), name_en, country, admin1, population, lon, lat "
        "FROM place ORDER BY city_id"
    )
    with gazetteer() as opened:
        rows = opened.store.execute(query).fetchall()
    ids, names, countries, provinces, people, lon, lat = zip(*rows, strict=True)
    east, north = np.array(lon, float), np.array(lat, float)
    return PlaceTable(
        city_id=np.array(ids, object),
        name=np.array(names, object),
        country=np.array(countries, object),
        admin1=np.array(provinces, object),
        population=np.array(people, float),
        lon=east,
        lat=north,
        tree=cKDTree(to_xyz(east, north)),
        row_of={city: row for row, city in enumerate(ids)},
    )


def nearest_places(
    points: pd.DataFrame, lon: Floats, lat: Floats, places: PlaceTable
) -> tuple[Ints, Bools]:
    """Return the place that answers for each point, and whether it is the row's own city.

    Parameters
    ----------
    points
        Its columns `city_id` (GeoNames) and `country` (code or name) are read where it has them.
    lon, lat
        The coordinates of its rows, in degrees.
    places
        The gazetteer.

    Returns
    -------
    tuple of numpy.ndarray
        The row of `places`: the city of `city_id` if the gazetteer has it within
        `SAME_CITY_KM`; otherwise the nearest place, in the row's country if it gives a known one.
        And whether it is the city of `city_id`.

    Examples
    --------
    >>> places = load_places()
    >>> point = pd.DataFrame({"lon": [8.5], "lat": [47.4]})
    >>> near, own = nearest_places(point, np.array([8.5]), np.array([47.4]), places)
    >>> places.country[near].tolist(), places.admin1[near].tolist(), own.tolist()
    (['CH'], ['ZH'], [False])
    """
    xyz = to_xyz(lon, lat)
    near = np.asarray(places.tree.query(xyz)[1], dtype=np.intp)
    for country, rows in _countries(points).items():
        there = np.flatnonzero(places.country == country)
        rows = rows[places.country[near[rows]] != country]  # noqa: PLW2901 - those that differ
        if len(there) and len(rows):
            tree = cKDTree(to_xyz(places.lon[there], places.lat[there]))
            near[rows] = there[tree.query(xyz[rows])[1]]
    own = _own(points, places)
    given = np.flatnonzero(own >= 0)
    km = geodesic_km(lon[given], lat[given], places.lon[own[given]], places.lat[own[given]])
    given = given[km <= SAME_CITY_KM]
    near[given] = own[given]
    is_own = np.zeros(len(lon), dtype=bool)
    is_own[given] = True
    return near, is_own


def _countries(points: pd.DataFrame) -> dict[str, Ints]:
    """Return the rows of each country that the table names."""
    if "country" not in points:
        return {}
    codes, names = pd.factorize(points["country"].astype(object))
    found: dict[str, list[Ints]] = {}
    for number, name in enumerate(names):
        code = country_code(str(name))
        if code:
            found.setdefault(code, []).append(np.flatnonzero(codes == number))
    return {code: np.concatenate(rows) for code, rows in found.items()}


def _own(points: pd.DataFrame, places: PlaceTable) -> Ints:
    """Return the gazetteer's row of each `city_id`, -1 where there is none."""
    if "city_id" not in points:
        return np.full(len(points), -1, dtype=np.intp)
    codes, ids = pd.factorize(points["city_id"].astype(object))
    rows = np.array([places.row_of.get(str(city), -1) for city in ids] + [-1], dtype=np.intp)
    return rows[codes]
