"""The command that draws: `map`."""

from pathlib import Path

import click

from tierscape.cli_options import PATH, data_option, json_option, print_json, say, slugs_option


@click.command("map")
@click.option(
    "-o", "--output", type=PATH, default=Path("map.html"), show_default=True, metavar="FILE",
    help="FILE.html is the atlas; .png, .svg and .pdf are figures.",
)  # fmt: skip
@data_option
@click.option(
    "--edition", metavar="SLUG", default="", callback=slugs_option("edition"),
    help="The edition to draw; the one with most cities if none is given.",
)  # fmt: skip
@click.option(
    "--dimension", metavar="SLUG", default="", callback=slugs_option("dimension"),
    help="The table of the edition; its first if none is given.",
)  # fmt: skip
@click.option(
    "--cluster", "clusters", multiple=True, metavar="SLUG", callback=slugs_option("cluster"),
    help="Close in on this cluster (repeatable).",
)  # fmt: skip
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language."
)
@click.option(
    "--size", default="slide", show_default=True, metavar="SIZE",
    help="slide, post, poster, poster-wide, or pixels such as 800x600.",
)  # fmt: skip
@click.option(
    "--projection", default="auto", show_default=True, metavar="NAME",
    help="auto, world, pacific, equal-area or conformal.",
)  # fmt: skip
@click.option(
    "--panels", type=click.Choice(["clusters", "editions"]),
    help="One panel per cluster, or per edition.",
)  # fmt: skip
@json_option
def draw(*, as_json: bool, **given: object) -> None:
    """Draw the atlas as one page, or a map as PNG, SVG or PDF.

    Example: tierscape map -o alps.pdf --cluster alps

    Example: tierscape map -o editions.png --panels editions --cluster 长三角 --lang en
    """
    from tierscape.mapping import Request, run

    request = Request(**given)  # type: ignore[arg-type]
    run(request, say)
    say(f"{request.output}: written")
    if as_json:
        print_json({"file": str(request.output)})
