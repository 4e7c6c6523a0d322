"""An index as an edition: its total and its groups of level 1 as tables of tiers."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isnan

import pandas as pd

from tierscape.data.errors import TierscapeError
from tierscape.data.records import Dimension, Edition, Entry, Tier
from tierscape.data.score_records import ScoreFolder
from tierscape.scoring.index.index import IndexResult
from tierscape.scoring.index.tiering import tier_shares, tiers_of
from tierscape.scoring.index.tree import TOTAL

TOTAL_TITLES = ("总分", "Total")
SHARES = ("share_from", "share_to")


def score_edition(
    folder: ScoreFolder,
    result: IndexResult,
    city_ids: Mapping[str, str],
    countries: Iterable[str] = (),
) -> Edition:
    """Return a ranking as an edition.

    Parameters
    ----------
    folder, result
        A score folder, and what `compute_index` makes of it.
    city_ids
        GeoNames id by name of city.
    countries
        ISO 3166-1 alpha-2 codes of the cities' countries.

    Returns
    -------
    Edition
        Its dimensions are `total` and the groups of level 1, each cut into tiers by the index's
        own rule. A tier without any city is left out and the others are numbered anew, as
        editions ask; their labels stay. A group that the rule cannot part is left out, and the
        notes say so. There is no rubric: editions that share one are held to one order of their
        cities, and yours has its own weights.
    """
    index = folder.index
    lines = {city.name: city.line for city in folder.cities}
    dimensions: list[Dimension] = []
    notes = list(index.notes)
    for node in (TOTAL, *(slug for slug in result.tree.children[TOTAL] if slug in result.scores)):
        try:
            placed = tiers_of(result.scores[node], index.tiering)
            entries = _entries(placed, city_ids, lines)
            dimensions.append(_dimension(result, node, placed, tuple(entries)))
        except TierscapeError as error:
            notes.append(f"{node} is no table of tiers: {error}")
    return Edition(
        slug=index.slug,
        title_zh=index.title_zh,
        title_en=index.title_en,
        year=index.year,
        publisher="",
        credit="",
        terms="",
        rubric="",
        stated_cities=None,
        countries=tuple(countries),
        continent="",
        dimensions=tuple(dimensions),
        file=index.file,
        notes=tuple(notes),
    )


def _dimension(
    result: IndexResult, node: str, placed: pd.DataFrame, entries: tuple[Entry, ...]
) -> Dimension:
    title_zh, title_en = TOTAL_TITLES
    if node != TOTAL:
        title_zh, title_en = result.tree.nodes[node].title_zh, result.tree.nodes[node].title_en
    return Dimension(
        slug=node,
        title_zh=title_zh,
        title_en=title_en,
        table="",
        tiers=tuple(_tiers(tier_shares(placed, result.index.tiering))),
        entries=entries,
        file=result.index.file,
    )


def _tiers(shares: pd.DataFrame) -> Iterator[Tier]:
    """Yield the tiers that have cities, numbered from 1."""
    there = shares[shares["n_cities"] > 0]
    for number, row in enumerate(there.to_dict("records"), 1):
        start, end = float(row["nominal_from"]), float(row["nominal_to"])
        known = {} if isnan(start) else dict(zip(SHARES, (start, end), strict=True))
        yield Tier(number, str(row["label"]), **known)


def _entries(
    placed: pd.DataFrame, city_ids: Mapping[str, str], lines: Mapping[str, int]
) -> Iterator[Entry]:
    ordered = placed.sort_values(["tier", "rank"], kind="stable")
    numbers = {tier: number for number, tier in enumerate(ordered["tier"].unique(), 1)}
    row_of = ordered.groupby("tier").cumcount() + 1
    for city, tier, row in zip(ordered["city"], ordered["tier"], row_of, strict=True):
        name = str(city)
        yield Entry(name, numbers[tier], 1, int(row), "", lines.get(name, 0), city_ids[name])


def edition_files(edition: Edition) -> dict[str, str]:
    r"""Return the files of an edition's folder: `edition.toml` and one CSV per dimension.

    Examples
    --------
    >>> table = Dimension("total", "总分", "Total", "", (Tier(1, "A"),),
    ...                   (Entry("Rome", 1, 1, 1, "", 2, "3169070"),), None)
    >>> mine = Edition("mine", "我的", "Mine", 2025, "", "", "", "", None, ("IT",), "", (table,),
    ...                None)
    >>> files = edition_files(mine)
    >>> print(files["edition.toml"])
    title_zh = "我的"
    title_en = "Mine"
    year = 2025
    countries = ["IT"]
    <BLANKLINE>
    [[dimension]]
    slug = "total"
    title_zh = "总分"
    title_en = "Total"
    tiers = [
      { number = 1, label = "A" },
    ]
    <BLANKLINE>
    >>> files["total.csv"]
    'name,tier,city_id\nRome,1,3169070\n'
    """
    files = {"edition.toml": "\n".join(_toml(edition)) + "\n"}
    for dimension in edition.dimensions:
        rows = [(entry.name, entry.tier, entry.city_id) for entry in dimension.entries]
        files[f"{dimension.slug}.csv"] = _csv([("name", "tier", "city_id"), *rows])
    return files


def _toml(edition: Edition) -> Iterator[str]:
    yield f"title_zh = {_text(edition.title_zh)}"
    yield f"title_en = {_text(edition.title_en)}"
    yield f"year = {edition.year}"
    yield f"countries = {_texts(edition.countries)}"
    if edition.notes:
        yield f"notes = {_texts(edition.notes)}"
    for dimension in edition.dimensions:
        yield "\n[[dimension]]"
        yield f"slug = {_text(dimension.slug)}"
        yield f"title_zh = {_text(dimension.title_zh)}"
        yield f"title_en = {_text(dimension.title_en)}"
        yield "tiers = ["
        yield from (f"  {{ {_tier(tier)} }}," for tier in dimension.tiers)
        yield "]"


def _tier(tier: Tier) -> str:
    shares = [(name, getattr(tier, name)) for name in SHARES]
    known = [f"{name} = {value:g}" for name, value in shares if value is not None]
    return ", ".join([f"number = {tier.number}", f"label = {_text(tier.label)}", *known])


def _text(text: str) -> str:
    """Return a text as TOML: JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _texts(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _csv(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
