"""The rows as text: a line as they come, and tables in Markdown."""

import statistics
from collections.abc import Sequence
from itertools import groupby
from math import isnan

from harness import Row, Side

AHEAD = {"ours": "ours", "peer": "**peer**", "neither": "neither", "": "–"}
SIDE_BY_SIDE = ("what", "peer", "ratio", "less", "ours", "theirs", "right: ours", "right: theirs")
ALONE = ("what", "measured", "runs", "right")


def figure(value: float, unit: str) -> str:
    """Return a figure with about three digits; parts of a second in smaller units.

    Examples
    --------
    >>> figure(0.00067, "s"), figure(1.234, "s"), figure(1234.5, "MB")
    ('0.67 ms', '1.23 s', '1,234 MB')
    """
    if unit == "s" and value < 0.1:
        value, unit = value * 1e3, "ms"
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}"


def times(value: float) -> str:
    """Return a ratio with about three digits."""
    return f"{value:,.{2 if value < 10 else 1 if value < 100 else 0}f}"


def ratio(row: Row) -> str:
    """Return the median ratio with the least and the greatest."""
    found = row.ratios
    if not found:
        return "–"
    middle = times(statistics.median(found))
    if len(found) == 1:
        return f"{middle} (1 pair)"
    return f"{middle} ({times(min(found))}–{times(max(found))}, {len(found)} pairs)"


def took(side: Side, unit: str) -> str:
    """Return the median of a side, and for whole processes CPU time and peak memory."""
    if not side.took:
        return "–"
    more = [] if isnan(side.cpu) else [f"{figure(side.cpu, 's')} CPU"]
    more += [] if isnan(side.mb) else [f"{side.mb:,.0f} MB"]
    text = figure(statistics.median(side.took), unit)
    return f"{text}; {', '.join(more)}" if more else text


def line(row: Row) -> str:
    """Return a row in one line, for the terminal."""
    if row.peer is None:
        return f"{row.what}: {took(row.ours, row.unit)}. {row.ours.right} {row.note}".rstrip()
    if not row.ratios:
        return f"{row.what}, {row.peer.name}: {row.note}"
    sides = (row.ours, row.peer)
    both = " / ".join(f"{side.name} {took(side, row.unit)}" for side in sides)
    right = " / ".join(side.right for side in sides if side.right)
    told = [f"{row.what}: {both}; ratio {ratio(row)}", right, row.note]
    mark = "  << peer ahead" if row.ahead == "peer" else ""
    return "; ".join(text for text in told if text) + mark


def tables(rows: Sequence[Row]) -> str:
    """Return the rows in Markdown, a heading for each topic, in the order in which they came."""
    order = list(dict.fromkeys(row.topic for row in rows))
    parts = []
    for topic, group in groupby(sorted(rows, key=lambda row: order.index(row.topic)), _topic):
        found = list(group)
        parts.append(f"## {topic}")
        paired = [row for row in found if row.peer is not None]
        alone = [row for row in found if row.peer is None]
        parts += [_table(SIDE_BY_SIDE, [_paired(row) for row in paired])] if paired else []
        parts += [_table(ALONE, [_alone(row) for row in alone])] if alone else []
    return "\n\n".join(parts) + "\n"


def behind(rows: Sequence[Row]) -> str:
    """Return the sentence that tells how many rows there are, and the list of those we lose."""
    measured = [row for row in rows if row.ratios]
    counts = {side: sum(row.ahead == side for row in measured) for side in ("ours", "neither")}
    lost = [row for row in measured if row.ahead == "peer"]
    missing = len([row for row in rows if row.peer is not None]) - len(measured)
    text = (
        f"{len(measured)} rows side by side: ours takes less in every pair of {counts['ours']},"
        f" the peer in every pair of {len(lost)}, neither in {counts['neither']};"
        f" {missing} not measured."
    )
    if not lost:
        return text
    items = [f"- {row.what}: {row.peer.name if row.peer else ''}, {ratio(row)}" for row in lost]
    return "\n".join([text, "", "Where the peer takes less:", "", *items])


def _topic(row: Row) -> str:
    return row.topic


def _paired(row: Row) -> list[str]:
    """Return the cells of a row side by side."""
    peer = row.peer or Side("")
    what = f"{row.what}. {row.note}" if row.note else row.what
    name = peer.name if row.ours.name == "tierscape" else f"{peer.name} (ours: {row.ours.name})"
    less = AHEAD[row.ahead]
    both = [took(side, row.unit) for side in (row.ours, peer)]
    return [what, name, ratio(row), less, *both, row.ours.right or "–", peer.right or "–"]


def _alone(row: Row) -> list[str]:
    """Return the cells of a row without a peer."""
    what = f"{row.what}. {row.note}" if row.note else row.what
    low, high = min(row.ours.took, default=0.0), max(row.ours.took, default=0.0)
    spread = "" if low == high else f" ({figure(low, row.unit)}–{figure(high, row.unit)})"
    return [what, took(row.ours, row.unit) + spread, str(len(row.ours.took)), row.ours.right or "–"]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; a bar or a line break in a cell would end it."""
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in [head, *cells]]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])
