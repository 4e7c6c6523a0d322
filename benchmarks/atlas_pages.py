"""The same made-up cities over the same land, as pages that load nothing: our layer and folium's.

CircleMarker (SVG), GeoJson and FastMarkerCluster are folium's ways to draw many points.
"""

import base64
from collections.abc import Callable
from pathlib import Path

import folium
import numpy as np
import pandas as pd
from folium.plugins import FastMarkerCluster
from made_up import SEED, uneven

from tierscape.maps.canvas_layer import CanvasLand, CanvasPoints
from tierscape.maps.offline import render_offline
from tierscape.maps.palette import tier_symbols

#: The shares of the tiers.
SHARES = (0.1, 0.2, 0.3, 0.4)
FILLS = [symbol.fill for symbol in tier_symbols(len(SHARES))]
JAVASCRIPT = Path("/usr/share/javascript/leaflet")


def made_up(count: int) -> pd.DataFrame:
    """Return places as uneven as cities are, best tiers first, as a ranking is printed."""
    lon, lat = uneven(count).T
    rng = np.random.default_rng(SEED)
    return pd.DataFrame(
        {
            "lon": lon,
            "lat": np.clip(lat, -80, 80),
            "tier": np.sort(rng.choice(np.arange(1, 5), count, p=SHARES)),
            "name": [f"City of {number:06d}" for number in range(count)],
        }
    )


def canvas_points(m: folium.Map, points: pd.DataFrame) -> None:
    """Draw them on one canvas."""
    CanvasPoints(points).add_to(m)


def circle_markers(m: folium.Map, points: pd.DataFrame) -> None:
    """Draw each as folium's CircleMarker with a tooltip."""
    for point in points.itertuples():
        look = {"color": "#1c2733", "weight": 1, "fill_opacity": 1, "radius": 5, "fill": True}
        fill = FILLS[point.tier - 1]
        place = (point.lat, point.lon)
        folium.CircleMarker(place, tooltip=point.name, fill_color=fill, **look).add_to(m)


def geojson(m: folium.Map, points: pd.DataFrame) -> None:
    """Draw them as one folium.GeoJson with a style for each."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": point.name, "tier": point.tier},
            "geometry": {"type": "Point", "coordinates": [point.lon, point.lat]},
        }
        for point in points.itertuples()
    ]
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        marker=folium.CircleMarker(radius=5, fill=True, fill_opacity=1, weight=1, color="#1c2733"),
        style_function=lambda each: {"fillColor": FILLS[each["properties"]["tier"] - 1]},
        tooltip=folium.GeoJsonTooltip(["name"]),
    ).add_to(m)


def fast_marker_cluster(m: folium.Map, points: pd.DataFrame) -> None:
    """Draw them as folium's FastMarkerCluster; it shows counts and no tiers."""
    rows = points[["lat", "lon", "tier", "name"]].to_numpy().tolist()
    # The default callback makes an icon of Awesome Markers, which would be loaded.
    callback = "(row) => L.marker([row[0], row[1]], { title: row[3] })"
    FastMarkerCluster(rows, callback=callback).add_to(m)


#: How each draws; ours is the first.
KINDS: dict[str, Callable[[folium.Map, pd.DataFrame], None]] = {
    "CanvasPoints": canvas_points,
    "FastMarkerCluster": fast_marker_cluster,
    "CircleMarker": circle_markers,
    "GeoJson": geojson,
}


def written(kind: str, points: pd.DataFrame) -> str:
    """Return one map as a page that loads nothing: cluster code comes from an installed copy."""
    m = folium.Map((20, 10), zoom_start=2, tiles=None)
    m.options["maxZoom"] = 18  # FastMarkerCluster asks for one
    CanvasLand().add_to(m)
    KINDS[kind](m, points)
    if kind == "FastMarkerCluster":
        FastMarkerCluster.default_js, FastMarkerCluster.default_css = cluster_library(), []
    return render_offline(m)


def cluster_library() -> list[tuple[str, str]]:
    """Return Leaflet.markercluster of Debian's package as a data URL, where it is installed."""
    script = JAVASCRIPT / "leaflet.markercluster.js"
    if not script.exists():
        return []
    content = base64.b64encode(script.read_bytes()).decode()
    return [("markercluster", f"data:text/javascript;base64,{content}")]
