"""Clusters, their results and their comparisons, as the atlas page reads them."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
import shapely

from ..clusters.explain import Titles, describe
from ..clusters.membership import rules_of
from ..clusters.rule_words import rule_words
from ..data.records import ClusterDefinition, Rule
from .geojson import plain
from .outlines import whole_outlines

_RESULT = ("percentile", "percentile_lower", "percentile_upper", "percentile_sd")
_COMPARISON = ("difference", "difference_lower", "difference_upper", "p_a_ahead")
_SENTENCES = ("document", "sentence_zh", "sentence_en", "geography", "core_reason")


def clusters_payload(
    definitions: Iterable[ClusterDefinition],
    membership: pd.DataFrame,
    cities: pd.DataFrame,
    titles: Titles,
) -> dict[str, list[Any]]:
    """Return the clusters with members and outlines, and the words of the rules.

    Parameters
    ----------
    definitions
        The clusters, in the order in which the page has them.
    membership
        The columns of `membership.csv`.
    cities
        `city_id`, `lon`, `lat`, in the order of the page.
    titles
        Names of slugs and country codes: English, Chinese.

    Returns
    -------
    dict
        `clusters`; and `rules`: English and Chinese of each text of the column `rule`, the
        Chinese None where there is none. A member has city, whether core, rule (its position) and
        km.

    Raises
    ------
    DataError
        If a cluster has a member that is not among the cities.
    """
    defined = tuple(definitions)
    texts = sorted({_text(rule) for rule in membership["rule"]})
    words = rule_words(defined, titles)
    return {
        "rules": [list(words.get(text, (text, None))) for text in texts],
        "clusters": _clusters(defined, membership, cities, titles),
    }


def _clusters(
    definitions: tuple[ClusterDefinition, ...],
    membership: pd.DataFrame,
    cities: pd.DataFrame,
    titles: Titles,
) -> list[dict[str, Any]]:
    """Return the clusters with members and outlines, in the order of their definitions."""
    index = {city: place for place, city in enumerate(cities["city_id"])}
    texts = sorted({_text(rule) for rule in membership["rule"]})
    rules = {text: place for place, text in enumerate(texts)}
    outlines: dict[str, dict[str, Any]] = {}
    for cluster, role, shape in whole_outlines(membership, cities):
        rings = [_flat(polygon.exterior) for polygon in shape.geoms]
        outlines.setdefault(cluster, {})[role] = rings
    members = membership.sort_values(["cluster", "role", "city_id"])
    by_cluster = {str(slug): rows for slug, rows in members.groupby("cluster")}
    nobody = members.iloc[:0]
    return [
        {
            "slug": definition.slug,
            "zh": definition.title_zh or definition.title_en,
            "en": definition.title_en or definition.title_zh,
            "landform": definition.landform,
            **{name: getattr(definition, name) for name in _SENTENCES},
            "rule": [_rule(rule, titles) for rule in rules_of(definition)],
            "outlines": outlines.get(definition.slug, {}),
            "members": _members(by_cluster.get(definition.slug, nobody), index, rules),
        }
        for definition in definitions
    ]


def _rule(rule: Rule, titles: Titles) -> dict[str, str]:
    """Return a whole rule in words."""
    return {lang: describe(rule, lang, titles) for lang in ("zh", "en")}


def _members(rows: pd.DataFrame, index: dict[str, int], rules: dict[str, int]) -> list[list[Any]]:
    """Return city, whether core, rule and kilometres of each member."""
    return [
        [
            index[row["city_id"]],
            row["role"] == "core",
            rules[_text(row["rule"])],
            _number(row["measure_km"], 2),
        ]
        for row in rows.to_dict("records")
    ]


def _flat(ring: shapely.LinearRing) -> list[float]:
    """Return a ring as lon, lat, lon, lat, …."""
    return [round(float(value), 2) for point in ring.coords[:-1] for value in point[:2]]


def results_payload(clusters: pd.DataFrame) -> dict[str, Any]:
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


def comparisons_payload(comparisons: pd.DataFrame) -> dict[str, list[list[Any]]]:
    """Return a, b, the figures, whether certain, and the adjusted p-value, by table."""
    tables: dict[str, list[list[Any]]] = {}
    for row in comparisons.to_dict("records"):
        figures = [_number(row[name]) for name in _COMPARISON]
        line = [row["cluster_a"], row["cluster_b"], *figures, bool(row["certain"])]
        tables.setdefault(f"{row['edition']}/{row['dimension']}", []).append(
            [*line, _number(row["p_adjusted"])]
        )
    return tables


def _number(value: object, decimals: int = 6) -> float | None:
    """Return a rounded number, or None for a missing one."""
    found = plain(value)
    return None if found is None else round(float(found), decimals)


def _text(value: object) -> str:
    """Return a cell as text; a missing one is empty."""
    found = plain(value)
    return "" if found is None else str(found)
