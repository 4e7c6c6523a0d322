"""Tables of reports: results, comparisons, members."""

from collections.abc import Iterable
from typing import Any

from ..data.records import Dimension
from ..maps.figures.words import title_of
from ..maps.payload import english_label
from ..scoring.aggregate import MIN_MEMBERS
from .blocks import CellValue, Column, Note, Table
from .findings_text import against, rule_text
from .inputs import Row, Scope, few, here, records
from .words import say

_MEANINGS = {
    "percentile": "mean_percentile",
    "percentile_lower": "mean_lower",
    "percentile_upper": "mean_upper",
    "percentile_sd": "mean_sd",
    "rank": "mean_rank",
    "difference": "mean_difference",
    "difference_lower": "mean_lower",
    "difference_upper": "mean_upper",
    "p_ahead": "mean_p_ahead",
    "certain": "mean_certain",
    "p_value": "mean_p",
    "p_adjusted": "mean_p_adjusted",
    "km": "mean_km",
}
_RESULT = (
    ("n_cities", "count"),
    ("percentile", "percentile"),
    ("percentile_lower", "percentile"),
    ("percentile_upper", "percentile"),
    ("percentile_sd", "deviation"),
    ("rank", "rank"),
)
_COMPARED = (
    ("difference", "difference"),
    ("difference_lower", "difference"),
    ("difference_upper", "difference"),
    ("p_ahead", "probability"),
    ("certain", "flag"),
    ("p_value", "p_value"),
    ("p_adjusted", "p_value"),
)


def column(lang: str, key: str, kind: str = "text") -> Column:
    """Return a column with its title and its line in the data dictionary."""
    meaning = _MEANINGS.get(key)
    told = say(lang, meaning, least=MIN_MEMBERS) if meaning else say(lang, key)
    return Column(key, say(lang, key), kind, told)


def columns(lang: str, *keys: tuple[str, str]) -> tuple[Column, ...]:
    """Return columns from key and kind of each."""
    return tuple(column(lang, key, kind) for key, kind in keys)


def cluster_results(scope: Scope, slug: str) -> Table:
    """Return a cluster's figures in every table, core members and all members."""
    lang = scope.lang
    rows = [
        (title_of(dimension, lang), say(lang, role), *_figures(row))
        for dimension in scope.dimensions
        for role in ("core", "all")
        if (row := scope.result(slug, dimension, role)) is not None
    ]
    heads = columns(lang, ("dimension", "text"), ("role", "text"), *_RESULT)
    caption = say(lang, "results_caption", cluster=scope.title(slug))
    return Table("results", caption, heads, tuple(rows))


def league_table(scope: Scope, dimension: Dimension) -> Table:
    """Return the figures of all clusters in one table, with tier counts."""
    lang, tiers = scope.lang, range(1, len(dimension.tiers) + 1)
    heads = columns(lang, ("cluster", "text"), ("landform", "text"), *_RESULT)
    counts = (Column(f"tier_{n}", *_tier_head(lang, n)) for n in tiers)
    rows = [
        (
            scope.title(row["cluster"]),
            say(lang, row["landform"]),
            *_figures(row),
            *(row[f"tier_{number}"] for number in tiers),
        )
        for row in scope.results(dimension)
    ]
    caption = say(lang, "league_table_caption", dimension=title_of(dimension, lang))
    return Table(f"clusters-{dimension.slug}", caption, (*heads, *counts), tuple(rows))


def comparison_table(scope: Scope, slug: str, dimension: Dimension) -> Table:
    """Return a cluster against every other one in one table, in the order of the league."""
    lang = scope.lang
    pairs = compared(scope, slug, dimension)
    heads = columns(lang, ("cluster", "text"), *_COMPARED)
    rows = tuple((scope.title(pair["other"]), *_gap(pair)) for pair in pairs)
    names = {"cluster": scope.title(slug), "dimension": title_of(dimension, lang)}
    return Table(f"tests-{dimension.slug}", say(lang, "tests_caption", **names), heads, rows)


def compared(scope: Scope, slug: str, dimension: Dimension) -> list[Row]:
    """Return a cluster's comparisons in one table from its side, in the order of the league."""
    order = [row["cluster"] for row in scope.results(dimension)]
    pairs = against(records(here(scope.analysis.comparisons, scope.edition, dimension)), slug)
    return sorted(pairs, key=lambda pair: order.index(pair["other"]))


def order_counts(pairs: Iterable[Row]) -> tuple[int, int, int]:
    """Return how many others a cluster is certainly ahead of, certainly behind, and neither."""
    told = [(bool(pair["certain"]), pair["difference"] > 0) for pair in pairs]
    ahead = sum(certain and first for certain, first in told)
    behind = sum(certain and not first for certain, first in told)
    return ahead, behind, len(told) - ahead - behind


def order_table(scope: Scope, dimension: Dimension) -> Table:
    """Return for each cluster how many others it is certainly ahead of and behind."""
    lang = scope.lang
    heads = columns(
        lang,
        ("cluster", "text"),
        ("ahead_of", "count"),
        ("behind", "count"),
        ("undecided", "count"),
    )
    rows = tuple(
        (
            scope.title(row["cluster"]),
            *order_counts(compared(scope, row["cluster"], dimension)),
        )
        for row in scope.results(dimension)
    )
    caption = say(lang, "matrix_caption", dimension=title_of(dimension, lang))
    return Table(f"order-{dimension.slug}", caption, heads, rows)


