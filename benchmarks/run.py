"""All benchmarks, one after the other, and `benchmarks/RESULTS.md`.

    python benchmarks/run.py                       # all, at full size; writes RESULTS.md
    python benchmarks/run.py --quick               # smaller, a few minutes; writes nothing
    python benchmarks/run.py --only coast dbscan   # some; writes nothing unless -o FILE

Every script runs in a process of its own. One that fails leaves a row that says why, and the
others go on; the exit is then 1.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from harness import Row, Side, unpacked
from machine import MOST_OTHERS, Clock, Seen, load, machine, versions, warnings, watched
from results import behind, line, tables

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "RESULTS.md"
SCRIPTS = (
    "geocode",
    "coast",
    "membership",
    "spatial",
    "weights",
    "laws",
    "dbscan",
    "atlas",
    "reports",
    "engine",
    "startup",
)
FAILED = "failed: "


@dataclass(frozen=True, slots=True)
class Ran:
    """One script: its minutes, and how many cores other processes took meanwhile."""

    script: str
    minutes: float
    others: float


def rows_of(script: Path, *, quick: bool) -> Iterator[Row]:
    """Run one script and yield its rows as they come; the last one says if it failed."""
    command = [sys.executable, str(script), "--json", *(["--quick"] if quick else [])]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8"
        ) as process:
            for text in process.stdout or ():
                row = unpacked(text)
                if row is not None:
                    yield row
        if process.returncode:
            errors.seek(0)
            said = errors.read().strip().splitlines()[-1:] or [f"exit {process.returncode}"]
            side = Side("tierscape")
            yield Row("Not finished", script.stem, side, Side("–"), note=f"{FAILED}{said[0]}")


def taken(ran: list[Ran]) -> float:
    """Return how many cores other processes took on average of all scripts."""
    return sum(each.others * each.minutes for each in ran) / sum(each.minutes for each in ran)


def page(rows: list[Row], ran: list[Ran], head: str) -> str:
    """Return the results as a page of Markdown."""
    lines = [f"| {each.script} | {each.minutes:.1f} | {each.others:.2f} |" for each in ran]
    table = ["| script | minutes | cores taken by others |", "|---|---|---|", *lines]
    return (
        f"# Benchmarks\n\nWritten by `make bench`; `docs/benchmarks.md` tells how to read it.\n\n"
        f"{head}\n\n{behind(rows)}\n\n{tables(rows)}\n## Runs\n\n" + "\n".join(table) + "\n"
    )


def heading(before: float, others: float, *, quick: bool) -> str:
    """Return date, versions, machine and load, with a warning if it was not idle."""
    date = time.strftime("%Y-%m-%d", time.gmtime())
    here = (
        f"{date}. {machine()}; load {before:.2f} before and {load():.2f} after the run, which is"
        f" the run's own; other processes took {others:.2f} cores on average."
    )
    told = [here, versions()]
    found = warnings(before, others)
    if found:
        told.insert(0, f"> **Warning: the machine was not idle:** {' and '.join(found)}.")
    if quick:
        told.insert(0, "> **A quick run:** fewer points and pairs than the figures to quote.")
    return "\n\n".join(told)


def run(
    names: list[str], seen: Seen, *, quick: bool, written: Callable[[list[Row], list[Ran]], None]
) -> list[Row]:
    """Run scripts, print their rows as they come, and write what there is after each script."""
    rows: list[Row] = []
    ran: list[Ran] = []
    for name in names:
        print(f"== {name}", flush=True)
        begun = Clock.read(seen)
        for row in rows_of(FOLDER / f"{name}.py", quick=quick):
            print(line(row), flush=True)
            rows.append(row)
        ended = Clock.read(seen)
        ran.append(Ran(name, (ended.now - begun.now) / 60, begun.others(ended)))
        busy = ran[-1].others > MOST_OTHERS
        note = f", others took {ran[-1].others:.2f} cores" if busy else ""
        print(f"   {ran[-1].minutes:.1f} minutes{note}", flush=True)
        written(rows, ran)
    return rows


def main() -> int:
    """Run what is asked for; return 1 if a script failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer points and pairs")
    parser.add_argument("--only", nargs="+", choices=SCRIPTS, metavar="NAME", help="some scripts")
    parser.add_argument("-o", "--output", type=Path, help="write the results here")
    asked = parser.parse_args()
    whole = not (asked.quick or asked.only)
    output = asked.output or (RESULTS if whole else None)
    before = load()

    def written(rows: list[Row], ran: list[Ran]) -> None:
        if output:
            text = page(rows, ran, heading(before, taken(ran), quick=asked.quick))
            output.write_text(text, encoding="utf-8")

    with watched() as seen:
        rows = run(asked.only or list(SCRIPTS), seen, quick=asked.quick, written=written)
    print(behind(rows))
    if output:
        print(f"written: {output.name}")
    return int(any(row.note.startswith(FAILED) for row in rows))


if __name__ == "__main__":
    sys.exit(main())
