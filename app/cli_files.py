"""Commands that write what others open: `export`, `report`."""

from pathlib import Path
from typing import Any

import click

from tierscape.cli_options import (
    PATH,
    data_option,
    editions_option,
    json_option,
    lang_option,
    print_json,
    say,
)


@click.command()
@click.option(
    "-o", "--output", type=PATH, required=True, metavar="FILE",
    help="Write .gpkg, .parquet, .fgb, .geojson, .kml, .shp, .csv or .xlsx; or a data package"
    " into a folder.",
)  # fmt: skip
@click.option(
    "--layer", "layers", multiple=True, metavar="LAYER",
    help="cities, clusters, outlines, editions, tiers, membership, results, comparisons, claims,"
    " audit, or all (repeatable).",
)  # fmt: skip
@data_option
@editions_option
@lang_option
@json_option
def export(output: Path, *, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - options
    """Write GIS files, sheets or a data package.

    A GeoPackage opens styled in QGIS. A format of one layer gets the cities where no --layer is
    named.

    Example: tierscape export -o cities.gpkg

    Example: tierscape export -o outlines.geojson --layer outlines --edition g20-2023

    Example: tierscape export -o package --layer all
    """
    from tierscape.exporting import export as run

    written = run(output, progress=say, **given)
    if as_json:
        print_json([str(path) for path in written])
    say(f"{output}: {len(written)} files written" if len(written) > 1 else f"{output}: written")
