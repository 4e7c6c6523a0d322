"""The engine on tables in parts: growth, memory, overhead, speed-up, and a killed worker.

    python benchmarks/engine.py            # 10⁴ … 10⁶ points, and the killed worker
    python benchmarks/engine.py --most 7   # up to 10⁷ (some minutes)

Memory is that of the process and all its workers together, four times a second: their
proportional set size, in which a page that two processes share counts once.
"""

import argparse
import multiprocessing
import os
import shutil
import signal
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from tierscape.engine import UNFINISHED, Run, run_parts
from tierscape.engine_assign import assign_work
from tierscape.engine_parts import find_parts
from tierscape.nearest_places import PlaceTable, load_places

PART = 50_000
PAIRS = 3
#: Seconds between two looks at the memory.
LOOK = 0.25
#: Points of the pairs, and of the runs whose worker is killed.
POINTS = 1_000_000


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


def written(folder: Path, rows: int) -> Path:
    """Write a table in parts."""
    folder.mkdir(parents=True)
    places = load_places()
    for number in range(max(1, rows // PART)):
        table = points(places, min(rows, PART), (1, number))
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


def measured(action: Callable[..., None], *given: object) -> tuple[float, float, float]:
    """Run an action in a process of its own; return its seconds, CPU seconds and peak in MB."""
    process = multiprocessing.get_context("spawn").Process(target=action, args=given)
    start = time.perf_counter()
    process.start()
    meter = Meter(process.pid or 0)
    while process.is_alive():
        meter.look()
        process.join(LOOK)
    if process.exitcode:
        raise SystemExit(f"a run ended with {process.exitcode}")
    return time.perf_counter() - start, sum(meter.cpu.values()), meter.peak_mb


def same(one: Path, two: Path) -> bool:
    """Tell whether two folders hold the same files."""
    names = [sorted(path.name for path in folder.iterdir()) for folder in (one, two)]
    return names[0] == names[1] and all(
        (one / name).read_bytes() == (two / name).read_bytes() for name in names[0]
    )


def kill_one(output: Path, parts: int, root: psutil.Process) -> None:
    """Kill a worker with SIGKILL when a third of the parts are there."""
    unfinished = output.with_name(output.name + UNFINISHED)
    while len(list(unfinished.glob("*.parquet"))) < parts // 3:
        time.sleep(0.02)
    workers = [
        process
        for process in root.children(recursive=True)
        if process.memory_info().rss > 250e6  # it has read the clusters and the gazetteer
    ]
    os.kill(min(workers, key=lambda process: process.pid).pid, signal.SIGKILL)


def killed(source: Path, output: Path) -> None:
    """Do all parts while a worker is killed."""
    count = len(find_parts(source).parts)
    killer = threading.Thread(target=kill_one, args=(output, count, psutil.Process()), daemon=True)
    killer.start()
    assigned(source, output, "dask", 2)
    if killer.is_alive():
        raise SystemExit("the work was done before a worker was killed")


def growth(folder: Path, least: int, most: int) -> None:
    """Print the growth of time and memory with the points."""
    for power in range(least, most + 1):
        source = written(folder / f"in-{power}", 10**power)
        bytes_in = sum(path.stat().st_size for path in source.iterdir())
        for engine in ("local", "dask") if power <= 6 else ("dask",):
            output = folder / f"out-{power}-{engine}"
            took, cpu, peak = measured(assigned, source, output, engine)
            bytes_out = sum(path.stat().st_size for path in output.iterdir())
            print(
                f"10^{power} {engine:5}: {took:7.1f} s, {cpu:7.1f} CPU s, "
                f"{cpu / 10**power * 1e6:5.0f} CPU µs a point, peak {peak:6.0f} MB, "
                f"{bytes_in / 1e6:.1f} MB in, {bytes_out / 1e6:.1f} MB out",
                flush=True,
            )
            if power > 6:
                shutil.rmtree(output)


def pairs(folder: Path, rounds: int, count: int) -> None:
    """Print one process against two workers, and against a killed one, in turn."""
    source = written(folder / "pairs", count)
    speed_up, killed_ratio = [], []
    for number in range(rounds):
        local, dask, dead = (folder / f"{name}-{number}" for name in ("local", "dask", "dead"))
        one, *_ = measured(assigned, source, local, "local")
        two, *_ = measured(assigned, source, dask, "dask", 2)
        lost, *_ = measured(killed, source, dead)
        whole = same(local, dask) and same(dask, dead)
        speed_up.append(one / two)
        killed_ratio.append(lost / two)
        load = os.getloadavg()[0]
        print(
            f"{count:,} points: one process {one:.1f} s, two workers {two:.1f} s, one of them "
            f"killed {lost:.1f} s; same bytes: {whole}; load {load:.1f}",
            flush=True,
        )
    for label, ratios in (("speed-up", speed_up), ("killed / undisturbed", killed_ratio)):
        print(f"{label}: {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})")


def main() -> None:
    """Print what the engine takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=6, help="the power of ten to grow to")
    parser.add_argument("--least", type=int, default=4, help="the power of ten to begin with")
    parser.add_argument("--only", choices=["growth", "pairs"])
    parser.add_argument("--pairs", type=int, default=PAIRS, help="how often the runs take turns")
    parser.add_argument("--points", type=int, default=POINTS, help="the points of the pairs")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.only != "pairs":
            growth(Path(folder), asked.least, asked.most)
        if asked.only != "growth":
            pairs(Path(folder), asked.pairs, asked.points)


if __name__ == "__main__":
    main()
