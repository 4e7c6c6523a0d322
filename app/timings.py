"""What each stage of a job takes: wall time and peak memory, as `--timings` prints them."""

import sys
import time
from dataclasses import dataclass, field

from tierscape.terminal import text_table


@dataclass(slots=True)
class Stopwatch:
    """Takes the time of stages, one after the other.

    Examples
    --------
    >>> watch = Stopwatch()
    >>> watch.start("reading")
    >>> watch.start("writing")
    >>> print(watch.table().splitlines()[-1].split()[0])
    total
    """

    stages: list[tuple[str, float]] = field(default_factory=list)
    done: list[tuple[str, float, float]] = field(default_factory=list)

    def start(self, stage: str) -> None:
        """End the stage that runs, and begin another."""
        self.stop()
        self.stages.append((stage, time.perf_counter()))

    def stop(self) -> None:
        """End the stage that runs."""
        if len(self.stages) > len(self.done):
            stage, begun = self.stages[-1]
            self.done.append((stage, time.perf_counter() - begun, peak_mb()))

    def table(self) -> str:
        """Return the seconds of each stage, and the most memory the process had until its end."""
        self.stop()
        rows = [[stage, f"{took:.2f}", f"{peak:.0f}"] for stage, took, peak in self.done]
        total = sum(took for _, took, _ in self.done)
        rows.append(["total", f"{total:.2f}", f"{peak_mb():.0f}"])
        return text_table(["stage", "seconds", "peak MB"], rows)


def peak_mb() -> float:
    """Return the most memory that this process has had, in MB; NaN where no system tells it."""
    try:
        import resource  # noqa: PLC0415 - Windows has no such module
    except ImportError:
        return float("nan")
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
