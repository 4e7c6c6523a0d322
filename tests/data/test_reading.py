"""Files are read so that every fault is named with its place and its remedy."""

from pathlib import Path

import pytest

from tierscape.data.errors import DataError, Problem, UnknownNameError, did_you_mean, nearest
from tierscape.data.reading import Fields, gather, read_csv, read_text, read_toml


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", b"\xef\xbb\xbfname,tier\n")
    assert read_text(path) == "name,tier\n"


def test_wrong_encoding_names_line_and_byte(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "name,tier\n北京,1\n".encode("gb18030"))
    with pytest.raises(DataError) as caught:
        read_text(path)
    (problem,) = caught.value.problems
    assert problem.row == 2
    assert problem.value == "byte 0xb1"
    assert "UTF-8" in str(problem)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        read_text(tmp_path / "absent.csv")


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    path = write(tmp_path / "a.toml", b"title = 'x'\nyear = \n")
    with pytest.raises(DataError, match="line 2"):
        read_toml(path)


def test_rows_carry_their_line_and_no_blanks(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "name,tier\n 北京 ,1\n上海,2\n".encode())
    assert read_csv(path, ["name", "tier"]) == [
        (2, {"name": "北京", "tier": "1"}),
        (3, {"name": "上海", "tier": "2"}),
    ]


def test_all_missing_columns_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", b"city\nx\n")
    with pytest.raises(DataError) as caught:
        read_csv(path, ["name", "tier"])
    assert [problem.column for problem in caught.value.problems] == ["name", "tier"]


def test_a_repeated_column_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", b"name,tier,tier\nx,1,2\n")
    with pytest.raises(DataError, match="the header has this column twice"):
        read_csv(path, ["name"])


def test_a_long_value_is_shortened() -> None:
    problem = Problem("a.csv", 2, "name", "x" * 20_000, "is too long")
    assert len(str(problem)) < 200
    assert "20000 characters" in str(problem)


def test_a_row_that_is_too_long_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", b"name,tier\nx,1\ny,2,3\n")
    with pytest.raises(DataError) as caught:
        read_csv(path, ["name"])
    assert caught.value.problems[0].row == 3


def test_fields_collect_every_problem() -> None:
    problems: list[Problem] = []
    fields = Fields("a.toml", {"year": True, "tiers": ["x"], "titel": "y"}, problems)
    assert fields.get("year", int, default=0) == 0
    assert fields.text("title") == ""
    assert fields.tables("tiers") == []
    fields.only(["year", "title", "tiers"])
    assert [problem.column for problem in problems] == ["year", "title", "tiers", "titel"]
    assert "Did you mean 'title'?" in str(problems[-1])


def test_fields_name_the_table_they_are_in() -> None:
    problems: list[Problem] = []
    inner = Fields("a.toml", {"tier": [{}, {"label": 3}]}, problems).tables("tier")
    for fields in inner:
        fields.text("label")
    assert [problem.column for problem in problems] == ["tier[1].label", "tier[2].label"]


def test_gather_reports_the_problems_of_every_task() -> None:
    def fail(name: str) -> int:
        raise DataError([Problem(name, None, None, "x", "is wrong")])

    with pytest.raises(DataError) as caught:
        gather([lambda: fail("a"), lambda: 1, lambda: fail("b")])
    assert [problem.file for problem in caught.value.problems] == ["a", "b"]
    assert gather([lambda: 1, lambda: 2]) == [1, 2]


def test_a_problem_reads_as_one_line() -> None:
    problem = Problem("a.csv", 3, "tier", "5", "is not a tier of the ladder", "Use 1 to 4.")
    assert str(problem) == "a.csv, line 3, tier: '5': is not a tier of the ladder. Use 1 to 4."


def test_nearest_and_remedies() -> None:
    assert nearest("alpz", ["alps", "rockies"]) == ["alps"]
    assert did_you_mean("qqq", ["b", "a"]) == "Valid: a, b."
    assert did_you_mean("x", []) == "There is none."
    assert "Did you mean 'alps'?" in str(UnknownNameError("cluster", "alpz", ["alps"]))
