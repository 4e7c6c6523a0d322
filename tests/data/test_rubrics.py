"""The shipped rubrics are what the documents print; a faulty rubric is named in full."""

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tierscape.data.catalog import BUILT_IN, Catalog
from tierscape.data.errors import DataError, UnknownNameError
from tierscape.data.records import Rubric
from tierscape.data.rubric_loader import load_rubric

RUBRICS = {slug: load_rubric(Catalog(), slug) for slug in Catalog().items("rubrics")}

FACTS = sorted(
    path
    for kind in ("editions", "rubrics")
    for path in (BUILT_IN / kind).glob("*/*")
    if path.suffix in {".toml", ".csv"}
)
CJK = re.compile(r"[\u4e00-\u9fff]")

TOML = 'title_en = "Test"\nmaximum = 3\n'
HEADER = "indicator,level,parent,title_zh,title_en,weight\n"
INDICATORS = HEADER + "net,1,,,Networks,60\nrail,1,,,Rail,40\nfibre,2,net,,Fibre,\n"
LADDERS = "indicator,points,text_zh,text_en\nrail,1,,a line\nrail,2,,two lines\nrail,3,,\n"
Faulty = Callable[..., DataError]


def write(root: Path, toml: str = TOML, **tables: str) -> Catalog:
    """Write the rubric `mine`, sound unless told otherwise, and return the catalog."""
    folder = root / "rubrics" / "mine"
    folder.mkdir(parents=True)
    (folder / "rubric.toml").write_text(toml, encoding="utf-8")
    for name, text in ({"indicators": INDICATORS, "ladders": LADDERS} | tables).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return Catalog((BUILT_IN, root))


@pytest.fixture
def faulty(tmp_path: Path) -> Faulty:
    """Return a function that writes a rubric and gives the error of loading it."""

    def load(toml: str = TOML, **tables: str) -> DataError:
        catalog = write(tmp_path, toml, **tables)
        with pytest.raises(DataError) as caught:
            load_rubric(catalog, "mine")
        return caught.value

    return load


def levels(rubric: Rubric) -> list[int]:
    return [size for _, size in sorted(Counter(i.level for i in rubric.indicators).items())]


# What is shipped


@pytest.mark.parametrize("slug", sorted(RUBRICS))
def test_every_shipped_rubric(slug: str) -> None:
    rubric = RUBRICS[slug]
    facts = tomllib.loads(rubric.file.read_text(encoding="utf-8"))
    assert any("translations" in note for note in rubric.notes)
    assert {"title", "date", "file", "sha256", "extracted"} == facts["provenance"].keys()
    assert all(indicator.title_zh != indicator.title_en for indicator in rubric.indicators)
    assert all(bool(step.text_zh) == bool(step.text_en) for step in rubric.steps)


@pytest.mark.parametrize(
    ("slug", "sizes"),
    [("harbor-2023", [3, 16]), ("harbor-2024", [3, 11]), ("cstc-2021", [5, 16, 52])],
)
def test_numbers_of_indicators(slug: str, sizes: list[int]) -> None:
    assert levels(RUBRICS[slug]) == sizes


@pytest.mark.parametrize(
    ("slug", "groups"), [("harbor-2023", (4, 4, 8)), ("harbor-2024", (3, 6, 2))]
)
def test_groups_of_indicators(slug: str, groups: tuple[int, ...]) -> None:
    counted = Counter(i.parent for i in RUBRICS[slug].indicators if i.parent)
    assert tuple(counted[name] for name in ("digital", "traditional", "institutional")) == groups


def test_weights_are_those_printed_and_no_others() -> None:
    given = {i.slug: i.weight for i in RUBRICS["cstc-2021"].indicators if i.weight is not None}
    assert given == {
        "technology": 10,
        "resources": 15,
        "application-platforms": 25,
        "management": 20,
        "services": 30,
    }
    for slug in ("harbor-2023", "harbor-2024"):
        assert all(indicator.weight is None for indicator in RUBRICS[slug].indicators)


def test_ladders_of_2023_end_below_the_maximum() -> None:
    rubric = RUBRICS["harbor-2023"]
    assert rubric.maximum == 5
    top = {step.indicator: step.points for step in rubric.steps}
    assert top == {"wireless-network": 4, "data-flow": 3}
    assert all(step.text_zh for step in rubric.steps)


def test_annex_of_2024_is_complete_with_its_blanks() -> None:
    rubric = RUBRICS["harbor-2024"]
    printed = Counter(step.indicator for step in rubric.steps if step.text_zh)
    assert len(rubric.steps) == 11 * 4
    assert list(printed.values()) == [4, 4, 4, 2, 3, 3, 2, 3, 3, 3, 2]
    assert ("artificial-intelligence", 4, "类人工智能规模商用") in {
        (step.indicator, step.points, step.text_zh) for step in rubric.steps
    }


