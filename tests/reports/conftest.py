"""One small analysis for all tests of reports."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from tierscape.analysis import Analysis, analyse, load
from tierscape.reports.blocks import Report
from tierscape.reports.content import cluster_report, edition_report, overview_report
from tierscape.reports.inputs import Options

EDITION, CLUSTER = "arab-2024", "persian-gulf"


@pytest.fixture(scope="session")
def analysis() -> Analysis:
    """The smallest published edition."""
    return analyse(load(editions=[EDITION]))


@pytest.fixture(scope="session")
def reports(analysis: Analysis) -> dict[tuple[str, str], Report]:
    """Every kind of report in both languages."""
    options = Options(version="0.0.0", date="2026-01-02")
    made = [
        report
        for lang in ("zh", "en")
        for report in (
            cluster_report(analysis, CLUSTER, EDITION, lang, options=options),
            edition_report(analysis, EDITION, lang, options=options),
            overview_report(analysis, lang, options=options),
        )
    ]
    return {(report.kind, report.lang): report for report in made}


@pytest.fixture(scope="session")
def renamed(analysis: Analysis) -> Callable[[str], Analysis]:
    """Make an analysis in which a cluster, a city and the edition have a name of ours."""
    return partial(_renamed, analysis)


def _renamed(analysis: Analysis, title: str) -> Analysis:
    places = analysis.places
    mine = places.membership.loc[places.membership["cluster"] == CLUSTER, "city_id"].iloc[0]
    cities = places.cities.copy()
    here = cities["city_id"] == mine
    for column in ("name_zh", "name_en"):
        cities[column] = cities[column].mask(here, title)
    definitions = tuple(
        replace(each, title_zh=title, title_en=title) if each.slug == CLUSTER else each
        for each in places.definitions
    )
    editions = tuple(
        replace(each, title_zh=title, title_en=title, credit=" ".join(title.split()))
        for each in places.editions
    )
    return replace(
        analysis,
        places=replace(places, cities=cities, definitions=definitions, editions=editions),
    )
