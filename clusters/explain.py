"""Explaining clusters: a rule in plain words, and why each city is in or just outside."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from ..data.errors import Problem
from ..data.records import ClusterDefinition, Group, Leaf, Rule
from ..data.rule_trees import fold
from .membership import rules_of
from .rules import Evaluation, evaluate
from .survey import Measures, survey

#: Cities up to this multiple of a rule's threshold are near misses.
NEAR = 2.0
#: What `explain` sorts by first.
_ROLES = ("core", "extended", "near", "excluded")
#: Slug or code to its name in English and in Chinese.
Titles = Mapping[str, tuple[str, str]]

_WORDS = {
    "en": {
        "coast": "within {km} km of the coast of {names}",
        "lake": "within {km} km of the shore of {names}",
        "range": "within {km} km of {names}",
        "route": "within {km} km of the line {names}",
        "region": "in {names}",
        "polygon": "in the polygon of {names}",
        "country": "in {names}",
        "admin": "in {names}",
        "cities": "one of {names}",
        "elevation_m": "elevation {bounds} m",
        "population": "population {bounds}",
        "least": "at least {value:.0f}",
        "most": "at most {value:.0f}",
        "and": " and ",
        "every coast": "any sea",
        "every lake": "any large lake",
        "every range": "any mountain range",
        "name": ", ",
        "waypoint": " – ",
        "any": "; or ",
        "all": "; and ",
        "not": "not {rule}",
        "group": "({rule})",
    },
    "zh": {
        "coast": "距{names}海岸不超过 {km} 千米",
        "lake": "距{names}湖岸不超过 {km} 千米",
        "range": "距{names}不超过 {km} 千米",
        "route": "距{names}一线不超过 {km} 千米",
        "region": "位于{names}",
        "polygon": "位于{names}所绘范围内",
        "country": "位于{names}",
        "admin": "位于{names}",
        "cities": "属于{names}",
        "elevation_m": "海拔{bounds} 米",
        "population": "人口{bounds}",
        "least": "不低于 {value:.0f}",
        "most": "不高于 {value:.0f}",
        "and": "且",
        "every coast": "任一海域",
        "every lake": "任一大湖",
        "every range": "任一山脉",
        "name": "、",
        "waypoint": "—",
        "any": "；或",
        "all": "；且",
        "not": "并非{rule}",
        "group": "（{rule}）",
    },
}


def describe(rule: Rule, lang: str = "zh", titles: Titles | None = None) -> str:
    """Return a rule in plain words.

    Parameters
    ----------
    rule
        A rule of a cluster.
    lang
        `zh` or `en`.
    titles
        Names of slugs and country codes; what is not there is shown as it stands in the rule.

    Examples
    --------
    >>> from tierscape.data.records import Group
    >>> near = Leaf("coast", ("north-sea",), within_km=50)
    >>> low = Leaf("elevation_m", most=200)
    >>> describe(Group("all", (near, low)), "en", {"north-sea": ("North Sea", "北海")})
    'within 50 km of the coast of North Sea; and elevation at most 200 m'
    >>> describe(near, "zh", {"north-sea": ("North Sea", "北海")})
    '距北海海岸不超过 50 千米'
    """
    known = titles or {}
    return fold(
        rule,
        lambda leaf: _describe_leaf(leaf, lang, known),
        lambda group, parts: _describe_group(group, parts, lang),
    )


def _describe_group(group: Group, parts: list[str], lang: str) -> str:
    """Return a combination in plain words; combinations inside it stand in brackets."""
    words = _WORDS[lang]
    texts = [
        text if isinstance(inner, Leaf) else words["group"].format(rule=text)
        for inner, text in zip(group.rules, parts, strict=True)
    ]
    return (
        words["not"].format(rule=texts[0]) if group.kind == "not" else words[group.kind].join(texts)
    )


def _describe_leaf(leaf: Leaf, lang: str, titles: Titles) -> str:
    """Return one test in plain words."""
    words, pick = _WORDS[lang], ("en", "zh").index(lang)
    if leaf.kind in {"elevation_m", "population"}:
        bounds = [("least", leaf.least), ("most", leaf.most)]
        texts = [words[key].format(value=value) for key, value in bounds if value is not None]
        return words[leaf.kind].format(bounds=words["and"].join(texts))
    if leaf.labels:
        names = [label[pick] for label in leaf.labels]
    else:
        names = [titles.get(name, (name, name))[pick] for name in leaf.names]
    listed = words["waypoint" if leaf.kind == "route" else "name"].join(names)
    listed = listed or words[f"every {leaf.kind}"]
    return words[leaf.kind].format(names=listed, km=f"{leaf.within_km or 0:g}")


def explain(
    cluster: ClusterDefinition,
    cities: pd.DataFrame,
    membership: pd.DataFrame,
    *,
    measures: Measures,
) -> pd.DataFrame:
    """List every member of a cluster and the cities just outside, with the test that decided.

    Parameters
    ----------
    cluster
        The cluster.
    cities
        The table that the membership was derived from, with `name_zh` and `name_en`.
    membership
        The table of `membership.assign`.
    measures
        The geography that the rules ask for.

    Returns
    -------
    pandas.DataFrame
        `city_id, name_zh, name_en, role, rule, measure_km`. `role` is `core`,
        `extended`, `near` (outside, but within twice a threshold of the widest rule) or
        `excluded` (by an override); `measure_km` is what the rule measured, empty where it
        measured nothing. Sorted by role, distance and city.
    """
    widest = rules_of(cluster)[-1]
    found = evaluate(widest, survey([widest], cities, measures))
    near = ~found.member & (found.closeness <= NEAR)
    outside = pd.DataFrame(
        {
            "city_id": cities["city_id"].to_numpy(),
            "role": np.where(near, "near", ""),
            "rule": found.rule,
            "measure_km": found.measure_km,
        },
    ).astype({"role": "str", "rule": "str"})
    for override in cluster.overrides:
        here = outside["city_id"] == override.city_id
        outside.loc[here, "role"] = override.role
        outside.loc[here, "rule"] = f"override: {override.reason}"
    inside = membership.loc[membership["cluster"] == cluster.slug, list(outside.columns)]
    outside = outside[(outside["role"] != "") & ~outside["city_id"].isin(inside["city_id"])]
    names = cities[["city_id", "name_zh", "name_en"]]
    table = pd.concat([inside, outside]).merge(names, on="city_id", how="left")
    order = table["role"].map({role: number for number, role in enumerate(_ROLES)})
    table = table.assign(order=order).sort_values(["order", "measure_km", "city_id"])
    columns = ["city_id", "name_zh", "name_en", "role", "rule", "measure_km"]
    return table[columns].reset_index(drop=True)


def unmatched(
    clusters: Iterable[ClusterDefinition],
    cities: pd.DataFrame,
    *,
    measures: Measures,
    titles: Titles | None = None,
) -> list[Problem]:
    """Return a problem for each rule that no city satisfies.

    Parameters
    ----------
    clusters
        The clusters to look at.
    cities
        Every ranked city, with what the rules read and `name_en`.
    measures
        The geography that the rules ask for.
    titles
        Names of slugs and country codes.
    """
    found = []
    for cluster in clusters:
        known = survey(rules_of(cluster), cities, measures)
        for part, rule in zip(("core", "extended"), rules_of(cluster), strict=False):
            said = evaluate(rule, known)
            if not said.member.any():
                words = describe(rule, "en", titles)
                broken = "no ranked city of any edition satisfies this rule"
                closest = _closest(said, cities)
                file = str(cluster.file)
                found.append(Problem(file, None, f"{part}.rule", words, broken, closest))
    return found


def _closest(said: Evaluation, cities: pd.DataFrame) -> str:
    """Return which city comes closest to a rule, where a distance tells."""
    if np.isnan(said.closeness).all():
        return ""
    at = int(np.nanargmin(said.closeness))
    name = cities["name_en"].iloc[at]
    return f"The closest is {name}: {said.measure_km[at]:.0f} km, {said.rule[at]}."
