"""Tables in parts on real worker processes: killed, stopped, without room, of other versions."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import Result

from tierscape import engine_crowd, engine_dask, engine_progress
from tierscape.data.errors import DataError, TierscapeError
from tierscape.engine import MANIFEST, Run, run_parts
from tierscape.engine_asked import UNFINISHED
from tierscape.engine_geocode import geocode_work
from tierscape.engine_journal import NAME
from tierscape.engine_parts import Parts, find_parts
from tierscape.geo.gazetteer import gazetteer

Invoke = Callable[..., Result]
Say = Callable[[str], None]
PARTS, ROWS = 16, 600
#: A scheduler and a worker in a process that can be killed.
SCHEDULER = """
import distributed, time
cluster = distributed.LocalCluster(
    n_workers=1, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0",
    protocol="tcp://", host="127.0.0.1",
)
print(cluster.scheduler_address, flush=True)
time.sleep(600)
"""


def quiet(_: str) -> None:
    """Take a message."""


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    folder = tmp_path_factory.mktemp("names")
    with gazetteer() as places:
        names = np.array(places.names_of(), object)
    rng = np.random.default_rng(1)
    for number in range(PARTS):
        frame = pd.DataFrame(
            {"row": number * ROWS + np.arange(ROWS), "name": rng.choice(names, ROWS)}
        )
        frame.to_parquet(folder / f"part-{number:02d}.parquet", index=False)
    return find_parts(folder)


@pytest.fixture(scope="module")
def whole(parts: Parts, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("whole") / "out"
    done(parts, Run(out))
    return files(out)


@dataclass(frozen=True, slots=True)
class Farm:
    """Two workers, a table, and what it gives without them."""

    client: Any
    parts: Parts
    whole: dict[str, bytes]
    out: Path

    @property
    def address(self) -> str:
        return str(self.client.scheduler.address)

    def pids(self) -> list[int]:
        return sorted(self.client.run(os.getpid).values())

    def done(self, say: Say = quiet, *, resume: bool = False, engine: str = "dask") -> None:
        address = self.address if engine == "dask" else None
        done(self.parts, Run(self.out, engine, address, resume), say)

    def in_the_middle(self, act: Callable[[], None]) -> threading.Thread:
        """Act when the first parts are finished, and others not."""
        unfinished = self.out.with_name(self.out.name + UNFINISHED)

        def wait() -> None:
            while noted(unfinished) < 2 and not self.out.exists():
                time.sleep(0.002)
            act()

        thread = threading.Thread(target=wait)
        thread.start()
        return thread

    def check(self) -> None:
        assert files(self.out) == self.whole


@pytest.fixture
def farm(client: Any, parts: Parts, whole: dict[str, bytes], tmp_path: Path) -> Farm:  # noqa: ANN401
    client.wait_for_workers(2, timeout=30)
    return Farm(client, parts, whole, tmp_path / "out")


def done(parts: Parts, run: Run, say: Say = quiet) -> bool:
    return run_parts(parts, geocode_work(parts.columns), run, say)


def noted(unfinished: Path) -> int:
    """Return how many parts the journal of an unfinished run tells."""
    journal = unfinished / NAME
    return journal.read_text().count("sha256") if journal.exists() else 0


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_workers_give_the_same_bytes(farm: Farm) -> None:
    assert len(farm.client.nthreads()) == 2
    farm.done()
    farm.check()
    rows = pd.concat(pd.read_parquet(path) for path in farm.out.glob("*.parquet"))
    assert sorted(rows["row"]) == list(range(PARTS * ROWS))


def test_a_killed_worker_loses_nothing(farm: Farm) -> None:
    victim = farm.pids()[0]
    thread = farm.in_the_middle(partial(os.kill, victim, signal.SIGKILL))
    farm.done()
    thread.join()
    farm.check()
    assert victim not in farm.pids()


def test_a_stopped_worker_holds_nothing_up(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_crowd, "PATIENCE", 0.5)
    slow = farm.pids()[0]
    thread = farm.in_the_middle(partial(os.kill, slow, signal.SIGSTOP))
    try:
        farm.done()
    finally:
        thread.join()
        os.kill(slow, signal.SIGCONT)
    farm.check()


def test_a_worker_without_room_gives_its_parts_to_others(farm: Farm) -> None:
    one = min(farm.client.nthreads())
    # The system refuses files over 10 kB: the parts have more.
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (%s, -1))"
    farm.client.run(exec, limit % "10_000", workers=[one])
    try:
        farm.done()
        farm.check()
        shutil.rmtree(farm.out)
        farm.client.run(exec, limit % "10_000")
        with pytest.raises(TierscapeError, match="no worker has room"):
            farm.done()
    finally:
        farm.client.run(exec, limit % "-1")


def test_other_versions_are_refused_before_any_work(farm: Farm) -> None:
    one = min(farm.client.nthreads())
    name = "import tierscape.engine_worker as w; w.versions.cache_clear(); w.version = %s"
    farm.client.run(exec, name % "lambda package: '9.9'", workers=[one])
    try:
        with pytest.raises(DataError, match=f"{one}.*tierscape 9.9.*Install the same versions"):
            farm.done()
    finally:
        again = name % "__import__('importlib.metadata').metadata.version"
        farm.client.run(exec, again, workers=[one])
    assert list(farm.out.parent.iterdir()) == []


def test_an_interruption_cancels_and_resume_goes_on(
    farm: Farm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_progress, "PACE", 0.0)

    def interrupted(message: str) -> None:
        if message.startswith("3 of"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        farm.done(interrupted)
    deadline = time.monotonic() + 10
    while any(farm.client.processing().values()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(farm.client.processing().values())
    told: list[str] = []
    farm.done(told.append, resume=True, engine="local")
    assert told[0] == f"3 of {PARTS} parts were finished before"
    farm.check()


def test_a_lost_scheduler_is_told_and_its_parts_are_finished_by_another(farm: Farm) -> None:
    script = farm.out.with_name("scheduler.py")
    script.write_text(SCHEDULER)
    command = [sys.executable, str(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        address = other.stdout.readline().strip()
        thread = farm.in_the_middle(other.kill)
        with pytest.raises(TierscapeError, match="scheduler was lost"):
            done(farm.parts, Run(farm.out, "dask", address))
        thread.join()
    farm.done(resume=True)
    farm.check()
    assert MANIFEST in farm.whole


def test_a_scheduler_that_is_not_there_is_named(
    run: Invoke, parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_dask, "CONNECT", 1)
    source, out = str(Path(parts.parts[0].path).parent), str(tmp_path / "out")
    address = "tcp://127.0.0.1:1"
    result = run("geocode", source, "-o", out, "--engine", "dask", "--scheduler", address)
    assert result.exit_code == 2
    assert f"error: {address}: no dask scheduler answers within 1 s" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_in_a_terminal_ends_all_without_noise(farm: Farm, tmp_path: Path) -> None:
    # Every row ten times, so that the work lasts until the signal comes.
    (tmp_path / "in").mkdir()
    for part in farm.parts.parts:
        longer(pd.read_parquet(part.path)).to_parquet(tmp_path / "in" / part.name, index=False)
    for _ in range(5):
        code, told = interrupted(farm, tmp_path / "in")
        if code == 130:
            break
        shutil.rmtree(farm.out)  # all was done before the signal came
    assert code == 130
    assert "parts are finished; --resume does the others" in told
    assert "Traceback" not in told
    done(find_parts(tmp_path / "in"), Run(farm.out, resume=True))
    for part in farm.parts.parts:
        expected = longer(pd.read_parquet(BytesIO(farm.whole[part.name])))
        pd.testing.assert_frame_equal(pd.read_parquet(farm.out / part.name), expected)


def interrupted(farm: Farm, source: Path) -> tuple[int, str]:
    """Run the command, interrupt it as a terminal does, and return its exit and what it told."""
    command = [sys.executable, "-m", "tierscape", "geocode", str(source), "-o", str(farm.out)]
    with subprocess.Popen(
        [*command, "--engine", "dask"],
        stderr=subprocess.PIPE,
        text=True,
        # A terminal sends the signal to the command and all that it started, and nobody ignores it.
        start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as run:
        farm.in_the_middle(partial(interrupt, run.pid)).join()
        told = run.communicate(timeout=60)[1]
    return run.returncode, told


def interrupt(group: int) -> None:
    """Send Ctrl-C to the processes of a terminal, if there are any."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGINT)


def longer(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table ten times."""
    return pd.concat([table] * 10, ignore_index=True)
