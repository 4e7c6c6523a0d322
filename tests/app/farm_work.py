"""Work for the workers of the tests: in a module of its own, which they can import."""

import os
import signal
import time
from pathlib import Path

import numpy as np

from tierscape.data.errors import DataError, Problem, TierscapeError
from tierscape.scoring.tasks import Arrays


def drawn(data: np.ndarray, seconds: float, notes: str, task: int) -> Arrays:
    """Return the data in an order of this task; leave a note that it was done."""
    time.sleep(seconds)
    with Path(notes, str(task)).open("a") as file:
        file.write("done\n")
    order = np.random.default_rng(task).permutation(len(data))
    return {"order": order, "values": data[order], "task": np.array(task)}


def refused(kind: str, task: int) -> Arrays:
    """Raise what a work may raise."""
    if kind == "data":
        raise DataError([Problem("a.csv", task, "score", "x", "is no number")])
    if kind == "one":
        raise TierscapeError(f"task {task} cannot be done.")
    raise ZeroDivisionError(f"task {task}")


def deadly(_: object) -> None:
    """End the process that does it."""
    os.kill(os.getpid(), signal.SIGKILL)
