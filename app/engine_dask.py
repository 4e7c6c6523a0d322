"""Workers of dask: found or started, checked, and given the parts of a table."""

import logging
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from operator import attrgetter
from pathlib import Path
from typing import Any

from tierscape.data.errors import DataError, Problem, TierscapeError
from tierscape.engine_crowd import Failed, Job, Shared, crowd_results
from tierscape.engine_journal import is_there
from tierscape.engine_worker import Outcome, Task, do_part, other_versions, versions
from tierscape.reports.batch_workers import deaf_to_interrupts

#: Seconds to reach a scheduler, and then a worker of it.
CONNECT, FIRST_WORKER = 5, 4
#: What workers that are started here do otherwise than dask's own: freed memory is kept for the
#: next array (arrays up to 32 MB, 256 MB in all), and nobody looks at their stacks. A part takes a
#: fifth less time. One of the two thresholds alone would fix the other at a small value.
SETTINGS = {
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 1 << 28,
    "distributed.nanny.pre-spawn-environ.MALLOC_MMAP_THRESHOLD_": 1 << 25,
    "distributed.worker.profile.enabled": False,
}


@contextmanager
def dask_client(
    scheduler: str | None, workers: int | None = None, *, libraries: tuple[str, ...] = ()
) -> Iterator[Any]:
    """Give a client of a running cluster, or of one of this machine's processes.

    Parameters
    ----------
    scheduler
        The address of a scheduler; None starts workers here, one thread each.
    workers
        How many to start; one for each core where None.
    libraries
        Distributions whose versions must be the same everywhere, beside those of every work.

    Raises
    ------
    TierscapeError
        If dask is not installed, no scheduler answers, it has no worker, or a worker lacks the
        package or has other versions.
    """
    try:
        import dask  # noqa: PLC0415 - optional
        import distributed  # noqa: PLC0415 - optional
    except ImportError:
        message = "--engine dask needs dask.distributed. Install it: pip install 'tierscape[dask]'"
        raise TierscapeError(message) from None
    with ExitStack() as stack:
        if scheduler is None:
            stack.enter_context(dask.config.set(SETTINGS))
            with deaf_to_interrupts():
                cluster = distributed.LocalCluster(  # type: ignore[no-untyped-call]
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address="127.0.0.1:0",
                    silence_logs=logging.CRITICAL,
                )
            client = distributed.Client(stack.enter_context(cluster))  # type: ignore[no-untyped-call]
        else:
            # What is lost is told in one sentence, not in dask's words.
            logging.getLogger("distributed").setLevel(logging.CRITICAL)
            client = _reached(distributed, scheduler)
        stack.enter_context(client)
        _check_workers(client, scheduler or "the local cluster", libraries)
        yield client


def dask_outcomes(
    tasks: Sequence[Task],
    client: Any,  # noqa: ANN401 - dask has no types
) -> Generator[Outcome, None, None]:
    """Do parts on the workers of a cluster, and give what becomes of each, as they finish.

    Parameters
    ----------
    tasks
        The parts; the largest are given out first.
    client
        What `dask_client` gives.

    Raises
    ------
    TierscapeError
        If the scheduler is lost, no worker has room, or a worker writes where the others do not
        see it.
    """
    jobs = [Job(task.part.name, task.part.rows, task) for task in tasks]
    work = Shared(do_part, attrgetter("no_room"), tasks[0].folder if tasks else "")
    for job, found in crowd_results(jobs, work, client):
        if isinstance(found, Failed):
            yield _failed(job.task, found)
            continue
        if found.size and not is_there(Path(job.task.folder), found):
            raise TierscapeError(
                f"{job.task.folder}: a worker wrote {found.name} where this process does not see "
                "it. Give -o on a disk that all workers share."
            )
        yield found


def _failed(task: Task, failed: Failed) -> Outcome:
    """Return the outcome of a part that came to nothing."""
    rule = f"could not be done ({failed.kind})"
    remedy = "If workers ran out of memory, give them more, or write smaller row groups."
    problem = Problem(task.part.path, None, None, failed.text, rule, remedy)
    return Outcome(task.part.name, bad=1, problems=(problem,))


def _reached(distributed: Any, scheduler: str) -> Any:  # noqa: ANN401 - dask has no types
    """Return a client of a running scheduler."""
    try:
        return distributed.Client(scheduler, timeout=CONNECT, direct_to_workers=False)
    except Exception as error:  # noqa: BLE001 - what answers may be no scheduler at all
        reason = str(error).split("\n")[0] or type(error).__name__
        raise TierscapeError(
            f"{scheduler}: no dask scheduler answers within {CONNECT} s ({reason}). "
            "Start one (dask scheduler), or leave --scheduler out."
        ) from None


def _check_workers(
    client: Any,  # noqa: ANN401 - dask has no types
    where: str,
    libraries: tuple[str, ...],
) -> None:
    """Refuse a cluster without workers, or with workers of other versions."""
    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER)
    except TimeoutError:
        message = f"{where}: the scheduler has no worker. Start some (dask worker)."
        raise TierscapeError(message) from None
    expected = versions(libraries)
    found = client.run(versions, libraries, on_error="return")
    problems = []
    for worker, answer in sorted(found.items()):
        if isinstance(answer, BaseException):
            rule = "cannot load tierscape, or what it needs"
            remedy = "Install the same tierscape[dask] on every worker."
            problems.append(Problem(worker, None, None, str(answer), rule, remedy))
        elif answer != expected:
            problems.append(other_versions(expected, answer, worker))
    if problems:
        raise DataError(problems)
