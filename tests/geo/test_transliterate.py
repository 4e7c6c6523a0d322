"""A Chinese rendering is read along the spellings that exist, the cheapest reading first."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierscape.geo.gazetteer import Gazetteer
from tierscape.geo.geocode import Geocoder
from tierscape.geo.transliterate import FAMILIES, Spellings, decode, sounds, varied

SOUND = st.tuples(st.text(alphabet="ab", max_size=2), st.floats(0, 5))
KEYS = st.sets(st.text(alphabet="ab", min_size=1, max_size=5), min_size=1, max_size=12)


@given(keys=KEYS, options=st.lists(st.lists(SOUND, min_size=1, max_size=4), max_size=3))
def test_the_cheapest_reading_is_that_of_brute_force(
    keys: set[str], options: list[list[tuple[str, float]]]
) -> None:
    ordered = sorted(keys)
    names = Spellings(ordered, [(number, 1) for number in range(len(ordered))])
    expected: dict[int, float] = {}
    for reading in product(*options):
        text = "".join(letters for letters, _ in reading)
        if text in keys:
            number, cost = ordered.index(text), sum(cost for _, cost in reading)
            expected[number] = min(cost, expected.get(number, cost))
    found = {place.city_id: place.cost for place in decode(names, options)}
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "country", "city"),
    [
        ("布雷姆", "DE", "Bremen"),
        ("法兰克福特", "DE", "Frankfurt"),
        ("塞德港", "EG", "Port Said"),
        ("伊士麦尔", "TR", "İzmir"),
        ("阿伯丁堡", "GB", "Aberdeen"),
        ("水源", "KR", "Suwon"),
        ("芹苴", "VN", "Cần Thơ"),
    ],
)
def test_renderings_the_gazetteer_may_lack(
    geocoder: Geocoder, name: str, country: str, city: str
) -> None:
    match = geocoder.answer([name], [[country]])[0]
    assert match.place is not None
    assert match.place.country == country
    names = [place.name_en for place in (match.place, *match.candidates)]
    assert city in names


def test_every_family_has_sounds_with_chances(places: Gazetteer) -> None:
    rows = places.store.execute("SELECT family, count(*), min(cost) FROM sound GROUP BY family")
    counts = {family: (count, least) for family, count, least in rows}
    assert set(counts) == FAMILIES
    assert all(count > 2_000 and least >= 0 for count, least in counts.values())
    over = (
        "SELECT family, han FROM sound GROUP BY family, han HAVING sum(exp(-cost / 100.0)) > 1.02"
    )
    assert places.store.execute(over).fetchall() == []


def test_an_unknown_character_sounds_like_its_pinyin(places: Gazetteer) -> None:
    known = "SELECT count(*) FROM sound WHERE family = 'foreign' AND han = '镑'"
    assert places.store.execute(known).fetchone() == (0,)
    (option,) = sounds(places.store, "foreign", "镑")
    assert any(letters.startswith("b") for letters, _ in option)


def test_sounds_heard_differently_cost_more() -> None:
    option = [("ber", 0.5), ("", 4.0)]
    wider = dict(varied(option))
    assert dict(option).items() <= wider.items()
    assert wider["bar"] > wider["ber"]
    assert varied([]) == []
