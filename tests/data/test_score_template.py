"""Templates hold what is published and nothing else; a form that is filled in loads as it is."""

import csv
import datetime as dt
import io
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tierscape.data.catalog import Catalog
from tierscape.data.errors import DataError, TierscapeError, UnknownNameError
from tierscape.data.rubric_loader import load_rubric
from tierscape.data.score_folder import load_score_folder
from tierscape.data.score_form import form
from tierscape.data.score_records import LadderStep, Node, RankedCity
from tierscape.data.score_template import template_slugs, write_form, write_template

RUBRICS = {
    "arab-2024": "harbor-2024",
    "asia-2023": "harbor-2023",
    "g20-2023": "harbor-2023",
    "cstc-2021": "cstc-2021",
}
FILES = ["index.toml", "ladders.csv", "ratings.csv", "experts.csv", "cities.csv", "HOWTO.md"]
CITIES = (RankedCity("迪拜", "AE", "292223", 2), RankedCity("Doha", "QA", "", 3))
MISSING = '# method = "…" # 待填 TO FILL'


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        load_score_folder(folder)
    return [str(problem) for problem in caught.value.problems]


def complete(folder: Path) -> None:
    """Fill in the missing-data rule, and weights by a method that needs none."""
    path = folder / "index.toml"
    text = path.read_text(encoding="utf-8").replace(MISSING, 'method = "drop-city"')
    path.write_text(text.replace('"given"', '"equal"'), encoding="utf-8")


def rate(path: Path, column: str = "points", value: object = 1) -> None:
    """Fill in every row of a workbook."""
    book = openpyxl.load_workbook(path)
    sheet = book["ratings"]
    places = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, places[column], value)
        sheet.cell(row, places["evidence"], "seen")
    book.save(path)


def test_names() -> None:
    assert set(template_slugs()) == RUBRICS.keys()


@pytest.mark.parametrize("slug", template_slugs())
def test_template_has_what_the_rubric_has(tmp_path: Path, slug: str) -> None:
    files = write_template(slug, tmp_path / "mine")
    assert [path.name for path in files] == [*FILES, "ratings.xlsx"]
    assert {path.name for path in (tmp_path / "mine").iterdir()} == {p.name for p in files}
    rubric = load_rubric(Catalog(), RUBRICS[slug])
    index = (tmp_path / "mine" / "index.toml").read_text(encoding="utf-8")
    for indicator in rubric.indicators:
        assert f'slug = "{indicator.slug}"' in index
    assert index.count("[[indicator]]") == len(rubric.indicators)
    given = sum(indicator.weight is not None for indicator in rubric.indicators)
    assert index.count("\nweight = ") == given
    assert index.count("# weight = …") == len(rubric.indicators) - given
    with (tmp_path / "mine" / "ladders.csv").open(encoding="utf-8-sig", newline="") as file:
        steps = [(r["indicator"], int(r["points"]), r["text_zh"]) for r in csv.DictReader(file)]
    assert steps == [(step.indicator, step.points, step.text_zh) for step in rubric.steps]


@pytest.mark.parametrize("slug", template_slugs())
def test_loader_says_what_is_left_to_fill_in(tmp_path: Path, slug: str) -> None:
    write_template(slug, tmp_path / "mine")
    problems = problems_of(tmp_path / "mine")
    rubric = load_rubric(Catalog(), RUBRICS[slug])
    weights = [text for text in problems if "weight: ''" in text]
    parents = {i.parent for i in rubric.indicators if i.weight is None}
    assert len(weights) == len(parents)
    lists = [text.partition("no weight: ")[2].partition(". ")[0] for text in weights]
    named = {slug for text in lists for slug in text.split(", ")}
    assert named == {i.slug for i in rubric.indicators if i.weight is None}
    rules = sum(text.count("has no default") for text in problems)
    assert rules == (3 if slug == "cstc-2021" else 1)
    assert any("no row is filled in" in text for text in problems)
    assert len(problems) == len(weights) + rules + 1


