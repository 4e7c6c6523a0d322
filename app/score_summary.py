"""What a planner reads of an index: which tiers are safe, and what moves the ranking."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tierscape.data.score_records import ScoreIndex
from tierscape.score_page import Section
from tierscape.score_tables import choices_table, tier_counts
from tierscape.score_words import WORDS
from tierscape.scoring.index.tree import TOTAL
from tierscape.scoring.index.uncertainty import Uncertainty
from tierscape.scoring.index.uncertainty_sobol import SHIFT

#: Cities that the page and the terminal show; the tables have all.
SHOWN = {"page": 300, "terminal": 30}
#: Rows of other tables that are shown.
ROWS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What the page is made of; tables without rows where there is nothing to tell.

    Attributes
    ----------
    found
        What `uncertainty` returns.
    filled, drivers, clusters
        Tables as the files of the same names (`cluster_scores.csv` for the last).
    titles
        Slug to title (Chinese, English) of every cluster.
    notes
        What the reader should know.
    """

    found: Uncertainty
    filled: pd.DataFrame
    drivers: pd.DataFrame
    clusters: pd.DataFrame
    titles: Mapping[str, tuple[str, str]]
    notes: tuple[str, ...]


def page(findings: Findings, lang: str) -> list[Section]:
    """Return the page of an index; its title comes first."""
    words = WORDS[lang]
    sections = [
        *short_page(findings, lang, SHOWN["page"]),
        _drivers(findings.drivers, words),
        _weights(findings.found, words, lang),
        _filled(findings, words),
        _clusters(findings, words, lang),
        Section(words["notes"], findings.notes),
    ]
    return [each for each in sections if each.lines]


def short_page(findings: Findings, lang: str, shown: int = SHOWN["terminal"]) -> list[Section]:
    """Return what the terminal shows: the index, its tiers, its ranking, and what moves it."""
    words, found = WORDS[lang], findings.found
    index = found.base.index
    title = index.title_zh if lang == "zh" else index.title_en
    cities, leaves = found.base.ratings.shape
    made = words["made"].format(cities=cities, leaves=leaves, how=_how(found, words))
    return [
        Section(f"{title} ({index.slug}, {index.year})", (made,)),
        _safe(found, words),
        _ranking(found, words, shown),
        _moves(found, words, lang),
    ]


def _how(found: Uncertainty, words: dict[str, Any]) -> str:
    index = found.base.index
    experts = found.base.weights.summary.get("n_experts")
    count = 0 if experts is None or experts.isna().all() else int(experts.max())
    weights = term(index.weighting.method, words)
    if count:
        weights = words["experts"].format(method=weights, count=count)
    return str(
        words["how"].format(
            weights=weights,
            normal=term(index.treatment.method, words),
            combine=term(index.combine, words),
            missing=term(index.missing.method, words),
            tiers=_tier_rule(index, words),
        )
    )


def _tier_rule(index: ScoreIndex, words: dict[str, Any]) -> str:
    rule = index.tiering
    numbers = rule.shares or rule.thresholds or (rule.count,)
    ties = f"{words['comma']}{term(rule.ties, words)}" if rule.method == "share" else ""
    return f"{term(rule.method, words)} {' / '.join(f'{number:g}' for number in numbers)}{ties}"


def _safe(found: Uncertainty, words: dict[str, Any]) -> Section:
    table, plan = found.cities, found.plan
    drawn = _drawn(found)
    sentence = words["safe"].format(
        safe=int(table["safe"].sum()),
        cities=len(table),
        share=f"{plan.safe:.0%}",
        draws=f"{plan.scenarios:,}",
        drawn=words["and"].join(term(each, words) for each in drawn),
    )
    lines = (sentence,) if drawn else (words["not_drawn"], sentence)
    rows = tuple(
        (
            row["tier"],
            row["label"],
            row["n_cities"],
            _span(row["nominal_from"], row["nominal_to"]),
            _span(row["true_from"], row["true_to"]),
            row["n_safe"],
            row["n_cities"] - row["n_safe"],
        )
        for row in tier_counts(found)
    )
    return Section(words["safe_title"], lines, words["tiers"], rows)


def _drawn(found: Uncertainty) -> list[str]:
    """Return what is drawn: weights, ratings, or both."""
    first = found.drivers["choice"].iloc[0]
    notes = {"weights": "the weights are not drawn", "ratings": "the ratings are not drawn"}
    return [what for what in first.split(" and ") if notes.get(what) not in found.notes]


def _ranking(found: Uncertainty, words: dict[str, Any], shown: int) -> Section:
    table = found.cities
    totals = found.base.totals
    rows = tuple(
        (
            row["rank"],
            row["city"],
            f"{totals[row['city']]:.4g}",
            _ranks(row["rank_lower"], row["rank_upper"]),
            row["tier"],
            row["label"],
            chance(row["p_tier"]),
            words["yes"] if row["safe"] else words["no"],
        )
        for row in table.head(shown).to_dict("records")
    )
    lines = [words["ranks"].format(interval=f"{found.plan.interval:.0%}")]
    if len(table) > shown:
        lines.append(words["more"].format(shown=shown, cities=len(table)))
    return Section(words["ranking"], tuple(lines), words["cities"], rows)


