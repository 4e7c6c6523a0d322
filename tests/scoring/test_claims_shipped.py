"""The shipped claims on the shipped editions, with real places and no clusters."""

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tierscape.data.catalog import BUILT_IN, Catalog
from tierscape.data.claim_loader import load_claims
from tierscape.data.claim_records import Mean, Selection
from tierscape.data.edition_loader import load_editions
from tierscape.geo.gazetteer import gazetteer
from tierscape.geo.geocode import Geocoder, load_aliases
from tierscape.geo.places import city_table
from tierscape.geo.resolve import resolve_names, tier_table
from tierscape.scoring.claim_facts import Facts
from tierscape.scoring.claim_tests import decide
from tierscape.scoring.claims import judge


def build(catalog: Catalog, *slugs: str) -> Facts:
    """Return the tables of a build without clusters."""
    editions = load_editions(catalog, slugs or None)
    with gazetteer() as places:
        resolved = resolve_names(editions, Geocoder(places, load_aliases(catalog, places)))
    cities = city_table(editions, resolved).assign(landform="")
    membership = pd.DataFrame(columns=["cluster", "city_id", "role"], dtype="str")
    by_slug = {edition.slug: edition for edition in editions}
    return Facts(tier_table(editions, resolved), cities, membership, by_slug)


def verdicts(catalog: Catalog, facts: Facts) -> pd.DataFrame:
    claims, editions = load_claims(catalog), facts.editions.values()
    table = judge(claims, facts.tiers, facts.cities, facts.membership, editions=editions)
    return table.set_index("claim")


@pytest.fixture(scope="module")
def facts() -> Facts:
    return build(Catalog())


@pytest.fixture(scope="module")
def judged(facts: Facts) -> pd.DataFrame:
    return verdicts(Catalog(), facts)


@pytest.mark.parametrize("slug", [claim.slug for claim in load_claims(Catalog())])
def test_every_claim_gets_a_verdict(judged: pd.DataFrame, slug: str) -> None:
    row = judged.loc[slug]
    assert row["verdict"] in {"supported", "contradicted", "undetermined", "untestable"}
    assert row["evidence"]
    assert (row["sensitivity"] == "") == (row["verdict"] == "untestable")


@pytest.mark.parametrize(
    ("slug", "verdict", "evidence"),
    [
        ("all-cities", "supported", "243 counted"),
        ("shared-cities", "supported", "85 counted"),
        ("asia-mainland-cities", "supported", "44 counted"),
        ("g20-asian-cities", "supported", "85 counted"),
        ("g20-european-cities", "supported", "49 counted"),
        ("g20-us-cities", "supported", "32 counted"),
        ("g20-other-cities", "supported", "18 counted"),
        ("g20-top-cities", "supported", "18 of 18 are in tier 1, which holds 18"),
        ("asia-top-cities", "supported", "9 of 9 are in tier 1, which holds 14"),
        ("asia-mostly-capitals", "contradicted", "43 of 144"),
        ("asia-mostly-capitals-elsewhere", "contradicted", "42 of 100"),
        ("asia-capitals-named", "supported", "3 of 3"),
        ("arab-capitals", "supported", "22 of 22 countries"),
        ("southern-gulf-advanced-total", "supported", "麦那麦 2"),
        ("chinese-cities-competitive", "supported", "广州 2, 香港 2"),
        ("gulf-second-or-third-group-in-asia", "supported", "4 of 4"),
        ("riyadh-second-or-third-group", "supported", "利雅得 3"),
        ("gulf-close-to-osaka-foshan", "supported", "大阪 2, 佛山 2"),
        ("gulf-second-or-third-group", "undetermined", "P(all in tier 2 or 3) ≥ 0.90"),
        ("gulf-with-riyadh-second-or-third-group", "undetermined", "利雅得 3, 多哈 2 to 4"),
        ("gulf-close-to-amsterdam-boston", "undetermined", "迪拜 2 to 4, 多哈 2 to 4; likened"),
        ("gulf-with-riyadh-close-to-amsterdam-boston", "undetermined", "in one tier) ≥ 0.00"),
        ("gulf-mean-close-to-likened-cities", "undetermined", "-10.9, from -45.0 to +17.7"),
        (
            "gulf-with-riyadh-mean-close-to-likened-cities",
            "undetermined",
            "243 cities: -11.6, from -42.0 to +14.5 in all rankings allowed. P(at most 10 points)",
        ),
        ("riyadh-close-to-four", "undetermined", "阿姆斯特丹 2"),
        ("g20-ahead-in-asia", "supported", "In mean rank, certain."),
        ("cstc-leaders", "supported", "8 of 8"),
        ("cstc-share-tier-2", "supported", "17 of 50"),
        ("cstc-mean", "undetermined", "from 0.374 to 0.799; stated: 0.70"),
        ("arab-divide", "untestable", "tiers give order only"),
        ("north-sea-leads-total", "untestable", "The cluster north-sea is not in this build."),
    ],
)
def test_claims_that_need_no_clusters(
    judged: pd.DataFrame, slug: str, verdict: str, evidence: str
) -> None:
    assert judged.loc[slug, "verdict"] == verdict
    assert evidence in str(judged.loc[slug, "evidence"])


