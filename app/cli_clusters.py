"""The commands `clusters ...`: definitions, members, and why."""

from pathlib import Path

import click

from tierscape.cli_options import (
    data_option,
    dimension_option,
    edition_option,
    editions_option,
    engine_options,
    json_option,
    lang_option,
    say,
    slugs_option,
)


@click.group()
def clusters() -> None:
    """Cluster definitions, their members, and why they are members."""


@clusters.command("list")
@data_option
@json_option
@lang_option
def clusters_list(*, data: Path | None, as_json: bool, lang: str) -> None:
    """List the named clusters with their number of members per edition.

    Example: tierscape clusters list
    """
    from tierscape.views import cluster_list

    click.echo(cluster_list(data, as_json=as_json, lang=lang))


@clusters.command("show")
@click.argument("slug", callback=slugs_option("cluster"))
@data_option
@json_option
@lang_option
def clusters_show(slug: str, *, data: Path | None, as_json: bool, lang: str) -> None:
    """Show a cluster's rule and source, its members and near misses, and what decided.

    Example: tierscape clusters show great-lakes
    """
    from tierscape.views import cluster_show

    click.echo(cluster_show(slug, data, as_json=as_json, lang=lang))


@clusters.command("sensitivity")
@click.argument("slug", callback=slugs_option("cluster"))
@data_option
@json_option
@lang_option
def clusters_sensitivity(slug: str, *, data: Path | None, as_json: bool, lang: str) -> None:
    """Move each threshold and leave out each test: members and results at every step.

    Example: tierscape clusters sensitivity great-lakes
    """
    from tierscape.sensitivity import cluster_sensitivity

    click.echo(cluster_sensitivity(slug, data, as_json=as_json, lang=lang))


@clusters.command("test")
@click.argument("slug", callback=slugs_option("cluster"))
@edition_option
@dimension_option
@data_option
@json_option
@lang_option
@engine_options("Tests by this process, or by the workers of dask.")
def clusters_test(
    slug: str, *, data: Path | None, engine: str, scheduler: str | None, **options: object
) -> None:
    """Test a cluster against the coast, and the rest, of its continent.

    Beside the plain permutation test stand two that know that a cluster is made of neighbours.

    Example: tierscape clusters test alps --edition g20-2023 --dimension total
    """
    from tierscape.engine_asked import Engine
    from tierscape.engine_tasks import task_engine
    from tierscape.statistics import cluster_tests

    with task_engine(Engine(engine, scheduler), None, str, say) as mapped:
        text = cluster_tests(slug, data, mapped=mapped, **options)  # type: ignore[arg-type]
    click.echo(text)


@clusters.command("standings")
@edition_option
@dimension_option
@data_option
@json_option
@lang_option
def clusters_standings(*, data: Path | None, **options: object) -> None:
    """Show the ranks that each cluster could hold, and its spread.

    Example: tierscape clusters standings --edition g20-2023 --dimension total
    """
    from tierscape.standings import standings

    click.echo(standings(data, **options))  # type: ignore[arg-type]


@clusters.command("learn")
@click.option(
    "--method", default="dbscan", show_default=True, metavar="NAME",
    help="dbscan, hdbscan, optics, agglomerative or k-medoids.",
)  # fmt: skip
@editions_option
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
@data_option
@json_option
@lang_option
def clusters_learn(**given: object) -> None:
    """Find the clusters that the map alone would make, and how stable they are.

    Every setting is tried; the one with the most stable clusters is shown with its cities and
    the named cluster that each is most like.

    Example: tierscape clusters learn --edition g20-2023

    Example: tierscape clusters learn --method k-medoids --clusters 8 --clusters 12 --compare
    """
    from tierscape.learning import Request, learned

    click.echo(learned(Request(**given)))  # type: ignore[arg-type]
