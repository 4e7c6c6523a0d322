"""What is compared does the same work: both sides answer alike on small data."""

import random
from pathlib import Path

import dbscan
import engine
import geocode_peer
import numpy as np
import pytest
import spatial
import startup
import weights
from geocode import right, slipped
from harness import Used
from made_up import uneven


def test_the_loop_and_the_kernel_count_alike() -> None:
    rng = np.random.default_rng(1)
    scenarios = rng.dirichlet(np.ones(5), 200)
    scores = rng.integers(0, 5, (30, 5)).astype(float)
    for ours, theirs in zip(
        weights.kernel(scores, scenarios), weights.plain(scores, scenarios), strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)


def test_made_up_cities_are_the_same_each_time_and_on_the_globe() -> None:
    points = uneven(500)
    np.testing.assert_array_equal(points, uneven(500))
    assert (np.abs(points) <= [180, 90]).all()


def test_both_dbscans_give_the_same_labels() -> None:
    points = uneven(2_000)
    ours = dbscan.labels_ours(points, 50.0)
    np.testing.assert_array_equal(ours, dbscan.labels_theirs(points, 50.0))
    assert ours.max() > 0 > ours.min()
    assert dbscan.alike(ours, ours) == "adjusted Rand index 1.0000, noise differs at 0 points"


def test_recall_counts_the_true_neighbours() -> None:
    points = spatial.cities(100)
    found = spatial.near_of(100, equal=True).indices.reshape(100, spatial.K)
    sample = np.arange(10)
    assert spatial.recall(found[sample], sample, points) == "recall 1.0000 at 10 sites"
    lost = found[sample].copy()
    lost[:, 0] = sample  # a site is no neighbour of itself
    assert spatial.recall(lost, sample, points) == "recall 0.8750 at 10 sites"


def test_the_share_of_false_alarms_is_over_all_runs() -> None:
    assert spatial.alarms([np.array([0.01, 0.5]), np.array([0.9, 0.9])]).startswith(
        "p ≤ 0.05 at 25.0 %"
    )


def test_the_peer_of_the_geocoder_takes_the_largest_place_of_the_country() -> None:
    cities = {
        "1": {"name": "Rome", "alternatenames": ["罗马"], "population": 3, "countrycode": "IT"},
        "2": {"name": "Rome", "alternatenames": [], "population": 5, "countrycode": "US"},
    }
    known = geocode_peer.index(cities)
    assert geocode_peer.largest(known, "Rome") == "2"
    assert geocode_peer.largest(known, "Rome", "IT") == "1"
    assert geocode_peer.largest(known, "罗马") == "1"
    assert geocode_peer.largest(known, "Milan") == ""


def test_answers_are_right_wrong_or_open() -> None:
    text = right(["1", "2", ""], ["1", "1", "1"])
    assert text == "1 of 3 right, 1 wrong, 1 open"


@pytest.mark.parametrize("seed", range(20))
def test_a_slip_changes_one_place_of_a_name(seed: int) -> None:
    wrong = slipped("guangzhou", random.Random(seed))  # noqa: S311 - a test, not a secret
    assert abs(len(wrong) - 9) <= 1
    assert wrong[0] in "gu"


def test_stages_are_read_from_what_a_build_prints() -> None:
    head = "reading\nstage            seconds  peak MB\n"
    told = f"{head}loading libraries   1.50  197\ntotal   9.00  401\n"
    ((stage, used),) = startup.stages(told)
    assert (stage, used.took, used.mb) == ("loading libraries", 1.5, 197.0)


def test_rounds_of_the_engine_are_compared_byte_by_byte(tmp_path: Path) -> None:
    for name, text in (("one", "a"), ("two", "a"), ("dead", "b")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "part.parquet").write_text(text, encoding="utf-8")
    one, two, dead = (
        [Used(took, cpu, 5.0, gave=tmp_path / name)]
        for name, took, cpu in (("one", 12.0, 12.0), ("two", 8.0, 16.0), ("dead", 9.0, 17.0))
    )
    speed, overhead, lost = engine.contests("work", one, two, dead)
    assert (speed.ratios, speed.ahead) == ([1.5], "ours")
    assert (overhead.ratios, overhead.ahead) == ([0.75], "peer")
    assert speed.ours.right == "the same bytes as one process in 1 of 1 rounds"
    assert lost.ours.right == "the same bytes as one process in 0 of 1 rounds"
    assert lost.note.endswith("Aim: at most 1.3 times as long, held")
