"""Points to landforms and clusters: one row in, one row out, whatever the number of rows."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from tierscape.clusters.landform import classify
from tierscape.clusters.measures import geodesic_measures
from tierscape.clusters.membership import rules_of
from tierscape.clusters.rules import holds
from tierscape.clusters.survey import Answers, Survey, survey
from tierscape.data.catalog import open_catalog
from tierscape.data.cluster_loader import load_clusters
from tierscape.data.errors import DataError
from tierscape.data.known_names import known_names
from tierscape.data.records import ClusterDefinition, Leaf
from tierscape.data.rule_trees import leaves
from tierscape.geo.elevation import elevation_m
from tierscape.geo.geodesic import geodesic_km
from tierscape.geo.measures import measure
from tierscape.lean_columns import joined, named, stacked
from tierscape.nearest_places import PlaceTable, load_places, nearest_places
from tierscape.point_columns import (
    PointColumns,
    bad_coordinates,
    coordinates,
    point_columns,
    told,
)

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Texts = npt.NDArray[np.object_]

#: The columns that are added, in this order.
ADDED = (
    *("landform", "shore", "coast_km", "sea", "range", "range_km", "elevation_m"),
    *("clusters", "clusters_extended", "nearest_place", "nearest_km"),
)
#: Before the name of an added column that the table has already.
PREFIX = "assigned_"
#: Rows that are worked on at once: enough for numpy, few enough for the memory.
CHUNK = 100_000
#: Tests that ask about the city itself; no point near it can answer for it.
OF_THE_CITY = frozenset({"cities", "population"})


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What `assign_points` reads: load it once, use it for any number of tables.

    Attributes
    ----------
    definitions
        The clusters, by slug.
    places
        The gazetteer: it answers for country and province.
    """

    definitions: tuple[ClusterDefinition, ...]
    places: PlaceTable


def assign(points: pd.DataFrame, *, data: Path | None = None) -> pd.DataFrame:
    """Return points with their landform, what they lie near, and the clusters they are in.

    Parameters
    ----------
    points
        One row for each point, with longitude and latitude in degrees (EPSG:4326) in columns
        called `lon` and `lat`, or by another name of `point_columns.LON` and `LAT`. Where there
        are columns `country` (code or name) and `city_id` (GeoNames), they are read as well.
    data
        A folder of your own clusters, laid over the built-in ones.

    Returns
    -------
    pandas.DataFrame
        The same rows, index and columns in the same order, and then `landform`, `shore`,
        `coast_km`, `sea`, `range`, `range_km`, `elevation_m` (m, of the cell of 5′), `clusters`
        (slugs of which the point is core, joined by a blank), `clusters_extended`,
        `nearest_place` and `nearest_km` (the place of the gazetteer that answered for country
        and province, and how far it is). An added column whose name the table has already is
        called `assigned_` and that name.

    Raises
    ------
    DataError
        With every row whose coordinates are missing, no numbers, or out of range; or with the
        problems of a user's clusters.

    Examples
    --------
    >>> points = pd.DataFrame({"site": ["a", "b"], "lon": [8.54, 4.9], "lat": [47.37, 52.37]})
    >>> assign(points)[["landform", "clusters"]].astype(str).to_dict("list")
    {'landform': ['mountain', 'coastal'], 'clusters': ['alps blue-banana', 'north-sea']}
    """
    return assign_points(points, read_facts(data))


def read_facts(data: Path | None = None) -> Facts:
    """Read the clusters and the gazetteer; what is measured is loaded when it is asked for.

    Raises
    ------
    DataError
        With the problems of a user's clusters.
    """
    definitions = load_clusters(open_catalog(data), known=known_names())
    return Facts(tuple(sorted(definitions, key=lambda each: each.slug)), load_places())


def assign_points(
    points: pd.DataFrame,
    facts: Facts,
    columns: PointColumns | None = None,
    *,
    keep_bad: bool = False,
) -> pd.DataFrame:
    """Return points with what `assign` adds, by facts that were read before.

    Parameters
    ----------
    points
        As `assign` takes them.
    facts
        What `read_facts` returns.
    columns
        The columns to read; found by their names where None.
    keep_bad
        Leave the added cells of rows with bad coordinates empty instead of raising.

    Raises
    ------
    DataError
        With every row whose coordinates are bad.
    """
    columns = columns or point_columns(list(points.columns))
    lon, lat = coordinates(points, columns)
    rows = np.flatnonzero(~np.isnan(lon))
    if len(rows) < len(points) and not keep_bad:
        bad = bad_coordinates(points, columns)
        raise DataError(told(bad, len(points) - len(rows)))
    parts = [
        _assigned(points.iloc[part], lon[part], lat[part], facts)
        for part in (rows[i : i + CHUNK] for i in range(0, max(len(rows), 1), CHUNK))
    ]
    added = stacked(parts)
    if len(rows) < len(points):
        added = added.set_axis(rows).reindex(np.arange(len(points)))
    pairs = zip(added_names(points.columns), (added[name] for name in ADDED), strict=True)
    return points.assign(**{name: column.set_axis(points.index) for name, column in pairs})


