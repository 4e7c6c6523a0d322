"""Draw a map of one cluster for a slide, in Chinese, beside where this is run."""

from pathlib import Path

import tierscape

image = tierscape.draw_map(
    Path("great-lakes.png"), clusters=["大湖区"], edition="g20-2023", lang="zh", size="slide"
)
width, height = (int.from_bytes(image.read_bytes()[at : at + 4]) for at in (16, 20))
print(f"{image}: {width} × {height} pixels")
