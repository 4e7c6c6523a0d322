"""Totals are held against their parts, tiers by tiers."""

import pandas as pd

from tierscape.scoring.audit_totals import totals_outside_parts


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
