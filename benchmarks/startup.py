"""Time and memory of the main job from a cold start, and of the help text.

Each command runs in a process of its own; wall time and peak memory are the operating system's.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 5


def run(command: list[str]) -> tuple[float, float]:
    """Return wall time in seconds and peak memory in MB of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{' '.join(command)} failed")
    return seconds, usage.ru_maxrss / 1024


def report(name: str, command: list[str]) -> None:
    """Print median, range and peak memory of several runs."""
    results = [run(command) for _ in range(RUNS)]
    seconds = [result[0] for result in results]
    megabytes = max(result[1] for result in results)
    print(
        f"{name:<28} {statistics.median(seconds):6.2f} s"
        f" ({min(seconds):.2f}–{max(seconds):.2f}, {RUNS} runs) {megabytes:6.0f} MB",
    )


def main() -> None:
    """Run the command line as a user does."""
    program = shutil.which("tierscape", path=str(Path(sys.executable).parent)) or "tierscape"
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    report("python -c pass", [sys.executable, "-c", "pass"])
    report("tierscape --help", [program, "--help"])
    report("tierscape geocode, 3 names", [program, "geocode", "--names", "大田", "罗马", "塞拉"])
    with tempfile.TemporaryDirectory() as folder:
        report("tierscape build", [program, "build", "-o", str(Path(folder) / "out")])


if __name__ == "__main__":
    main()
