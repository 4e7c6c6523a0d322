"""Tests of one cluster against its reference sets, and models of the tiers, for a planner."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from tierscape.analysis import Places, load
from tierscape.data.errors import UnknownNameError
from tierscape.scoring.ordinal_models import fit_models
from tierscape.scoring.reference_sets import against_reference
from tierscape.scoring.restricted import QUESTIONS, spatially_restricted
from tierscape.scoring.tasks import Mapped, one_by_one
from tierscape.statistics_words import NAMES_EN, NAMES_ZH, WORDS
from tierscape.terminal import p_text, text_table, wrapped

_KEYS = ["edition", "dimension", "cluster", "reference"]

_RATIOS = ("odds_ratio", "odds_ratio_lower", "odds_ratio_upper")
#: So begins the note of an effect that cannot be estimated.
_ONE_VALUE = "the same for all cities: "


def cluster_tests(  # noqa: PLR0913 - what is asked, and what does it
    slug: str,
    data: Path | None,
    *,
    edition: str | None,
    dimension: str | None,
    as_json: bool,
    lang: str,
    mapped: Mapped = one_by_one,
) -> str:
    """Return a cluster against the coastal cities, and the rest, of its continent.

    Each comparison has the plain exact test and two that know that clusters are made of
    neighbours, with the question that each answers.
    """
    places = load(data)
    if slug not in (known := [each.slug for each in places.definitions]):
        raise UnknownNameError("cluster", slug, known)
    tiers = chosen(places.tiers, edition, dimension)
    # A cluster without a ranked city has no row of membership.
    slugs = [slug] if (places.membership["cluster"] == slug).any() else []
    tables = (tiers, places.membership, places.cities, slugs)
    plain = against_reference(*tables)
    restricted = spatially_restricted(*tables, mapped=mapped)
    found = plain.merge(restricted.drop(columns="note"), on=_KEYS, validate="one_to_one")
    if as_json:
        return _json({"questions": QUESTIONS, "tests": records(found)})
    words = WORDS[lang]
    if found.empty:
        return words["none"]
    parts = [
        "\n".join([heading(places, key, lang), *(_test_lines(row, lang) for row in records(rows))])
        for key, rows in found.groupby(["edition", "dimension"], sort=False)
    ]
    questions = [
        wrapped(QUESTIONS[name][lang], f"{words[name]}: ")
        for name in ("plain", "contiguous", "spectral")
    ]
    return "\n\n".join([*parts, "\n".join([*questions, wrapped(words["scores"])])])


def models_text(
    data: Path | None,
    *,
    edition: str | None,
    dimension: str | None,
    as_json: bool,
    lang: str,
) -> str:
    """Return what raises the odds of a better tier, in every dimension asked for."""
    places = load(data)
    found = fit_models(chosen(places.tiers, edition, dimension), places.cities)
    if as_json:
        return _json(records(found))
    words = WORDS[lang]
    parts = []
    for key, table in found.groupby(["edition", "dimension"], sort=False):
        parts.append(heading(places, key, lang))
        parts += [
            _model_lines(words.get(str(name), str(name)), records(rows), lang)
            for name, rows in table.groupby("model", sort=False)
        ]
    return "\n\n".join([*parts, wrapped(words["sampling"])])


def chosen(tiers: pd.DataFrame, edition: str | None, dimension: str | None) -> pd.DataFrame:
    """Return the rows of an edition and of a dimension; None is all.

    Raises
    ------
    UnknownNameError
        If there is no such edition or dimension.
    """
    for kind, value in (("edition", edition), ("dimension", dimension)):
        if value is not None:
            if value not in (known := [str(name) for name in tiers[kind].unique()]):
                raise UnknownNameError(kind, value, known)
            tiers = tiers[tiers[kind] == value]
    return tiers


def heading(places: Places, key: Any, lang: str) -> str:  # noqa: ANN401 - a pair of slugs
    """Return the titles of an edition and a dimension, given their slugs."""
    edition = next(each for each in places.editions if each.slug == key[0])
    dimension = next(each for each in edition.dimensions if each.slug == key[1])
    titles = [
        (each.title_zh or each.title_en) if lang == "zh" else (each.title_en or each.title_zh)
        for each in (edition, dimension)
    ]
    slugs = f"{edition.slug}/{dimension.slug}"
    return f"{'：'.join(titles)}（{slugs}）" if lang == "zh" else f"{': '.join(titles)} ({slugs})"


def _test_lines(row: Mapping[str, Any], lang: str) -> str:
    """Return one comparison in words: the difference, and the p-value of each test."""
    words = WORDS[lang]
    continents = _joined(row["continents"].split(";"), lang)
    reference = words[row["reference"]].format(continents=continents)
    lines = [f"  {words['set'].format(**{**row, 'reference': reference})}"]
    if row["difference"] is not None:
        lines.append(wrapped(words["difference"].format(**row), "    "))
    if row["p_value"] is None:
        return "\n".join([*lines, f"    {words.get('few', '').format(**row) or row['note']}"])
    after = words["adjusted"].format(value=p_text(row["p_adjusted"]))
    lines.append(f"    {words['plain']}: p = {p_text(row['p_value'])}{after}")
    lines += [
        f"    {words[name]}: p = {p_text(row[f'p_{name}'])}"
        for name in ("contiguous", "spectral")
        if row[f"p_{name}"] is not None
    ]
    return "\n".join([*lines, *([] if row["contiguous"] else [f"    {words['parted']}"])])


def _model_lines(title: str, rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    words = WORDS[lang]
    fitted = [row for row in rows if row["estimate"] is not None]
    notes = [
        wrapped(f"{_named(row['term'], lang)}{words['colon']}{_note(row, lang)}")
        if row["term"]
        else wrapped(row["note"])
        for row in rows
        if row["estimate"] is None
    ]
    table = [
        [
            _effect(row, lang),
            *(f"{row[name]:.2f}" for name in _RATIOS),
            p_text(row["p_value"]),
            p_text(row["proportionality_p"]),
        ]
        for row in fitted
    ]
    head = words["model"].format(title=title, count=rows[0]["n_cities"])
    shown = [text_table(["", *words["header"].split(",")[1:]], table)] if table else []
    return "\n".join([head, *shown, *notes])


def _note(row: Mapping[str, Any], lang: str) -> str:
    """Return why an effect has no estimate, in Chinese where all cities have one value."""
    note = str(row["note"])
    if lang == "zh" and note.startswith(_ONE_VALUE):
        return f"所有城市相同（{_named(note.removeprefix(_ONE_VALUE), lang)}）"
    return note


def _effect(row: Mapping[str, Any], lang: str) -> str:
    level, base = _named(row["level"], lang), _named(row["base"], lang)
    if not base:
        return f"{_named(row['term'], lang)} {level}"
    return f"{level}（对比{base}）" if lang == "zh" else f"{level}, against {base}"


def _named(name: str, lang: str) -> str:
    return (NAMES_ZH if lang == "zh" else NAMES_EN).get(name, name)


def _joined(names: Iterable[str], lang: str) -> str:
    return ("、" if lang == "zh" else " and ").join(_named(name, lang) for name in names)


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain values; what is missing is None."""
    return [
        {
            str(key): None if pd.isna(value) else getattr(value, "item", lambda v=value: v)()
            for key, value in row.items()
        }
        for row in table.to_dict("records")
    ]


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)
