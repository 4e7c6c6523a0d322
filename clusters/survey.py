"""Surveying cities for cluster rules: every thing that the rules ask for is measured once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..data.errors import DataError, Problem
from ..data.records import Leaf, Rule

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
#: Python strings of any length, one for each city.
Texts = npt.NDArray[np.object_]
Waypoints = tuple[tuple[float, float], ...]
#: Longitude, latitude and the names to measure to (none: all there are), to the distance in km
#: and the slug of the nearest.
Measure = Callable[[Floats, Floats, tuple[str, ...]], tuple[Floats, Texts]]

#: The columns of the table of cities that each kind of leaf reads.
COLUMNS = {
    "coast": ("lon", "lat"),
    "lake": ("lon", "lat"),
    "range": ("lon", "lat"),
    "route": ("lon", "lat"),
    "region": ("lon", "lat"),
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


def leaves(rule: Rule) -> Iterator[Leaf]:
    """Yield every leaf of a rule, in the order of the file."""
    if isinstance(rule, Leaf):
        yield rule
        return
    for inner in rule.rules:
        yield from leaves(inner)


def survey(rules: Iterable[Rule], cities: pd.DataFrame, measures: Measures) -> Survey:
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
    measured: dict[tuple[str, object], tuple[Floats, Texts]] = {}
    found: dict[Leaf, Answers] = {}
    for leaf in tests:
        if leaf.within_km is None:
            found[leaf] = _filter(leaf, cities, measures)
            continue
        # Thresholds differ between core and extended; what is measured does not.
        thing = (leaf.kind, leaf.waypoints or leaf.names)
        if thing not in measured:
            measured[thing] = _measure(leaf, cities, measures)
        km, nearest = measured[thing]
        found[leaf] = Answers(km <= leaf.within_km, km, nearest)
    return found


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
            for row in cities[bad].to_dict("records")
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


def _measure(leaf: Leaf, cities: pd.DataFrame, measures: Measures) -> tuple[Floats, Texts]:
    """Return the distance from every city to what the leaf names, and the name of the nearest."""
    if cities.empty:
        return np.empty(0), np.empty(0, dtype=object)
    lon, lat = _floats(cities, "lon"), _floats(cities, "lat")
    if leaf.kind == "route":
        ends = f"{leaf.labels[0][0]} to {leaf.labels[-1][0]}" if leaf.labels else "route"
        return measures.route(lon, lat, leaf.waypoints), _same(ends, len(cities))
    measure = {"coast": measures.coast, "lake": measures.lake, "range": measures.range}[leaf.kind]
    return measure(lon, lat, leaf.names)


def _filter(leaf: Leaf, cities: pd.DataFrame, measures: Measures) -> Answers:
    """Test a leaf that measures no distance."""
    nothing = np.full(len(cities), np.nan)
    if leaf.kind in {"elevation_m", "population"}:
        least = -np.inf if leaf.least is None else leaf.least
        most = np.inf if leaf.most is None else leaf.most
        passed = _numbers(cities, leaf.kind, at_least=least, at_most=most)
        return Answers(passed, nothing, _same(leaf.kind, len(cities)))
    if leaf.kind == "region":
        lon, lat = _floats(cities, "lon"), _floats(cities, "lat")
        inside = np.stack([measures.region(lon, lat, name) for name in leaf.names])
        first = np.array(leaf.names, dtype=object)[inside.argmax(axis=0)]
        return Answers(np.asarray(inside.any(axis=0)), nothing, first)
    columns = [cities[name].fillna("").astype(str) for name in COLUMNS[leaf.kind]]
    values = columns[0] if len(columns) == 1 else columns[0] + "." + columns[1]
    return Answers(values.isin(leaf.names).to_numpy(bool), nothing, values.to_numpy(object))


def _same(text: str, count: int) -> Texts:
    """Return one text for every city."""
    return np.full(count, text, dtype=object)