def pair_table(scope: Scope, dimension: Dimension, level: float = 0.05) -> Table:
    """Return the pairs of clusters with a small adjusted p-value; the first is ahead."""
    lang, found = scope.lang, []
    for pair in records(here(scope.analysis.comparisons, scope.edition, dimension)):
        if pair["p_adjusted"] is not None and pair["p_adjusted"] < level:
            first = "cluster_a" if pair["difference"] > 0 else "cluster_b"
            found += against([pair], pair[first])
    found.sort(key=lambda pair: (-pair["difference"], pair["cluster_a"], pair["cluster_b"]))
    heads = columns(lang, ("first_of_pair", "text"), ("second_of_pair", "text"), *_COMPARED)
    rows = tuple((*_pair_names(scope, pair), *_gap(pair)) for pair in found)
    caption = say(lang, "pairs_caption", dimension=title_of(dimension, lang))
    return Table(f"pairs-{dimension.slug}", caption, heads, rows)


def member_table(scope: Scope, slug: str) -> Table:
    """Return a cluster's members with tier in each table and why they are members."""
    lang, places = scope.lang, scope.analysis.places
    definition = scope.definition(slug)
    tiers = {dimension.slug: _tiers(scope, dimension) for dimension in scope.dimensions}
    mine = places.membership[places.membership["cluster"] == slug]
    ranked = {city for table in tiers.values() for city in table}
    cities = places.cities.set_index("city_id")
    rows: list[tuple[CellValue, ...]] = []
    for row in records(mine[mine["city_id"].isin(ranked)]):
        city = row["city_id"]
        arabic = (scope.options.names_ar.get(city, ""),) if scope.options.names_ar else ()
        place = [tiers[dimension.slug].get(city) for dimension in scope.dimensions]
        name = city_name(cities.loc[city], lang)
        why = rule_text(definition, row["rule"], lang)
        landform = say(lang, str(cities.loc[city, "landform"]))
        rows.append(
            (name, *arabic, say(lang, row["role"]), *place, landform, why, row["measure_km"])
        )
    heads = [("city", "text"), *([("name_ar", "arabic")] if scope.options.names_ar else [])]
    tier_heads = (
        Column(f"tier-{each.slug}", title_of(each, lang), "tier", say(lang, "mean_tier"))
        for each in scope.dimensions
    )
    last = (("landform", "text"), ("reason", "long"), ("km", "km"))
    every = (*columns(lang, *heads, ("role", "text")), *tier_heads, *columns(lang, *last))
    caption = say(lang, "members_caption", cluster=scope.title(slug))
    return Table("members", caption, every, tuple(sorted(rows, key=_member_key(scope))))


def tier_labels(scope: Scope) -> list[Note]:
    """Return the labels of the tiers, as printed in Chinese; tables with the same ones together."""
    lang = scope.lang
    titles: dict[str, list[str]] = {}
    for dimension in scope.dimensions:
        labels = [
            f"{tier.number} = {tier.label if lang == 'zh' else english_label(tier)}"
            for tier in dimension.tiers
        ]
        titles.setdefault(say(lang, "then").join(labels), []).append(title_of(dimension, lang))
    return [
        Note(say(lang, "tier_labels", dimension=say(lang, "join").join(names), labels=labels))
        for labels, names in titles.items()
    ]


def _figures(row: Row) -> tuple[CellValue, ...]:
    keys = ("n_cities", "percentile", "percentile_lower", "percentile_upper", "percentile_sd")
    return (*(row[key] for key in keys), None if few(row) else row["rank_core"])


def _gap(pair: Row) -> tuple[CellValue, ...]:
    keys = ("difference", "difference_lower", "difference_upper", "p_a_ahead")
    return (
        *(pair[key] for key in keys),
        bool(pair["certain"]),
        pair["p_value"],
        pair["p_adjusted"],
    )


def _pair_names(scope: Scope, pair: Row) -> tuple[str, str]:
    """Return the cluster that is ahead, and the other."""
    both = {pair["cluster_a"], pair["cluster_b"]} - {pair["other"]}
    return scope.title(both.pop()), scope.title(pair["other"])


def _tier_head(lang: str, number: int) -> tuple[str, str, str]:
    title = say(lang, "tier", number=number)
    return title, "count", title


def _tiers(scope: Scope, dimension: Dimension) -> dict[str, int]:
    """Return city id to tier in one table."""
    table = here(scope.analysis.places.tiers, scope.edition, dimension)
    return dict(zip(table["city_id"], table["tier"].astype(int), strict=True))


def city_name(city: Any, lang: str) -> str:  # noqa: ANN401 - a row of the table of cities
    """Return a city's name; the other language's where it has none."""
    names = [city[f"name_{each}"] for each in (lang, "zh", "en")]
    return next((str(name) for name in names if isinstance(name, str) and name), "")


def _member_key(scope: Scope) -> Any:  # noqa: ANN401 - a key function
    """Return the order of members: core first, then the better tier, then the name."""
    before = 2 if scope.options.names_ar else 1
    core = say(scope.lang, "core")
    return lambda row: (row[before] != core, row[before + 1] or 99, row[0])
