"""Where every cluster stands: the ranks it could hold, its best and worst cities, its spread."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from tierscape.analysis import Places, load
from tierscape.scoring.cluster_ranks import MIN_SAMPLE, cluster_rank_sets
from tierscape.scoring.spread import spread
from tierscape.statistics import chosen, heading, records
from tierscape.terminal import text_table, wrapped

_KEYS = ["edition", "dimension", "cluster", "n_cities"]
#: So many cities of one tier are named.
_NAMED = 3

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "header": "cluster,cities,percentile,rank,by itself,all at once,best,worst,gap,from,to,"
        "variation",
        "more": " and {count} more",
        "comma": ", ",
        "left": "{}.",
        "why": "{}: ",
        "few": "No rank set below {least} core cities",
        "level": "No rank set where all are in one tier",
        "alone": "No other cluster to be ranked against",
        "sampling": "Rank sets (95 %): if each cluster's cities were independent draws from those"
        " it could have had, these ranks are still open, for each cluster by itself and for all at"
        " once. Ranked cities are no sample. Gap: mean difference between two cities of the"
        " cluster in percentile points, expected and between its sharp bounds. Variation: of"
        " tiers, from 0 (all in one) to 1 (half first, half last). Best and worst: the cities of"
        " the best and the worst tier that the cluster reaches.",
    },
    "zh": {
        "header": "城市群,城市,百分位,名次,单独,同时,最好,最差,差距,下限,上限,离散",
        "more": "等 {count} 座",
        "comma": "、",
        "left": "{}。",
        "why": "{}：",
        "few": "核心城市不足 {least} 座，无名次集",
        "level": "城市同在一个档次，无名次集",
        "alone": "没有可比较的其他城市群",
        "sampling": "名次集（95 %）：若各城市群的城市是从其可能的城市中独立抽取的，"
        "这些名次仍有可能（对单个城市群，或对所有城市群同时）。上榜城市并非样本。"
        "差距：城市群内两城市百分位之差的均值及其精确界限。"
        "离散：档次的离散程度，0 为同一档次，1 为首末各半。"
        "最好、最差：该城市群所达到的最好与最差档次的城市。",
    },
}


def standings(
    data: Path | None,
    *,
    edition: str | None,
    dimension: str | None,
    as_json: bool,
    lang: str,
) -> str:
    """Return every cluster's rank set, best and worst cities, and spread, by dimension."""
    places = load(data)
    tiers = chosen(places.tiers, edition, dimension)
    ranks = cluster_rank_sets(tiers, places.membership)
    found = ranks.merge(spread(tiers, places.membership), on=_KEYS, validate="one_to_one")
    if as_json:
        return json.dumps(records(found), ensure_ascii=False, indent=2)
    parts = [
        _table(places, key, rows, lang)
        for key, rows in found.groupby(["edition", "dimension"], sort=False)
    ]
    return "\n\n".join([*parts, wrapped(_WORDS[lang]["sampling"])])


def _table(places: Places, key: Any, rows: pd.DataFrame, lang: str) -> str:  # noqa: ANN401 - slugs
    words = _WORDS[lang]
    names = dict(zip(places.cities["city_id"], places.cities[f"name_{lang}"], strict=True))
    ordered = records(rows.sort_values(["rank", "percentile"], ascending=[True, False]))
    # English names the clusters as the commands take them.
    titles = {each.slug: each.title_zh for each in places.definitions if lang == "zh"}
    for row in ordered:
        row["cluster"] = titles.get(row["cluster"], row["cluster"])
    cells = [_cells(row, names, words) for row in ordered]
    lines = [heading(places, key, lang), text_table(words["header"].split(","), cells)]
    left: dict[str, list[str]] = {}
    for row in ordered:
        if row["note"]:
            left.setdefault(_reason(row, words), []).append(row["cluster"])
    lines += [
        wrapped(words["left"].format(words["comma"].join(left[why])), words["why"].format(why))
        for why in left
    ]
    return "\n".join(lines)


def _reason(row: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """Return why a cluster has no rank set."""
    if row["n_cities"] < MIN_SAMPLE:
        return words["few"].format(least=MIN_SAMPLE)
    return words["level"] if row["best_tier"] == row["worst_tier"] else words["alone"]


def _cells(
    row: Mapping[str, Any], names: Mapping[str, str], words: Mapping[str, str]
) -> list[object]:
    ends = [(row[f"{scope}_lower"], row[f"{scope}_upper"]) for scope in _SCOPES]
    return [
        row["cluster"],
        row["n_cities"],
        f"{row['percentile']:.1f}",
        row["rank"],
        *(_set(low, high) for low, high in ends),
        *(_cities(row[name], names, words) for name in ("best", "worst")),
        *(_number(row[name], 1) for name in ("gap", "gap_lower", "gap_upper")),
        _number(row["tier_variation"], 2),
    ]


_SCOPES = ("marginal", "simultaneous")


def _set(low: int | None, high: int | None) -> str:
    if low is None:
        return ""
    return f"{low}" if low == high else f"{low}–{high}"


def _cities(ids: str, names: Mapping[str, str], words: Mapping[str, str]) -> str:
    """Return the first of some cities, and how many more there are."""
    found = [names[city] for city in ids.split(";")]
    comma = "、" if words is _WORDS["zh"] else ", "
    rest = len(found) - _NAMED
    more = words["more"].format(count=len(found) if comma == "、" else rest) if rest > 0 else ""
    return comma.join(found[:_NAMED]) + more


def _number(value: float | None, places: int) -> str:
    return "" if value is None else f"{value:.{places}f}"