def test_same_bytes_every_time(tmp_path: Path) -> None:
    first = write_template("arab-2024", tmp_path / "a", cities=CITIES)
    second = write_template("arab-2024", tmp_path / "b", cities=CITIES)
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
    with zipfile.ZipFile(tmp_path / "a" / "ratings.xlsx") as book:
        assert {info.date_time[0] for info in book.infolist()} == {1980}
        assert b"1980-01-01T00:00:00Z</dcterms:modified>" in book.read("docProps/core.xml")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "cities.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(TierscapeError, match=r"has cities\.csv already"):
        write_template("arab-2024", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["cities.csv"]
    with pytest.raises(TierscapeError, match="is not a folder"):
        write_template("arab-2024", tmp_path / "cities.csv")


def test_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def fail(self: Path, target: Path) -> Path:
        if self.name == "cities.csv":
            raise OSError(28, "no space left")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="no space"):
        write_template("arab-2024", tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


def test_unknown_names(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"template 'arab'\. Did you mean 'arab-2024'"):
        write_template("arab", tmp_path / "mine")
    with pytest.raises(UnknownNameError, match=r"language 'fr'\. Valid: en, zh"):
        write_template("arab-2024", tmp_path / "mine", lang="fr")
    assert not (tmp_path / "mine").exists()


# The workbook


def test_drop_downs_are_the_described_steps(tmp_path: Path) -> None:
    write_template("arab-2024", tmp_path / "mine", cities=CITIES)
    book = openpyxl.load_workbook(tmp_path / "mine" / "ratings.xlsx")
    assert book.sheetnames == ["ratings", "ladders", "cities"]
    sheet = book["ratings"]
    header = [cell.value for cell in sheet[1]]
    points = openpyxl.utils.get_column_letter(header.index("points") + 1)
    choices = {
        str(rule.sqref): rule.formula1
        for rule in sheet.data_validations.dataValidation
        if str(rule.sqref).startswith(points)
    }
    rows = {row[1].value: row[0].row for row in sheet.iter_rows(min_row=3)}
    assert choices[f"{points}2:{points}3"] == '"1,2,3,4"'
    assert rows["transport-network"] == 9
    assert choices[f"{points}8:{points}9"] == '"1,2"'
    assert len(choices) == 11
    assert sheet.cell(8, header.index("ladder") + 1).value == (
        "1 = 城际交通网络规模商用\n2 = 城际高铁网络规模商用"
    )
    assert [row[0].value for row in sheet.iter_rows(min_row=2, max_row=3)] == ["迪拜", "Doha"]
    assert [cell.value for cell in book["cities"][2]] == ["迪拜", "AE", "292223"]
    assert book["ladders"].max_row == 45


def test_english_form_and_ladder_without_steps(tmp_path: Path) -> None:
    write_template("asia-2023", tmp_path / "mine", lang="en")
    sheet = openpyxl.load_workbook(tmp_path / "mine" / "ratings.xlsx")["ratings"]
    header = [cell.value for cell in sheet[1]]
    titles = {row[1].value: row[header.index("title")].value for row in sheet.iter_rows(min_row=2)}
    assert titles["rail-transit"] == "Rail transit network"
    rules = sheet.data_validations.dataValidation
    kinds = [(rule.type, rule.formula1, rule.formula2) for rule in rules]
    assert kinds.count(("decimal", "0", "5")) == 14
    assert ("list", '"1,2,3,4"', None) in kinds
    assert ("list", '"1,2,3"', None) in kinds


def test_filled_form_loads(tmp_path: Path) -> None:
    write_template("arab-2024", tmp_path / "mine", cities=CITIES)
    complete(tmp_path / "mine")
    rate(tmp_path / "mine" / "ratings.xlsx")
    rate(tmp_path / "mine" / "ratings.xlsx", "date", dt.date(2024, 6, 30))
    rate(tmp_path / "mine" / "ratings.xlsx", "rounds", 2.0)
    folder = load_score_folder(tmp_path / "mine")
    assert len(folder.ratings) == 2 * 11
    first = folder.ratings[0]
    assert (first.city, first.value, first.date, first.rounds) == ("迪拜", 1, "2024-06-30", 2)
    assert first.line == 2


def test_one_of_the_two_files(tmp_path: Path) -> None:
    write_template("arab-2024", tmp_path / "mine", cities=CITIES)
    complete(tmp_path / "mine")
    rate(tmp_path / "mine" / "ratings.xlsx")
    with (tmp_path / "mine" / "ratings.csv").open("a", encoding="utf-8") as file:
        file.write("Doha,wired-network,1,seen\n")
    (problem,) = problems_of(tmp_path / "mine")
    assert "Give the ratings in one of the two files" in problem


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("points", "=1+1", "line 2, points: '=1+1': the cell E2 holds a formula. Give its value"),
        ("points", 3, "line 8, points: '3': the ladder of transport-network describes no step"),
        ("points", "two", "line 2, points: 'two': must be a number"),
        ("city", "Dubay", "line 2, city: 'Dubay': there is no such city in cities.csv"),
    ],
)
def test_fault_in_a_form(tmp_path: Path, column: str, value: object, message: str) -> None:
    write_template("arab-2024", tmp_path / "mine", cities=CITIES)
    complete(tmp_path / "mine")
    rate(tmp_path / "mine" / "ratings.xlsx")
    rate(tmp_path / "mine" / "ratings.xlsx", column, value)
    assert any(message in problem for problem in problems_of(tmp_path / "mine"))


