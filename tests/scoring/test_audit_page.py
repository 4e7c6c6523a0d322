"""What the audit finds in the shipped editions, and what docs/audit.md says of it."""

import re
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tierscape.clusters.measures import geodesic_measures
from tierscape.clusters.membership import assign
from tierscape.data.catalog import Catalog
from tierscape.data.claim_loader import load_claims
from tierscape.data.cluster_loader import load_clusters
from tierscape.data.edition_loader import load_editions
from tierscape.data.known_names import known_names
from tierscape.data.reading import gather
from tierscape.data.rubric_loader import load_rubric
from tierscape.geo.gazetteer import gazetteer
from tierscape.geo.geocode import Geocoder, load_aliases
from tierscape.geo.measures import measure
from tierscape.geo.places import city_table
from tierscape.geo.resolve import resolve_names, tier_table
from tierscape.scoring.audit import audit
from tierscape.scoring.audit_group_means import group_mean_ranges
from tierscape.scoring.audit_programs import mean_ranges
from tierscape.scoring.claim_facts import Facts

PAGE = Path(__file__).parents[2] / "docs" / "audit.md"
KINDS = re.compile(r"^\| `(\w+)` \| .+ \| (\d+) \| ?(.*?) ?\|$", re.MULTILINE)
CIRCLES = ("cstc-yangtze", "cstc-pearl", "cstc-jingjinji")


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def facts() -> Facts:
    editions = load_editions(Catalog())
    with gazetteer() as places:
        resolved = resolve_names(editions, Geocoder(places, load_aliases(Catalog(), places)))
    cities = city_table(editions, resolved)
    cities = cities.join(measure(cities)).assign(landform="")
    definitions = load_clusters(Catalog(), known=known_names())
    circles = [each for each in definitions if each.slug in CIRCLES]
    membership = assign(circles, cities, measures=geodesic_measures())
    return Facts(tier_table(editions, resolved), cities, membership, {e.slug: e for e in editions})


@pytest.fixture(scope="module")
def table(facts: Facts) -> pd.DataFrame:
    editions = list(facts.editions.values())
    with gazetteer() as places:
        aliases = load_aliases(Catalog(), places).values()
    return audit(
        editions,
        facts.tiers,
        rubrics=gather(partial(load_rubric, Catalog(), edition.rubric) for edition in editions),
        cities=facts.cities,
        aliases=aliases,
        claims=load_claims(Catalog()),
        membership=facts.membership,
    )


def test_what_is_found_where(table: pd.DataFrame) -> None:
    counts = table.groupby(["kind", "edition", "dimension"]).size().to_dict()
    assert counts == {
        ("label_share", "asia-2023", "institutional"): 2,
        ("label_share", "g20-2023", "digital-traditional"): 2,
        ("label_share", "g20-2023", "institutional"): 2,
        ("mean_repair", "cstc-2021", "total"): 5,
        ("mean_weights", "cstc-2021", "total"): 3,
        ("order_conflict", "asia-2023 g20-2023", "digital-traditional"): 9,
        ("order_repair", "asia-2023 g20-2023", "digital-traditional"): 1,
        ("print_order", "arab-2024", "traditional"): 1,
        ("print_order", "asia-2023", "digital-traditional"): 2,
        ("print_order", "asia-2023", "institutional"): 3,
        ("print_order", "asia-2023", "total"): 2,
        ("print_order", "g20-2023", "digital-traditional"): 3,
        ("print_order", "g20-2023", "institutional"): 2,
        ("print_order", "g20-2023", "total"): 4,
        ("published_mean", "cstc-2021", "total"): 1,
        ("spelling", "arab-2024 asia-2023", ""): 1,
        ("spelling", "asia-2023", ""): 1,
        ("spelling", "g20-2023", ""): 1,
        ("title", "arab-2024", ""): 2,
        ("total_outside_parts", "arab-2024", "total"): 2,
        ("total_outside_parts", "asia-2023", "total"): 2,
        ("total_outside_parts", "g20-2023", "total"): 7,
    }


def test_the_page_counts_every_kind_and_quotes_it(page: str, table: pd.DataFrame) -> None:
    listed = KINDS.findall(page)
    described = re.findall(r"`(\w+)`\s+\(", str(audit.__doc__).partition("Kinds:")[2])
    assert [kind for kind, _, _ in listed] == described
    for kind, count, example in listed:
        details = table.loc[table["kind"] == kind, "detail"]
        assert len(details) == int(count), kind
        assert bool(example) == bool(len(details))
        assert not example or details.str.contains(example, regex=False).any(), kind


def test_the_page_has_the_figures_that_would_explain_the_index(
    page: str, table: pd.DataFrame
) -> None:
    pattern = re.compile(r"mean of (.+) is printed as (\S+); (\S+) is .* leave it (.+)\.$")
    for detail in table.loc[table["kind"] == "mean_repair", "detail"]:
        found = pattern.search(detail)
        assert found is not None
        assert f"| {' | '.join(found.groups())} |" in page


def test_the_page_has_the_weights_of_the_index(page: str, table: pd.DataFrame) -> None:
    detail = table.loc[table["kind"] == "mean_weights", "detail"].iloc[0]
    ranges = re.findall(r"(\w+) (\d+\.\d to \d+\.\d)(?=[,.])", detail.partition("free: ")[2])
    nearest = detail.partition("printed weights: ")[2].split(", ")[:5]
    for (name, range_), printed, near in zip(ranges, (10, 15, 25, 20, 30), nearest, strict=True):
        assert f"| {name} | {printed} | {near} | {range_} |" in page


def test_the_page_says_what_the_groups_imply(page: str, facts: Facts) -> None:
    (left,) = group_mean_ranges(load_claims(Catalog()), facts).values()
    assert [name for name, _, _ in left] == ["all cities", *CIRCLES]
    rows = facts.table("cstc-2021", "total")
    circles = [facts.members([circle]) for circle in CIRCLES]
    inside = np.array([[city in circle for city in rows.city_ids] for circle in circles])
    third = [tier == 3 for tier in rows.tiers]
    groups = np.array([[True] * len(third), *inside, ~inside.any(axis=0), third], dtype=bool)
    scores = {1: (0.85, 1.0), 2: (0.70, 0.85), 3: (0.0, 0.70)}
    printed = [(each.low, each.high) for _, each, _ in left] + [(0.0, 1.0)] * 2
    ranges = mean_ranges([scores[tier] for tier in rows.tiers], groups, printed)
    told = [f"mean of {low:.4f} to {high:.4f}" for low, high in (each or () for each in ranges)]
    text = " ".join(page.split())
    assert f"the {groups[4].sum()} cities in no circle have a {told[4]}" in text
    assert f"the {groups[5].sum()} cities of the third tier have a {told[5]}" in text
