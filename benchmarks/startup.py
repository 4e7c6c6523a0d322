"""Time and memory of the main job from a cold start, and of the help text.

Each command runs in a process of its own; wall time, processor time and peak memory are the
operating system's. The stages of the last build follow, as `--timings` prints them.
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


def run(command: list[str]) -> tuple[float, float, float]:
    """Return wall time and processor time in seconds and peak memory in MB of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{' '.join(command)} failed")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6


def report(name: str, command: list[str]) -> None:
    """Print median, range and peak memory of several runs."""
    results = [run(command) for _ in range(RUNS)]
    seconds = [result[0] for result in results]
    processor = statistics.median(result[1] for result in results)
    megabytes = max(result[2] for result in results)
    print(
        f"{name:<28} {statistics.median(seconds):6.2f} s"
        f" ({min(seconds):.2f}–{max(seconds):.2f}, {RUNS} runs)"
        f" {processor:6.2f} s of processor {megabytes:6.0f} MB",
    )


def main() -> None:
    """Run the command line as a user does."""
    program = shutil.which("tierscape", path=str(Path(sys.executable).parent)) or "tierscape"
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    report("python -c pass", [sys.executable, "-c", "pass"])
    report("tierscape --help", [program, "--help"])
    report("tierscape geocode, 3 names", [program, "geocode", "--names", "大田", "罗马", "塞拉"])
    with tempfile.TemporaryDirectory() as folder:
        build = [program, "build", "-o", str(Path(folder) / "out")]
        report("tierscape build", build)
        told = subprocess.run([*build, "--timings"], capture_output=True, text=True, check=True)
        print(told.stderr[told.stderr.index("stage ") :])


if __name__ == "__main__":
    main()
