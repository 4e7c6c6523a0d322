"""Reports on the workers of dask: each is made there, and written by the first process."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from tierscape.engine_asked import Engine
from tierscape.engine_crowd import Failed, Job, Shared, crowd_results
from tierscape.reports.batch import Do, Made, Task
from tierscape.reports.batch_workers import Died, results


@contextmanager
def report_engine(asked: Engine, jobs: int, libraries: tuple[str, ...]) -> Iterator[Do]:
    """Give what makes reports.

    Parameters
    ----------
    asked
        The engine.
    jobs
        How many processes of this machine, where the engine is `local`.
    libraries
        Distributions that decide what a report looks like: the same versions everywhere.

    Raises
    ------
    TierscapeError
        If the engine cannot be used.
    """
    if asked.name == "local":
        yield partial(results, jobs=jobs)
        return
    from tierscape.engine_dask import dask_client  # noqa: PLC0415 - optional

    with dask_client(asked.scheduler, libraries=libraries) as client:
        yield partial(_on_workers, client=client)


def _on_workers(
    tasks: Sequence[Task],
    work: Callable[[Task], Made],
    client: Any,  # noqa: ANN401 - dask has no types
) -> Generator[tuple[Task, Made | Died], None, None]:
    """Give each report with what was made of it, or why its workers died."""
    jobs = [Job(task.key, 1, task) for task in tasks]
    for job, found in crowd_results(jobs, Shared(work), client):
        yield job.task, _died(found) if isinstance(found, Failed) else found


def _died(failed: Failed) -> Died:
    return Died(f"{failed.kind}: {failed.text}")
