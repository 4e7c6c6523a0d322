"""Maps: the interactive atlas, layers for any folium map, and the offline renderer.

The public names below are loaded on first use.

Examples
--------
>>> from tierscape import maps
>>> maps.save_offline.__name__
'save_offline'
"""

from importlib import import_module
from typing import Any

_PUBLIC = {
    "CanvasLand": "canvas_layer",
    "CanvasPoints": "canvas_layer",
    "build_atlas": "atlas",
    "classes": "canvas_points",
    "folium_text": "offline",
    "render_offline": "offline",
    "save_offline": "offline",
}

__all__ = [
    "CanvasLand",
    "CanvasPoints",
    "build_atlas",
    "classes",
    "folium_text",
    "render_offline",
    "save_offline",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module attribute may be anything
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'tierscape.maps' has no attribute {name!r}")
    return getattr(import_module(f".{_PUBLIC[name]}", __name__), name)
