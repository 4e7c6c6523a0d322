"""What the commands print: clusters, their members, and comparisons, for a reader or as JSON."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from tierscape.analysis import Places, load
from tierscape.clusters.explain import describe, explain
from tierscape.clusters.landform import landform_counts
from tierscape.clusters.measures import geodesic_measures
from tierscape.data.errors import TierscapeError, UnknownNameError
from tierscape.data.known_names import name_titles
from tierscape.data.records import ClusterDefinition
from tierscape.scoring.aggregate import summarise
from tierscape.scoring.compare import compare
from tierscape.terminal import text_table, wrapped

ROLES = (("core", "core members"), ("all", "core and extended members"))


def cluster_list(data: Path | None, *, as_json: bool) -> str:
    """Return every cluster with its landform and its members in each edition."""
    places = load(data)
    rows = [_listed(each, places) for each in places.definitions]
    if as_json:
        return _json(rows)
    editions = [edition.slug for edition in places.editions]
    header = ["cluster", "title", "", "landform", *editions]
    note = (
        "Members per edition: core, and + extended. `tierscape clusters show CLUSTER` lists them."
    )
    table = [
        [row["cluster"], row["title_zh"], row["title_en"], row["landform"]]
        + [_count(row["members"][edition]) for edition in editions]
        for row in rows
    ]
    return f"{text_table(header, table)}\n\n{note}"


def cluster_show(slug: str, data: Path | None, *, as_json: bool, lang: str) -> str:
    """Return a cluster's definition, its members and near misses with what decided."""
    places = load(data)
    definition = _definition(places, slug)
    found = explain(definition, places.cities, places.membership, measures=geodesic_measures())
    mine = places.membership.loc[places.membership["cluster"] == slug, "city_id"]
    landforms = landform_counts(places.cities[places.cities["city_id"].isin(mine)])
    if as_json:
        told = {**_described(definition), "landforms": landforms, "cities": _records(found)}
        return _json(told)
    zh = lang == "zh"
    title = f"{definition.title_zh}  {definition.title_en}"
    sentence = definition.sentence_zh if zh else definition.sentence_en
    lines = [
        f"{title} ({definition.slug}, {definition.landform})",
        wrapped(f"{definition.document}: {sentence}", "  source    "),
        wrapped(definition.geography, "  geography "),
        wrapped(describe(definition.core, lang, name_titles()), "  core      "),
        wrapped(definition.core_reason, "            "),
    ]
    if definition.extended is not None:
        lines.append(wrapped(describe(definition.extended, lang, name_titles()), "  extended  "))
        lines.append(wrapped(definition.extended_reason, "            "))
    lines.append(wrapped(_landforms(landforms), "  members   "))
    table = [
        [row["name_zh"], row["name_en"], row["role"], _km(row["measure_km"]), _decided(row)]
        for row in _records(found)
    ]
    return "\n".join([*lines, "", text_table(["city", "", "role", "km", "decided by"], table)])


def comparison(
    slugs: Sequence[str],
    data: Path | None,
    *,
    edition: str | None,
    dimension: str | None,
    as_json: bool,
) -> str:
    """Return which cluster is ahead, in every dimension asked for."""
    places = load(data)
    landforms = {each.slug: each.landform for each in places.definitions}
    titles = [_definition(places, slug).title_en for slug in slugs]
    membership = places.membership[places.membership["cluster"].isin(slugs)]
    empty = [
        title
        for slug, title in zip(slugs, titles, strict=True)
        if not (membership["cluster"] == slug).any()
    ]
    if empty:
        raise TierscapeError(f"no ranked city of any edition is in {', '.join(empty)}.")
    found = {
        role: compare(
            places.tiers, membership, slugs, edition=edition, dimension=dimension, role=role
        )
        for role, _ in ROLES
    }
    if as_json:
        return _json({role: _records(table) for role, table in found.items()})
    results = summarise(places.tiers, places.membership, landforms)
    results = results[results["cluster"].isin(slugs)]
    core, present = found["core"], set(zip(results["edition"], results["dimension"], strict=True))
    keys = dict.fromkeys(zip(core["edition"], core["dimension"], strict=True))
    parts = [_part(places, results, found, key) for key in keys if key in present]
    absent = dict.fromkeys(
        edition for edition, dimension in keys if (edition, dimension) not in present
    )
    if absent:
        parts.append(f"No city of these clusters is ranked in {', '.join(absent)}.")
    return "\n\n".join(parts)


