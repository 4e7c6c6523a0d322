"""The words and tables of `clusters sensitivity`, for a reader."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from tierscape.scoring.aggregate import MIN_MEMBERS
from tierscape.sensitivity_words import WORDS
from tierscape.terminal import text_table, wrapped

#: So many names of cities are shown in one cell.
_SHOWN = 8
Result = dict[str, Any]
Words = Mapping[str, Any]


def sensitivity_text(report: dict[str, Any], lang: str = "en") -> str:
    """Return a report of `sensitivity.sensitivity` for a reader.

    Parameters
    ----------
    report
        As that function returns it, in the same language.
    lang
        `zh` or `en`.
    """
    words = WORDS[lang]
    head = [words["head"].format(cluster=report["title"] if lang == "zh" else report["cluster"])]
    head += [
        wrapped(words["comma"].join(report[role]) or words["none"], words["labels"][role])
        for role in ("core", "extended")
    ]
    head.append(wrapped(words["meaning"].format(least=MIN_MEMBERS)))
    parts = [_sweep_text(each, report["results"], words) for each in report["sweeps"]]
    ranges = [
        [
            f"{row['edition']}/{row['dimension']}",
            words["roles"].get(row["role"], row["role"]),
            f"{row['percentile_least']:.1f}",
            f"{row['percentile_most']:.1f}",
            row["rank_best"],
            row["rank_worst"],
        ]
        for row in report["ranges"]
    ]
    return "\n".join([*head, "", *parts, words["over"], text_table(words["ranges"], ranges)])


def _sweep_text(found: dict[str, Any], published: list[Result], words: Words) -> str:
    """Return one sweep: the members at each step, then the results that change."""
    part = words["parts"].get(found["part"], found["part"])
    title = words["title"].format(part=part, test=found["test"])
    names = [_setting(found, step, words) for step in found["steps"]]
    rows = [
        [name, step["n_core"], step["n_all"]]
        + [_listed(step[change], words) for change in ("gained", "lost")]
        for name, step in zip(names, found["steps"], strict=True)
    ]
    unit = words["units"].get(found["unit"], found["unit"]) or words["without"]
    lines = [wrapped(title), text_table([unit, *words["counts"]], rows)]
    moved = _moved(found, names, words)
    changing = moved if found["unit"] else _left_out(found, names, published, words)
    if changing:
        header = [*words["results"], unit, *words["figures"]]
        lines += ["", text_table(header, changing)]
    return "\n".join([*lines, ""])


def _setting(found: dict[str, Any], step: dict[str, Any], words: Words) -> str:
    """Return the value of a step, or what it leaves out."""
    if step["value"] is None:
        return step["left_out"] or str(words["this"])
    mark = " *" if step["value"] == found["published"] else ""
    return f"{step['value']:,.1f}".removesuffix(".0") + mark


def _listed(cities: list[str], words: Words) -> str:
    """Return the first cities of a list and the number of the others."""
    rest = len(cities) - _SHOWN
    more = words["more"].format(count=rest) if rest > 0 else ""
    return str(words["comma"].join(cities[:_SHOWN]) + more)


def _by_table(
    steps: Iterable[tuple[str, list[Result]]], words: Words
) -> dict[tuple[str, str], list[tuple[str, list[object]]]]:
    """Return for each table and role the settings and the results there."""
    found: dict[tuple[str, str], list[tuple[str, list[object]]]] = {}
    for name, results in steps:
        for result in results:
            role = words["roles"].get(result["role"], result["role"])
            key = (f"{result['edition']}/{result['dimension']}", role)
            found.setdefault(key, []).append((name, _figures(result, words)))
    return found


def _moved(found: dict[str, Any], names: list[str], words: Words) -> list[list[object]]:
    """Return the rows of results that differ between values, equal neighbours as one."""
    steps = zip(names, (step["results"] for step in found["steps"]), strict=True)
    rows: list[list[object]] = []
    for key, mine in _by_table(steps, words).items():
        if all(figures == mine[0][1] for _, figures in mine) and len(mine) == len(names):
            continue
        for figures, run in groupby(mine, key=lambda item: item[1]):
            values = [name for name, _ in run]
            label = values[0] if len(values) == 1 else f"{values[0]} – {values[-1]}"
            rows.append([*key, label, *figures])
    return rows


def _left_out(
    found: dict[str, Any], names: list[str], published: list[Result], words: Words
) -> list[list[object]]:
    """Return the rows of results that differ from the published ones, after those."""
    steps = zip(names, (step["results"] for step in found["steps"]), strict=True)
    before = _by_table([(words["nothing"], published)], words)
    rows: list[list[object]] = []
    for key, mine in _by_table(steps, words).items():
        first = before.get(key, [])
        others = [item for item in mine if not first or item[1] != first[0][1]]
        rows += [[*key, name, *figures] for name, figures in (first + others if others else [])]
    return rows


def _figures(result: Result, words: Words) -> list[object]:
    """Return a result for a reader."""
    rank, ranked = result["rank"], result["n_ranked"]
    told = "" if rank is None else words["rank"].format(rank=rank, ranked=ranked)
    names = ("percentile", "percentile_lower", "percentile_upper")
    percentiles = [f"{result[name]:.1f}" for name in names]
    return [result["n_cities"], *percentiles, told]
