"""`tierscape map`: one file, whole or not at all, and errors before any work."""

import sys
from pathlib import Path
from typing import Any

import pytest

from tierscape import main_job, mapping
from tierscape.analysis import Analysis
from tierscape.data.errors import TierscapeError
from tierscape.main_job import Maker
from tierscape.mapping import Request, run

STARTS = {"png": b"\x89PNG", "svg": b"<svg", "pdf": b"%PDF"}


@pytest.mark.parametrize("form", STARTS)
def test_the_ending_decides_what_is_written(tmp_path: Path, mine: Path, form: str) -> None:
    target, said = tmp_path / f"map.{form.upper()}", []
    wish = Request(target, data=mine, edition="mine-2025", lang="en", size="post")
    run(wish, said.append)
    assert target.read_bytes().startswith(STARTS[form])
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [target.name]
    assert said == ["mine-2025/total"]


def test_a_page_is_the_atlas_of_a_build(
    tmp_path: Path, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def files(result: Analysis, lang: str) -> list[tuple[str, Maker]]:
        editions = ",".join(edition.slug for edition in result.places.editions)
        return [("atlas.html", lambda: f"{editions} {lang}"), ("cities.csv", str)]

    monkeypatch.setattr(main_job, "output_files", files)
    run(Request(tmp_path / "a.html", data=mine, edition="mine-2025", lang="en"))
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == "mine-2025 en"


def test_panels_of_clusters(tmp_path: Path) -> None:
    target = tmp_path / "panels.svg"
    run(Request(target, clusters=("alps", "rockies"), panels="clusters", lang="en"))
    assert target.stat().st_size > 10_000


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"output": "map.gif"}, "unknown ending of -o 'gif'"),
    ({"output": "map"}, "Valid: html, pdf, png, svg"),
    ({"output": "map.png", "size": "sllide"}, "Did you mean 'slide'"),
    ({"output": "map.png", "panels": "edition"}, "Did you mean 'editions'"),
    ({"output": "map.html", "panels": "editions"}, "--panels is for"),
    ({"output": "map.png", "lang": "de"}, "unknown language"),
    ({"output": "there/is/no/map.png"}, "cannot be written: No such file"),
    ({"output": "folder.png"}, "is a folder"),
]


@pytest.mark.parametrize(("wish", "told"), WRONG, ids=[told for _, told in WRONG])
def test_what_cannot_be_is_told_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wish: dict[str, Any], told: str
) -> None:
    def unread(*_: object) -> None:
        pytest.fail("read something")

    monkeypatch.setattr(mapping, "load", unread)
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(TierscapeError) as caught:
        run(Request(**{**wish, "output": tmp_path / wish["output"]}))
    assert told in str(caught.value)


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "map.png"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(TierscapeError, match="Did you mean 'alps'"):
        run(Request(target, clusters=("alpss",)))
    assert [path.name for path in tmp_path.iterdir()] == ["map.png"]
    assert target.read_text(encoding="utf-8") == "old"


def test_without_typst_the_remedy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(TierscapeError, match=r"tierscape\[figures\]"):
        run(Request(tmp_path / "map.pdf"))
