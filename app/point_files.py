"""Files of points, read in chunks: CSV, spreadsheets, and what GDAL opens; in degrees."""

import codecs
import csv
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tierscape.crs import crs_name, in_degrees
from tierscape.data.errors import DataError, Problem, TierscapeError
from tierscape.geo.name_table import read_table
from tierscape.point_columns import PointColumns, point_columns

#: Rows that are read at once.
ROWS = 200_000
ENCODINGS = ("utf-8-sig", "gb18030")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_TEXT = {".csv": ",", ".txt": ",", ".tsv": "\t"}
_PARQUET = (".parquet", ".geoparquet")
_LAYERS = (".geojson", ".json", ".gpkg", ".fgb", ".shp", ".kml", ".gml")


@dataclass(frozen=True, slots=True, eq=False)
class PointFile:
    """A file of points that was opened.

    Attributes
    ----------
    columns
        Where the coordinates are.
    chunks
        Gives the rows from the first to the last, as often as it is called; cells of CSV and
        spreadsheets are texts as they were written.
    notes
        What the user should know of how it was read.
    """

    columns: PointColumns
    chunks: Callable[[], Iterator[pd.DataFrame]]
    notes: tuple[str, ...] = ()


def open_points(path: Path, *, lon: str | None = None, lat: str | None = None) -> PointFile:
    """Open a file of points by its suffix.

    Parameters
    ----------
    path
        CSV, TSV, XLSX (its first sheet), GeoJSON, GeoPackage, FlatGeobuf, Shapefile, KML, GML, or
        (Geo)Parquet. A file with geometry in another CRS is turned to EPSG:4326.
    lon, lat
        The columns of longitude and latitude where there is no geometry.

    Raises
    ------
    DataError
        If columns or coordinates cannot be read.
    TierscapeError
        If there is no such file, or nothing here opens it.
    """
    if not path.is_file():
        raise TierscapeError(f"{path}: there is no such file.")
    suffix = path.suffix.lower()
    if suffix in _TEXT:
        return _text(path, _TEXT[suffix], lon, lat)
    if suffix == ".xlsx":
        table = read_table(path.read_bytes(), str(path))
        frame = pd.DataFrame([row.cells for row in table.rows], columns=list(table.columns))
        return _plain(frame, path, lon, lat)
    if suffix in _PARQUET:
        return _parquet(path, lon, lat)
    if suffix == ".kml":
        return _kml(path)
    if suffix in _LAYERS:
        return _layer(path, lon, lat)
    known = ", ".join([*_TEXT, ".xlsx", *_PARQUET, *_LAYERS])
    raise TierscapeError(f"{path}: is none of {known}. Save it as one of them.")


def _text(path: Path, separator: str, lon: str | None, lat: str | None) -> PointFile:
    """Open a CSV; its cells stay the texts that they are."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as lines:
        header = next(csv.reader(lines, delimiter=separator), [])
    names = [name.strip() for name in header]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or not names:
        rule = "the header has this column twice" if twice else "the file is empty"
        value = ", ".join(twice)
        raise DataError([Problem(str(path), 1, None, value, rule, "Rename one." if twice else "")])
    columns = point_columns(names, str(path), lon=lon, lat=lat)
    options = {"sep": separator, "encoding": encoding, "names": names}
    return PointFile(columns, partial(_text_chunks, path, options))


def _text_chunks(path: Path, options: dict[str, Any]) -> Iterator[pd.DataFrame]:
    try:
        reader = pd.read_csv(
            path,
            header=0,
            dtype=object,
            keep_default_na=False,
            index_col=False,
            chunksize=ROWS,
            **options,
        )
        with reader:
            while (chunk := _next(reader)) is not None:
                yield chunk.fillna("")
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        reason = str(error).removeprefix("Error tokenizing data. C error: ").strip()
        rule = "a row has more cells than the header, or a quotation mark is not closed"
        raise DataError([Problem(str(path), None, None, reason, rule)]) from None


def _next(reader: Iterator[pd.DataFrame]) -> pd.DataFrame | None:
    """Return the next chunk; cells beyond the header are an error, where pandas only warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return next(reader, None)


def _encoding(path: Path) -> str:
    """Return the encoding of a text: UTF-16 by its mark, else UTF-8, else GB18030."""
    with path.open("rb") as content:
        if content.read(2) in _UTF16:
            return "utf-16"
    for encoding in ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as content:
                while block := content.read(1 << 20):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    rule = "the file is neither UTF-8 nor GB18030"
    raise DataError([Problem(str(path), None, None, path.name, rule, "Save it as UTF-8.")])


def _plain(frame: pd.DataFrame, path: Path, lon: str | None, lat: str | None) -> PointFile:
    """Take a table whose coordinates stand in columns."""
    columns = point_columns(list(frame.columns), str(path), lon=lon, lat=lat)
    return PointFile(columns, lambda: iter([frame]))


