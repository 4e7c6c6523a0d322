"""What `clusters sensitivity` prints: members and results as a cluster's tests are moved."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tierscape.analysis import Places, load
from tierscape.clusters.explain import describe
from tierscape.clusters.sensitivity import Members, Step, Sweep, sweep
from tierscape.data.errors import UnknownNameError
from tierscape.data.known_names import name_titles
from tierscape.data.records import Override
from tierscape.scoring.aggregate import MIN_MEMBERS, summarise, summarise_members
from tierscape.scoring.tiers import TierTable, tier_tables
from tierscape.sensitivity_text import sensitivity_text
from tierscape.sensitivity_words import WORDS

_STRENGTH = {"": 0, "extended": 1, "core": 2}
_NUMBERS = ("percentile", "percentile_lower", "percentile_upper", "percentile_sd")
_UNITS = {"within_km": "km", "elevation_m": "m", "population": "persons"}
Result = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class _Scores:
    """The published tables, and the percentiles of the other clusters that have a rank in each."""

    tables: Mapping[tuple[str, str], TierTable]
    others: Mapping[tuple[str, str, str], list[float]]

    def results(self, members: Members) -> list[Result]:
        """Return the cluster's result with these members, wherever one of them is ranked."""
        groups = {"core": members.core, "all": members.core | members.extended}
        return [
            self._result((*key, role), table.members(ids).astype(np.int64))
            for key, table in self.tables.items()
            for role, ids in groups.items()
            if table.members(ids).any()
        ]

    def _result(self, key: tuple[str, str, str], weight: Any) -> Result:  # noqa: ANN401 - an array
        found = summarise_members(self.tables[key[:2]], weight)
        others = self.others.get(key, [])
        # Rounded, since equal means may differ in their last bit.
        ahead = sum(round(other, 9) > round(found.percentile, 9) for other in others)
        ranked = found.n_cities >= MIN_MEMBERS
        return {
            **dict(zip(("edition", "dimension", "role"), key, strict=True)),
            "n_cities": found.n_cities,
            **{name: getattr(found, name) for name in _NUMBERS},
            "rank": 1 + ahead if ranked else None,
            "n_ranked": len(others) + 1 if ranked else None,
        }


def cluster_sensitivity(slug: str, data: Path | None, *, as_json: bool, lang: str = "en") -> str:
    """Return how a cluster's members and results change with each of its tests.

    Parameters
    ----------
    slug
        The cluster.
    data
        A folder of your own facts, laid over the built-in ones.
    as_json
        Whether to return JSON.
    lang
        Language of the text and of names, `zh` or `en`.

    Raises
    ------
    UnknownNameError
        If there is no cluster of that slug.
    """
    report = sensitivity(load(data), slug, lang)
    if as_json:
        return json.dumps(report, ensure_ascii=False, indent=2)
    return sensitivity_text(report, lang)


def sensitivity(places: Places, slug: str, lang: str = "en") -> dict[str, Any]:
    """Return how a cluster's members and results change with each of its tests.

    Parameters
    ----------
    places
        What `load` returns.
    slug
        The cluster.
    lang
        Language of names and tests, `zh` or `en`.

    Returns
    -------
    dict
        `cluster`, `title`, `core` and `extended` (names of members), `sweeps` (one for each
        threshold, and for each test, listed name or override that is left out; each with its
        `steps`), and `ranges` (the least and greatest percentile and the best and worst rank
        over all steps).

    Examples
    --------
    >>> from tierscape.analysis import load
    >>> report = sensitivity(load(editions=["g20-2023"]), "great-lakes")
    >>> [step["lost"] for sweep in report["sweeps"] for step in sweep["steps"]
    ...  if step["left_out"] == "Ohio"]
    [['Cincinnati (out)', 'Columbus (out)']]
    """
    clusters = {each.slug: each for each in places.definitions}
    if slug not in clusters:
        raise UnknownNameError("cluster", slug, clusters)
    ranked = places.cities[places.cities["city_id"].isin(places.tiers["city_id"])]
    published, sweeps = sweep(clusters[slug], ranked, measures=places.measures)
    scores = _scores(places, slug)
    names = dict(zip(ranked["city_id"], ranked[f"name_{lang}"], strict=True))
    reported = [_sweep(each, published, scores, names, lang=lang) for each in sweeps]
    everything = [step["results"] for each in reported for step in each["steps"]]
    return {
        "cluster": slug,
        "title": getattr(clusters[slug], f"title_{lang}"),
        "core": sorted(names[city] for city in published.core),
        "extended": sorted(names[city] for city in published.extended),
        "results": scores.results(published),
        "sweeps": reported,
        "ranges": _ranges([scores.results(published), *everything]),
    }


