"""A small made-up world, and a real browser with the network cut."""

import base64
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, sync_playwright

from tierscape.data.records import ClusterDefinition, Dimension, Edition, Leaf, Tier
from tierscape.maps.atlas import atlas_html
from tierscape.maps.payload import AtlasData

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
Pixels = NDArray[np.uint8]
HERE = Path(__file__)

#: name_zh, name_en, country, lon, lat; the identifiers are 1, 2, 3, … as text.
CITIES = (
    ("悉尼", "Sydney", "AU", 151.2, -33.9),
    ("洛杉矶", "Los Angeles", "US", -118.2, 34.1),
    ("东京", "Tokyo", "JP", 139.7, 35.7),
    ("横滨", "Yokohama", "JP", 139.6, 35.4),
    ("米兰", "Milan", "IT", 9.2, 45.5),
    ("都灵", "Turin", "IT", 7.7, 45.1),
    ("慕尼黑", "Munich", "DE", 11.6, 48.1),
    ("喀什", "Kashgar", "CN", 76.0, 39.5),
    ("奥克兰", "Auckland", "NZ", 174.8, -36.9),
)
LAND = (
    shapely.box(-10, 35, 150, 70),
    shapely.box(110, -40, 155, -12),
    shapely.MultiPolygon([shapely.box(165, -48, 180, -34), shapely.box(-180, -48, -179, -34)]),
    shapely.box(-130, 15, -70, 60),
)
LABELS = ("前 10%", "10%-30%", "30%-60%", "60%-100%")
#: Tiers of the cities by edition and dimension; 0 is not ranked.
TIERS = {
    ("world-2023", "total"): (1, 2, 1, 2, 3, 3, 2, 4, 0),
    ("world-2023", "institutional"): (4, 1, 2, 2, 3, 1, 3, 2, 0),
    ("pacific-2024", "total"): (2, 1, 3, 0, 0, 0, 0, 0, 4),
}
MEMBERS = {
    "alps": ("mountain", {"5": "core", "6": "core", "7": "extended"}),
    "tokyo-bay": ("coastal", {"3": "core", "4": "core"}),
    "corridor": ("inland", {"8": "core"}),
}
TITLES = {
    "alps": ("阿尔卑斯山", "Alps"),
    "tokyo-bay": ("东京湾", "Tokyo Bay"),
    "corridor": ("内陆走廊", "Inland corridor"),
}


def make_edition(slug: str, dimensions: tuple[str, ...]) -> Edition:
    shares = (0.0, 10.0, 30.0, 60.0, 100.0)
    tiers = tuple(
        Tier(number, label, shares[number - 1], shares[number])
        for number, label in enumerate(LABELS, 1)
    )
    return Edition(
        slug=slug,
        title_zh=f"排名 {slug}",
        title_en=f"Ranking {slug}",
        year=2023,
        publisher="",
        credit=f"来源：{slug}",
        terms="",
        rubric="",
        stated_cities=None,
        countries=(),
        continent="",
        dimensions=tuple(
            Dimension(name, f"维度 {name}", f"Table {name}", "", tiers, (), HERE)
            for name in dimensions
        ),
        file=HERE,
    )


def make_definition(slug: str) -> ClusterDefinition:
    return ClusterDefinition(
        slug=slug,
        title_zh=TITLES[slug][0],
        title_en=TITLES[slug][1],
        landform=MEMBERS[slug][0],
        document="forum",
        sentence_zh="原文一句。",
        sentence_en="One sentence.",
        geography="A public source",
        core=Leaf("coast"),
        core_reason="",
        extended=None,
        extended_reason="",
        file=HERE,
    )


def make_tiers() -> pd.DataFrame:
    rows = []
    for (edition, dimension), tiers in TIERS.items():
        ranked = [tier for tier in tiers if tier]
        for city, tier in enumerate(tiers, 1):
            if tier:
                best = 1 + sum(other < tier for other in ranked)
                worst = sum(other <= tier for other in ranked)
                name = CITIES[city - 1][0]
                rows.append(
                    (edition, dimension, str(city), name, LABELS[tier - 1], tier, best, worst)
                )
    columns = "edition dimension city_id name_published label tier rank_best rank_worst"
    table = pd.DataFrame(rows, columns=columns.split())
    return table.assign(
        n_cities=table.groupby(["edition", "dimension"])["city_id"].transform("size")
    )


def make_clusters(tiers: pd.DataFrame, membership: pd.DataFrame) -> pd.DataFrame:
    joined = membership.merge(tiers, on="city_id")
    both = [joined[joined["role"] == "core"].assign(role="core"), joined.assign(role="all")]
    rows = []
    for key, rows_of in pd.concat(both).groupby(["edition", "dimension", "cluster", "role"]):
        n = rows_of["n_cities"].iloc[0]
        best, worst = rows_of["rank_best"].mean(), rows_of["rank_worst"].mean()
        high, low = (100 * (1 - (rank - 0.5) / n) for rank in (best, worst))
        counts = {f"tier_{t}": int((rows_of["tier"] == t).sum()) for t in range(1, 5)}
        names = dict(zip(("edition", "dimension", "cluster", "role"), key, strict=True))
        figures = {
            "n_cities": len(rows_of),
            "percentile": (high + low) / 2,
            "percentile_lower": low,
            "percentile_upper": high,
            "percentile_sd": 1.0,
        }
        rows.append(names | figures | counts)
    return pd.DataFrame(rows)


def make_membership() -> pd.DataFrame:
    return pd.DataFrame(
        [
            (cluster, city, role, "within 50 km", 12.34)
            for cluster, (_, members) in MEMBERS.items()
            for city, role in members.items()
        ],
        columns=["cluster", "city_id", "role", "rule", "measure_km"],
    )


