"""Drawing many cities in Chromium with the network cut: our canvas layer against folium's ways.

The same points and the same land in one file each. Each file is opened in turn, round by round, and
then panned and zoomed; the longest frame is what a reader feels. That the points are there is
counted in the page, and the colours of the tiers are counted on the screen, next to their true
shares. At the end, the atlas of the shipped editions.

A page that needs minutes is opened once.
"""

import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

import pandas as pd
from atlas_pages import FILLS, KINDS, SHARES, cluster_library, made_up, written
from harness import Row, Side, Used, absent, aim, alternate, clocked, has, main

TOPIC = "Offline maps"
OURS, *PEERS = KINDS
#: The most that 100,000 points of ours may take.
AIMS = {"first paint": 2.0, "longest frame, panning and zooming": 0.1, "size of the file": 5.0}
AIMED = 100_000
#: A page that needs longer than this, in seconds, is opened once.
SLOW = 20.0


def why_not() -> str:
    """Tell why nothing can be drawn here, or nothing."""
    if not has("playwright", "PIL"):
        return "not measured: pip install --group test"
    from browser import chromium  # noqa: PLC0415 - it needs them

    return "" if chromium() else "not measured: install Chromium"


def held(points: int, of: int, shares: list[float]) -> str:
    """Tell what a page shows."""
    wrong = sum(abs(a - b) for a, b in zip(shares, SHARES, strict=True)) / 2
    return f"{points:,} of {of:,} points; tiers on the screen off by {100 * wrong:.0f} %"


def files_of(points: pd.DataFrame, folder: Path) -> dict[str, tuple[Path, float]]:
    """Write the points by each way that is there; return the files and the seconds they took."""
    found = {}
    for kind in KINDS:
        if kind == "FastMarkerCluster" and not cluster_library():
            continue
        written(kind, points.iloc[:10])  # templates and land are read
        start = time.perf_counter()
        path = folder / f"{kind}.html"
        path.write_text(written(kind, points), encoding="utf-8")
        found[kind] = path, time.perf_counter() - start
    return found


def compared(browser: object, points: pd.DataFrame, rounds: int, folder: Path) -> Iterator[Row]:
    """Yield the rows of ours beside each of folium's ways."""
    from browser import opened  # noqa: PLC0415 - it needs the browser's packages

    files = files_of(points, folder)
    opened(browser, files[OURS][0])[0].close()  # the browser itself is warm
    for peer in PEERS:
        if peer in files:
            yield from contest(
                browser, len(points), rounds, {kind: files[kind] for kind in (OURS, peer)}
            )
        else:
            why = "not measured: install Debian's libjs-leaflet.markercluster"
            yield absent(TOPIC, f"{len(points):,} points in one file", f"folium {peer}", why)


def contest(
    browser: object, count: int, rounds: int, files: dict[str, tuple[Path, float]]
) -> Iterator[Row]:
    """Yield file size, writing, first paint and longest frame of ours and of one peer."""
    from browser import Shown, shown  # noqa: PLC0415 - it needs the browser's packages

    runs = [clocked(partial(shown, browser, path, FILLS)) for path, _ in files.values()]
    both = alternate(*runs, 1)
    if both[1][0].gave.paint < SLOW and rounds > 1:
        both = tuple(a + b for a, b in zip(both, alternate(*runs, rounds - 1), strict=True))
    seen: list[list[Shown]] = [[run.gave for run in side] for side in both]
    measured: dict[str, list[tuple[float, ...]]] = {
        "first paint": [tuple(each.paint for each in side) for side in seen],
        "longest frame, panning and zooming": [
            tuple(each.longest for each in side) for side in seen
        ],
        "writing the file": [(seconds,) for _, seconds in files.values()],
        "size of the file": [(path.stat().st_size / 1e6,) for path, _ in files.values()],
    }
    for what, figures in measured.items():
        sides = [
            Side(
                kind if kind == OURS else f"folium {kind}",
                figure,
                right=held(side[0].points, count, side[0].shares) if what == "first paint" else "",
            )
            for kind, figure, side in zip(files, figures, seen, strict=True)
        ]
        unit = "MB" if what.startswith("size") else "s"
        note = ""
        if count == AIMED and what in AIMS:
            most, found = AIMS[what], median(figures[0])
            note = aim(f"ours takes at most {most:g} {unit}", held=found <= most)
        yield Row(TOPIC, f"{count:,} points, {what}", *sides, unit=unit, note=note)


def shipped(browser: object, folder: Path, rounds: int) -> Row:
    """Tell how soon the atlas of the shipped editions shows its cities."""
    from browser import opened  # noqa: PLC0415 - it needs the browser's packages

    import tierscape  # noqa: PLC0415 - the last thing done

    tierscape.build(folder / "out")
    path = folder / "out" / "atlas.html"
    times = []
    for _ in range(rounds):
        page, paint = opened(browser, path)
        times.append(Used(paint))
        page.close()
    size = path.stat().st_size / 1e6
    what = f"Atlas of the shipped editions, {size:.2f} MB, first paint"
    return Row(TOPIC, what, Side.of("tierscape", times))


def rows(quick: bool) -> Iterator[Row]:  # noqa: FBT001 - what every script takes
    """Yield the rows of both sizes, then the atlas's."""
    if why := why_not():
        yield absent(TOPIC, "Points in one file", "folium", why)
        return
    from browser import opened_browser  # noqa: PLC0415 - it needs the browser's packages

    with tempfile.TemporaryDirectory() as name, opened_browser() as browser:
        for count in (300, 2_000) if quick else (2_000, 100_000):
            yield from compared(browser, made_up(count), 1 if quick else 3, Path(name))
        yield shipped(browser, Path(name), 2 if quick else 5)


if __name__ == "__main__":
    main(rows)
