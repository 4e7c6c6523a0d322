"""What the atlas page knows: the tables as compact columns that JSON can hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

from ..clusters.sensitivity import Members, Sweep
from ..data.claim_records import Claim
from ..data.known_names import name_titles
from ..data.records import ClusterDefinition, Edition, Tier
from .cells import plain_rows, texts
from .layer_payload import hot_spots_payload, routes_payload
from .outlines import WholeOutline, whole_outlines
from .palette import COAST, INK, LAND, LANDFORMS, SEA, UNRANKED, tier_symbols
from .payload_claims import claims_payload
from .payload_clusters import clusters_payload, comparisons_payload, results_payload
from .payload_sensitivity import sweeps_payload
from .rings import polygon_rings
from .search_keys import search_keys

#: Slugs of an edition and of one of its dimensions.
_Key = tuple[str, str]

__all__ = ["AtlasData", "atlas_payload", "english_label", "polygon_rings"]


@dataclass(frozen=True, slots=True)
class AtlasData:
    """All that an atlas shows: the tables of a build, and the records that describe them.

    The tables have the columns of `cities.csv`, `tiers.csv`, `clusters.csv`, `membership.csv`,
    `comparisons.csv` and `claims.csv`; `land` and `lakes` hold polygons (EPSG:4326, cut at 180
    degrees).

    What follows may be left out, and then the page has no control for it: `claim_records` tell
    which clusters a claim names; `sweeps` has the members of each cluster at every step of its
    thresholds; `hot_spots` is a table of `scoring.spatial.hot_spots`, or why there is none, by
    `edition/dimension`; `layers` is what `layer_payload.physical_layers` returns.

    `outlines` is what `outlines.whole_outlines` yields of the membership, for those who have it
    already; it is made where it is left out.
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
    claim_records: tuple[Claim, ...] = ()
    sweeps: Mapping[str, tuple[Members, tuple[Sweep, ...]]] = field(default_factory=dict)
    hot_spots: Mapping[str, pd.DataFrame | str] = field(default_factory=dict)
    layers: Mapping[str, Any] = field(default_factory=dict)
    outlines: Sequence[WholeOutline] = ()


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
        and outlines, results, comparisons and hot spots by `edition/dimension`, claims, sweeps of
        thresholds by cluster, land, layers, style.

    Raises
    ------
    DataError
        If a cluster has a member that is not among the cities.
    """
    cities = data.cities.sort_values("city_id", ignore_index=True)
    index = {city: place for place, city in enumerate(cities["city_id"].tolist())}
    titles = name_titles()
    outlines = data.outlines or whole_outlines(data.membership, cities)
    ranked = _ranked(data.tiers, index)
    editions = [_edition(edition, ranked) for edition in data.editions]
    return {
        "cities": _cities(cities),
        "editions": editions,
        **clusters_payload(data.definitions, data.membership, outlines, index=index, titles=titles),
        "results": results_payload(data.clusters),
        "comparisons": comparisons_payload(data.comparisons),
        "claims": claims_payload(data.claims, data.claim_records),
        "sweeps": {
            slug: sweeps_payload(published, sweeps, index, titles)
            for slug, (published, sweeps) in data.sweeps.items()
        },
        "spots": hot_spots_payload(data.hot_spots, _ids(editions, cities)),
        "layers": {**data.layers, "routes": routes_payload(data.definitions)},
        "land": polygon_rings(data.land.geometry),
        "lakes": [] if data.lakes is None else polygon_rings(data.lakes.geometry),
        "lookup": search_keys(cities, [each.title_zh for each in data.definitions]),
        "style": _style(data.editions),
    }


def _ids(editions: Iterable[dict[str, Any]], cities: pd.DataFrame) -> dict[str, list[str]]:
    """Return the ids of the cities of each table, in the order of the page."""
    ids = cities["city_id"].tolist()
    return {
        f"{edition['slug']}/{dimension['slug']}": [ids[city] for city in dimension["city"]]
        for edition in editions
        for dimension in edition["dimensions"]
    }


def _cities(cities: pd.DataFrame) -> dict[str, list[Any]]:
    """Return the columns of the cities that the page shows."""
    return {
        "zh": texts(cities["name_zh"]),
        "en": texts(cities["name_en"]),
        "country": texts(cities["country"]),
        "landform": texts(cities["landform"]),
        "lon": [round(float(lon), 4) for lon in cities["lon"].tolist()],
        "lat": [round(float(lat), 4) for lat in cities["lat"].tolist()],
    }


def _edition(edition: Edition, ranked: Mapping[_Key, dict[str, list[Any]]]) -> dict[str, Any]:
    """Return one edition with its tables."""
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
                **ranked.get((edition.slug, dimension.slug), _columns([], {})),
            }
            for dimension in edition.dimensions
        ],
    }


def _ranked(tiers: pd.DataFrame, index: Mapping[str, int]) -> dict[_Key, dict[str, list[Any]]]:
    """Return the ranked cities of each table as columns, the lowest tier first.

    The page draws them in this order, so that the best lie on top.
    """
    rows: dict[_Key, list[dict[str, Any]]] = {}
    for row in sorted(plain_rows(tiers), key=lambda row: (-row["tier"], row["city_id"])):
        rows.setdefault((row["edition"], row["dimension"]), []).append(row)
    return {key: _columns(each, index) for key, each in rows.items()}


def _columns(rows: Sequence[Mapping[str, Any]], index: Mapping[str, int]) -> dict[str, list[Any]]:
    """Return the columns of one table that the page shows."""
    return {
        "city": [index[row["city_id"]] for row in rows],
        "published": [str(row["name_published"] or "") for row in rows],
        **{name: [int(row[name]) for row in rows] for name in ("tier", "rank_best", "rank_worst")},
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
