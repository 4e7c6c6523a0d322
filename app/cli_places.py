"""Commands that read a user's own files: `geocode`, `assign`, `check`."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from tierscape.cli_options import (
    PATH,
    data_option,
    deliver,
    engine_options,
    json_option,
    print_json,
    resume_option,
    say,
    slugs_option,
)


@click.command()
@click.argument("inputs", nargs=-1, metavar="[FILE | NAME...]")
@click.option("--names", is_flag=True, help="The arguments are names, not a file.")
@click.option("--name", "name_column", metavar="COL", help="The column of names.")
@click.option("--country", "country_column", metavar="COL", help="The column of countries.")
@click.option(
    "--edition", metavar="SLUG", callback=slugs_option("edition"),
    help="Look only in the countries of this edition.",
)  # fmt: skip
@click.option("-o", "--output", type=PATH, metavar="FILE", help="Write CSV here.")
@data_option
@json_option
@engine_options("For a table in parts: one process, or the workers of dask.")
@resume_option
@click.pass_context
def geocode(
    ctx: click.Context, /, engine: str, scheduler: str | None, *, resume: bool, **given: object
) -> None:
    """Find the places of city names.

    Names may be in any language that the gazetteer knows. FILE is CSV (- for standard input; UTF-8,
    UTF-16 or GB18030), XLSX, GeoJSON or GeoPackage. Every row gets one answer, in order.
    Exit 1 if some names were not matched for sure.

    A folder or a pattern of Parquet files is a table in parts: each name is answered on its own,
    and -o names a folder (docs/scale.md).

    Example: tierscape geocode --names 大田 罗马 塞拉

    Example: tierscape geocode cities.csv --name city --country country -o places.csv
    """
    from tierscape.geocoding import Request, run

    request = Request(**given)  # type: ignore[arg-type]
    if not request.names and _in_parts(request.inputs, engine, scheduler, resume=resume):
        from tierscape.engine_asked import Engine
        from tierscape.engine_job import geocode_parts

        ctx.exit(0 if geocode_parts(request, Engine(engine, scheduler, resume), say) else 1)
    text, matched = run(request, say)
    deliver(text, request.output)
    ctx.exit(0 if matched else 1)


@click.command()
@click.argument("file", type=PATH)
@click.option("--lon", metavar="COL", help="The column of longitudes.")
@click.option("--lat", metavar="COL", help="The column of latitudes.")
@click.option(
    "--keep-bad", is_flag=True, help="Write rows with bad coordinates too, with empty results."
)
@click.option(
    "-o", "--output", type=PATH, metavar="FILE", help="Write .csv, .geojson, .gpkg or .fgb here."
)
@data_option
@json_option
@engine_options("For a table in parts: one process, or the workers of dask.")
@resume_option
@click.pass_context
def assign(
    ctx: click.Context, /, engine: str, scheduler: str | None, *, resume: bool, **given: object
) -> None:
    """Find the landform and the clusters of any points.

    FILE is CSV (UTF-8 or GB18030), XLSX, GeoJSON, GeoPackage, FlatGeobuf, Shapefile, KML or
    GeoParquet. Every row stays, in order, with landform, shore, coast_km, sea, range, range_km,
    elevation_m, clusters, clusters_extended, nearest_place and nearest_km after its own columns.

    A row with bad coordinates stops it (exit 2); with --keep-bad the exit is 1.

    A folder or a pattern of (Geo)Parquet files is a table in parts: -o names a folder, and
    --engine dask does the parts on several workers (docs/scale.md).

    Example: tierscape assign sites.csv -o placed.csv

    Example: tierscape assign 站点.xlsx --lon 东经 --lat 北纬 -o placed.geojson

    Example: tierscape assign points/ --engine dask -o placed/
    """
    from tierscape.assign_job import Request, run

    request = Request(**given)  # type: ignore[arg-type]
    if _in_parts([request.file], engine, scheduler, resume=resume):
        from tierscape.engine_asked import Engine
        from tierscape.engine_job import assign_parts

        ctx.exit(0 if assign_parts(request, Engine(engine, scheduler, resume), say) else 1)
    whole = run(request, sys.stdout, say)
    if request.output is not None:
        say(f"{request.output}: written")
    ctx.exit(0 if whole else 1)


@click.command()
@click.argument("path", type=PATH)
@data_option
@json_option
@click.pass_context
def check(ctx: click.Context, path: Path, *, data: Path | None, as_json: bool) -> None:
    """Check an edition, a cluster or a folder of yours.

    Prints every problem with its place and its remedy. Exit 1 if there are any.

    Example: tierscape check my-data/editions/mine-2025
    """
    from tierscape.checking import check as run

    problems = run(path, data)
    if as_json:
        print_json([asdict(problem) for problem in problems])
    else:
        click.echo("".join(f"{problem}\n" for problem in problems), nl=False)
    say(f"{path}: {len(problems)} problems" if problems else f"{path}: no problems")
    ctx.exit(1 if problems else 0)


def _in_parts(
    inputs: Sequence[str | Path], engine: str, scheduler: str | None, *, resume: bool
) -> bool:
    """Tell whether the engine is to do it: it was asked for, or the input is a table in parts."""
    if engine != "local" or scheduler or resume:
        return True
    if len(inputs) != 1:
        return False
    from tierscape.engine_parts import is_parts

    return is_parts(inputs[0])
