"""A sound score folder is read as written; whatever is wrong with one is named, all at once."""

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tierscape.data.errors import DataError, Problem, TierscapeError
from tierscape.data.score_cities import within_scope
from tierscape.data.score_folder import load_score_folder
from tierscape.data.score_records import RankedCity, Scope
from tierscape.data.score_tables import Table, number_of, read_table
from tierscape.data.score_tree import sums_up

EXAMPLE = Path(__file__).parent / "score_example"

INDEX = """\
title_en = "Test"
year = 2024

[weights]
method = "given"

[normalise]
method = "goalposts"

[missing]
method = "drop-city"

[aggregate]
method = "arithmetic"

[tiers]
method = "share"
shares = [10, 30, 60, 100]
ties = "promote"

[[indicator]]
slug = "digital"
title_en = "Digital"
weight = 0.6

[[indicator]]
slug = "net"
parent = "digital"
title_en = "Network"
kind = "ladder"
maximum = 5
weight = 100

[[indicator]]
slug = "rail"
title_en = "Rail"
kind = "value"
low = 0
high = 50
weight = 0.4
"""
LADDERS = "indicator,points,text_zh,text_en\nnet,1,,4G\nnet,2,,5G\nnet,3,,satellite\nnet,4,,\n"
HEADER = "city,indicator,points,value,evidence,source,language,date,channel,rounds,accepted\n"
RATINGS = (
    HEADER
    + "Rome,net,2,,map of the network,a,it,2024-03-01,desk,2,yes\n"
    + "Oslo,net,3,,report,b,no,2024,survey,0,\n"
    + "Rome,rail,,41.5,yearbook,c,it,2024-05,desk,1,是\n"
    + "Oslo,rail,,-1e1,yearbook,d,no,,desk,,yes\n"
)
CITIES = "city,country,city_id,income\nRome,IT,3169070,high\nOslo,NO,,high\n"
SOUND = {
    "index.toml": INDEX,
    "ladders.csv": LADDERS,
    "ratings.csv": RATINGS,
    "cities.csv": CITIES,
}
Faulty = Callable[..., tuple[Problem, ...]]


def write(folder: Path, files: dict[str, str | None]) -> Path:
    """Write a folder that is sound but for `files`; None leaves a file out."""
    for name, text in (SOUND | files).items():
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def faulty(tmp_path: Path) -> Faulty:
    """Return a function that changes texts of files and gives the problems of loading."""

    def load(*changes: tuple[str, str, str], **files: str | None) -> tuple[Problem, ...]:
        texts = SOUND | {name.replace("_", "."): text for name, text in files.items()}
        for name, old, new in changes:
            assert old in str(texts[name])
            texts[name] = str(texts[name]).replace(old, new, 1)
        with pytest.raises(DataError) as caught:
            load_score_folder(write(tmp_path, texts))
        return caught.value.problems

    return load


# Sound folders


def test_example() -> None:
    folder = load_score_folder(EXAMPLE)
    assert folder.index.slug == "score_example"
    assert (len(folder.cities), len(folder.ratings), len(folder.steps)) == (12, 129, 44)
    assert Counter(node.level for node in folder.index.nodes) == {1: 3, 2: 11}
    assert [rating.line for rating in folder.ratings] == list(range(2, 131))
    assert [(r.city, r.indicator) for r in folder.ratings if not r.accepted] == [
        ("马斯喀特", "smart-transport"),
        ("开罗", "artificial-intelligence"),
    ]
    rejected, late = folder.warnings
    assert rejected.endswith("1 rating whose evidence failed its review does not count: line 81.")
    assert late.endswith("1 rating whose evidence is after 2024-06-30 does not count: line 72.")
    experts = {answer.expert: answer.field for answer in folder.answers}
    assert Counter(experts.values()) == {"planning": 2, "engineering": 2, "economics": 2}


def test_what_is_read_is_what_stands_there(tmp_path: Path) -> None:
    folder = load_score_folder(write(tmp_path, {}))
    digital, net, rail = folder.index.nodes
    assert (digital.kind, digital.level, digital.weight) == ("group", 1, 0.6)
    assert (net.kind, net.parent, net.level, net.maximum) == ("ladder", "digital", 2, 5)
    assert (rail.kind, rail.low, rail.high, rail.direction) == ("value", 0, 50, 1)
    assert [rating.value for rating in folder.ratings] == [2, 3, 41.5, -10]
    assert [rating.rounds for rating in folder.ratings] == [2, 0, 1, 0]
    assert all(rating.accepted for rating in folder.ratings)
    assert folder.cities[0] == RankedCity("Rome", "IT", "3169070", 2, (("income", "high"),))
    assert [step.text_zh for step in folder.steps] == ["4G", "5G", "satellite", ""]
    assert folder.warnings == ()


