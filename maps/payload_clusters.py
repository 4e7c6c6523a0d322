"""Clusters, their results and their comparisons, as the atlas page reads them."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import shapely

from ..clusters.explain import Titles, describe
from ..clusters.membership import rules_of
from ..clusters.rule_words import rule_words
from ..data.records import ClusterDefinition, Rule
from .cells import plain_rows, rounded, texts
from .outlines import WholeOutline

_RESULT = ("percentile", "percentile_lower", "percentile_upper", "percentile_sd")
_COMPARISON = ("difference", "difference_lower", "difference_upper", "p_a_ahead")
_SENTENCES = ("document", "sentence_zh", "sentence_en", "geography", "core_reason")


def clusters_payload(
    definitions: Iterable[ClusterDefinition],
    membership: pd.DataFrame,
    outlines: Iterable[WholeOutline],
    *,
    index: Mapping[str, int],
    titles: Titles,
) -> dict[str, list[Any]]:
    """Return the clusters with members and outlines, and the words of the rules.

    Parameters
    ----------
    definitions
        The clusters, in the order in which the page has them.
    membership
        The columns of `membership.csv`.
    outlines
        What `outlines.whole_outlines` yields.
    index
        City id to its position in the page's columns.
    titles
        Names of slugs and country codes: English, Chinese.

    Returns
    -------
    dict
        `clusters`; and `rules`: English and Chinese of each text of the column `rule`, the
        Chinese None where there is none. A member has city, whether core, rule (its position) and
        km.
    """
    defined = tuple(definitions)
    shapes: dict[str, dict[str, Any]] = {}
    for cluster, role, shape in outlines:
        shapes.setdefault(cluster, {})[role] = [_flat(part.exterior) for part in shape.geoms]
    rules = sorted(set(texts(membership["rule"])))
    members = _members(membership, index, {rule: place for place, rule in enumerate(rules)})
    words = rule_words(defined, _titles_in(rules, titles))
    return {
        "rules": [list(words.get(rule, (rule, None))) for rule in rules],
        "clusters": [
            {
                **_described(each, titles),
                "outlines": shapes.get(each.slug, {}),
                "members": members.get(each.slug, []),
            }
            for each in defined
        ],
    }


def _titles_in(rules: Iterable[str], titles: Titles) -> Titles:
    """Return the titles of what is named in the rules; those of all the seas are many."""
    said = "\n".join(rules)
    return {name: title for name, title in titles.items() if name in said}


def _described(definition: ClusterDefinition, titles: Titles) -> dict[str, Any]:
    """Return what the page says of a cluster itself."""
    return {
        "slug": definition.slug,
        "zh": definition.title_zh or definition.title_en,
        "en": definition.title_en or definition.title_zh,
        "landform": definition.landform,
        **{name: getattr(definition, name) for name in _SENTENCES},
        "rule": [_rule(rule, titles) for rule in rules_of(definition)],
    }


def _rule(rule: Rule, titles: Titles) -> dict[str, str]:
    """Return a whole rule in words."""
    return {lang: describe(rule, lang, titles) for lang in ("zh", "en")}


def _members(
    membership: pd.DataFrame, index: Mapping[str, int], rules: Mapping[str, int]
) -> dict[str, list[list[Any]]]:
    """Return city, whether core, rule and kilometres of the members of each cluster."""
    found: dict[str, list[list[Any]]] = {}
    ordered = membership.sort_values(["cluster", "role", "city_id"])
    for row, rule in zip(plain_rows(ordered), texts(ordered["rule"]), strict=True):
        line = [
            index[row["city_id"]],
            row["role"] == "core",
            rules[rule],
            rounded(row["measure_km"], 2),
        ]
        found.setdefault(row["cluster"], []).append(line)
    return found


def _flat(ring: shapely.LinearRing) -> list[float]:
    """Return a ring as lon, lat, lon, lat, …."""
    return [round(value, 2) for value in shapely.get_coordinates(ring)[:-1].ravel().tolist()]


def results_payload(clusters: pd.DataFrame) -> dict[str, Any]:
    """Return the clusters' figures by table, cluster and role."""
    tier_columns = [name for name in clusters.columns if name.startswith("tier_")]
    results: dict[str, Any] = {}
    for row in plain_rows(clusters):
        table = results.setdefault(f"{row['edition']}/{row['dimension']}", {})
        table.setdefault(row["cluster"], {})[row["role"]] = {
            "n": int(row["n_cities"]),
            "tiers": [row[name] for name in tier_columns],
            "rank": row.get("rank_core") if row["role"] == "core" else None,
            **{name.removeprefix("percentile_"): rounded(row[name], 6) for name in _RESULT},
        }
    return results


def comparisons_payload(comparisons: pd.DataFrame) -> dict[str, list[list[Any]]]:
    """Return a, b, the figures, whether certain, and the adjusted p-value, by table."""
    tables: dict[str, list[list[Any]]] = {}
    for row in plain_rows(comparisons):
        figures = [rounded(row[name], 6) for name in _COMPARISON]
        line = [row["cluster_a"], row["cluster_b"], *figures, bool(row["certain"])]
        tables.setdefault(f"{row['edition']}/{row['dimension']}", []).append(
            [*line, rounded(row["p_adjusted"], 6)]
        )
    return tables