@pytest.fixture(scope="session")
def data() -> AtlasData:
    cities = pd.DataFrame(CITIES, columns=["name_zh", "name_en", "country", "lon", "lat"])
    cities.insert(0, "city_id", [str(number) for number in range(1, len(CITIES) + 1)])
    tiers, membership = make_tiers(), make_membership()
    comparison = {
        "edition": "world-2023",
        "dimension": "total",
        "cluster_a": "alps",
        "cluster_b": "tokyo-bay",
        "difference": -31.25,
        "difference_lower": -50.0,
        "difference_upper": -12.5,
        "p_a_ahead": 0.0,
        "certain": True,
        "p_value": float("nan"),
        "p_adjusted": float("nan"),
    }
    claim = {
        "claim": "one",
        "source": "forum",
        "text_zh": "山地领先。",
        "text_en": "The mountains lead.",
        "verdict": "contradicted",
        "evidence": "alps 31 against 75",
        "sensitivity": "",
    }
    return AtlasData(
        cities=cities.assign(landform="coastal"),
        tiers=tiers,
        clusters=make_clusters(tiers, membership),
        membership=membership,
        comparisons=pd.DataFrame([comparison]),
        claims=pd.DataFrame([claim]),
        editions=(
            make_edition("pacific-2024", ("total",)),
            make_edition("world-2023", ("total", "institutional")),
        ),
        definitions=tuple(make_definition(slug) for slug in MEMBERS),
        land=gpd.GeoDataFrame(geometry=list(LAND), crs="EPSG:4326"),
    )


@pytest.fixture(scope="session")
def hostile(data: AtlasData) -> AtlasData:
    attack = '</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">'
    quotes = "`${window.hacked=1}` \" ' \\ <!-- \u2028 {{ 7*7 }} \u202e"
    definitions = tuple(replace(item, title_en=attack + quotes) for item in data.definitions)
    return replace(
        data,
        cities=data.cities.assign(name_en=attack + quotes, name_zh=quotes + attack),
        membership=data.membership.assign(rule=attack + quotes),
        claims=data.claims.assign(text_en=attack + quotes),
        definitions=definitions,
        editions=tuple(replace(item, title_en=attack, credit=attack) for item in data.editions),
    )


@dataclass(slots=True)
class Opened:
    """A page, what it asked for and complained of, and its painted pixels."""

    page: Page
    decoder: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def settle(self) -> None:
        self.page.wait_for_timeout(350)

    def view(self, lon: float, lat: float, zoom: float) -> None:
        self.page.evaluate(
            "([lon, lat, zoom]) => map_atlas.setView([lat, lon], zoom, { animate: false })",
            [lon, lat, zoom],
        )
        self.page.mouse.move(2, 2)
        self.settle()

    def at(self, lon: float, lat: float) -> tuple[int, int]:
        found = self.page.evaluate(
            """([lon, lat]) => {
                const box = map_atlas.getContainer().getBoundingClientRect();
                const point = map_atlas.latLngToContainerPoint([lat, lon]);
                return [Math.round(box.left + point.x), Math.round(box.top + point.y)];
            }""",
            [lon, lat],
        )
        return found[0], found[1]

    def painted(self, left: float, top: float, width: float, height: float) -> Pixels:
        """Return what the screen shows there, rows of red, green, blue."""
        clip = {"x": left, "y": top, "width": width, "height": height}
        picture = base64.b64encode(self.page.screenshot(clip=clip)).decode()
        raw = self.decoder.evaluate(
            """async (picture) => {
                const image = new Image();
                image.src = "data:image/png;base64," + picture;
                await image.decode();
                const canvas = new OffscreenCanvas(image.width, image.height);
                const context = canvas.getContext("2d");
                context.drawImage(image, 0, 0);
                const bytes = context.getImageData(0, 0, image.width, image.height).data;
                let text = "";
                for (let i = 0; i < bytes.length; i += 32768) {
                    text += String.fromCharCode(...bytes.subarray(i, i + 32768));
                }
                return [image.width, image.height, btoa(text)];
            }""",
            picture,
        )
        pixels = np.frombuffer(base64.b64decode(raw[2]), dtype=np.uint8)
        return pixels.reshape(raw[1], raw[0], 4)[:, :, :3]

    def colour(self, lon: float, lat: float) -> str:
        x, y = self.at(lon, lat)
        return "#" + "".join(f"{value:02x}" for value in self.painted(x, y, 1, 1)[0, 0])

    def count(self, colour: str) -> int:
        """Return how many pixels of the map, its legend folded, have nearly this colour."""
        self.page.evaluate("document.getElementById('legend').hidden = true")
        wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
        box: Any = self.page.locator(".folium-map").bounding_box()
        area = self.painted(box["x"], box["y"], box["width"], box["height"])
        return int((np.abs(area.astype(int) - wanted).max(axis=2) <= 12).sum())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("No Chromium found: install Debian's package `chromium`.", pytrace=False)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield opened
        opened.close()


Open = Callable[..., Opened]


@pytest.fixture(scope="session")
def decoder(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture
def show(browser: Browser, decoder: Page, tmp_path: Path) -> Iterator[Open]:
    """Return a function that writes a page to disk and opens it from there."""
    contexts = []

    def opener(html: str, width: int = 1366, height: int = 768) -> Opened:
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        opened = Opened(page, decoder)
        page.on("request", lambda request: opened.requests.append(request.url))
        page.on("console", lambda message: opened.errors.append(message.text))
        page.on("pageerror", lambda error: opened.errors.append(str(error)))
        page.goto(path.as_uri())
        opened.settle()
        return opened

    yield opener
    for context in contexts:
        context.close()


@pytest.fixture
def atlas(show: Open, data: AtlasData) -> Opened:
    return show(atlas_html(data, lang="en"))
