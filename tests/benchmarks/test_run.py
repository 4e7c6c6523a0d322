"""All scripts are run; one that fails leaves a row that says why, and the others go on."""

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import machine
import pytest
import run
from harness import NOT_MEASURED
from machine import Clock

GIVES = """
import sys
sys.path.insert(0, {folder!r})
from harness import Row, Side, main

def rows(quick):
    print("a library says hello")
    yield Row("Topic", "quick" if quick else "whole", Side("tierscape", (1.0,)), Side("p", (2.0,)))
    {then}

main(rows)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, then in (("bad", "raise ValueError('no shore')"), ("good", "")):
        text = GIVES.format(folder=str(run.FOLDER), then=then)
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(run, "FOLDER", tmp_path)
    monkeypatch.setattr(run, "SCRIPTS", ("bad", "good"))
    monkeypatch.setattr(run, "RESULTS", tmp_path / "RESULTS.md")
    return tmp_path


def asked(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["run.py", *words])
    return run.main()


def test_every_script_with_rows_is_run() -> None:
    scripts = {
        path.stem
        for path in run.FOLDER.glob("*.py")
        if re.search(r"^ +main\(rows", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert scripts == set(run.SCRIPTS)


def test_a_script_that_fails_leaves_its_rows_and_the_reason(folder: Path) -> None:
    given, failed = run.rows_of(folder / "bad.py", quick=True)
    assert given.what == "quick"
    assert given.ratios == [2.0]
    assert failed.what == "bad"
    assert failed.note == "failed: ValueError: no shore"


def test_the_others_go_on_and_the_page_holds_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(monkeypatch) == 1
    text = (folder / "RESULTS.md").read_text(encoding="utf-8")
    assert text.count("| whole | p | 2.00 (1 pair) |") == 2
    assert "failed: ValueError: no shore" in text
    assert "## Not finished" in text
    assert re.search(r"^\| good \| \d+\.\d \| \d+\.\d\d \|$", text, re.MULTILINE)
    assert "quick run" not in text
    assert "== bad" in capsys.readouterr().out


def test_a_quick_run_and_a_part_write_only_where_they_are_told_to(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked(monkeypatch, "--quick", "--only", "good") == 0
    assert not (folder / "RESULTS.md").exists()
    assert asked(monkeypatch, "--quick", "--only", "good", "-o", str(folder / "q.md")) == 0
    assert "**A quick run:**" in (folder / "q.md").read_text(encoding="utf-8")


def test_the_heading_names_versions_and_no_path() -> None:
    text = run.heading(0.0, 0.0, quick=False)
    assert f"Python {platform.python_version()}" in text
    for name in (*machine.OURS, *machine.PEERS):
        assert re.search(rf"{name} (\d|missing)", text)
    assert str(machine.ROOT) not in text


def test_a_busy_machine_is_told_first() -> None:
    assert machine.warnings(0.69, 0.19) == []
    assert len(machine.warnings(0.71, 0.21)) == 2
    assert run.heading(3.5, 0.0, quick=False).startswith("> **Warning")


@pytest.mark.parametrize(("waited", "seen"), [(22.0, 10.0), (10.0, 22.0)])
def test_cores_taken_by_others_are_what_is_left_of_the_machines_time(
    waited: float, seen: float
) -> None:
    before, after = Clock(100.0, 50.0, 10.0, 10.0), Clock(110.0, 65.0, waited, seen)
    assert before.others(after) == pytest.approx(0.3)
    assert before.others(Clock(110.0, 55.0, waited, seen)) == 0.0


def test_processes_far_below_are_seen() -> None:
    work = "import time; [None for _ in iter(lambda: time.process_time() < 0.3, False)]"
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {work!r}]).wait()"
    seen: machine.Seen = {}
    child = subprocess.Popen([sys.executable, "-c", code])
    while child.poll() is None:
        machine.look(seen)
    below = [cpu for (pid, _), cpu in seen.items() if pid not in {os.getpid(), child.pid}]
    assert max(below) > 0.2
    assert Clock.read(seen).seen >= sum(below)


def test_the_mean_of_others_is_over_the_minutes() -> None:
    assert run.taken([run.Ran("a", 3.0, 0.0), run.Ran("b", 1.0, 2.0)]) == 0.5


def test_a_missing_peer_leaves_rows_that_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import geocode  # noqa: PLC0415 - reads the gazetteer
    import spatial  # noqa: PLC0415 - heavy

    for script in (geocode, spatial):
        monkeypatch.setattr(script, "has", lambda *_: False)
    found = [*geocode.rows(quick=True), *spatial.rows(quick=True)]
    assert [row.note for row in found] == [NOT_MEASURED] * 3
