"""Reports on real worker processes: the same bytes, also where a worker is killed."""

import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import Result

from tierscape import engine_dask, engine_worker, reporting
from tierscape.analysis import load
from tierscape.data.errors import DataError, TierscapeError
from tierscape.engine_asked import Engine
from tierscape.reporting import LIBRARIES, Request, run
from tierscape.reports.batch_manifest import NAME

Client = Any


@pytest.fixture
def wish(tmp_path: Path, mine: Path, monkeypatch: pytest.MonkeyPatch) -> Request:
    """Return a request for reports on a small edition; the others are not read."""
    monkeypatch.setattr(reporting, "load", partial(load, editions=["mine-2025"]))
    clusters = ("tokyo-bay", "yangtze-delta", "xian-kashgar")
    return Request(tmp_path / "out", data=mine, clusters=clusters, formats=("md", "pdf"), jobs=1)


def files(folder: Path) -> dict[str, bytes]:
    """Return the reports; the manifest tells how long each took."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name[0] != "."}


def test_workers_make_the_same_reports(wish: Request, client: Client) -> None:
    assert run(wish) == 0
    expected = files(wish.output)
    for path in wish.output.iterdir():
        path.unlink()
    victim = min(client.run(os.getpid).values())
    told: list[str] = []

    def kill(done: int, _: int, line: str) -> None:
        told.append(line)
        if done == 2:
            os.kill(victim, signal.SIGKILL)

    assert run(wish, kill, engine=Engine("dask", client.scheduler.address)) == 0
    found = files(wish.output)
    assert found.keys() == expected.keys()
    assert len(told) == len(found) // 2 + 1
    assert {name for name in found if found[name] != expected[name]} <= {NAME}
    client.wait_for_workers(2, timeout=30)
    assert victim not in client.run(os.getpid).values()


def test_a_report_that_ends_its_workers_is_told(
    wish: Request, client: Client, farm_work: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "worker", lambda *_: farm_work.deadly)
    told: list[str] = []
    asked = Engine("dask", client.scheduler.address)
    one = Request(wish.output, data=wish.data, clusters=("tokyo-bay",), langs=("en",))
    assert run(one, say=told.append, engine=asked) == 1
    assert any("failed: mine-2025-tokyo-bay-en.pdf: KilledWorker" in line for line in told)


def test_other_libraries_are_refused(wish: Request, client: Client) -> None:
    client.wait_for_workers(2, timeout=30)
    name = "import tierscape.engine_worker as w; w.versions.cache_clear(); w.version = %s"
    real = "__import__('importlib.metadata').metadata.version"
    client.run(exec, name % f"lambda name: '9.9' if name == 'typst' else {real}(name)")
    try:
        with pytest.raises(DataError, match=r"typst 9\.9"):
            run(wish, engine=Engine("dask", client.scheduler.address))
    finally:
        client.run(exec, name % real)
    assert "typst" in LIBRARIES
    assert engine_worker.versions(LIBRARIES) != engine_worker.versions()


def test_a_scheduler_that_is_not_there_is_named(
    wish: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_dask, "CONNECT", 1)
    with pytest.raises(TierscapeError, match=r"tcp://127\.0\.0\.1:1: no dask scheduler answers"):
        run(wish, engine=Engine("dask", "tcp://127.0.0.1:1"))
    assert files(wish.output) == {}


def test_a_scheduler_is_for_dask(run: Callable[..., Result], tmp_path: Path) -> None:
    result = run("report", "-o", str(tmp_path / "out"), "--scheduler", "tcp://127.0.0.1:1")
    assert result.exit_code == 2
    assert "--scheduler: is for --engine dask" in result.stderr
