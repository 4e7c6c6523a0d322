"""Totals are held against their parts: tiers by tiers, printed means by printed weights."""

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tierscape.data.catalog import BUILT_IN, Catalog
from tierscape.data.edition_loader import load_edition, load_editions
from tierscape.data.rubric_loader import load_rubric
from tierscape.scoring.audit_totals import means_that_do_not_meet, totals_outside_parts

RUBRICS = {"cstc-2021": load_rubric(Catalog(), "cstc-2021")}


def table(rows: list[tuple[str, str, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["dimension", "city_id", "tier"])
    return frame.assign(edition="e", name_published="City " + frame["city_id"])


def test_a_total_outside_its_parts_is_found_both_ways() -> None:
    tiers = {"total": (1, 2, 3), "roads": (2, 1, 2), "wires": (2, 3, 2)}
    rows = [
        (name, str(city), tier) for name, all_ in tiers.items() for city, tier in enumerate(all_)
    ]
    found = [(each.city_id, each.detail) for each in totals_outside_parts(table(rows))]
    assert [city for city, _ in found] == ["0", "2"]
    assert "City 0 is in tier 1 of the total, better than in every part" in found[0][1]
    assert "worse than in every part (roads 2, wires 2)" in found[1][1]


def test_one_part_is_not_enough_to_be_outside_of() -> None:
    assert not list(totals_outside_parts(table([("total", "1", 1), ("roads", "1", 2)])))
    assert not list(totals_outside_parts(table([("roads", "1", 1), ("wires", "1", 2)])))


def test_the_printed_means_of_cstc_do_not_meet() -> None:
    (edition,) = load_editions(Catalog(), ["cstc-2021"])
    (found,) = means_that_do_not_meet(edition, RUBRICS)
    # 0.10 · 0.67 + 0.15 · 0.47 + 0.25 · 0.80 + 0.20 · 0.79 + 0.30 · 0.73
    assert "give 0.7145 (0.7095 to 0.7195 with rounding)" in found.detail
    assert (found.kind, found.edition) == ("published_mean", "cstc-2021")


@pytest.mark.parametrize(("mean", "count"), [("0.71", 0), ("0.72", 0), ("0.70", 1), ("0.73", 1)])
def test_means_meet_within_rounding(tmp_path: Path, mean: str, count: int) -> None:
    shutil.copytree(BUILT_IN / "editions" / "cstc-2021", tmp_path / "cstc-2021")
    file = tmp_path / "cstc-2021" / "edition.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("index_mean = 0.70", f"index_mean = {mean}"), encoding="utf-8")
    assert len(list(means_that_do_not_meet(load_edition(file), RUBRICS))) == count


def test_unknown_weights_give_no_finding() -> None:
    (edition,) = load_editions(Catalog(), ["cstc-2021"])
    bare = [replace(each, weight=None) for each in RUBRICS["cstc-2021"].indicators]
    rubric = replace(RUBRICS["cstc-2021"], indicators=tuple(bare))
    assert not list(means_that_do_not_meet(edition, {"cstc-2021": rubric}))
    assert not list(means_that_do_not_meet(edition, {}))