def _part(
    places: Places, results: pd.DataFrame, found: dict[str, pd.DataFrame], key: tuple[str, str]
) -> str:
    """Return the comparison in one dimension of one edition."""
    edition = next(each for each in places.editions if each.slug == key[0])
    dimension = next(each for each in edition.dimensions if each.slug == key[1])
    heading = f"{edition.title_en}: {dimension.title_en} ({edition.slug}/{dimension.slug})"
    lines = [heading, "=" * len(heading)]
    for role, words in ROLES:
        rows = results[
            (results["edition"] == key[0])
            & (results["dimension"] == key[1])
            & (results["role"] == role)
        ]
        pairs = found[role]
        pairs = pairs[(pairs["edition"] == key[0]) & (pairs["dimension"] == key[1])]
        lines += ["", f"With {words}", _summary(rows, len(dimension.tiers))]
        lines += [_sentence(row) for row in _records(pairs)]
    return "\n".join(lines)


def _summary(rows: pd.DataFrame, tiers: int) -> str:
    """Return the clusters' tiers and percentiles as a table."""
    header = ["cluster", "cities", *(f"tier {number}" for number in range(1, tiers + 1))]
    header += ["percentile", "lowest", "highest", "sd"]
    table = [
        [row["cluster"], row["n_cities"]]
        + [row[f"tier_{number}"] for number in range(1, tiers + 1)]
        + [f"{row[name]:.1f}" for name in _PERCENTILES]
        for row in _records(rows)
    ]
    return text_table(header, table)


_PERCENTILES = ("percentile", "percentile_lower", "percentile_upper", "percentile_sd")


def _sentence(row: dict[str, Any]) -> str:
    """Return one pair in words: who is ahead, by how much, how sure."""
    a, b = row["cluster_a"], row["cluster_b"]
    if row["difference"] is None:
        return f"{a} and {b} cannot be compared here: {row['note']}."
    ahead, behind = (a, b) if row["difference"] >= 0 else (b, a)
    chance = row["p_a_ahead"] if ahead == a else 1 - row["p_a_ahead"]
    size = abs(row["difference"])
    low, high = sorted(
        sign * row[name]
        for sign in [1 if ahead == a else -1]
        for name in ("difference_lower", "difference_upper")
    )
    sure = "certain" if row["certain"] else f"probability {_chance(chance)}"
    tested = f" permutation p = {row['p_value']:.3f}." if row["p_value"] is not None else ""
    note = f" ({row['note']})" if row["note"] else ""
    return wrapped(
        f"{ahead} is ahead of {behind} by {size:.1f} percentile points ({sure});"
        f" every ranking that the tiers allow puts it between {low:+.1f} and {high:+.1f}."
        f"{tested}{note}"
    )


def _chance(value: float) -> str:
    """Return a probability that is not certain without rounding it to 1."""
    return "above 0.999" if value > 0.9995 else f"{value:.3f}"


def _definition(places: Places, slug: str) -> ClusterDefinition:
    """Return a cluster by its slug."""
    known = {each.slug: each for each in places.definitions}
    if slug not in known:
        raise UnknownNameError("cluster", slug, known)
    return known[slug]


def _listed(definition: ClusterDefinition, places: Places) -> dict[str, Any]:
    """Return a cluster with its members counted in each edition."""
    rows = places.membership[places.membership["cluster"] == definition.slug]
    counts = {}
    for edition in places.editions:
        ranked = places.tiers.loc[places.tiers["edition"] == edition.slug, "city_id"]
        here = rows.loc[rows["city_id"].isin(ranked), "role"]
        counts[edition.slug] = {role: int((here == role).sum()) for role in ("core", "extended")}
    return {**_described(definition), "members": counts}


def _described(definition: ClusterDefinition) -> dict[str, Any]:
    """Return what a definition says of itself."""
    extended = definition.extended
    return {
        "cluster": definition.slug,
        "title_zh": definition.title_zh,
        "title_en": definition.title_en,
        "landform": definition.landform,
        "source": definition.document,
        "geography": definition.geography,
        "core": describe(definition.core, "en", name_titles()),
        "extended": describe(extended, "en", name_titles()) if extended is not None else None,
    }


def _count(members: dict[str, int]) -> str:
    core, extended = members["core"], members["extended"]
    return f"{core} + {extended}" if extended else f"{core}"


def _landforms(counts: dict[str, dict[str, int]]) -> str:
    """Return the members by landform, and how they would be with mountain before coast."""
    first, other = (
        ", ".join(f"{count} {name}" for name, count in counts[order].items() if count) or "none"
        for order in ("coast_first", "mountain_first")
    )
    return f"{first}; with mountain before coast {'the same' if other == first else other}"


def _decided(row: dict[str, Any]) -> str:
    """Return what let a city in, or what a near miss fails."""
    return f"misses: {row['rule']}" if row["role"] == "near" else str(row["rule"])


def _km(value: object) -> str:
    return "" if value is None else f"{value:.0f}"


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain values; what is missing is None."""
    return [
        {str(key): None if pd.isna(value) else _plain(value) for key, value in row.items()}
        for row in table.to_dict("records")
    ]


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    return value.item() if hasattr(value, "item") else value


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)
