"""Work cut into tasks, by this process or by the workers of dask, with the same results."""

import os
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from tierscape.data.errors import TierscapeError
from tierscape.engine_asked import Engine, check_engine, check_unfinished, unfinished
from tierscape.engine_crowd import Failed, Job, Shared, crowd_results
from tierscape.engine_progress import Progress
from tierscape.engine_worker import versions
from tierscape.scoring.tasks import Arrays, Mapped, one_by_one

_Task = TypeVar("_Task")
Say = Callable[[str], None]

#: In the folder of kept results: what they are of.
REQUEST = "request.txt"


@contextmanager
def task_engine(
    asked: Engine, output: Path | None, request: Callable[[], str], say: Say
) -> Iterator[Mapped]:
    """Give what does the tasks of a command.

    With dask, and with `resume`, every result is kept in `<output>.unfinished` until the block
    ends well; an interruption leaves it to another run.

    Parameters
    ----------
    asked
        The engine.
    output
        What the command writes; None keeps nothing.
    request
        Returns all that decides the results, as a text: options, and checksums of what is read;
        called only where results are kept.
    say
        Takes messages.

    Raises
    ------
    TierscapeError
        If the engine cannot be used, an unfinished run is in the way, there is none to go on with,
        or it was begun with another request.
    """
    check_engine(asked)
    if asked.resume and output is None:
        raise TierscapeError("--resume: needs -o, beside which the finished tasks are kept.")
    if asked == Engine():
        yield one_by_one
        return
    folder, wanted = (unfinished(output), request()) if output is not None else (None, "")
    if asked.name == "local":
        with _kept(folder, wanted, say, resume=asked.resume) as kept:
            yield _Tasks(kept, None, say)
        return
    from tierscape.engine_dask import dask_client  # noqa: PLC0415 - optional

    with (
        dask_client(asked.scheduler) as client,
        _kept(folder, wanted, say, resume=asked.resume) as kept,
    ):
        yield _Tasks(kept, client, say)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The folder in which results are kept until the command has ended, if there is one."""

    folder: Path | None

    def path(self, name: str, number: int) -> Path | None:
        """Return the file of a result."""
        return self.folder / f"{name.replace(' ', '-')}-{number:05d}.npz" if self.folder else None

    def put(self, name: str, number: int, found: Arrays) -> None:
        """Keep a result, whole or not at all."""
        path = self.path(name, number)
        if path is None:
            return
        beside = path.with_suffix(".part")
        arrays: Any = dict(found)
        try:
            with beside.open("wb") as file:
                np.savez(file, **arrays)
            beside.replace(path)
        except OSError as error:
            raise TierscapeError(f"{path}: cannot be written: {error.strerror}.") from None

    def get(self, name: str, number: int) -> Arrays | None:
        """Return a result that was kept; one that is not whole is none."""
        path = self.path(name, number)
        try:
            with np.load(path or os.devnull, allow_pickle=False) as file:
                return dict(file)
        except (OSError, ValueError, EOFError, zipfile.BadZipFile):
            return None


@contextmanager
def _kept(folder: Path | None, request: str, say: Say, *, resume: bool) -> Iterator[_Kept]:
    """Give the folder of results; it goes when all is well, or when nothing is in it."""
    if folder is None:
        yield _Kept(None)
        return
    whole = f"{request}\nversions: {', '.join(' '.join(pair) for pair in versions())}\n"
    _begin(folder, whole, resume=resume)
    kept = _Kept(folder)
    try:
        yield kept
    except (KeyboardInterrupt, TierscapeError):
        count = len(list(folder.glob("*.npz")))
        if count:
            say(f"{folder}: {count} tasks are finished; --resume does the others")
        else:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)


def _begin(folder: Path, request: str, *, resume: bool) -> None:
    """Make the folder of an unfinished run, or see that it is the same run."""
    check_unfinished(folder, resume=resume)
    path = folder / REQUEST
    try:
        if not resume:
            folder.mkdir(parents=True)
            path.write_text(request, encoding="utf-8")
        begun = path.read_text(encoding="utf-8")
    except OSError as error:
        raise TierscapeError(f"{path}: {error.strerror}. Remove the folder.") from None
    if begun != request:
        differ = sorted(set(request.splitlines()) ^ set(begun.splitlines()))
        raise TierscapeError(
            f"{folder}: was begun otherwise ({'; '.join(differ)}). "
            "Give the same options, files and versions, or remove the folder."
        )


@dataclass(frozen=True, slots=True)
class _Tasks:
    """Does tasks here or on workers, keeps what is finished, and tells how far it is."""

    kept: _Kept
    client: Any
    say: Say

    def __call__(
        self, name: str, work: Callable[[_Task], Arrays], tasks: Sequence[_Task]
    ) -> Iterator[Arrays]:
        """Return what the work makes of each task, in their order; see `Mapped`."""
        known = {
            number: found
            for number in range(len(tasks))
            if (found := self.kept.get(name, number)) is not None
        }
        if known:
            self.say(f"{name}: {len(known)} of {len(tasks)} tasks were finished before")
        return _in_order(known, self._others(name, work, tasks, known), len(tasks))

    def _others(
        self,
        name: str,
        work: Callable[[_Task], Arrays],
        tasks: Sequence[_Task],
        known: dict[int, Arrays],
    ) -> Iterator[tuple[int, Arrays]]:
        """Do the tasks that are not known, and give each with its number, as they finish."""
        todo = [number for number in range(len(tasks)) if number not in known]
        text = f"{name}: {{}} of {{}} tasks".format
        progress = Progress(self.say, len(todo), len(todo), text=lambda *done: text(*done[:2]))
        if self.client is None:
            results = ((number, work(tasks[number])) for number in todo)
        else:
            jobs = [Job(str(number), 1, tasks[number]) for number in todo]
            done = crowd_results(jobs, Shared(work, place=name), self.client)
            results = ((int(job.name), _whole(name, found)) for job, found in done)
        for number, found in results:
            self.kept.put(name, number, found)
            progress.add(1)
            yield number, found


def _in_order(
    known: dict[int, Arrays], others: Iterator[tuple[int, Arrays]], count: int
) -> Iterator[Arrays]:
    """Yield results by number; those that come early wait."""
    waiting = dict(known)
    for number in range(count):
        while number not in waiting:
            early, found = next(others)
            waiting[early] = found
        yield waiting.pop(number)


def _whole(name: str, found: Any) -> Arrays:  # noqa: ANN401 - what a worker gave
    """Return the result of a task.

    Raises
    ------
    TierscapeError
        If its workers died, or it raised what nobody expected.
    """
    if isinstance(found, Failed):
        raise TierscapeError(
            f"{name}: could not be done: {found.kind}: {found.text}. "
            "If workers ran out of memory, give them more."
        )
    result: Arrays = found
    return result
