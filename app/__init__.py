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

_PUBLIC = {
    "Analysis": "tierscape.analysis",
    "analyse": "tierscape.analysis",
    "build": "tierscape.main_job",
    "load": "tierscape.analysis",
    "DataError": "tierscape.data.errors",
    "TierscapeError": "tierscape.data.errors",
}

__all__ = ["Analysis", "DataError", "TierscapeError", "__version__", "analyse", "build", "load"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module attribute may be anything
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'tierscape' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)
