"""Find where in each sea its name stands, and write data/physical/sea_names.csv.

`tools/build_physical.py` does it with everything else; by itself it needs no archives:

    python tools/physical_names.py
"""

from pathlib import Path

import numpy as np
import shapely
from physical_hulls import read_hulls

from tierscape.data.physical_loader import FOLDER, load_land

FILE = "sea_names.csv"
_DEGREE_KM = 111.2


def main() -> None:
    """Write the file of the checkout."""
    build_sea_names(Path("data/physical"))


def build_sea_names(out: Path) -> None:
    """Write slug, place (degrees) and room (km from the place to shore or limit) of each name.

    A sea is what lies inside its limits, is no land of the 1:50 m map, and belongs to no sea
    listed before it. Its name stands in the middle of the largest circle there, as drawn in
    degrees. A sea that nothing is left of has no name on the map.
    """
    land = shapely.get_parts(load_land().geometry.to_numpy())
    tree = shapely.STRtree(land)
    lines = ["slug,lon,lat,room_km"]
    taken: list[shapely.Geometry] = []
    for slug, limits in read_hulls(FOLDER / "seas.csv").items():
        near = shapely.make_valid(land[tree.query(limits, predicate="intersects")])
        water = limits.difference(shapely.union_all([*near, *taken]))
        taken.append(limits)
        if not water.is_empty:
            radius = shapely.maximum_inscribed_circle(water, 0.1)
            lon, lat = np.round(shapely.get_coordinates(radius)[0], 2) + 0.0
            lines.append(f"{slug},{lon:g},{lat:g},{_DEGREE_KM * radius.length:.0f}")
    (out / FILE).write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
