"""Maps: what is drawn where, in every size and format, and what cannot be drawn."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from tierscape.data.errors import TierscapeError, UnknownNameError
from tierscape.data.records import Tier
from tierscape.maps.figures.layers import map_layers
from tierscape.maps.figures.map import draw_map, map_drawing
from tierscape.maps.figures.panels import panels_drawing
from tierscape.maps.figures.render import FORMATS, SIZES, Size, parse_size, render
from tierscape.maps.figures.scene import make_scene
from tierscape.maps.figures.views import Frame, fit_view, project
from tierscape.maps.palette import tier_symbols
from tierscape.maps.payload import AtlasData

TABLE = {"edition": "world-2023", "dimension": "total"}


def picture(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def colour(text: str) -> tuple[int, ...]:
    return tuple(int(text[i : i + 2], 16) for i in (1, 3, 5))


def with_cities(data: AtlasData, places: list[tuple[float, float]], tiers: int = 4) -> AtlasData:
    """Return a world with cities at places, one cluster of all, and some number of tiers."""
    n = len(places)
    ids = [str(i) for i in range(1, n + 1)]
    cities = pd.DataFrame(
        {
            "city_id": ids,
            "name_zh": [f"城{i}" for i in ids],
            "name_en": [f"City {i}" for i in ids],
            "lon": [float(lon) for lon, _ in places],
            "lat": [float(lat) for _, lat in places],
        }
    )
    rows = {"edition": "world-2023", "dimension": "total", "city_id": ids}
    table = pd.DataFrame(rows).assign(
        tier=[1 + i % tiers for i in range(n)], label="", rank_best=1, rank_worst=n, n_cities=n
    )
    labels = tuple(Tier(i, f"T{i}", 0.0, 100.0) for i in range(1, tiers + 1))
    editions = tuple(
        replace(each, dimensions=tuple(replace(d, tiers=labels) for d in each.dimensions))
        for each in data.editions
    )
    members = pd.DataFrame(
        {"cluster": "alps", "city_id": ids, "role": "core", "rule": "", "measure_km": 0.0}
    )
    return replace(data, cities=cities, tiers=table, membership=members, editions=editions)


def test_every_ranked_city_is_painted_in_the_colour_of_its_tier(data: AtlasData) -> None:
    size = Size(1920, 1080)
    scene = make_scene(data, **TABLE, lang="en")
    frame = Frame(0, 0, 1920, 1080)
    view = fit_view(*scene.extent(), frame)
    drawing = replace(map_layers(scene, view, data), width=1920, height=1080)
    pixels = picture(render(replace(drawing, texts=()), "png", size))
    assert pixels.shape[:2] == (1080, 1920)
    x, y = project(view, scene.ranked["lon"].to_numpy(), scene.ranked["lat"].to_numpy())
    hits = [
        bool(
            (
                np.abs(pixels[round(b), round(a)].astype(int) - colour(tier_symbols(4)[t - 1].fill))
                < 9
            ).all()
        )
        for a, b, t in zip(x, y, scene.ranked["tier"], strict=True)
    ]
    # Yokohama lies under Tokyo on a map of the world.
    assert sum(hits) >= len(hits) - 1


@pytest.mark.parametrize("name", ["slide", "post", "poster", "500x700"])
def test_a_picture_has_the_pixels_of_its_size(data: AtlasData, name: str) -> None:
    size = parse_size(name)
    drawing = map_drawing(data, **TABLE, clusters=["alps"], size=name)
    small = size if size.width < 3000 else Size(size.width // 10, size.height // 10)
    image = picture(render(drawing, "png", small))
    assert image.shape == (small.height, small.width, 3)
    assert len(np.unique(image.reshape(-1, 3), axis=0)) > 20


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_bytes_for_the_same_map(data: AtlasData, form: str, lang: str) -> None:
    shuffled = replace(data, cities=data.cities.sample(frac=1, random_state=1))
    first, second = (
        render(map_drawing(each, **TABLE, lang=lang), form, SIZES["post"], title="T", lang=lang)
        for each in (data, shuffled)
    )
    assert first == second


def test_the_texts_of_an_svg_file_are_paths(data: AtlasData) -> None:
    made = render(map_drawing(data, **TABLE), "svg", SIZES["slide"], title="标题")
    root = ET.fromstring(made.decode())  # noqa: S314 - our own file
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "text" not in tags
    assert "image" not in tags
    assert {"use", "symbol", "path"} <= tags
    assert root.attrib["width"] == "1920"
    assert b"http://" not in made.replace(b"http://www.w3.org/", b"")


def test_a_drawing_says_what_a_reader_needs(data: AtlasData) -> None:
    texts = {text.text for text in map_drawing(data, **TABLE, lang="en").texts}
    assert {"Ranking world-2023", "Table total", "Tier 1 · top 10%", "Sydney"} <= texts
    assert any("来源：world-2023" in text for text in texts)
    assert "Not ranked in this edition" in texts
    assert "N" not in texts
    near = {t.text for t in map_drawing(data, **TABLE, clusters=["alps"], lang="en").texts}
    assert {"N", "Mountain", "Core members", "With extended", "Table total · Alps"} <= near
    assert any(re.fullmatch(r"\d+ km", text) for text in near)


def test_hostile_names_are_texts_and_run_nowhere(hostile: AtlasData) -> None:
    made = draw_map(hostile, **TABLE, lang="en")
    root = ET.fromstring(made)  # noqa: S314 - our own text
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "rect", "path", "circle", "g", "text", "tspan"}
    assert "script&gt;" in made


@pytest.mark.parametrize(
    ("places", "tiers"),
    [
        ([(10.0, 50.0)], 4),
        ([(10.0, 50.0)] * 5, 2),
        ([(179.9, -17.0), (-179.9, -16.0), (178.0, -18.0)], 4),
        ([(0.0, 90.0), (120.0, 89.0), (-120.0, 88.0)], 3),
        ([(0.0, -90.0)], 1),
        ([(0.0, 0.0), (180.0, 0.0)], 4),
        ([(float(lon), 20.0) for lon in range(-180, 180, 20)], 9),
    ],
    ids=["one", "one point", "date line", "pole", "south pole", "antipodes", "nine tiers"],
)
@pytest.mark.parametrize("clusters", [(), ("alps",)])
def test_odd_worlds_give_a_sensible_map(
    data: AtlasData, places: list[tuple[float, float]], tiers: int, clusters: tuple[str, ...]
) -> None:
    world = with_cities(data, places, tiers)
    drawing = map_drawing(world, **TABLE, clusters=clusters, lang="en")
    shapes = "".join(drawing.shapes)
    assert "nan" not in shapes
    assert "inf" not in shapes
    fills = {symbol.fill for symbol in tier_symbols(tiers)[: len(places)]}
    assert all(fill in shapes for fill in fills)
    assert picture(render(drawing, "png", Size(480, 270))).std() > 5


def test_a_city_with_no_population_or_name_is_drawn(data: AtlasData) -> None:
    cities = data.cities.assign(population=pd.array([pd.NA] * len(data.cities), dtype="Int64"))
    bare = replace(data, cities=cities.assign(name_zh=None))
    assert "Sydney" in {text.text for text in map_drawing(bare, **TABLE, lang="zh").texts}


REFUSED: list[tuple[Callable[[AtlasData], AtlasData], dict[str, object], str]] = [
    (lambda d: replace(d, cities=d.cities.iloc[:0]), {}, "there is no city"),
    (lambda d: replace(d, tiers=d.tiers.iloc[:0]), {}, "world-2023/total ranks no city"),
    (lambda d: replace(d, membership=d.membership.iloc[:0]), {"clusters": ["alps"]}, "in alps"),
    (lambda d: d, {"edition": "world-2032"}, "Did you mean 'world-2023'"),
    (lambda d: d, {"dimension": "totl"}, "Did you mean 'total'"),
    (lambda d: d, {"clusters": ["alp"]}, "Did you mean 'alps'"),
    (lambda d: d, {"lang": "fr"}, "unknown language 'fr'"),
    (lambda d: d, {"size": "slides"}, "Did you mean 'slide'"),
    (lambda d: d, {"size": "20x20"}, "both sides"),
    (lambda d: d, {"projection": "mercator"}, "unknown projection"),
]


@pytest.mark.parametrize(("change", "wish", "told"), REFUSED, ids=[case[2] for case in REFUSED])
def test_what_cannot_be_drawn_is_told(
    data: AtlasData,
    change: Callable[[AtlasData], AtlasData],
    wish: dict[str, object],
    told: str,
) -> None:
    with pytest.raises(TierscapeError, match=re.escape(told)):
        map_drawing(change(data), **{**TABLE, **wish})  # type: ignore[arg-type]


def test_panels_of_clusters_and_editions(data: AtlasData) -> None:
    three = panels_drawing(data, kind="clusters", **TABLE, lang="en")
    texts = [text.text for text in three.texts]
    assert {"Alps", "Tokyo Bay", "Inland corridor"} <= set(texts)
    both = panels_drawing(data, kind="editions", **TABLE, clusters=["tokyo-bay"], lang="en")
    heads = {text.text for text in both.texts if text.bold}
    assert {"Ranking world-2023", "Ranking pacific-2024"} <= heads
    with pytest.raises(UnknownNameError, match="clusters"):
        panels_drawing(data, kind="cluster", **TABLE)
