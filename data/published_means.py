"""Mean scores that an edition prints beside its tiers: of the index and of its parts."""

from dataclasses import dataclass

from .reading import Fields, read_csv, read_toml
from .records import Edition

FILE = "indices.csv"


@dataclass(frozen=True, slots=True)
class PublishedMeans:
    """The mean of an index and of its first-level parts, as printed.

    `parts` maps the printed name of a part to its mean; `rounding` is half a unit of the last
    digit that is printed.
    """

    index: float
    parts: dict[str, float]
    rounding: float


def load_means(edition: Edition) -> PublishedMeans | None:
    """Return the means that an edition prints; None where it prints none.

    Raises
    ------
    DataError
        If its `indices.csv` cannot be read.

    Examples
    --------
    >>> from tierscape.data.catalog import Catalog
    >>> from tierscape.data.edition_loader import load_editions
    >>> means = load_means(load_editions(Catalog(), ["cstc-2021"])[0])
    >>> means.index, means.parts["技术支撑度"], means.rounding
    (0.7, 0.67, 0.005)
    """
    file = edition.file.with_name(FILE)
    published = Fields(str(edition.file), read_toml(edition.file)).table_at(
        "published", required=False
    )
    index = published.get("index_mean", float, default=0.0, required=False)
    if not index or not file.is_file():
        return None
    rows = [row for _, row in read_csv(file, ("level_1", "mean_level_1"))]
    digits = max(len(row["mean_level_1"].partition(".")[2]) for row in rows)
    parts = {row["level_1"]: float(row["mean_level_1"]) for row in rows}
    return PublishedMeans(index, parts, round(0.5 * 10**-digits, digits + 1))
