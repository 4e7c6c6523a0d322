"""GeoParquet 1.1 with the box of every geometry, so that readers skip what they need not."""

from pathlib import Path

import geopandas as gpd

from ...data.errors import TierscapeError
from .layers import Layer


def write_parquet(path: Path, layer: Layer) -> None:
    """Write a layer as GeoParquet 1.1; one without geometry as plain Parquet.

    Parameters
    ----------
    path
        The file to write.
    layer
        Its geometry is written as WKB, and its box as the column `bbox` (covering).

    Raises
    ------
    TierscapeError
        If pyarrow is not installed.

    References
    ----------
    OGC, GeoParquet 1.1.0.
    """
    table = layer.table
    try:
        if isinstance(table, gpd.GeoDataFrame):
            table.to_parquet(path, index=False, schema_version="1.1.0", write_covering_bbox=True)
        else:
            table.to_parquet(path, index=False)
    except ImportError:
        raise TierscapeError(
            f"{path}: writing Parquet needs pyarrow. Install tierscape[parquet],"
            " or write a GeoPackage."
        ) from None
