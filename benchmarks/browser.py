"""A page in Chromium with the network cut: its first and its longest frame, and what it shows."""

import io
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",
]
#: Counts the points that the page holds, whatever draws them.
COUNT = """() => {
    const map = Object.values(window).find((value) => value instanceof L.Map);
    let found = 0;
    const cells = new Map();
    map.eachLayer((layer) => {
        if (layer.glyphs) {
            layer.glyphs().forEach(({ cell, count }) => cells.set(cell, count));
        } else if (layer._topClusterLevel) {
            found += layer._topClusterLevel.getChildCount();
        } else if (layer instanceof L.CircleMarker || layer instanceof L.Marker) {
            // A cluster's icon, or what one stands for, is counted already.
            found += layer.__parent || layer.getChildCount ? 0 : 1;
        }
    });
    return found + [...cells.values()].reduce((sum, count) => sum + count, 0);
}"""
#: Notes how long each frame takes, until it is asked for the longest.
WATCH = """() => {
    let [before, longest] = [performance.now(), 0];
    const step = (now) => {
        longest = Math.max(longest, now - before);
        before = now;
        window.watching = requestAnimationFrame(step);
    };
    window.watching = requestAnimationFrame((now) => { before = now; step(now); });
    window.longestFrame = () => { cancelAnimationFrame(window.watching); return longest; };
}"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one opening of a page shows: seconds to the first frame, and of the longest frame."""

    paint: float
    longest: float
    points: int
    shares: list[float]


def chromium() -> str | None:
    """Return the browser, or None if there is none."""
    return shutil.which("chromium") or shutil.which("google-chrome")


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Start the browser for the length of a `with` block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


def painted_shares(page: Page, fills: list[str]) -> list[float]:
    """Return the share of each tier's colour among the colours of tiers on the screen."""
    picture = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB")).astype(int)
    counts = []
    for fill in fills:
        wanted = np.array([int(fill[i : i + 2], 16) for i in (1, 3, 5)])
        counts.append(int((np.abs(picture - wanted).max(axis=2) <= 6).sum()))
    return [count / max(1, sum(counts)) for count in counts]


def opened(browser: Browser, path: Path) -> tuple[Page, float]:
    """Open a page; return it and the seconds until its first frame with the points."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(600_000)
    page.set_default_navigation_timeout(600_000)
    start = time.perf_counter()
    page.goto(path.as_uri())
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    return page, time.perf_counter() - start


def watched(page: Page, act: Callable[[Page], None]) -> float:
    """Return the longest frame, in seconds, while a reader does something."""
    page.evaluate(WATCH)
    act(page)
    page.wait_for_timeout(400)
    return float(page.evaluate("window.longestFrame()")) / 1000


def dragged(page: Page) -> None:
    """Drag the map to and fro."""
    page.mouse.move(700, 400)
    page.mouse.down()
    page.mouse.move(300, 300, steps=30)
    page.mouse.move(800, 500, steps=30)
    page.mouse.up()


def wheeled(page: Page) -> None:
    """Turn the wheel four zooms in and out again, over Europe."""
    for turn in (-1, -1, -1, -1, 1, 1, 1, 1):
        page.mouse.wheel(0, 120 * turn)
        page.wait_for_timeout(300)


def shown(browser: Browser, path: Path, fills: list[str]) -> Shown:
    """Open a file, pan it and zoom it."""
    page, paint = opened(browser, path)
    points, shares = int(page.evaluate(COUNT)), painted_shares(page, fills)
    longest = max(watched(page, dragged), watched(page, wheeled))
    page.close()
    return Shown(paint, longest, points, shares)
