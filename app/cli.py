"""The command line: thin commands over the public functions; heavy imports live inside them."""

from pathlib import Path

import click

from tierscape import __version__
from tierscape.data.errors import TierscapeError

_PATH = click.Path(path_type=Path)
_data = click.option(
    "--data",
    type=_PATH,
    metavar="DIR",
    help="A folder of your own editions, clusters, claims and aliases, laid over the built-in.",
)
_editions = click.option(
    "--edition", "editions", multiple=True, metavar="SLUG", help="Only this edition (repeatable)."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")
_lang = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="en", show_default=True, help="Language."
)


class Commands(click.Group):
    """A group that turns the package's errors into clear lines and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; bad input ends with exit code 2, an interruption with 130."""
        try:
            return super().invoke(ctx)
        except TierscapeError as error:
            for line in str(error).splitlines():
                click.echo(f"error: {line}", err=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            click.echo("interrupted; nothing is half-written", err=True)
            ctx.exit(130)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tierscape")
def main() -> None:
    """Compare clusters of cities from published tier rankings. Works with no network."""


@main.command()
@click.option(
    "-o", "--output", type=_PATH, default=Path("out"), show_default=True, metavar="DIR",
    help="The folder to write; other files in it stay.",
)  # fmt: skip
@_data
@_editions
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True,
    help="The language that the atlas opens in.",
)  # fmt: skip
def build(output: Path, data: Path | None, editions: tuple[str, ...], lang: str) -> None:
    """Geocode, place, aggregate, test and draw: the atlas and its tables.

    Example: tierscape build -o out --edition g20-2023
    """
    from tierscape.main_job import build as run

    written = run(output, data=data, editions=editions, lang=lang, progress=_say)
    _say(f"{output}: {len(written) + 1} files. Open {output / 'atlas.html'} in a browser.")


@main.command()
@click.argument("inputs", nargs=-1, metavar="[FILE | NAME...]")
@click.option("--names", is_flag=True, help="The arguments are names, not a file.")
@click.option("--name", "name_column", metavar="COL", help="The column of names.")
@click.option("--country", "country_column", metavar="COL", help="The column of countries.")
@click.option("--edition", metavar="SLUG", help="Look only in the countries of this edition.")
@click.option("-o", "--output", type=_PATH, metavar="FILE", help="Write CSV here.")
@_data
@_json
@click.pass_context
def geocode(ctx: click.Context, /, **given: object) -> None:
    """Find the places of city names, in any language that the gazetteer knows.

    FILE is a CSV (- for standard input), UTF-8 or GB18030. Every row gets one answer, in order.
    Exit 1 if some names were not matched for sure.

    Example: tierscape geocode --names 大田 罗马 塞拉

    Example: tierscape geocode cities.csv --name city --country country -o places.csv
    """
    from tierscape.geocoding import Request, run

    request = Request(**given)  # type: ignore[arg-type]
    text, matched = run(request)
    _deliver(text, request.output)
    ctx.exit(0 if matched else 1)


@main.group()
def clusters() -> None:
    """Cluster definitions, their members, and why they are members."""


@clusters.command("list")
@_data
@_json
def clusters_list(*, data: Path | None, as_json: bool) -> None:
    """List the named clusters with their number of members per edition.

    Example: tierscape clusters list
    """
    from tierscape.views import cluster_list

    click.echo(cluster_list(data, as_json=as_json))


@clusters.command("show")
@click.argument("slug")
@_data
@_json
@_lang
def clusters_show(slug: str, *, data: Path | None, as_json: bool, lang: str) -> None:
    """Show a cluster's rule and source, its members and near misses, and what decided.

    Example: tierscape clusters show great-lakes
    """
    from tierscape.views import cluster_show

    click.echo(cluster_show(slug, data, as_json=as_json, lang=lang))


@clusters.command("sensitivity")
@click.argument("slug")
@_data
@_json
def clusters_sensitivity(slug: str, *, data: Path | None, as_json: bool) -> None:
    """Move each threshold and leave out each test: members and results at every step.

    Example: tierscape clusters sensitivity great-lakes
    """
    from tierscape.sensitivity import cluster_sensitivity

    click.echo(cluster_sensitivity(slug, data, as_json=as_json))


