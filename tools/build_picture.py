"""Redraw the README's picture: a screenshot of an atlas.

Usage: tierscape build -o out --lang en && python tools/build_picture.py out/atlas.html
"""

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

TARGET = Path(__file__).parent.parent / "docs" / "images" / "atlas.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    """Open the atlas with no network and save what it shows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("atlas", type=Path)
    arguments = parser.parse_args()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit("Chromium is needed (Debian: apt-get install chromium).")
    TARGET.parent.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=browser,
            args=["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND"],
        )
        page = opened.new_page(viewport={"width": 1366, "height": 768})
        page.goto(arguments.atlas.resolve().as_uri())
        page.wait_for_timeout(1000)
        page.screenshot(path=TARGET)
        opened.close()


if __name__ == "__main__":
    main()
