"""Findings in one sentence, and why cities are members, in the language of the report."""

import re
from functools import lru_cache

from ..clusters.explain import describe
from ..data.known_names import name_titles
from ..data.records import ClusterDefinition, Dimension, Leaf
from ..data.rule_trees import leaves
from ..maps.figures.words import title_of
from ..scoring.aggregate import MIN_MEMBERS
from .blocks import KeyFinding
from .inputs import Row, Scope, few, here, records
from .numbers import bounds, cell
from .words import counted, say

_MEASURED = re.compile(
    r"within (?P<km>[\d.e+]+) km of (?P<kind>coast|lake|range|route) (?P<name>.+)"
)
_FILTER = re.compile(
    r"(?P<kind>elevation_m|population) (?:at least (?P<least>-?\d+))?(?: and )?"
    r"(?:at most (?P<most>-?\d+))?"
)
_NAMED = re.compile(
    r"(?P<kind>admin|cities|country|region|polygon) (?P<name>\S+)(?: (?P<label>.+))?"
)
#: The middle of all percentiles.
_AVERAGE = 50.0


def cluster_finding(scope: Scope, slug: str) -> KeyFinding:
    """Return where a cluster stands in the report's first table, and how certain that is."""
    lang, row = scope.lang, scope.result(slug, scope.first)
    names = {**_where(scope), "cluster": scope.title(slug)}
    if row is None:
        return KeyFinding(say(lang, "finding_none", **names), say(lang, "sure_none"))
    low, high = row["percentile_lower"], row["percentile_upper"]
    names |= {"percentile": cell(row["percentile"], "percentile", lang), "side": _side(row, lang)}
    if few(row):
        text = counted(lang, "finding_few", row["n_cities"], **names)
    else:
        ranked = sum(not few(each) for each in scope.results(scope.first))
        rank = cell(row["rank_core"], "rank", lang)
        text = say(lang, "finding_rank", **names, rank=rank, ranked=ranked)
    key = "sure_average" if low > _AVERAGE or high < _AVERAGE else "open_average"
    return KeyFinding(text, say(lang, key, bounds=bounds(low, high)))


def edition_finding(scope: Scope) -> KeyFinding:
    """Return which cluster leads the report's first table, and how certain that is."""
    lang, names = scope.lang, _where(scope)
    ranked = [row for row in scope.results(scope.first) if not few(row)]
    if not ranked:
        text = say(lang, "finding_nobody", **names, least=MIN_MEMBERS)
        return KeyFinding(text, say(lang, "sure_none"))
    first, pairs = ranked[0], records(here(scope.analysis.comparisons, scope.edition, scope.first))
    text = say(
        lang,
        "finding_leader",
        **names,
        cluster=scope.title(first["cluster"]),
        percentile=cell(first["percentile"], "percentile", lang),
        bounds=bounds(first["percentile_lower"], first["percentile_upper"]),
        pairs=cell(len(pairs), "count", lang),
        certain=cell(sum(bool(pair["certain"]) for pair in pairs), "count", lang),
    )
    others = {row["cluster"] for row in ranked[1:]}
    sure = sum(
        bool(pair["certain"]) and pair["difference"] > 0
        for pair in against(pairs, first["cluster"])
        if pair["other"] in others
    )
    key = "sure_first" if sure == len(others) else "open_first"
    return KeyFinding(text, say(lang, key, sure=sure, others=len(others)))


def against(pairs: list[Row], slug: str) -> list[Row]:
    """Return a cluster's comparisons as it sees them: `other`, and differences from its side."""
    found: list[Row] = []
    for pair in pairs:
        if pair["cluster_a"] == slug:
            found.append({**pair, "other": pair["cluster_b"]})
        elif pair["cluster_b"] == slug:
            turned = {
                "other": pair["cluster_a"],
                "difference": -pair["difference"],
                "difference_lower": -pair["difference_upper"],
                "difference_upper": -pair["difference_lower"],
                "p_a_ahead": 1 - pair["p_a_ahead"],
            }
            found.append({**pair, **turned})
    return found


def rule_text(definition: ClusterDefinition, rule: str, lang: str) -> str:
    """Return in plain words why a city is a member.

    Parameters
    ----------
    definition
        The cluster; its labels name what the rule's codes stand for.
    rule
        The column `rule` of `membership.csv`.
    lang
        `zh` or `en`. A sentence that the cluster's file has in English only is left out in
        Chinese, and referred to.

    Examples
    --------
    >>> from pathlib import Path
    >>> bay = ClusterDefinition("b", "湾", "Bay", "coastal", "", "", "", "",
    ...     Leaf("coast", ("baltic",), 50), "", None, "", Path("b.toml"))
    >>> rule_text(bay, "within 50 km of coast baltic", "zh")
    '距波罗的海海岸不超过 50 千米'
    >>> rule_text(bay, "country KZ", "en")
    'in Kazakhstan'
    """
    if rule.startswith("override: "):
        return "来源点名，单列（理由见城市群文件）" if lang == "zh" else rule[len("override: ") :]
    if rule.startswith("not "):
        inner = rule_text(definition, rule[len("not ") :], lang)
        return f"并非{inner}" if lang == "zh" else f"not {inner}"
    leaf = _leaf(rule, _labels(definition))
    return rule if leaf is None else describe(leaf, lang, name_titles())


def _leaf(rule: str, labels: dict[str, tuple[str, str]]) -> Leaf | None:
    """Return the test that the words of a rule speak of."""
    if found := _MEASURED.fullmatch(rule):
        km, name = float(found["km"]), found["name"]
        if found["kind"] == "route":
            ends = tuple(labels.get(end, (end, end)) for end in name.split(" to "))
            return Leaf("route", within_km=km, labels=ends)
        return Leaf(found["kind"], (name,), within_km=km)
    if found := _FILTER.fullmatch(rule):
        least, most = (
            None if found[key] is None else float(found[key]) for key in ("least", "most")
        )
        return Leaf(found["kind"], least=least, most=most)
    if found := _NAMED.fullmatch(rule):
        label = (labels.get(found["label"], (found["label"],) * 2),) if found["label"] else ()
        return Leaf(found["kind"], (found["name"],), labels=label)
    return None


@lru_cache(maxsize=256)
def _labels(definition: ClusterDefinition) -> dict[str, tuple[str, str]]:
    """Return English label to both labels, of all tests of a cluster."""
    rules = [definition.core, definition.extended]
    tests = [leaf for rule in rules if rule is not None for leaf in leaves(rule)]
    return {label[0]: label for leaf in tests for label in leaf.labels}


def _side(row: Row, lang: str) -> str:
    """Return on which side of the average a percentile is."""
    gap = round(row["percentile"] - _AVERAGE, 9)
    return say(lang, "above" if gap > 0 else "below" if gap < 0 else "level")


def _where(scope: Scope) -> dict[str, str]:
    """Return the names of edition and table."""
    return {"edition": title_of(scope.edition, scope.lang), "dimension": dimension_title(scope)}


def dimension_title(scope: Scope, dimension: Dimension | None = None) -> str:
    """Return the title of a table, the first one's where none is given."""
    return title_of(dimension or scope.first, scope.lang)
