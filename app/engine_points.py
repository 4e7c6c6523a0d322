"""Where the points of a table in parts are, and those of a GeoParquet column in degrees."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tierscape.crs import in_degrees
from tierscape.data.errors import DataError, Problem
from tierscape.engine_parts import Geometry, Parts
from tierscape.point_columns import PointColumns, point_columns

Floats = npt.NDArray[np.float64]
_POINT = 0


def where_in(parts: Parts, source: str, lon: str | None, lat: str | None) -> PointColumns:
    """Return where the coordinates are: in the geometry, unless columns are named.

    Raises
    ------
    DataError
        If there is no column of coordinates.
    """
    if parts.geometry is None or lon or lat:
        return point_columns(list(parts.columns), source, lon=lon, lat=lat)
    free = not {"lon", "lat"} & set(parts.columns)
    return PointColumns(*(("lon", "lat") if free else ("geometry_lon", "geometry_lat")), source)


def degrees(
    column: Any,  # noqa: ANN401 - pyarrow has no types
    geometry: Geometry,
    file: str,
    first: int,
) -> tuple[Floats, Floats]:
    """Return longitudes and latitudes (EPSG:4326) of a column of points, NaN where there is none.

    Parameters
    ----------
    column
        WKB, or structs of `x` and `y` (GeoParquet 1.1).
    geometry
        Its encoding and CRS.
    file, first
        The part, and the rows before this column in it, for messages.

    Raises
    ------
    DataError
        If a row is no point, or the encoding is another.
    """
    if geometry.encoding == "point":
        x, y = (column.field(axis).to_numpy(zero_copy_only=False) for axis in ("x", "y"))
        absent = column.is_null().to_numpy(zero_copy_only=False)
        x, y = np.where(absent, np.nan, x), np.where(absent, np.nan, y)
    elif geometry.encoding == "WKB":
        x, y = _of_wkb(column, geometry.column, file, first)
    else:
        rule = "is an encoding of no points"
        raise DataError(
            [Problem(file, None, geometry.column, geometry.encoding, rule, "Write WKB.")]
        )
    if geometry.crs and not in_degrees(geometry.crs):
        x, y = _turned(x, y, geometry.crs)
    # 7 decimals are a centimetre; beyond them a projection leaves noise.
    return x.astype(float).round(7), y.astype(float).round(7)


def _of_wkb(column: Any, name: str, file: str, first: int) -> tuple[Floats, Floats]:  # noqa: ANN401
    """Return the coordinates of points in WKB."""
    import shapely  # noqa: PLC0415 - only parts with geometry need it

    try:
        shapes = shapely.from_wkb(column.to_numpy(zero_copy_only=False))
    except shapely.errors.ShapelyError as error:
        raise DataError([Problem(file, None, name, str(error), "is no WKB")]) from None
    kinds = shapely.get_type_id(shapes)
    other = np.flatnonzero((kinds >= 0) & (kinds != _POINT))
    if len(other):
        rule = f"row {first + int(other[0]) + 1} is no point ({len(other)} rows here are not)"
        remedy = "Give points, such as the centroids of areas."
        raise DataError([Problem(file, None, name, shapes[other[0]].geom_type, rule, remedy)])
    return shapely.get_x(shapes), shapely.get_y(shapes)


def _turned(x: Floats, y: Floats, crs: str) -> tuple[Floats, Floats]:
    """Turn coordinates to degrees; what has no place on Earth becomes NaN."""
    from pyproj import Transformer  # noqa: PLC0415 - only parts with geometry need it

    lon, lat = Transformer.from_crs(crs, "OGC:CRS84", always_xy=True).transform(x, y)
    good = np.isfinite(lon) & np.isfinite(lat)
    return np.where(good, lon, np.nan), np.where(good, lat, np.nan)
