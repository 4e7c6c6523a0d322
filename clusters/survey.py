"""Surveying cities for cluster rules: every thing that the rules ask for is measured once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..data.errors import DataError, Problem
from ..data.records import Leaf, Rule
from ..data.rule_trees import leaves
from .nearby import Cells, gather

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
#: Python strings of any length, one for each city.
Texts = npt.NDArray[np.object_]
Waypoints = tuple[tuple[float, float], ...]
#: Longitude, latitude and the names to measure to (none: all there are), to the distance in km
#: and the slug of the nearest.
Measure = Callable[[Floats, Floats, tuple[str, ...]], tuple[Floats, Texts]]

#: What a leaf measures to: its kind, and its names or waypoints.
Thing = tuple[str, tuple[object, ...]]

#: The columns of the table of cities that each kind of leaf reads.
COLUMNS = {
    "coast": ("lon", "lat"),
    "lake": ("lon", "lat"),
    "range": ("lon", "lat"),
    "route": ("lon", "lat"),
    "region": ("lon", "lat"),
    "polygon": ("lon", "lat"),
    "country": ("country",),
    "admin": ("country", "admin1"),
    "cities": ("city_id",),
    "elevation_m": ("elevation_m",),
    "population": ("population",),
}
#: The columns that must hold a number wherever a rule reads them, with their bounds.
_NUMBERS = {
    "lon": (-180.0, 180.0),
    "lat": (-90.0, 90.0),
    "elevation_m": (-12_000.0, 9_000.0),
    "population": (0.0, np.inf),
}


@dataclass(frozen=True, slots=True)
class Measures:
    """The geography that rules ask for; longitude comes before latitude, distances are in km.

    `coast`, `lake` and `range` measure to named things; `route` measures to a line through
    waypoints; `region` tells which points lie inside the region of one slug.
    """

    coast: Measure
    lake: Measure
    range: Measure
    route: Callable[[Floats, Floats, Waypoints], Floats]
    region: Callable[[Floats, Floats, str], Bools]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What one leaf says of every city, in the order of the table.

    Attributes
    ----------
    passed
        Whether the city passes the test.
    km
        The distance in km; NaN where the leaf measures none.
    name
        The name that answers: the nearest sea, the country, the first matching region.
    """

    passed: Bools
    km: Floats
    name: Texts


#: What each leaf of some rules says of the cities of one table.
Survey = Mapping[Leaf, Answers]


def survey(
    rules: Iterable[Rule],
    cities: pd.DataFrame,
    measures: Measures,
    *,
    bounded: bool = False,
) -> Survey:
    """Measure what the leaves of `rules` ask for, each thing once.

    Parameters
    ----------
    rules
        Rules of one or more clusters.
    cities
        One row for each city: `city_id`, and what the rules read of `lon,lat` (degrees),
        `country` (ISO 3166-1 alpha-2), `admin1` (GeoNames), `elevation_m`, `population`.
    measures
        The geography to ask.
    bounded
        Measure only what may pass: a distance beyond the widest threshold of a thing may be
        given as infinite. Whether a city passes is the same, and much faster for many cities.

    Returns
    -------
    Survey
        The answers to every leaf of the rules, for `rules.evaluate`.

    Raises
    ------
    DataError
        If a column that a rule reads is missing, or holds no number where it must; if a city
        stands twice in the table.
    """
    tests = list(dict.fromkeys(leaf for rule in rules for leaf in leaves(rule)))
    _check(tests, cities)
    widest: dict[Thing, float] = {}
    for leaf in tests:
        widest[_thing(leaf)] = max(widest.get(_thing(leaf), 0), leaf.within_km or 0)
    cells = gather(*_lonlat(cities)) if bounded and any(widest.values()) else None
    measured: dict[Thing, tuple[Floats, Texts]] = {}
    columns: dict[str, Texts] = {}
    found: dict[Leaf, Answers] = {}
    for leaf in tests:
        if leaf.within_km is None:
            found[leaf] = _filter(leaf, cities, measures, columns)
            continue
        # Thresholds differ between core and extended; what is measured does not.
        thing = _thing(leaf)
        if thing not in measured:
            reach = replace(leaf, within_km=widest[thing])
            measured[thing] = _measure(reach, cities, measures, cells)
        km, nearest = measured[thing]
        found[leaf] = Answers(km <= leaf.within_km, km, nearest)
    return found


def _thing(leaf: Leaf) -> Thing:
    """Return what a leaf measures to, whatever its threshold."""
    return leaf.kind, leaf.waypoints or leaf.names


def _lonlat(cities: pd.DataFrame) -> tuple[Floats, Floats]:
    return _floats(cities, "lon"), _floats(cities, "lat")


