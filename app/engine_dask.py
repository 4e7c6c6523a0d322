"""Parts on the workers of dask: lost ones again, slow ones twice, full disks elsewhere."""

import logging
import statistics
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from tierscape.data.errors import DataError, Problem, TierscapeError
from tierscape.engine_journal import is_there
from tierscape.engine_worker import Outcome, Task, do_part, other_versions, versions

#: Seconds to reach a scheduler, and then a worker of it.
CONNECT, FIRST_WORKER = 5, 4
#: Parts that are given out for each thread: one to do, and one to go on with.
AHEAD = 2
#: A part is done a second time if it takes this many times as long as the others, all parts
#: being given out; and at least this many seconds.
SLOW, PATIENCE = 3, 10.0
#: Seconds between two looks at what is slow.
TICK = 0.5


@contextmanager
def dask_client(scheduler: str | None, workers: int | None = None) -> Iterator[Any]:
    """Give a client of a running cluster, or of one of this machine's processes.

    Parameters
    ----------
    scheduler
        The address of a scheduler; None starts workers here, one thread each.
    workers
        How many to start; one for each core where None.

    Raises
    ------
    TierscapeError
        If dask is not installed, no scheduler answers, it has no worker, or a worker lacks the
        package or has other versions.
    """
    try:
        import distributed  # noqa: PLC0415 - optional
    except ImportError:
        message = "--engine dask needs dask.distributed. Install it: pip install 'tierscape[dask]'"
        raise TierscapeError(message) from None
    with ExitStack() as stack:
        if scheduler is None:
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
        _check_workers(client, scheduler or "the local cluster")
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
        If the scheduler is lost, or a worker writes where the others do not see it.
    """
    crowd = _Crowd(client, {task.part.name: task for task in tasks})
    waiting = deque(sorted(tasks, key=lambda task: (-task.part.rows, task.part.name)))
    try:
        while crowd.open:
            while waiting and len(crowd.running) < AHEAD * crowd.threads():
                crowd.give(waiting.popleft())
            yield from crowd.collected()
            if not waiting:
                crowd.help_slow()
    except OSError:  # a broken connection may be noticed before the client says so
        raise crowd.lost() from None
    finally:
        crowd.stop()


@dataclass(slots=True)
class _Crowd:
    """What is given out, since when, and what came back."""

    client: Any
    open: dict[str, Task]
    running: dict[Any, tuple[str, float]] = field(default_factory=dict)
    back: "SimpleQueue[Any]" = field(default_factory=SimpleQueue)
    full: set[str] = field(default_factory=set)
    took: list[float] = field(default_factory=list)

    def threads(self) -> int:
        """Return how many parts the workers with room can do at once."""
        known: dict[str, int] = self.client.nthreads()
        return max(1, sum(count for worker, count in known.items() if worker not in self.full))

    def give(self, task: Task, besides: frozenset[str] = frozenset()) -> None:
        """Give a part to a worker that has room and is none of some, if there is one.

        Raises
        ------
        TierscapeError
            If no worker has room.
        """
        room = set(self.client.nthreads()) - self.full
        if self.full and not room:
            raise TierscapeError(
                f"{task.folder}: cannot be written: no worker has room. Free some, and --resume."
            )
        able = sorted(room - besides)
        if besides and not able:
            return
        some = able if self.full or besides else None
        future = self.client.submit(do_part, task, pure=False, workers=some)
        self.running[future] = task.part.name, time.monotonic()
        future.add_done_callback(self.back.put)

    def collected(self) -> Iterator[Outcome]:
        """Wait a moment for a part, and give what became of it."""
        try:
            future = self.back.get(timeout=TICK)
        except Empty:
            self._check_scheduler()
            return
        name, _ = self.running.pop(future, ("", 0.0))
        if name not in self.open:  # the other one of two was faster
            return
        outcome = self._outcome(future, name)
        if outcome is not None:
            del self.open[name]
            self.took.append(outcome.seconds)
            yield outcome

    def help_slow(self) -> None:
        """Do the parts that take far longer than the others on another worker too."""
        if not self.took:
            return
        usual = statistics.median(self.took)
        limit = time.monotonic() - max(PATIENCE, AHEAD * SLOW * usual)
        names = [name for name, _ in self.running.values()]
        slow = [
            (future, name)
            for future, (name, since) in self.running.items()
            if since < limit and name in self.open and names.count(name) == 1
        ]
        if not slow:
            return
        holders = {key: worker for worker, keys in self.client.processing().items() for key in keys}
        for future, name in slow:
            holder = holders.get(future.key)
            self.give(self.open[name], frozenset([holder] if holder else []))

    def stop(self) -> None:
        """Take back what is not finished."""
        with suppress(Exception):  # the scheduler may be gone
            self.client.cancel(list(self.running), force=True)

    def _outcome(self, future: Any, name: str) -> Outcome | None:  # noqa: ANN401
        """Return what became of a part; None if it is done again."""
        task = self.open[name]
        if future.status == "finished":
            try:
                outcome: Outcome = future.result(timeout=max(PATIENCE, TICK))
            except TimeoutError:  # its worker stands still and holds the answer
                self._again(task, future)
                return None
            if outcome.no_room and self._elsewhere(task, future):
                return None
            self._check_there(outcome, task)
            return outcome
        self._check_scheduler()
        if future.status == "error":
            return _failed(task, future.exception())
        # It was lost with its worker after it was done, before it was told.
        self.give(task)
        return None

    def _again(self, task: Task, future: Any) -> None:  # noqa: ANN401
        """Give a part whose answer does not come to another worker, or wait where there is none."""
        holders = frozenset(self.client.who_has([future]).get(future.key, ()))
        if set(self.client.nthreads()) - self.full - holders:
            self.give(task, holders)
        else:
            self.running[future] = task.part.name, time.monotonic()
            self.back.put(future)

    def _elsewhere(self, task: Task, future: Any) -> bool:  # noqa: ANN401
        """Give a part whose worker has a full disk to another; tell whether that is possible."""
        holders = self.client.who_has([future]).get(future.key, ())
        self.full.update(holders)
        if holders:
            self.give(task)
        return bool(holders)

    def _check_there(self, outcome: Outcome, task: Task) -> None:
        if outcome.size and not is_there(Path(task.folder), outcome):
            raise TierscapeError(
                f"{task.folder}: a worker wrote {outcome.name} where this process does not see "
                "it. Give -o on a disk that all workers share."
            )

    def lost(self) -> TierscapeError:
        """Return the error that tells of a lost scheduler."""
        return TierscapeError(f"{self.client._start_arg}: the scheduler was lost.")  # noqa: SLF001

    def _check_scheduler(self) -> None:
        if self.client.status not in {"running", "newly-created"}:
            raise self.lost()


def _failed(task: Task, error: BaseException | None) -> Outcome:
    """Return the outcome of a part that ended its workers, or raised what nobody expected."""
    value = str(error).split("\n")[0]
    rule = f"could not be done ({type(error).__name__})"
    remedy = "If workers ran out of memory, give them more, or write smaller row groups."
    return Outcome(
        task.part.name, bad=1, problems=(Problem(task.part.path, None, None, value, rule, remedy),)
    )


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


def _check_workers(client: Any, where: str) -> None:  # noqa: ANN401 - dask has no types
    """Refuse a cluster without workers, or with workers of other versions."""
    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER)
    except TimeoutError:
        message = f"{where}: the scheduler has no worker. Start some (dask worker)."
        raise TierscapeError(message) from None
    found = client.run(versions, on_error="return")
    problems = []
    for worker, answer in sorted(found.items()):
        if isinstance(answer, BaseException):
            rule = "cannot load tierscape, or what it needs"
            remedy = "Install the same tierscape[dask] on every worker."
            problems.append(Problem(worker, None, None, str(answer), rule, remedy))
        elif answer != versions():
            problems.append(other_versions(versions(), answer, worker))
    if problems:
        raise DataError(problems)
