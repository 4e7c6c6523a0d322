"""Work on the workers of dask: lost pieces again, slow ones twice, full disks elsewhere."""

import pickle
import statistics
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from tierscape.data.errors import DataError, Problem, TierscapeError

_Task = TypeVar("_Task")

#: Pieces that are given out for each thread: one to do, and one to go on with.
AHEAD = 2
#: A piece is done a second time if it takes this many times as long as the others, all pieces
#: being given out; and at least this many seconds.
SLOW, PATIENCE = 3, 10.0
#: Seconds between two looks at what is slow.
TICK = 0.5
#: Work of more bytes than this is sent to the workers once, and not with every piece.
SMALL = 50_000


@dataclass(frozen=True, slots=True)
class Job(Generic[_Task]):
    """A piece of work: a name that no other has, how large it is, and what the work is given."""

    name: str
    size: int
    task: _Task


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a piece came to nothing: it ended its workers, or raised what nobody expected."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Shared:
    """Work to do, and which of its results ask for another worker.

    Attributes
    ----------
    do
        A function that can be pickled; what it raises on purpose ends everything.
    no_room
        Tells of a result whether the disk of its worker was full.
    place
        What is written, for the message that no worker has room.
    """

    do: Callable[[Any], Any]
    no_room: Callable[[Any], bool] = lambda _: False
    place: str = ""


def crowd_results(
    jobs: Sequence[Job[_Task]],
    work: Shared,
    client: Any,  # noqa: ANN401 - dask has no types
) -> Generator[tuple[Job[_Task], Any], None, None]:
    """Do pieces of work on the workers of a cluster, and give each with its result.

    Parameters
    ----------
    jobs
        The pieces; the largest are given out first.
    work
        What is done with each.
    client
        What `engine_dask.dask_client` gives.

    Yields
    ------
    tuple
        The piece, and what the work made of it or `Failed`, as they finish. Closing the generator
        takes back what is not finished.

    Raises
    ------
    TierscapeError
        If the scheduler is lost, no worker has room, or the work raises one.
    """
    crowd = _Crowd(client, work, {job.name: job for job in jobs})
    waiting = deque(sorted(jobs, key=lambda job: -job.size))
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


@dataclass(frozen=True, slots=True)
class _Refused:
    """What the work raised on purpose."""

    text: str
    problems: tuple[Problem, ...]

    def error(self) -> TierscapeError:
        """Return it as the error that it was."""
        return DataError(self.problems) if self.problems else TierscapeError(self.text)


def _called(do: Callable[[Any], Any], task: object) -> tuple[float, Any]:
    """Do a piece of work where the worker is; return the seconds it took, and the result."""
    start = time.perf_counter()
    try:
        found = do(task)
    except TierscapeError as error:
        found = _Refused(str(error), error.problems if isinstance(error, DataError) else ())
    return time.perf_counter() - start, found


@dataclass(slots=True)
class _Crowd(Generic[_Task]):
    """What is given out, since when, and what came back."""

    client: Any
    work: Shared
    open: dict[str, Job[_Task]]
    sent: Any = None
    running: dict[Any, tuple[str, float]] = field(default_factory=dict)
    back: "SimpleQueue[Any]" = field(default_factory=SimpleQueue)
    full: set[str] = field(default_factory=set)
    took: list[float] = field(default_factory=list)

    def threads(self) -> int:
        """Return how many pieces the workers with room can do at once."""
        known: dict[str, int] = self.client.nthreads()
        return max(1, sum(count for worker, count in known.items() if worker not in self.full))

    def give(self, job: Job[_Task], besides: frozenset[str] = frozenset()) -> None:
        """Give a piece to a worker that has room and is none of some, if there is one.

        Raises
        ------
        TierscapeError
            If no worker has room.
        """
        room = set(self.client.nthreads()) - self.full
        if self.full and not room:
            raise TierscapeError(
                f"{self.work.place}: cannot be written: no worker has room. "
                "Free some and run it again."
            )
        able = sorted(room - besides)
        if besides and not able:
            return
        some = able if self.full or besides else None
        self._send()
        future = self.client.submit(_called, self.sent, job.task, pure=False, workers=some)
        self.running[future] = job.name, time.monotonic()
        future.add_done_callback(self.back.put)

    def _send(self) -> None:
        """Send the work to all workers if it is large; again if all that had it are lost."""
        if self.sent is None:
            small = len(pickle.dumps(self.work.do)) <= SMALL
            self.sent = self.work.do if small else self._scattered()
        elif getattr(self.sent, "status", "finished") != "finished":
            self.sent = self._scattered()

    def _scattered(self) -> Any:  # noqa: ANN401 - dask has no types
        return self.client.scatter(self.work.do, broadcast=True, hash=False)

    def collected(self) -> Iterator[tuple[Job[_Task], Any]]:
        """Wait a moment for a piece, and give what became of it."""
        try:
            future = self.back.get(timeout=TICK)
        except Empty:
            self._check_scheduler()
            return
        name, _ = self.running.pop(future, ("", 0.0))
        if name not in self.open:  # the other one of two was faster
            return
        done = self._result(future, name)
        if done is None:
            return
        seconds, found = done
        if isinstance(found, _Refused):
            raise found.error()
        self.took.append(seconds)
        yield self.open.pop(name), found

    def help_slow(self) -> None:
        """Do the pieces that take far longer than the others on another worker too."""
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

    def _result(self, future: Any, name: str) -> tuple[float, Any] | None:  # noqa: ANN401
        """Return the seconds and the result of a piece; None if it is done again."""
        job = self.open[name]
        if future.status == "finished":
            try:
                done: tuple[float, Any] = future.result(timeout=max(PATIENCE, TICK))
            except TimeoutError:  # its worker stands still and holds the answer
                self._again(job, future)
                return None
            return None if self._elsewhere(job, future, done[1]) else done
        self._check_scheduler()
        if future.status == "error":
            error = future.exception()
            return 0.0, Failed(type(error).__name__, str(error).split("\n")[0])
        # It was lost with its worker after it was done, before it was told.
        self.give(job)
        return None

    def _again(self, job: Job[_Task], future: Any) -> None:  # noqa: ANN401
        """Give a piece whose answer does not come to another worker, or wait where none is."""
        holders = frozenset(self.client.who_has([future]).get(future.key, ()))
        if set(self.client.nthreads()) - self.full - holders:
            self.give(job, holders)
        else:
            self.running[future] = job.name, time.monotonic()
            self.back.put(future)

    def _elsewhere(self, job: Job[_Task], future: Any, found: Any) -> bool:  # noqa: ANN401
        """Give a piece whose worker has a full disk to another; tell whether that was done."""
        if isinstance(found, _Refused) or not self.work.no_room(found):
            return False
        holders = self.client.who_has([future]).get(future.key, ())
        self.full.update(holders)
        if holders:
            self.give(job)
        return bool(holders)

    def lost(self) -> TierscapeError:
        """Return the error that tells of a lost scheduler."""
        return TierscapeError(f"{self.client._start_arg}: the scheduler was lost.")  # noqa: SLF001

    def _check_scheduler(self) -> None:
        if self.client.status not in {"running", "newly-created"}:
            raise self.lost()