def _check(tests: Iterable[Leaf], cities: pd.DataFrame) -> None:
    """Raise all that keeps the tests from being done on the table."""
    needs = {column: leaf.kind for leaf in tests for column in COLUMNS[leaf.kind]}
    problems = [
        Problem("cities", None, name, "", f"the column is missing; {kind} rules read it")
        for name, kind in {**needs, "city_id": "all"}.items()
        if name not in cities
    ]
    if "city_id" in cities:
        twice = cities.loc[cities["city_id"].duplicated(), "city_id"]
        problems += [
            Problem("cities", None, "city_id", str(city), "the city stands twice", "Remove one.")
            for city in twice.unique()
        ]
    for name in needs.keys() & _NUMBERS.keys() & set(cities.columns):
        least, most = _NUMBERS[name]
        bad = ~_numbers(cities, name, at_least=least, at_most=most)
        rule = f"{needs[name]} rules need a number from {least:g} to {most:g}"
        problems += [
            Problem("cities", None, name, str(row[name]), rule, f"City {row.get('city_id', '')}.")
            for row in (cities[bad].to_dict("records") if bad.any() else ())
        ]
    if problems:
        raise DataError(sorted(problems, key=str))


def _numbers(cities: pd.DataFrame, name: str, *, at_least: float, at_most: float) -> Bools:
    """Tell in which rows a column holds a number between the bounds."""
    values = _floats(cities, name)
    return np.asarray((values >= at_least) & (values <= at_most))


def _floats(cities: pd.DataFrame, name: str) -> Floats:
    """Return a column as floats, NaN where it holds no number."""
    return pd.to_numeric(cities[name], errors="coerce").to_numpy(float, na_value=np.nan)


def _measure(
    leaf: Leaf, cities: pd.DataFrame, measures: Measures, cells: Cells | None
) -> tuple[Floats, Texts]:
    """Return the distance from every city to what the leaf names, and the name of the nearest."""
    if cities.empty:
        return np.empty(0), np.empty(0, dtype=object)
    lon, lat = _lonlat(cities)
    measure = _measure_of(leaf, measures)
    if cells is None:
        return measure(lon, lat)
    near = cells.near(lambda east, north: measure(east, north)[0], leaf.within_km or 0)
    km, name = np.full(len(lon), np.inf), _same("", len(lon))
    if len(near):
        km[near], name[near] = measure(lon[near], lat[near])
    return km, name


def _measure_of(leaf: Leaf, measures: Measures) -> Callable[[Floats, Floats], tuple[Floats, Texts]]:
    """Return the function that measures to what a leaf names."""
    if leaf.kind == "route":
        ends = f"{leaf.labels[0][0]} to {leaf.labels[-1][0]}" if leaf.labels else "route"
        return lambda lon, lat: (
            measures.route(lon, lat, leaf.waypoints),
            _same(ends, len(lon)),
        )
    measure = {"coast": measures.coast, "lake": measures.lake, "range": measures.range}[leaf.kind]
    return lambda lon, lat: measure(lon, lat, leaf.names)


def _filter(
    leaf: Leaf, cities: pd.DataFrame, measures: Measures, columns: dict[str, Texts]
) -> Answers:
    """Test a leaf that measures no distance; `columns` keeps the texts that are read."""
    count = len(cities)
    nothing = np.full(count, np.nan)
    if leaf.kind in {"elevation_m", "population"}:
        least = -np.inf if leaf.least is None else leaf.least
        most = np.inf if leaf.most is None else leaf.most
        passed = _numbers(cities, leaf.kind, at_least=least, at_most=most)
        return Answers(passed, nothing, _same(leaf.kind, count))
    if leaf.kind == "polygon":
        inside = shapely.intersects_xy(shapely.Polygon(leaf.waypoints), *_lonlat(cities))
        return Answers(np.asarray(inside, dtype=bool), nothing, _same(leaf.names[0], count))
    if leaf.kind == "region":
        lon, lat = _lonlat(cities)
        within = np.stack([measures.region(lon, lat, name) for name in leaf.names])
        first = np.array(leaf.names, dtype=object)[within.argmax(axis=0)]
        return Answers(np.asarray(within.any(axis=0)), nothing, first)
    if leaf.kind not in columns:
        columns[leaf.kind] = _texts(cities, COLUMNS[leaf.kind])
    values = columns[leaf.kind]
    return Answers(pd.Series(values).isin(leaf.names).to_numpy(bool), nothing, values)


def _texts(cities: pd.DataFrame, names: tuple[str, ...]) -> Texts:
    """Return one or two columns as texts; two are joined by a full stop."""
    parts = [cities[name].fillna("").astype(str).to_numpy(object) for name in names]
    return np.asarray(parts[0] if len(parts) == 1 else parts[0] + "." + parts[1], dtype=object)


def _same(text: str, count: int) -> Texts:
    """Return one text for every city."""
    return np.full(count, text, dtype=object)