def test_ladders_in_the_text_of_2024_fit_the_annex() -> None:
    rubric = RUBRICS["harbor-2024"]
    path = rubric.file.with_name("ladders_in_text.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    steps = {(step.indicator, str(step.points)): step.text_zh for step in rubric.steps}
    assert len(rows) == 8
    assert all(steps[row["indicator"], row["points"]] for row in rows)


def test_second_level_of_cstc_is_that_of_its_table() -> None:
    path = BUILT_IN / "editions" / "cstc-2021" / "indices.csv"
    with path.open(encoding="utf-8", newline="") as file:
        printed = [(row["level_1"], row["level_2"]) for row in csv.DictReader(file)]
    tree = {indicator.slug: indicator for indicator in RUBRICS["cstc-2021"].indicators}
    second = [indicator for indicator in tree.values() if indicator.level == 2]
    assert [(tree[i.parent].title_zh, i.title_zh) for i in second] == printed


def strings(value: object) -> Iterator[str]:
    """Yield every string inside parsed TOML or CSV."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


@pytest.mark.parametrize("path", FACTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_running_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    facts = tomllib.loads(text) if path.suffix == ".toml" else list(csv.reader(text.splitlines()))
    longest = max(len(CJK.findall(string)) for string in strings(facts))
    assert longest <= (100 if path.name == "edition.toml" else 60)
    if path.suffix == ".toml":
        assert len(CJK.findall(text)) < 800


# A user's rubric


def test_sound_rubric(tmp_path: Path) -> None:
    rubric = load_rubric(write(tmp_path), "mine")
    assert [i.weight for i in rubric.indicators] == [60, 40, None]
    assert (rubric.title_zh, rubric.maximum, len(rubric.steps)) == ("Test", 3, 3)


def test_unknown_rubric_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"'harbour-2024'\. Did you mean 'harbor-2024'"):
        load_rubric(Catalog(), "harbour-2024")


FAULTS = {
    "level 1 with a parent": ("rail,1,,", "rail,1,net,", "line 3, parent: 'net'"),
    "unknown parent": (
        ",net,",
        ",nett,",
        "line 4, parent: 'nett': must be an indicator of level 1",
    ),
    "nearest parent": (",net,", ",nett,", "Did you mean 'net'?"),
    "parent of the same level": ("2,net", "2,fibre", "must be an indicator of level 1"),
    "sum of weights": (",40", ",30", "weight: '90': the weights of level 1 must sum to 100"),
    "weight missing": (",40", ",", "weight: 'rail': others of level 1 have a weight, these have"),
    "weight is no number": (",40", ",nan", "line 3, weight: 'nan': must be a number from 0 up"),
    "level": ("fibre,2", "fibre,two", "line 4, level: 'two': must be a whole number from 1 up"),
    "indicator twice": ("rail,1", "net,1", "line 3, indicator: 'net': this indicator stands al"),
    "no title": (",Rail,", ",,", "line 3, title_zh: '': title_zh or title_en must be given"),
    "column": ("weight\n", "wieght\n", "line 1, weight"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_of_the_indicators(fault: str, faulty: Faulty) -> None:
    old, new, message = FAULTS[fault]
    error = str(faulty(indicators=INDICATORS.replace(old, new, 1)))
    assert message in error
    assert "indicators.csv" in error


STEP_FAULTS = {
    "unknown indicator": ("rail,1", "rial,1", "line 2, indicator: 'rial': there is no such indic"),
    "nearest indicator": ("rail,1", "rial,1", "Did you mean 'rail'?"),
    "above the maximum": ("rail,3", "rail,4", "line 4, points: '4': the maximum is 3. The nearest"),
    "zero points": ("rail,1", "rail,0", "line 2, points: '0': must be a whole number from 1 up"),
    "step twice": ("rail,2", "rail,1", "line 3, points: '1': the ladder of rail has this step"),
}


@pytest.mark.parametrize("fault", STEP_FAULTS)
def test_fault_of_the_ladders(fault: str, faulty: Faulty) -> None:
    old, new, message = STEP_FAULTS[fault]
    error = faulty(ladders=LADDERS.replace(old, new, 1))
    assert len(error.problems) == 1
    assert message in str(error)
    assert "ladders.csv" in str(error)


def test_ladders_need_a_maximum(faulty: Faulty) -> None:
    error = faulty('title_en = "Test"\n')
    assert "rubric.toml, maximum: '': is required where there are ladders" in str(error)


def test_unknown_key_names_the_nearest(faulty: Faulty) -> None:
    error = faulty(TOML + "maximun = 3\n")
    assert "'maximun': is not a known key. Did you mean 'maximum'?" in str(error)


def test_all_problems_come_at_once(faulty: Faulty) -> None:
    error = faulty(
        TOML + "x = 1\n",
        indicators=INDICATORS.replace(",40", ",30"),
        ladders=LADDERS.replace("rail,3", "rail,9"),
    )
    files = [Path(problem.file).name for problem in error.problems]
    assert files == ["rubric.toml", "indicators.csv", "ladders.csv"]
