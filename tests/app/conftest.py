"""What the tests of the commands share."""

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner, Result

from tierscape.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Return a function that runs the command line and gives its result."""

    def invoke(*arguments: str, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(main, list(arguments), input=stdin, catch_exceptions=False)

    return invoke


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Return a user's folder with one small, faultless edition."""
    folder = tmp_path / "data" / "editions" / "mine-2025"
    folder.mkdir(parents=True)
    (folder / "edition.toml").write_text(
        'title_en = "Mine"\nyear = 2025\ncountries = ["CN", "JP"]\n'
        '[[dimension]]\nslug = "total"\n'
        'tiers = [{ number = 1, label = "A" }, { number = 2, label = "B" }]\n'
        '[[dimension]]\nslug = "roads"\n'
        'tiers = [{ number = 1, label = "A" }, { number = 2, label = "B" }]\n',
        encoding="utf-8",
    )
    for name in ("total", "roads"):
        rows = "name,tier\n上海,1\n东京,1\n西安,2\n乌鲁木齐,2\n喀什,2\n杭州,1\n"
        (folder / f"{name}.csv").write_text(rows, encoding="utf-8")
    return tmp_path / "data"


@pytest.fixture(scope="module")
def farm_work() -> Iterator[ModuleType]:
    """Return a module of work that workers find too: they get this process's path."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parent))
        yield importlib.import_module("farm_work")


@pytest.fixture(scope="module")
def cluster(farm_work: ModuleType) -> Iterator[object]:  # noqa: ARG001 - its path comes first
    """Return two workers of dask, each a process."""
    import distributed  # noqa: PLC0415 - few tests need it

    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    ) as running:
        yield running


@pytest.fixture(scope="module")
def client(cluster: object) -> Iterator[object]:
    """Return a client of the two workers."""
    import distributed  # noqa: PLC0415 - few tests need it

    with distributed.Client(cluster) as found:
        yield found