def test_what_is_no_workbook(tmp_path: Path) -> None:
    write_template("arab-2024", tmp_path / "mine")
    (tmp_path / "mine" / "ratings.xlsx").write_text("city,indicator", encoding="utf-8")
    assert any("is not an XLSX workbook" in p for p in problems_of(tmp_path / "mine"))
    book = openpyxl.Workbook()
    book.active.title = "rating"
    book.save(tmp_path / "mine" / "ratings.xlsx")
    assert any(
        "no sheet 'ratings'. Did you mean 'rating'?" in p for p in problems_of(tmp_path / "mine")
    )


def test_no_text_becomes_a_formula() -> None:
    leaf = Node("net", "", 1, "ladder", "=网络", "=1+1", maximum=2)
    steps = (LadderStep("net", 1, "=1", "@x"),)
    content = form([leaf], steps, [RankedCity("=cmd|'/c calc'!A0", "", "", 2)], lang="en")
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert all(cell.quotePrefix for cell in cells if str(cell.value)[:1] in {*"=@"})
    assert {"=1+1", "=1", "=cmd|'/c calc'!A0"} <= {cell.value for cell in cells}


def test_formula_like_city_in_the_list(tmp_path: Path) -> None:
    write_template("arab-2024", tmp_path / "mine", cities=[RankedCity("@SUM", "", "", 2)])
    text = (tmp_path / "mine" / "cities.csv").read_text(encoding="utf-8-sig")
    assert text == "city,country,city_id\n'@SUM,,\n"


def test_form_anew_for_the_cities_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    write_template("arab-2024", folder)
    with (folder / "cities.csv").open("a", encoding="utf-8") as file:
        file.write("Doha,QA,\n安曼,JO,\n")
    path = write_form(folder, lang="en")
    sheet = openpyxl.load_workbook(path)["ratings"]
    assert [cell.value for cell in sheet["A"]][1:] == ["Doha", "安曼"] * 11
    rate(path)
    with pytest.raises(TierscapeError, match="is filled in already"):
        write_form(folder)
    assert {p.name for p in folder.iterdir()} == {*FILES, "ratings.xlsx"}


def test_too_large_a_form() -> None:
    leaves = [Node(f"i{n}", "", 1, "value", "", "") for n in range(200)]
    cities = [RankedCity(f"C{n}", "", "", n) for n in range(501)]
    with pytest.raises(TierscapeError, match="501 cities × 200 indicators are too many rows"):
        form(leaves, [], cities)


def test_without_openpyxl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(TierscapeError, match=r"pip install 'tierscape\[xlsx\]'"):
        write_template("arab-2024", tmp_path / "mine")
    assert not (tmp_path / "mine").exists()
