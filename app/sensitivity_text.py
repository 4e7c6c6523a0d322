"""The words and tables of `clusters sensitivity`, for a reader."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from tierscape.scoring.aggregate import MIN_MEMBERS
from tierscape.terminal import text_table, wrapped

#: So many names of cities are shown in one cell.
_SHOWN = 8
Result = dict[str, Any]


def sensitivity_text(report: dict[str, Any]) -> str:
    """Return a report of `sensitivity.sensitivity` for a reader.

    Parameters
    ----------
    report
        As that function returns it.
    """
    head = [
        f"{report['cluster']}: members and results as each test is moved or left out",
        wrapped(", ".join(report["core"]) or "none", "  core      "),
        wrapped(", ".join(report["extended"]) or "none", "  extended  "),
        "Gained and lost: against the published rule, with the new role. Rank: among the clusters",
        f"that have {MIN_MEMBERS} members of the role in the table; the others stay as published.",
    ]
    parts = [_sweep_text(each, report["results"]) for each in report["sweeps"]]
    ranges = [
        [
            f"{row['edition']}/{row['dimension']}",
            row["role"],
            f"{row['percentile_least']:.1f}",
            f"{row['percentile_most']:.1f}",
            row["rank_best"],
            row["rank_worst"],
        ]
        for row in report["ranges"]
    ]
    header = ["table", "role", "lowest percentile", "highest", "best rank", "worst"]
    return "\n".join([*head, "", *parts, "Over all steps", text_table(header, ranges)])


def _sweep_text(found: dict[str, Any], published: list[Result]) -> str:
    """Return one sweep: the members at each step, then the results that change."""
    title = f"{found['part']}: {found['test']}"
    names = [_setting(found, step) for step in found["steps"]]
    rows = [
        [name, step["n_core"], step["n_all"], _listed(step["gained"]), _listed(step["lost"])]
        for name, step in zip(names, found["steps"], strict=True)
    ]
    header = [found["unit"] or "without", "core", "all", "gained", "lost"]
    lines = [wrapped(title), text_table(header, rows)]
    changing = _left_out(found, names, published) if not found["unit"] else _moved(found, names)
    if changing:
        header = ["table", "role", *header[:1], "cities", "percentile", "lowest", "highest", "rank"]
        lines += ["", text_table(header, changing)]
    return "\n".join([*lines, ""])


def _setting(found: dict[str, Any], step: dict[str, Any]) -> str:
    """Return the value of a step, or what it leaves out."""
    if step["value"] is None:
        return step["left_out"] or "this test"
    mark = " *" if step["value"] == found["published"] else ""
    return f"{step['value']:,.1f}".removesuffix(".0") + mark


def _listed(cities: list[str]) -> str:
    """Return the first cities of a list and the number of the others."""
    more = f" and {len(cities) - _SHOWN} more" if len(cities) > _SHOWN else ""
    return ", ".join(cities[:_SHOWN]) + more


def _by_table(
    steps: Iterable[tuple[str, list[Result]]],
) -> dict[tuple[str, str], list[tuple[str, list[object]]]]:
    """Return for each table and role the settings and the results there."""
    found: dict[tuple[str, str], list[tuple[str, list[object]]]] = {}
    for name, results in steps:
        for result in results:
            key = (f"{result['edition']}/{result['dimension']}", result["role"])
            found.setdefault(key, []).append((name, _figures(result)))
    return found


def _moved(found: dict[str, Any], names: list[str]) -> list[list[object]]:
    """Return the rows of results that differ between values, equal neighbours as one."""
    steps = zip(names, (step["results"] for step in found["steps"]), strict=True)
    rows: list[list[object]] = []
    for key, mine in _by_table(steps).items():
        if all(figures == mine[0][1] for _, figures in mine) and len(mine) == len(names):
            continue
        for figures, run in groupby(mine, key=lambda item: item[1]):
            values = [name for name, _ in run]
            label = values[0] if len(values) == 1 else f"{values[0]} – {values[-1]}"
            rows.append([*key, label, *figures])
    return rows


def _left_out(
    found: dict[str, Any], names: list[str], published: list[Result]
) -> list[list[object]]:
    """Return the rows of results that differ from the published ones, after those."""
    steps = zip(names, (step["results"] for step in found["steps"]), strict=True)
    before = _by_table([("nothing", published)])
    rows: list[list[object]] = []
    for key, mine in _by_table(steps).items():
        first = before.get(key, [])
        others = [item for item in mine if not first or item[1] != first[0][1]]
        rows += [[*key, name, *figures] for name, figures in (first + others if others else [])]
    return rows


def _figures(result: Result) -> list[object]:
    """Return a result for a reader."""
    rank = "" if result["rank"] is None else f"{result['rank']} of {result['n_ranked']}"
    names = ("percentile", "percentile_lower", "percentile_upper")
    percentiles = [f"{result[name]:.1f}" for name in names]
    return [result["n_cities"], *percentiles, rank]
