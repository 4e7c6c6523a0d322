"""Names given together help each other, and a larger city of one name is thought of."""

import pytest

from tierscape.geo.geocode import Geocoder
from tierscape.geo.match import Match

BRAZIL = ["巴西利亚", "里约热内卢", "阿雷格里港", "贝洛奥里藏特", "累西腓"]


def answer(geocoder: Geocoder, names: list[str]) -> dict[str, Match]:
    found = geocoder.answer(names, [()] * len(names))
    return {match.input: match for match in found}


def test_a_list_of_one_country_settles_a_name_of_two(geocoder: Geocoder) -> None:
    alone = answer(geocoder, ["圣路易斯"])["圣路易斯"]
    among = answer(geocoder, [*BRAZIL, "圣路易斯"])["圣路易斯"]
    assert alone.place is not None
    assert among.place is not None
    assert (alone.place.country, among.place.country) == ("US", "BR")
    assert among.status == "ambiguous"
    assert "are in BR" in among.reason
    assert alone.place in among.candidates


def test_company_of_many_countries_decides_nothing(geocoder: Geocoder) -> None:
    names = ["巴西利亚", "上海", "开罗", "莫斯科"]
    among = answer(geocoder, [*names, "圣路易斯"])["圣路易斯"]
    assert among == answer(geocoder, ["圣路易斯"])["圣路易斯"]


def test_company_does_not_overrule_a_country_that_is_given(geocoder: Geocoder) -> None:
    names = [*BRAZIL, "圣路易斯"]
    last = geocoder.answer(names, [*[()] * len(BRAZIL), ["US"]])[-1]
    assert last.place is not None
    assert (last.place.country, last.status) == ("US", "matched")


def test_a_larger_namesake_is_thought_of(geocoder: Geocoder) -> None:
    match = answer(geocoder, ["布莱顿"])["布莱顿"]
    assert match.place is not None
    assert (match.status, match.place.country) == ("ambiguous", "GB")
    assert "smaller" in match.reason


def test_a_city_that_sounds_alike_makes_a_name_ambiguous(geocoder: Geocoder) -> None:
    match = answer(geocoder, ["巴特纳"])["巴特纳"]
    assert match.status == "ambiguous"
    assert match.candidates[0].name_en == "Patna"


@pytest.mark.parametrize("name", ["圣路易斯", "萨拉曼卡", "伯明翰"])
def test_a_city_of_the_same_name_that_is_not_much_smaller_is_a_rival(
    geocoder: Geocoder, name: str
) -> None:
    match = answer(geocoder, [name])[name]
    assert match.status == "ambiguous"
    assert max(rival.population for rival in match.candidates) >= 100_000


def test_a_country_leaves_no_rivals_but_larger_namesakes_in_it(geocoder: Geocoder) -> None:
    city, town = geocoder.answer(["伯明翰", "弗里蒙特"], [["GB"], ["US"]])
    assert (city.status, town.status) == ("matched", "ambiguous")
    assert town.place is not None
    assert town.place.population > 200_000


@pytest.mark.parametrize("name", ["上海", "首尔", "罗马", "Paris, France"])
def test_what_is_sure_stays_sure(geocoder: Geocoder, name: str) -> None:
    assert answer(geocoder, [name])[name].status == "matched"