@clusters.command("learn")
@click.option(
    "--method", default="dbscan", show_default=True, metavar="NAME",
    help="dbscan, hdbscan, optics, agglomerative or k-medoids.",
)  # fmt: skip
@_editions
@click.option(
    "--radius", type=float, multiple=True, metavar="KM",
    help="How near is near (dbscan, hdbscan, optics). Give several to compare them.",
)  # fmt: skip
@click.option(
    "--min-cities", type=int, multiple=True, metavar="N",
    help="The fewest cities of a cluster (dbscan, hdbscan, optics). Give several to compare them.",
)  # fmt: skip
@click.option(
    "--clusters", type=int, multiple=True, metavar="N",
    help="How many clusters (agglomerative, k-medoids). Give several to compare them.",
)  # fmt: skip
@click.option(
    "--samples", type=int, default=50, show_default=True, metavar="N",
    help="How many times the clusters are sought again among four fifths of the cities.",
)  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True, help="Draws those cities.")
@click.option("--compare", is_flag=True, help="Compare with named clusters, landforms, countries.")
@_data
@_json
@_lang
def clusters_learn(**given: object) -> None:
    """Find the clusters that the map alone would make, and how stable they are.

    Every setting is tried; the one with the most stable clusters is shown with its cities and
    the named cluster that each is most like.

    Example: tierscape clusters learn --edition g20-2023

    Example: tierscape clusters learn --method k-medoids --clusters 8 --clusters 12 --compare
    """
    from tierscape.learning import Request, learned

    click.echo(learned(Request(**given)))  # type: ignore[arg-type]


@main.command()
@click.argument("slugs", nargs=-1, required=True, metavar="CLUSTER CLUSTER...")
@click.option("--edition", metavar="SLUG", help="Only this edition.")
@click.option("--dimension", metavar="SLUG", help="Only this dimension.")
@_data
@_json
def compare(
    slugs: tuple[str, ...],
    *,
    edition: str | None,
    dimension: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Tell which cluster is ahead, by how much, and how sure that is.

    Example: tierscape compare alps rockies --edition g20-2023
    """
    from tierscape.views import comparison

    click.echo(comparison(slugs, data, edition=edition, dimension=dimension, as_json=as_json))


@main.command()
@click.option("--source", "sources", multiple=True, metavar="SLUG", help="Only this source.")
@_data
@_json
@_lang
def claims(*, sources: tuple[str, ...], data: Path | None, as_json: bool, lang: str) -> None:
    """Judge what the sources say of clusters by what their tables show.

    Example: tierscape claims --source forum-2023
    """
    from tierscape.findings import claims_text

    click.echo(claims_text(data, sources=sources, lang=lang, as_json=as_json))


@main.command()
@click.argument("slugs", nargs=-1, metavar="[EDITION]...")
@_data
@_json
@click.pass_context
def audit(ctx: click.Context, *, slugs: tuple[str, ...], data: Path | None, as_json: bool) -> None:
    """List contradictions and oddities inside and between editions.

    Exit 1 if there are any.

    Example: tierscape audit g20-2023
    """
    from tierscape.findings import audit_text

    text, count = audit_text(data, slugs=slugs, as_json=as_json)
    click.echo(text)
    ctx.exit(1 if count else 0)


@main.command()
@click.argument("path", type=_PATH)
@_data
@click.pass_context
def check(ctx: click.Context, path: Path, data: Path | None) -> None:
    """Check an edition, a cluster file, or a whole folder of facts of your own.

    Prints every problem with its place and its remedy. Exit 1 if there are any.

    Example: tierscape check my-data/editions/mine-2025
    """
    from tierscape.checking import check as run

    problems = run(path, data)
    for problem in problems:
        click.echo(problem)
    _say(f"{path}: {len(problems)} problems" if problems else f"{path}: no problems")
    ctx.exit(1 if problems else 0)


def _say(message: str) -> None:
    click.echo(message, err=True)


def _deliver(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    from tierscape.outputs import write_file

    write_file(output, text)
    _say(f"{output}: written")
