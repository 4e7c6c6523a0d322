"""How GDAL writes: with a fixed date, so that the same tables give the same bytes.

Files are made beside their target and renamed when they are whole, so that SQLite need not wait for
the disk after each step.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pyogrio

#: What stands in files for the time at which they were written.
FIXED_DATE = "2000-01-01"
_SETTINGS = {
    "OGR_CURRENT_DATE": f"{FIXED_DATE}T00:00:00.000Z",
    "OGR_SQLITE_SYNCHRONOUS": "OFF",
}


@contextmanager
def fixed_date() -> Iterator[None]:
    """Let GDAL write the fixed date; afterwards its settings are as they were."""
    before = {name: pyogrio.get_gdal_config_option(name) for name in _SETTINGS}
    pyogrio.set_gdal_config_options(_SETTINGS)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)
