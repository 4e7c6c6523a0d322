"""`tierscape report`: what is planned, made, left alone and told."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tierscape import reporting
from tierscape.analysis import Places, load
from tierscape.data.errors import TierscapeError
from tierscape.progress import batch_progress
from tierscape.reporting import Request, plan, run
from tierscape.reports import batch
from tierscape.reports.batch_manifest import NAME, read_manifest
from tierscape.reports.blocks import Report

Make = Callable[..., tuple[int, list[str]]]


@pytest.fixture(scope="module")
def places() -> Places:
    return load(editions=["arab-2024"])


@pytest.fixture
def make(tmp_path: Path, mine: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Return a function that makes reports of the small edition; the others are not read."""
    monkeypatch.setattr(reporting, "load", partial(load, editions=["mine-2025"]))
    wish = Request(tmp_path / "out", data=mine, formats=("md",), langs=("en",), jobs=1)

    def made(**wishes: Any) -> tuple[int, list[str]]:  # noqa: ANN401 - fields of a request
        said: list[str] = []
        code = run(replace(wish, **wishes), say=said.append)
        return code, said

    return made


def shas(folder: Path) -> dict[str, str]:
    reports = read_manifest(folder).reports.values()
    return {file.name: file.sha256 for entry in reports for file in entry.files.values()}


def test_a_batch_from_end_to_end(tmp_path: Path, mine: Path, make: Make) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "letter.txt").write_text("mine")
    both = {"clusters": ("yangtze-delta", "tokyo-bay")}
    code, said = make(**both)
    first = shas(out)
    assert code == 0
    assert set(first) == {"mine-2025-tokyo-bay-en.md", "mine-2025-yangtze-delta-en.md"}
    assert set(first) | {"letter.txt", NAME} == {
        path.name for path in out.iterdir() if not path.name.startswith(".")
    }
    assert said[-1] == f"{out}: 2 of 2 reports made"
    # Again: nothing is analysed.
    assert make(**both)[1][-1] == "2 reports: 2 up to date, 0 to make"
    # Another tier of one city changes what the report of its cluster says.
    folder = mine / "editions" / "mine-2025"
    text = (folder / "roads.csv").read_text(encoding="utf-8").replace("杭州,1", "杭州,2")
    (folder / "roads.csv").write_text(text, encoding="utf-8")
    make(**both)
    second = shas(out)
    assert first["mine-2025-yangtze-delta-en.md"] != second["mine-2025-yangtze-delta-en.md"]
    assert "--data/editions/mine-2025/roads.csv" in read_manifest(out).inputs
    assert (out / "letter.txt").read_text() == "mine"
    # Two folders, one result.
    assert make(output=tmp_path / "again", clusters=("tokyo-bay",))[0] == 0
    assert shas(tmp_path / "again").items() <= second.items()


