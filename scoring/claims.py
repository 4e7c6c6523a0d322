"""Verdicts on the sources' claims, computed from the tables of a build."""

from collections.abc import Iterable

import pandas as pd

from ..data.claim_records import (
    Ahead,
    Claim,
    Count,
    LinkedSimilar,
    Mean,
    NotFirstGroup,
    Selection,
    Share,
    Similar,
    Test,
)
from ..data.records import Edition
from .claim_facts import Facts, Finding, depends_on_membership
from .claim_tests import decide

COLUMNS = ("claim", "source", "text_zh", "text_en", "verdict", "evidence", "sensitivity")


def judge(
    claims: Iterable[Claim],
    tiers: pd.DataFrame,
    cities: pd.DataFrame,
    membership: pd.DataFrame,
    *,
    editions: Iterable[Edition] = (),
) -> pd.DataFrame:
    """Return a verdict on every claim.

    Parameters
    ----------
    claims
        What the sources say, each with its test.
    tiers
        `edition`, `dimension`, `city_id`, `name_published`, `tier`, `rank_best`, `rank_worst`.
    cities
        `city_id`, `continent`, `country`, `landform`.
    membership
        `cluster`, `city_id`, `role` (`core` or `extended`).
    editions
        Where thresholds of score are read from, for claims on mean scores.

    Returns
    -------
    pandas.DataFrame
        `claim` (slug), `source`, `text_zh`, `text_en`, `verdict` (supported, contradicted,
        undetermined, untestable), `evidence` (the numbers, and what the verdict hangs on),
        `sensitivity` (the verdict with extended members; empty if untestable). A claim that
        speaks of what the build leaves out is untestable, with that reason.

    Notes
    -----
    The definitions of the words are in `docs/claims.md`.
    """
    facts = Facts(tiers, cities, membership, {edition.slug: edition for edition in editions})
    extended = facts.with_extended()
    rows = []
    for claim in claims:
        finding = decide(claim.test, facts)
        texts = (claim.slug, claim.source, claim.text_zh, claim.text_en)
        sensitivity = _sensitivity(claim.test, extended, finding)
        rows.append((*texts, finding.verdict, finding.evidence, sensitivity))
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def _sensitivity(test: Test, extended: Facts, core: Finding) -> str:
    """Return what the verdict becomes when extended members count."""
    if core.verdict == "untestable":
        return ""
    if not any(depends_on_membership(group) for group in _groups(test)):
        return "does not depend on cluster membership"
    finding = decide(test, extended)
    if finding == core:
        return "same: no extended members here"
    if finding.verdict == core.verdict:
        return "same with extended members"
    return f"becomes {finding.verdict} with extended members"


def _groups(test: Test) -> tuple[Selection, ...]:
    """Return the groups of cities that a test speaks of."""
    match test:
        case Ahead(a=a, b=b) | Similar(a=a, b=b) | LinkedSimilar(a=a, b=b):
            return (a, b)
        case NotFirstGroup(a=a, leaders=leaders):
            return (a, leaders)
        case Share(group=group, of=of):
            return (group, of)
        case Count(group=group) | Mean(group=group):
            return (group,)
        case _:
            return ()
