"""Tables of points written as layers: GeoJSON, GeoPackage, FlatGeobuf."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

#: What is written by the suffix of the output.
DRIVERS = {".geojson": "GeoJSON", ".gpkg": "GPKG", ".fgb": "FlatGeobuf"}


def write_layer(table: pd.DataFrame, places: tuple[Floats, Floats], path: Path, kind: str) -> None:
    """Write points with their columns, in degrees.

    Parameters
    ----------
    table
        The columns of every point.
    places
        Longitude and latitude (EPSG:4326); NaN is a row without geometry.
    path
        The file.
    kind
        The suffix that tells the driver, one of `DRIVERS`; the path may have another.
    """
    import geopandas as gpd  # noqa: PLC0415 - only some outputs need it
    import pyogrio  # noqa: PLC0415 - only some outputs need it
    import shapely  # noqa: PLC0415 - only some outputs need it

    lon, lat = places
    shapes = shapely.points(lon, lat)
    shapes[np.isnan(lon)] = None
    plain = table.copy()
    for name in plain.select_dtypes("category"):
        plain[name] = plain[name].astype(object)
    frame = gpd.GeoDataFrame(plain, geometry=shapes, crs="EPSG:4326")
    options = {"RFC7946": "YES"} if kind == ".geojson" else {}
    pyogrio.write_dataframe(frame, path, driver=DRIVERS[kind], layer="points", **options)
