"""The shipped claims load, quote briefly and name what exists; a wrong claim file says where."""

import re
from pathlib import Path

import pytest

from tierscape.data import claim_records as records
from tierscape.data.catalog import BUILT_IN, Catalog
from tierscape.data.claim_loader import load_claims
from tierscape.data.errors import DataError
from tierscape.data.reading import read_csv

CLAIMS = load_claims(Catalog())
BY_SLUG = {claim.slug: claim for claim in CLAIMS}
#: Longest quotation, in characters: one sentence that names eighteen cities.
LONGEST = 85


def published(edition: str, dimension: str) -> set[str]:
    file = BUILT_IN / "editions" / edition / f"{dimension}.csv"
    return {row["name"] for _, row in read_csv(file, ("name",))}


@pytest.mark.parametrize("claim", CLAIMS, ids=BY_SLUG)
def test_every_claim_quotes_briefly(claim: records.Claim) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", claim.slug)
    assert re.search(r"[\u4e00-\u9fff]", claim.text_zh)
    assert len(claim.text_zh) <= LONGEST
    assert claim.text_en
    assert not re.search(r"[\u4e00-\u9fff]", claim.text_en)


@pytest.mark.parametrize("claim", CLAIMS, ids=BY_SLUG)
def test_cities_are_named_as_published(claim: records.Claim) -> None:
    test = claim.test
    names: list[str] = []
    for field in ("cities", "like"):
        names += getattr(test, field, ())
    for field in ("a", "b", "leaders", "group", "of"):
        group = getattr(test, field, None)
        while group is not None:
            names += [*group.cities, *group.cities_extended]
            group = group.excluding
    if names:
        editions = {test.edition, getattr(test, "linked", test.edition)}  # type: ignore[union-attr]
        known = [published(edition, test.dimension) for edition in editions]  # type: ignore[union-attr]
        assert set(names) <= set.union(*known)


def test_sources() -> None:
    assert {claim.source for claim in CLAIMS} == {
        "arab-2024",
        "asia-2023",
        "cstc-2021",
        "forum-2023",
        "g20-2023",
    }


def test_cities_named_as_top() -> None:
    g20, asia = BY_SLUG["g20-top-cities"].test, BY_SLUG["asia-top-cities"].test
    assert isinstance(g20, records.InTier)
    assert isinstance(asia, records.InTier)
    assert len(set(g20.cities)) == 18
    assert len(set(asia.cities)) == 9


def test_every_named_city_stands_in_its_quotation() -> None:
    for claim in CLAIMS:
        if claim.kind == "in_tier":
            assert isinstance(claim.test, records.InTier)
            for city in claim.test.cities:
                assert city.removesuffix("特区") in claim.text_zh, (claim.slug, city)


def test_figures_are_counted_from_the_rubrics() -> None:
    found = {c.slug: c.test.found for c in CLAIMS if isinstance(c.test, records.Figure)}
    assert found == {
        "arab-experts": 18,
        "arab-indicators": 11,
        "asia-indicators": 16,
        "cstc-indicators-level-1": 5,
        "cstc-indicators-level-2": 16,
        "cstc-indicators-level-3": 52,
        "experts-2023": 32,
        "indicators-2023": 16,
        "languages-2023": 21,
    }


def test_capitals() -> None:
    rows = [row for _, row in read_csv(BUILT_IN / "claims/capitals/capitals.csv", ("city_id",))]
    assert len({row["city_id"] for row in rows}) == len(rows)
    assert all(row["city_id"].isdigit() for row in rows)
    arab = BY_SLUG["arab-capitals"].test
    assert isinstance(arab, records.Covers)
    assert len(arab.countries) == 22
    assert set(arab.countries) <= {row["country"] for row in rows}
    # Two cities stand for one capital only where a note says why.
    countries = [row["country"] for row in rows]
    twice = {country for country in countries if countries.count(country) > 1}
    assert twice == {row["country"] for row in rows if row["note"]}


