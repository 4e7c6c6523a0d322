"""Printed means are read with their rounding, and every fault is named."""

import shutil
from pathlib import Path

import pytest

from tierscape.data.catalog import BUILT_IN, Catalog
from tierscape.data.edition_loader import load_edition, load_editions
from tierscape.data.errors import DataError
from tierscape.data.published_means import Printed, load_means
from tierscape.data.rubric_loader import load_rubric


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUILT_IN / "editions" / "cstc-2021", tmp_path / "cstc-2021"))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(("text", "half"), [("0.70", 0.005), ("0.7", 0.05), ("70", 0.5)])
def test_a_printed_number_keeps_its_digits(text: str, half: float) -> None:
    printed = Printed.read(text)
    assert (printed.value, printed.half, printed.text) == (float(text), half, text)
    assert printed.low == pytest.approx(float(text) - half)
    assert printed.high == pytest.approx(float(text) + half)


def test_the_means_of_cstc_with_their_weights() -> None:
    (edition,) = load_editions(Catalog(), ["cstc-2021"])
    means = load_means(edition, load_rubric(Catalog(), "cstc-2021"))
    assert means is not None
    assert means.printed.text == "0.70"
    assert [part.printed.text for part in means.parts] == ["0.67", "0.47", "0.80", "0.79", "0.73"]
    assert [part.weight for part in means.parts] == [10, 15, 25, 20, 30]
    assert [len(part.parts) for part in means.parts] == [6, 2, 4, 2, 2]
    assert {each.weight for part in means.parts for each in part.parts} == {None}


def test_an_edition_without_means_has_none(folder: Path) -> None:
    assert load_means(load_editions(Catalog(), ["asia-2023"])[0]) is None
    edit(folder / "edition.toml", "index_mean = 0.70\n", "")
    assert load_means(load_edition(folder / "edition.toml")) is None


def test_all_faults_are_named_at_once(folder: Path) -> None:
    file = folder / "indices.csv"
    edit(file, "网络基础,0.82,0.67", "网络基础,high,0.67")
    edit(file, "云计算,0.50,0.67", "云计算,,0.66")
    edit(file, "服务体验,0.63", "数字服务,0.63")
    with pytest.raises(DataError) as caught:
        load_means(load_edition(folder / "edition.toml"))
    found = [(problem.row, problem.column) for problem in caught.value.problems]
    assert found == [(2, "mean_level_2"), (4, "mean_level_1"), (4, "mean_level_2"), (17, "level_2")]
