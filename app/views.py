"""What the commands print: clusters, their members, and comparisons, for a reader or as JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from tierscape.analysis import Places, load
from tierscape.clusters.explain import describe, explain
from tierscape.clusters.landform import landform_counts
from tierscape.clusters.rule_words import rule_words
from tierscape.data.errors import TierscapeError, UnknownNameError
from tierscape.data.known_names import name_titles
from tierscape.data.records import ClusterDefinition
from tierscape.scoring.aggregate import MIN_MEMBERS, summarise
from tierscape.scoring.compare import compare
from tierscape.terminal import p_text, pad, text_table, width, wrapped
from tierscape.views_words import WORDS

ROLES = ("core", "all")


def cluster_list(data: Path | None, *, as_json: bool, lang: str = "en") -> str:
    """Return every cluster with its landform and its members in each edition."""
    places = load(data)
    rows = [_listed(each, places) for each in places.definitions]
    if as_json:
        return _json(rows)
    words, editions = WORDS[lang], [edition.slug for edition in places.editions]
    table = [
        [row["cluster"], row["title_zh"], row["title_en"], _landform(row["landform"], words)]
        + [_count(row["members"][edition]) for edition in editions]
        for row in rows
    ]
    return f"{text_table([*words['listed'], *editions], table)}\n\n{words['list_note']}"


def cluster_show(slug: str, data: Path | None, *, as_json: bool, lang: str) -> str:
    """Return a cluster's definition, its members and near misses with what decided."""
    places = load(data)
    definition = _definition(places, slug)
    found = explain(definition, places.cities, places.membership, measures=places.measures)
    mine = places.membership.loc[places.membership["cluster"] == slug, "city_id"]
    landforms = landform_counts(places.cities[places.cities["city_id"].isin(mine)])
    if as_json:
        told = {**_described(definition), "landforms": landforms, "cities": _records(found)}
        return _json(told)
    head, words = [*_definition_lines(definition, lang)], WORDS[lang]
    members = wrapped(_landforms(landforms, words), _labels(lang)[-1])
    told = rule_words([definition], name_titles()) if lang == "zh" else {}
    table = [
        [
            row["name_zh"],
            row["name_en"],
            words["roles"].get(row["role"], row["role"]),
            _km(row["measure_km"]),
            _decided(row, told, words),
        ]
        for row in _records(found)
    ]
    return "\n".join([*head, members, "", text_table(words["cities"], table)])


def _definition_lines(definition: ClusterDefinition, lang: str) -> Iterator[str]:
    """Yield the title, the source and the rules of a cluster."""
    source, geography, core, extended, _ = _labels(lang)
    sentence = definition.sentence_zh if lang == "zh" else definition.sentence_en
    landform = _landform(definition.landform, WORDS[lang])
    yield f"{definition.title_zh}  {definition.title_en} ({definition.slug}, {landform})"
    yield wrapped(f"{definition.document}: {sentence}", source)
    yield wrapped(definition.geography, geography)
    rules = [
        (core, definition.core, definition.core_reason),
        (extended, definition.extended, definition.extended_reason),
    ]
    for label, rule, reason in rules:
        if rule is not None:
            yield wrapped(describe(rule, lang, name_titles()), label)
            yield wrapped(reason, " " * width(label))


def _labels(lang: str) -> list[str]:
    """Return the labels of a cluster's parts, of one width."""
    return [f"  {pad(name, 10)}" for name in WORDS[lang]["parts"]]


def comparison(
    slugs: Sequence[str],
    data: Path | None,
    *,
    edition: str | None,
    dimension: str | None,
    as_json: bool,
    lang: str = "en",
) -> str:
    """Return which cluster is ahead, in every dimension asked for."""
    places = load(data)
    landforms = {each.slug: each.landform for each in places.definitions}
    titles = {slug: _title(_definition(places, slug), lang) for slug in slugs}
    membership = places.membership[places.membership["cluster"].isin(slugs)]
    empty = [titles[slug] for slug in slugs if not (membership["cluster"] == slug).any()]
    if empty:
        raise TierscapeError(f"no ranked city of any edition is in {', '.join(empty)}.")
    found = {
        role: compare(
            places.tiers, membership, slugs, edition=edition, dimension=dimension, role=role
        )
        for role in ROLES
    }
    if as_json:
        return _json({role: _records(table) for role, table in found.items()})
    results = summarise(places.tiers, places.membership, landforms)
    results = results[results["cluster"].isin(slugs)]
    # English names the clusters as the commands take them.
    shown = _Shown(places, results, found, lang, titles if lang == "zh" else {})
    core, present = found["core"], set(zip(results["edition"], results["dimension"], strict=True))
    keys = dict.fromkeys(zip(core["edition"], core["dimension"], strict=True))
    parts = [_part(shown, key) for key in keys if key in present]
    absent = dict.fromkeys(
        edition for edition, dimension in keys if (edition, dimension) not in present
    )
    words = WORDS[lang]
    if parts:
        parts.append(wrapped(words["meaning"]))
    if absent:
        parts.append(words["nowhere"].format(editions=words["comma"].join(absent)))
    return "\n\n".join(parts)


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    """What a comparison is told from; `titles` are the names of the clusters shown."""

    places: Places
    results: pd.DataFrame
    found: Mapping[str, pd.DataFrame]
    lang: str
    titles: Mapping[str, str]

    def name(self, slug: str) -> str:
        """Return a cluster as it is shown."""
        return self.titles.get(slug, slug)


