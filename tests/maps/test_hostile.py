"""A folder of hostile names, built for real: they show as text, nothing runs, nothing breaks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import tierscape

if TYPE_CHECKING:
    from tests.maps.conftest import Opened

ATTACKS = {
    "script": "</script><script>window.hacked=1</script>",
    "image": '<img src=x onerror="window.hacked=1">',
    "quotes": "\"'`${window.hacked=1}\\{{ 7*7 }}{% raw %}<!--",
    "turned": "\u202etxet denrut\u202c \u2066\U0001f680\U0001f3f4\u200d\u2620\ufe0f",
    "long": "Llanfair" + "pwll" * 123,
}
NAME = " ".join(ATTACKS.values())
#: GeoNames identifiers: Milan, Turin, Munich, Lyon, Nice, Tokyo, Yokohama, Beijing.
CITIES = (3173435, 3165524, 2867714, 2996944, 2990440, 1850147, 1848354, 1816670)


def quoted(text: str) -> str:
    """Return a text for TOML; its basic strings are those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def csv_cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write an edition, a cluster and claims whose every text attacks."""
    root = tmp_path_factory.mktemp("hostile")
    edition = root / "editions" / "hostile-2024"
    edition.mkdir(parents=True)
    name = quoted(NAME)
    tiers = ",".join(
        f"{{ number = {n}, label = {quoted(NAME)}, share_from = {low}, share_to = {high} }}"
        for n, low, high in ((1, 0, 25), (2, 25, 50), (3, 50, 100))
    )
    edition.joinpath("edition.toml").write_text(
        f"title_zh = {name}\ntitle_en = {name}\nyear = 2024\npublisher = {name}\n"
        f'credit = {name}\nterms = {name}\ncountries = ["IT", "DE", "FR", "JP", "CN"]\n'
        f'[[dimension]]\nslug = "total"\ntitle_zh = {name}\ntitle_en = {name}\n'
        f"tiers = [{tiers}]\n",
        encoding="utf-8",
    )
    rows = [
        f"{csv_cell(f'{NAME} {city}')},{1 + place // 3},{city}" for place, city in enumerate(CITIES)
    ]
    edition.joinpath("total.csv").write_text(
        "\n".join(["name,tier,city_id", *rows]) + "\n", encoding="utf-8"
    )
    clusters = root / "named_clusters"
    clusters.mkdir()
    clusters.joinpath("hostile.toml").write_text(
        f'title_zh = {name}\ntitle_en = {name}\nlandform = "mountain"\n[source]\n'
        f"document = {name}\nsentence_zh = {name}\nsentence_en = {name}\ngeography = {name}\n"
        f'[core]\nrule = {{ range = "alps", within_km = 100 }}\nreason = {name}\n',
        encoding="utf-8",
    )
    claims = root / "claims" / "hostile"
    claims.mkdir(parents=True)
    claims.joinpath("claims.toml").write_text(
        f"title_zh = {name}\ntitle_en = {name}\ndocument = {name}\n[[claim]]\n"
        f'id = "hostile-cities"\ntext_zh = {name}\ntext_en = {name}\nnote = {name}\n'
        '[claim.test]\nkind = "count"\neditions = ["hostile-2024"]\nequals = 8\n',
        encoding="utf-8",
    )
    return root


@pytest.fixture(scope="module")
def page(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    output = tmp_path_factory.mktemp("built") / "out"
    tierscape.build(output, data=folder, editions=["hostile-2024"], lang="en")
    return (output / "atlas.html").read_text(encoding="utf-8")


def holds(opened: Opened) -> None:
    """Nothing ran, nothing was asked for, and the page is as wide as the window."""
    page = opened.page
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    box = page.locator(".folium-map").bounding_box()
    assert box["height"] > 0.4 * page.viewport_size["height"]
    assert page.locator("img").count() == 0
    assert opened.errors == []
    assert len(opened.requests) == 1


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_every_panel_shows_hostile_names_as_text(
    show: Callable[..., Opened], page: str, width: int, height: int
) -> None:
    opened = show(page, width=width, height=height)
    holds(opened)
    shown = opened.page.locator
    assert ATTACKS["script"] in shown("#edition").inner_text()
    assert ATTACKS["script"] in shown("#foot").inner_text()
    shown("[data-key=open-hostile]").click()
    opened.page.wait_for_timeout(600)
    assert ATTACKS["image"] in shown("#clusters").inner_text()
    holds(opened)
    shown("#tab-cities").click()
    opened.settle()
    assert ATTACKS["quotes"][:20] in shown("#cities").inner_text()
    holds(opened)
    shown("#tab-claims").click()
    opened.settle()
    assert ATTACKS["quotes"] in shown("#claims").inner_text()
    holds(opened)


def test_search_tooltip_and_card_show_hostile_names(show: Callable[..., Opened], page: str) -> None:
    opened = show(page)
    opened.view(9.19, 45.46, 6)
    opened.page.mouse.move(*opened.at(9.19, 45.46))
    assert ATTACKS["image"] in opened.page.locator("#tip").inner_text()
    box = opened.page.locator("#tip").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1366
    holds(opened)
    opened.page.fill("#search", "script")
    opened.settle()
    assert ATTACKS["script"] in opened.page.locator("#found").inner_text()
    opened.page.keyboard.press("ArrowDown")
    opened.page.keyboard.press("Enter")
    opened.settle()
    holds(opened)
    opened.page.click("#language")
    opened.settle()
    holds(opened)
