"""Compare the shipped seas and ranges with the polygons of Natural Earth 4.0.

Run it from the repository's root in the project's environment:

    python tools/compare_physical.py DOWNLOADS SEAS.geojson RANGES.geojson

DOWNLOADS is the folder of `build_physical.py`; the reference files are read and not kept. The
tables are written into docs/measures.md, between the marks that name them. Areas and
intersections over union are taken in a cylindrical equal-area projection.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import physical_sources as sources
import shapely
from physical_counterparts import RANGES, SEAS
from physical_hulls import Hulls, read_hulls
from physical_ranges import outline
from physical_shapes import planar
from pyproj import Transformer
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from tierscape.data.physical_loader import FOLDER, load_altitude, load_range_names, load_ranges
from tierscape.data.physical_loader import load_seas as sea_names

PAGE = Path("docs/measures.md")
#: The world's cylindrical equal-area projection; km².
_TO_EQUAL_AREA = Transformer.from_crs("EPSG:4326", "ESRI:54034", always_xy=True)
#: Below this intersection over union, in percent, the page must say why.
LOW = 70.0


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison: areas in km², and the parts of both shapes together in percent.

    `both` is the intersection over union; it makes 100 with `only_here` and the parts `only_there`
    by what is there in our data, `""` where that is nothing.
    """

    title: str
    here: float
    there: float
    both: float
    only_here: float
    only_there: dict[str, float]


def main() -> None:
    """Compare both kinds and write both tables."""
    downloads, seas, ranges = (Path(argument) for argument in sys.argv[1:])
    text = PAGE.read_text("utf-8")
    text = put(text, "seas", sea_table(compare_seas(downloads, read_reference(seas))))
    text = put(text, "ranges", range_table(compare_ranges(read_reference(ranges))))
    PAGE.write_text(text, "utf-8")


def read_reference(path: Path) -> Hulls:
    """Return the shapes of a reference file by name; those of one name are united."""
    shapes: dict[str, list[BaseGeometry]] = {}
    for feature in json.loads(path.read_text("utf-8"))["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        shapes.setdefault(feature["properties"]["name"], []).append(
            shapely.make_valid(shape, method="structure")
        )
    return {name: shapely.union_all(parts) for name, parts in shapes.items()}


def compare_seas(downloads: Path, reference: Hulls) -> list[Row]:
    """Compare the hulls of the seas, cut by the rows above them and by land."""
    own = cut_above(read_hulls(FOLDER / "seas.csv"))
    land = shapely.STRtree([planar(rings) for rings in sources.land_rings(downloads, "10m")])
    titles = {sea.slug: sea.title_en for sea in sea_names()}
    water = {slug: equal_area(minus_land(shape, land)) for slug, shape in own.items()}
    rows = []
    for slugs, names in SEAS.items():
        here = shapely.union_all([water[slug] for slug in slugs])
        there = union_of(reference, names)
        others = {titles[slug]: shape for slug, shape in water.items() if slug not in slugs}
        rows.append(row(" with ".join(titles[slug] for slug in slugs), here, there, others))
    return rows


def cut_above(hulls: Hulls) -> Hulls:
    """Return each hull between 180°W and 180°E without those of the rows above it."""
    taken: BaseGeometry = shapely.Polygon()
    own = {}
    for slug, hull in hulls.items():
        parts = [
            shapely.clip_by_rect(translate(hull, turn), -180, -90, 180, 90)
            for turn in (-360, 0, 360)
        ]
        flat = shapely.union_all(parts)
        own[slug] = shapely.difference(flat, taken)
        taken = shapely.union(taken, flat)
    return own


def minus_land(shape: BaseGeometry, land: shapely.STRtree) -> BaseGeometry:
    """Return what of a shape is water."""
    near = land.geometries[land.query(shape, "intersects")]
    parts = [shapely.intersection(part, shapely.box(*shape.bounds)) for part in near]
    return shapely.difference(shape, shapely.union_all(parts))


