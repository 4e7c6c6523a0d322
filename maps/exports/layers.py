"""The layers of an export: each a table, with points or areas where it has a place."""

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ...data.records import ClusterDefinition, Edition

CRS = "EPSG:4326"
_DECIMALS = 5
_RESULTS = ("n_cities", "percentile", "percentile_lower", "percentile_upper")
_DESCRIBED = ("title_zh", "title_en", "landform", "document", "geography")


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One table of an export.

    Attributes
    ----------
    name
        Its name in files, one word.
    table
        A GeoDataFrame (EPSG:4326, all geometries of one type) or a plain DataFrame.
    """

    name: str
    table: pd.DataFrame

    @property
    def geometry(self) -> str:
        """Return `Point`, `MultiPolygon`, or nothing where the layer has no place."""
        if not isinstance(self.table, gpd.GeoDataFrame):
            return ""
        kinds = self.table.geometry.geom_type.unique()
        return str(kinds[0]) if len(kinds) else "Point"

    @property
    def plain(self) -> pd.DataFrame:
        """Return the columns without the geometry."""
        if not isinstance(self.table, gpd.GeoDataFrame):
            return self.table
        return pd.DataFrame(self.table.drop(columns=self.table.geometry.name))


def city_layer(cities: pd.DataFrame, tiers: pd.DataFrame) -> Layer:
    """Return the cities as points, with their tier in every table.

    Parameters
    ----------
    cities
        Columns city_id, lon, lat (degrees) and what else there is.
    tiers
        Columns edition, dimension, city_id, tier, label. Each table adds
        `<edition>/<dimension>/tier` and `.../label`, missing where the city is not ranked.

    Examples
    --------
    >>> cities = pd.DataFrame({"city_id": ["1"], "lon": [8.5], "lat": [47.4]})
    >>> tiers = pd.DataFrame({"edition": ["e"], "dimension": ["d"], "city_id": ["1"],
    ...                       "tier": [2], "label": ["B"]})
    >>> list(city_layer(cities, tiers).plain.columns)
    ['city_id', 'e/d/tier', 'e/d/label']
    """
    points = shapely.points(cities["lon"].to_numpy(float), cities["lat"].to_numpy(float))
    table = cities.drop(columns=["lon", "lat"]).reset_index(drop=True)
    for edition, dimension in table_keys(tiers):
        mine = tiers[(tiers["edition"] == edition) & (tiers["dimension"] == dimension)]
        found = table["city_id"].map(mine.set_index("city_id")["tier"])
        labels = table["city_id"].map(mine.set_index("city_id")["label"])
        table[f"{edition}/{dimension}/tier"] = found.astype("Int64")
        table[f"{edition}/{dimension}/label"] = labels.astype("str")
    return Layer("cities", gpd.GeoDataFrame(table, geometry=points, crs=CRS))


def outline_layer(
    outlines: gpd.GeoDataFrame, definitions: Iterable[ClusterDefinition], results: pd.DataFrame
) -> Layer:
    """Return the outlines of clusters as areas, with titles, landform and results.

    Parameters
    ----------
    outlines
        What `tierscape.maps.outlines.cluster_outlines` returns: cut at 180 degrees.
    definitions
        The clusters' records.
    results
        The table `clusters.csv`; each table adds `<edition>/<dimension>/n_cities` and the
        percentile (0 to 100) with its bounds, missing where the cluster has no member there.
    """
    table = _with_results(_described(outlines[["cluster", "role"]], definitions), results)
    shapes = [_areas(shape) for shape in outlines.geometry]
    return Layer("outlines", gpd.GeoDataFrame(table, geometry=shapes, crs=CRS))


def cluster_layer(
    outlines: gpd.GeoDataFrame,
    membership: pd.DataFrame,
    definitions: Iterable[ClusterDefinition],
    results: pd.DataFrame,
) -> Layer:
    """Return one point for each cluster, inside its outline, with the results of its core.

    Parameters
    ----------
    outlines, definitions, results
        As `outline_layer` takes them. A cluster without core members has the results of all.
    membership
        Columns cluster, role; it gives `n_core` and `n_extended`.
    """
    first = outlines.drop_duplicates("cluster").reset_index(drop=True)
    table = _with_results(_described(first[["cluster", "role"]], definitions), results)
    counts = membership.groupby(["cluster", "role"]).size()
    for role in ("extended", "core"):
        found = [int(counts.get((cluster, role), 0)) for cluster in table["cluster"]]
        table.insert(2, f"n_{role}", found)
    points = [_rounded(shape.representative_point()) for shape in first.geometry]
    return Layer("clusters", gpd.GeoDataFrame(table, geometry=points, crs=CRS))


def edition_layer(editions: Iterable[Edition]) -> Layer:
    """Return one row for each table of each edition: titles, year, credit line and terms."""
    rows = [
        {
            "edition": edition.slug,
            "dimension": dimension.slug,
            "title_zh": edition.title_zh,
            "title_en": edition.title_en,
            "dimension_zh": dimension.title_zh,
            "dimension_en": dimension.title_en,
            "year": edition.year,
            "n_cities": len(dimension.entries),
            "n_tiers": len(dimension.tiers),
            "publisher": edition.publisher,
            "credit": edition.credit,
            "terms": edition.terms,
        }
        for edition in editions
        for dimension in edition.dimensions
    ]
    return Layer("editions", pd.DataFrame(rows))


def table_keys(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the edition and the dimension of every table, in order."""
    return sorted(set(zip(table["edition"], table["dimension"], strict=True)))


def _described(table: pd.DataFrame, definitions: Iterable[ClusterDefinition]) -> pd.DataFrame:
    """Add what the records say of each cluster."""
    known = {each.slug: each for each in definitions}
    described = table.reset_index(drop=True)
    for name in _DESCRIBED:
        texts = [getattr(known[cluster], name) for cluster in described["cluster"]]
        described[name] = pd.Series(texts, dtype="str")
    return described


def _with_results(table: pd.DataFrame, results: pd.DataFrame) -> pd.DataFrame:
    """Add the results of each cluster and role, a set of columns for each table."""
    keys = pd.MultiIndex.from_frame(table[["cluster", "role"]])
    columns = {}
    for edition, dimension in table_keys(results):
        mine = results[(results["edition"] == edition) & (results["dimension"] == dimension)]
        found = mine.set_index(["cluster", "role"]).reindex(keys)
        for name in _RESULTS:
            values = found[name].reset_index(drop=True)
            count = name == "n_cities"
            columns[f"{edition}/{dimension}/{name}"] = values.astype("Int64") if count else values
    return table.assign(**columns)


def _areas(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Return one or several polygons as one type, which most formats ask for."""
    return shapely.MultiPolygon(shapely.get_parts(_rounded(shape)).tolist())


def _rounded(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a geometry with its coordinates as they are written."""
    return shapely.transform(shape, lambda corners: np.round(corners, _DECIMALS))
