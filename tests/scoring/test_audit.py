"""The audit finds each kind of oddity, and nothing where there is none."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierscape.data.edition_table import entry_table
from tierscape.data.records import Dimension, Edition, Entry, Tier
from tierscape.geo.aliases import Alias
from tierscape.scoring.audit import audit

THIRDS = (Tier(1, "top half", 0, 50), Tier(2, "rest", 50, 100))


def dimension(
    tiers: dict[str, int],
    slug: str = "total",
    *,
    ladder: tuple[Tier, ...] = THIRDS,
    notes: dict[str, str] | None = None,
) -> Dimension:
    entries = tuple(
        Entry(name, tier, 1, row, (notes or {}).get(name, ""), row + 1)
        for row, (name, tier) in enumerate(tiers.items(), 1)
    )
    return Dimension(slug, slug, slug, "", ladder, entries, Path(f"{slug}.csv"))


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    file = tmp_path / "edition.toml"
    file.write_text('title_printed_zh = "城市排名 2023"\n', encoding="utf-8")
    return Edition(
        slug="one",
        title_zh="城市排名2023",
        title_en="",
        year=2023,
        publisher="",
        credit="来源：某社，城市排名 2023",
        terms="",
        rubric="r",
        stated_cities=4,
        countries=(),
        continent="",
        dimensions=(dimension({"甲": 1, "乙": 1, "丙": 2, "丁": 2}),),
        file=file,
    )


def tiers_of(*editions: Edition, ids: dict[str, str] | None = None) -> pd.DataFrame:
    table = entry_table(editions)
    return table.assign(city_id=table["name_published"].replace(ids or {}))


def found(*editions: Edition, kind: str, ids: dict[str, str] | None = None) -> pd.DataFrame:
    table = audit(editions, tiers_of(*editions, ids=ids))
    return table[table["kind"] == kind]


def test_a_sound_edition_has_no_findings(edition: Edition) -> None:
    table = audit([edition], tiers_of(edition))
    assert table.empty
    assert list(table.columns) == ["edition", "dimension", "kind", "city_id", "detail"]


def test_label_share_needs_more_than_one_city_of_difference(edition: Edition) -> None:
    three = replace(edition, dimensions=(dimension({"甲": 1, "乙": 1, "丙": 1, "丁": 2}),))
    assert found(three, kind="label_share").empty
    tiers = {"甲": 1, "乙": 1, "丙": 1, "丁": 1, "戊": 1, "己": 2}
    five = replace(edition, dimensions=(dimension(tiers),))
    details = found(five, kind="label_share")["detail"].tolist()
    assert details[0] == "“top half” holds 5 of 6 cities, 83.3 %; its label promises 3.0, 50 %."


@pytest.mark.parametrize(
    ("ladder", "detail"),
    [
        ((Tier(1, "a", 0, 40), Tier(2, "b", 50, 100)), "“a” ends at 40, “b” begins at 50."),
        ((Tier(1, "a", 0, 60), Tier(2, "b", 50, 100)), "“a” ends at 60, “b” begins at 50."),
        ((Tier(1, "a", 5, 50), Tier(2, "b", 50, 100)), "“0 %” ends at 0.0, “a” begins at 5."),
        ((Tier(1, "a", 0, 50), Tier(2, "b", 50, 90)), "“b” ends at 90, “100 %” begins at 100.0."),
        (
            (Tier(1, "a", score_from=0.9), Tier(2, "b", score_to=0.8)),
            "“a” ends at 0.9, “b” begins at 0.8.",
        ),
    ],
)
def test_label_gap(edition: Edition, ladder: tuple[Tier, ...], detail: str) -> None:
    table = dimension({"甲": 1, "乙": 1, "丙": 2, "丁": 2}, ladder=ladder)
    odd = replace(edition, dimensions=(table,))
    assert found(odd, kind="label_gap")["detail"].tolist() == [detail]


def test_labels_without_numbers_are_left_alone(edition: Edition) -> None:
    table = dimension({"甲": 1, "乙": 2}, ladder=(Tier(1, "good"), Tier(2, "fair")))
    assert found(replace(edition, dimensions=(table,)), kind="label_gap").empty


def test_stated_count(edition: Edition) -> None:
    details = found(replace(edition, stated_cities=5), kind="stated_count")["detail"].tolist()
    assert details == ["5 cities are stated, 4 are in the table."]
    assert found(replace(edition, stated_cities=None), kind="stated_count").empty


def test_missing_city(edition: Edition) -> None:
    tables = (dimension({"甲": 1, "乙": 2}), dimension({"甲": 1, "丙": 2}, "digital"))
    rows = found(replace(edition, dimensions=tables), kind="missing_city")
    assert set(zip(rows["dimension"], rows["city_id"], strict=True)) == {
        ("total", "丙"),
        ("digital", "乙"),
    }


def test_order_conflict_names_every_pair(edition: Edition) -> None:
    other = replace(
        edition, slug="two", dimensions=(dimension({"甲": 2, "乙": 1, "丙": 1, "丁": 2}),)
    )
    rows = found(edition, other, kind="order_conflict")
    assert rows["city_id"].tolist() == ["甲 丙"]
    assert rows["edition"].tolist() == ["one two"]
    assert rows["detail"].tolist() == [
        "one puts 甲 (top half) above 丙 (rest); two puts 丙 (top half) above 甲 (rest).",
    ]


def test_order_repair_lists_every_smallest_set(edition: Edition) -> None:
    other = replace(
        edition, slug="two", dimensions=(dimension({"甲": 2, "乙": 1, "丙": 1, "丁": 2}),)
    )
    rows = found(edition, other, kind="order_repair")
    assert rows["city_id"].tolist() == ["丙", "甲"]
    assert rows["detail"].tolist() == [
        "The two tables agree on all shared cities but 丙: 1 city, one of 2 smallest sets.",
        "The two tables agree on all shared cities but 甲: 1 city, one of 2 smallest sets.",
    ]
    assert found(edition, replace(edition, slug="two"), kind="order_repair").empty


def test_editions_with_another_rubric_are_never_linked(edition: Edition) -> None:
    reverse = (dimension({"甲": 2, "乙": 2, "丙": 1, "丁": 1}),)
    other = replace(edition, slug="two", dimensions=reverse)
    assert len(found(edition, other, kind="order_conflict")) == 4
    for rubrics in (("r", "s"), ("", "")):
        pair = [replace(e, rubric=r) for e, r in zip((edition, other), rubrics, strict=True)]
        assert found(*pair, kind="order_conflict").empty


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=2, max_size=7))
def test_order_conflicts_are_the_strictly_reversed_pairs(pairs: list[tuple[int, int]]) -> None:
    slugs, names = ("one", "two"), [str(number) for number in range(len(pairs))]
    ladder = tuple(Tier(number, str(number)) for number in range(1, 5))
    file = Path(__file__).parents[2] / "pyproject.toml"
    tables = [dict(zip(names, tiers, strict=True)) for tiers in zip(*pairs, strict=True)]
    editions = [
        Edition(
            slug=slug,
            title_zh="t",
            title_en="t",
            year=2023,
            publisher="",
            credit="",
            terms="",
            rubric="r",
            stated_cities=None,
            countries=(),
            continent="",
            dimensions=(dimension(table, ladder=ladder),),
            file=file,
        )
        for slug, table in zip(slugs, tables, strict=True)
    ]
    expected = sum(x[0] < y[0] and x[1] > y[1] for x in pairs for y in pairs)
    assert len(found(*editions, kind="order_conflict")) == expected


def test_spelling_of_one_place(edition: Edition) -> None:
    other = replace(edition, slug="two", dimensions=(dimension({"甲市": 1, "乙": 1, "丙": 2}),))
    rows = found(edition, other, kind="spelling", ids={"甲市": "甲"})
    assert rows["city_id"].tolist() == ["甲"]
    assert rows["detail"].tolist() == ["One place, several published names: 甲 (one), 甲市 (two)."]


def test_a_reviewed_misprint_is_told(edition: Edition) -> None:
    aliases = [
        Alias("丙", "丙", "C", "It stands among others.", "", "并"),
        Alias("丁", "丁", "D", "A usual form."),
        Alias("戊", "戊", "E", "Not in the edition.", "", "成"),
    ]
    table = audit([edition], tiers_of(edition), aliases=aliases)
    assert table["detail"].tolist() == ["丙 is printed where 并 is meant. It stands among others."]
    assert table[["edition", "kind", "city_id"]].iloc[0].tolist() == ["one", "spelling", "丙"]


ORDERED = ["安曼", "巴林", "北京", "成都", "重庆", "塔什干"]
ORDERED += ["乌兰巴托", "岷港", "新山", "亚丁", "银川", "郑州"]


def test_a_name_out_of_order_is_told_with_its_cause(edition: Edition) -> None:
    odd = replace(edition, dimensions=(dimension(dict.fromkeys(ORDERED, 1)),))
    rows = found(odd, kind="print_order")
    where = "岷港 (mingang) stands between 乌兰巴托 and 新山"
    assert rows["detail"].tolist() == [f"{where}, out of alphabetical order."]
    assert rows["city_id"].tolist() == ["岷港"]
    alias = Alias("岷港", "岷港", "Da Nang", "A misprint.", "", "岘港")
    details = audit([odd], tiers_of(odd), aliases=[alias])["detail"].tolist()
    assert f"{where}, where 岘港 belongs." in details


def test_a_table_in_another_order_has_no_print_order(edition: Edition) -> None:
    names = [*ORDERED[::2], *ORDERED[1::2]]
    other = replace(edition, dimensions=(dimension(dict.fromkeys(names, 1)),))
    assert found(other, kind="print_order").empty


def test_footnote_in_one_table_only(edition: Edition) -> None:
    cities = {"甲": 1, "乙": 1, "丙": 2, "丁": 2}
    noted = dimension(cities, notes={"丙": "a republic"})
    once = replace(edition, dimensions=(noted, dimension(cities, "digital")))
    details = found(once, kind="spelling")["detail"].tolist()
    assert details == ["丙 has a footnote in total, none in digital."]
    both = replace(edition, dimensions=(noted, replace(noted, slug="digital")))
    assert found(both, kind="spelling").empty


def test_title_on_cover_and_in_credit(edition: Edition) -> None:
    edition.file.write_text('title_printed_zh = "诚市排名2023"\n', encoding="utf-8")
    odd = replace(edition, credit="来源：某社，城市排行2023")
    details = found(odd, kind="title")["detail"].tolist()
    assert details == [
        "the cover has “诚市排名2023”, the running title “城市排名2023”.",
        "the credit line has “城市排行2023”, the running title “城市排名2023”.",
    ]
    assert found(replace(odd, credit="All rights reserved."), kind="title").shape[0] == 1


def test_a_guessed_place_is_told(edition: Edition) -> None:
    cities = pd.DataFrame(
        {
            "city_id": ["甲", "乙"],
            "name_en": ["A", "B"],
            "country": "US",
            "match_status": ["matched", "ambiguous"],
        }
    )
    table = audit([edition], tiers_of(edition), cities=cities)
    rows = table[table["kind"] == "ambiguous_place"]
    assert rows["city_id"].tolist() == ["乙"]
    assert rows["detail"].tolist() == [
        "Several places are called 乙; B (US) is a guess. Give its city_id to be sure."
    ]
