"""Tasks on real worker processes: the same results, whoever does them and whatever happens."""

import os
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tierscape.data.errors import DataError, TierscapeError
from tierscape.engine_asked import UNFINISHED, Engine
from tierscape.engine_crowd import SMALL
from tierscape.engine_tasks import task_engine
from tierscape.scoring.tasks import Arrays, one_by_one

TASKS = range(12)
DATA = np.arange(20_000.0)
Go = Callable[..., list[Arrays]]
Work = Callable[[int], Arrays]
Client = Any


@pytest.fixture
def work(farm_work: ModuleType, tmp_path: Path) -> Work:
    """Return work with more data than is sent with every task."""
    assert DATA.nbytes > SMALL
    (tmp_path / "notes").mkdir()
    return partial(farm_work.drawn, DATA, 0.05, str(tmp_path / "notes"))


@pytest.fixture
def go(client: Client, work: Work, tmp_path: Path) -> Go:
    """Return a function that does all tasks on the workers, and gives their results."""

    def done(
        *,
        resume: bool = False,
        engine: str = "dask",
        request: str = "draws: 12",
        say: Callable[[str], None] = lambda _: None,
        stop: int = len(TASKS),
    ) -> list[Arrays]:
        address = client.scheduler.address if engine == "dask" else None
        asked = Engine(engine, address, resume)
        found = []
        with task_engine(asked, tmp_path / "out", partial(str, request), say) as mapped:
            for result in mapped("draws", work, TASKS):
                found.append(result)
                if len(found) == stop < len(TASKS):
                    raise KeyboardInterrupt
        return found

    return done


def same(found: list[Arrays], expected: list[Arrays]) -> bool:
    return len(found) == len(expected) and all(
        one.keys() == two.keys() and all(np.array_equal(one[key], two[key]) for key in one)
        for one, two in zip(found, expected, strict=True)
    )


def test_workers_give_what_one_process_gives(go: Go, work: Work, tmp_path: Path) -> None:
    expected = list(one_by_one("draws", work, TASKS))
    assert same(go(), expected)
    assert not (tmp_path / f"out{UNFINISHED}").exists()


def test_a_killed_worker_changes_nothing(
    go: Go, work: Work, client: Client, tmp_path: Path
) -> None:
    expected = list(one_by_one("draws", work, TASKS))
    victim, over = min(client.run(os.getpid).values()), threading.Event()

    def kill() -> None:
        while not list((tmp_path / f"out{UNFINISHED}").glob("*.npz")) and not over.is_set():
            time.sleep(0.002)
        os.kill(victim, signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        found = go()
    finally:
        over.set()
        thread.join()
    assert same(found, expected)
    client.wait_for_workers(2, timeout=30)
    assert victim not in client.run(os.getpid).values()


@pytest.mark.parametrize("second", ["dask", "local"])
def test_resume_does_only_what_is_missing(go: Go, work: Work, tmp_path: Path, second: str) -> None:
    expected = list(one_by_one("draws", work, TASKS))
    told: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        go(stop=5, say=told.append)
    kept = {path.stem for path in (tmp_path / f"out{UNFINISHED}").glob("*.npz")}
    assert len(kept) >= 5
    assert f"{len(kept)} tasks are finished; --resume does the others" in told[-1]
    time.sleep(0.5)  # what was under way when it was interrupted may still leave its note
    notes = {path.name: path.read_text() for path in (tmp_path / "notes").iterdir()}
    assert same(go(resume=True, engine=second, say=told.append), expected)
    assert f"draws: {len(kept)} of 12 tasks were finished before" in told
    for name in kept:
        number = str(int(name.removeprefix("draws-")))
        assert (tmp_path / "notes" / number).read_text() == notes[number]


def test_another_request_is_refused(go: Go, tmp_path: Path) -> None:
    with pytest.raises(TierscapeError, match="nothing to resume"):
        go(resume=True)
    with pytest.raises(KeyboardInterrupt):
        go(stop=2)
    with pytest.raises(TierscapeError, match=r"not finished\. Finish it with --resume"):
        go()
    with pytest.raises(TierscapeError, match=r"begun otherwise \(draws: 12; draws: 13\)"):
        go(resume=True, request="draws: 13")
    (tmp_path / f"out{UNFINISHED}" / "draws-00000.npz").write_bytes(b"PK half of it")
    assert len(go(resume=True)) == len(TASKS)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("data", r"a\.csv.*is no number"),
        ("one", "cannot be done"),
        ("else", "draws: could not be done: ZeroDivisionError: task"),
    ],
)
def test_what_a_task_raises_is_raised(
    farm_work: ModuleType, client: Client, kind: str, text: str
) -> None:
    asked = Engine("dask", client.scheduler.address)
    with (
        pytest.raises(TierscapeError, match=text) as told,
        task_engine(asked, None, str, lambda _: None) as mapped,
    ):
        list(mapped("draws", partial(farm_work.refused, kind), TASKS))
    assert isinstance(told.value, DataError) == (kind == "data")


def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    for asked, output, text in (
        (Engine("local", "tcp://127.0.0.1:1"), tmp_path / "out", "is for --engine dask"),
        (Engine("dask", resume=True), None, "needs -o"),
    ):
        with (
            pytest.raises(TierscapeError, match=text),
            task_engine(asked, output, str, lambda _: None),
        ):
            pass
