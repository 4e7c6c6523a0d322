"""The commands claims and audit: verdicts and findings that a planner can read."""

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Run = Callable[..., Result]


def test_claims_are_told_with_their_numbers(run: Run) -> None:
    result = run("claims", "--source", "arab-2024")
    assert result.exit_code == 0
    assert "62 counted" in result.stdout
    assert result.stdout.rstrip().splitlines()[-1].split()[1] == "claims:"


def test_claims_as_json_have_every_column(run: Run) -> None:
    found = json.loads(run("claims", "--json", "--source", "forum-2023").stdout)
    assert {row["source"] for row in found} == {"forum-2023"}
    assert set(found[0]) == {
        *("claim", "source", "text_zh", "text_en", "verdict", "evidence", "sensitivity"),
    }


def test_claims_in_chinese_are_quoted(run: Run) -> None:
    assert "大多数城市是国家首都" in run("claims", "--source", "asia-2023", "--lang", "zh").stdout


def test_findings_set_the_exit_code(run: Run, mine: Path) -> None:
    found = run("audit", "g20-2023")
    assert found.exit_code == 1
    assert "holds 81 of 184 cities" in found.stdout.replace("\n", " ").replace("  ", " ")
    clean = run("audit", "mine-2025", "--data", str(mine))
    assert (clean.exit_code, clean.stdout) == (0, "no findings\n")


def test_findings_between_editions_belong_to_both(run: Run) -> None:
    found = json.loads(run("audit", "asia-2023", "--json").stdout)
    conflicts = [row for row in found if row["kind"] == "order_conflict"]
    assert {row["edition"] for row in conflicts} == {"asia-2023 g20-2023"}


def test_unknown_names_get_the_nearest(run: Run) -> None:
    for command in (["claims", "--source", "forum-2032"], ["audit", "g20-2032"]):
        result = run(*command)
        assert result.exit_code == 2
        assert "Did you mean" in result.stderr


def test_claims_in_chinese_have_their_evidence_in_chinese(run: Run) -> None:
    told = run("claims", "--source", "arab-2024", "--lang", "zh").stdout
    assert "计得 62，来源称 62" in told
    assert "条论断：支持" in told
    assert "supported" not in told
