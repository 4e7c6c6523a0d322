"""The engine on tables in parts: overhead, speed-up, a killed worker; growth and memory.

    python benchmarks/engine.py [--quick]   # pairs: one process, two workers, one of them killed
    python benchmarks/engine.py --most 7    # growth of time and memory, 10⁴ to 10⁷ points

Memory is that of the process and all its workers together, four times a second: their
proportional set size, in which a page that two processes share counts once.
"""

import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from harness import Row, Side, Used, aim, in_turn, main

from tierscape.engine import Run, run_parts
from tierscape.engine_asked import unfinished
from tierscape.engine_assign import assign_work
from tierscape.engine_parts import find_parts
from tierscape.nearest_places import PlaceTable, load_places

TOPIC = "Tables in parts: one process and two workers"
PART = 50_000
#: Seconds between two looks at the memory.
LOOK = 0.25
#: How many times as long a run may take that loses a worker.
MOST_LOST = 1.3
#: The least power of ten of a growth.
LEAST = 4


def points(places: PlaceTable, rows: int, seed: tuple[int, int]) -> pa.Table:
    """Return points, half of them over the globe, half within about 100 km of towns."""
    rng = np.random.default_rng(seed)
    half = rows // 2
    town = rng.integers(0, len(places.lon), rows - half)
    lon = np.concatenate([rng.uniform(-180, 180, half), places.lon[town]])
    lat = np.concatenate([np.degrees(np.arcsin(rng.uniform(-1, 1, half))), places.lat[town]])
    lon[half:] += rng.normal(0, 0.5, rows - half)
    lat[half:] += rng.normal(0, 0.5, rows - half)
    order = rng.permutation(rows)
    return pa.table({"lon": lon.clip(-180, 180)[order], "lat": lat.clip(-90, 90)[order]})


