"""The shipped editions linked: the figures of the documentation, and what the command prints."""

import json
from functools import cache

import pandas as pd
import pytest

from tierscape.analysis import Places, load
from tierscape.data.errors import DataError, UnknownNameError
from tierscape.linking import linked_comparison
from tierscape.scoring.linked.compare import compare_linked
from tierscape.scoring.linked.draws import count_rankings
from tierscape.scoring.linked.lattice import lattice
from tierscape.scoring.linked.link import Orders, link_editions
from tierscape.scoring.linked.percentiles import linked_percentiles
from tierscape.scoring.linked.repair import repair, shared_tiers


@cache
def places() -> Places:
    return load(editions=["asia-2023", "g20-2023"])


@cache
def orders() -> Orders:
    return link_editions(places().tiers, places().editions)


def test_seven_classes_and_243_cities() -> None:
    found = {
        key: (order.n_cities, order.n_classes, int(order.above().sum()))
        for key, order in orders().items()
    }
    assert found == {
        ("total", "no contradictions"): (243, 7, 21115),
        ("digital-traditional", "without contradictory cities"): (241, 7, 20469),
        ("digital-traditional", "believing asia-2023"): (243, 7, 20777),
        ("digital-traditional", "believing g20-2023"): (243, 7, 20807),
        ("institutional", "no contradictions"): (243, 5, 20768),
    }
    shared = shared_tiers(places().tiers, "total", "asia-2023", "g20-2023")
    sizes = shared.groupby(["tier", "tier_second"]).size().to_dict()
    expected = {(1, 1): 4, (1, 2): 9, (2, 2): 5, (2, 3): 19, (2, 4): 1, (3, 4): 36, (4, 4): 11}
    assert sizes == expected
    total = orders()["total", "no contradictions"]
    assert sum(int(layer.inside.sum()) for layer in lattice(total).layers()) == 28774
    assert len(str(count_rankings(total))) == 323


def test_the_repair_is_xiamen_and_delhi() -> None:
    shared = shared_tiers(places().tiers, "digital-traditional", "asia-2023", "g20-2023")
    found = repair(shared)
    names = shared.set_index("city_id")["name_published"]
    assert {names[city] for city in found.doubtful} == {"厦门", "德里"}
    assert (found.size, found.unique) == (2, True)


def test_the_alps_and_the_corridor() -> None:
    table = compare_linked(orders(), places().membership, ["xian-kashgar", "alps"], draws=2000)
    columns = ["difference", "difference_lower", "difference_upper"]
    assert table[columns].round(2).to_numpy().tolist() == [
        [-32.89, -55.62, -14.2],
        [-17.06, -45.99, 6.71],
        [-17.32, -46.16, 6.52],
        [-16.94, -45.95, 6.79],
        [-30.03, -53.7, -8.98],
    ]
    assert table["certain"].tolist() == [True, False, False, False, True]
    assert table["dominates"].tolist() == [True, False, False, False, True]
    assert (table["p_a_ahead"] < 0.005).all()


def test_percentiles_among_all() -> None:
    table = linked_percentiles(orders(), places().membership)
    total = table[table["dimension"] == "total"].set_index("cluster")
    columns = ["n_members", "percentile", "percentile_lower", "percentile_upper"]
    expected = {
        "alps": [6, 81.79, 73.8, 89.44],
        "xian-kashgar": [3, 48.9, 33.81, 60.15],
        "inland-asia": [13, 24.82, 11.0, 40.47],
    }
    found = {slug: total.loc[slug, columns].round(2).tolist() for slug in expected}
    assert found == expected
    assert (total["percentile_lower"] <= total["percentile"]).all()
    assert (total["percentile"] <= total["percentile_upper"]).all()


def test_the_text_states_what_it_assumes() -> None:
    ask = ["xian-kashgar", "alps"]
    told = linked_comparison(ask, None, dimension="total", as_json=False, lang="en")
    assert "The editions do not contradict each other here." in told
    assert "+32.9  +14.2  +55.6  yes" in told
    assert "One score per city is assumed" in told
    zh = linked_comparison(ask, None, dimension="digital-traditional", as_json=False, lang="zh")
    assert "去掉两个版本相互矛盾的城市：德里、厦门。" in zh
    assert "对这些城市以 g20-2023 为准。" in zh
    assert "> 0.999" in zh


def test_json_has_every_column() -> None:
    told = json.loads(
        linked_comparison(["alps", "rockies"], None, dimension="total", as_json=True, lang="en")
    )
    assert pd.DataFrame(told["comparisons"]).loc[0, "variant"] == "no contradictions"
    assert {row["cluster"] for row in told["percentiles"]} == {"alps", "rockies"}


def test_wrong_names_are_named() -> None:
    for slugs, dimension, message in (
        (["alps", "alp"], None, "unknown cluster 'alp'. Did you mean 'alps'?"),
        (["alps", "rockies"], "traditional", "unknown dimension 'traditional'"),
    ):
        with pytest.raises(UnknownNameError, match=message):
            linked_comparison(slugs, None, dimension=dimension, as_json=False, lang="en")


def test_one_edition_alone_cannot_be_linked() -> None:
    alone = [each for each in places().editions if each.slug == "asia-2023"]
    with pytest.raises(DataError, match="found: none"):
        link_editions(places().tiers, alone)
