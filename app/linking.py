"""What `compare --linked` prints: clusters in the order that two editions give together."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from tierscape.analysis import Places, load
from tierscape.data.errors import UnknownNameError
from tierscape.scoring.linked.compare import compare_linked
from tierscape.scoring.linked.link import AGREED, WITHOUT, Orders, link_editions, linked_editions
from tierscape.scoring.linked.percentiles import linked_percentiles
from tierscape.terminal import text_table, wrapped

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "title": "{first} and {second} linked, {dimension}",
        "assumed": (
            "One score per city is assumed to hold in both editions. Percentiles are among the "
            "cities of the two, and not those of an edition. p, and the expected values, assume "
            "too that all rankings which the two editions allow are equally likely; the ranges "
            "do not."
        ),
        "means": ("cluster", "cities", "of", "percentile", "from", "to"),
        "pairs": ("ahead of", "difference", "from", "to", "certain", "p ahead", "s.e."),
        AGREED: "The editions do not contradict each other here.",
        WITHOUT: "Without the cities that the editions contradict each other about: {cities}.",
        "believing": "Believing {edition} about these cities.",
        "absent": "{cluster}: no city in the linked editions.",
        "yes": "yes",
        "no": "no",
        "comma": ", ",
    },
    "zh": {
        "title": "{first} 与 {second} 联结，{dimension}",
        "assumed": (
            "假定：同一城市在两个版本中得分相同。百分位以两个版本的全部城市为范围，与单一版本的"
            "百分位不可混用。概率与期望值另假定：两个版本所允许的各种排序机会均等；上下界不需要这一假定。"
        ),
        "means": ("城市群", "城市", "总数", "百分位", "下界", "上界"),
        "pairs": ("领先于", "差", "下界", "上界", "确定", "领先概率", "标准误"),
        AGREED: "两个版本在此无矛盾。",
        WITHOUT: "去掉两个版本相互矛盾的城市：{cities}。",
        "believing": "对这些城市以 {edition} 为准。",
        "absent": "{cluster}：联结的版本中没有城市。",
        "yes": "是",
        "no": "否",
        "comma": "、",
    },
}


def linked_comparison(
    slugs: Sequence[str],
    data: Path | None,
    *,
    dimension: str | None,
    as_json: bool,
    lang: str,
) -> str:
    """Return which cluster is ahead if editions of one rubric are read together.

    Parameters
    ----------
    slugs
        Two or more clusters.
    data
        A folder of your own facts, laid over the built-in ones.
    dimension
        A table that both editions print; None is all.
    as_json
        Whether to give JSON: `comparisons` and `percentiles`, one object per row.
    lang
        Language of the text, `zh` or `en`.

    Raises
    ------
    DataError
        If no two editions can be linked.
    UnknownNameError
        If a cluster or dimension is unknown.
    TierscapeError
        If fewer than two clusters are given, or one twice.
    """
    places = load(data)
    known = [definition.slug for definition in places.definitions]
    for slug in slugs:
        if slug not in known:
            raise UnknownNameError("cluster", slug, known)
    orders = link_editions(places.tiers, places.editions, dimension=dimension)
    chosen = places.membership[places.membership["cluster"].isin(slugs)]
    pairs = compare_linked(orders, _with_empty(chosen, slugs), slugs)
    means = linked_percentiles(orders, chosen)
    if as_json:
        return _json(comparisons=pairs, percentiles=means)
    shown = _Shown(places, orders, means, pairs, lang)
    parts = [_part(shown, key) for key in orders]
    return "\n\n".join([*parts, wrapped(shown.words["assumed"])])


def _with_empty(membership: pd.DataFrame, slugs: Sequence[str]) -> pd.DataFrame:
    """Give clusters without any city a row, so that they are noted and not unknown."""
    lacking = [slug for slug in slugs if not (membership["cluster"] == slug).any()]
    rows = pd.DataFrame({"cluster": lacking, "city_id": "", "role": "core"}, dtype="str")
    return pd.concat([membership, rows], ignore_index=True)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the text is made of."""

    places: Places
    orders: Orders
    means: pd.DataFrame
    pairs: pd.DataFrame
    lang: str

    @property
    def words(self) -> dict[str, Any]:
        """The words of the language."""
        return WORDS[self.lang]

    def title(self, slug: str) -> str:
        """Return a cluster's title."""
        found = next(each for each in self.places.definitions if each.slug == slug)
        return found.title_zh if self.lang == "zh" else found.title_en

    def rows(self, table: pd.DataFrame, key: tuple[str, str]) -> list[dict[str, Any]]:
        """Return the rows of one dimension and variant."""
        here = (table["dimension"] == key[0]) & (table["variant"] == key[1])
        return [{str(k): v for k, v in row.items()} for row in table[here].to_dict("records")]


