"""What the atlas page knows: the tables as compact columns that JSON can hold."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from ..data.records import ClusterDefinition, Edition, Tier
from .geojson import plain
from .outlines import whole_outlines
from .palette import COAST, INK, LAND, LANDFORMS, SEA, UNRANKED, tier_symbols

_RESULT = ("percentile", "percentile_lower", "percentile_upper", "percentile_sd")
_COMPARISON = ("difference", "difference_lower", "difference_upper", "p_a_ahead")
_CLAIM = ("claim", "source", "text_zh", "text_en", "verdict", "evidence", "sensitivity")
_SENTENCES = ("document", "sentence_zh", "sentence_en", "geography")
#: A hundredth of a degree is about a kilometre: less than a pixel at the zooms of the atlas.
_LAND_SCALE = 100


@dataclass(frozen=True, slots=True)
class AtlasData:
    """All that an atlas shows: the tables of a build, and the records that describe them.

    The tables have the columns of `cities.csv`, `tiers.csv`, `clusters.csv`, `membership.csv`,
    `comparisons.csv` and `claims.csv`; `land` and `lakes` hold polygons (EPSG:4326, cut at 180
    degrees).
    """

    cities: pd.DataFrame
    tiers: pd.DataFrame
    clusters: pd.DataFrame
    membership: pd.DataFrame
    comparisons: pd.DataFrame
    claims: pd.DataFrame
    editions: tuple[Edition, ...]
    definitions: tuple[ClusterDefinition, ...]
    land: gpd.GeoDataFrame
    lakes: gpd.GeoDataFrame | None = None


def atlas_payload(data: AtlasData) -> dict[str, Any]:
    """Return everything that the page needs, as plain lists, numbers and strings.

    Parameters
    ----------
    data
        Tables and records.

    Returns
    -------
    dict
        cities (columns), editions with their dimensions and ranked cities, clusters with members
        and outlines, results and comparisons by `edition/dimension`, claims, land, style.

    Raises
    ------
    DataError
        If a cluster has a member that is not among the cities.
    """
    cities = data.cities.sort_values("city_id", ignore_index=True)
    index = {city: place for place, city in enumerate(cities["city_id"])}
    return {
        "cities": _cities(cities),
        "editions": [_edition(edition, data.tiers, index) for edition in data.editions],
        "clusters": _clusters(data, cities, index),
        "results": _results(data.clusters),
        "comparisons": _comparisons(data.comparisons),
        "claims": [
            {name: _text(row.get(name)) for name in _CLAIM}
            for row in data.claims.to_dict("records")
        ],
        "land": polygon_rings(data.land.geometry),
        "lakes": [] if data.lakes is None else polygon_rings(data.lakes.geometry),
        "style": _style(data.editions),
    }


def polygon_rings(polygons: Iterable[shapely.Geometry]) -> list[list[int]]:
    """Return the rings of polygons as steps in hundredths of a degree: lon, lat, dlon, dlat, ….

    Examples
    --------
    >>> polygon_rings([shapely.box(0, 0, 1, 2)])
    [[100, 0, 0, 200, -100, 0, 0, -200]]
    """
    rings = shapely.get_rings(shapely.get_parts(list(polygons)))
    return [steps for ring in rings if len(steps := _steps(ring)) > 6]


def _steps(ring: shapely.Geometry) -> list[int]:
    """Return one ring as whole-number steps; points that fall together are one point."""
    points = (shapely.get_coordinates(ring) * _LAND_SCALE).round().astype(int)[:-1]
    steps: list[int] = []
    x, y = 0, 0
    for lon, lat in points.tolist():
        if not steps or (lon, lat) != (x, y):
            steps += [lon - x, lat - y]
            x, y = lon, lat
    return steps


def _cities(cities: pd.DataFrame) -> dict[str, list[Any]]:
    """Return the columns of the cities that the page shows."""
    return {
        "zh": [_text(name) for name in cities["name_zh"]],
        "en": [_text(name) for name in cities["name_en"]],
        "country": [_text(code) for code in cities["country"]],
        "landform": [_text(landform) for landform in cities["landform"]],
        "lon": [round(float(lon), 4) for lon in cities["lon"]],
        "lat": [round(float(lat), 4) for lat in cities["lat"]],
    }


def _edition(edition: Edition, tiers: pd.DataFrame, index: dict[str, int]) -> dict[str, Any]:
    """Return one edition with its tables."""
    rows = tiers[tiers["edition"] == edition.slug]
    return {
        "slug": edition.slug,
        "zh": edition.title_zh or edition.title_en,
        "en": edition.title_en or edition.title_zh,
        "year": edition.year,
        "credit": edition.credit,
        "dimensions": [
            {
                "slug": dimension.slug,
                "zh": dimension.title_zh or dimension.title_en,
                "en": dimension.title_en or dimension.title_zh,
                "labels": [tier.label for tier in dimension.tiers],
                "labels_en": [english_label(tier) for tier in dimension.tiers],
                **_ranked(rows[rows["dimension"] == dimension.slug], index),
            }
            for dimension in edition.dimensions
        ],
    }


def _ranked(rows: pd.DataFrame, index: dict[str, int]) -> dict[str, list[Any]]:
    """Return the ranked cities of one table as columns, the lowest tier first.

    The page draws them in this order, so that the best lie on top.
    """
    ordered = rows.sort_values(["tier", "city_id"], ascending=[False, True])
    return {
        "city": [index[city] for city in ordered["city_id"]],
        "published": [_text(name) for name in ordered["name_published"]],
        **{
            name: [int(value) for value in ordered[name]]
            for name in ("tier", "rank_best", "rank_worst")
        },
    }


def english_label(tier: Tier) -> str:
    """Return the label of a tier in English, from its printed shares or thresholds.

    Examples
    --------
    >>> english_label(Tier(1, "前 10%", share_from=0, share_to=10))
    'top 10%'
    >>> english_label(Tier(2, "10%-30%", share_from=10, share_to=30))
    '10%–30%'
    >>> english_label(Tier(1, "a", score_from=0.85))
    '0.85 or more'
    """
    if tier.share_from is not None and tier.share_to is not None:
        if tier.share_from == 0:
            return f"top {tier.share_to:g}%"
        return f"{tier.share_from:g}%–{tier.share_to:g}%"
    if tier.score_from is not None and tier.score_to is None:
        return f"{tier.score_from:g} or more"
    if tier.score_from is not None and tier.score_to is not None:
        return f"{tier.score_from:g}–{tier.score_to:g}"
    return f"below {tier.score_to:g}" if tier.score_to is not None else tier.label


def _clusters(data: AtlasData, cities: pd.DataFrame, index: dict[str, int]) -> list[dict[str, Any]]:
    """Return the clusters with members and outlines, in the order of their definitions."""
    outlines: dict[str, dict[str, Any]] = {}
    for cluster, role, shape in whole_outlines(data.membership, cities):
        rings = [_flat(polygon.exterior) for polygon in shape.geoms]
        outlines.setdefault(cluster, {})[role] = rings
    members = data.membership.sort_values(["cluster", "role", "city_id"])
    by_cluster = {str(slug): rows for slug, rows in members.groupby("cluster")}
    nobody = members.iloc[:0]
    return [
        {
            "slug": definition.slug,
            "zh": definition.title_zh or definition.title_en,
            "en": definition.title_en or definition.title_zh,
            "landform": definition.landform,
            **{name: getattr(definition, name) for name in _SENTENCES},
            "outlines": outlines.get(definition.slug, {}),
            "members": _members(by_cluster.get(definition.slug, nobody), index),
        }
        for definition in data.definitions
    ]


def _members(rows: pd.DataFrame, index: dict[str, int]) -> list[list[Any]]:
    """Return city, whether core, rule and kilometres of each member."""
    return [
        [
            index[row["city_id"]],
            row["role"] == "core",
            _text(row["rule"]),
            _number(row["measure_km"]),
        ]
        for row in rows.to_dict("records")
    ]


def _flat(ring: shapely.LinearRing) -> list[float]:
    """Return a ring as lon, lat, lon, lat, …."""
    return [round(float(value), 2) for point in ring.coords[:-1] for value in point[:2]]


def _results(clusters: pd.DataFrame) -> dict[str, Any]:
    """Return the clusters' figures by table, cluster and role."""
    tier_columns = [name for name in clusters.columns if name.startswith("tier_")]
    results: dict[str, Any] = {}
    for row in clusters.to_dict("records"):
        table = results.setdefault(f"{row['edition']}/{row['dimension']}", {})
        table.setdefault(row["cluster"], {})[row["role"]] = {
            "n": int(row["n_cities"]),
            "tiers": [plain(row[name]) for name in tier_columns],
            "rank": plain(row.get("rank_core")) if row["role"] == "core" else None,
            **{name.removeprefix("percentile_"): _number(row[name]) for name in _RESULT},
        }
    return results


