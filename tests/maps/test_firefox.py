"""The atlas in Firefox: a picture that it takes with the network cut, city by city."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import center_of_mass, label

from tierscape.maps.atlas import atlas_html
from tierscape.maps.palette import LAND, SEA, tier_symbols
from tierscape.maps.payload import AtlasData

if TYPE_CHECKING:
    from tests.maps.conftest import Pixels

FIREFOX = ("firefox-esr", "firefox")
WIDTH, HEIGHT = 1366, 900
FILLS = [symbol.fill for symbol in tier_symbols(4)]
#: Nothing answers at this proxy, and Firefox asks for nothing of its own.
PREFERENCES = {
    "network.proxy.type": "1",
    "network.proxy.socks": '"127.0.0.1"',
    "network.proxy.socks_port": "9",
    "network.proxy.socks_remote_dns": "true",
    "datareporting.policy.dataSubmissionEnabled": "false",
}


@pytest.fixture(scope="module")
def firefox() -> str:
    path = next((found for name in FIREFOX if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("No Firefox found: run `make browser`, or install it.", pytrace=False)
    return path


@pytest.fixture
def picture(firefox: str, data: AtlasData, tmp_path: Path) -> Callable[[str], Pixels]:
    """Return a function that opens the atlas at a view and gives the pixels of the window."""

    def take(view: str) -> Pixels:
        page, profile, taken = (tmp_path / name for name in ("a.html", "profile", "taken.png"))
        page.write_text(atlas_html(data, lang="en"), encoding="utf-8")
        profile.mkdir()
        lines = [f'user_pref("{name}", {value});' for name, value in PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        command = [firefox, "--headless", "--no-remote", "--profile", str(profile)]
        command += [f"--window-size={WIDTH},{HEIGHT}", "--screenshot", str(taken)]
        done = subprocess.run(
            [*command, f"{page.as_uri()}#view={view}"],
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
            env=os.environ | {"HOME": str(tmp_path)},
        )
        assert taken.exists(), done.stderr
        with Image.open(taken) as opened:
            return np.asarray(opened.convert("RGB")).astype(int)

    return take


def near(seen: Pixels, colour: str) -> NDArray[np.bool_]:
    wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
    return np.abs(seen - wanted).max(axis=2) <= 6


def test_firefox_paints_land_sea_and_every_tier(picture: Callable[[str], Pixels]) -> None:
    seen = picture("75,40,3")
    assert seen.shape[:2] == (HEIGHT, WIDTH)
    area = seen[110:600, :960]  # not the panel, the search box or the legend
    for colour in (LAND, SEA):
        assert near(area, colour).mean() > 0.1
    for colour in FILLS:
        assert near(area, colour).sum() > 15


def test_firefox_paints_cities_where_they_are(picture: Callable[[str], Pixels]) -> None:
    # Milan is in the middle of the map, Turin 1.5 degrees further west; both are of tier 3.
    zoom = 6
    spots, count = label(near(picture(f"9.2,45.5,{zoom}")[60:800, 320:960], FILLS[2]))
    middles = center_of_mass(spots > 0, spots, range(1, count + 1))
    sizes = np.bincount(spots.ravel())[1:]
    (_, milan), (_, turin) = sorted(
        ((size, middle) for size, middle in zip(sizes, middles, strict=True) if size > 30),
        key=lambda each: -each[1][1],
    )
    assert milan[1] - turin[1] == pytest.approx(1.5 / 360 * 256 * 2**zoom, abs=1)
    assert turin[0] - milan[0] == pytest.approx(26, abs=2)  # 0.4 degrees further south
