"""Data at the edge of what a map can show: a sensible map, or one clear error and no file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import tierscape
from tierscape.data.errors import TierscapeError
from tierscape.data.records import Tier
from tierscape.maps.atlas import atlas_html, build_atlas
from tierscape.maps.offline import save_offline
from tierscape.maps.palette import tier_symbols
from tierscape.maps.payload import AtlasData

if TYPE_CHECKING:
    from tests.maps.conftest import Opened

Show = Callable[..., "Opened"]
Place = tuple[float, float]


def placed(data: AtlasData, places: Sequence[Place], tiers: Sequence[int], of: int) -> AtlasData:
    """Return an atlas of these places alone: one edition with `of` tiers, and no members."""
    ids = [str(number) for number in range(1, len(places) + 1)]
    cities = pd.DataFrame(
        {
            "city_id": ids,
            "name_zh": [f"城{number}" for number in ids],
            "name_en": [f"City {number}" for number in ids],
            "country": "CN",
            "lon": [float(lon) for lon, _ in places],
            "lat": [float(lat) for _, lat in places],
            "landform": "coastal",
        }
    )
    best = [1 + sum(other < tier for other in tiers) for tier in tiers]
    worst = [sum(other <= tier for other in tiers) for tier in tiers]
    table = pd.DataFrame({"city_id": ids, "tier": tiers, "rank_best": best, "rank_worst": worst})
    table = table.assign(
        edition="edge", dimension="total", name_published=ids, label="x", n_cities=len(ids)
    )
    edition = data.editions[0]
    labels = tuple(Tier(number, f"band {number}", None, None) for number in range(1, of + 1))
    dimension = replace(edition.dimensions[0], slug="total", tiers=labels)
    return replace(
        data,
        cities=cities,
        tiers=table,
        clusters=data.clusters.iloc[:0],
        membership=data.membership.iloc[:0],
        comparisons=data.comparisons.iloc[:0],
        editions=(replace(edition, slug="edge", dimensions=(dimension,)),),
    )


def opened_at(show: Show, data: AtlasData, place: Place, zoom: float = 5) -> Opened:
    opened = show(atlas_html(data, lang="en"))
    opened.view(*place, zoom)
    assert opened.errors == []
    assert len(opened.requests) == 1
    return opened


def test_one_city(show: Show, data: AtlasData) -> None:
    opened = show(atlas_html(placed(data, [(9.2, 45.5)], [1], 4), lang="en"))
    # The map opens where the city is, not nearer than a region.
    assert opened.page.evaluate("map_atlas.getBounds().contains([45.5, 9.2])")
    assert opened.page.evaluate("map_atlas.getZoom()") <= 7
    assert opened.colour(9.2, 45.5) == tier_symbols(4)[0].fill
    assert opened.errors == []


def test_all_cities_at_one_point(show: Show, data: AtlasData) -> None:
    tiers = [1, 2, 3, 4, 4]
    opened = opened_at(show, placed(data, [(9.2, 45.5)] * 5, tiers, 4), (9.2, 45.5))
    # The best lies on top, as everywhere on the map.
    assert opened.colour(9.2, 45.5) == tier_symbols(4)[0].fill
    assert opened.page.locator("#legend li b").all_inner_texts() == ["1", "1", "1", "2", "0"]


def test_both_sides_of_180_degrees(show: Show, data: AtlasData) -> None:
    places = [(179.5, -17), (-179.5, -17), (180, -14), (-180, -20)]
    opened = show(atlas_html(placed(data, places, [1, 2, 3, 4], 4), lang="en"))
    fills = [symbol.fill for symbol in tier_symbols(4)]
    # It opens on the short way across, and all four are in view.
    west, east = opened.page.evaluate(
        "(() => { const b = map_atlas.getBounds(); return [b.getWest(), b.getEast()]; })()"
    )
    assert east - west < 90
    middle = (west + east) / 2
    for (lon, lat), fill in zip(places, fills, strict=True):
        turned = lon + 360 * round((middle - lon) / 360)
        assert opened.colour(turned, lat) == fill
    assert opened.errors == []


@pytest.mark.parametrize("lat", [90.0, -90.0, 89.9])
def test_a_pole_is_drawn_at_the_edge_of_the_map(show: Show, data: AtlasData, lat: float) -> None:
    data = placed(data, [(20, lat), (20, 0)], [1, 2], 4)
    opened = show(atlas_html(data, lang="en"))
    opened.view(20, 84.5 if lat > 0 else -84.5, 3)
    box = opened.page.locator(".folium-map").bounding_box()
    x, _ = opened.at(20, 0)
    y = box["y"] + 3 if lat > 0 else box["y"] + box["height"] - 4
    fill = [int(tier_symbols(4)[0].fill[i : i + 2], 16) for i in (1, 3, 5)]
    assert opened.painted(x, y, 1, 1)[0, 0].tolist() == pytest.approx(fill, abs=12)
    assert opened.errors == []


@pytest.mark.parametrize("count", [1, 2, 9])
def test_other_numbers_of_tiers(show: Show, data: AtlasData, count: int) -> None:
    places = [(10 * number, 20) for number in range(1, count + 1)]
    data = placed(data, places, list(range(1, count + 1)), count)
    opened = opened_at(show, data, (5 * count, 20), 3.5)
    assert opened.page.locator("#legend li b").all_inner_texts() == ["1"] * count + ["0"]
    assert opened.page.locator("#legend").bounding_box()["y"] > 50
    opened.page.evaluate("document.getElementById('legend').hidden = true")
    for place, symbol in zip(places, tier_symbols(count), strict=True):
        assert opened.colour(*place) == symbol.fill


def test_ten_tiers_are_an_error(data: AtlasData) -> None:
    with pytest.raises(
        (TierscapeError, ValueError), match="10 tiers: there are symbols for 1 to 9"
    ):
        build_atlas(placed(data, [(0, 0)], [1], 10))


def test_clusters_without_members_can_be_opened(show: Show, data: AtlasData) -> None:
    opened = show(atlas_html(placed(data, [(9.2, 45.5)], [1], 4), lang="en"))
    for row in opened.page.locator("[data-key^=open-]").all():
        row.click()
        opened.settle()
        assert opened.page.locator(".folium-map").bounding_box()["height"] > 300
        opened.page.locator("#clusters button").first.click()
    assert opened.errors == []


def test_no_cities_or_no_editions_is_an_error(data: AtlasData) -> None:
    for part in ({"cities": data.cities.iloc[:0]}, {"editions": ()}):
        with pytest.raises(TierscapeError, match="nothing to draw"):
            build_atlas(replace(data, **part))


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("taken", r"taken: Is a directory"),
        ("file.txt/atlas.html", r"file\.txt/atlas\.html: Not a directory"),
        ("missing/atlas.html", r"missing/atlas\.html: No such file or directory"),
        ("x" * 300, "File name too long"),
    ],
)
def test_an_output_that_cannot_be_written(
    data: AtlasData, tmp_path: Path, name: str, message: str
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "file.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(TierscapeError, match=message):
        save_offline(build_atlas(data), tmp_path / name)
    assert left(tmp_path) == ["file.txt", "taken"]
    assert (tmp_path / "file.txt").read_text(encoding="utf-8") == "mine"


def test_a_full_or_read_only_disk_leaves_nothing(
    data: AtlasData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may write everywhere, so the disk itself refuses.
    def refuse(path: Path, *_: object, **__: object) -> None:
        path.open("w").close()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(TierscapeError, match=r"atlas\.html: No space left on device"):
        save_offline(build_atlas(data), tmp_path / "atlas.html")
    assert left(tmp_path) == []


def test_a_build_into_a_file_fails_before_it_computes(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(TierscapeError, match="out"):
        tierscape.build(tmp_path / "out")
    assert left(tmp_path) == ["out"]
