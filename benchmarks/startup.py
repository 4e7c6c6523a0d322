"""Time and memory of the main job from a cold start, of the help text, and of a few names.

Each command runs in a process of its own. The stages of a build are those that `--timings` prints;
their memory is the most that the process has had until then.
"""

import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness import Row, Side, Used, main, process

TOPIC = "Whole commands, cold"
PROGRAM = shutil.which("tierscape", path=str(Path(sys.executable).parent)) or "tierscape"
COMMANDS: dict[str, Sequence[str]] = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "tierscape --help": [PROGRAM, "--help"],
    "tierscape geocode, 3 names": [PROGRAM, "geocode", "--names", "大田", "罗马", "塞拉"],
}


def stages(told: str) -> Iterator[tuple[str, Used]]:
    """Yield the stages of one build from what `--timings` prints."""
    for text in told[told.index("stage ") :].splitlines()[1:]:
        stage, seconds, peak = text.rsplit(maxsplit=2)
        if stage.strip() != "total":
            yield stage.strip(), Used(float(seconds), mb=float(peak))


def build(runs: int) -> Iterator[Row]:
    """Yield a row for the whole build, and one for each stage."""
    took: dict[str, list[Used]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "out"
        found = [process([PROGRAM, "build", "-o", output, "--timings"]) for _ in range(runs)]
        right = f"{len(list(output.iterdir()))} files"
    yield Row(TOPIC, "tierscape build", Side.of("tierscape", found, right))
    for run in found:
        for stage, used in stages(run.said):
            took[stage].append(used)
    for stage, each in took.items():
        yield Row(TOPIC, f"tierscape build, stage: {stage}", Side.of("tierscape", each))


def rows(quick: bool) -> Iterator[Row]:  # noqa: FBT001 - what every script takes
    """Yield one row for each command, then the build and its stages."""
    runs = 1 if quick else 5
    for name, command in COMMANDS.items():
        yield Row(TOPIC, name, Side.of("tierscape", [process(command) for _ in range(runs)]))
    yield from build(runs)


if __name__ == "__main__":
    main(rows)
