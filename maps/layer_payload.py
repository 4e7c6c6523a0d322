"""Layers of the atlas beside cities and clusters: hot spots, seas, ranges, routes."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ..data.physical_loader import FOLDER, load_lakes, load_ranges, load_seas
from ..data.reading import read_csv
from ..data.records import ClusterDefinition
from ..data.rule_trees import leaves
from .cells import plain_rows, rounded
from .rings import polygon_rings

_RANGE_DEGREES, _RANGE_LEAST = 0.15, 0.1
_DEGREE_KM = 111.2
_SPOTS = {"hot": "h", "cold": "c", "high-low": "H", "low-high": "C", "none": "."}


def hot_spots_payload(
    spots: Mapping[str, pd.DataFrame | str], tables: Mapping[str, list[str]]
) -> dict[str, Any]:
    """Return the hot spots of each table in the order of its cities.

    Parameters
    ----------
    spots
        `edition/dimension` to the table of `scoring.spatial.hot_spots`, or to the reason why
        there is none.
    tables
        `edition/dimension` to the ids of its cities, in the order of the page.

    Returns
    -------
    dict
        `label` (one letter a city: h hot, c cold, H high among low, C low among high, . none),
        `p` and `p_adjusted`; or `note`.
    """
    found: dict[str, Any] = {}
    for key, table in spots.items():
        if isinstance(table, str):
            found[key] = {"note": table}
        elif key in tables:
            rows = {row["city_id"]: row for row in plain_rows(table)}
            listed = [rows.get(city, {}) for city in tables[key]]
            found[key] = {
                "label": "".join(_SPOTS.get(spot.get("label", ""), ".") for spot in listed),
                **{
                    name: [rounded(spot.get(name), 4) for spot in listed]
                    for name in ("p_value", "p_adjusted")
                },
            }
    return found


@lru_cache(maxsize=1)
def physical_layers() -> dict[str, Any]:
    """Return the names of seas, lakes and ranges with places for them, and the ranges' shapes.

    Returns
    -------
    dict
        `names`: kind, Chinese, English, lon, lat (degrees), room (km from the place to the edge);
        `ranges`: rings as `polygon_rings` returns them.
    """
    ranges = load_ranges()
    shapes = shapely.get_parts(shapely.simplify(ranges.geometry.to_numpy(), _RANGE_DEGREES))
    wide = [shape for shape in shapes if shape.area > _RANGE_LEAST]
    names = [
        *_sea_names(),
        *_shape_names("lake", load_lakes()),
        *_shape_names("range", ranges),
    ]
    return {"names": names, "ranges": polygon_rings(wide)}


def routes_payload(definitions: Iterable[ClusterDefinition]) -> list[dict[str, Any]]:
    """Return the lines that rules of clusters measure to: slug of the cluster, names, points."""
    found = []
    for definition in definitions:
        lines = dict.fromkeys(
            (leaf.waypoints, leaf.labels)
            for leaf in leaves(definition.core)
            if leaf.kind == "route"
        )
        for waypoints, labels in lines:
            ends = (labels[0], labels[-1]) if labels else (("", ""), ("", ""))
            found.append(
                {
                    "cluster": definition.slug,
                    "en": "–".join(end[0] for end in ends),
                    "zh": "—".join(end[1] for end in ends),
                    "line": [round(value, 2) for point in _unwrapped(waypoints) for value in point],
                }
            )
    return found


def _unwrapped(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return a line whose longitudes run on across 180 degrees."""
    lon, lat = np.array(list(points)).T
    return list(zip(np.unwrap(lon, period=360).tolist(), lat.tolist(), strict=True))


def _sea_names() -> list[list[Any]]:
    """Return the names of seas where the physical data put them."""
    titles = {sea.slug: (sea.title_zh, sea.title_en) for sea in load_seas()}
    rows = read_csv(FOLDER / "sea_names.csv", ["slug", "lon", "lat", "room_km"])
    return [
        ["sea", *titles[row["slug"]], float(row["lon"]), float(row["lat"]), int(row["room_km"])]
        for _, row in rows
    ]


def _shape_names(kind: str, shapes: pd.DataFrame) -> list[list[Any]]:
    """Return where the names of shapes stand: inside the widest part of each."""
    names = []
    for row in shapes.to_dict("records"):
        part = max(shapely.get_parts([row["geometry"]]), key=lambda each: float(each.area))
        spot = shapely.point_on_surface(part)
        room = _DEGREE_KM * float(np.sqrt(part.area / np.pi))
        names.append(_name(kind, row["title_zh"], row["title_en"], spot.x, spot.y, room))
    return names


def _name(kind: str, zh: str, en: str, lon: float, lat: float, room: float) -> list[Any]:  # noqa: PLR0917
    return [kind, zh, en, round(float(lon), 2), round(float(lat), 2), round(float(room))]
