"""Printed means are held against those of their parts; what would explain a clash is told."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tierscape.data.catalog import BUILT_IN, Catalog
from tierscape.data.edition_loader import load_edition, load_editions
from tierscape.data.records import Edition
from tierscape.data.rubric_loader import load_rubric
from tierscape.scoring.audit_means import means_that_do_not_meet
from tierscape.scoring.audit_records import Finding

RUBRIC = load_rubric(Catalog(), "cstc-2021")
RUBRICS = {"cstc-2021": RUBRIC}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUILT_IN / "editions" / "cstc-2021", tmp_path / "cstc-2021"))


def edited(folder: Path, name: str, *changes: tuple[str, str]) -> Edition:
    file = folder / name
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    return load_edition(folder / "edition.toml")


def of_kind(found: list[Finding], kind: str) -> list[str]:
    return [each.detail for each in found if each.kind == kind]


@pytest.fixture(scope="module")
def shipped() -> list[Finding]:
    (edition,) = load_editions(Catalog(), ["cstc-2021"])
    return list(means_that_do_not_meet(edition, RUBRICS))


def test_the_printed_means_of_cstc_do_not_meet(shipped: list[Finding]) -> None:
    (detail,) = of_kind(shipped, "published_mean")
    # 0.10 · 0.67 + 0.15 · 0.47 + 0.25 · 0.80 + 0.20 · 0.79 + 0.30 · 0.73
    assert "give 0.7145 (0.7095 to 0.7195 with rounding)" in detail
    # Half a point each from 0.80 and 0.79 to 0.67 and 0.47: 0.005 · 0.45 less.
    assert "whole per cent (0.7073 to 0.7218) would not explain it" in detail
    assert {(each.edition, each.dimension) for each in shipped} == {("cstc-2021", "total")}


def test_each_single_figure_that_would_explain_cstc(shipped: list[Finding]) -> None:
    expected = {
        # 0.7045 of parts at their least: one must give up 0.0045, divided by its weight.
        "the index": ("0.70", "0.71", 0.7095, 0.7195),
        "技术支撑度": ("0.67", "0.62", (0.695 - 0.652) / 0.10, (0.705 - 0.643) / 0.10),
        "应用平台成熟度": ("0.80", "0.78", (0.695 - 0.51825) / 0.25, (0.705 - 0.51075) / 0.25),
        "管理成熟度": ("0.79", "0.76", 0.735, (0.705 - 0.5525) / 0.20),
        "服务完备度": ("0.73", "0.71", (0.695 - 0.499) / 0.30, (0.705 - 0.492) / 0.30),
    }
    details = of_kind(shipped, "mean_repair")
    assert len(details) == len(expected)
    for detail, (name, (old, new, low, high)) in zip(details, expected.items(), strict=True):
        assert f"the mean of {name} is printed as {old}; {new} is the nearest" in detail
        assert detail.endswith(f"leave it {low:.4f} to {high:.4f}.")


def test_resources_cannot_explain_cstc(shipped: list[Finding]) -> None:
    # It would have to be 0.435 or less, but its own parts are 0.45 and 0.48.
    assert not any("资源准备度" in detail for detail in of_kind(shipped, "mean_repair"))


def test_the_weights_that_the_means_of_cstc_need(shipped: list[Finding]) -> None:
    index, platforms, services = of_kind(shipped, "mean_weights")
    assert "Nearest to the printed weights: 10.0, 16.4, 23.6, 20.0, 30.0, 1.36 points" in index
    assert "Equal weights (0.6870 to 0.6970) would do." in index
    assert "平台开放度 0.0 to 10.3" in platforms
    assert "Nearest to equal weights: 0.0, 25.0, 50.0, 25.0" in platforms
    # w · 0.805 + (1 − w) · 0.635 ≥ 0.725 and w · 0.795 + (1 − w) · 0.625 ≤ 0.735
    low, high = 100 * 0.09 / 0.17, 100 * 0.11 / 0.17
    assert f"数字服务 {low:.1f} to {high:.1f}" in services
    assert "Equal weights (0.7100 to 0.7200) would not do." in services


@pytest.mark.parametrize(("mean", "count"), [("0.71", 0), ("0.72", 0), ("0.70", 1), ("0.73", 1)])
def test_means_meet_within_rounding(folder: Path, mean: str, count: int) -> None:
    edition = edited(folder, "edition.toml", ("index_mean = 0.70", f"index_mean = {mean}"))
    found = list(means_that_do_not_meet(edition, RUBRICS))
    assert len(of_kind(found, "published_mean")) == count
    assert bool(of_kind(found, "mean_repair")) == bool(count)


def test_a_nearest_figure_explains_it_when_it_is_put_in(folder: Path) -> None:
    edition = edited(folder, "indices.csv", (",0.73", ",0.71"))
    assert not of_kind(list(means_that_do_not_meet(edition, RUBRICS)), "published_mean")


def test_fewer_digits_leave_more_room(folder: Path) -> None:
    edition = edited(folder, "edition.toml", ("index_mean = 0.70", "index_mean = 0.7"))
    assert not of_kind(list(means_that_do_not_meet(edition, RUBRICS)), "published_mean")


def test_rounded_weights_may_explain_a_clash(folder: Path) -> None:
    edition = edited(folder, "edition.toml", ("index_mean = 0.70", "index_mean = 0.704"))
    (detail,) = of_kind(list(means_that_do_not_meet(edition, RUBRICS)), "published_mean")
    assert "would not explain it" in detail
    edition = edited(folder, "edition.toml", ("index_mean = 0.704", "index_mean = 0.708"))
    (detail,) = of_kind(list(means_that_do_not_meet(edition, RUBRICS)), "published_mean")
    assert "(0.7073 to 0.7218) would explain it" in detail


def test_a_mean_outside_of_its_parts_needs_no_weights(folder: Path) -> None:
    edition = edited(
        folder, "indices.csv", (",0.48,0.47", ",0.48,0.57"), (",0.45,0.47", ",0.45,0.57")
    )
    found = list(means_that_do_not_meet(edition, {}))
    (clash,) = of_kind(found, "published_mean")
    assert "资源准备度 is printed as 0.57 (0.5650 to 0.5750), outside of the means" in clash
    assert clash.endswith("0.4450 to 0.4850.")
    assert "For a mean of 资源准备度 of 0.57 there are no weights." in of_kind(
        found, "mean_weights"
    )
    repairs = {detail.split(" is ")[0].split(" of ")[1] for detail in of_kind(found, "mean_repair")}
    assert repairs == {"资源准备度", "信息（数据）资源标准规范", "信息（数据）资源库建设"}


def test_unknown_weights_contradict_nothing() -> None:
    (edition,) = load_editions(Catalog(), ["cstc-2021"])
    bare = [replace(each, weight=None) for each in RUBRIC.indicators]
    for rubrics in ({"cstc-2021": replace(RUBRIC, indicators=tuple(bare))}, {}):
        found = list(means_that_do_not_meet(edition, rubrics))
        assert {each.kind for each in found} == {"mean_weights"}
        assert len(found) == 2
