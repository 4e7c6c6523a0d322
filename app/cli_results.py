"""Commands that analyse the editions: `build`, `compare`, `models`, `claims`, `audit`."""

from pathlib import Path
from typing import Any

import click

from tierscape.cli_options import (
    PATH,
    data_option,
    dimension_option,
    edition_option,
    editions_option,
    json_option,
    lang_option,
    print_json,
    say,
    slugs_option,
)


@click.command()
@click.option(
    "-o", "--output", type=PATH, default=Path("out"), show_default=True, metavar="DIR",
    help="The folder to write; other files in it stay.",
)  # fmt: skip
@data_option
@editions_option
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True,
    help="The language that the atlas opens in.",
)  # fmt: skip
@click.option("--timings", is_flag=True, help="Tell the time and memory of each stage.")
@json_option
def build(output: Path, *, lang: str, timings: bool, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - options
    """Make the atlas and its tables.

    Geocodes, places, aggregates, tests and draws.

    Example: tierscape build -o out --edition g20-2023
    """
    from tierscape.timings import Stopwatch

    watch = Stopwatch()
    watch.start("loading libraries")
    from tierscape.main_job import build as run

    def begin(stage: str) -> None:
        say(stage)
        watch.start(stage)

    written = run(
        output,
        lang=lang,
        progress=begin,
        note=say,
        **given,
    )
    say(f"{output}: {len(written) + 1} files. Open {output / 'atlas.html'} in a browser.")
    if timings:
        say(watch.table())
    if as_json:
        print_json({"folder": str(output), "files": written})


@click.command()
@click.argument(
    "slugs", nargs=-1, required=True, metavar="CLUSTER CLUSTER...", callback=slugs_option("cluster")
)
@edition_option
@dimension_option
@click.option(
    "--linked", is_flag=True, help="Among all cities of the editions that share a rubric."
)
@data_option
@json_option
@lang_option
def compare(
    slugs: tuple[str, ...],
    *,
    edition: str | None,
    linked: bool,
    data: Path | None,
    lang: str,
    **options: object,
) -> None:
    """Tell which cluster is ahead, by how much, and how sure that is.

    Clusters, editions and dimensions go by slug or by title, Chinese or English.

    Example: tierscape compare alps rockies --edition g20-2023

    Example: tierscape compare 大湖区 落基山脉

    Example: tierscape compare xian-kashgar alps --linked
    """
    if linked and edition:
        raise click.UsageError("--linked takes several editions together: leave --edition out.")
    if linked:
        from tierscape.linking import linked_comparison

        click.echo(linked_comparison(slugs, data, lang=lang, **options))  # type: ignore[arg-type]
        return
    from tierscape.views import comparison

    click.echo(comparison(slugs, data, edition=edition, lang=lang, **options))  # type: ignore[arg-type]


@click.command()
@edition_option
@dimension_option
@data_option
@json_option
@lang_option
def models(
    *, edition: str | None, dimension: str | None, data: Path | None, as_json: bool, lang: str
) -> None:
    """Tell what raises the odds of a better tier.

    Two models for each table: by landform and continent, and by distance to the coast, elevation
    and population.

    Example: tierscape models --edition g20-2023
    """
    from tierscape.statistics import models_text

    click.echo(models_text(data, edition=edition, dimension=dimension, as_json=as_json, lang=lang))


@click.command()
@click.option("--source", "sources", multiple=True, metavar="SLUG", help="Only this source.")
@data_option
@json_option
@lang_option
def claims(*, sources: tuple[str, ...], data: Path | None, as_json: bool, lang: str) -> None:
    """Judge the sources' claims by their tables.

    Example: tierscape claims --source forum-2023
    """
    from tierscape.findings import claims_text

    click.echo(claims_text(data, sources=sources, lang=lang, as_json=as_json))


@click.command()
@click.argument("slugs", nargs=-1, metavar="[EDITION]...", callback=slugs_option("edition"))
@data_option
@json_option
@click.pass_context
def audit(ctx: click.Context, *, slugs: tuple[str, ...], data: Path | None, as_json: bool) -> None:
    """List contradictions and oddities in editions.

    They lie inside an edition or between several. Exit 1 if there are any.

    Example: tierscape audit g20-2023
    """
    from tierscape.findings import audit_text

    text, count = audit_text(data, slugs=slugs, as_json=as_json)
    click.echo(text)
    ctx.exit(1 if count else 0)
