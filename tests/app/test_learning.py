"""`clusters learn`: what a planner reads, what a program reads, and what goes wrong."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from tierscape.clusters.estimators import METHODS

Run = Callable[..., Result]
QUICK = ("clusters", "learn", "--edition", "arab-2024", "--samples", "5")
SETTING = {"agglomerative": ("--clusters", "6"), "k-medoids": ("--clusters", "6")}


def learn(run: Run, *arguments: str) -> dict:
    return json.loads(run(*QUICK, *arguments, "--json").stdout)


@pytest.mark.parametrize("name", METHODS)
def test_every_city_is_in_one_cluster_or_left_out(run: Run, name: str) -> None:
    found = learn(run, "--method", name, *SETTING.get(name, ("--min-cities", "3")))
    ids = [city["city_id"] for group in found["clusters"] for city in group["cities"]]
    ids += [city["city_id"] for city in found["left_out"]]
    assert len(ids) == len(set(ids)) == found["n_cities"] == 62
    sizes = [group["n_cities"] for group in found["clusters"]]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes == [len(group["cities"]) for group in found["clusters"]]
    assert all(0 <= group["jaccard"] <= 1 for group in found["clusters"])


def test_the_text_says_what_the_json_says(run: Run) -> None:
    found = learn(run, "--radius", "200")
    text = run(*QUICK, "--radius", "200").stdout
    assert "Clusters learned by dbscan among 62 cities (arab-2024)" in text
    flat = " ".join(text.split())
    for group in found["clusters"]:
        assert f"{group['cluster']}: {group['n_cities']} cities" in flat
        assert ", ".join(city["name_en"] for city in group["cities"]) in flat
        if group["match"]:
            assert f"most like {group['match']}: {group['n_shared']} shared" in flat
    assert f"left out: {len(found['left_out'])} cit" in text
    assert max(map(len, text.splitlines())) <= 100


def test_several_settings_are_compared_and_the_steadiest_is_shown(run: Run) -> None:
    found = learn(run, "--radius", "1", "--radius", "200", "--min-cities", "3", "--min-cities", "4")
    settings = [(each["radius_km"], each["min_cities"]) for each in found["settings"]]
    assert settings == [(1, 3), (1, 4), (200, 3), (200, 4)]
    shown = max(found["settings"], key=lambda each: each["n_stable"])
    assert found["shown"]["radius_km"] == shown["radius_km"] == 200
    text = run(*QUICK, "--radius", "1", "--radius", "200").stdout
    assert "Shown: radius_km 200, which has the most stable clusters" in text


def test_the_same_seed_prints_the_same(run: Run) -> None:
    first, second = (run(*QUICK, "--seed", "3", "--compare").stdout for _ in range(2))
    assert first == second


def test_comparison_with_named_clusters_landforms_and_countries(run: Run) -> None:
    compared = learn(run, "--radius", "200", "--compare")["compare"]
    named = {row["cluster"]: row for row in compared["named"]}
    assert {"persian-gulf", "red-sea"} <= named.keys()
    gulf = [row for row in compared["moves"] if row["cluster"] == "persian-gulf"]
    size = named["persian-gulf"]["n_cities"]
    leaves = sum(row["move"] == "leaves" for row in gulf)
    assert named["persian-gulf"]["n_shared"] == size - leaves
    assert -1 <= compared["omega"] <= 1
    assert [(row["first"], row["second"]) for row in compared["partitions"]] == [
        ("learned", "landform"), ("learned", "country"), ("landform", "country"),
    ]  # fmt: skip
    assert {row["noise"] for row in compared["partitions"]} == {"alone"}
    text = run(*QUICK, "--radius", "200", "--compare").stdout
    for words in ("would join", "Omega index", "adjusted Rand", "silhouette", "cluster of its own"):
        assert words in text


def test_names_in_chinese(run: Run) -> None:
    text = run(*QUICK, "--radius", "200", "--lang", "zh").stdout
    assert "迪拜" in text
    assert "Dubai" not in text
    assert "未归入" in text
    assert "stable" not in text


def test_no_clusters_is_an_answer(run: Run) -> None:
    result = run(*QUICK, "--radius", "0.001", "--compare")
    assert result.exit_code == 0
    assert "No clusters" in result.stdout
    assert "left out: 62 cities" in result.stdout
    assert learn(run, "--radius", "0.001", "--compare")["clusters"] == []


@pytest.mark.parametrize(
    ("arguments", "messages"),
    [
        (["--method", "dbscn"], ["Did you mean 'dbscan'?"]),
        (["--edition", "g20"], ["Did you mean 'g20-2023'?"]),
        (["--radius", "-5"], ["radius_km: '-5.0': must be a number above 0"]),
        (["--radius", "nan"], ["'nan'"]),
        (["--radius", "0", "--min-cities", "0"], ["radius_km", "min_cities"]),
        (["--clusters", "5"], ["--clusters: '5': dbscan has no such option", "--radius"]),
        (
            ["--method", "k-medoids", "--radius", "5", "--min-cities", "2"],
            ["--radius", "--min-cities", "It has --clusters."],
        ),
        (["--method", "k-medoids", "--clusters", "70"], ["too few points"]),
        (["--samples", "1"], ["at least 2"]),
    ],
)
def test_wrong_use_says_what_to_do(run: Run, arguments: list[str], messages: list[str]) -> None:
    result = run(*QUICK, *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert all(message in result.stderr for message in messages)
