"""Loading cluster files: every fault named with file, line, key, value and nearest valid value."""

from pathlib import Path

import pytest

from tierscape.data.catalog import Catalog
from tierscape.data.cluster_loader import load_cluster, load_clusters
from tierscape.data.errors import DataError, Problem, UnknownNameError
from tierscape.data.records import Group, Leaf
from tierscape.data.rule_reader import Known

GOOD = """
title_zh = "北海"
title_en = "North Sea"
landform = "coastal"

[source]
document = "made-up"
sentence_zh = "句"
sentence_en = "sentence"
geography = "a chart"

[core]
rule = { coast = "north-sea", within_km = 50 }
reason = "because"
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(text: str, folder: Path, names: Known) -> list[Problem]:
    with pytest.raises(DataError) as caught:
        load_cluster(write(folder / "mine.toml", text), known=names)
    return list(caught.value.problems)


def with_rule(rule: str) -> str:
    return GOOD.replace('{ coast = "north-sea", within_km = 50 }', rule)


def test_every_kind_of_rule(tmp_path: Path, made_up_names: Known) -> None:
    rule = """{ all = [
      { any = [
        { coast = ["north-sea", "baltic"], within_km = 50 },
        { lake = "any", within_km = 1.5 },
        { range = "alps", within_km = 20 },
        { route = [["A", 179, 1, "甲"], ["B", -179, 2.5]], within_km = 9 },
        { region = "north" },
      ] },
      { country = ["DE", "CH"] },
      { admin = ["DE.01", ["DE.02", "Bavaria"], ["CH.ZH", "Zurich", "苏黎世州"]] },
      { cities = [["12", "Town", "镇"]] },
      { elevation_m = { least = -5, most = 900 } },
      { not = { population = { least = 1000 } } },
    ] }"""
    found = load_cluster(write(tmp_path / "mine.toml", with_rule(rule)), known=made_up_names)
    assert found.core == Group(
        "all",
        (
            Group(
                "any",
                (
                    Leaf("coast", ("north-sea", "baltic"), 50.0),
                    Leaf("lake", (), 1.5),
                    Leaf("range", ("alps",), 20.0),
                    Leaf(
                        "route",
                        within_km=9.0,
                        waypoints=((179.0, 1.0), (-179.0, 2.5)),
                        labels=(("A", "甲"), ("B", "B")),
                    ),
                    Leaf("region", ("north",)),
                ),
            ),
            Leaf("country", ("DE", "CH")),
            Leaf(
                "admin",
                ("DE.01", "DE.02", "CH.ZH"),
                labels=(("DE.01", "DE.01"), ("Bavaria", "Bavaria"), ("Zurich", "苏黎世州")),
            ),
            Leaf("cities", ("12",), labels=(("Town", "镇"),)),
            Leaf("elevation_m", least=-5.0, most=900.0),
            Group("not", (Leaf("population", least=1000.0),)),
        ),
    )
    assert found.slug == "mine"
    assert found.extended is None


# rule, then what must be told: key, value, rule, remedy
FAULTS = [
    ('{ coast = "north-see", within_km = 5 }', "coast", "north-see", "not a known", "'north-sea'"),
    ('{ lake = "great-lake", within_km = 5 }', "lake", "great-lake", "known", "'great-lakes'"),
    ('{ range = ["alp"], within_km = 5 }', "range", "alp", "not a known", "'alps'"),
    ('{ region = "nort" }', "region", "nort", "not a known region", "'north'"),
    ('{ country = "DEU" }', "country", "DEU", "not a known country", "'DE'"),
    ("{ country = [] }", "country", "[]", "at least one name", ""),
    ("{ country = [5] }", "country", "5", "must be a string", ""),
    ('{ admin = ["DX.01"] }', "admin", "DX.01", "'DX' is not a known country", "'DE'"),
    ('{ admin = ["Bavaria"] }', "admin", "Bavaria", "country.division", "CN.04"),
    ("{ admin = [] }", "admin", "[]", "at least one entry", ""),
    ('{ admin = ["DE.01", "DE.01"] }', "admin", "DE.01", "listed twice", "Keep one"),
    ('{ cities = [["Town", "12"]] }', "cities", "Town", "not a GeoNames id", "1796236"),
    ("{ cities = [12] }", "cities", "12", "all of it strings", ""),
    ('{ coast = "baltic" }', "within_km", "", "a number is required", "Add it"),
    ('{ coast = "baltic", within_km = -50 }', "within_km", "-50", "above 0", ""),
    ('{ coast = "baltic", within_km = 0 }', "within_km", "0", "above 0", ""),
    ('{ coast = "baltic", within_km = nan }', "within_km", "nan", "above 0", ""),
    ('{ coast = "baltic", within_km = 99999 }', "within_km", "99999", "at most 20038 km", ""),
    ('{ coast = "baltic", within_km = "5" }', "within_km", "5", "must be a number", ""),
    ('{ coast = "baltic", within = 5 }', "within", "within", "known key", "'within_km'"),
    ('{ region = "north", within_km = 5 }', "within_km", "within_km", "not a known key", ""),
    ('{ route = [["A", 1, 2]], within_km = 5 }', "route", "[['A', 1, 2]]", "two waypoints", ""),
    (
        '{ route = [["A", 1, 2], ["Xian", 34.2, 108.9]], within_km = 5 }',
        "route",
        "Xian, 34.2, 108.9",
        "longitude (-180 to 180) comes before latitude",
        'Did you mean ["Xian", 108.9, 34.2]?',
    ),
    (
        '{ route = [["A", 1, 2], ["B", 200, 300]], within_km = 5 }',
        "route",
        "B, 200, 300",
        "longitude (-180 to 180)",
        "",
    ),
    ('{ route = [["A", 1, 2], [1, 2]], within_km = 5 }', "route", "[1, 2]", "longitude", ""),
    ("{ any = [] }", "any", "[]", "at least one rule", ""),
    ("{ all = [] }", "all", "[]", "at least one rule", ""),
    ('{ any = ["north"] }', "any", "['north']", "must be a list of tables", ""),
    (
        '{ not = [{ region = "north" }, { region = "south" }] }',
        "not",
        "a list of 2",
        "exactly one rule",
        "{ not = { any",
    ),
    ('{ not = "north" }', "not", "north", "must be a table", ""),
    ('{ region = "north", country = "DE" }', "rule", "region, country", "exactly one kind", "all"),
    ('{ cost = "baltic", within_km = 5 }', "rule", "cost", "not a kind of rule", "'coast'"),
    ("{ }", "rule", "", "the rule has no kind", "coast"),
    ('"north"', "rule", "north", "must be a table", ""),
    ("{ population = { } }", "population", "{}", "least, most, or both", ""),
    ("{ population = { leats = 5 } }", "leats", "leats", "not a known key", "'least'"),
    ("{ population = { least = inf } }", "least", "inf", "finite", ""),
    ("{ population = { least = 9, most = 5 } }", "population", "least 9, most 5", "exceed", ""),
    ('{ any = [{ not = { coast = "x", within_km = 5 } }] }', "coast", "x", "not a known", ""),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault[0])
def test_faults_of_rules(
    fault: tuple[str, str, str, str, str],
    tmp_path: Path,
    made_up_names: Known,
) -> None:
    rule, key, value, broken, remedy = fault
    problem = problems_of(with_rule(rule), tmp_path, made_up_names)[0]
    assert problem.file.endswith("mine.toml")
    assert problem.column
    assert problem.column.rpartition(".")[2] == key
    assert problem.column.startswith("core.rule")
    assert problem.value == value
    assert broken in problem.rule
    assert remedy in problem.remedy


def test_the_line_is_named_where_it_is_certain(tmp_path: Path, made_up_names: Known) -> None:
    problems = problems_of(
        with_rule('{ coast = "north-see", within_km = 5 }'), tmp_path, made_up_names
    )
    assert str(problems[0]).startswith(f"{tmp_path / 'mine.toml'}, line 13, core.rule.coast: ")


def test_no_line_is_guessed(tmp_path: Path, made_up_names: Known) -> None:
    twice = '{ any = [\n{ region = "x" },\n{ region = "x" },\n] }'
    problems = problems_of(with_rule(twice), tmp_path, made_up_names)
    assert [problem.row for problem in problems] == [None, None]
    assert [problem.column for problem in problems] == [
        "core.rule.any[1].region",
        "core.rule.any[2].region",
    ]


def test_missing_parts_are_named_together(tmp_path: Path, made_up_names: Known) -> None:
    found = problems_of(
        'titel_zh = "北海"\nlandform = "costal"\n[extended]\n', tmp_path, made_up_names
    )
    told = {problem.column: problem.remedy for problem in found}
    assert told["titel_zh"] == "Did you mean 'title_zh'?"
    assert told["landform"] == "Did you mean 'coastal'?"
    missing = ["title_zh", "title_en", "source", "core", "core.rule", "core.reason", "extended"]
    missing += [f"source.{name}" for name in ("document", "sentence_zh", "geography")]
    assert not [name for name in missing if name not in told]


def test_an_empty_reason_is_none(tmp_path: Path, made_up_names: Known) -> None:
    text = GOOD.replace('reason = "because"', 'reason = ""')
    problem = problems_of(text, tmp_path, made_up_names)[0]
    assert (problem.column, problem.rule) == ("core.reason", "must not be empty")


def test_an_extension_needs_a_reason(tmp_path: Path, made_up_names: Known) -> None:
    text = GOOD + '\n[extended]\nrule = { region = "north" }\n'
    problem = problems_of(text, tmp_path, made_up_names)[0]
    assert (problem.column, problem.rule) == ("extended.reason", "a string is required")


def test_an_extension_may_be_declined(tmp_path: Path, made_up_names: Known) -> None:
    text = GOOD + '\n[extended]\nreason = "None: the plan closes its list."\n'
    found = load_cluster(write(tmp_path / "mine.toml", text), known=made_up_names)
    assert (found.extended, found.extended_reason) == (None, "None: the plan closes its list.")


ROUTES = """
[routes]
rail = [["A", 1, 2], ["B", 3, 4]]
"""


def test_a_route_may_be_named_once(tmp_path: Path, made_up_names: Known) -> None:
    text = with_rule('{ route = "rail", within_km = 5 }').replace("[core]", ROUTES + "\n[core]")
    found = load_cluster(write(tmp_path / "mine.toml", text), known=made_up_names)
    labels = (("A", "A"), ("B", "B"))
    assert found.core == Leaf("route", (), 5.0, waypoints=((1, 2), (3, 4)), labels=labels)


def test_faults_of_routes(tmp_path: Path, made_up_names: Known) -> None:
    text = with_rule('{ route = "rial", within_km = 5 }') + ROUTES + 'road = [["A", 1, 2]]\n'
    found = problems_of(text, tmp_path, made_up_names)
    told = [(problem.column, problem.rule, problem.remedy) for problem in found]
    assert told == [
        ("routes.road", "a route has at least two waypoints", ""),
        ("core.rule.route", "is not among the routes of this file", "Did you mean 'rail'?"),
    ]


def test_faults_of_overrides(tmp_path: Path, made_up_names: Known) -> None:
    one = '\n[[override]]\ncity_id = "12"\ncity = "Town"\nrole = "core"\nreason = "why"\n'
    text = GOOD + one + one.replace('"core"', '"cor"') + one.replace('"12"', '"Riyadh"')
    found = problems_of(text, tmp_path, made_up_names)
    told = [(problem.column, problem.value, problem.remedy) for problem in found]
    assert told == [
        ("override[2].city_id", "12", "Keep one of them."),
        ("override[2].role", "cor", "Did you mean 'core'?"),
        ("override[3].city_id", "Riyadh", 'As in "1796236".'),
    ]


def test_all_files_are_reported_at_once(tmp_path: Path, made_up_names: Known) -> None:
    folder = tmp_path / "named_clusters"
    write(folder / "good.toml", GOOD)
    write(folder / "bad.toml", with_rule('{ region = "nort" }'))
    write(folder / "broken.toml", "title_zh = ")
    write(folder / "Upper Case.toml", GOOD)
    folder.joinpath("latin.toml").write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(DataError) as caught:
        load_clusters(Catalog((tmp_path,)), known=made_up_names)
    told = [(Path(problem.file).name, problem.rule) for problem in caught.value.problems]
    assert told == [
        ("Upper Case.toml", "the slug must be lower-case letters, digits and hyphens"),
        ("bad.toml", "is not a known region"),
        ("broken.toml", "the file is not valid TOML"),
        ("latin.toml", "the file is not UTF-8"),
    ]
    assert caught.value.problems[0].remedy == "Rename the file to upper-case.toml."


def test_names_that_differ_in_case_only(tmp_path: Path, made_up_names: Known) -> None:
    write(tmp_path / "named_clusters" / "alps.toml", GOOD)
    write(tmp_path / "named_clusters" / "Alps.toml", GOOD)
    with pytest.raises(DataError) as caught:
        load_clusters(Catalog((tmp_path,)), known=made_up_names)
    assert [problem.value for problem in caught.value.problems] == ["Alps", "alps"]
    assert "apart from case" in str(caught.value)


def test_a_later_folder_replaces_a_cluster(tmp_path: Path, made_up_names: Known) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    write(first / "named_clusters" / "mine.toml", with_rule('{ region = "unheard-of" }'))
    write(second / "named_clusters" / "mine.toml", GOOD)
    found = load_clusters(Catalog((first, second)), ["mine"], known=made_up_names)
    assert [each.file for each in found] == [second / "named_clusters" / "mine.toml"]


def test_unknown_slug(tmp_path: Path, made_up_names: Known) -> None:
    write(tmp_path / "named_clusters" / "mine.toml", GOOD)
    with pytest.raises(UnknownNameError, match="Did you mean 'mine'"):
        load_clusters(Catalog((tmp_path,)), ["mime"], known=made_up_names)
