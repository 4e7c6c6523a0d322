"""Drawing 100,000 cities in Chromium with the network cut: our canvas layer against folium's own.

The same points and the same land in one file each; CircleMarker (SVG), GeoJson and
FastMarkerCluster are folium's ways to draw many points. Each file is opened in turn, round by
round, and then panned and zoomed; the longest frame is what a reader feels. That the points are
there is counted in the page, and the colours of the tiers are counted on the screen, next to their
true shares. At the end, the atlas of the shipped editions.

Run with a number to use that many points, and with names of ways to draw to try only those;
CircleMarker needs minutes and gigabytes for 100,000.
"""

import base64
import io
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import folium
import numpy as np
import pandas as pd
from folium.plugins import FastMarkerCluster
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

import tierscape
from tierscape.geo.gazetteer import FOLDER
from tierscape.maps.canvas_layer import CanvasLand, CanvasPoints
from tierscape.maps.offline import render_offline
from tierscape.maps.palette import tier_symbols

POINTS, ROUNDS, SEED = 100_000, 3, 2026
SHARES = (0.1, 0.2, 0.3, 0.4)
MOST_BYTES, MOST_PAINT_MS, MOST_FRAME_MS, MOST_ATLAS_MS = 5_000_000, 2000, 100, 1000
JAVASCRIPT = Path("/usr/share/javascript/leaflet")
FILLS = [symbol.fill for symbol in tier_symbols(len(SHARES))]
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


def made_up(count: int) -> pd.DataFrame:
    """Return places as uneven as cities are, best tiers first, as a ranking is printed."""
    with sqlite3.connect(f"file:{FOLDER / 'gazetteer.sqlite'}?mode=ro", uri=True) as store:
        rows = store.execute("SELECT lon, lat FROM place ORDER BY city_id").fetchall()
    rng = np.random.default_rng(SEED)
    lon, lat = np.array(rows)[rng.integers(0, len(rows), count)].T
    tier = np.sort(rng.choice(np.arange(1, 5), count, p=SHARES))
    return pd.DataFrame(
        {
            "lon": ((lon + rng.normal(0, 0.3, count)) + 180) % 360 - 180,
            "lat": np.clip(lat + rng.normal(0, 0.3, count), -80, 80),
            "tier": tier,
            "name": [f"City of {number:06d}" for number in range(count)],
        }
    )


def canvas_points(m: folium.Map, points: pd.DataFrame) -> None:
    """Draw them on one canvas."""
    CanvasPoints(points).add_to(m)


def circle_markers(m: folium.Map, points: pd.DataFrame) -> None:
    """Draw each as folium's CircleMarker with a tooltip."""
    for point in points.itertuples():
        look = {"color": "#1c2733", "weight": 1, "fill_opacity": 1, "radius": 5, "fill": True}
        fill = FILLS[point.tier - 1]
        place = (point.lat, point.lon)
        folium.CircleMarker(place, tooltip=point.name, fill_color=fill, **look).add_to(m)


def geojson(m: folium.Map, points: pd.DataFrame) -> None:
    """Draw them as one folium.GeoJson with a style for each."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": point.name, "tier": point.tier},
            "geometry": {"type": "Point", "coordinates": [point.lon, point.lat]},
        }
        for point in points.itertuples()
    ]
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        marker=folium.CircleMarker(radius=5, fill=True, fill_opacity=1, weight=1, color="#1c2733"),
        style_function=lambda each: {"fillColor": FILLS[each["properties"]["tier"] - 1]},
        tooltip=folium.GeoJsonTooltip(["name"]),
    ).add_to(m)


def fast_marker_cluster(m: folium.Map, points: pd.DataFrame) -> None:
    """Draw them as folium's FastMarkerCluster; it shows counts and no tiers."""
    rows = points[["lat", "lon", "tier", "name"]].to_numpy().tolist()
    # The default callback makes an icon of Awesome Markers, which would be loaded.
    callback = "(row) => L.marker([row[0], row[1]], { title: row[3] })"
    FastMarkerCluster(rows, callback=callback).add_to(m)


KINDS = {
    "canvas": canvas_points,
    "FastMarkerCluster": fast_marker_cluster,
    "GeoJson": geojson,
    "CircleMarker": circle_markers,
}


def written(draw: Callable[[folium.Map, pd.DataFrame], None], points: pd.DataFrame) -> str:
    """Return one map as a page that loads nothing: cluster code comes from an installed copy."""
    m = folium.Map((20, 10), zoom_start=2, tiles=None)
    m.options["maxZoom"] = 18  # FastMarkerCluster asks for one
    CanvasLand().add_to(m)
    draw(m, points)
    if draw is fast_marker_cluster:
        FastMarkerCluster.default_js, FastMarkerCluster.default_css = cluster_library(), []
    return render_offline(m)


