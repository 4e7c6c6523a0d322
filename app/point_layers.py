"""Tables of points written as CSV, or as layers: GeoJSON, GeoPackage, FlatGeobuf."""

from collections.abc import Iterable
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
import pandas as pd

from tierscape.outputs import beside_target
from tierscape.point_columns import coordinates
from tierscape.point_files import PointFile

Floats = npt.NDArray[np.float64]

#: What is written by the suffix of the output.
DRIVERS = {".geojson": "GeoJSON", ".gpkg": "GPKG", ".fgb": "FlatGeobuf"}


def write_rows(chunks: Iterable[pd.DataFrame], points: PointFile, output: Path) -> None:
    """Write chunks as CSV, one by one, or as a layer in one piece.

    Raises
    ------
    TierscapeError
        If the file cannot be written.
    """
    kind = output.suffix.lower()
    with beside_target(output) as beside:
        if kind in DRIVERS:
            table = pd.concat(list(chunks))
            _write_layer(table, coordinates(table, points.columns), beside, kind)
            return
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            write_csv(chunks, file)


def write_csv(chunks: Iterable[pd.DataFrame], file: IO[str]) -> None:
    """Write chunks as CSV with one header."""
    for number, chunk in enumerate(chunks):
        chunk.to_csv(file, index=False, lineterminator="\n", header=number == 0)


def _write_layer(table: pd.DataFrame, places: tuple[Floats, Floats], path: Path, kind: str) -> None:
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
