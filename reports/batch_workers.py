"""Work by several processes, where one that dies costs one piece of work and no more."""

import multiprocessing
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Generic, TypeVar, cast

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Died:
    """Why a process gave no result."""

    text: str


@dataclass(frozen=True, slots=True)
class _Worker(Generic[_Task]):
    process: SpawnProcess
    task: _Task


def results(
    tasks: Iterable[_Task], work: Callable[[_Task], _Result], jobs: int = 1
) -> Generator[tuple[_Task, _Result | Died], None, None]:
    """Yield each task with its result, as they come.

    Parameters
    ----------
    tasks
        What is to be done.
    work
        A function that can be pickled; it must not raise.
    jobs
        How many processes; with one the work is done in this one.

    Yields
    ------
    tuple
        The task, and its result or why its process died. Closing the generator ends all
        processes.
    """
    waiting = deque(tasks)
    if min(jobs, len(waiting)) <= 1:
        for task in waiting:
            yield task, work(task)
        return
    workers: dict[Connection, _Worker[_Task]] = {}
    try:
        while waiting or workers:
            while waiting and len(workers) < jobs:
                line, process = _start(work)
                _give(workers, line, process, waiting)
            for line in cast("list[Connection]", wait(list(workers))):
                worker = workers.pop(line)
                result = _receive(line, worker.process)
                if not isinstance(result, Died):
                    _give(workers, line, worker.process, waiting)
                yield worker.task, result
    finally:
        for line, worker in workers.items():
            worker.process.terminate()
            worker.process.join()
            line.close()


def _start(work: Callable[[_Task], _Result]) -> tuple[Connection, SpawnProcess]:
    """Start a process that does not heed Ctrl-C: the first process ends it."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, work), daemon=True)
    with deaf_to_interrupts():
        process.start()
    theirs.close()
    return ours, process


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Start processes that do not heed Ctrl-C, which a terminal sends to all; the first ends them.

    A process begins with the signals that its parent ignores, its imports included.
    """
    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if main else None
    try:
        yield
    finally:
        if main:
            signal.signal(signal.SIGINT, before)


def _serve(line: Connection, work: Callable[[_Task], _Result]) -> None:
    """Do tasks until there are none, or the first process is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        while (task := line.recv()) is not None:
            line.send(work(task))
    except (EOFError, OSError):
        return


def _give(
    workers: dict[Connection, _Worker[_Task]],
    line: Connection,
    process: SpawnProcess,
    waiting: deque[_Task],
) -> None:
    """Give a process its next task, or let it end."""
    if not waiting:
        _end(line, process)
        return
    task = waiting.popleft()
    workers[line] = _Worker(process, task)
    try:
        line.send(task)
    except OSError:
        return  # It is dead; the next look at its line tells.


def _receive(line: Connection, process: SpawnProcess) -> Any:  # noqa: ANN401 - what was sent
    """Return what a process made, or why it did not."""
    try:
        return line.recv()
    except (EOFError, OSError):
        process.join()
        line.close()
        return Died(_cause(process.exitcode))


def _end(line: Connection, process: SpawnProcess) -> None:
    """Tell a process that there is no more to do."""
    with suppress(OSError):
        line.send(None)
    process.join()
    line.close()


def _cause(code: int | None) -> str:
    """Return how a process ended, in words."""
    if code is not None and code < 0:
        return f"its process was killed ({signal.Signals(-code).name})"
    return f"its process ended with exit code {code}"
