"""The ground of a map: sea, land, lakes, and shapes in degrees as SVG paths."""

from functools import lru_cache

import geopandas as gpd
import shapely

from ...data.physical_loader import Coast
from ..palette import COAST, LAND, SEA
from .coast import fine_land
from .cutting import edge, shown
from .drawing import number, path
from .views import View

#: Islands and lakes smaller than this many square units are not drawn.
_LEAST_AREA = 0.4


def ground(
    view: View,
    land: gpd.GeoDataFrame,
    lakes: gpd.GeoDataFrame | None,
    coast: Coast | None = None,
) -> list[str]:
    """Return sea, land and lakes of a view, cut at its edge.

    Parameters
    ----------
    view
        Projection and frame.
    land, lakes
        Polygons in EPSG:4326, cut at 180 degrees.
    coast
        Shoreline segments that near views are drawn with instead; None does without.
    """
    shore = f'stroke="{COAST}" stroke-width="0.9" stroke-linejoin="round"'
    shapes = [path(path_data(edge(view)), SEA)]
    ground_of = _one(land) if coast is None else fine_land(view, coast, _one(land))
    shapes.append(path(path_data(shown(view, ground_of)), LAND, shore))
    if lakes is not None and len(lakes):
        shapes.append(path(path_data(shown(view, _one(lakes))), SEA, shore))
    return shapes


def border(view: View) -> str:
    """Return the line round a map."""
    return path(path_data(edge(view)), "none", f'stroke="{COAST}" stroke-width="1.4"')


def path_data(shape: shapely.Geometry) -> str:
    """Return polygons as the data of an SVG path.

    Examples
    --------
    >>> path_data(shapely.box(0, 0, 1, 2))
    'M1 0L1 2L0 2L0 0Z'
    """
    rings = shapely.get_rings(shapely.get_parts(shape))
    return "".join(_ring(ring) for ring in rings if abs(shapely.Polygon(ring).area) >= _LEAST_AREA)


def _ring(ring: shapely.Geometry) -> str:
    """Return one ring; points that fall together are one point."""
    steps = [f"{number(round(x, 1))} {number(round(y, 1))}" for x, y in ring.coords[:-1]]
    kept = [step for place, step in enumerate(steps) if not place or step != steps[place - 1]]
    return f"M{'L'.join(kept)}Z"


def _one(table: gpd.GeoDataFrame) -> shapely.Geometry:
    """Return all polygons of a table as one geometry."""
    return _united(tuple(table.geometry))


@lru_cache(maxsize=4)
def _united(shapes: tuple[shapely.Geometry, ...]) -> shapely.Geometry:
    """Return polygons as one valid geometry; kept, since every panel needs the same."""
    return shapely.union_all([shapely.make_valid(shape) for shape in shapes])
