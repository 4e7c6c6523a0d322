"""The score command: what it writes, what it says, and score folders as editions."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from tierscape.analysis import analyse, load
from tierscape.cli import main
from tierscape.data.edition_loader import load_edition
from tierscape.data.errors import TierscapeError
from tierscape.data.score_folder import load_score_folder
from tierscape.score_files import write_tree
from tierscape.score_folders import open_facts, score_folders
from tierscape.scoring.index.cluster_index import index_clusters
from tierscape.scoring.index.index import compute_index
from tierscape.scoring.index.uncertainty import uncertainty
from tierscape.scoring.index.uncertainty_plan import Plan

EXAMPLE = Path(__file__).parents[1] / "data" / "score_example"
DRAWS = 40
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Run the command once on the example, at the top of `--data` for the other commands."""
    root = tmp_path_factory.mktemp("made")
    shutil.copytree(EXAMPLE, root / "data" / "scores" / "mine")
    out = root / "out"
    arguments = ["score", str(root / "data" / "scores" / "mine"), "-o", str(out)]
    result = CliRunner().invoke(
        main, [*arguments, "--draws", str(DRAWS), "--lang", "zh"], catch_exceptions=False
    )
    return SimpleNamespace(root=root, out=out, result=result, data=root / "data")


def table(made: SimpleNamespace, name: str) -> pd.DataFrame:
    return pd.read_csv(made.out / f"{name}.csv", dtype={"city_id": "str"})


# What is written


def test_every_file_is_in_the_manifest(made: SimpleNamespace) -> None:
    assert made.result.exit_code == 0, made.result.stderr
    manifest = json.loads((made.out / "manifest.json").read_text(encoding="utf-8"))
    files = {p.relative_to(made.out).as_posix() for p in made.out.rglob("*") if p.is_file()}
    assert files == {*manifest["files"], "manifest.json"}
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((made.out / name).read_bytes()).hexdigest() == digest
    assert (manifest["draws"], manifest["seed"]) == (DRAWS, 20240930)
    assert manifest["inputs"]["score/ratings.csv"] == (
        hashlib.sha256((EXAMPLE / "ratings.csv").read_bytes()).hexdigest()
    )


def test_scores_are_the_index(made: SimpleNamespace) -> None:
    scores, result = table(made, "scores"), compute_index(load_score_folder(EXAMPLE))
    assert scores["rank"].is_monotonic_increasing
    by_city = scores.set_index("city").loc[list(result.scores.index)]
    np.testing.assert_allclose(by_city["total"], result.totals, atol=1e-6)
    for name in (*result.tree.groups[1:], *result.tree.leaves):
        column = result.scores.get(name, result.normalised.get(name))
        np.testing.assert_allclose(by_city[name], column, atol=1e-6)
    assert by_city.loc["开罗", "city_id"] == "360630"