@pytest.mark.parametrize("cities", [None, "city\n"])
def test_without_a_list_the_cities_are_the_rated(tmp_path: Path, cities: str | None) -> None:
    folder = load_score_folder(write(tmp_path, {"cities.csv": cities}))
    assert [(city.name, city.line) for city in folder.cities] == [("Rome", 2), ("Oslo", 3)]


def test_all_cities_tied_is_no_fault(tmp_path: Path) -> None:
    tied = RATINGS.replace("net,3", "net,2").replace("-1e1", "41.5")
    folder = load_score_folder(write(tmp_path, {"ratings.csv": tied}))
    assert len({rating.value for rating in folder.ratings}) == 2


def test_rows_not_yet_filled_in_are_no_ratings(tmp_path: Path) -> None:
    blank = RATINGS + "Rome,net,,,,,,,,,\n,net\n\n"
    assert len(load_score_folder(write(tmp_path, {"ratings.csv": blank})).ratings) == 4


def test_a_rating_that_does_not_count_is_kept_and_marked(tmp_path: Path) -> None:
    extra = "Bonn,net,1,,rumour,,de,2024-01-01,desk,3,否\nBonn,rail,,1,x,,de,2024-09,desk,1,yes\n"
    dated = (RATINGS + extra).replace("no,,desk", "no,2024,desk")
    cities = CITIES + "Bonn,DE,,high\n"
    index = 'cutoff = "2024-06-30"\n' + INDEX
    texts: dict[str, str | None] = {
        "ratings.csv": dated,
        "cities.csv": cities,
        "index.toml": index,
    }
    folder = load_score_folder(write(tmp_path, texts))
    assert [r.accepted for r in folder.ratings] == [True] * 4 + [False] * 2
    assert "1 cities have no rating that counts: Bonn" in folder.warnings[-1]


def test_ladder_without_described_steps_is_told(tmp_path: Path) -> None:
    folder = load_score_folder(write(tmp_path, {"ladders.csv": LADDERS.splitlines()[0]}))
    assert "no step is described of net" in folder.warnings[0]


def test_weights_that_the_method_does_not_use_are_told(tmp_path: Path) -> None:
    index = INDEX.replace('"given"', '"equal"')
    folder = load_score_folder(write(tmp_path, {"index.toml": index}))
    assert "weights.method is equal: given weights are not used" in folder.warnings[0]


def test_scope() -> None:
    city = RankedCity("Rome", "IT", "", 2, (("income", "high"), ("gdp", "12.5")))
    assert within_scope(city, [Scope("income", ("high", "middle")), Scope("gdp", least=12.5)])
    assert not within_scope(city, [Scope("income", ("low",))])
    assert not within_scope(city, [Scope("gdp", most=12)])
    assert not within_scope(city, [Scope("income", least=1)])


# Faults of index.toml

INDEX_FAULTS = {
    "no missing rule": ('method = "drop-city"\n', "", 10, "missing.method", "has no default"),
    "unknown key": ("year", "yaer", 2, "yaer", "Did you mean 'year'?"),
    "unknown key of a rule": ("ties =", "tie =", 19, "tiers.tie", "Did you mean 'ties'?"),
    "unknown method": ('"given"', '"givn"', 5, "weights.method", "Did you mean 'given'?"),
    "no parent": ('"digital"\ntitle_en = "N', '"dig"\ntitle_en = "N', 28, ".parent", "'digital'"),
    "slug twice": ('slug = "rail"', 'slug = "net"', 35, "indicator[3].slug", "already"),
    "slug": ('slug = "rail"', 'slug = "Rail!"', 35, "indicator[3].slug", "small letters"),
    "no kind": ('kind = "value"\n', "", 34, "indicator[3].kind", "ladder, value"),
    "negative weight": ("weight = 0.4", "weight = -0.4", 40, "[3].weight", "not be negative"),
    "weight nan": ("weight = 0.4", "weight = nan", 40, "[3].weight", "must be a finite number"),
    "weight inf": ("weight = 0.4", "weight = inf", 40, "[3].weight", "must be a finite number"),
    "weight as text": ("weight = 0.4", 'weight = "a"', 40, "[3].weight", "must be a number"),
    "sum": ("weight = 0.4", "weight = 0.3", 24, "[1].weight", "'0.9': the weights of level 1 (di"),
    "sum of one": ("weight = 100", "weight = 7", 32, "[2].weight", "under 'digital' (net 7)"),
    "no weight": (
        "weight = 0.4\n",
        "",
        34,
        "indicator[3].weight",
        "of level 1 have no weight: rail",
    ),
    "no maximum": ("maximum = 5\n", "", 26, "indicator[2].maximum", "a ladder states its maximum"),
    "key of a leaf": ("weight = 0.6", "weight = 0.6\nunit = 'm'", 25, "[1].unit", "has children"),
    "goalposts": ("low = 0\n", "", 8, "normalise.method", "but rail has no low"),
    "low above high": ("low = 0", "low = 50", 39, "indicator[3].high", "must be above low"),
    "direction": ("low = 0", "direction = 2\nlow = 0", 38, "[3].direction", "less is better"),
    "shares": ("60, 100", "60, 90", 18, "tiers.shares", "must rise from above 0 to 100"),
    "no shares": ("shares = [10, 30, 60, 100]\n", "", 16, "tiers.shares", "must rise"),
    "no ties": ('ties = "promote"\n', "", 16, "tiers.ties", "promote, cut-short"),
    "labels": ("ties =", 'labels = ["a"]\nties =', 19, "tiers.labels", "4 tiers, but 1 labels"),
    "cutoff": ("year", 'cutoff = "2024-02-30"\nyear', 2, "cutoff", "must be a day"),
    "no title": ('title_en = "Test"\n', "", None, "title_zh", "title_zh or title_en is required"),
    "no normalisation": (
        '[normalise]\nmethod = "goalposts"\n',
        "",
        None,
        "normalise.method",
        "has no default",
    ),
    "power": ('"arithmetic"', '"generalised"', 13, "aggregate.power", "other than 0"),
    "group": ('"drop-city"', '"group-mean"', 10, "missing.group", "a string is required"),
    "scope": ("[tiers]", "[[scope]]\ncolumn = 'income'\n[tiers]", 16, "[1].values", "give either"),
}


@pytest.mark.parametrize("fault", INDEX_FAULTS)
def test_fault_of_the_index(fault: str, faulty: Faulty) -> None:
    old, new, line, column, message = INDEX_FAULTS[fault]
    problems = [p for p in faulty(("index.toml", old, new)) if p.file.endswith("index.toml")]
    found = [p for p in problems if message in str(p) and str(p.column).endswith(column)]
    assert [p.row for p in found] == [line], [str(p) for p in problems]


def test_weights_of_four_methods_need_no_weights(tmp_path: Path) -> None:
    for method in ("equal", "entropy", "pca"):
        bare = INDEX.replace("weight = 0.4\n", "").replace('"given"', f'"{method}"')
        assert load_score_folder(write(tmp_path, {"index.toml": bare})).index.weighting.method


def test_broken_toml(faulty: Faulty) -> None:
    (problem,) = faulty(index_toml="title_en = \n")
    assert problem.rule == "the file is not valid TOML"


@pytest.mark.parametrize(
    ("weights", "good"),
    [
        ([1 / 3] * 3, True),
        ([0.333] * 3, True),
        ([33.3] * 3, True),
        ([0.33] * 3, False),
        ([30, 30, 41], False),
        ([0.3, 0.3, 0.3], False),
        ([0.0, 0.0], False),
        ([5, 5], False),
    ],
)
def test_sums(weights: list[float], good: bool) -> None:  # noqa: FBT001
    assert sums_up(weights) is good


# Faults of the tables