def _part(shown: _Shown, key: tuple[str, str]) -> str:
    """Return the comparison in one dimension of one edition."""
    words = WORDS[shown.lang]
    edition = next(each for each in shown.places.editions if each.slug == key[0])
    dimension = next(each for each in edition.dimensions if each.slug == key[1])
    heading = words["head"].format(
        edition=_title(edition, shown.lang),
        dimension=_title(dimension, shown.lang),
        slug=f"{edition.slug}/{dimension.slug}",
    )
    lines = [heading, "=" * width(heading)]
    for role in ROLES:
        rows = shown.results[shown.results["role"] == role]
        table = _summary(_at(rows, key), len(dimension.tiers), shown)
        lines += ["", words[role], table]
        lines += [_sentence(row, shown) for row in _at(shown.found[role], key)]
    return "\n".join(lines)


def _at(table: pd.DataFrame, key: tuple[str, str]) -> list[dict[str, Any]]:
    """Return the rows of one dimension of one edition."""
    return _records(table[(table["edition"] == key[0]) & (table["dimension"] == key[1])])


def _summary(rows: Sequence[dict[str, Any]], tiers: int, shown: _Shown) -> str:
    """Return the clusters' tiers and percentiles as a table."""
    words, numbers = WORDS[shown.lang], range(1, tiers + 1)
    header = [*words["clusters"], *(words["tier"].format(number=number) for number in numbers)]
    table = [
        [shown.name(row["cluster"]), row["n_cities"]]
        + [row[f"tier_{number}"] for number in numbers]
        + [f"{row[name]:.1f}" for name in _PERCENTILES]
        for row in rows
    ]
    return text_table([*header, *words["percentiles"]], table)


_PERCENTILES = ("percentile", "percentile_lower", "percentile_upper", "percentile_sd")


def _sentence(row: dict[str, Any], shown: _Shown) -> str:
    """Return one pair in words: who is ahead, by how much, how sure."""
    words, (a, b) = WORDS[shown.lang], (shown.name(row["cluster_a"]), shown.name(row["cluster_b"]))
    notes = _notes(row, shown)
    if row["difference"] is None:
        return wrapped(words["absent"].format(a=a, b=b, notes=notes))
    sign = 1 if row["difference"] >= 0 else -1
    ahead, behind = (a, b) if sign > 0 else (b, a)
    low, high = sorted(sign * row[f"difference_{end}"] for end in ("lower", "upper"))
    chance = _chance(row["p_a_ahead"] if sign > 0 else 1 - row["p_a_ahead"], words)
    level = round(row["difference"], 9) == 0
    told = words["level" if level else "ahead"].format(
        ahead=ahead,
        behind=behind,
        size=f"{abs(row['difference']):.1f}",
        sure=words["certain"] if row["certain"] else words["chance"].format(chance=chance),
        chance=chance,
        low=f"{low:+.1f}",
        high=f"{high:+.1f}",
    )
    bracket = words["bracket"].format(notes=notes) if notes else ""
    return wrapped(f"{told}{_tested(row, words)}{bracket}")


def _notes(row: dict[str, Any], shown: _Shown) -> str:
    """Return why a pair has no numbers, or no p-value."""
    words = WORDS[shown.lang]
    if shown.lang == "en" or not row["note"]:
        return str(row["note"] or "")
    sizes = {row[f"cluster_{end}"]: row[f"n_{end}"] for end in "ab"}
    if row["difference"] is None:
        absent = [slug for slug in sizes if f"{slug}: no city here" in row["note"]]
        return str(
            words["notes"].join(words["no_city"].format(shown.name(each)) for each in absent)
        )
    return str(
        words["notes"].join(
            words["few"].format(shown.name(slug), count=n, least=MIN_MEMBERS)
            for slug, n in sizes.items()
            if n < MIN_MEMBERS
        )
    )


def _tested(row: dict[str, Any], words: Mapping[str, Any]) -> str:
    """Return the p-value, and what it is with regard to the other pairs where that differs."""
    if row["p_value"] is None:
        return ""
    p, adjusted = p_text(row["p_value"]), p_text(row["p_adjusted"])
    key = "tested" if p == adjusted else "adjusted"
    return str(words[key]).format(p=p if p.startswith("<") else f"= {p}", adjusted=adjusted)


def _chance(value: float, words: Mapping[str, Any]) -> str:
    """Return a probability that is not certain without rounding it to 1."""
    return str(words["above"]) if value > 0.9995 else f"{value:.3f}"


def _title(record: Any, lang: str) -> str:  # noqa: ANN401 - anything with titles
    """Return a title in a language, or in the other where there is none."""
    first, other = record.title_en, record.title_zh
    return str((other or first) if lang == "zh" else (first or other))


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


def _landform(name: str, words: Mapping[str, Any]) -> str:
    return str(words["landforms"].get(name, name))


def _landforms(counts: dict[str, dict[str, int]], words: Mapping[str, Any]) -> str:
    """Return the members by landform, and how they would be with mountain before coast."""
    first, other = (
        words["comma"].join(
            f"{count} {_landform(name, words)}" for name, count in counts[order].items() if count
        )
        or words["none"]
        for order in ("coast_first", "mountain_first")
    )
    return f"{first}{words['mountain_first']}{words['same'] if other == first else other}"


def _decided(
    row: dict[str, Any], told: Mapping[str, tuple[str, str]], words: Mapping[str, Any]
) -> str:
    """Return what let a city in, or what a near miss fails; in Chinese where the rule has it."""
    rule = str(row["rule"])
    rule = told[rule][1] if rule in told else rule
    return words["misses"].format(rule=rule) if row["role"] == "near" else rule


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
