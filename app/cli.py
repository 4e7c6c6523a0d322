"""The command line: thin commands over the public functions; heavy imports live inside them."""

import click

from tierscape import __version__
from tierscape.cli_clusters import clusters
from tierscape.cli_files import export, report
from tierscape.cli_maps import draw
from tierscape.cli_options import Commands
from tierscape.cli_places import assign, check, geocode
from tierscape.cli_results import audit, build, claims, compare, models
from tierscape.cli_scores import score
from tierscape.cli_spatial import hotspots


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tierscape")
def main() -> None:
    """Compare clusters of cities from published tier rankings. Works with no network."""


PLACES = (geocode, assign, hotspots, check)
RESULTS = (build, clusters, compare, models, claims, audit, score)
DELIVERABLES = (draw, export, report)

for command in (*PLACES, *RESULTS, *DELIVERABLES):
    main.add_command(command)
