"""Cut the mountain mask into named ranges."""

import numpy as np
import numpy.typing as npt
import shapely
from physical_hulls import Hulls, label
from scipy.ndimage import binary_closing, find_objects
from scipy.ndimage import label as regions
from shapely.geometry.base import BaseGeometry

from tierscape.geo.elevation import CELLS_PER_DEGREE

Bools = npt.NDArray[np.bool_]

#: Holes smaller than this many cells are filled: basins inside the mountains.
HOLE_CELLS = 4
#: Less than a cell: takes the steps out of diagonal edges.
SIMPLIFY_DEGREES = 0.07


def tidy(mask: Bools) -> Bools:
    """Close gaps of one cell and fill small inner basins."""
    closed = binary_closing(mask, np.ones((3, 3), bool)) | mask
    number, count = regions(~closed)
    size = np.bincount(number.ravel(), minlength=count + 1)
    return np.asarray(closed | (size < HOLE_CELLS)[number])


def range_shapes(mask: Bools, hulls: Hulls) -> dict[str, BaseGeometry]:
    """Return slug to shape: the mountain cells that lie in each hull; ranges without are absent."""
    row, column = np.nonzero(tidy(mask))
    lon = (column + 0.5) / CELLS_PER_DEGREE - 180
    lat = 90 - (row + 0.5) / CELLS_PER_DEGREE
    owner = np.zeros(mask.shape, np.int32)
    owner[row, column] = label(lon, lat, hulls) + 1
    shapes = {}
    for slug, box in zip(hulls, find_objects(owner, len(hulls)), strict=True):
        if box is not None:
            cells = owner[box] == list(hulls).index(slug) + 1
            shape = outline(cells, box[0].start, box[1].start)
            shapes[slug] = shapely.make_valid(shapely.simplify(shape, SIMPLIFY_DEGREES))
    return {slug: shape for slug, shape in shapes.items() if not shape.is_empty}


def outline(cells: Bools, top: int, left: int) -> BaseGeometry:
    """Return the outline of a block of cells in degrees, from one box per run in a row."""
    edge = np.diff(np.pad(cells, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    row, first = np.nonzero(edge == 1)
    _, last = np.nonzero(edge == -1)
    north = 90 - (row + top) / CELLS_PER_DEGREE
    west = (first + left) / CELLS_PER_DEGREE - 180
    east = (last + left) / CELLS_PER_DEGREE - 180
    return shapely.union_all(shapely.box(west, north - 1 / CELLS_PER_DEGREE, east, north))
