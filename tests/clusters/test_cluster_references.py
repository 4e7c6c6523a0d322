"""References between clusters, circles of them, and deep nesting."""

from pathlib import Path

import pandas as pd
import pytest

from tierscape.clusters.membership import assign, members
from tierscape.clusters.survey import Measures
from tierscape.data.catalog import Catalog
from tierscape.data.cluster_loader import load_cluster, load_clusters
from tierscape.data.errors import DataError
from tierscape.data.records import Group, Leaf
from tierscape.data.rule_reader import Known
from tierscape.data.rule_trees import leaves

SEA = '{ coast = "north-sea", within_km = 50 }'


def write(folder: Path, slug: str, core: str, extended: str = "", *, more: str = "") -> Path:
    path = folder / "named_clusters" / f"{slug}.toml"
    path.parent.mkdir(exist_ok=True)
    text = (
        'title_zh = "甲"\ntitle_en = "A"\nlandform = "inland"\n[source]\ndocument = "x"\n'
        'sentence_zh = "x"\nsentence_en = "x"\ngeography = "x"\n'
        f'[core]\nreason = "x"\nrule = {core}\n'
    )
    if extended:
        text += f'[extended]\nreason = "x"\nrule = {extended}\n'
    path.write_text(text + more, encoding="utf-8")
    return path


def override(city_id: str, role: str) -> str:
    return f'[[override]]\ncity_id = "{city_id}"\ncity = "C"\nrole = "{role}"\nreason = "x"\n'


def told(folder: Path, names: Known) -> list[tuple[str, str | None, str, str]]:
    with pytest.raises(DataError) as caught:
        load_clusters(Catalog((folder,)), known=names)
    return [
        (Path(problem.file).stem, problem.column, problem.value, problem.rule)
        for problem in caught.value.problems
    ]


def test_a_reference_stands_for_the_rule_it_names(
    tmp_path: Path, made_up_names: Known, cities: pd.DataFrame, measures: Measures
) -> None:
    wide = SEA.replace("50", "100")
    write(tmp_path, "sea", SEA, wide, more=override("4", "extended") + override("3", "core"))
    write(tmp_path, "same", '{ cluster = "sea" }', '{ cluster = "sea", role = "all" }')
    write(tmp_path, "rest", '{ not = { cluster = "same", role = "all" } }')
    found = load_clusters(Catalog((tmp_path,)), known=made_up_names)
    table = assign(found, cities, measures=measures)
    for role in ("core", "extended"):
        assert members(table, "same", role) == members(table, "sea", role)
    assert members(table, "sea") == ["1", "3", "2", "4"]
    assert members(table, "rest") == ["5", "6"]
    why = table.set_index(["cluster", "city_id"])
    assert why.loc[("same", "1"), "rule"] == "within 50 km of coast north-sea"
    assert why.loc[("same", "1"), "measure_km"] == pytest.approx(20)


def test_an_excluded_city_is_not_referred_to(tmp_path: Path, made_up_names: Known) -> None:
    write(tmp_path, "sea", SEA, more=override("1", "excluded"))
    path = write(tmp_path, "same", '{ cluster = "sea" }')
    others = {"sea": tmp_path / "named_clusters" / "sea.toml"}
    found = load_cluster(path, known=made_up_names, others=others)
    near = Leaf("coast", ("north-sea",), 50.0)
    out = Group("not", (Leaf("cities", ("1",), labels=(("C", "C"),)),))
    assert found.core == Group("all", (near, out))


def test_extended_may_refer_to_its_own_core(tmp_path: Path, made_up_names: Known) -> None:
    both = f'{{ any = [{{ cluster = "sea" }}, {SEA.replace("50", "90")}] }}'
    write(tmp_path, "sea", SEA, both)
    (found,) = load_clusters(Catalog((tmp_path,)), known=made_up_names)
    assert found.extended is not None
    assert [leaf.within_km for leaf in leaves(found.extended)] == [50, 90]


def test_unknown_clusters_and_roles(tmp_path: Path, made_up_names: Known) -> None:
    write(tmp_path, "north-sea", SEA)
    write(
        tmp_path, "mine", '{ any = [{ cluster = "north-see" }, { cluster = "mine", role = "x" }] }'
    )
    with pytest.raises(DataError) as caught:
        load_clusters(Catalog((tmp_path,)), known=made_up_names)
    first, second = caught.value.problems
    assert (first.column, first.value) == ("core.rule.any[1].cluster", "north-see")
    assert first.remedy == "Did you mean 'north-sea'?"
    assert (second.column, second.rule) == ("core.rule.any[2].role", "must be core or all")


def test_circles_are_named(tmp_path: Path, made_up_names: Known) -> None:
    write(tmp_path, "a", '{ not = { cluster = "b" } }')
    write(tmp_path, "b", f'{{ any = [{SEA}, {{ cluster = "c" }}] }}')
    write(tmp_path, "c", '{ cluster = "a" }')
    write(tmp_path, "d", SEA, '{ cluster = "d", role = "all" }')
    write(tmp_path, "e", '{ cluster = "a" }')
    rule = "clusters refer to each other in a circle"
    assert told(tmp_path, made_up_names) == [
        ("a", "core.rule", "a → b → c → a", rule),
        ("d", "extended.rule", "d → d", rule),
    ]


def test_faults_of_what_is_referred_to_are_told(tmp_path: Path, made_up_names: Known) -> None:
    write(tmp_path, "sea", SEA.replace("50", "-50"))
    write(tmp_path, "mine", '{ cluster = "sea" }')
    with pytest.raises(DataError, match="above 0"):
        load_clusters(Catalog((tmp_path,)), ["mine"], known=made_up_names)


def test_dotted_keys_nest_as_deep_as_one_likes(
    tmp_path: Path, made_up_names: Known, cities: pd.DataFrame, measures: Measures
) -> None:
    path = write(tmp_path, "deep", SEA)
    text = path.read_text(encoding="utf-8")
    nested = "rule" + ".not" * 600 + f" = {SEA}"
    path.write_text(text.replace(f"rule = {SEA}", nested), encoding="utf-8")
    found = load_clusters(Catalog((tmp_path,)), known=made_up_names)
    assert members(assign(found, cities, measures=measures), "deep") == ["1"]


def test_inline_tables_that_are_too_deep_are_told(tmp_path: Path, made_up_names: Known) -> None:
    write(tmp_path, "deep", "{ not = " * 2000 + SEA + " }" * 2000)
    (problem,) = told(tmp_path, made_up_names)
    assert problem[3] == "inline tables nest deeper than the TOML reader goes"
