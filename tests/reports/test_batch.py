"""Batches: real interruptions, real files; nothing lost, nothing half-written."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierscape.data.errors import TierscapeError
from tierscape.reports import batch_files
from tierscape.reports.batch import Ledger, Made, StoppedError, Task, due, run_batch
from tierscape.reports.batch_files import LOCK, locked, put_file
from tierscape.reports.batch_manifest import NAME, Manifest, read_manifest, write_manifest
from tierscape.reports.names import safe_name, unique_names

#: A batch of its own process: five texts, some slow, some deadly.
SCRIPT = """
import os, sys, time
from functools import partial
from pathlib import Path
from tierscape.reports.batch import Ledger, Made, Task, due, run_batch
from tierscape.reports.batch_files import locked
from tierscape.reports.batch_manifest import read_manifest
from tierscape.reports.batch_workers import results

def work(task):
    if task.stem == os.environ.get("DEADLY"):
        os.kill(os.getpid(), 9)
    if task.stem == os.environ.get("SLOW"):
        time.sleep(60)
    return Made(task.stem, 0.1, {"md": task.stem.encode() * 1000})

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    with locked(folder):
        ledger = Ledger(folder, read_manifest(folder), "now")
        tasks = [Task(n, n, "e", n, "en", (), ("md",)) for n in "abcde"]
        say = lambda done, total, line: print(line, flush=True)
        do = partial(results, jobs=int(sys.argv[2]))
        run_batch(ledger, due(tasks, ledger), work, do=do, progress=say)
