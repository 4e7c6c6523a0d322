"""Compare clusters of cities from published tier rankings.

The public names below are loaded on first use, so that ``import tierscape`` costs nothing.

Examples
--------
>>> import tierscape
>>> tierscape.__version__
'0.1.0'
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

#: Name to the module that has it; no name may be a module's, or the module would hide it.
_PUBLIC = {
    "Analysis": "tierscape.analysis",
    "Atlas": "tierscape.maps.atlas",
    "DataError": "tierscape.data.errors",
    "Geocoder": "tierscape.geo.geocode",
    "Places": "tierscape.analysis",
    "TierscapeError": "tierscape.data.errors",
    "UnknownNameError": "tierscape.data.errors",
    "analyse": "tierscape.analysis",
    "assign": "tierscape.assigning",
    "atlas": "tierscape.api_files",
    "audit": "tierscape.api_results",
    "build": "tierscape.main_job",
    "check": "tierscape.checking",
    "claims": "tierscape.api_results",
    "compare": "tierscape.api_results",
    "compare_linked": "tierscape.api_results",
    "draw_map": "tierscape.api_files",
    "export": "tierscape.exporting",
    "geocode": "tierscape.api_names",
    "hot_spots": "tierscape.api_space",
    "learn": "tierscape.api_space",
    "load": "tierscape.analysis",
    "load_score_folder": "tierscape.data.score_folder",
    "open_geocoder": "tierscape.api_names",
    "report": "tierscape.api_files",
    "rule_sensitivity": "tierscape.api_space",
    "save_offline": "tierscape.maps.offline",
    "score": "tierscape.scores",
}

__all__ = [*sorted(_PUBLIC), "__version__"]  # noqa: PLE0604 - all of them are texts


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module attribute may be anything
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'tierscape' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    """Return the public names, loaded or not."""
    return sorted({*globals(), *_PUBLIC})
