"""The command line: thin commands over the public functions; heavy imports live inside them."""

import click

from tierscape import __version__
from tierscape.cli_clusters import clusters
from tierscape.cli_options import Commands
from tierscape.cli_places import assign, check, geocode
from tierscape.cli_results import audit, build, claims, compare, models


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tierscape")
def main() -> None:
    """Compare clusters of cities from published tier rankings. Works with no network."""


for command in (build, geocode, assign, clusters, compare, models, claims, audit, check):
    main.add_command(command)
