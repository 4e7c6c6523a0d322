"""Tests and models as a planner reads them, in both languages and as JSON."""

import json
from functools import cache, partial

import pytest

from tierscape import standings as standings_module
from tierscape import statistics
from tierscape.analysis import load
from tierscape.data.errors import UnknownNameError
from tierscape.scoring.restricted import QUESTIONS
from tierscape.standings import standings
from tierscape.statistics import cluster_tests, models_text

LOAD = cache(load)
WHERE = {"edition": "g20-2023", "dimension": "total"}

baltic = partial(cluster_tests, "baltic", None, **WHERE)
models = partial(models_text, None, **WHERE)


@pytest.fixture(autouse=True)
def loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (statistics, standings_module):
        monkeypatch.setattr(module, "load", LOAD)


def joined(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_p_value_comes_with_its_question(lang: str) -> None:
    rows = json.loads(baltic(as_json=True, lang=lang))["tests"]
    told = baltic(as_json=False, lang=lang)
    assert [row["reference"] for row in rows] == ["coastal", "rest"]
    for row in rows:
        for name in ("p_value", "p_adjusted", "p_contiguous", "p_spectral"):
            assert f"{row[name]:.3f}" in told
        assert f"{row['difference']:+.1f}" in told
    for question in QUESTIONS.values():
        assert joined(question[lang]) in joined(told)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_models_state_their_sampling_model(lang: str) -> None:
    rows = json.loads(models(as_json=True, lang=lang))
    told = models(as_json=False, lang=lang)
    assert {row["model"] for row in rows} == {"landform", "distance"}
    for row in rows:
        assert f"{row['odds_ratio']:.2f}" in told
    sampling = {"en": "is taken to draw its tier by itself", "zh": "独立地取得档次"}[lang]
    assert joined(sampling) in joined(told)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_standings_show_rank_sets_spread_and_who_is_left_out(lang: str) -> None:
    rows = json.loads(standings(None, **WHERE, as_json=True, lang=lang))
    told = standings(None, **WHERE, as_json=False, lang=lang)
    definitions = LOAD(None).definitions
    names = {each.slug: each.title_zh if lang == "zh" else each.slug for each in definitions}
    assert any(row["rank"] == 1 for row in rows)
    for row in rows:
        assert f"{names[row['cluster']]} " in told
        assert (row["rank"] is None) == bool(row["note"])
        if row["gap"] is not None:
            assert row["gap_lower"] <= row["gap"] <= row["gap_upper"]
            assert f"{row['gap']:.1f}" in told
        if row["rank"] is not None:
            assert row["simultaneous_lower"] <= row["marginal_lower"] <= row["rank"]
            assert row["rank"] <= row["marginal_upper"] <= row["simultaneous_upper"]
    sampling = {"en": "Ranked cities are no sample", "zh": "上榜城市并非样本"}[lang]
    assert joined(sampling) in joined(told)
    few, comma, stop = {
        "en": ("No rank set below 5 core cities: ", ",", "."),
        "zh": ("核心城市不足 5 座，无名次集：", "、", "。"),
    }[lang]
    small = {names[row["cluster"]] for row in rows if row["n_cities"] < 5}
    listed = joined(told).split(joined(few))[1].split(stop)[0].split(comma)
    assert set(listed) == {joined(name) for name in small}


def test_a_chinese_reader_meets_no_english_word_of_the_table() -> None:
    told = models(as_json=False, lang="zh")
    assert not [word for word in ("coastal", "Asia", "doubled", "population") if word in told]


def test_a_cluster_without_cities_there_and_one_that_is_unknown() -> None:
    nowhere = cluster_tests(
        "baltic", None, edition="asia-2023", dimension=None, as_json=False, lang="en"
    )
    assert nowhere == "No core city of this cluster is ranked there."
    for slug, where, wrong in (
        ("baltik", WHERE, "cluster"),
        ("baltic", {**WHERE, "dimension": "totl"}, "dimension"),
        ("baltic", {**WHERE, "edition": "g21"}, "edition"),
    ):
        with pytest.raises(UnknownNameError, match=f"unknown {wrong}"):
            cluster_tests(slug, None, **where, as_json=False, lang="en")
