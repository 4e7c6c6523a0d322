"""The command that computes a user's own index: `score`."""

import click

from tierscape.cli_options import (
    PATH,
    data_option,
    engine_options,
    json_option,
    lang_option,
    resume_option,
    say,
)


@click.command()
@click.argument("folder", type=PATH, required=False, metavar="DIR")
@click.option(
    "-o", "--output", type=PATH, metavar="DIR",
    help="The folder to write; other files in it stay.  [default: out/<name of DIR>]",
)  # fmt: skip
@click.option(
    "--draws", type=click.IntRange(min=1), metavar="N",
    help="How often weights and ratings are drawn.  [default: 1000, fewer in a large folder]",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="In place of the index's.")
@click.option("--template", metavar="SLUG", help="Write a score folder to fill in to DIR.")
@click.option("--templates", is_flag=True, help="List the templates.")
@lang_option
@data_option
@json_option
@engine_options("Draws by this process, or by the workers of dask.")
@resume_option
@click.pass_context
def score(ctx: click.Context, /, **given: object) -> None:
    """Make a ranking from a score folder, and tell which tiers are safe.

    DIR holds index.toml, ladders, ratings, experts and cities (docs/score-folders.md). Writes
    the ranking, its uncertainty, what drives it, the clusters, and a page that sums it up.
    Exit 1 if something was left out for want of a package.

    Example: tierscape score my-index -o out/my-index

    Example: tierscape score --template arab-2024 my-index
    """
    from tierscape.score_job import Request, run

    text, whole = run(Request(**given), say)  # type: ignore[arg-type]
    click.echo(text)
    ctx.exit(0 if whole else 1)
