"""Experts' answers: complete, of one kind, and free of contradiction, or named."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest

from tierscape.data.errors import DataError, Problem
from tierscape.data.score_comparisons import find_best_worst
from tierscape.data.score_folder import load_score_folder

HEAD = """\
title_en = "Test"
year = 2024
[weights]
method = "{method}"
[missing]
method = "drop-city"
[aggregate]
method = "arithmetic"
[tiers]
method = "natural-breaks"
count = 2
[normalise]
method = "none"
"""
LEAF = '[[indicator]]\nslug = "{0}"\ntitle_en = "{0}"\nkind = "value"\n'
INNER = '[[indicator]]\nslug = "{0}"\nparent = "g"\ntitle_en = "{0}"\nkind = "value"\n'
GROUP = '[[indicator]]\nslug = "g"\ntitle_en = "g"\n'
TREE = LEAF.format("a") + LEAF.format("b") + LEAF.format("c")
LEAVES = ("a", "b", "c")

BUDGET = "A,eng,a,,50\nA,eng,b,,30\nA,eng,c,,20\nB,law,a,,0.2\nB,law,b,,0.2\nB,law,c,,0.6\n"
AHP = "A,eng,b,a,3\nA,eng,a,c,5\nA,eng,b,c,7\nB,law,a,b,1/3\nB,law,a,c,1\nB,law,c,b,0.25\n"
BEST = "A,eng,a,b,2\nA,eng,a,c,8\nA,eng,b,c,4\nB,law,c,a,9\nB,law,c,b,3\nB,law,b,a,2\n"
ANSWERS = {"budget": BUDGET, "ahp": AHP, "best-worst": BEST}
Faulty = Callable[..., list[Problem]]


def write(folder: Path, method: str, answers: str | None, tree: str = TREE) -> Path:
    """Write a folder of raw values with the answers of experts."""
    slugs = [slug for slug in (*LEAVES, "d", "e") if f'slug = "{slug}"' in tree]
    rows = [f"{city},{slug},{n},x" for n, city in enumerate(("Rome", "Oslo")) for slug in slugs]
    files = {"index.toml": HEAD.format(method=method) + tree}
    files["ratings.csv"] = "\n".join(["city,indicator,value,evidence", *rows])
    if answers is not None:
        files["experts.csv"] = "expert,field,indicator,other,value\n" + answers
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def faulty(tmp_path: Path) -> Faulty:
    """Return a function that changes sound answers and gives the problems of loading."""

    def load(method: str, answers: str | None, tree: str = TREE) -> list[Problem]:
        with pytest.raises(DataError) as caught:
            load_score_folder(write(tmp_path, method, answers, tree))
        return list(caught.value.problems)

    return load


@pytest.mark.parametrize("method", ANSWERS)
def test_sound_answers(tmp_path: Path, method: str) -> None:
    folder = load_score_folder(write(tmp_path, method, ANSWERS[method]))
    assert [answer.line for answer in folder.answers] == list(range(2, 8))
    assert [answer.expert for answer in folder.answers] == ["A"] * 3 + ["B"] * 3
    assert not folder.warnings


def test_fractions_and_reciprocals(tmp_path: Path) -> None:
    both = AHP + "A,eng,a,b,1/3\nA,eng,c,b,0.14\n"
    folder = load_score_folder(write(tmp_path, "ahp", both))
    assert [answer.value for answer in folder.answers][3:] == [1 / 3, 1, 0.25, 1 / 3, 0.14]


def test_a_group_of_one_needs_no_answer(tmp_path: Path) -> None:
    tree = TREE + GROUP + INNER.format("d")
    answers = BUDGET.replace("c,,20", "c,,10\nA,eng,g,,10").replace("c,,0.6", "c,,.5\nB,law,g,,.1")
    assert len(load_score_folder(write(tmp_path, "budget", answers, tree)).answers) == 8


def test_answers_that_no_method_asks_for_are_told(tmp_path: Path) -> None:
    folder = load_score_folder(write(tmp_path, "equal", BUDGET + "A,eng,a,b,3\n"))
    assert folder.warnings[0].endswith("weights.method is equal: experts.csv is not used.")


FAULTS = {
    "unknown": ("budget", "A,eng,b", "A,eng,bb", 3, "there is no such indicator in index.toml"),
    "negative": ("budget", "b,,30", "b,,-30", 3, "a weight must not be negative"),
    "sum": ("budget", "b,,30", "b,,20", 2, "'90': the points of A for a, b, c must sum to 1 or"),
    "text": ("budget", "b,,30", "b,,much", 3, "must be a number. Give a finite number"),
    "blank": ("budget", "b,,30", "b,,", 3, "must be a number"),
    "twice": ("budget", "A,eng,b", "A,eng,a", 3, "A has answered this already on line 2"),
    "two fields": ("budget", "A,eng,b", "A,law,b", 3, "A has the field 'eng' above"),
    "no points": ("budget", "A,eng,b,,30\n", "", 2, "gives no points to b, but to siblings"),
    "no expert": ("budget", "A,eng,b", ",eng,b", 3, "expert: '': must not be empty"),
    "comparison": ("budget", "b,,30", "b,a,30", 3, "this row compares two indicators"),
    "no comparison": ("ahp", "A,eng,a,c", "A,eng,a,", 3, "compares with no other indicator"),
    "itself": ("ahp", "A,eng,a,c", "A,eng,a,a", 3, "is the indicator itself"),
    "unknown other": ("ahp", "A,eng,a,c", "A,eng,a,cc", 3, "Did you mean 'c'?"),
    "incomplete": ("ahp", "A,eng,a,c,5\n", "", 2, "does not compare a : c. Add these rows"),
    "zero ratio": ("ahp", "a,c,5", "a,c,0", 3, "a ratio must be above 0"),
    "not reciprocal": ("ahp", "A,eng,a,c,5", "A,eng,a,c,5\nA,eng,a,b,1/2", 4, "must be 0.333333"),
    "formula": ("ahp", "a,c,5", "a,c,=1/3", 3, "looks like a spreadsheet formula"),
    "turned round": ("best-worst", "a,b,2", "a,b,0.5", 2, "at least as important as b"),
    "no worst": ("best-worst", "A,eng,b,c,4", "A,eng,b,c,4\nA,eng,c,b,1", 2, "best and a worst"),
    "one too few": ("best-worst", "A,eng,b,c,4\n", "", 2, "each other one against the worst: 3 ro"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_of_the_answers(fault: str, faulty: Faulty) -> None:
    method, old, new, line, message = FAULTS[fault]
    assert old in ANSWERS[method]
    problems = faulty(method, ANSWERS[method].replace(old, new, 1))
    found = [problem.row for problem in problems if message in str(problem)]
    assert found == [line], [str(problem) for problem in problems]


def test_comparison_of_no_siblings(faulty: Faulty) -> None:
    tree = TREE + GROUP + INNER.format("d") + INNER.format("e")
    problems = faulty("ahp", AHP + "A,eng,a,d,2\n", tree)
    assert "d and a are no siblings in the tree. Siblings of a: b, c, g." in str(problems[0])


def test_group_that_an_expert_or_nobody_answered(faulty: Faulty) -> None:
    tree = TREE + GROUP + INNER.format("d") + INNER.format("e")
    level = BUDGET.replace("c,,20", "c,,10\nA,eng,g,,10").replace("c,,0.6", "c,,.5\nB,law,g,,.1")
    (nobody,) = faulty("budget", level, tree)
    assert "no expert has answered for the indicators under 'g' (d, e)" in str(nobody)
    (one,) = faulty("budget", level + "A,eng,d,,60\nA,eng,e,,40\n", tree)
    assert (one.value, one.row) == ("B", 6)
    assert "has no answer for the indicators under 'g' (d, e), which others" in str(one)


@pytest.mark.parametrize("method", ANSWERS)
def test_missing_and_empty_file(faulty: Faulty, tmp_path: Path, method: str) -> None:
    assert "no expert has answered" in faulty(method, "")[0].rule
    (tmp_path / "experts.csv").unlink()
    assert "but there is no experts.csv" in faulty(method, None)[0].rule


@pytest.mark.parametrize("size", range(2, 7))
def test_best_and_worst_are_found_and_no_smaller_set_will_do(size: int) -> None:
    slugs = [f"i{n}" for n in range(size)]
    for best, worst in combinations(slugs, 2):
        pairs = {(best, s): 1 for s in slugs if s != best} | {
            (s, worst): 1 for s in slugs if s != worst
        }
        assert len(pairs) == 2 * size - 3
        assert find_best_worst(pairs, slugs) == (best, worst)
        for pair in pairs:
            assert find_best_worst({p: 1 for p in pairs if p != pair}, slugs) is None
