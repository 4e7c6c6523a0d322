"""What `clusters learn` prints: learned clusters, how stable they are, what they are most like."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tierscape.analysis import Places, load
from tierscape.clusters.compare import (
    Noise,
    agreements,
    best_matches,
    moves,
    omega_index,
    silhouette,
)
from tierscape.clusters.estimators import METHODS, method
from tierscape.clusters.learn import GRIDS, Scan, scan, steadiest
from tierscape.clusters.learn_stability import DISSOLVED, STABLE, Resampling
from tierscape.data.errors import DataError, Problem
from tierscape.learning_words import WORDS
from tierscape.terminal import text_table, width, wrapped

#: The parameter that each option sets, by method; where there is none the option does not apply.
OPTIONS: Mapping[str, Mapping[str, str]] = {
    "--radius": {"dbscan": "radius_km", "hdbscan": "join_km", "optics": "max_radius_km"},
    "--min-cities": dict.fromkeys(("dbscan", "hdbscan", "optics"), "min_cities"),
    "--clusters": dict.fromkeys(("agglomerative", "k-medoids"), "n_clusters"),
}
#: The columns of a city in JSON.
_CITY = ("city_id", "name_zh", "name_en", "country", "lon", "lat")
#: The rule for noise in partitions: a city that belongs nowhere is not like another such city.
_NOISE: Noise = "alone"
#: So many cities that would move are listed for a reader.
_LISTED = 8


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for; an empty tuple leaves the usual values."""

    method: str = "dbscan"
    editions: tuple[str, ...] = ()
    radius: tuple[float, ...] = ()
    min_cities: tuple[int, ...] = ()
    clusters: tuple[int, ...] = ()
    samples: int = 50
    seed: int = 0
    compare: bool = False
    data: Path | None = None
    as_json: bool = False
    lang: str = "en"


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """Learned clusters of one setting beside the named ones.

    Attributes
    ----------
    labels
        A label for each city, numbered from 1 by size; -1 where a city belongs nowhere.
    groups, named
        The city ids of the learned clusters, by `learned-1`, …, and of the named clusters, core
        and extended.
    clusters
        One row for each learned cluster: its stability and its best match.
    """

    places: Places
    found: Scan
    chosen: int
    labels: pd.Series
    groups: Mapping[str, list[str]]
    named: Mapping[str, list[str]]
    clusters: pd.DataFrame


def learned(request: Request) -> str:
    """Return learned clusters with their cities, their stability and their best matches.

    Raises
    ------
    TierscapeError
        If the method, an option or an edition is wrong.
    """
    grid = _grid(request)
    places = load(request.data, request.editions)
    points = places.cities[["lon", "lat"]].to_numpy(float)
    how = Resampling(count=request.samples, seed=request.seed)
    result = _learned(places, scan(request.method, points, grid, resampling=how))
    if request.as_json:
        return json.dumps(_content(result, request), ensure_ascii=False, indent=2)
    lang = request.lang
    parts = [_heading(result, lang), _settings(result, how, lang), _clusters(result, lang)]
    if request.compare:
        parts += [_matches(result, lang), _partitions(result, lang)]
    return "\n\n".join(parts)


def _grid(request: Request) -> dict[str, Sequence[object]]:
    """Return the parameters to try; raise every option that the method does not have."""
    name = method(request.method).name
    given: dict[str, Sequence[object]] = {
        "--radius": request.radius,
        "--min-cities": request.min_cities,
        "--clusters": request.clusters,
    }
    problems = [
        Problem("options", None, option, ", ".join(map(str, values)), f"{name} has no such option")
        for option, values in given.items()
        if values and name not in OPTIONS[option]
    ]
    if problems:
        has = ", ".join(option for option in OPTIONS if name in OPTIONS[option])
        raise DataError(
            [Problem(p.file, p.row, p.column, p.value, p.rule, f"It has {has}.") for p in problems]
        )
    chosen = {OPTIONS[option][name]: values for option, values in given.items() if values}
    return {**GRIDS[name], **chosen}