def test_each_kind_of_report_is_made(
    tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reports themselves are tested with their content; here they are empty."""

    def empty(*args: Any, **_: Any) -> Report:  # noqa: ANN401
        title = " ".join(each for each in args if isinstance(each, str))
        return Report("r", "cluster", "en", title, "", "2024-01-01", "", ())

    for name in ("overview_report", "edition_report", "cluster_report"):
        monkeypatch.setattr(batch, name, empty)
    assert make()[0] == 0
    texts = {path.name: path.read_text().strip() for path in (tmp_path / "out").glob("*.md")}
    assert texts["overview-en.md"] == "# en"
    assert texts["mine-2025-en.md"] == "# mine-2025 en"
    assert texts["mine-2025-tokyo-bay-en.md"] == "# tokyo-bay mine-2025 en"


def test_a_failing_report_is_named_and_stops_no_other(
    tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = batch.cluster_report

    def fails(analysis: Any, cluster: str, *args: Any, **options: Any) -> Any:  # noqa: ANN401
        if cluster == "yangtze-delta":
            raise ZeroDivisionError("of a template")
        return report(analysis, cluster, *args, **options)

    monkeypatch.setattr(batch, "cluster_report", fails)
    code, said = make(clusters=("yangtze-delta", "tokyo-bay"))
    assert code == 1
    assert said[-2:] == [
        "failed: mine-2025-yangtze-delta-en.md: ZeroDivisionError: of a template",
        f"{tmp_path / 'out'}: 1 of 2 reports made",
    ]
    monkeypatch.setattr(batch, "cluster_report", report)
    assert make(clusters=("yangtze-delta", "tokyo-bay"))[0] == 0


def test_a_full_disk_is_one_clear_line(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise batch.StoppedError("out: cannot be written: No space left on device.")

    monkeypatch.setattr(reporting, "run_batch", full)
    code, said = make(clusters=("tokyo-bay",))
    assert (code, said[-1]) == (1, "error: out: cannot be written: No space left on device.")


def test_the_plan(tmp_path: Path, places: Places) -> None:
    wish = Request(tmp_path, formats=("pdf", "md", "pdf"))
    tasks = plan(places, wish)
    assert [task.stem for task in tasks[:4]] == [
        "overview-zh", "overview-en", "arab-2024-zh", "arab-2024-en",
    ]  # fmt: skip
    assert {task.formats for task in tasks} == {("pdf", "md")}
    clusters = [task.cluster for task in tasks if task.kind == "cluster" and task.lang == "zh"]
    assert "persian-gulf" in clusters
    assert "alps" not in clusters, "a cluster without a ranked city has no report"
    chosen = plan(places, replace(wish, clusters=("persian-gulf",), langs=("zh",)))
    assert [task.stem for task in chosen] == ["arab-2024-persian-gulf-zh"]
    table = plan(places, replace(wish, dimensions=("traditional",), langs=("zh",)))
    assert table[0].stem == "arab-2024-traditional-zh"
    assert {task.dimensions for task in table} == {("traditional",)}


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"formats": ("pdff",)}, "Did you mean 'pdf'"),
    ({"formats": ()}, "at least one format"),
    ({"langs": ("de",)}, "unknown language"),
    ({"jobs": -1}, "give 1 or more"),
    ({"date": "yesterday"}, "is no date"),
    ({"clusters": ("tokio-bay",)}, "Did you mean 'tokyo-bay'"),
    ({"editions": ("mine-2024",)}, "Did you mean 'mine-2025'"),
    ({"dimensions": ("road",)}, "Did you mean 'roads'"),
    ({"clusters": ("alps",)}, "nothing to report"),
]


@pytest.mark.parametrize(("wish", "told"), WRONG, ids=[told for _, told in WRONG])
def test_wrong_use_is_told_and_nothing_written(
    tmp_path: Path, make: Make, wish: dict[str, Any], told: str
) -> None:
    with pytest.raises(TierscapeError, match=told):
        make(**wish)
    assert not (tmp_path / "out").exists()


def test_an_output_that_is_a_file(tmp_path: Path, make: Make) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(TierscapeError, match="is a file"):
        make()


def test_a_manifest_of_a_build_is_not_replaced(tmp_path: Path, make: Make) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / NAME).write_text('{"files": {}, "tierscape": "0.1.0"}')
    with pytest.raises(TierscapeError, match="is not a manifest of reports"):
        make(clusters=("tokyo-bay",))


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_and_a_log_gets_lines() -> None:
    for stream in (Terminal(), StringIO()):
        with batch_progress(stream) as progress:
            for done in range(4):
                progress(done, 3, f"report-{done}: 1.0 s" if done else "")
        shown = stream.getvalue()
        if stream.isatty():
            assert "3/3" in shown
            assert "\r" in shown
            assert "report-2" in shown
        else:
            assert shown.splitlines()[0] == "[1/3] report-1: 1.0 s"
            assert len(shown.splitlines()) == 3
