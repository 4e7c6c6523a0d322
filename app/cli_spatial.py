"""The command about a value at a user's own points: `hotspots`."""

from functools import partial

import click

from tierscape.cli_options import (
    PATH,
    engine_options,
    json_option,
    lang_option,
    resume_option,
    say,
)


@click.command()
@click.argument("table", type=PATH)
@click.option("--value", required=True, metavar="COL", help="The column of numbers.")
@click.option("--lon", metavar="COL", help="The column of longitudes.")
@click.option("--lat", metavar="COL", help="The column of latitudes.")
@click.option(
    "--neighbours", type=click.IntRange(min=1), default=8, show_default=True, metavar="K",
    help="The nearest points are the neighbours of each.",
)  # fmt: skip
@click.option(
    "--within", type=click.FloatRange(min=0, min_open=True), metavar="KM",
    help="All points within this distance are, in place of the nearest.",
)  # fmt: skip
@click.option(
    "--statistic", type=click.Choice(["gi-star", "local-moran", "local-geary"]),
    default="gi-star", show_default=True, help="What is computed at each point.",
)  # fmt: skip
@click.option(
    "--permutations", type=click.IntRange(99, 99_999), default=999, show_default=True,
    metavar="N", help="Random maps to compare with.",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, metavar="N",
    help="Draws them.",
)  # fmt: skip
@click.option(
    "--adjust", type=click.Choice(["max-t", "by", "holm"]), default="max-t", show_default=True,
    help="How p-values allow for the number of points.",
)  # fmt: skip
@click.option(
    "--alpha", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.05,
    show_default=True, metavar="P", help="A point is labelled up to this adjusted p-value.",
)  # fmt: skip
@click.option(
    "--keep-bad", is_flag=True,
    help="Write rows without coordinates or a number too, with empty results.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=PATH, metavar="FILE", help="Write .csv, .geojson, .gpkg or .fgb here."
)
@lang_option
@json_option
@engine_options("Permutations by this process, or by the workers of dask.")
@resume_option
@click.pass_context
def hotspots(
    ctx: click.Context, /, engine: str, scheduler: str | None, *, resume: bool, **given: object
) -> None:
    """Find where high values, or low ones, gather beyond chance.

    TABLE is a file of points as `assign` reads it. Every row stays, in order, with hot_value,
    hot_z, hot_p_value, hot_p_adjusted and hot_label after its own columns. Moran's I of the whole
    map and the number of points with each label are told.

    A folder or a pattern of (Geo)Parquet files is a table in parts: -o names a folder. A row
    without coordinates or a number stops it (exit 2); with --keep-bad the exit is 1.

    Example: tierscape hotspots firms.csv --value revenue -o spots.geojson

    Example: tierscape hotspots settlements/ --value score --engine dask -o spots/

    Example: tierscape hotspots 站点.xlsx --value 得分 --within 50 --lang zh -o 热点.csv
    """
    from tierscape.engine_asked import Engine
    from tierscape.engine_tasks import task_engine
    from tierscape.hotspots_job import Request, request_text, run

    request = Request(**given)  # type: ignore[arg-type]
    asked = Engine(engine, scheduler, resume)
    with task_engine(asked, request.output, partial(request_text, request), say) as mapped:
        text, whole = run(request, say, mapped)
    click.echo(text, nl=False)
    ctx.exit(0 if whole else 1)