# --- wrong files -------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a data folder with one edition, one rubric, one cluster and one list."""
    files = {
        "editions/asia-2023/edition.toml": "",
        "editions/one-2023/edition.toml": "",
        "editions/two-2023/edition.toml": "",
        "rubrics/harbor/rubric.toml": "[stated]\nexperts = { count = 32 }\n",
        "rubrics/harbor/indicators.csv": "indicator,level,parent\na,1,\nb,2,a\nc,2,a\n",
        "named_clusters/alps.toml": "",
        "claims/capitals/capitals.csv": "country,city_id,name\nMY,1735161,Kuala Lumpur\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def claim_file(folder: Path, test: str, source: str = "mine", slug: str = "one") -> Path:
    path = folder / "claims" / source / "claims.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = f'[[claim]]\nid = "{slug}"\ntext_zh = "句"\ntext_en = "sentence"\n'
    path.write_text(f"{head}[claim.test]\n{test}\n", encoding="utf-8")
    return path


WHERE = 'edition = "asia-2023"\ndimension = "total"\n'
LINKED = 'edition = "one-2023"\ndimension = "total"\nlinked = "two-2023"\n'
AHEAD = f'kind = "ahead"\n{WHERE}'


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ('kind = "ahaed"', ("kind", "ahaed", "Did you mean 'ahead'?")),
        ('kind = "untestable"', ("reason", "", "a string is required")),
        ('kind = "untestable"\nreason = ""', ("reason", "", "must not be empty")),
        ('kind = "untestable"\nreasno = "x"', ("reasno", "reasno", "Did you mean 'reason'?")),
        (f"{AHEAD}b = {{ rest = true }}", ("a", "", "a table is required")),
        (f"{AHEAD}a = {{}}\nb = {{ rest = true }}", ("a", "{}", "at least one condition")),
        (
            f'{AHEAD}a = {{ clusters = ["alsp"] }}\nb = {{ rest = true }}',
            ("a.clusters", "alsp", "Did you mean 'alps'?"),
        ),
        (
            f'{AHEAD}a = {{ continents = ["Asai"] }}\nb = {{ rest = true }}',
            ("a.continents", "Asai", "Did you mean 'Asia'?"),
        ),
        (
            f'{AHEAD}a = {{ landforms = ["coast"] }}\nb = {{ rest = true }}',
            ("a.landforms", "coast", "Did you mean 'coastal'?"),
        ),
        (
            f'{AHEAD}a = {{ list = "capital" }}\nb = {{ rest = true }}',
            ("a.list", "capital", "Did you mean 'capitals'?"),
        ),
        (
            f'{AHEAD}a = {{ tiers = ["1"] }}\nb = {{ rest = true }}',
            ("a.tiers", "['1']", "must be a list of integers"),
        ),
        (
            f"{AHEAD}a = {{ excluding = {{ clustres = [] }} }}\nb = {{ rest = true }}",
            ("a.excluding.clustres", "clustres", "Did you mean 'clusters'?"),
        ),
        (
            'kind = "in_tier"\nedition = "asia-2032"\ndimension = "total"\ncities = ["北京"]',
            ("edition", "asia-2032", "Did you mean 'asia-2023'?"),
        ),
        (f'kind = "in_tier"\n{WHERE}cities = []', ("cities", "[]", "must not be empty")),
        (f'kind = "near"\n{WHERE}cities = ["北京"]', ("like", "", "a list is required")),
        (
            f'kind = "linked_near"\n{WHERE}linked = "asia-2032"\ncities = ["a"]\nlike = ["b"]',
            ("linked", "asia-2032", "Did you mean 'asia-2023'?"),
        ),
        (
            f'kind = "linked_near"\n{WHERE}linked = "asia-2023"\ncities = ["a"]\nlike = ["b"]',
            ("linked", "asia-2023", "must be another edition than asia-2023"),
        ),
        (
            f'kind = "linked_in_tier"\n{LINKED}cities = ["a"]\ntiers = [1, 3]',
            ("tiers", "[1, 3]", "must be consecutive tiers"),
        ),
        (
            f'kind = "linked_in_tier"\n{LINKED}cities = ["a"]',
            ("tiers", "[]", "must be consecutive tiers, at least one"),
        ),
        (
            f'kind = "linked_similar"\n{LINKED}a = {{ rest = true }}\nmargin = 1',
            ("b", "", "a table is required"),
        ),
        (
            f'kind = "share"\n{WHERE}group = {{ tiers = [1] }}',
            ("percent", "", "exactly one of percent and more_than"),
        ),
        (
            'kind = "count"\neditions = ["asia-2023", "asia-2023"]\nequals = 1',
            ("combine", "", "a string is required"),
        ),
        (
            'kind = "count"\neditions = ["asia-2023"]\ncombine = "any"\nequals = 1',
            ("combine", "any", "must be 'either' or 'both'"),
        ),
        (
            'kind = "count"\neditions = ["asia-2023"]\nequals = "1"',
            ("equals", "1", "must be an integer"),
        ),
        (
            'kind = "figure"\nrubric = "harbour"\nfigure = "experts"\nequals = 32',
            ("rubric", "harbour", "Did you mean 'harbor'?"),
        ),
        (
            'kind = "covers"\nedition = "asia-2023"\ncountries = ["MY"]',
            ("list", "", "a string is required"),
        ),
    ],
)
def test_a_wrong_test_names_file_key_value_and_remedy(
    folder: Path, test: str, expected: tuple[str, str, str]
) -> None:
    column, value, rule = expected
    path = claim_file(folder, test)
    with pytest.raises(DataError) as caught:
        load_claims(Catalog((folder,)))
    problem = caught.value.problems[0]
    assert problem.file == str(path)
    assert problem.column == f"claim[1].(one) test.{column}"
    assert problem.value == value
    assert rule in str(problem)


