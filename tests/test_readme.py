"""What the README shows is what the commands print, and its files and numbers are there."""

import re
import shlex
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from tierscape.analysis import analyse, load
from tierscape.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```console\n\$ tierscape (.+?)\n(.*?)```", README, flags=re.DOTALL)


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_a_command_prints_what_the_readme_shows(command: str, output: str) -> None:
    result = CliRunner().invoke(main, shlex.split(command), catch_exceptions=False)
    assert result.stdout == output


def test_the_tour_shows_commands() -> None:
    assert len(SHOWN) >= 3


def test_links_lead_to_files() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert len(links) > 10
    assert [link for link in links if not (ROOT / link).is_file()] == []


def test_every_command_is_in_the_table() -> None:
    for name in main.commands:
        assert f"`tierscape {name}" in README


def test_the_verdicts_are_counted(verdicts: pd.Series) -> None:
    counts = verdicts.value_counts()
    order = ("supported", "contradicted", "undetermined", "untestable")
    text = ", ".join(f"{counts[name]} {name}" for name in order)
    assert f"each of {len(verdicts)} claims" in " ".join(README.split())
    assert text in " ".join(README.split())


@pytest.fixture(scope="module")
def verdicts() -> pd.Series:
    return analyse(load()).claims["verdict"]
