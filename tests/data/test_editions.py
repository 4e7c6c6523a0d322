"""The shipped editions are what the documents print; a faulty edition is named in full."""

import csv
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierscape.data.catalog import BUILT_IN, Catalog
from tierscape.data.edition_loader import load_edition, load_editions, read_edition
from tierscape.data.edition_table import entry_table
from tierscape.data.errors import DataError, UnknownNameError

GOLDEN = Path(__file__).parent / "golden"
SHIPPED = sorted((BUILT_IN / "editions").glob("*/edition.toml"))
EDITIONS = {edition.slug: edition for edition in load_editions(Catalog())}
FAULTS = tomllib.loads((GOLDEN / "edition_faults.toml").read_text(encoding="utf-8"))

TOML = """
title_en = "Test"
year = 2030
countries = ["CN"]
[[dimension]]
slug = "total"
tiers = [{ number = 1, label = "top" }, { number = 2, label = "rest" }]
[[dimension]]
slug = "digital"
tiers = [{ number = 1, label = "top" }, { number = 2, label = "rest" }]
"""
CSV = "name,tier\n北京,1\n上海,2\n深圳,2\n"
Faulty = Callable[..., DataError]


def golden(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def names(slug: str) -> set[str]:
    return {entry.name for entry in EDITIONS[slug].dimensions[0].entries}


def write(folder: Path, toml: str = TOML, **tables: str | bytes) -> Path:
    """Write an edition, sound unless told otherwise, and return its TOML."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in ({"total": CSV, "digital": CSV} | tables).items():
        content = text.encode() if isinstance(text, str) else text
        (folder / f"{name}.csv").write_bytes(content)
    path = folder / "edition.toml"
    path.write_text(toml, encoding="utf-8")
    return path


@pytest.fixture
def faulty(tmp_path: Path) -> Faulty:
    """Return a function that writes an edition and gives the error of loading it."""

    def load(toml: str = TOML, **tables: str | bytes) -> DataError:
        with pytest.raises(DataError) as caught:
            load_edition(write(tmp_path / "mine-2030", toml, **tables))
        return caught.value

    return load


def only_problem(error: DataError) -> str:
    assert len(error.problems) == 1, str(error)
    return str(error.problems[0])


# What is shipped


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_every_shipped_edition(path: Path) -> None:
    edition = EDITIONS[path.parent.name]
    facts = tomllib.loads(path.read_text(encoding="utf-8"))
    assert edition.credit
    assert edition.terms
    assert edition.rubric in Catalog().items("rubrics")
    assert len(set(edition.countries)) == len(edition.countries) > 0
    assert {len(dimension.entries) for dimension in edition.dimensions} == {edition.stated_cities}
    assert facts["stated"]["cities"]["count"] == edition.stated_cities
    assert all(
        str(stated["count"]) in stated["quote"] or stated["count"] < 10
        for stated in facts["stated"].values()
    )
    assert re.fullmatch(r"[0-9a-f]{64}", facts["provenance"]["sha256"])
    assert {"title", "date", "extracted"} <= facts["provenance"].keys()


@pytest.mark.parametrize("slug", sorted(EDITIONS))
def test_tables_of_an_edition_hold_the_same_cities(slug: str) -> None:
    tables = [{entry.name for entry in d.entries} for d in EDITIONS[slug].dimensions]
    assert all(table == tables[0] for table in tables)


@pytest.mark.parametrize("slug", sorted(EDITIONS))
def test_positions_run_on_down_each_column(slug: str) -> None:
    table = entry_table([EDITIONS[slug]])
    for _, block in table.groupby(["dimension", "tier", "column"], sort=False):
        assert list(block["row"]) == list(range(1, len(block) + 1))
    for _, block in table.groupby(["dimension", "tier"]):
        sizes = block["column"].value_counts().reindex([1, 2], fill_value=0)
        assert 0 <= sizes[1] - sizes[2] <= 1 or sizes[2] == 0


def test_dimensions_are_those_that_everything_shares() -> None:
    assert {slug: [d.slug for d in edition.dimensions] for slug, edition in EDITIONS.items()} == {
        "arab-2024": ["total", "traditional", "digital-institutional"],
        "asia-2023": ["total", "digital-traditional", "institutional"],
        "cstc-2021": ["total"],
        "g20-2023": ["total", "digital-traditional", "institutional"],
    }


def test_tier_counts_and_labels_are_those_of_the_documents() -> None:
    table = entry_table(EDITIONS.values())
    keys = ["edition", "dimension", "tier", "label"]
    counted = {tuple(map(str, key)): size for key, size in table.groupby(keys).size().items()}
    wanted = {
        tuple(row[key] for key in keys): int(row["cities"]) for row in golden("tier_counts.csv")
    }
    assert counted == wanted


def test_spot_rows_stand_where_the_documents_print_them() -> None:
    table = entry_table(EDITIONS.values()).astype(str)
    rows = golden("spot_rows.csv")
    found = {tuple(row) for row in table[list(rows[0])].itertuples(index=False)}
    assert {tuple(row.values()) for row in rows} <= found


def test_nominal_shares_follow_from_the_labels() -> None:
    for edition in EDITIONS.values():
        for dimension in edition.dimensions:
            for tier in dimension.tiers:
                numbers = [float(number) for number in re.findall(r"[\d.]+", tier.label)]
                bounds = (tier.share_from or tier.score_from, tier.share_to or tier.score_to)
                assert [bound for bound in bounds if bound is not None] == numbers


def test_shared_cities() -> None:
    asia, g20, arab = names("asia-2023"), names("g20-2023"), names("arab-2024")
    assert len(asia & g20) == 85
    assert len(asia | g20) == 243
    assert len(asia | g20 | arab) == 291
    assert "麦纳麦" in asia - arab
    assert "麦那麦" in arab - asia


def test_malta_has_its_footnote_in_one_table_only() -> None:
    table = entry_table([EDITIONS["g20-2023"]])
    notes = table[table["name_published"] == "马耳他"].set_index("dimension")["note"]
    assert notes["total"] == "此处马耳他指马耳他共和国，以下同。"
    assert (notes.drop("total") == "").all()
    assert (table["note"] != "").sum() == 1


def test_scopes() -> None:
    assert len(EDITIONS["arab-2024"].countries) == 22
    assert {"MT", "LV", "GR", "US", "HK", "MO", "TW"} <= set(EDITIONS["g20-2023"].countries)
    assert {"RU", "TR", "CY", "TL", "HK", "MO", "TW"} <= set(EDITIONS["asia-2023"].countries)
    assert EDITIONS["asia-2023"].continent == "Asia"
    assert EDITIONS["g20-2023"].continent == ""


def test_credit_lines_are_as_printed() -> None:
    assert EDITIONS["arab-2024"].credit == "来源：港湾海外，2024 东盟智慧城市排名"
    assert EDITIONS["arab-2024"].title_zh == "2024 阿盟智慧城市排名"
    for slug in ("asia-2023", "g20-2023", "arab-2024"):
        assert EDITIONS[slug].credit in EDITIONS[slug].terms


def test_extra_facts_of_cstc_agree_with_its_table() -> None:
    folder = BUILT_IN / "editions" / "cstc-2021"
    tables: dict[str, list[dict[str, str]]] = {}
    for name in ("leading", "indices", "deviations", "circles"):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            tables[name] = list(csv.DictReader(file))
    assert {row["name"] for row in tables["leading"]} <= names("cstc-2021")
    assert [len(tables[name]) for name in tables] == [19, 16, 10, 4]
    for row in tables["deviations"]:
        assert row["deviation"] in row["quote"]
    for row in tables["circles"]:
        assert row["mean"] in row["quote"]
    assert {row["mean_level_1"] for row in tables["indices"]} == {
        "0.67",
        "0.47",
        "0.80",
        "0.79",
        "0.73",
    }


# Tables


def test_entry_table_of_nothing_has_its_columns() -> None:
    full, empty = entry_table(EDITIONS.values()), entry_table([])
    assert empty.empty
    assert list(empty.columns) == list(full.columns)
    assert (empty.dtypes == full.dtypes).all()


def test_editions_come_in_the_order_asked_for() -> None:
    chosen = load_editions(Catalog(), ["g20-2023", "asia-2023", "g20-2023"])
    assert [edition.slug for edition in chosen] == ["g20-2023", "asia-2023"]


def test_unknown_edition_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'asia-2023'"):
        load_editions(Catalog(), ["asia-2032"])


# A user's edition


def test_minimal_edition(tmp_path: Path) -> None:
    edition = load_edition(write(tmp_path / "mine-2030"))
    assert (edition.slug, edition.title_zh, edition.stated_cities) == ("mine-2030", "Test", None)
    entries = edition.dimensions[0].entries
    assert [(e.name, e.tier, e.column, e.row, e.line) for e in entries] == [
        ("北京", 1, 1, 1, 2),
        ("上海", 2, 1, 1, 3),
        ("深圳", 2, 1, 2, 4),
    ]
    assert edition.dimensions[1].title_en == "digital"


def test_overlay_replaces_its_namesake(tmp_path: Path) -> None:
    write(tmp_path / "editions" / "g20-2023")
    edition = load_editions(Catalog((BUILT_IN, tmp_path)), ["g20-2023"])[0]
    assert edition.title_en == "Test"


def test_other_number_than_stated_is_no_error(tmp_path: Path) -> None:
    edition = load_edition(write(tmp_path / "mine", "stated_cities = 99\n" + TOML))
    assert edition.stated_cities == 99


def test_namesakes_are_told_apart_by_city_id(tmp_path: Path) -> None:
    table = "name,tier,city_id\nSpringfield,1,4250542\nSpringfield,2,4409896\n"
    edition = load_edition(write(tmp_path / "mine", total=table, digital=table))
    assert [entry.city_id for entry in edition.dimensions[0].entries] == ["4250542", "4409896"]


def test_a_pin_need_not_stand_in_every_table(tmp_path: Path) -> None:
    table = "name,tier,city_id\n北京,1,1816670\n上海,2,\n深圳,2,\n"
    edition = load_edition(write(tmp_path / "mine", total=table))
    assert [d.entries[0].city_id for d in edition.dimensions] == ["1816670", ""]


@given(st.lists(st.integers(1, 2), min_size=2, max_size=30).filter(lambda t: len(set(t)) == 2))
def test_entries_keep_file_order(
    tmp_path_factory: pytest.TempPathFactory, tiers: list[int]
) -> None:
    table = "name,tier\n" + "".join(f"c{i},{tier}\n" for i, tier in enumerate(tiers))
    path = write(tmp_path_factory.mktemp("any") / "mine", total=table, digital=table)
    entries = load_edition(path).dimensions[0].entries
    assert [entry.tier for entry in entries] == tiers
    assert len({(entry.tier, entry.column, entry.row) for entry in entries}) == len(tiers)


# Errors: file, line, value, rule, remedy


@pytest.mark.parametrize("fault", FAULTS["table"], ids=lambda fault: fault["name"])
def test_fault_of_a_table(fault: dict[str, str], faulty: Faulty) -> None:
    assert fault["message"] in only_problem(faulty(total=fault["content"]))


@pytest.mark.parametrize("fault", FAULTS["edition"], ids=lambda fault: fault["name"])
def test_fault_of_the_toml(fault: dict[str, str], faulty: Faulty) -> None:
    assert fault["message"] in str(faulty(TOML.replace(fault["find"], fault["put"], 1)))


def test_wrong_encoding(faulty: Faulty) -> None:
    message = only_problem(faulty(total=CSV.encode("gb18030")))
    assert "total.csv, line 2: 'byte 0xb1': the file is not UTF-8. Save it as UTF-8" in message


def test_no_dimension(faulty: Faulty) -> None:
    error = faulty('title_en = "Test"\nyear = 2030\ndimension = []\n')
    assert "dimension: '': there must be at least one dimension" in only_problem(error)


def test_empty_name(faulty: Faulty) -> None:
    table = CSV + ",2\n"
    messages = str(faulty(total=table, digital=table))
    assert "total.csv, line 5, name: '': must not be empty" in messages
    assert "digital.csv, line 5, name: '': must not be empty" in messages


def test_city_missing_from_the_next_table(faulty: Faulty) -> None:
    message = only_problem(faulty(total=CSV + "广州,2\n"))
    assert "total.csv, line 5, name: '广州': this city is not in" in message
    assert message.endswith("digital.csv. Add it there.")


def test_city_spelt_two_ways_names_the_other_spelling(faulty: Faulty) -> None:
    error = faulty(total=CSV + "麦纳麦,2\n", digital=CSV + "麦那麦,2\n")
    assert [problem.remedy for problem in error.problems] == [
        "Did you mean '麦纳麦'?",
        "Did you mean '麦那麦'?",
    ]


def test_all_problems_come_at_once(faulty: Faulty) -> None:
    error = faulty("yaer = 1\n" + TOML, total=CSV + "北京,9\n", digital=CSV.encode("gb18030"))
    files = [Path(problem.file).name for problem in error.problems]
    assert files == ["edition.toml", "total.csv", "total.csv", "digital.csv"]


def test_unknown_rubric_names_the_nearest(tmp_path: Path) -> None:
    write(tmp_path / "editions" / "mine", 'rubric = "harbour-2023"\n' + TOML)
    with pytest.raises(DataError, match=r"'harbour-2023': there is no such rubric.*'harbor-2023'"):
        load_editions(Catalog((BUILT_IN, tmp_path)))


def test_problems_of_several_editions_come_together(tmp_path: Path) -> None:
    for slug in ("a", "b"):
        write(tmp_path / "editions" / slug, total=CSV + "北京,2\n")
    with pytest.raises(DataError) as caught:
        load_editions(Catalog((BUILT_IN, tmp_path)))
    assert len(caught.value.problems) == 2


def test_what_can_be_read_of_a_faulty_edition_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "mine-2025"
    folder.mkdir()
    (folder / "edition.toml").write_text(
        'title_en = "Mine"\n[[dimension]]\nslug = "total"\n'
        'tiers = [{ number = 1, label = "A" }]\n[[dimension]]\nslug = "roads"\n'
        'tiers = [{ number = 1, label = "A" }]\n',
        encoding="utf-8",
    )
    (folder / "total.csv").write_text("name,tier\n上海,1\n东京,9\n", encoding="utf-8")
    edition, problems = read_edition(folder / "edition.toml")
    assert [entry.name for entry in edition.dimensions[0].entries] == ["上海", "东京"]
    assert edition.dimensions[1].entries == ()
    assert sorted(problem.column or "" for problem in problems) == [
        "dimension[2].slug",
        "tier",
        "year",
    ]
    with pytest.raises(DataError) as told:
        load_edition(folder / "edition.toml")
    assert list(told.value.problems) == problems
