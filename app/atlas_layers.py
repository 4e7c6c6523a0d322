"""What the atlas shows beside the tables of a build: sensitivity, hot spots, layers."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from tierscape.analysis import Places
from tierscape.clusters.sensitivity import Members, Sweep, sweeps
from tierscape.data.errors import TierscapeError
from tierscape.maps.layer_payload import physical_layers
from tierscape.maps.payload import AtlasData
from tierscape.scoring.spatial.hot_spots import hot_spots


def with_layers(data: AtlasData, places: Places) -> AtlasData:
    """Return the data of an atlas with all that its panels and layers show.

    Parameters
    ----------
    data
        The tables.
    places
        What they were made from.
    """
    return replace(
        data,
        claim_records=places.claims,
        sweeps=_sweeps(places),
        hot_spots=_hot_spots(places),
        layers=physical_layers(),
    )


def _sweeps(places: Places) -> Mapping[str, tuple[Members, tuple[Sweep, ...]]]:
    """Return the members of each cluster at every step of its thresholds."""
    ranked = places.cities[places.cities["city_id"].isin(places.tiers["city_id"])]
    return sweeps(places.definitions, ranked, measures=places.measures)


def _hot_spots(places: Places) -> Mapping[str, pd.DataFrame | str]:
    """Return the hot spots of each table, or why it has none."""
    found: dict[str, pd.DataFrame | str] = {}
    for (edition, dimension), rows in places.tiers.groupby(["edition", "dimension"], sort=True):
        try:
            found[f"{edition}/{dimension}"] = hot_spots(places.cities, rows, missing="drop")
        except TierscapeError as error:
            found[f"{edition}/{dimension}"] = str(error)
    return found
