"""What the tests of the commands share."""

from collections.abc import Callable
from pathlib import Path

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