"""


def tasks(names: str = "abcde", formats: tuple[str, ...] = ("md",)) -> list[Task]:
    return [Task(name, name, "e", name, "en", (), formats) for name in names]


def work(task: Task) -> Made:
    kept = task.whole if task.content == "said" else ()
    files = {form: f"{task.stem} {form}".encode() for form in task.formats if form not in kept}
    return Made("said", 0.0, files)


def ledger(folder: Path, inputs: str = "now") -> Ledger:
    return Ledger(folder, read_manifest(folder), inputs)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name not in {NAME, LOCK})


def start(tmp_path: Path, jobs: int, **settings: str) -> "subprocess.Popen[str]":
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "out"), str(jobs)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **settings},
        start_new_session=True,
    )


def test_a_killed_worker_costs_its_report_and_ctrl_c_leaves_the_finished(tmp_path: Path) -> None:
    with start(tmp_path, 2, DEADLY="b", SLOW="d") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(5)]
        # As a terminal does: to all processes of the group.
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode in {-signal.SIGINT, 130}
    assert err.count("KeyboardInterrupt") == 1, "only the first process says so"
    assert out == ""
    assert sum("its process was killed (SIGKILL)" in line for line in lines) == 1
    folder = tmp_path / "out"
    assert names(folder) == ["a.md", "c.md", "e.md"]
    assert all(path.read_bytes() == path.stem.encode() * 1000 for path in folder.glob("*.md"))
    reports = read_manifest(folder).reports
    assert {key: entry.status for key, entry in reports.items()} == {
        **dict.fromkeys("ace", "done"),
        "b": "failed",
    }
    assert [task.key for task in due(tasks(), ledger(folder))] == ["b", "d"]


def test_after_a_killed_run_the_next_one_works(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with start(tmp_path, 1, SLOW="c") as process:
        assert process.stdout is not None
        for _ in "_ab":
            process.stdout.readline()
        with (
            pytest.raises(TierscapeError, match=f"process {process.pid} is writing"),
            locked(folder),
        ):
            pytest.fail("two runs in one folder")
        process.kill()
    (folder / ".part-c.md").write_text("half")
    with locked(folder):
        todo = due(tasks(), ledger(folder))
        assert [task.key for task in todo] == list("cde")
        run_batch(ledger(folder), todo, work)
    assert names(folder) == [f"{name}.md" for name in "abcde"]


def test_a_second_run_makes_what_changed_and_no_more(tmp_path: Path) -> None:
    run_batch(ledger(tmp_path), due(tasks(), ledger(tmp_path)), work)
    assert due(tasks(), ledger(tmp_path)) == []
    (tmp_path / "b.md").unlink()
    assert [task.key for task in due(tasks(), ledger(tmp_path))] == ["b"]
    # With a further format only that is made.
    asked = due(tasks("a", ("md", "html")), ledger(tmp_path))
    assert [task.whole for task in asked] == [("md",)]
    # Other inputs, the same words: no file is written.
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.md")}
    changed = ledger(tmp_path, "later")
    run_batch(changed, due(tasks("acde"), changed), work)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.md")} == before
    assert due(tasks("acde"), ledger(tmp_path, "later")) == []


def test_a_format_of_an_older_report_is_not_taken_for_new(tmp_path: Path) -> None:
    both = tasks("a", ("md", "html"))
    run_batch(ledger(tmp_path), due(both, ledger(tmp_path)), work)
    new = ledger(tmp_path, "later")
    run_batch(new, due(tasks("a"), new), lambda task: Made("else", 0.0, {"md": task.key.encode()}))
    again = due(both, ledger(tmp_path, "later"))
    assert [(task.key, task.whole) for task in again] == [("a", ("md",))]


def test_a_failing_report_stops_no_other_and_is_tried_again(tmp_path: Path) -> None:
    def fails(task: Task) -> Made:
        return replace(work(task), files={}, errors={"md": "no"}) if task.key == "b" else work(task)

    made = run_batch(ledger(tmp_path), due(tasks(), ledger(tmp_path)), fails)
    assert [key for key, entry in made.reports.items() if entry.status == "failed"] == ["b"]
    assert names(tmp_path) == ["a.md", "c.md", "d.md", "e.md"]
    assert [task.key for task in due(tasks(), ledger(tmp_path))] == ["b"]


def test_a_changed_or_foreign_file_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("mine")
    (tmp_path / "letter.txt").write_text("mine too")
    lines: list[str] = []
    run_batch(
        ledger(tmp_path),
        due(tasks("ab"), ledger(tmp_path)),
        work,
        progress=lambda _, __, line: lines.append(line),
    )
    assert "a: a.kept-1.md is what was there before" in lines
    (tmp_path / "a.md").write_text("edited")
    run_batch(ledger(tmp_path), due(tasks("ab"), ledger(tmp_path)), work)
    texts = {path.name: path.read_text() for path in tmp_path.glob("a.*")}
    assert texts == {"a.md": "a md", "a.kept-1.md": "mine", "a.kept-2.md": "edited"}
    assert (tmp_path / "letter.txt").read_text() == "mine too"


def test_a_full_disk(full_disk: Path) -> None:
    def large(task: Task) -> Made:
        return Made("said", 0.0, {"md": task.key.encode() * 300_000})

    with locked(full_disk), pytest.raises(StoppedError, match="No space left") as caught:
        run_batch(ledger(full_disk), due(tasks(), ledger(full_disk)), large)
    assert "3 of 5 reports are whole" in str(caught.value)
    assert names(full_disk) == ["a.md", "b.md", "c.md"]
    assert {path.stat().st_size for path in full_disk.glob("*.md")} == {300_000}
    assert [task.key for task in due(tasks(), ledger(full_disk))] == ["d", "e"]


@pytest.fixture
def full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file system of one megabyte; where that may not be made, writes that fail likewise."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1000k", "tmpfs", str(folder)]
    linux = sys.platform == "linux"
    real = linux and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    if not real:
        monkeypatch.setattr(batch_files, "replace_file", limited(folder, 1_000_000))
    yield folder
    if real:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S607


def limited(folder: Path, room: int) -> Callable[[Path, bytes], None]:
    write = batch_files.replace_file

    def replace_file(path: Path, content: bytes) -> None:
        used = sum(each.stat().st_size for each in folder.iterdir())
        if used + len(content) > room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, content)

    return replace_file


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.md"
    target.write_text("old")

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(KeyboardInterrupt):
        batch_files.replace_file(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]
    assert target.read_text() == "old"


def test_a_folder_in_the_place_of_a_report_fails_that_report(tmp_path: Path) -> None:
    (tmp_path / "b.md").mkdir()
    made = run_batch(ledger(tmp_path), due(tasks("abc"), ledger(tmp_path)), work)
    assert made.reports["b"].errors["md"].startswith("b.md: cannot be written: Is a directory")
    assert names(tmp_path) == ["a.md", "b.md", "c.md"]


@pytest.mark.parametrize("text", ["{", "[]", '{"files": {}}', '{"tierscape": "1", "inputs": 3}'])
def test_a_manifest_of_something_else_is_not_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(TierscapeError, match="is not a manifest of reports"):
        read_manifest(tmp_path)
    assert (tmp_path / NAME).read_text() == text


def test_a_manifest_reads_as_it_was_written(tmp_path: Path) -> None:
    made = run_batch(ledger(tmp_path), due(tasks("阿b"), ledger(tmp_path)), work)
    assert read_manifest(tmp_path) == made
    write_manifest(tmp_path, Manifest())
    assert read_manifest(tmp_path) == Manifest()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("text")
    with pytest.raises(TierscapeError, match="is a file"), locked(tmp_path / "out"):
        pytest.fail("locked a file")


def test_the_same_bytes_are_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"same")
    os.utime(path, (1, 1))
    assert put_file(path, b"same", "") == ""
    assert path.stat().st_mtime == 1


UNSAFE = ["../x", "CON", "con.txt", "a:b", "dots...", " blank ", "n\x00l", "/etc/passwd", "", "..",
          "COM¹", "a\udcffb", "x" * 400, "阿" * 400, "-rf", "a\u202eb"]  # fmt: skip


@pytest.mark.parametrize("text", UNSAFE)
def test_unsafe_names_become_files(tmp_path: Path, text: str) -> None:
    name = safe_name(text)
    path = tmp_path / f"{name}.kept-1.html"
    batch_files.replace_file(path, b"x")
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert name.split(".")[0].upper() not in {"CON", "COM1", "COM¹"}
    assert not set('<>:"/\\|?*') & set(name)
    assert name == name.strip(" .-")


@given(st.lists(st.text(max_size=12), max_size=8))
def test_names_are_unique_where_capitals_do_not_count(texts: list[str]) -> None:
    found = unique_names(texts, ["taken"])
    assert len({name.casefold() for name in found} | {"taken"}) == len(texts) + 1
    assert unique_names(texts, ["taken"]) == found


@given(st.text(alphabet="abc阿尔0-_", min_size=1, max_size=30).filter(lambda t: t.strip("-") == t))
def test_plain_names_stay(text: str) -> None:
    assert safe_name(text) == text


def test_two_reports_with_one_name_get_two_files(tmp_path: Path) -> None:
    twins = [Task(f"{n}/zh", "a-b-zh", "e", str(n), "zh", (), ("md",)) for n in (1, 2)]
    run_batch(ledger(tmp_path), due(twins[:1], ledger(tmp_path)), work)
    run_batch(ledger(tmp_path), due(twins, ledger(tmp_path)), work)
    assert names(tmp_path) == ["a-b-zh-2.md", "a-b-zh.md"]
