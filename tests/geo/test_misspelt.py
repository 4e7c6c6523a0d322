"""Near names are those that brute force finds, in every script."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.geo.gazetteer import Gazetteer
from tierscape.geo.misspelt import Names, all_names, near, script, slips_allowed

LETTERS = st.text(alphabet="abcд", min_size=1, max_size=6)


def distance(one: str, other: str) -> int:
    """Return the number of slips between two texts (optimal string alignment)."""
    rows = [
        [max(i, j) if not i * j else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)
    ]
    for i, a in enumerate(one, 1):
        for j, b in enumerate(other, 1):
            best = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                best = min(best, rows[i - 2][j - 2] + 1)
            rows[i][j] = best
    return rows[-1][-1]


def names_of(keys: set[str]) -> Names:
    firsts: dict[str, list[str]] = {}
    for char in sorted({key[0] for key in keys}):
        firsts.setdefault(script(char), []).append(char)
    return Names(sorted(keys), firsts)


@settings(max_examples=300)
@given(keys=st.sets(LETTERS, max_size=30), key=LETTERS, slips=st.sampled_from([1, 2]))
def test_near_names_are_those_of_brute_force(keys: set[str], key: str, slips: int) -> None:
    kind = script(key[0])
    found = near(names_of(keys), key, slips)
    assert all(distance(key, other) <= slips for other in found)
    # A slip in the first letter is looked for in the same script only.
    assert found >= {o for o in keys if distance(key, o) <= slips and script(o[0]) == kind}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("munihc", "munich"),
        ("乌鲁木其", "乌鲁木齐"),
        ("москво", "москва"),
        ("القاهره", "القاهرة"),
        ("とうきょお", "とうきょう"),
        ("인천광역", "인천광역시"),
        ("drankfurt", "frankfurt"),
    ],
)
def test_slips_in_many_scripts(places: Gazetteer, written: str, meant: str) -> None:
    names = all_names(places.store)
    if meant not in names.keys:  # a name that the gazetteer lacks shows nothing
        names = names_of({*names.keys[:1000], meant})
    assert meant in near(names, written, 1)


@pytest.mark.parametrize(
    ("key", "slips"),
    [("", 0), ("西安", 0), ("上海市", 1), ("rom", 0), ("rome", 1), ("hamburgo", 2), ("서울", 0)],
)
def test_short_names_have_no_near_ones(key: str, slips: int) -> None:
    assert slips_allowed(key) == slips