def compare_ranges(reference: Hulls) -> list[Row]:
    """Compare the ranges; what is only there is no mountain here, or of another range."""
    table = load_ranges().set_index("slug").geometry
    titles = {each.slug: each.title_en for each in load_range_names()}
    shapes = {slug: equal_area(shape) for slug, shape in table.items()}
    mask = load_altitude().mountain
    rows = []
    for slugs, names in RANGES.items():
        there = union_of(reference, names)
        cells = equal_area(mountain_near(mask, union_degrees(reference, names)))
        elsewhere = shapely.union_all([s for slug, s in shapes.items() if slug not in slugs])
        here = shapely.union_all([shapes[slug] for slug in slugs])
        plain = shapely.difference(shapely.difference(there, cells), elsewhere)
        rest = {"another range": elsewhere, "not mountain": plain}
        rows.append(row(" with ".join(titles[slug] for slug in slugs), here, there, rest))
    return rows


def mountain_near(mask: np.ndarray, shape: BaseGeometry) -> BaseGeometry:
    """Return the cells of the mountain mask in the bounds of a shape, in degrees."""
    west, south, east, north = shape.bounds
    top, bottom = int((90 - north) * 12), int(np.ceil((90 - south) * 12))
    left, right = int((west + 180) * 12), int(np.ceil((east + 180) * 12))
    return outline(mask[top:bottom, left:right], top, left)


def row(title: str, here: BaseGeometry, there: BaseGeometry, rest: Hulls) -> Row:
    """Measure how two shapes agree, and what holds the part that is only there."""
    union = shapely.union(here, there).area
    missing = shapely.difference(there, here)
    parts = {}
    for name, shape in rest.items():
        if shapely.intersects(shape, missing):
            parts[name] = 100 * shapely.intersection(missing, shape).area / union
            missing = shapely.difference(missing, shape)
    parts[""] = 100 * missing.area / union
    both = 100 * shapely.intersection(here, there).area / union
    only_here = 100 * shapely.difference(here, there).area / union
    return Row(title, here.area / 1e6, there.area / 1e6, both, only_here, parts)


def union_degrees(reference: Hulls, names: tuple[str, ...]) -> BaseGeometry:
    """Return the reference shapes of some names as one, in degrees."""
    return shapely.union_all([reference[name] for name in names])


def union_of(reference: Hulls, names: tuple[str, ...]) -> BaseGeometry:
    """Return the reference shapes of some names as one, in equal area."""
    return equal_area(union_degrees(reference, names))


def equal_area(shape: BaseGeometry) -> BaseGeometry:
    """Project a shape in degrees; its edges are straight in degrees first."""
    fine = shapely.segmentize(shape, 0.25)
    moved = shapely.transform(fine, lambda at: np.column_stack(_TO_EQUAL_AREA.transform(*at.T)))
    return shapely.make_valid(moved)


def sea_table(rows: list[Row]) -> list[str]:
    """Write the seas: areas, agreement, and what is only here or only there."""
    head = [
        "| sea | km² here | km² there | IoU | only here | only there: land | other sea |",
        "|---|---|---|---|---|---|---|",
    ]
    return head + [
        f"{measured(each)} {each.only_there['']:.0f} % | {seas(each)} |" for each in rows
    ]


def seas(each: Row) -> str:
    """Return the seas that hold at least 2 % of both shapes, only there; at most three."""
    found = sorted((-share, name) for name, share in each.only_there.items() if name)
    return ", ".join(f"{name} {-share:.0f} %" for share, name in found[:3] if share <= -2)


def range_table(rows: list[Row]) -> list[str]:
    """Write the ranges: areas, agreement, and what is only here or only there."""
    head = [
        "| range | km² here | there | IoU | only here | only there: flat | other range | rest |",
        "|---|---|---|---|---|---|---|---|",
    ]
    names = ("not mountain", "another range", "")
    return head + [
        " ".join([measured(each), *(f"{each.only_there.get(name, 0):.0f} % |" for name in names)])
        for each in rows
    ]


def measured(each: Row) -> str:
    """Return the columns that both tables share; a low agreement is set in bold."""
    iou = f"{each.both / 100:.2f}"
    iou = f"**{iou}**" if each.both < LOW else iou
    areas = f"{each.here:,.0f} | {each.there:,.0f}"
    return f"| {each.title} | {areas} | {iou} | {each.only_here:.0f} % |"


def put(text: str, mark: str, lines: list[str]) -> str:
    """Replace what stands between the two marks of a name."""
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    before, rest = text.split(begin)
    return "\n".join([before + begin, *lines, end + rest.split(end)[1]])


if __name__ == "__main__":
    main()
