"""Polygons as the small whole numbers that the page draws them from."""

from collections.abc import Iterable

import shapely

#: A hundredth of a degree is about a kilometre: less than a pixel at the zooms of the atlas.
_SCALE = 100


def polygon_rings(polygons: Iterable[shapely.Geometry]) -> list[list[int]]:
    """Return the rings of polygons as steps in hundredths of a degree: lon, lat, dlon, dlat, ….

    Examples
    --------
    >>> polygon_rings([shapely.box(0, 0, 1, 2)])
    [[100, 0, 0, 200, -100, 0, 0, -200]]
    """
    rings = shapely.get_rings(shapely.get_parts(list(polygons)))
    return [steps for ring in rings if len(steps := _steps(ring)) > 6]


def _steps(ring: shapely.Geometry) -> list[int]:
    """Return one ring as whole-number steps; points that fall together are one point."""
    points = (shapely.get_coordinates(ring) * _SCALE).round().astype(int)[:-1]
    steps: list[int] = []
    x, y = 0, 0
    for lon, lat in points.tolist():
        if not steps or (lon, lat) != (x, y):
            steps += [lon - x, lat - y]
            x, y = lon, lat
    return steps