def written(folder: Path, rows: int, part: int = PART) -> Path:
    """Write a table in parts."""
    folder.mkdir(parents=True)
    places = load_places()
    for number in range(max(1, rows // part)):
        table = points(places, min(rows, part), (1, number))
        pq.write_table(table, folder / f"part-{number:05d}.parquet")
    return folder


def assigned(source: Path, output: Path, engine: str, workers: int | None = None) -> None:
    """Do all parts."""
    parts = find_parts(source)
    run_parts(
        parts, assign_work(parts.columns), Run(output, engine, workers=workers), lambda _: None
    )


class Meter:
    """Watches a process and all below it: the most memory together, and the CPU time of each."""

    def __init__(self, pid: int) -> None:
        self.root = psutil.Process(pid)
        self.peak_mb = 0.0
        self.cpu: dict[int, float] = {}

    def look(self) -> None:
        """Take what they have now."""
        total = 0.0
        with suppress(psutil.Error):
            for process in (self.root, *self.root.children(recursive=True)):
                with suppress(psutil.Error):
                    times = process.cpu_times()
                    self.cpu[process.pid] = times.user + times.system
                    total += process.memory_full_info().pss / 1e6
        self.peak_mb = max(self.peak_mb, total)


def measured(action: Callable[..., None], *given: object) -> Used:
    """Run an action in a process of its own."""
    process = multiprocessing.get_context("spawn").Process(target=action, args=given)
    start = time.perf_counter()
    process.start()
    meter = Meter(process.pid or 0)
    while process.is_alive():
        meter.look()
        process.join(LOOK)
    if process.exitcode:
        raise SystemExit(f"a run ended with {process.exitcode}")
    return Used(time.perf_counter() - start, sum(meter.cpu.values()), meter.peak_mb)


def same(one: Path, two: Path) -> bool:
    """Tell whether two folders hold the same files."""
    names = [sorted(path.name for path in folder.iterdir()) for folder in (one, two)]
    return names[0] == names[1] and all(
        (one / name).read_bytes() == (two / name).read_bytes() for name in names[0]
    )


def kill_one(output: Path, parts: int, root: psutil.Process) -> None:
    """Kill a worker with SIGKILL when a third of the parts are there."""
    folder = unfinished(output)
    while len(list(folder.glob("*.parquet"))) < max(1, parts // 3):
        time.sleep(0.02)
    # Workers hold the clusters and the gazetteer: nothing below this process is as large.
    below = root.children(recursive=True)
    os.kill(max(below, key=lambda each: each.memory_info().rss).pid, signal.SIGKILL)


def killed(source: Path, output: Path) -> None:
    """Do all parts while a worker is killed."""
    count = len(find_parts(source).parts)
    done = []
    killer = threading.Thread(
        target=lambda: done.append(kill_one(output, count, psutil.Process())), daemon=True
    )
    killer.start()
    assigned(source, output, "dask", 2)
    if not done:
        raise SystemExit("the work was done and no worker was killed")


def grown(folder: Path, power: int) -> Iterator[Row]:
    """Yield what so many points take by each engine."""
    source = written(folder / f"in-{power}", 10**power)
    bytes_in = sum(path.stat().st_size for path in source.iterdir())
    for engine in ("local", "dask") if power <= 6 else ("dask",):
        output = folder / f"out-{power}-{engine}"
        used = measured(assigned, source, output, engine)
        bytes_out = sum(path.stat().st_size for path in output.iterdir())
        right = (
            f"{used.cpu / 10**power * 1e6:.0f} CPU µs a point,"
            f" {bytes_in / 1e6:.1f} MB in, {bytes_out / 1e6:.1f} MB out"
        )
        yield Row(TOPIC, f"10^{power} points, {engine}", Side.of("tierscape", [used], right))
        if power > 6:
            shutil.rmtree(output)


def growth(most: int, _quick: bool) -> Iterator[Row]:  # noqa: FBT001 - what every script takes
    """Yield the growth of time and memory with the points."""
    with tempfile.TemporaryDirectory() as folder:
        for power in range(LEAST, most + 1):
            yield from grown(Path(folder), power)


def rows(quick: bool) -> Iterator[Row]:  # noqa: FBT001 - what every script takes
    """Yield speed-up and overhead of two workers, and the price of a killed one."""
    points, part, rounds = (50_000, 5_000, 1) if quick else (1_000_000, PART, 3)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, numbers = written(folder / "in", points, part), count()

        def into_new(action: Callable[..., None], *given: object) -> Used:
            output = folder / f"out-{next(numbers)}"
            return replace(measured(action, source, output, *given), gave=output)

        one, two, dead = in_turn(
            [
                partial(into_new, assigned, "local"),
                partial(into_new, assigned, "dask", 2),
                partial(into_new, killed),
            ],
            rounds,
        )
        what = f"assign of {points:,} points in {points // part} parts"
        yield from contests(what, one, two, dead)


def contests(what: str, one: list[Used], two: list[Used], dead: list[Used]) -> Iterator[Row]:
    """Yield the rows of the rounds."""
    alike = [
        sum(same(a.gave, b.gave) for a, b in zip(one, runs, strict=True)) for runs in (two, dead)
    ]
    lost = [a.took / b.took for a, b in zip(dead, two, strict=True)]
    right = [f"the same bytes as one process in {found} of {len(one)} rounds" for found in alike]
    names = ("one process", "two workers", "two workers, one killed")
    yield Row(
        TOPIC, what, Side.of(names[1], two, right[0]), Side.of(names[0], one, "the reference")
    )
    yield Row(
        TOPIC,
        f"{what}, CPU seconds of all processes",
        *(
            Side(name, tuple(run.cpu for run in runs))
            for name, runs in ((names[1], two), (names[0], one))
        ),
        unit="CPU s",
        note="The overhead: start, facts read by each worker, tasks sent",
    )
    yield Row(
        TOPIC,
        f"{what}, a worker killed with SIGKILL after a third",
        Side.of(names[2], dead, right[1]),
        Side.of(names[1], two, right[0]),
        note="What a lost worker costs. "
        + aim(f"at most {MOST_LOST:g} times as long", held=median(lost) <= MOST_LOST),
    )


if __name__ == "__main__":
    if "--most" in sys.argv:
        power = int(sys.argv.pop(sys.argv.index("--most") + 1))
        sys.argv.remove("--most")
        main(partial(growth, power))
    else:
        main(rows)
