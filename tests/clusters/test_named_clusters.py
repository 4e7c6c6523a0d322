"""The shipped clusters: each complete, described in both languages, and right on known cities."""

from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pytest

from tierscape.analysis import Places, load
from tierscape.clusters.explain import describe
from tierscape.clusters.measures import geodesic_measures
from tierscape.clusters.membership import assign, members, rules_of
from tierscape.clusters.survey import survey
from tierscape.data.catalog import Catalog
from tierscape.data.cluster_loader import load_clusters
from tierscape.data.known_names import known_names, name_titles
from tierscape.data.records import ClusterDefinition, Leaf, Place
from tierscape.data.rule_reader import KINDS
from tierscape.data.rule_trees import leaves
from tierscape.geo.gazetteer import gazetteer
from tierscape.geo.geodesic import geodesic_km

SLUGS = [
    "north-sea",
    "baltic",
    "new-york-bay",
    "great-lakes",
    "japan-three-bays",
    "tokyo-bay",
    "osaka-bay",
    "ise-bay",
    "yangtze-delta",
    "greater-bay-area",
    "persian-gulf",
    "alps",
    "carpathian-balkan",
    "rockies",
    "xian-kashgar",
    "inland-asia",
    "cstc-yangtze",
    "cstc-pearl",
    "cstc-jingjinji",
    # For comparison: groups that fill four members in an edition, each with a public source.
    "arabian-interior",
    "blue-banana",
    "bohai-rim",
    "danube",
    "golden-quadrilateral",
    "grand-trunk-road",
    "gyeongbu-corridor",
    "hejaz-sarawat",
    "levant-coast",
    "maghreb-coast",
    "malacca-strait",
    "mediterranean",
    "middle-yangtze",
    "nile",
    "north-american-pacific-coast",
    "northeast-china",
    "red-sea",
    "taiwan-strait",
    "texas-triangle",
    "volga-ural",
    "yellow-sea",
]
ADDED = SLUGS[SLUGS.index("arabian-interior") :]
#: Where a cluster's sentence comes from; `tierscape` for groups that no ranking speaks of.
DOCUMENTS = {"forum-2023", "cstc-2021", "arab-2024", "tierscape"}
CORE_KM, EXTENDED_KM = 50.0, 100.0


@lru_cache(maxsize=1)
def shipped() -> dict[str, ClusterDefinition]:
    return {each.slug: each for each in load_clusters(Catalog(), known=known_names())}


def places(city_ids: list[str]) -> list[Place]:
    with gazetteer() as store:
        found = [place for city_id in city_ids if (place := store.place(city_id))]
    assert len(found) == len(city_ids)
    return found