def _learned(places: Places, found: Scan) -> Learned:
    """Return the clusters of the steadiest setting, numbered by size, beside the named ones."""
    chosen = steadiest(found)
    table = found.clusters[found.clusters["setting"] == chosen].sort_values(
        ["n_cities", "cluster"], ascending=[False, True], kind="stable"
    )
    number = {old: new for new, old in enumerate(table["cluster"], start=1)}
    ids = places.cities["city_id"]
    labels = pd.Series([number.get(label, -1) for label in found.labels[chosen]], index=ids.index)
    groups = {f"learned-{n}": ids[labels == n].tolist() for n in range(1, len(number) + 1)}
    members = places.membership.groupby("cluster")["city_id"]
    named = {str(slug): cities.tolist() for slug, cities in members}
    matched = best_matches(groups, named)
    steady = table[["jaccard", "recovered", "dissolved"]].reset_index(drop=True)
    clusters = matched.rename(columns={"jaccard": "match_jaccard"}).join(steady)
    return Learned(places, found, chosen, labels, groups, named, clusters)


def _heading(result: Learned, lang: str) -> str:
    """Return what was sought among which cities."""
    words, method = WORDS[lang], METHODS[result.found.method]
    editions = words["comma"].join(edition.slug for edition in result.places.editions)
    title = words["heading"].format(method=method.name, count=len(result.labels), editions=editions)
    sentence = words["methods"].get(method.name, method.sentence)
    return f"{title}\n{'=' * width(title)}\n{sentence}"


def _settings(result: Learned, how: Resampling, lang: str) -> str:
    """Return the table of settings and which of them is shown."""
    words, names = WORDS[lang], list(result.found.parameters[0])
    columns = [*names, "n_clusters", "n_stable", "n_cities", "n_noise"]
    rows = [
        [*(f"{row[name]:g}" for name in columns), _share(row["jaccard"])]
        for row in result.found.settings.to_dict("records")
    ]
    note = words["stability"].format(
        count=how.count, share=f"{how.share:.0%}", seed=how.seed, stable=STABLE, dissolved=DISSOLVED
    )
    return f"{text_table([*names, *words['settings']], rows)}\n{wrapped(note)}"


def _clusters(result: Learned, lang: str) -> str:
    """Return the clusters of the setting shown, with their cities."""
    words, titles = WORDS[lang], _titles(result, lang)
    setting = words["comma"].join(f"{k} {v:g}" for k, v in _setting(result).items())
    why = words["steadiest"] if len(result.found.parameters) > 1 else ""
    lines = [words["shown"].format(setting=setting, why=why)]
    if not len(result.clusters):
        lines.append(words["none"])
    for row in result.clusters.to_dict("records"):
        cities = _cities(result, result.groups[row["cluster"]], lang)
        lines += ["", wrapped(_sentence(row, words, titles)), cities]
    alone = result.places.cities.loc[result.labels == -1, "city_id"].tolist()
    if alone:
        left = words["left"].format(count=_count(len(alone), words))
        lines += ["", left, _cities(result, alone, lang)]
    return "\n".join(lines)