def test_one_tier_changed_in_an_overlaid_edition_changes_a_verdict(
    tmp_path: Path, judged: pd.DataFrame
) -> None:
    copy = tmp_path / "editions" / "asia-2023"
    shutil.copytree(BUILT_IN / "editions" / "asia-2023", copy)
    lines = (copy / "total.csv").read_text(encoding="utf-8").splitlines()
    # Column 3, so that no printed position is taken twice.
    changed = ["3,1,横滨,2," if ",横滨,1," in line else line for line in lines]
    assert changed != lines
    (copy / "total.csv").write_text("\n".join(changed) + "\n", encoding="utf-8")
    catalog = Catalog((BUILT_IN, tmp_path))
    overlaid = verdicts(catalog, build(catalog))
    differs = overlaid["verdict"] != judged["verdict"]
    assert overlaid.index[differs].tolist() == ["asia-top-cities"]
    assert overlaid.loc["asia-top-cities", "verdict"] == "contradicted"
    assert "Elsewhere: 横滨 2." in str(overlaid.loc["asia-top-cities", "evidence"])


def test_an_edition_left_out_leaves_its_claims_untestable() -> None:
    table = verdicts(Catalog(), build(Catalog(), "asia-2023"))
    assert table.loc["shared-cities", "verdict"] == "untestable"
    assert table.loc["shared-cities", "evidence"] == "The build leaves out the edition g20-2023."
    assert table.loc["asian-cities", "verdict"] == "supported"


# --- means of scores: the tiers of cstc-2021 are thresholds of an index ------------------------


@pytest.mark.parametrize(
    ("group", "equals", "expected"),
    [
        (Selection(tiers=(1,)), 0.90, ("undetermined", "8 cities: their tiers allow a mean from")),
        (Selection(tiers=(1,)), 0.84, ("contradicted", "from 0.850 to 1.000; stated: 0.84")),
        (Selection(tiers=(2,)), 0.86, ("contradicted", "from 0.700 to 0.850; stated: 0.86")),
        # Half a unit of the last digit is rounding.
        (Selection(tiers=(2,)), 0.855, ("undetermined", "")),
        (Selection(tiers=(3,)), 0.0, ("undetermined", "from 0.000 to 0.700")),
        (Selection(countries=("XX",)), 0.5, ("undetermined", "an average needs 3")),
    ],
)
def test_a_mean_within_the_thresholds(
    facts: Facts, group: Selection, equals: float, expected: tuple[str, str]
) -> None:
    verdict, evidence = expected
    finding = decide(Mean("cstc-2021", "total", group, equals, 2, 0, 1), facts)
    assert finding.verdict == verdict
    assert evidence in finding.evidence


def test_a_mean_that_follows_from_the_thresholds(facts: Facts) -> None:
    edition = facts.editions["cstc-2021"]
    (table,) = edition.dimensions
    tiers = tuple(replace(tier, score_from=0.5, score_to=0.505) for tier in table.tiers)
    narrow = replace(edition, dimensions=(replace(table, tiers=tiers),))
    test = Mean("cstc-2021", "total", Selection(), 0.50, 2, 0, 1)
    assert decide(test, replace(facts, editions={"cstc-2021": narrow})).verdict == "supported"


def test_a_mean_without_thresholds_is_untestable(facts: Facts) -> None:
    finding = decide(Mean("asia-2023", "total", Selection(), 0.5, 2, 0, 1), facts)
    assert finding.verdict == "untestable"
    assert "no thresholds of score" in finding.evidence