def added_names(columns: pd.Index) -> list[str]:
    """Return the names of the added columns in a table that has some already.

    Examples
    --------
    >>> added_names(pd.Index(["lon", "lat", "sea"]))[2:5]
    ['coast_km', 'assigned_sea', 'range']
    """
    taken = set(columns)
    names = []
    for name in ADDED:
        while name in taken:
            name = PREFIX + name  # noqa: PLW2901 - until it is free
        names.append(name)
    return names


def of_the_city(facts: Facts) -> list[str]:
    """Return the clusters that list cities or ask for their population.

    Only a row with the `city_id` of a city can be a member of them.
    """
    return [each.slug for each in facts.definitions if _asks_the_city(each)]


def by_place(facts: Facts) -> list[str]:
    """Return the clusters that ask for a country or a province, which the nearest place answers."""
    return [
        each.slug
        for each in facts.definitions
        if not _asks_the_city(each) and any(leaf.kind in {"country", "admin"} for leaf in _of(each))
    ]


def _assigned(points: pd.DataFrame, lon: Floats, lat: Floats, facts: Facts) -> pd.DataFrame:
    """Return the added columns of one chunk of good rows; texts are categories."""
    places = facts.places
    near, own = nearest_places(points, lon, lat, places)
    placed = classify(measure(pd.DataFrame({"lon": lon, "lat": lat})))
    elevation = elevation_m(lon, lat)
    cities = pd.DataFrame(
        {
            "city_id": np.arange(len(lon)),
            "lon": lon,
            "lat": lat,
            "country": places.country[near],
            "admin1": places.admin1[near],
            "elevation_m": elevation,
            "population": np.where(own, places.population[near], 0.0),
        }
    )
    core, extended = _members(facts, cities, np.where(own, places.city_id[near], ""))
    table = pd.DataFrame({name: placed[name] for name in ADDED[:6]})
    for name in ("landform", "shore", "sea", "range"):
        table[name] = table[name].astype(object).astype("category")
    slugs = [each.slug for each in facts.definitions]
    distance = geodesic_km(lon, lat, places.lon[near], places.lat[near])
    return table.assign(
        elevation_m=pd.Series(elevation.round()).astype("Int32"),
        clusters=joined(core, slugs),
        clusters_extended=joined(extended, slugs),
        nearest_place=named(near, places.name),
        nearest_km=distance,
    )


def _members(facts: Facts, cities: pd.DataFrame, city_id: Texts) -> tuple[Bools, Bools]:
    """Return which points are core and which extended in each cluster, shape (n, clusters)."""
    definitions = facts.definitions
    asked = dict.fromkeys(leaf for each in definitions for leaf in _of(each))
    general = [leaf for leaf in asked if leaf.kind != "cities"]
    known: Survey = {
        **survey(general, cities, geodesic_measures(), bounded=True),
        **{leaf: _listed(leaf, city_id) for leaf in asked if leaf.kind == "cities"},
    }
    core = np.zeros((len(cities), len(definitions)), dtype=bool)
    extended = core.copy()
    for number, each in enumerate(definitions):
        answered = city_id != "" if _asks_the_city(each) else True
        inside = [holds(rule, known) & answered for rule in rules_of(each)]
        core[:, number] = inside[0]
        extended[:, number] = inside[-1] & ~inside[0]
        for override in each.overrides:
            here = city_id == override.city_id
            core[here, number] = override.role == "core"
            extended[here, number] = override.role == "extended"
    return core, extended


def _listed(leaf: Leaf, city_id: Texts) -> Answers:
    """Tell which rows are cities of a list."""
    passed = np.isin(city_id.astype(str), leaf.names)
    return Answers(passed, np.full(len(city_id), np.nan), city_id)


def _of(definition: ClusterDefinition) -> list[Leaf]:
    return [leaf for rule in rules_of(definition) for leaf in leaves(rule)]


def _asks_the_city(definition: ClusterDefinition) -> bool:
    return any(leaf.kind in OF_THE_CITY for leaf in _of(definition))
