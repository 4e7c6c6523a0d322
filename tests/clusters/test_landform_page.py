"""The page of landforms says what the data say."""

import importlib.util
from pathlib import Path

from tierscape.analysis import load

ROOT = Path(__file__).parents[2]


def test_the_page_is_current() -> None:
    path = ROOT / "tools" / "build_landforms.py"
    spec = importlib.util.spec_from_file_location("build_landforms", path)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    shown = (ROOT / "docs" / "landforms.md").read_text(encoding="utf-8")
    assert tool.page(load()) == shown, "run `python tools/build_landforms.py` and read what changed"
