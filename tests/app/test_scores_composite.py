"""A composite index of published facts, from files to tiers, against a plain calculation.

The values are those that ship with the package: population and elevation of GeoNames, geodesic
distances to coast and mountains of 62 cities. Nothing is invented but the weights.
"""

import numpy as np
import pandas as pd
import pytest

from tierscape.analysis import load
from tierscape.scores import Scores, score

#: Leaf: its parent, its direction, its weight among its siblings.
LEAVES = {
    "population": ("people", 1, 70),
    "latitude": ("people", -1, 30),
    "coast": ("reach", -1, 50),
    "mountains": ("reach", -1, 25),
    "longitude": ("reach", 1, 25),
    "elevation": ("height", -1, 100),
}
MIDDLE = {"people": ("life", 60), "reach": ("life", 40), "height": ("land", 100)}
TOP = {"life": 80, "land": 20}
COLUMNS = ("population", "lat", "coast_km", "range_km", "lon", "elevation_m")


def index_toml() -> str:
    lines = [
        'title_en = "Composite"\nyear = 2024\n[weights]\nmethod = "given"\n[normalise]',
        'method = "minmax"\n[missing]\nmethod = "drop-city"\n[aggregate]\nmethod = "arithmetic"',
        '[tiers]\nmethod = "share"\nshares = [10, 30, 60, 100]\nties = "cut-short"',
    ]
    for slug, weight in TOP.items():
        lines.append(f'[[indicator]]\nslug = "{slug}"\ntitle_en = "{slug}"\nweight = {weight}')
    for slug, (parent, weight) in MIDDLE.items():
        lines.append(f'[[indicator]]\nslug = "{slug}"\nparent = "{parent}"')
        lines.append(f'title_en = "{slug}"\nweight = {weight}')
    for slug, (parent, direction, weight) in LEAVES.items():
        lines.append(f'[[indicator]]\nslug = "{slug}"\nparent = "{parent}"\ntitle_en = "{slug}"')
        lines.append(f'kind = "value"\ndirection = {direction}\nweight = {weight}')
    return "\n".join(lines)


@pytest.fixture(scope="module")
def raw() -> pd.DataFrame:
    cities = load(editions=["arab-2024"]).cities.set_index("city_id")
    values = cities[list(COLUMNS)].astype("float64").set_axis(list(LEAVES), axis=1)
    return values[values.notna().all(axis=1)]


@pytest.fixture(scope="module")
def scored(raw: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Scores:
    folder = tmp_path_factory.mktemp("composite")
    (folder / "index.toml").write_text(index_toml(), encoding="utf-8")
    cities = pd.DataFrame({"city": "city " + raw.index, "city_id": raw.index})
    cities.to_csv(folder / "cities.csv", index=False)
    rated = raw.rename(index="city {}".format).rename_axis("city").reset_index()
    long = rated.melt("city", var_name="indicator").assign(evidence="shipped data")
    long.to_csv(folder / "ratings.csv", index=False)
    return score(folder, draws=5)


def test_three_levels_by_hand(raw: pd.DataFrame, scored: Scores) -> None:
    sign = pd.Series({slug: direction for slug, (_, direction, _) in LEAVES.items()})
    share = (raw - raw.min()) / (raw.max() - raw.min())
    comparable = 100 * share.where(sign > 0, 1 - share, axis=1)
    middle = pd.DataFrame(
        {
            group: sum(
                comparable[slug] * weight / 100
                for slug, (parent, _, weight) in LEAVES.items()
                if parent == group
            )
            for group in MIDDLE
        }
    )
    life = 0.6 * middle["people"] + 0.4 * middle["reach"]
    total = 0.8 * life + 0.2 * middle["height"]
    found = scored.ranking.result.scores.rename(index=lambda name: name.removeprefix("city "))
    for group in MIDDLE:
        np.testing.assert_allclose(found[group], middle.loc[found.index, group], atol=1e-9)
    np.testing.assert_allclose(found["life"], life[found.index], atol=1e-9)
    np.testing.assert_allclose(found["total"], total[found.index], atol=1e-9)
    tiers = scored.ranking.result.tiers.set_index("city")
    order = total.sort_values(ascending=False)
    cuts = [int(len(order) * share / 100) for share in (10, 30, 60)]
    assert [int((tiers["tier"] == number).sum()) for number in (1, 2, 3)] == list(
        np.diff([0, *cuts])
    )
    assert set(tiers.index[tiers["tier"] == 1]) == {f"city {i}" for i in order.index[: cuts[0]]}


def test_it_is_an_edition_of_its_cities(raw: pd.DataFrame, scored: Scores) -> None:
    assert set(scored.places.cities["city_id"]) == set(raw.index)
    assert [each.slug for each in scored.ranking.edition.dimensions] == ["total", "life", "land"]
    assert "the ratings are not drawn" in scored.findings.notes
    assert "the weights are not drawn" in scored.findings.notes
    assert (scored.findings.found.cities["p_tier"] == 1).all()
