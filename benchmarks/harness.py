"""What all benchmarks share: runs in turn, whole processes measured, and one row for each result.

A script gives its rows by `rows(quick)` and ends in `main(rows)`:

    python benchmarks/coast.py [--quick] [--json]

A ratio is the peer's time (or size) to ours, pair by pair: above 1 ours takes less.
"""

import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from math import nan
from pathlib import Path
from typing import Any, Self

NOT_MEASURED = "not measured: pip install --group peers"
CALL = "--call"
LAUNCHER = Path(__file__).with_name("launcher.py")


@dataclass(frozen=True, slots=True)
class Used:
    """What one run took: wall seconds, and for a whole process CPU seconds and peak MB."""

    took: float
    cpu: float = nan
    mb: float = nan
    gave: Any = field(default=None, compare=False, repr=False)
    said: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared: what its runs took, and how right it is, in words."""

    name: str
    took: tuple[float, ...] = ()
    cpu: float = nan
    mb: float = nan
    right: str = ""

    @classmethod
    def of(cls, name: str, runs: Sequence[Used], right: str = "") -> Self:
        """Sum runs up: all times, the median CPU time, the greatest peak."""
        cpu = statistics.median(run.cpu for run in runs)
        return cls(name, tuple(run.took for run in runs), cpu, max(run.mb for run in runs), right)


@dataclass(frozen=True, slots=True)
class Row:
    """One result: ours beside a peer, or alone."""

    topic: str
    what: str
    ours: Side
    peer: Side | None = None
    unit: str = "s"
    note: str = ""

    @property
    def ratios(self) -> list[float]:
        """The peer's figure to ours, pair by pair; none where either was not measured."""
        if self.peer is None or not (self.ours.took and self.peer.took):
            return []
        pairs = zip(self.ours.took, self.peer.took, strict=True)
        return [theirs / mine for mine, theirs in pairs]

    @property
    def ahead(self) -> str:
        """Who takes less in every pair: `ours`, `peer`, or `neither`; empty without a ratio."""
        found = self.ratios
        if not found:
            return ""
        return "ours" if min(found) > 1 else "peer" if max(found) < 1 else "neither"


def absent(topic: str, what: str, peer: str, why: str = NOT_MEASURED) -> Row:
    """Return the row of a peer that is not there."""
    return Row(topic, what, Side("tierscape"), Side(peer), note=why)


def aim(text: str, *, held: bool) -> str:
    """Return an aim that was set before, and whether it is held."""
    return f"Aim: {text}, {'held' if held else 'MISSED'}"


def has(*modules: str) -> bool:
    """Tell whether peers are installed."""
    return all(importlib.util.find_spec(module) is not None for module in modules)


def clocked(action: Callable[[], object]) -> Callable[[], Used]:
    """Return a run of an action in this process."""

    def run() -> Used:
        start = time.perf_counter()
        gave = action()
        return Used(time.perf_counter() - start, gave=gave)

    return run


def process(command: Sequence[str | Path], *, accept: tuple[int, ...] = (0,)) -> Used:
    """Run a command as a process of its own; `gave` and `said` are what it prints on both streams.

    A small launcher starts it: the peak that the system tells of a process includes that of the
    one it was forked from, which here has loaded much.
    """
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "used.json"
        launched = [sys.executable, "-I", "-S", str(LAUNCHER), str(told), *map(str, command)]
        done = subprocess.run(launched, capture_output=True, text=True, check=False)
        if done.returncode not in accept:
            last = done.stderr.strip().splitlines()[-1:] or ["no word of why"]
            words = [str(word) for word in command[1:] if not str(word).startswith("-")]
            name = Path(words[0] if words else command[0]).name
            raise SystemExit(f"{name} ended with {done.returncode}: {last[0]}")
        return Used(
            **json.loads(told.read_text(encoding="utf-8")), gave=done.stdout, said=done.stderr
        )


def in_turn(runs: Sequence[Callable[[], Used]], rounds: int) -> list[list[Used]]:
    """Run all in turn, A B C, C B A, A B C and so on; return what each took, round by round."""
    found: list[list[Used]] = [[] for _ in runs]
    for number in range(rounds):
        turns = range(len(runs))
        for turn in reversed(turns) if number % 2 else turns:
            found[turn].append(runs[turn]())
    return found


def alternate(
    ours: Callable[[], Used], peer: Callable[[], Used], pairs: int
) -> tuple[list[Used], list[Used]]:
    """Run both in turn, A B, B A, A B and so on; return the runs of ours and of the peer."""
    mine, theirs = in_turn((ours, peer), pairs)
    return mine, theirs


def packed(row: Row) -> str:
    """Return a row as one line of JSON."""
    return json.dumps(asdict(row), ensure_ascii=False)


def unpacked(line: str) -> Row | None:
    """Return the row of a line, or None if the line is something else."""
    try:
        fields = json.loads(line)
        sides = {name: fields[name] and Side(**fields[name]) for name in ("ours", "peer")}
        tuples = {
            name: side and Side(**{**asdict(side), "took": tuple(side.took)})
            for name, side in sides.items()
        }
        return Row(**{**fields, **tuples})
    except (ValueError, TypeError, KeyError):
        return None


def called(script: str, name: str, *given: str | Path) -> Used:
    """Run one of a script's own functions in a process of its own."""
    return process([sys.executable, script, CALL, name, *given])


def main(
    rows: Callable[[bool], Iterator[Row]], calls: Sequence[Callable[..., object]] = ()
) -> None:
    """Print the rows of one script as they come, or do one of its calls in a new process."""
    from results import line  # noqa: PLC0415 - it uses this module

    if sys.argv[1:2] == [CALL]:
        {call.__name__: call for call in calls}[sys.argv[2]](*sys.argv[3:])
        return
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="fewer points and pairs")
    parser.add_argument("--json", action="store_true", help="one row of JSON in a line")
    asked = parser.parse_args()
    for row in rows(asked.quick):
        print(packed(row) if asked.json else line(row), flush=True)
