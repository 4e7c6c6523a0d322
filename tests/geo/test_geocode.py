"""Names find the right place, and doubt is visible."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.data.catalog import Catalog
from tierscape.data.errors import DataError
from tierscape.geo.gazetteer import Gazetteer, countries, country_code
from tierscape.geo.geocode import Geocoder, load_aliases


@pytest.mark.parametrize(
    ("name", "scope", "expected"),
    [
        ("西安", "", ("1790630", "exact")),
        ("Xi'an", "", ("1790630", "exact")),
        ("xian", "CN", ("1790630", "folded")),
        ("臺北", "", ("1668341", "folded")),
        ("苏州市", "", ("1886760", "exact")),
        ("大田广域市", "", ("1835235", "exact")),
        ("대전", "", ("1835235", "exact")),
        ("東京", "", ("1850147", "folded")),
        ("Москва", "", ("524901", "folded")),
        ("القاهرة", "", ("360630", "exact")),
        ("MÜNCHEN", "", ("2867714", "folded")),
        ("大田", "", ("1835235", "alias")),
        ("罗马", "", ("3169070", "exact")),
        ("塞拉", "", ("2537763", "alias")),
        ("圣路易斯", "BR", ("3388368", "exact")),
        ("圣路易斯", "", ("4407066", "alias")),
        ("海得拉巴", "PK", ("1176734", "exact")),
        ("Paris, France", "", ("2988507", "exact")),
        ("喀什（中国）", "", ("1280849", "exact")),
    ],
)
def test_the_right_place(
    geocoder: Geocoder, name: str, scope: str, expected: tuple[str, str]
) -> None:
    match = geocoder.find(name, [scope] if scope else [])
    assert match.place is not None
    assert (match.place.city_id, match.step) == expected
    assert match.status == "matched"
    assert match.input == name


def test_rivals_of_the_same_weight_make_a_name_ambiguous(geocoder: Geocoder) -> None:
    match = geocoder.find("Springfield", ["US"])
    assert match.status == "ambiguous"
    assert match.place is not None
    assert len(match.candidates) >= 3
    assert match.place not in match.candidates


def test_a_scope_excludes_other_countries(geocoder: Geocoder) -> None:
    assert geocoder.find("罗马", ["IT"]).candidates == ()
    assert geocoder.find("罗马", ["CN"]).status == "not_found"


@pytest.mark.parametrize(
    "name", ["", "   ", "不存在的城市", "12345", "=1+1", "11", "x" * 10_000, "\u200f", "''"]
)
def test_what_is_no_place_is_not_found(geocoder: Geocoder, name: str) -> None:
    match = geocoder.find(name)
    assert (match.status, match.step, match.place, match.candidates) == ("not_found", "", None, ())


def test_one_match_per_name_in_order(geocoder: Geocoder) -> None:
    names = ["北京", "?", "北京", "Rome"]
    assert [match.input for match in geocoder.find_all(names)] == names


@settings(max_examples=60)
@given(name=st.text(max_size=30))
def test_any_text_gets_an_answer(geocoder: Geocoder, name: str) -> None:
    match = geocoder.find(name)
    assert (match.place is None) == (match.status == "not_found")


def test_nearest_names_come_from_the_scope(geocoder: Geocoder) -> None:
    assert "乌鲁木齐" in geocoder.nearest_names("乌鲁木其", ["CN"])
    assert "Munich" in geocoder.nearest_names("Munik", ["DE"])


def test_gazetteer_covers_every_country_of_people(places: Gazetteer) -> None:
    query = "SELECT count(*), count(DISTINCT country), min(population) FROM place"
    count, codes, _ = places.store.execute(query).fetchone()
    assert count > 33_000
    assert codes > 230
    assert places.place("0") is None
    assert places.place("x") is None


def test_countries_by_code_and_name() -> None:
    assert {country_code(text) for text in ("CN", "chn", "中国", "China", "中國")} == {"CN"}
    assert country_code("Atlantis") == ""
    assert len({country.country for country in countries()}) == len(countries()) > 240


def write_aliases(folder: Path, text: str) -> Catalog:
    (folder / "aliases").mkdir()
    (folder / "aliases" / "mine.csv").write_text(text, encoding="utf-8")
    return Catalog((folder,))


def test_an_alias_answers_before_the_general_steps(tmp_path: Path, places: Gazetteer) -> None:
    text = "name,city_id,place,reason\n罗马,2988507,Paris,a test\n"
    aliases = load_aliases(write_aliases(tmp_path, text), places)
    match = Geocoder(places, aliases).find("罗马")
    assert match.place is not None
    assert match.place.name_en == "Paris"
    assert match.candidates[0].name_en == "Rome"


def test_every_fault_of_an_alias_file_is_named(tmp_path: Path, places: Gazetteer) -> None:
    text = "name,city_id,place,reason\na,1,x,r\n,2988507,Paris,r\nb,2988507,Paris,\nB,2988507,P,r\n"
    with pytest.raises(DataError) as caught:
        load_aliases(write_aliases(tmp_path, text), places)
    found = [(problem.row, problem.column) for problem in caught.value.problems]
    assert found == [(2, "city_id"), (3, "name"), (4, "reason"), (5, "name")]


def test_a_misprint_is_told_and_checked(
    tmp_path: Path, places: Gazetteer, geocoder: Geocoder
) -> None:
    assert geocoder.aliases["岷港"].misprint_of == "岘港"
    text = (
        "name,city_id,place,reason,name_zh,misprint_of\n"
        "岷港,1583992,Da Nang,r,,岷港\n西按,1790630,Xi'an,r,,西安\n麦那,290340,Manama,r,,巴黎\n"
    )
    with pytest.raises(DataError) as caught:
        load_aliases(write_aliases(tmp_path, text), places)
    found = [(problem.row, problem.column, problem.value) for problem in caught.value.problems]
    assert found == [(2, "misprint_of", "岷港"), (4, "misprint_of", "巴黎")]