def _sentence(row: Mapping[Any, Any], words: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """Return what a cluster's stability and its best match are, in words."""
    value = row["jaccard"]
    word = "stable" if value >= STABLE else "dissolves" if value <= DISSOLVED else "doubtful"
    match = words["alone"]
    if row["match"] is not None:
        match = words["match"].format(
            match=titles.get(row["match"], row["match"]),
            shared=row["n_shared"],
            size=row["n_match"],
            jaccard=row["match_jaccard"],
        )
    return str(words["cluster"]).format(
        cluster=row["cluster"],
        size=_count(row["n_cities"], words),
        stability=_share(value),
        word=words[word],
        match=match,
    )


def _titles(result: Learned, lang: str) -> dict[str, str]:
    """Return the Chinese titles of clusters; English names them as the commands take them."""
    return {each.slug: each.title_zh for each in result.places.definitions if lang == "zh"}


def _matches(result: Learned, lang: str) -> str:
    """Return the best match of every named cluster and the cities that would move."""
    words, titles, names = WORDS[lang], _titles(result, lang), _names(result, lang)
    moving = moves(result.named, result.groups).groupby(["cluster", "move"])["city_id"]
    ids = {key: cities.tolist() for key, cities in moving}
    table = best_matches(result.named, result.groups).sort_values(
        ["jaccard", "cluster"], ascending=[False, True]
    )
    rows, lines = [], []
    for row in table.to_dict("records"):
        name = titles.get(row["cluster"], row["cluster"])
        joins, leaves = (ids.get((row["cluster"], move), []) for move in ("joins", "leaves"))
        rows.append([name, row["n_cities"], row["match"], f"{row['jaccard']:.2f}"])
        rows[-1] += [len(joins), len(leaves)] if row["match"] else ["", ""]
        lines += _moving(name, {"join": joins, "leave": leaves}, names, words)
    note = words["omega"].format(value=_signed(_omega(result)))
    return "\n".join([text_table(words["matches"], rows), wrapped(note), "", *lines])


def _moving(
    cluster: str,
    moving: Mapping[str, list[str]],
    names: Mapping[str, str],
    words: Mapping[str, Any],
) -> list[str]:
    """Return lines with the cities that would join and leave a named cluster."""
    lines = []
    for word, ids in moving.items():
        listed = words["comma"].join(names[each] for each in ids[:_LISTED])
        more = len(ids) - _LISTED
        rest = words["more"].format(count=more) if more > 0 else ""
        lines += [wrapped(listed + rest, words[word].format(cluster=cluster))] if ids else []
    return lines


def _partitions(result: Learned, lang: str) -> str:
    """Return how far learned clusters agree with landforms and countries."""
    words, labels = WORDS[lang], _labelled(result)
    named = {name: words["labels"].get(name, name) for name in labels}
    rows = [
        [named[a], named[b], f"{rand:.3f}", f"{information:.3f}"]
        for a, b, rand, information in agreements(labels, noise=_NOISE)
        .iloc[:, :4]
        .itertuples(index=False)
    ]
    around = [[named[name], _signed(_silhouette(result, each))] for name, each in labels.items()]
    tables = [text_table(words["partitions"], rows), text_table(words["silhouettes"], around)]
    return "\n\n".join([*tables, words["noise"]])


def _content(result: Learned, request: Request) -> dict[str, Any]:
    """Return everything as plain values."""
    table = result.places.cities[list(_CITY)]
    ids = table["city_id"]
    groups = [
        {**row, "cities": _records(table[ids.isin(result.groups[row["cluster"]])])}
        for row in _records(result.clusters)
    ]
    content = {
        "method": result.found.method,
        "editions": [edition.slug for edition in result.places.editions],
        "n_cities": len(ids),
        "samples": request.samples,
        "seed": request.seed,
        "settings": _records(result.found.settings),
        "shown": _plain(_setting(result)),
        "clusters": groups,
        "left_out": _records(table[result.labels == -1]),
    }
    return {**content, "compare": _compared(result)} if request.compare else content


def _compared(result: Learned) -> dict[str, Any]:
    """Return the comparisons with named clusters and with partitions as plain values."""
    labels = _labelled(result)
    around = {name: _silhouette(result, each) for name, each in labels.items()}
    return {
        "named": _records(best_matches(result.named, result.groups)),
        "moves": _records(moves(result.named, result.groups)),
        "omega": _plain({"omega": _omega(result)})["omega"],
        "partitions": _records(agreements(labels, noise=_NOISE)),
        "silhouette": _plain(around),
    }


def _labelled(result: Learned) -> dict[str, list[Any]]:
    """Return the partitions that are compared."""
    cities = result.places.cities
    columns = {name: cities[name].tolist() for name in ("landform", "country")}
    return {"learned": result.labels.tolist(), **columns}


def _silhouette(result: Learned, labels: list[Any]) -> float:
    cities = result.places.cities
    return silhouette(labels, cities["lon"], cities["lat"], noise=_NOISE)


def _omega(result: Learned) -> float:
    everyone = result.places.cities["city_id"].tolist()
    return omega_index([*result.named.values()], [*result.groups.values()], everyone)


def _setting(result: Learned) -> Mapping[str, Any]:
    return result.found.parameters[result.chosen]


def _names(result: Learned, lang: str) -> dict[str, str]:
    """Return the name of every city in a language, or in the other where it has none."""
    cities = result.places.cities
    name, other = (cities[f"name_{each}"] for each in (lang, "en" if lang == "zh" else "zh"))
    return dict(zip(cities["city_id"], name.where(name.fillna("") != "", other), strict=True))


def _cities(result: Learned, ids: Sequence[str], lang: str) -> str:
    names = _names(result, lang)
    listed = ("、" if lang == "zh" else ", ").join(names[each] for each in ids)
    return wrapped(listed, "    ")


def _count(n: int, words: Mapping[str, Any]) -> str:
    return str(words["city"] if n == 1 else words["cities"].format(count=n))


def _share(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.2f}"


def _signed(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.3f}"


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [_plain(row) for row in table.to_dict("records")]


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return values that JSON knows; what is missing is None."""
    plain = {str(k): v.item() if hasattr(v, "item") else v for k, v in row.items()}
    return {k: None if pd.isna(v) else v for k, v in plain.items()}
