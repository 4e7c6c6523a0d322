"""Every script of the gallery runs, prints what its page shows, and is shown."""

import re
import runpy
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pytest

import tierscape

GALLERY = Path(__file__).parent.parent / "docs" / "gallery"
SCRIPTS = sorted(GALLERY.glob("*.py"))


@lru_cache(maxsize=8)
def load_once(data: Path | None, editions: tuple[str, ...]) -> tierscape.Places:
    return tierscape.analysis.load(data, editions)


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Run where files may be written; the same rankings are read once for all scripts."""

    def load(data: Path | None = None, editions: Iterable[str] = ()) -> tierscape.Places:
        return load_once(data, tuple(editions))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tierscape, "load", load, raising=False)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_prints_what_is_shown(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(script))
    assert capsys.readouterr().out == script.with_suffix(".txt").read_text(encoding="utf-8")


def test_there_are_ten_and_all_are_shown() -> None:
    page = (GALLERY / "index.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```\{literalinclude\} (\S+)$", page, flags=re.MULTILINE)
    assert len(SCRIPTS) >= 10
    assert sorted(shown) == sorted(
        path.name for path in GALLERY.iterdir() if path.suffix in {".py", ".txt"}
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_is_short_and_uses_public_names_only(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 30
    used = set(re.findall(r"\btierscape\.(\w+)", text))
    assert used <= set(tierscape.__all__)
    assert not re.search(r"^(from|import) tierscape\.", text, flags=re.MULTILINE)