TABLE_FAULTS = {
    "above the maximum": ("ratings.csv", "net,3", "net,6", 3, "points", "the maximum 5"),
    "maximum without a step": ("ratings.csv", "net,3", "net,5", 3, "points", "no step of 5 points"),
    "blank step": ("ratings.csv", "net,3", "net,4", 3, "points", "Described: 1, 2, 3."),
    "between steps": ("ratings.csv", "net,3", "net,2.5", 3, "points", "no step of 2.5 points"),
    "below the first": ("ratings.csv", "net,3", "net,0", 3, "points", "add the step 0 of net"),
    "negative points": ("ratings.csv", "net,3", "net,-1", 3, "points", "must not be negative"),
    "text for points": ("ratings.csv", "net,3", "net,high", 3, "points", "must be a number"),
    "nan": ("ratings.csv", "41.5", "nan", 4, "value", "must be a number"),
    "infinity": ("ratings.csv", "41.5", "inf", 4, "value", "must be a number"),
    "overflow": ("ratings.csv", "41.5", "1e999", 4, "value", "must be a number"),
    "decimal comma": ("ratings.csv", "41.5", '"41,5"', 4, "value", "decimal mark as a point"),
    "formula": ("ratings.csv", "41.5", "=40+1.5", 4, "value", "looks like a spreadsheet formula"),
    "formula as evidence": ("ratings.csv", "report", "=A1", 3, "evidence", "spreadsheet formula"),
    "value of a ladder": ("ratings.csv", "net,3,", "net,3,3", 3, "value", "in the column points"),
    "points of a value": ("ratings.csv", "rail,,41.5", "rail,41.5,", 4, "points", "Leave points"),
    "no points": ("ratings.csv", "net,3", "net,", 3, "points", "this row has no points"),
    "unknown indicator": ("ratings.csv", "Oslo,net", "Oslo,nett", 3, "indicator", "mean 'net'?"),
    "a group is rated": ("ratings.csv", "Oslo,net", "Oslo,digital", 3, "indicator", "is rated"),
    "unknown city": ("ratings.csv", "Oslo,net", "Olso,net", 3, "city", "Did you mean 'Oslo'?"),
    "no city": ("ratings.csv", "Oslo,net", ",net", 3, "city", "must not be empty"),
    "rated twice": ("ratings.csv", "Oslo,net", "Rome,net", 3, "indicator", "already on line 2"),
    "no evidence": ("ratings.csv", "report", "", 3, "evidence", "a rating needs its evidence"),
    "date": ("ratings.csv", "2024-03-01", "2024-02-30", 2, "date", "must be a date"),
    "rounds": ("ratings.csv", "desk,2", "desk,-2", 2, "rounds", "whole number from 0 up"),
    "half a round": ("ratings.csv", "desk,2", "desk,1.5", 2, "rounds", "whole number from 0 up"),
    "accepted": ("ratings.csv", "2,yes", "2,maybe", 2, "accepted", "must be yes or no"),
    "column": (
        "ratings.csv",
        "evidence",
        "evidense",
        1,
        "evidence",
        "column 'evidence' is missing",
    ),
    "wide row": ("ratings.csv", "0,\n", "0,,x\n", 3, None, "more cells than the header"),
    "step above": ("ladders.csv", "net,4", "net,6", 5, "points", "has the maximum 5"),
    "step twice": ("ladders.csv", "net,2", "net,1", 3, "points", "this step already on line 2"),
    "step of nothing": ("ladders.csv", "net,2", "nte,2", 3, "indicator", "Did you mean 'net'?"),
    "step of a value": ("ladders.csv", "net,2", "rail,2", 3, "indicator", "with a ladder"),
    "step as text": ("ladders.csv", "net,2", "net,two", 3, "points", "must be a number from 0 up"),
    "city twice": ("cities.csv", "Oslo", "Rome", 3, "city", "stands already on line 2"),
    "country": ("cities.csv", "NO", "Norway", 3, "country", "ISO 3166-1 alpha-2"),
    "city_id": ("cities.csv", "3169070", "x", 2, "city_id", "must be a GeoNames id"),
}


@pytest.mark.parametrize("fault", TABLE_FAULTS)
def test_fault_of_a_table(fault: str, faulty: Faulty) -> None:
    file, old, new, line, column, message = TABLE_FAULTS[fault]
    problems = [p for p in faulty((file, old, new)) if p.file.endswith(file)]
    found = [(p.row, p.column) for p in problems if message in str(p)]
    assert found == [(line, column)], [str(p) for p in problems]


def test_unrated_indicator(faulty: Faulty) -> None:
    ratings = "".join(line for line in RATINGS.splitlines(keepends=True) if ",rail," not in line)
    (problem,) = faulty(ratings_csv=ratings)
    assert str(problem).endswith(
        "'rail': this indicator has no ratings. Rate it, or take it out of index.toml."
    )


def test_indicator_whose_ratings_are_all_rejected(faulty: Faulty) -> None:
    changes = [("ratings.csv", old, new) for old, new in (("2,yes", "2,no"), ("0,\n", "0,no\n"))]
    (problem,) = faulty(*changes)
    assert (problem.row, problem.value) == (2, "net")
    assert "no rating of this indicator counts" in problem.rule
    assert problem.remedy.endswith("Also on line 3.")