def _moves(found: Uncertainty, words: dict[str, Any], lang: str) -> Section:
    choices = choices_table(found)
    left = found.drivers[found.drivers["choice"] == "leave-one-out"]
    most = left.sort_values("mean_rank_shift", ascending=False, kind="stable").head(5)
    titles = _titles(found, lang)
    rows = tuple(
        (
            term(row["choice"], words),
            titles.get(row["alternative"], term(row["alternative"], words)),
            _number(row["mean_rank_shift"], row["note"]),
            _number(row["largest_rank_shift"]),
            row["city"] if isinstance(row["city"], str) else "",
            _number(row["tier_changes"]),
        )
        for row in [*choices.to_dict("records"), *most.to_dict("records")]
    )
    return Section(words["moves"], (words["moved"],), words["choices"], rows)


def _drivers(drivers: pd.DataFrame, words: dict[str, Any]) -> Section:
    own = drivers[drivers["output"] == SHIFT] if len(drivers) else drivers
    names = ("first", "first_half_width", "total", "total_half_width")
    rows = tuple(
        (term(row["choice"], words), *(_number(row[name]) for name in names))
        for row in own.to_dict("records")
    )
    return Section(words["drivers"], (words["driven"],) if rows else (), words["sobol"], rows)


def _weights(found: Uncertainty, words: dict[str, Any], lang: str) -> Section:
    titles = _titles(found, lang)
    rows = tuple(
        (
            titles[str(slug)],
            titles.get(row["parent"], ""),
            *(_number(row.get(name)) for name in ("weight", "share", "sd", "min", "max")),
            _number(row.get("between_fields")),
        )
        for slug, row in found.base.weights.summary.head(ROWS * 5).iterrows()
    )
    return Section(words["weights_title"], (words["spread"],), words["weights"], rows)


def _titles(found: Uncertainty, lang: str) -> dict[str, str]:
    """Return the title of every indicator and level, or the other one where it has none."""
    nodes = found.base.tree.nodes.values()
    pairs = {each.slug: (each.title_zh, each.title_en) for each in nodes}
    return {slug: (zh or en) if lang == "zh" else (en or zh) for slug, (zh, en) in pairs.items()}


def _filled(findings: Findings, words: dict[str, Any]) -> Section:
    count, cells = len(findings.filled), findings.found.base.ratings.size
    told = words["filled"].format(count=count, cells=cells, share=f"{count / cells:.1%}")
    return Section(words["filled_title"], (told if count else words["whole"],))


def _clusters(findings: Findings, words: dict[str, Any], lang: str) -> Section:
    clusters = findings.clusters
    core = clusters[(clusters["dimension"] == TOTAL) & (clusters["role"] == "core")]
    ordered = core.sort_values(["rank", "cluster"], na_position="last", kind="stable")
    rows = tuple(
        (
            findings.titles[row["cluster"]][lang == "en"],
            row["n_cities"],
            f"{row['mean']:.4g}",
            "" if pd.isna(row["rank"]) else row["rank"],
            "" if pd.isna(row["rank"]) else _ranks(row["rank_lower"], row["rank_upper"]),
            "" if pd.isna(row["p_rank_1"]) else chance(row["p_rank_1"]),
        )
        for row in ordered.to_dict("records")
    )
    lines = (words["clusters_how"],) if rows else ()
    return Section(words["clusters_title"], lines, words["clusters"], rows)


def term(word: str, words: dict[str, Any]) -> str:
    """Return a rule's name in the language of the page; in English as the files have it."""
    return str(words["terms"].get(word, word))


def chance(value: float) -> str:
    """Return a probability; only what is certain is shown as 0 or 1.

    Examples
    --------
    >>> chance(1.0), chance(0.999), chance(0.454), chance(0.001)
    ('1', '> 0.99', '0.45', '< 0.01')
    """
    if value in {0.0, 1.0}:
        return f"{value:.0f}"
    return "> 0.99" if value >= 0.995 else "< 0.01" if value < 0.005 else f"{value:.2f}"


def _span(start: float, end: float) -> str:
    return "" if pd.isna(start) else f"{start:.3g}–{end:.3g} %"


def _ranks(lower: Any, upper: Any) -> str:  # noqa: ANN401 - of NumPy
    return f"{int(lower)}–{int(upper)}" if lower != upper else f"{int(lower)}"


def _number(value: Any, otherwise: str = "") -> str:  # noqa: ANN401 - a cell
    return otherwise if value is None or pd.isna(value) else f"{value:.2f}"


def notes_of(findings: Sequence[str]) -> Iterator[str]:
    """Yield each note once, in order."""
    yield from dict.fromkeys(note for note in findings if note)
