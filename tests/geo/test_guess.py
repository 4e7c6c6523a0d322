"""A guess is suggested with its doubt, never taken silently."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.data.catalog import Catalog
from tierscape.data.edition_loader import load_editions
from tierscape.geo.geocode import Geocoder
from tierscape.geo.guess import LEAST


@pytest.mark.parametrize(
    ("name", "scope", "expected"),
    [
        ("乌鲁木其", "CN", ("", "Ürümqi")),
        ("Munihc", "", ("misspelt", "Munich")),
        ("Copenhaegn", "DK", ("misspelt", "Copenhagen")),
        ("Новосибирс", "RU", ("misspelt", "Novosibirsk")),
        ("库德斯", "ID", ("transliterated", "Kudus")),
    ],
)
def test_what_is_meant_is_suggested(
    geocoder: Geocoder, name: str, scope: str, expected: tuple[str, str]
) -> None:
    step, city = expected
    assert geocoder.find(name, [scope] if scope else []).place is None
    match = geocoder.suggest(name, [scope] if scope else [])
    assert match.place is not None
    assert (match.status, match.place.name_en) == ("suggested", city)
    assert match.step in ({step} if step else {"misspelt", "transliterated"})
    assert match.reason
    assert LEAST <= match.confidence < 1


@pytest.mark.parametrize("name", ["", " ", "\u200f", "12345", "x" * 10_000, "阿" * 10_000, "..."])
def test_what_is_no_name_gets_no_guess_but_a_reason(geocoder: Geocoder, name: str) -> None:
    match = geocoder.suggest(name)
    assert (match.status, match.place, match.confidence) == ("not_found", None, 0.0)
    assert match.reason


def test_names_of_one_or_two_characters_are_never_misspelt(geocoder: Geocoder) -> None:
    for name in ("昔安", "西按", "港"):
        assert geocoder.suggest(name, ["CN"]).step != "misspelt"


def test_a_scope_holds_for_guesses(geocoder: Geocoder) -> None:
    match = geocoder.suggest("Munihc", ["FR"])
    assert match.place is None or match.place.country == "FR"


@settings(max_examples=40, deadline=None)
@given(name=st.text(max_size=12), country=st.sampled_from(["", "FR", "CN", "KR"]))
def test_any_text_gets_an_answer(geocoder: Geocoder, name: str, country: str) -> None:
    (match,) = geocoder.answer([name], [[country] if country else []])
    assert match.input == name
    assert (match.place is None) == (match.status == "not_found")
    assert 0 <= match.confidence < 1
    assert match.reason or match.place


def test_published_names_are_never_guesses(geocoder: Geocoder) -> None:
    for edition in load_editions(Catalog()):
        names = [entry.name for entry in edition.dimensions[0].entries]
        found = geocoder.answer(names, [edition.countries] * len(names))
        assert [m.input for m in found if m.status != "matched"] == []