def _parquet(path: Path, lon: str | None, lat: str | None) -> PointFile:
    import geopandas as gpd  # noqa: PLC0415 - only some files need it

    try:
        try:
            frame = gpd.read_parquet(path)
        except ValueError:  # no geometry in it
            return _plain(pd.read_parquet(path), path, lon, lat)
    except ImportError:
        raise TierscapeError(
            f"{path}: reading Parquet needs pyarrow. Install it, or save the file as GeoPackage."
        ) from None
    except (OSError, ValueError) as error:
        raise TierscapeError(f"{path}: cannot be read: {error}") from None
    return _located(partial(iter, [frame]), frame.crs, path, list(frame.columns))


def _layer(path: Path, lon: str | None, lat: str | None) -> PointFile:
    """Open the first layer of a file that GDAL reads."""
    import pyogrio  # noqa: PLC0415 - only some files need it

    try:
        layers = _layers(path)
        name = layers[0][0]
        info = pyogrio.read_info(path, layer=name, force_feature_count=True)
        empty = pyogrio.read_dataframe(path, layer=name, max_features=1)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, IndexError) as error:
        raise TierscapeError(f"{path}: cannot be read: {error}") from None
    chunks = partial(_layer_chunks, path, name, int(info["features"]))
    others = ", ".join(other for other, _ in layers[1:])
    notes = (f"{path}: read layer {name}, not {others}",) if others else ()
    if "geometry" not in empty:
        columns = point_columns(list(empty.columns), str(path), lon=lon, lat=lat)
        return PointFile(columns, chunks, notes)
    return _located(chunks, info["crs"], path, list(empty.columns), notes=notes)


def _kml(path: Path) -> PointFile:
    """Take the points of all folders of a KML, each of which is a layer to GDAL."""
    import pyogrio  # noqa: PLC0415 - only some files need it

    try:
        read = [pyogrio.read_dataframe(path, layer=name) for name, _ in _layers(path)]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise TierscapeError(f"{path}: cannot be read: {error}") from None
    filled = [each for each in read if len(each)]
    if not filled:
        raise TierscapeError(f"{path}: holds no place.")
    every = pd.concat(filled, ignore_index=True)
    points = every[every.geom_type == "Point"].reset_index(drop=True)
    frame = points if len(points) else every
    others = len(every) - len(frame)
    notes = (f"{path}: left out {others} placemarks that are no points",) if others else ()
    return _located(partial(iter, [frame]), every.crs, path, list(frame.columns), notes=notes)


def _layers(path: Path) -> list[tuple[str, str]]:
    """Return the name and the kind of each layer."""
    import pyogrio  # noqa: PLC0415 - only some files need it

    return [(str(name), str(kind)) for name, kind in pyogrio.list_layers(path)]


def _layer_chunks(path: Path, layer: str, count: int) -> Iterator[pd.DataFrame]:
    import pyogrio  # noqa: PLC0415 - only some files need it

    for start in range(0, max(count, 1), ROWS):
        frame = pyogrio.read_dataframe(path, layer=layer, skip_features=start, max_features=ROWS)
        yield frame.set_axis(range(start, start + len(frame)))


def _located(
    frames: Callable[[], Iterator[Any]],
    crs: object,
    path: Path,
    names: list[str],
    *,
    notes: tuple[str, ...] = (),
) -> PointFile:
    """Take frames with geometry: their points become two columns in degrees."""
    free = not {"lon", "lat"} & set(names)
    lon, lat = ("lon", "lat") if free else ("geometry_lon", "geometry_lat")
    columns = PointColumns(lon, lat, str(path))
    if crs is None:
        notes += (f"{path}: names no CRS; its coordinates are taken as degrees, EPSG:4326",)
    elif not in_degrees(crs):
        notes += (f"{path}: turned from {crs_name(crs)} to EPSG:4326",)
    return PointFile(columns, lambda: (_flat(frame, columns) for frame in frames()), notes)


def _flat(frame: Any, columns: PointColumns) -> pd.DataFrame:  # noqa: ANN401 - a GeoDataFrame
    """Return a frame with geometry as a plain table, its points in two columns."""
    kinds = frame.geometry.geom_type
    other = np.flatnonzero((kinds.notna() & (kinds != "Point")).to_numpy())
    if len(other):
        rule = f"row {frame.index[other[0]] + 1} is no point ({len(other)} rows are not)"
        remedy = "Give points, such as the centroids of areas."
        value = str(kinds.iloc[other[0]])
        raise DataError([Problem(columns.source, None, "geometry", value, rule, remedy)])
    if frame.crs is not None and not in_degrees(frame.crs):
        frame = frame.to_crs("EPSG:4326")
    # 7 decimals are a centimetre; beyond them a projection leaves noise.
    x, y = (axis.to_numpy().round(7) for axis in (frame.geometry.x, frame.geometry.y))
    plain = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return plain.assign(**{columns.lon: x, columns.lat: y})
