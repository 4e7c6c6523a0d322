"""Work on a table in parts: one process, or the workers of dask, with the same bytes out."""

import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tierscape.data.errors import DataError, Problem, TierscapeError
from tierscape.engine_asked import Engine, check_engine, check_unfinished, unfinished
from tierscape.engine_journal import Journal, is_there
from tierscape.engine_parts import MANIFEST, Parts
from tierscape.engine_progress import Progress
from tierscape.engine_worker import BESIDE, Outcome, Task, do_part, versions
from tierscape.engine_works import Work
from tierscape.outputs import as_json
from tierscape.point_columns import SHOWN, told

Say = Callable[[str], None]
Do = Callable[[Sequence[Task]], Generator[Outcome, None, None]]


@dataclass(frozen=True, slots=True)
class Run:
    """How parts are to be done.

    Attributes
    ----------
    output
        The folder of the result; `<output>.unfinished` until all parts are done.
    engine
        `local` or `dask`.
    scheduler
        The address of a running scheduler; None starts workers on this machine.
    resume
        Go on with what an earlier run has left.
    workers
        How many to start; one for each core where None.
    """

    output: Path
    engine: str = "local"
    scheduler: str | None = None
    resume: bool = False
    workers: int | None = None


def run_parts(parts: Parts, work: Work, run: Run, say: Say) -> bool:
    """Do every part of a table, and tell whether every row has a sure answer.

    Every part is written beside its target and renamed; the folder gets its name when all are
    there. The same parts and versions give the same files, whatever does them, in whatever order.

    Parameters
    ----------
    parts
        What `find_parts` returns.
    work
        What `assign_work` or `geocode_work` returns.
    run
        Where to, and with what.
    say
        Takes messages.

    Raises
    ------
    DataError
        With every row that has faults, unless they are to be kept; and with every part that
        failed. What is finished stays for `resume`.
    TierscapeError
        If the output is there already, or the engine cannot be used.
    """
    check_run(run)
    for note in parts.notes:
        say(note)
    folder = unfinished(run.output).resolve()
    journal = Journal(folder, _request(parts, work))
    with _engine(run) as do:
        done = _begun(journal, parts, run, say)
        try:
            _do(_tasks(parts, work, folder, done), do, journal, done, say=say)
        except (KeyboardInterrupt, TierscapeError):
            _leave(folder, len(done), len(parts.parts), say)
            raise
    outcomes = [done[part.name] for part in parts.parts]
    bad = sum(outcome.bad for outcome in outcomes)
    for problem in told([each for one in outcomes for each in one.problems][:SHOWN], bad):
        say(f"warning: {problem}")
    _finish(journal, work, outcomes, run.output)
    say(f"{run.output}: written, {parts.rows:,} rows in {len(outcomes)} parts")
    return not any(outcome.unsure for outcome in outcomes)


def check_run(run: Run) -> None:
    """Refuse what cannot be run, before any work.

    Raises
    ------
    TierscapeError
        If the output holds something already, an unfinished run is in the way, there is none to
        go on with, or a scheduler is named for another engine than dask.
    """
    check_engine(Engine(run.engine, run.scheduler))
    if run.output.exists():
        message = f"{run.output}: is there already. Give another folder with -o, or remove it."
        raise TierscapeError(message)
    check_unfinished(unfinished(run.output), resume=run.resume)


def _request(parts: Parts, work: Work) -> str:
    """Return what decides the result beside the parts, as a text."""
    packages = ", ".join(f"{name} {number}" for name, number in versions())
    return f"{work!r} of {','.join(parts.columns)} with {packages}"


def _begun(journal: Journal, parts: Parts, run: Run, say: Say) -> dict[str, Outcome]:
    """Begin, or return what an earlier run has finished."""
    if not run.resume:
        journal.begin()
        return {}
    done = journal.finished(parts.parts)
    say(f"{len(done)} of {len(parts.parts)} parts were finished before")
    return done


def _tasks(parts: Parts, work: Work, folder: Path, done: dict[str, Outcome]) -> list[Task]:
    """Return the parts to do."""
    return [
        Task(part, parts.geometry, work, str(folder), versions())
        for part in parts.parts
        if part.name not in done
    ]


def _do(
    tasks: Sequence[Task], do: Do, journal: Journal, done: dict[str, Outcome], *, say: Say
) -> None:
    """Do parts, note each that is done, and raise what is wrong with the others."""
    of_name = {task.part.name: task.part for task in tasks}
    failed: dict[str, Outcome] = {}
    progress = Progress(say, len(tasks), sum(task.part.rows for task in tasks))
    with closing(do(tasks)) as outcomes:
        for outcome in outcomes:
            part = of_name[outcome.name]
            if outcome.size:
                done[outcome.name] = outcome
                journal.note(part, outcome)
            else:
                failed[outcome.name] = outcome
            progress.add(part.rows)
    if failed:
        raise DataError(_faults([failed[name] for name in of_name if name in failed]))


@contextmanager
def _engine(run: Run) -> Iterator[Do]:
    """Give the function that does parts, by the engine that was asked for."""
    if run.engine == "local":
        yield _one_by_one
        return
    from tierscape.engine_dask import dask_client, dask_outcomes  # noqa: PLC0415 - optional

    with dask_client(run.scheduler, run.workers) as client:
        yield partial(dask_outcomes, client=client)


def _one_by_one(tasks: Sequence[Task]) -> Generator[Outcome, None, None]:
    for task in tasks:
        yield do_part(task)


def _leave(folder: Path, finished: int, count: int, say: Say) -> None:
    """Leave what is finished for another run; nothing of nothing."""
    if finished:
        say(f"{finished} of {count} parts are finished; --resume does the others")
    else:
        shutil.rmtree(folder, ignore_errors=True)


def _faults(failed: Sequence[Outcome]) -> list[Problem]:
    """Return what is wrong with the parts that failed."""
    problems = [problem for outcome in failed for problem in outcome.problems]
    return told(problems[:SHOWN], sum(outcome.bad for outcome in failed))


def _finish(journal: Journal, work: Work, outcomes: Sequence[Outcome], output: Path) -> None:
    """Write the manifest, and give the folder its name."""
    gone = [each.name for each in outcomes if not is_there(journal.folder, each)]
    if gone:
        raise TierscapeError(f"{journal.folder}: {', '.join(gone)} was taken away. Run --resume.")
    files = {
        each.name: {"rows": each.rows, "size": each.size, "sha256": each.sha256}
        for each in outcomes
    }
    manifest = {"command": work.name, "versions": dict(versions()), "files": files}
    try:
        (journal.folder / MANIFEST).write_text(as_json(manifest), encoding="utf-8")
        shutil.rmtree(journal.folder / BESIDE, ignore_errors=True)
        journal.drop()
        journal.folder.rename(output)
    except OSError as error:
        raise TierscapeError(f"{output}: cannot be written: {error.strerror}.") from None
