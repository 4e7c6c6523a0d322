"""The published layout, and the published tables that break their own order."""

import pandas as pd
import pytest

from tierscape.data.catalog import Catalog
from tierscape.data.edition_loader import load_editions
from tierscape.data.records import Edition, Entry
from tierscape.scoring.index.layout import (
    OrderBreak,
    longest_order,
    order_breaks,
    two_columns,
)
from tierscape.scoring.index.name_order import letters

#: What stands in the printed tables, read by eye: edition, dimension, tier, name, on whose wrong
#: side, and whether it is the name that must move.
BREAKS = {
    ("arab-2024", "traditional", 4, "阿治曼", "奥兰", False),
    ("asia-2023", "total", 3, "胡志明市", "惠州", False),
    ("asia-2023", "total", 4, "岷港", "内比都", True),
    ("asia-2023", "digital-traditional", 4, "曼德勒", "马累", True),
    ("asia-2023", "digital-traditional", 4, "岷港", "内比都", True),
    ("asia-2023", "institutional", 2, "嘉兴", "江门", False),
    ("asia-2023", "institutional", 2, "乌鲁木齐", "武汉", False),
    ("asia-2023", "institutional", 3, "岷港", "普吉岛", True),
    ("g20-2023", "total", 3, "神户", "圣彼得堡", True),
    ("g20-2023", "total", 3, "威尼斯", "维尔纽斯", False),
    ("g20-2023", "total", 4, "呼和浩特", "华沙", False),
    ("g20-2023", "total", 4, "杰克逊维尔", "吉达", False),
    ("g20-2023", "digital-traditional", 1, "厦门", "上海", True),
    ("g20-2023", "digital-traditional", 2, "杜塞尔多夫", "多伦多", False),
    ("g20-2023", "digital-traditional", 3, "西雅图", "休斯敦", False),
    ("g20-2023", "institutional", 3, "乌鲁木齐", "武汉", False),
    ("g20-2023", "institutional", 4, "开普敦", "喀山", True),
}


@pytest.fixture(scope="module")
def editions() -> tuple[Edition, ...]:
    return load_editions(Catalog())


@pytest.fixture(scope="module")
def found(editions: tuple[Edition, ...]) -> list[tuple[str, str, OrderBreak]]:
    return [
        (edition.slug, dimension.slug, broken)
        for edition in editions
        for dimension in edition.dimensions
        for broken in order_breaks(dimension.entries, known=["岘港", "汕头", "香港"])
    ]


def test_the_breaks_of_the_published_tables(found: list[tuple[str, str, OrderBreak]]) -> None:
    assert {
        (edition, dimension, b.entry.tier, b.entry.name, b.against[0], b.only)
        for edition, dimension, b in found
    } == BREAKS


def test_the_misprint_stands_among_xian(found: list[tuple[str, str, OrderBreak]]) -> None:
    breaks = [broken for _, _, broken in found if broken.entry.name == "岷港"]
    assert [broken.misprint_of for broken in breaks] == [("岘港",)] * 3
    assert {(broken.after, broken.before) for broken in breaks} == {
        ("乌兰巴托", "新山"),
        ("特拉维夫", "雅加达"),
    }


def test_xiamen_stands_where_another_reading_belongs(
    found: list[tuple[str, str, OrderBreak]],
) -> None:
    readings = {broken.entry.name: broken.other_reading for _, _, broken in found}
    assert {name: text for name, text in readings.items() if text} == {"厦门": "shamen"}


def test_characters_with_several_readings() -> None:
    # Published names; each stands in order in its tables, 厦门 in all but one.
    expected = {
        "重庆": "chongqing", "厦门": "xiamen", "长沙": "changsha", "长春": "changchun",
        "成都": "chengdu", "大阪": "daban", "大田": "datian", "乌鲁木齐": "wulumuqi",
        "的黎波里": "deliboli", "喀什": "kashi", "曼彻斯特": "manchesite", "岘港": "xiangang",
    }  # fmt: skip
    assert {name: letters(name) for name in expected} == expected


def test_the_published_columns_are_those_of_the_layout(editions: tuple[Edition, ...]) -> None:
    for edition in editions:
        if edition.slug == "cstc-2021":  # one column, in no order of letters
            continue
        for dimension in edition.dimensions:
            rows = [(entry.tier, entry.name) for entry in dimension.entries]
            placed = two_columns(pd.DataFrame(rows, columns=["tier", "city"]))
            printed = {(entry.tier, entry.column, entry.row) for entry in dimension.entries}
            assert set(zip(placed["tier"], placed["column"], placed["row"], strict=True)) == printed


def test_chinese_is_ordered_over_the_whole_string() -> None:
    # Syllable by syllable, 开罗 (kai luo) would follow 卡萨布兰卡 (ka sa …).
    tiers = pd.DataFrame({"city": ["卡萨布兰卡", "开罗", "西安", "香港", "厦门"], "tier": 1})
    assert two_columns(tiers)["city"].tolist() == ["开罗", "卡萨布兰卡", "厦门", "西安", "香港"]


def test_english_is_alphabetical_without_accents_and_each_tier_for_itself() -> None:
    names = ["Zürich", "Xi'an", "Xiamen", "São Paulo", "San José", "Łódź"]
    tiers = pd.DataFrame({"name_en": names, "tier": [1, 2, 2, 1, 1, 2], "total": range(6)})
    placed = two_columns(tiers, "en", "name_en")
    assert placed["name_en"].tolist() == [
        "San José", "São Paulo", "Zürich", "Łódź", "Xiamen", "Xi'an",
    ]  # fmt: skip
    assert placed[["column", "row"]].to_numpy().tolist() == [[1, 1], [1, 2], [2, 1]] * 2
    assert placed["total"].tolist() == [4, 3, 0, 5, 2, 1]


def test_a_list_in_another_order_has_no_breaks() -> None:
    names = ["Tokyo", "Osaka", "Beijing", "Amman"]
    entries = [Entry(name, 1, 1, row, "", row + 1) for row, name in enumerate(names, 1)]
    assert order_breaks(entries, "en") == []


def test_longest_order() -> None:
    assert longest_order([]) == ([], set())
    assert longest_order(["a", "a"]) == ([0, 1], {0, 1})
    kept, in_any = longest_order(["b", "a", "d", "c"])
    assert len(kept) == 2
    assert in_any == {0, 1, 2, 3}
