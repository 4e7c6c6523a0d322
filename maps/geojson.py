"""GeoJSON of cities and clusters, as RFC 7946 asks, the same bytes for the same tables."""

import json
from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..data.records import ClusterDefinition
from .cells import plain_rows

_LONLAT = ("lon", "lat")
_RESULTS = ("n_cities", "percentile", "percentile_lower", "percentile_upper")
_DECIMALS = 5


def cities_geojson(cities: pd.DataFrame, tiers: pd.DataFrame) -> str:
    """Return one point per city, with its columns and its tiers.

    Parameters
    ----------
    cities
        The table `cities.csv`; every column but lon and lat becomes a property.
    tiers
        The table `tiers.csv`; each table adds `<edition>/<dimension>/tier` and `.../label` to
        every city, null where the city is not ranked.

    Returns
    -------
    str
        A FeatureCollection, one feature per line, ordered by city_id; EPSG:4326.
    """
    keys = sorted(set(zip(tiers["edition"], tiers["dimension"], strict=True)))
    ranked = {
        (row["city_id"], row["edition"], row["dimension"]): (row["tier"], row["label"])
        for row in plain_rows(tiers)
    }
    features = []
    for row in plain_rows(cities.sort_values("city_id")):
        properties = {name: cell for name, cell in row.items() if name not in _LONLAT}
        for edition, dimension in keys:
            tier, label = ranked.get((row["city_id"], edition, dimension), (None, None))
            properties[f"{edition}/{dimension}/tier"] = tier
            properties[f"{edition}/{dimension}/label"] = label
        lonlat = [round(row[name], _DECIMALS) for name in _LONLAT]
        point = {"type": "Point", "coordinates": lonlat}
        features.append(_feature(row["city_id"], point, properties))
    return _collection(features)


def clusters_geojson(
    outlines: gpd.GeoDataFrame,
    definitions: Iterable[ClusterDefinition],
    clusters: pd.DataFrame,
) -> str:
    """Return the outlines of clusters with their titles, landform and results.

    Parameters
    ----------
    outlines
        What `tierscape.maps.outlines.cluster_outlines` returns.
    definitions
        The clusters' records.
    clusters
        The table `clusters.csv`; each table adds `<edition>/<dimension>/n_cities` and the
        percentile (0 to 100) with its bounds, null where the cluster has no member there.

    Returns
    -------
    str
        A FeatureCollection, one feature per line, in the order of `outlines`; EPSG:4326.
    """
    known = {definition.slug: definition for definition in definitions}
    keys = sorted(set(zip(clusters["edition"], clusters["dimension"], strict=True)))
    results = {
        (row["cluster"], row["role"], row["edition"], row["dimension"]): row
        for row in plain_rows(clusters)
    }
    features = []
    for row in outlines.itertuples(index=False):
        properties = _described(row.cluster, row.role, known.get(row.cluster))
        for edition, dimension in keys:
            found = results.get((row.cluster, row.role, edition, dimension), {})
            for name in _RESULTS:
                properties[f"{edition}/{dimension}/{name}"] = found.get(name)
        geometry = shapely.geometry.mapping(shapely.transform(row.geometry, _rounded))
        features.append(_feature(f"{row.cluster}/{row.role}", geometry, properties))
    return _collection(features)


def _described(cluster: str, role: str, definition: ClusterDefinition | None) -> dict[str, Any]:
    """Return what the properties say of a cluster itself."""
    properties: dict[str, Any] = {"cluster": cluster, "role": role}
    for name in ("title_zh", "title_en", "landform", "document", "geography"):
        properties[name] = getattr(definition, name) if definition else None
    return properties


def _feature(identity: str, geometry: object, properties: dict[str, Any]) -> str:
    """Return one feature as a line of JSON."""
    feature = {"type": "Feature", "id": identity, "geometry": geometry, "properties": properties}
    return json.dumps(feature, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _collection(features: list[str]) -> str:
    """Return a FeatureCollection of features that are JSON already."""
    lines = ",\n".join(features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


def _rounded(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return points.round(_DECIMALS)
