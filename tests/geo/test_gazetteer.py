"""The gazetteer holds what it promises, answers by id and by name, and cannot be written."""

import csv
import sqlite3
import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierscape.data.records import Place
from tierscape.geo.fold import fold
from tierscape.geo.gazetteer import FOLDER, Gazetteer, countries, country_code, gazetteer


@pytest.fixture(scope="module")
def places() -> Iterator[Gazetteer]:
    with gazetteer() as opened:
        yield opened


@pytest.fixture(scope="module")
def table(places: Gazetteer) -> list[sqlite3.Row]:
    cursor = places.store.cursor()
    cursor.row_factory = sqlite3.Row
    return cursor.execute("SELECT * FROM place").fetchall()


def test_a_place_is_found_by_its_id(places: Gazetteer) -> None:
    place = places.place("1835235")
    assert place is not None
    assert (place.name_en, place.name_zh, place.country) == ("Daejeon", "大田", "KR")
    assert (place.lon, place.lat) == pytest.approx((127.385, 36.349), abs=0.01)


@pytest.mark.parametrize("city_id", ["", "0", "-1", "abc", "1835235 ", "1835235.0"])
def test_what_is_no_id_has_no_place(places: Gazetteer, city_id: str) -> None:
    assert places.place(city_id) is None


@pytest.mark.parametrize(
    "name",
    [
        "上海",
        "Shanghai",
        "上海市",
        "상하이",
        "شانغهاي",
        "Шанхай",
        "Σανγκάη",
        "शंघाई",
    ],
)
def test_names_in_many_scripts_lead_to_one_place(places: Gazetteer, name: str) -> None:
    assert "1796236" in {place.city_id for place, _ in places.named(fold(name))}


def test_shortened_names_stand_beside_full_ones(places: Gazetteer) -> None:
    kinds = {place.city_id: kind for place, kind in places.named("大田")}
    assert kinds["1835235"] == "s"
    assert len(kinds) > 1


def test_an_unknown_name_has_no_place(places: Gazetteer) -> None:
    assert places.named(fold("no such place anywhere")) == []


def test_large_places_and_capitals_are_there(table: list[sqlite3.Row]) -> None:
    assert sum(row["population"] >= 15_000 for row in table) > 30_000
    assert {("MT", "Valletta"), ("LI", "Vaduz")} <= {
        (row["country"], row["name_en"]) for row in table
    }


def test_every_row_is_well_formed(table: list[sqlite3.Row]) -> None:
    codes = {country.country for country in countries()}
    for row in table:
        assert -180 <= row["lon"] <= 180
        assert -90 <= row["lat"] <= 90
        assert row["name_en"]
        assert row["population"] >= 0
        assert row["country"] in codes
        assert row["elevation_m"] is None or -450 <= row["elevation_m"] <= 6_000


def test_every_key_is_folded_and_leads_to_a_place(places: Gazetteer) -> None:
    lost = "SELECT count(*) FROM name WHERE city_id NOT IN (SELECT city_id FROM place)"
    assert places.store.execute(lost).fetchone() == (0,)
    keys = [key for (key,) in places.store.execute("SELECT DISTINCT key FROM name")]
    assert [key for key in keys if fold(key) != key or not key] == []


def test_the_store_cannot_be_written(places: Gazetteer) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        places.store.execute("DELETE FROM place")


def test_an_absent_store_is_an_error() -> None:
    with (
        pytest.raises(sqlite3.OperationalError),
        gazetteer(FOLDER / "nowhere.sqlite") as opened,
    ):
        opened.place("1")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("fr", "FR"),
        ("FRA", "FR"),
        ("France", "FR"),
        ("法国", "FR"),
        ("法國", "FR"),
        ("  south korea ", "KR"),
        ("Côte d'Ivoire", "CI"),
        ("cote d ivoire", "CI"),
        ("阿联酋", "AE"),
        ("UK", "GB"),
        ("刚果（金）", "CD"),
        ("Türkiye", "TR"),
        ("Nowhere", ""),
        ("", ""),
    ],
)
def test_a_country_is_found_by_code_or_name(text: str, code: str) -> None:
    assert country_code(text) == code


def test_countries_have_codes_names_and_a_continent() -> None:
    known = countries()
    assert len({country.country for country in known}) == len(known) > 240
    assert {country.continent for country in known} <= {
        *("Africa", "Antarctica", "Asia", "Europe", "North America", "Oceania", "South America"),
    }
    by_code = {country.country: country for country in known}
    assert by_code["US"].iso3 == "USA"
    assert by_code["BR"].continent == "South America"
    assert all(country.name_en and len(country.iso3) == 3 for country in known)


def test_the_han_table_maps_one_character_to_another() -> None:
    with (FOLDER / "han.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    pairs = {row["traditional"]: row["simplified"] for row in rows}
    assert len(pairs) == len(rows) > 2_000
    assert {len(char) for pair in pairs.items() for char in pair} == {1}


def test_reviewed_names_are_those_of_known_places_and_countries(places: Gazetteer) -> None:
    with (FOLDER / "chinese_names.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len({(row["city_id"], row["name_zh"]) for row in rows}) == len(rows) > 250
    for row in rows:
        place = places.place(row["city_id"])
        assert place is not None
        assert (place.name_en, place.country) == (row["place"], row["country"])
        assert place in {found for found, _ in places.named(fold(row["name_zh"]))}
        assert row["source"]
    codes = {country.country for country in countries()}
    with (FOLDER / "country_names.csv").open(encoding="utf-8", newline="") as lines:
        assert all(row["country"] in codes for row in csv.DictReader(lines))


def test_the_store_is_small() -> None:
    assert (FOLDER / "gazetteer.sqlite").stat().st_size < 12_000_000


def test_provenance_names_every_file_and_package() -> None:
    text = (FOLDER / "PROVENANCE.toml").read_text(encoding="utf-8")
    provenance = tomllib.loads(text)
    for name in provenance["files"]:
        assert (FOLDER / name).is_file()
    for package in provenance["package"]:
        assert len(package["sha256"]) == 64
        assert package["licence"]
        assert package["attribution"]


NAMES = st.lists(
    st.sampled_from(["大田", "tokyo", "苏州市", "苏州", "paris", "hufuf", "nowhere", ""])
)


@given(NAMES)
def test_names_read_at_once_are_those_read_one_by_one(keys: list[str]) -> None:
    with gazetteer() as opened:
        at_once = opened.prefetched(keys)
        assert set(at_once.known) == set(keys)
        assert [sorted(at_once.named(key), key=by_id) for key in keys] == [
            sorted(opened.named(key), key=by_id) for key in keys
        ]


def by_id(pair: tuple[Place, str]) -> int:
    return int(pair[0].city_id)
