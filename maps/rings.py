"""Polygons as the small whole numbers that the page draws them from."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import shapely

#: A hundredth of a degree is about a kilometre: less than a pixel at the zooms of the atlas.
_SCALE = 100
#: Numbers of a ring of three points; fewer are no area.
_LEAST = 6


def polygon_rings(polygons: Iterable[shapely.Geometry]) -> list[list[int]]:
    """Return the rings of polygons as steps in hundredths of a degree: lon, lat, dlon, dlat, ….

    Points that fall together are one point; rings that have three or fewer left are left out.

    Examples
    --------
    >>> polygon_rings([shapely.box(0, 0, 1, 2)])
    [[100, 0, 0, 200, -100, 0, 0, -200]]
    """
    rings = shapely.get_rings(shapely.get_parts(list(polygons)))
    degrees, ring = shapely.get_coordinates(rings, return_index=True)
    points = (degrees * _SCALE).round().astype(int)
    opens = np.diff(ring, prepend=-1) != 0
    closes = np.diff(ring, append=-1) != 0
    moves = np.diff(points, axis=0, prepend=0).any(axis=1)
    kept = ~closes & (opens | moves)
    points, opens = points[kept], opens[kept]
    steps = np.where(opens[:, None], points, np.diff(points, axis=0, prepend=0)).ravel().tolist()
    ends = [*(2 * np.flatnonzero(opens)).tolist(), len(steps)]
    return [steps[start:end] for start, end in pairwise(ends) if end - start > _LEAST]