def _part(shown: _Shown, key: tuple[str, str]) -> str:
    """Return one dimension and variant: a heading, the clusters, and their pairs."""
    words, title = shown.words, shown.title
    means = [
        [title(row["cluster"]), row["n_members"], row["n_cities"]]
        + [f"{row[name]:.1f}" for name in ("percentile", "percentile_lower", "percentile_upper")]
        for row in shown.rows(shown.means, key)
    ]
    found = [_leader_first(row) for row in shown.rows(shown.pairs, key)]
    pairs = [
        [title(row["cluster_a"]), title(row["cluster_b"])]
        + [_points(row[name]) for name in ("difference", "difference_lower", "difference_upper")]
        + [words["yes" if row["certain"] else "no"], *_chance(row["p_a_ahead"], row["p_error"])]
        for row in found
        if not row["note"]
    ]
    lines = [*_heading(shown, key), text_table(words["means"], means)]
    if pairs:
        lines += ["", text_table([words["means"][0], *words["pairs"]], pairs)]
    notes = dict.fromkeys(note for row in found for note in row["note"].split("; ") if note)
    absent = [words["absent"].format(cluster=title(note.partition(":")[0])) for note in notes]
    return "\n".join([*lines, *absent])


def _leader_first(row: dict[str, Any]) -> dict[str, Any]:
    """Return a pair with the cluster first that is ahead in expectation."""
    if row["note"] or row["difference"] >= 0:
        return row
    return {
        **row,
        "cluster_a": row["cluster_b"],
        "cluster_b": row["cluster_a"],
        "difference": -row["difference"],
        "difference_lower": -row["difference_upper"],
        "difference_upper": -row["difference_lower"],
        "p_a_ahead": 1 - row["p_a_ahead"],
    }


def _heading(shown: _Shown, key: tuple[str, str]) -> list[str]:
    """Return the title, before the first variant of a dimension, and what the variant is."""
    words, lang, (slug, variant) = shown.words, shown.lang, key
    if variant not in (AGREED, WITHOUT):
        return [words["believing"].format(edition=variant.rpartition(" ")[2]), ""]
    first, second = linked_editions(shown.places.editions)
    dimension = next(each for each in first.dimensions if each.slug == slug)
    title = dimension.title_zh if lang == "zh" else dimension.title_en
    names = shown.places.cities.set_index("city_id")[f"name_{lang}"]
    cities = words["comma"].join(names[city] for city in shown.orders[key].excluded)
    head = words["title"].format(first=first.slug, second=second.slug, dimension=title)
    return [head, wrapped(words[variant].format(cities=cities)), ""]


def _points(value: float) -> str:
    return f"{round(value, 1) + 0.0:+.1f}"


def _chance(chance: float, error: float) -> tuple[str, str]:
    """Return a probability with its standard error; only what is certain is shown as 0 or 1."""
    if not error and chance in (0.0, 1.0):
        return f"{chance:.0f}", ""
    if not 0.0005 <= chance < 0.9995:
        return ("> 0.999" if chance > 0.5 else "< 0.001"), ""
    return f"{chance:.3f}", f"{error:.3f}"


def _json(**tables: pd.DataFrame) -> str:
    """Return tables as lists of objects; a missing number is null."""
    told = {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
    return json.dumps(told, ensure_ascii=False, indent=2)