def cluster_library() -> list[tuple[str, str]]:
    """Return Leaflet.markercluster of Debian's package as a data URL, where it is installed."""
    script = JAVASCRIPT / "leaflet.markercluster.js"
    if not script.exists():
        return []
    content = base64.b64encode(script.read_bytes()).decode()
    return [("markercluster", f"data:text/javascript;base64,{content}")]


def painted_shares(page: Page) -> list[float]:
    """Return the share of each tier's colour among the colours of tiers on the screen."""
    picture = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB")).astype(int)
    counts = []
    for fill in FILLS:
        wanted = np.array([int(fill[i : i + 2], 16) for i in (1, 3, 5)])
        counts.append(int((np.abs(picture - wanted).max(axis=2) <= 6).sum()))
    return [count / max(1, sum(counts)) for count in counts]


def opened(browser: Browser, path: Path) -> tuple[Page, float]:
    """Open a page; return it and the milliseconds until its first frame with the points."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(600_000)
    page.set_default_navigation_timeout(600_000)
    start = time.perf_counter()
    page.goto(path.as_uri())
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    return page, (time.perf_counter() - start) * 1000


def watched(page: Page, act: Callable[[Page], None]) -> float:
    """Return the longest frame, in milliseconds, while a reader does something."""
    page.evaluate(WATCH)
    act(page)
    page.wait_for_timeout(400)
    return float(page.evaluate("window.longestFrame()"))


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


def measure(browser: Browser, path: Path) -> dict[str, Any]:
    """Return what one opening of a file shows."""
    page, paint = opened(browser, path)
    found = {"paint": paint, "points": page.evaluate(COUNT), "shares": painted_shares(page)}
    found["pan"], found["zoom"] = watched(page, dragged), watched(page, wheeled)
    page.close()
    return found


def compare(browser: Browser, points: pd.DataFrame, folder: Path, only: list[str]) -> bool:
    """Print a line for each way to draw; return whether ours keeps its limits."""
    made: dict[str, Path] = {}
    spent: dict[str, float] = {}
    for name, draw in KINDS.items():
        if only and name not in {"canvas", *only}:
            continue
        if draw is fast_marker_cluster and not cluster_library():
            print("FastMarkerCluster: left out; install Debian's libjs-leaflet.markercluster")
            continue
        start = time.perf_counter()
        made[name] = folder / f"{name}.html"
        made[name].write_text(written(draw, points), encoding="utf-8")
        spent[name] = time.perf_counter() - start
    rounds = {name: [] for name in made}
    for number in range(ROUNDS):
        for name, path in made.items():
            if number == 0 or rounds[name][0]["paint"] < 20_000:
                rounds[name].append(measure(browser, path))
    mid = {
        name: {key: median(each[key] for each in found) for key in ("paint", "pan", "zoom")}
        for name, found in rounds.items()
    }
    ours = mid["canvas"]
    for name, found in mid.items():
        size = made[name].stat().st_size
        first = rounds[name][0]
        wrong = sum(abs(a - b) for a, b in zip(first["shares"], SHARES, strict=True)) / 2
        print(
            f"{name}: {size / 1e6:.2f} MB, written in {spent[name]:.1f} s,"
            f" first paint {found['paint']:.0f} ms"
            f" ({found['paint'] / ours['paint']:.1f} times ours),"
            f" longest frame panning {found['pan']:.0f} ms, zooming {found['zoom']:.0f} ms,"
            f" {first['points']:,} points, tiers on the screen off by {100 * wrong:.0f} %"
            f" [{len(rounds[name])} rounds]"
        )
    return (
        made["canvas"].stat().st_size <= MOST_BYTES
        and ours["paint"] <= MOST_PAINT_MS
        and max(ours["pan"], ours["zoom"]) <= MOST_FRAME_MS
        and rounds["canvas"][0]["points"] == len(points)
    )


def shipped(browser: Browser, folder: Path) -> bool:
    """Print how soon the atlas of the shipped editions shows its cities."""
    tierscape.build(folder / "out")
    path = folder / "out" / "atlas.html"
    times = []
    for _ in range(5):
        page, paint = opened(browser, path)
        times.append(paint)
        page.close()
    print(
        f"atlas of the shipped editions: {path.stat().st_size / 1e6:.2f} MB,"
        f" first paint {median(times):.0f} ms ({min(times):.0f}-{max(times):.0f})"
    )
    return median(times) <= MOST_ATLAS_MS


def main() -> int:
    """Print one line for each way to draw; return 1 if a limit is broken."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    points = made_up(int(sys.argv[1]) if len(sys.argv) > 1 else POINTS)
    print(f"{len(points):,} points")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        good = compare(browser, points, Path(name), sys.argv[2:])
        good = shipped(browser, Path(name)) and good
        browser.close()
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