def _comparisons(comparisons: pd.DataFrame) -> dict[str, list[list[Any]]]:
    """Return a, b, the figures, whether certain, and the adjusted p-value, by table."""
    tables: dict[str, list[list[Any]]] = {}
    for row in comparisons.to_dict("records"):
        figures = [_number(row[name], 4) for name in _COMPARISON]
        line = [row["cluster_a"], row["cluster_b"], *figures, bool(row["certain"])]
        tables.setdefault(f"{row['edition']}/{row['dimension']}", []).append(
            [*line, _number(row["p_adjusted"], 6)]
        )
    return tables


def _style(editions: Sequence[Edition]) -> dict[str, Any]:
    """Return the palette for every number of tiers that occurs."""
    return {
        "tiers": {
            str(count): [asdict(symbol) for symbol in tier_symbols(count)]
            for count in sorted(_tier_counts(editions))
        },
        "unranked": asdict(UNRANKED),
        "landforms": {name: asdict(style) for name, style in LANDFORMS.items()},
        "sea": SEA,
        "land": LAND,
        "coast": COAST,
        "ink": INK,
    }


def _tier_counts(editions: Iterable[Edition]) -> set[int]:
    """Return the numbers of tiers that occur."""
    return {len(dimension.tiers) for edition in editions for dimension in edition.dimensions}


def _number(value: object, decimals: int = 2) -> float | None:
    """Return a rounded number, or None for a missing one."""
    found = plain(value)
    return None if found is None else round(float(found), decimals)


def _text(value: object) -> str:
    """Return a cell as text; a missing one is empty."""
    found = plain(value)
    return "" if found is None else str(found)