def test_ranks_are_the_uncertainty_with_the_same_draws(made: SimpleNamespace) -> None:
    ranks = table(made, "ranks").set_index("city")
    found = uncertainty(load_score_folder(EXAMPLE), Plan(scenarios=DRAWS)).cities.set_index("city")
    tiers = [f"p_tier_{number}" for number in range(1, 5)]
    np.testing.assert_allclose(ranks[tiers].sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(ranks[tiers], found[tiers], atol=1e-6)
    assert ranks["rank_lower"].tolist() == found["rank_lower"].tolist()
    assert ranks["safe"].tolist() == found["safe"].tolist()


def test_filled_cells_have_their_reason(made: SimpleNamespace) -> None:
    filled = table(made, "filled")
    reasons = filled.set_index(["city", "indicator"])["reason"]
    assert reasons["马斯喀特", "smart-transport"] == "late"
    assert reasons["开罗", "artificial-intelligence"] == "rejected"
    assert reasons.value_counts().to_dict() == {"not rated": 3, "rejected": 1, "late": 1}
    assert filled["line"].dropna().tolist() == [72, 81]
    collected = table(made, "collection").set_index("indicator")[["n_rejected", "n_late"]]
    assert collected.loc["smart-transport"].tolist() == [0, 1]
    assert collected.loc["artificial-intelligence"].tolist() == [1, 0]
    assert filled["value"].notna().all()
    assert set(filled["method"]) == {"group-mean"}


def test_weights_have_the_spread_of_the_experts(made: SimpleNamespace) -> None:
    weights = table(made, "weights").set_index("node")
    answers = pd.read_csv(EXAMPLE / "experts.csv")
    own = answers[answers["indicator"] == "digital"]["value"] / 100
    assert weights.loc["digital", "weight"] == pytest.approx(own.mean(), abs=1e-6)
    assert weights.loc["digital", "sd"] == pytest.approx(own.std(), abs=1e-6)
    leaves = weights[weights["level"] == 2]
    assert leaves["share"].sum() == pytest.approx(1, abs=1e-5)


def test_clusters_are_those_of_the_same_draws(made: SimpleNamespace) -> None:
    written = table(made, "cluster_scores")
    places = load(made.data, ["mine"])
    ids = table(made, "scores").set_index("city")["city_id"].to_dict()
    folder = load_score_folder(made.data / "scores" / "mine")
    found, _ = index_clusters(folder, places.membership, Plan(scenarios=DRAWS), city_ids=ids)
    assert list(written["cluster"]) == list(found["cluster"])
    np.testing.assert_allclose(written["mean"], found["mean"], atol=1e-6)
    np.testing.assert_allclose(written["p_rank_1"], found["p_rank_1"], atol=1e-6)


def test_profiles_by_group_size_and_place(made: SimpleNamespace) -> None:
    profiles = table(made, "profiles")
    assert {"income", "group", "size", "landform", "continent"} <= set(profiles["grouping"])
    scores = table(made, "scores").set_index("city")
    cities = pd.read_csv(EXAMPLE / "cities.csv").set_index("city")
    high = scores.loc[cities.index[cities["income"] == "high"], "total"]
    row = profiles[
        (profiles["grouping"] == "income")
        & (profiles["node"] == "total")
        & (profiles["group"] == "high")
    ].iloc[0]
    assert row["mean"] == pytest.approx(high.mean(), abs=1e-5)
    assert row["sd"] == pytest.approx(high.std(), abs=1e-5)
    with_gdp = table(made, "correlations").set_index(["covariate", "node"])
    expected = scores["total"].corr(cities["gdp"].reindex(scores.index))
    assert with_gdp.loc[("gdp", "total"), "pearson"] == pytest.approx(expected, abs=1e-5)


def test_each_choice_and_indicator_is_told(made: SimpleNamespace) -> None:
    leaves = load_score_folder(EXAMPLE).index.nodes
    rated = {node.slug for node in leaves if node.kind == "ladder"}
    assert set(table(made, "leave_one_out")["indicator"]) == rated
    choices = table(made, "choices")
    assert {"weights", "ratings", "aggregation", "normalisation"} <= set(choices["choice"])
    drivers = table(made, "drivers")
    own = drivers[drivers["output"] == "mean_rank_shift"]
    assert {"weights", "ratings", "aggregation"} <= set(own["choice"])
    assert own["total"].sum() > 0.9


def test_page_says_which_tiers_are_safe(made: SimpleNamespace) -> None:
    safe = int(table(made, "ranks")["safe"].sum())
    for name in ("summary.md", "summary.html"):
        text = (made.out / name).read_text(encoding="utf-8")
        assert f"12 个城市中有 {safe} 个档位稳定" in text
        assert "突尼斯市" in text
    assert f"12 个城市中有 {safe} 个档位稳定" in made.result.stdout


# Score folders as editions


def test_written_edition_is_the_folder_as_an_edition(made: SimpleNamespace) -> None:
    written = load_edition(made.out / "editions" / "mine" / "edition.toml")
    own = load(made.data, ["mine"])
    again = load(made.out, ["mine"])
    assert [each.slug for each in written.dimensions] == [
        "total",
        "digital",
        "traditional",
        "institutional",
    ]
    pd.testing.assert_frame_equal(own.tiers, again.tiers)
    pd.testing.assert_frame_equal(own.membership, again.membership)
    total = own.tiers[own.tiers["dimension"] == "total"].set_index("name_published")["tier"]
    assert total.to_dict() == table(made, "scores").set_index("city")["tier"].to_dict()


@pytest.mark.parametrize("where", ["data", "data/scores/mine"])
def test_score_folder_is_data(made: SimpleNamespace, where: str) -> None:
    data = made.root / where
    assert list(score_folders(open_facts(data))) == ["mine"]
    places = load(data, ["mine", "arab-2024"])
    assert [edition.slug for edition in places.editions] == ["arab-2024", "mine"]
    assert set(places.tiers["edition"]) == {"arab-2024", "mine"}


def test_score_folder_is_analysed_as_any_edition(made: SimpleNamespace) -> None:
    found = analyse(load(made.data, ["mine"]))
    assert set(found.audit["kind"]) == {"label_share"}
    assert set(found.audit["dimension"]) == {"institutional"}
    gulf = found.clusters[found.clusters["cluster"] == "persian-gulf"]
    assert set(gulf["dimension"]) == {"total", "digital", "traditional", "institutional"}
    assert (gulf["n_cities"] >= 5).all()
    assert set(found.comparisons["edition"]) == {"mine"}


def test_check_takes_a_folder_that_holds_scores(made: SimpleNamespace, run: Run) -> None:
    assert run("check", str(made.data)).exit_code == 0


def test_relative_folder_has_its_name(
    made: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(made.data / "scores" / "mine")
    assert list(score_folders(open_facts(Path()))) == ["mine"]


# Templates


def test_templates_are_listed_and_written(run: Run, tmp_path: Path) -> None:
    assert run("score", "--templates").stdout.split() == [
        "arab-2024",
        "asia-2023",
        "cstc-2021",
        "g20-2023",
    ]
    folder = str(tmp_path / "new")
    assert run("score", "--template", "arab-2024", folder).exit_code == 0
    problems = run("check", folder)
    assert problems.exit_code == 1
    assert "missing.method" in problems.stdout
    assert run("score", folder).exit_code == 2
    unknown = run("score", "--template", "arab-2023", folder)
    assert unknown.exit_code == 2
    assert "Did you mean 'arab-2024'?" in unknown.stderr
    assert "which folder?" in run("score").stderr


# Writing


def test_files_are_written_beside_others(tmp_path: Path) -> None:
    write_tree(tmp_path / "out", {"a.txt": "1", "in/b.txt": "2"})
    (tmp_path / "out" / "mine.txt").write_text("kept", encoding="utf-8")
    write_tree(tmp_path / "out", {"a.txt": "3", "in/c.txt": "4"})
    assert texts(tmp_path / "out") == {
        "a.txt": "3",
        "in/b.txt": "2",
        "in/c.txt": "4",
        "mine.txt": "kept",
    }


def test_folder_in_the_place_of_a_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "z.txt").mkdir()
    with pytest.raises(TierscapeError, match=r"z.txt is a folder there"):
        write_tree(tmp_path, {"a.txt": "3", "z.txt": "6"})
    assert texts(tmp_path) == {}


def test_failing_half_way_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(tmp_path, {"a.txt": "1", "in/b.txt": "2"})
    move = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target.name == "c.txt":
            raise OSError(28, "No space left on device")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(TierscapeError, match="No space left"):
        write_tree(tmp_path, {"a.txt": "3", "in/b.txt": "4", "new/c.txt": "5"})
    assert texts(tmp_path) == {"a.txt": "1", "in/b.txt": "2"}
    assert not (tmp_path / "new").exists()


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }
