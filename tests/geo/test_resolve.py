"""Every published name is the right city, and the documents' own counts agree."""

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tierscape.data.catalog import Catalog
from tierscape.data.edition_loader import load_edition, load_editions
from tierscape.data.errors import DataError
from tierscape.data.records import Edition
from tierscape.geo.geocode import Geocoder
from tierscape.geo.places import city_table
from tierscape.geo.resolve import Resolved, published, resolution_table, resolve_names, tier_table

EDITIONS = load_editions(Catalog())
GOLDEN = Path(__file__).parent / "golden" / "published_names.csv"
REVIEWED = list(csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def resolved(geocoder: Geocoder) -> Resolved:
    return resolve_names(EDITIONS, geocoder)


@pytest.fixture(scope="module")
def cities(resolved: Resolved) -> pd.DataFrame:
    return city_table(EDITIONS, resolved)


@pytest.mark.parametrize("row", REVIEWED, ids=lambda row: f"{row['name']}={row['name_en']}")
def test_a_published_name_is_its_city(resolved: Resolved, row: dict[str, str]) -> None:
    for edition in row["editions"].split():
        match = published(resolved)[edition][row["name"]]
        assert match.place is not None
        assert match.status == "matched"
        shown = (match.place.city_id, match.place.name_en, match.place.country, match.place.name_zh)
        assert shown == (row["city_id"], row["name_en"], row["country"], row["name_zh"])


def test_every_published_name_is_reviewed(resolved: Resolved) -> None:
    reviewed = {(edition, row["name"]) for row in REVIEWED for edition in row["editions"].split()}
    assert reviewed == {
        (edition, name) for edition, names in published(resolved).items() for name in names
    }


def test_no_two_names_of_an_edition_are_one_place(resolved: Resolved) -> None:
    for names in published(resolved).values():
        ids = [match.place.city_id for match in names.values() if match.place]
        assert len(ids) == len(set(ids)) == len(names)


def test_the_three_harbor_editions_name_290_places(resolved: Resolved) -> None:
    three = [names for edition, names in published(resolved).items() if edition != "cstc-2021"]
    assert len({name for names in three for name in names}) == 291
    assert len({match.place.city_id for names in three for match in names.values()}) == 290


def test_the_g20_document_counts_its_cities(resolved: Resolved, cities: pd.DataFrame) -> None:
    ids = {match.place.city_id for match in published(resolved)["g20-2023"].values() if match.place}
    rows = cities[cities["city_id"].isin(ids)]
    count = Counter(rows["continent"])
    states = int((rows["country"] == "US").sum())
    assert (count["Asia"], count["Europe"], states) == (85, 49, 32)
    assert count.total() - 85 - 49 - 32 == 18
    assert int((rows["country"] == "CN").sum()) == 44


def test_the_asian_document_is_all_asia(resolved: Resolved, cities: pd.DataFrame) -> None:
    ids = {
        match.place.city_id for match in published(resolved)["asia-2023"].values() if match.place
    }
    rows = cities[cities["city_id"].isin(ids)]
    assert set(rows["continent"]) == {"Asia"}
    assert int((rows["country"] == "RU").sum()) == 4
    assert set(rows["country"]) >= {"TR", "CY", "RU"}


def test_every_city_has_all_that_a_map_needs(cities: pd.DataFrame) -> None:
    assert len(cities) == 309
    for column in ("name_zh", "name_en", "country", "continent"):
        assert (cities[column] != "").all()
    assert cities["lon"].between(-180, 180).all()
    assert cities["lat"].between(-90, 90).all()
    assert (cities["population"] > 0).all()
    assert cities["city_id"].is_unique


def test_tiers_span_the_ranks_of_their_true_counts(resolved: Resolved) -> None:
    table = tier_table(EDITIONS, resolved)
    for _, rows in table.groupby(["edition", "dimension"]):
        bands = rows.groupby("tier").agg(
            size=("city_id", "size"), best=("rank_best", "first"), worst=("rank_worst", "first")
        )
        assert bands["best"].iloc[0] == 1
        assert bands["worst"].iloc[-1] == len(rows) == rows["n_cities"].iloc[0]
        assert (bands["worst"] - bands["best"] + 1 == bands["size"]).all()
        assert (bands["best"].iloc[1:].to_numpy() == bands["worst"].iloc[:-1].to_numpy() + 1).all()


def test_the_g20_institutional_table_has_81_cities_in_its_third_tier(resolved: Resolved) -> None:
    table = tier_table(EDITIONS, resolved)
    rows = table[(table["edition"] == "g20-2023") & (table["dimension"] == "institutional")]
    assert int((rows["tier"] == 3).sum()) == 81


def test_resolution_names_the_step_of_every_name(resolved: Resolved) -> None:
    table = resolution_table(resolved)
    assert len(table) == 144 + 184 + 62 + 50
    assert set(table["match_step"]) == {"exact", "folded", "alias"}
    assert set(table["match_status"]) == {"matched"}


def write_edition(folder: Path, rows: str) -> Edition:
    toml = (
        'title_en = "Mine"\nyear = 2025\ncountries = ["CN"]\n[[dimension]]\nslug = "total"\n'
        'tiers = [{ number = 1, label = "A" }, { number = 2, label = "B" }]\n'
    )
    (folder / "mine").mkdir()
    (folder / "mine" / "edition.toml").write_text(toml, encoding="utf-8")
    (folder / "mine" / "total.csv").write_text(rows, encoding="utf-8")
    return load_edition(folder / "mine" / "edition.toml")


def test_unknown_cities_are_all_named_with_the_nearest(tmp_path: Path, geocoder: Geocoder) -> None:
    rows = "name,tier,city_id\n北京,1,\n乌鲁木其,2,\nXiAnn,2,\n上海,2,99\n"
    with pytest.raises(DataError) as caught:
        resolve_names([write_edition(tmp_path, rows)], geocoder)
    first, second, third = caught.value.problems
    assert (first.row, first.value) == (3, "乌鲁木其")
    assert "乌鲁木齐" in first.remedy
    assert (second.row, second.value) == (4, "XiAnn")
    assert (third.row, third.column, third.value) == (5, "city_id", "99")
    assert first.file.endswith("total.csv")


def test_a_suggestion_is_named_but_never_taken(tmp_path: Path, geocoder: Geocoder) -> None:
    edition = write_edition(tmp_path, "name,tier\n上海,1\nShenzhenn,2\n")
    assert geocoder.suggest("Shenzhenn", ["CN"]).status == "suggested"
    with pytest.raises(DataError) as caught:
        resolve_names([edition], geocoder)
    (problem,) = caught.value.problems
    assert "Did you mean 深圳 (Shenzhen)" in problem.remedy


def test_two_names_of_one_place_are_named(tmp_path: Path, geocoder: Geocoder) -> None:
    edition = write_edition(tmp_path, "name,tier\n北京,1\nBeijing,2\n上海,2\n")
    with pytest.raises(DataError, match="is the same place as '北京' in line 2"):
        resolve_names([edition], geocoder)


def test_a_pinned_city_is_taken_as_given(tmp_path: Path, geocoder: Geocoder) -> None:
    edition = write_edition(tmp_path, "name,tier,city_id\nHome,1,2988507\n上海,2,\n")
    match = resolve_names([edition], geocoder)["mine"]["total"][0]
    assert match.place is not None
    assert (match.place.name_en, match.step) == ("Paris", "given")


def test_one_name_may_be_two_places_if_pinned(tmp_path: Path, geocoder: Geocoder) -> None:
    rows = "name,tier,city_id\nSpringfield,1,4409896\nSpringfield,2,4951788\n"
    edition = write_edition(tmp_path, rows.replace("\nSpringfield,2", "\nSpringfield (MA),2"))
    ids = [
        match.place.city_id
        for match in resolve_names([edition], geocoder)["mine"]["total"]
        if match.place
    ]
    assert ids == ["4409896", "4951788"]


def test_a_pin_holds_in_the_other_tables(tmp_path: Path, geocoder: Geocoder) -> None:
    one = write_edition(tmp_path, "name,tier,city_id\nParis,1,4717560\n上海,2,\n")
    plain = [replace(entry, city_id="") for entry in one.dimensions[0].entries]
    other = replace(one.dimensions[0], slug="other", entries=tuple(plain))
    edition = replace(one, dimensions=(*one.dimensions, other))
    found = resolve_names([edition], geocoder)["mine"]
    assert found["total"] == found["other"]
    assert found["other"][0].step == "given"


def test_a_continent_of_an_edition_wins(resolved: Resolved) -> None:
    without = [replace(edition, continent="") for edition in EDITIONS]
    table = city_table(without, resolved)
    assert table.loc[table["name_en"] == "Nicosia", "continent"].item() == "Europe"