def test_nothing_rated_is_one_problem(faulty: Faulty) -> None:
    (problem,) = faulty(ratings_csv=HEADER)
    assert problem.rule == "no row is filled in, and 2 indicators are to be rated"


def test_undated_evidence_with_a_cutoff(faulty: Faulty) -> None:
    (problem,) = faulty(("index.toml", "year", 'cutoff = "2024-06-30"\nyear'))
    assert (problem.row, problem.column) == (5, "date")
    assert "evidence up to 2024-06-30 only" in problem.rule


def test_one_city(faulty: Faulty) -> None:
    ratings = "".join(
        line for line in RATINGS.splitlines(keepends=True) if not line.startswith("Oslo")
    )
    (problem,) = faulty(ratings_csv=ratings, cities_csv="city\nRome\n")
    assert "is the only city" in problem.rule


@pytest.mark.parametrize("missing", ["ladders.csv", "ratings.csv", "index.toml"])
def test_missing_file(missing: str, faulty: Faulty) -> None:
    problems = faulty(**{missing.replace(".", "_"): None})
    assert any(missing in p.file and "No such file" in p.rule for p in problems)


def test_column_that_a_rule_needs(faulty: Faulty) -> None:
    rules = '[[scope]]\ncolumn = "incme"\nvalues = ["high"]\n[missing]'
    (problem,) = faulty(("index.toml", "[missing]", rules))
    assert (problem.file[-10:], problem.remedy) == ("cities.csv", "Did you mean 'income'?")


def test_scope_that_no_city_meets_or_that_is_no_number(faulty: Faulty) -> None:
    scopes = "[[scope]]\ncolumn = 'income'\nvalues = ['higher']\n"
    scopes += "[[scope]]\ncolumn = 'income'\nleast = 3\n[missing]"
    value, cells = faulty(("index.toml", "[missing]", scopes))
    assert value.remedy == "Did you mean 'high'?"
    assert (cells.row, cells.value, cells.remedy[-15:]) == (2, "high", "Also on line 3.")


def test_all_problems_come_at_once(faulty: Faulty) -> None:
    problems = faulty(
        ("index.toml", "year", "yaer"),
        ("ladders.csv", "net,2", "net,1"),
        ("ratings.csv", "report", ""),
        ("cities.csv", "NO", "no"),
    )
    assert {Path(p.file).name for p in problems} == SOUND.keys()


def test_not_a_folder(tmp_path: Path) -> None:
    with pytest.raises(TierscapeError, match="is not a folder"):
        load_score_folder(tmp_path / "nowhere")


# Tables


def test_one_fault_on_many_lines_is_one_problem() -> None:
    table = Table("a.csv", list(range(2, 32)), {"city": ["Olso"] * 30}, [])
    table.note(range(30), "city", "there is no such city")
    (problem,) = table.problems
    assert problem.row == 2
    assert problem.remedy == "Also on lines 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 19 more."


def test_line_of_a_row_is_where_it_begins(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('city,text\n\nRome,"two\nlines"\nOslo,x\n', encoding="utf-8")
    problems: list[Problem] = []
    table = read_table(tmp_path / "a.csv", problems, required=("city",))
    assert (table.lines, table.column("city")) == ([3, 5], ["Rome", "Oslo"])
    assert not problems


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"city;text\n", "Separate the cells by commas"),
        (b"city,city\n", "the header has this column twice"),
        (b'city\n"Rome', "the file is not valid CSV"),
        ("city\n罗马\n".encode("gb18030"), "the file is not UTF-8"),
    ],
)
def test_file_that_is_no_table(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    problems: list[Problem] = []
    assert read_table(tmp_path / "a.csv", problems, required=("city",)).lines == []
    assert message in str(problems[0])


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_number_is_read_back(value: float) -> None:
    assert number_of(repr(value)) == value


@given(st.text(max_size=6))
def test_no_other_text_is_a_number(text: str) -> None:
    if number_of(text) is not None:
        assert set(text) <= set("0123456789.eE+-")


@given(st.lists(st.lists(st.text("ab,\"' \n1", max_size=4), min_size=2, max_size=2), max_size=8))
def test_tables_agree_with_the_csv_reader(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:

    path = tmp_path_factory.mktemp("t") / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["x", "y"], *rows])
    table = read_table(path, [], required=("x", "y"))
    expected = [[cell.strip() for cell in row] for row in rows if any(row)]
    found = [list(row) for row in zip(table.column("x"), table.column("y"), strict=True)]
    assert found == expected
