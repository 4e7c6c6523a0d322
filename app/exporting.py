"""The export command: cities, clusters and results as GIS files, sheets or a data package."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pyogrio

from tierscape.analysis import Progress, load
from tierscape.data.errors import TierscapeError, shortened
from tierscape.export_layers import FORMATS, Content, chosen, content_of
from tierscape.maps.exports.datapackage import descriptor, narrow
from tierscape.maps.exports.geopackage import write_geopackage
from tierscape.maps.exports.kml import write_kml
from tierscape.maps.exports.layers import Layer
from tierscape.maps.exports.parquet import write_parquet
from tierscape.maps.exports.qml import styles_of
from tierscape.maps.exports.sheets import flat_table, safe_table, write_xlsx
from tierscape.maps.exports.vector import write_flatgeobuf, write_geojson, write_shapefile
from tierscape.outputs import (
    as_json,
    check_folder,
    sha256,
    table_csv,
    write_folder,
)

PACKAGE = "datapackage.json"
#: Characters of a library's own words that a message shows.
_REASON = 160


def export(
    output: Path,
    *,
    layers: Iterable[str] = (),
    data: Path | None = None,
    editions: Iterable[str] = (),
    lang: str = "en",
    progress: Progress = lambda _: None,
) -> list[Path]:
    """Write cities, clusters and results as one file, or as a data package.

    Parameters
    ----------
    output
        A name that ends in `.gpkg`, `.parquet`, `.fgb`, `.geojson`, `.kml`, `.shp`, `.csv` or
        `.xlsx`; or a folder or `datapackage.json`, for a Frictionless data package.
    layers
        Of `cities`, `clusters`, `outlines`, `editions`, `tiers`, `membership`, `results`,
        `comparisons`, `claims`, `audit`; `all` for all that the format may hold. Where empty, all
        but the last three, or the cities where the format holds one layer.
    data
        A folder of your own facts, laid over the built-in ones.
    editions
        Slugs of the editions to read; all where empty.
    lang
        The language of titles, labels and meanings, `zh` or `en`.
    progress
        Called with the name of each stage, and with what the user should know.

    Returns
    -------
    list of pathlib.Path
        The files that were written, whole or not at all. The same inputs give the same bytes.

    Raises
    ------
    UnknownNameError
        If there is no such layer or edition.
    TierscapeError
        If the format cannot hold the layers, or the file cannot be written.
    DataError
        With all problems of all inputs.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = export(Path(folder) / "arab.geojson", editions=["arab-2024"])
    ...     [path.name for path in written]
    ['arab.geojson']
    """
    suffix = _suffix(output)
    names = chosen(output, FORMATS[suffix], tuple(layers))
    if suffix:
        with _files_beside(output) as beside:
            content = content_of(names, load(data, editions), lang, progress)
            progress("writing")
            _written(beside, content, progress)
            return [output.parent / path.name for path in sorted(beside.parent.iterdir())]
    folder = output.parent if output.name == PACKAGE else output
    check_folder(folder)
    content = content_of(names, load(data, editions), lang, progress)
    files = _package(content)
    write_folder(folder, files)
    return [folder / name for name, _ in files]


def _suffix(output: Path) -> str:
    """Return the suffix that tells the format; a data package has none."""
    suffix = "" if output.name == PACKAGE else output.suffix.lower()
    if suffix == ".geoparquet":
        return ".parquet"
    if suffix not in FORMATS:
        known = ", ".join(name for name in FORMATS if name)
        raise TierscapeError(
            f"{output}: give a name that ends in {known}; or a folder or {PACKAGE}."
        )
    return suffix


def _written(path: Path, content: Content, progress: Progress) -> None:
    """Write the file, and what belongs beside it."""
    layers, lang, editions = content.layers, content.lang, content.places.editions
    suffix = path.suffix.lower()
    if suffix == ".gpkg":
        styles = {layer.name: styles_of(layer, editions, lang) for layer in layers}
        write_geopackage(path, layers, styles, lang)
    elif suffix == ".kml":
        write_kml(path, layers, editions, lang)
    elif suffix == ".xlsx":
        write_xlsx(path, layers, lang)
    elif suffix == ".csv":
        path.write_bytes(_csv(layers[0]).encode())
    elif suffix == ".shp":
        _write_shapefile(path, layers[0], progress)
    else:
        _SINGLE[suffix](path, layers[0])


_SINGLE: dict[str, Callable[[Path, Layer], None]] = {
    ".parquet": write_parquet,
    ".geoparquet": write_parquet,
    ".fgb": write_flatgeobuf,
    ".geojson": write_geojson,
}


def _csv(layer: Layer) -> str:
    return table_csv(safe_table(flat_table(layer)))


def _write_shapefile(path: Path, layer: Layer, progress: Progress) -> None:
    """Write a Shapefile, and beside it which column is which."""
    names = write_shapefile(path, layer)
    beside = path.with_suffix(".columns.csv")
    beside.write_bytes(table_csv(safe_table(names)).encode())
    progress(f"{beside.name} tells the columns' full names: a Shapefile keeps ten letters")
    cut = names.loc[names["cut"] > 0, "column"].tolist()
    if cut:
        progress(f"texts longer than 254 bytes lost their end in {', '.join(cut)}")


def _package(content: Content) -> list[tuple[str, Callable[[], str]]]:
    """Return the files of a data package."""
    tables = [narrow(layer) for layer in content.layers]
    texts = {table.name: _csv(table) for table in tables}
    flat = [Layer(table.name, flat_table(table)) for table in tables]
    digests = {name: (len(text.encode()), sha256(text.encode())) for name, text in texts.items()}
    told = as_json(descriptor(flat, digests, content.places.editions))
    files = {f"{name}.csv": text for name, text in texts.items()} | {PACKAGE: told}
    return [(name, partial(str, text)) for name, text in files.items()]


@contextmanager
def _files_beside(output: Path) -> Iterator[Path]:
    """Give a file in a folder beside the target; what is in the folder is moved there at the end.

    Raises
    ------
    TierscapeError
        If the target is a folder or cannot be written.
    """
    if output.is_dir():
        raise TierscapeError(f"{output}: is a folder. Give a file name with -o.")
    try:
        beside = Path(tempfile.mkdtemp(prefix=f".{output.stem}-", dir=output.parent))
    except OSError as error:
        raise TierscapeError(f"{output}: cannot be written: {error.strerror}.") from None
    try:
        yield beside / output.name
        for path in sorted(beside.iterdir(), key=lambda each: each.name == output.name):
            path.replace(output.parent / path.name)
    except OSError as error:
        raise TierscapeError(f"{output}: cannot be written: {error.strerror}.") from None
    except (pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError, sqlite3.Error) as error:
        reason = shortened(str(error), _REASON)
        raise TierscapeError(f"{output}: cannot be written: {reason}") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