def test_all_slugs_are_there() -> None:
    assert sorted(shipped()) == sorted(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_has_a_source_and_reasons(slug: str) -> None:
    found = shipped()[slug]
    assert found.document in DOCUMENTS
    assert (found.document == "tierscape") == ("对照组" in found.sentence_zh)
    assert 0 < len(found.sentence_zh) < 80
    assert all(asdict(found)[name] for name in ("sentence_en", "geography", "core_reason"))
    assert found.extended_reason, "an extension has a reason, and so has its absence"
    assert found.title_zh != found.title_en


@pytest.mark.parametrize("slug", SLUGS)
def test_describes_itself_in_both_languages(slug: str) -> None:
    for rule in rules_of(shipped()[slug]):
        english, chinese = (describe(rule, lang, name_titles()) for lang in ("en", "zh"))
        assert english.isprintable()
        assert not any("一" <= letter <= "鿿" for letter in english)
        assert not any("a" <= letter.lower() <= "z" for letter in chinese), chinese


@pytest.mark.parametrize("slug", SLUGS)
def test_thresholds_are_the_same_for_all(slug: str) -> None:
    found = shipped()[slug]
    widths = {leaf.within_km for leaf in leaves(found.core)} - {None}
    assert widths <= {CORE_KM}
    if found.extended is not None:
        widths = {leaf.within_km for leaf in leaves(found.extended)} - {None}
        assert widths <= {CORE_KM, EXTENDED_KM}


def every_leaf() -> list[Leaf]:
    rules = [rule for each in shipped().values() for rule in rules_of(each)]
    return list(dict.fromkeys(leaf for rule in rules for leaf in leaves(rule)))


def test_listed_cities_are_those_of_the_gazetteer() -> None:
    listed = [leaf for leaf in every_leaf() if leaf.kind == "cities"]
    assert sorted(len(leaf.names) for leaf in listed) == [9, 11, 27]
    for leaf in listed:
        found = {place.city_id: (place.name_en, place.name_zh) for place in places([*leaf.names])}
        for city_id, (english, chinese) in zip(leaf.names, leaf.labels, strict=True):
            assert found[city_id][0].replace("’", "'") == english.partition(" (")[0]
            assert found[city_id][1] == chinese


def test_divisions_exist() -> None:
    with gazetteer() as store:
        rows = store.store.execute("SELECT DISTINCT country || '.' || admin1 FROM place").fetchall()
    codes = {code for (code,) in rows}
    listed = {code for leaf in every_leaf() if leaf.kind == "admin" for code in leaf.names}
    assert listed
    assert listed <= codes


def test_waypoints_stand_on_towns() -> None:
    with gazetteer() as store:
        towns = store.store.execute("SELECT lon, lat FROM place").fetchall()
    lons, lats = zip(*towns, strict=True)
    points = {point for leaf in every_leaf() for point in leaf.waypoints}
    assert len(points) >= 20
    for lon, lat in points:
        near = [
            (x, y)
            for x, y in zip(lons, lats, strict=True)
            if abs(x - lon) < 0.1 and abs(y - lat) < 0.1
        ]
        assert geodesic_km(lon, lat, *zip(*near, strict=True)).min() < 2, (lon, lat)


# city, GeoNames id: role in some clusters, empty where it is outside
KNOWN = {
    ("Munich", "2867714"): {"alps": "core", "carpathian-balkan": ""},
    ("Nice", "2990440"): {"alps": "core"},
    ("Lyon", "2996944"): {"alps": "extended"},
    ("Bratislava", "3060972"): {"carpathian-balkan": "core", "alps": "extended"},
    ("Denver", "5419384"): {"rockies": "core", "great-lakes": ""},
    ("Calgary", "5913490"): {"rockies": "extended"},
    ("Phoenix", "5308655"): {"rockies": "extended"},
    ("Chicago", "4887398"): {"great-lakes": "core", "new-york-bay": ""},
    ("Toronto", "6167865"): {"great-lakes": "extended"},
    ("Cincinnati", "4508722"): {"great-lakes": "extended"},
    ("New York", "5128581"): {"new-york-bay": "core"},
    ("Boston", "4930956"): {"new-york-bay": "extended"},
    ("Baltimore", "4347778"): {"new-york-bay": "extended"},
    ("Hamburg", "2911298"): {"north-sea": "core", "baltic": "extended"},
    ("Helsinki", "658225"): {"baltic": "core", "north-sea": ""},
    ("Riyadh", "108410"): {"persian-gulf": "extended"},
    ("Doha", "290030"): {"persian-gulf": "core"},
    ("Muscat", "287286"): {"persian-gulf": ""},
    ("Nagoya", "1856057"): {"ise-bay": "core", "tokyo-bay": "", "japan-three-bays": "core"},
    ("Suzhou", "1886760"): {"yangtze-delta": "core", "cstc-yangtze": "core"},
    ("Xuzhou", "10630003"): {"yangtze-delta": "extended", "cstc-yangtze": "core"},
    ("Hong Kong", "1819729"): {"greater-bay-area": "core", "cstc-pearl": ""},
    ("Lanzhou", "1804430"): {"xian-kashgar": "core", "inland-asia": "core"},
    ("Xining", "1788852"): {"xian-kashgar": "", "inland-asia": ""},
    ("Almaty", "1526384"): {"xian-kashgar": "", "inland-asia": "core"},
    ("Tehran", "112931"): {"inland-asia": "core"},
    ("Aktau", "610612"): {"inland-asia": ""},
    ("Beijing", "1816670"): {"cstc-jingjinji": "core", "cstc-yangtze": "", "bohai-rim": "extended"},
    ("Istanbul", "745044"): {"mediterranean": ""},
    ("Athens", "264371"): {"mediterranean": "core", "levant-coast": ""},
    ("Haifa", "294801"): {"levant-coast": "core", "mediterranean": "core"},
    ("Jeddah", "105343"): {"red-sea": "core", "hejaz-sarawat": "extended", "arabian-interior": ""},
    ("Hofuf", "109571"): {"arabian-interior": "core", "persian-gulf": "extended"},
    ("Khartoum", "379252"): {"nile": "core", "red-sea": ""},
    ("Rabat", "2538475"): {"maghreb-coast": "core", "mediterranean": ""},
    ("Singapore", "1880252"): {"malacca-strait": "core"},
    ("Cologne", "2886242"): {"blue-banana": "core", "danube": ""},
    ("Bucharest", "683506"): {"danube": "extended"},
    ("Kazan", "551487"): {"volga-ural": "core"},
    ("Dalian", "1814087"): {"bohai-rim": "core", "yellow-sea": "core", "northeast-china": "core"},
    ("Vancouver", "6173331"): {"north-american-pacific-coast": "core", "rockies": ""},
    ("Kolkata", "1275004"): {"grand-trunk-road": "core", "golden-quadrilateral": "core"},
    ("Taipei", "1668341"): {"taiwan-strait": "core"},
    ("Austin", "4671654"): {"texas-triangle": "core"},
    ("Wuhan", "1791247"): {"middle-yangtze": "core", "yangtze-delta": ""},
    ("Daegu", "1835329"): {"gyeongbu-corridor": "core", "yellow-sea": ""},
}


@lru_cache(maxsize=1)
def known_cities() -> pd.DataFrame:
    return pd.DataFrame([asdict(place) for place in places([id_ for _, id_ in KNOWN])])


@lru_cache(maxsize=1)
def membership() -> pd.DataFrame:
    return assign(shipped().values(), known_cities(), measures=geodesic_measures())


@pytest.mark.parametrize(("city", "roles"), KNOWN.items(), ids=[name for name, _ in KNOWN])
def test_known_cities(city: tuple[str, str], roles: dict[str, str]) -> None:
    table = membership()
    mine = table[table["city_id"] == city[1]].set_index("cluster")["role"].to_dict()
    assert {slug: mine.get(slug, "") for slug in roles} == roles


def test_the_three_bays_are_the_union_of_the_bays() -> None:
    bays = ("tokyo-bay", "osaka-bay", "ise-bay")
    union = {city for bay in bays for city in members(membership(), bay)}
    assert set(members(membership(), "japan-three-bays")) == union


def test_riyadh_is_in_by_the_sources_word() -> None:
    row = membership().set_index(["cluster", "city_id"]).loc[("persian-gulf", "108410")]
    assert row["rule"].startswith("override: The sources count Riyadh")
    assert 300 < row["measure_km"] < 400


def test_the_page_shows_every_cluster_and_every_kind_of_rule() -> None:
    page = Path(__file__).parents[2].joinpath("docs", "clusters.md").read_text(encoding="utf-8")
    assert [slug for slug in SLUGS if f"`{slug}`" not in page] == []
    assert [kind for kind in KINDS if f"`{{ {kind} = " not in page] == []


@lru_cache(maxsize=1)
def ranked() -> Places:
    return load()


@pytest.mark.parametrize("slug", ADDED)
def test_groups_for_comparison_fill_four_members_in_an_edition(slug: str) -> None:
    here = ranked().tiers[ranked().tiers["city_id"].isin(members(ranked().membership, slug))]
    assert here.groupby("edition")["city_id"].nunique().max() >= 4


def test_no_cities_need_no_geography() -> None:
    rules = [rule for each in shipped().values() for rule in rules_of(each)]
    found = survey(rules, known_cities().iloc[:0], geodesic_measures())
    assert {len(answers.passed) for answers in found.values()} == {0}
