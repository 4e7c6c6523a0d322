"""The layers of the made-up world, and a cluster that lies on both sides of 180 degrees."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import pytest

from tierscape.maps.exports.layers import (
    Layer,
    city_layer,
    cluster_layer,
    edition_layer,
    outline_layer,
)
from tierscape.maps.outlines import cluster_outlines
from tierscape.maps.payload import AtlasData

FIJI = (("苏瓦", "Suva", "FJ", 178.4, -18.1), ("拉巴萨", "Labasa", "FJ", -179.9, -16.4))


@pytest.fixture(scope="session")
def world(data: AtlasData) -> tuple[Layer, ...]:
    """Return every kind of layer: points, areas, and tables."""
    more = pd.DataFrame(FIJI, columns=["name_zh", "name_en", "country", "lon", "lat"])
    cities = pd.concat([data.cities, more.assign(city_id=["90", "91"], landform="coastal")])
    members = [("fiji", "90", "core", "", 1.0), ("fiji", "91", "core", "", 1.0)]
    membership = pd.concat(
        [data.membership, pd.DataFrame(members, columns=data.membership.columns)]
    )
    fiji = replace(data.definitions[1], slug="fiji", title_zh="斐济", title_en="Fiji")
    definitions = (*data.definitions, fiji)
    outlines = cluster_outlines(membership, cities)
    return (
        city_layer(cities, data.tiers),
        cluster_layer(outlines, membership, definitions, data.clusters),
        outline_layer(outlines, definitions, data.clusters),
        edition_layer(data.editions),
        Layer("tiers", data.tiers),
        Layer("membership", membership),
        Layer("results", data.clusters),
    )


@pytest.fixture(scope="session")
def layers(world: tuple[Layer, ...]) -> dict[str, Layer]:
    return {layer.name: layer for layer in world}


def features(path: Path, layer: str) -> list[dict[str, Any]]:
    """Return features as Debian's GDAL reads them, or as pyogrio does where it is missing."""
    program = shutil.which("ogr2ogr")
    if program is None:
        read = pyogrio.read_dataframe(path, layer=layer)
        found: list[dict[str, Any]] = json.loads(read.to_json())["features"]
        return found
    command = [program, "-f", "GeoJSON", "/vsistdout/", str(path), layer]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    parsed: list[dict[str, Any]] = json.loads(text)["features"]
    return parsed


@pytest.fixture(scope="session")
def second_reader() -> Callable[[Path, str], list[dict[str, Any]]]:
    return features
