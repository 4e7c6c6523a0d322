"""The confidence is a probability, grows with the evidence, and its weights are all there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierscape.geo import confidence
from tierscape.geo.confidence import apart_km, chance, margin, size
from tierscape.geo.geocode import Geocoder

KINDS = {
    "found": confidence.FOUND,
    "transliterated": confidence.TRANSLITERATED,
    "misspelt": confidence.MISSPELT,
}


def test_every_piece_of_evidence_has_a_weight() -> None:
    lines = confidence.FILE.read_text(encoding="utf-8").splitlines()[1:]
    assert [tuple(line.split(",")[:2]) for line in lines] == [
        (kind, name) for kind, names in KINDS.items() for name in ("", *names)
    ]


@given(kind=st.sampled_from(sorted(KINDS)), wide=st.floats(-6, 6), country=st.booleans())
def test_a_wider_margin_and_a_country_make_surer(kind: str, wide: float, *, country: bool) -> None:
    evidence = {"margin": wide, "scoped": float(country), "cost": 4.0}
    low = chance(kind, evidence)
    assert 0 < low <= confidence.SUREST
    assert chance(kind, {**evidence, "margin": wide + 0.5}) >= low
    assert chance(kind, {**evidence, "scoped": 1.0}) >= low


def test_distances_against_known_ones() -> None:
    assert apart_km((0, 0), (180, 0)) == pytest.approx(20_015, abs=1)
    assert apart_km((179.9, 0), (-179.9, 0)) == pytest.approx(22.24, abs=0.01)
    assert apart_km((5, 5), (5, 5)) == 0


def test_margins_are_logarithms_up_to_a_limit() -> None:
    assert margin(1) == 0
    assert margin(1e9) == confidence.WIDEST
    assert margin(0) == -confidence.WIDEST


def test_a_name_of_one_place_is_surer_than_one_of_many(geocoder: Geocoder) -> None:
    sure, doubtful = geocoder.find("Reykjavik", ["IS"]), geocoder.find("Springfield")
    assert sure.confidence > 0.95 > doubtful.confidence > 0
    assert geocoder.find("nowhere at all").confidence == 0


def test_a_size_tells_towns_and_large_cities_apart() -> None:
    town, city, large = (size(people) for people in (20_000, 150_000, 2_000_000))
    assert list(town) == list(confidence.SIZE)
    assert town["below_city"] > 0 == city["below_city"] == large["below_city"]
    assert city["below_large"] > 0 == large["below_large"]
    assert size(0) == size(1_000)