def _scores(places: Places, slug: str) -> _Scores:
    """Return the tables to score in, and what the other clusters score there."""
    landforms = {each.slug: each.landform for each in places.definitions}
    table = summarise(places.tiers, places.membership, landforms)
    table = table[(table["cluster"] != slug) & (table["n_cities"] >= MIN_MEMBERS)]
    others: dict[tuple[str, str, str], list[float]] = {}
    for row in table.to_dict("records"):
        key = (row["edition"], row["dimension"], row["role"])
        others.setdefault(key, []).append(row["percentile"])
    tables = {(edition, dimension): each for edition, dimension, each in tier_tables(places.tiers)}
    return _Scores(tables, others)


def _sweep(
    found: Sweep, published: Members, scores: _Scores, names: Mapping[str, str], *, lang: str
) -> dict[str, Any]:
    """Return one sweep as plain values."""
    test = found.test
    words = (
        _own_line(test, names, lang)
        if isinstance(test, Override)
        else describe(test, lang, name_titles())
    )
    kind = "" if isinstance(test, Override) else test.kind
    return {
        "part": found.part,
        "test": words,
        "quantity": found.quantity,
        "unit": _UNITS.get(found.quantity, _UNITS.get(kind, "")),
        "published": found.published,
        "steps": [_step(step, published, scores, names, lang=lang) for step in found.steps],
    }


def _step(
    step: Step, published: Members, scores: _Scores, names: Mapping[str, str], *, lang: str
) -> dict[str, Any]:
    """Return one step as plain values; members gained and lost are those against the file."""
    words, before, after = WORDS[lang], _roles(published), _roles(step.members)
    changes: dict[str, list[str]] = {"gained": [], "lost": []}
    for city in sorted(before.keys() | after.keys(), key=lambda city: names[city]):
        old, new = before.get(city, ""), after.get(city, "")
        if old != new:
            gained = _STRENGTH[new] > _STRENGTH[old]
            changes["gained" if gained else "lost"].append(
                words["change"].format(city=names[city], role=_role(new or "out", words))
            )
    return {
        "value": step.value,
        "left_out": step.left_out[1],
        "n_core": len(step.members.core),
        "n_all": len(after),
        **changes,
        "results": scores.results(step.members),
    }


def _own_line(test: Override, names: Mapping[str, str], lang: str) -> str:
    """Return that a city has its role by a line of its own."""
    words = WORDS[lang]
    city = test.city if lang == "en" else names.get(test.city_id, test.city)
    return str(words["override"]).format(city=city, role=_role(test.role, words))


def _role(role: str, words: Mapping[str, Any]) -> str:
    return str(words["roles"].get(role, role))


def _roles(members: Members) -> dict[str, str]:
    return {
        **dict.fromkeys(members.extended, "extended"),
        **dict.fromkeys(members.core, "core"),
    }


def _ranges(steps: Iterable[list[Result]]) -> list[dict[str, Any]]:
    """Return the range of the percentile and of the rank in each table, over all steps."""
    table = pd.DataFrame([result for results in steps for result in results])
    if table.empty:
        return []
    keys = ["edition", "dimension", "role"]
    found = []
    for key, rows in table.groupby(keys, sort=True):
        rank = rows["rank"].dropna()
        found.append(
            {
                **dict(zip(keys, key, strict=True)),
                "percentile_least": float(rows["percentile"].min()),
                "percentile_most": float(rows["percentile"].max()),
                "rank_best": None if rank.empty else int(rank.min()),
                "rank_worst": None if rank.empty else int(rank.max()),
            }
        )
    return found
