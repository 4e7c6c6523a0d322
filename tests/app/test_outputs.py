"""Results are written whole or not at all, and the same tables give the same bytes."""

import stat
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tierscape.data.errors import TierscapeError
from tierscape.outputs import as_json, table_csv, write_file, write_folder


def fixed(text: str) -> Callable[[], str]:
    return lambda: text


def fail() -> str:
    raise RuntimeError("disk of this maker is full")


def test_numbers_are_rounded_by_column() -> None:
    table = pd.DataFrame({"lat": [1 / 3], "coast_km": [2 / 3], "percentile": [1 / 7], "tier": [1]})
    assert table_csv(table) == "lat,coast_km,percentile,tier\n0.33333,0.667,0.142857,1\n"


def test_missing_values_are_empty() -> None:
    table = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": [None, "x"]})
    assert table_csv(table) == "a,b\n1,\n,x\n"


def test_json_is_sorted_and_keeps_chinese() -> None:
    assert as_json({"b": "亚洲", "a": 1}) == '{\n  "a": 1,\n  "b": "亚洲"\n}\n'


def test_a_new_folder_holds_every_file(tmp_path: Path) -> None:
    write_folder(tmp_path / "deep" / "out", [("a.csv", fixed("1\n")), ("b.csv", fixed("2\n"))])
    assert (tmp_path / "deep" / "out" / "b.csv").read_text() == "2\n"
    assert stat.S_IMODE((tmp_path / "deep" / "out").stat().st_mode) & 0o500 == 0o500
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        write_folder(tmp_path / "out", [("a.csv", fixed("1\n")), ("b.csv", fail)])
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_old_result_whole(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", [("a.csv", fixed("old\n"))])
    with pytest.raises(RuntimeError):
        write_folder(tmp_path / "out", [("a.csv", fixed("new\n")), ("b.csv", fail)])
    assert (tmp_path / "out" / "a.csv").read_text() == "old\n"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_other_files_of_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("keep")
    write_folder(tmp_path / "out", [("a.csv", fixed("1\n"))])
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.csv", "mine.txt"]


def test_a_blocked_file_leaves_the_old_result_whole(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", [("a.csv", fixed("old\n"))])
    (tmp_path / "out" / "b.csv").mkdir()
    with pytest.raises(TierscapeError, match="is a folder there"):
        write_folder(tmp_path / "out", [("a.csv", fixed("new\n")), ("b.csv", fixed("new\n"))])
    assert (tmp_path / "out" / "a.csv").read_text() == "old\n"


def test_an_interruption_while_moving_puts_the_old_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path / "out", [("a.csv", fixed("old a\n")), ("b.csv", fixed("old b\n"))])
    replace = Path.replace

    def stop(self: Path, target: Path) -> Path:
        if self.name == "b.csv" and self.parent.name.startswith(".out-"):
            raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "out", [("a.csv", fixed("new a\n")), ("b.csv", fixed("new b\n"))])
    assert (tmp_path / "out" / "a.csv").read_text() == "old a\n"
    assert (tmp_path / "out" / "b.csv").read_text() == "old b\n"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.csv", "b.csv"]


def test_a_target_of_the_wrong_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TierscapeError, match="is a file"):
        write_folder(tmp_path / "file", [])
    with pytest.raises(TierscapeError, match="is a folder"):
        write_file(tmp_path, "x")
    with pytest.raises(TierscapeError, match="cannot be written"):
        write_file(tmp_path / "absent" / "x.csv", "x")


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    write_file(tmp_path / "a.csv", "1\n")
    write_file(tmp_path / "a.csv", "2\n")
    assert (tmp_path / "a.csv").read_text() == "2\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
