"""What the audit finds."""

from typing import NamedTuple


class Finding(NamedTuple):
    """One row of the audit."""

    edition: str
    dimension: str
    kind: str
    city_id: str
    detail: str
