"""Runs take turns, ratios are taken pair by pair, and a process's memory is its own."""

import sys

import pytest
from harness import Row, Side, Used, absent, alternate, clocked, in_turn, packed, process, unpacked
from hypothesis import given
from hypothesis import strategies as st

TIMES = st.lists(st.tuples(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6)), min_size=1, max_size=6).map(
    lambda pairs: tuple(zip(*pairs, strict=True))
)


def row(ours: tuple[float, ...], peer: tuple[float, ...]) -> Row:
    return Row("Topic", "work", Side("tierscape", ours), Side("peer", peer))


def test_two_take_turns_in_the_other_order_each_time() -> None:
    order: list[str] = []
    runs = [clocked(lambda name=name: order.append(name)) for name in "AB"]
    mine, theirs = alternate(runs[0], runs[1], 3)
    assert "".join(order) == "ABBAAB"
    assert len(mine) == len(theirs) == 3


def test_each_keeps_its_own_runs_whatever_the_turn() -> None:
    counts = [0, 0, 0]

    def counted(which: int) -> Used:
        counts[which] += 1
        return Used(float(which), gave=counts[which])

    runs = in_turn([lambda which=which: counted(which) for which in range(3)], 4)
    for which, found in enumerate(runs):
        assert [(run.took, run.gave) for run in found] == [(which, n) for n in (1, 2, 3, 4)]


def test_a_run_hands_back_what_the_work_gave() -> None:
    used = clocked(lambda: 42)()
    assert used.gave == 42
    assert used.took >= 0


def test_ratios_are_taken_pair_by_pair() -> None:
    # The median of ratios is not the ratio of medians.
    assert row((1.0, 2.0, 10.0), (3.0, 4.0, 5.0)).ratios == [3.0, 2.0, 0.5]


@pytest.mark.parametrize(
    ("peer", "ahead"),
    [((2.0, 3.0), "ours"), ((0.5, 0.9), "peer"), ((0.5, 3.0), "neither"), ((), "")],
)
def test_one_is_ahead_only_if_it_is_in_every_pair(peer: tuple[float, ...], ahead: str) -> None:
    assert row((1.0, 1.0), peer).ahead == ahead


@given(TIMES)
def test_swapping_the_sides_turns_the_ratios_over(times: tuple[tuple[float, ...], ...]) -> None:
    ours, peer = times
    swapped = {"ours": "peer", "peer": "ours", "neither": "neither"}
    there, back = row(ours, peer), row(peer, ours)
    assert [1 / ratio for ratio in there.ratios] == pytest.approx(back.ratios)
    assert swapped[there.ahead] == back.ahead


@given(TIMES, st.text(), st.text())
def test_a_row_survives_the_way_between_processes(
    times: tuple[tuple[float, ...], ...], what: str, note: str
) -> None:
    runs = [Used(took, cpu=took, mb=5.0, gave=object()) for took in times[0]]
    sent = Row("T", what, Side.of("tierscape", runs, "right"), Side("peer", times[1], 1, 2), "MB")
    line = packed(sent)
    assert "\n" not in line
    assert unpacked(line) == sent
    alone = Row("T", what, Side("tierscape", times[0], 1, 2), note=note)
    assert unpacked(packed(alone)) == alone


@pytest.mark.parametrize("line", ["", "42", "a library says hello", "{}", '{"what": 1}', "[1]"])
def test_what_is_no_row_is_passed_over(line: str) -> None:
    assert unpacked(line) is None


def test_an_absent_peer_says_how_to_get_it() -> None:
    missing = absent("T", "work", "peer")
    assert missing.ratios == []
    assert missing.note == "not measured: pip install --group peers"


def test_the_memory_of_a_process_is_not_its_parents() -> None:
    held = b"x" * 300_000_000
    used = process([sys.executable, "-c", "print(1)"])
    assert 1 < used.mb < len(held) / 1e6 / 2
    assert used.gave == "1\n"
    assert used.cpu > 0


def test_memory_that_a_process_takes_is_seen() -> None:
    assert process([sys.executable, "-c", "b'x' * 200_000_000"]).mb > 200


def test_a_process_that_fails_says_why() -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such city')"]
    with pytest.raises(SystemExit, match="ended with 1: no such city"):
        process(command)
    assert "no such city" in process(command, accept=(0, 1)).said
