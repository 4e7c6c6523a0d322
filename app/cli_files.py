"""Commands that write what others open: `export`, `report`."""

from io import StringIO
from pathlib import Path
from typing import Any

import click

from tierscape.cli_options import (
    PATH,
    data_option,
    editions_option,
    engine_options,
    is_quiet,
    json_option,
    lang_option,
    print_json,
    say,
    slugs_option,
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


@click.command()
@click.option(
    "-o", "--output", type=PATH, required=True, metavar="DIR",
    help="The folder; other files in it stay.",
)  # fmt: skip
@click.option(
    "--cluster", "clusters", multiple=True, metavar="SLUG", callback=slugs_option("cluster"),
    help="Only this cluster (repeatable).",
)  # fmt: skip
@editions_option
@click.option(
    "--dimension", "dimensions", multiple=True, metavar="SLUG", callback=slugs_option("dimension"),
    help="Only this dimension (repeatable).",
)  # fmt: skip
@click.option(
    "--lang", type=click.Choice(["zh", "en", "both"]), default="both", show_default=True,
    help="Languages.",
)  # fmt: skip
@click.option(
    "--format", "formats", default="pdf", show_default=True, metavar="LIST",
    help="Of pdf, html, pptx, xlsx and md, separated by commas.",
)  # fmt: skip
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes of this machine.")
@click.option("--date", default="", metavar="DATE", help="The date to print (ISO).")
@data_option
@json_option
@engine_options("Processes of this machine, or the workers of dask.")
@click.pass_context
def report(
    ctx: click.Context,
    /,
    *,
    lang: str,
    formats: str,
    as_json: bool,
    engine: str,
    scheduler: str | None,
    **wish: Any,  # noqa: ANN401 - options
) -> None:
    """Write a report on each cluster, each edition, and all.

    A second run into the same folder makes only what changed. Exit 1 if some reports failed.

    Example: tierscape report -o reports --cluster alps --format pdf,pptx
    """
    from tierscape.engine_asked import Engine
    from tierscape.progress import batch_progress
    from tierscape.reporting import Request, run

    langs = ("zh", "en") if lang == "both" else (lang,)
    forms = tuple(each.strip() for each in formats.split(","))
    jobs = wish.pop("jobs") or 0
    with batch_progress(StringIO() if is_quiet() else None) as progress:
        request = Request(**wish, langs=langs, formats=forms, jobs=jobs)
        code = run(request, progress, say, Engine(engine, scheduler))
    if as_json:
        click.echo((wish["output"] / "manifest.json").read_text(encoding="utf-8"), nl=False)
    ctx.exit(code)
