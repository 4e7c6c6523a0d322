"""Libraries that only some formats need."""

from importlib import import_module
from typing import Any

from ..data.errors import TierscapeError


def required(module: str, form: str) -> Any:  # noqa: ANN401 - a module without types
    """Return a library that a format needs.

    Raises
    ------
    TierscapeError
        If it is not installed; the message says how to install it.

    Examples
    --------
    >>> required("there_is_none", "XLSX")
    Traceback (most recent call last):
    tierscape.data.errors.TierscapeError: XLSX needs there_is_none, which is not installed. ...
    """
    try:
        return import_module(module)
    except ImportError:
        raise TierscapeError(
            f"{form} needs {module}, which is not installed. "
            'Install it with: pip install "tierscape[reports]"'
        ) from None