def test_all_problems_of_all_files_at_once(folder: Path) -> None:
    claim_file(folder, 'kind = "unknown"')
    broken = folder / "claims" / "other" / "claims.toml"
    broken.parent.mkdir()
    broken.write_text("[[claim]\n", encoding="utf-8")
    untold = folder / "claims" / "third" / "claims.toml"
    untold.parent.mkdir()
    untold.write_text('[[claim]]\nid = "two"\nextra = 1\n', encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_claims(Catalog((folder,)))
    text = str(caught.value)
    assert {Path(problem.file).parent.name for problem in caught.value.problems} == {
        "mine",
        "other",
        "third",
    }
    for part in ("'unknown'", "not valid TOML", "text_zh", "text_en", "extra", "test"):
        assert part in text


def test_an_id_that_occurs_twice(folder: Path) -> None:
    test = 'kind = "untestable"\nreason = "so"'
    claim_file(folder, test)
    claim_file(folder, test, source="other")
    with pytest.raises(DataError, match="the id occurs twice") as caught:
        load_claims(Catalog((folder,)))
    assert len(caught.value.problems) == 2


def test_a_broken_list_is_reported(folder: Path) -> None:
    (folder / "claims/capitals/capitals.csv").write_text("country,name\n", encoding="utf-8")
    claim_file(
        folder, 'kind = "covers"\nedition = "asia-2023"\nlist = "capitals"\ncountries = ["MY"]'
    )
    with pytest.raises(DataError, match="column 'city_id' is missing"):
        load_claims(Catalog((folder,)))


def test_a_list_is_attached_to_the_test(folder: Path) -> None:
    claim_file(
        folder, 'kind = "covers"\nedition = "asia-2023"\nlist = "capitals"\ncountries = ["MY"]'
    )
    (claim,) = load_claims(Catalog((folder,)))
    assert isinstance(claim.test, records.Covers)
    assert claim.test.listed == (records.ListedCity("MY", "1735161", "Kuala Lumpur"),)


@pytest.mark.parametrize(
    ("figure", "found"),
    [("experts", 32), ("indicators", 2), ("indicators_level_1", 1), ("languages", None)],
)
def test_a_figure_comes_from_the_rubric(folder: Path, figure: str, found: int | None) -> None:
    claim_file(folder, f'kind = "figure"\nrubric = "harbor"\nfigure = "{figure}"\nequals = 1')
    (claim,) = load_claims(Catalog((folder,)))
    assert isinstance(claim.test, records.Figure)
    assert claim.test.found == found


def test_a_later_folder_replaces_a_source(folder: Path) -> None:
    claim_file(folder, 'kind = "untestable"\nreason = "so"', source="g20-2023")
    claims = load_claims(Catalog((BUILT_IN, folder)))
    assert [claim.slug for claim in claims if claim.source == "g20-2023"] == ["one"]
    assert {claim.source for claim in claims} == {claim.source for claim in CLAIMS}
