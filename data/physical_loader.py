"""Readers of the physical geography: land, coast, seas, lakes, ranges, regions, altitude.

Everything is read once and kept. The names of seas, lakes, ranges and regions come from small
CSV files, so that checking a rule loads no geometry.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from .reading import read_csv

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from geopandas import GeoDataFrame

FOLDER = Path(__file__).parent / "physical"

#: Kinds of shoreline in the order of their codes in `Coast.kind`.
SHORE_KINDS = ("sea", "estuary", "river")


@dataclass(frozen=True, slots=True)
class Named:
    """A sea, lake, range or region: names, what it belongs to, and where its limits are given.

    `parent` is the larger sea of a sea, the group of a lake, and empty otherwise.
    """

    slug: str
    title_zh: str
    title_en: str
    parent: str
    source: str


@dataclass(frozen=True, slots=True)
class Coast:
    """Shoreline segments of the 1:10 m map, land on the left.

    Attributes
    ----------
    start, end : array of shape (n, 2)
        Longitude and latitude in degrees.
    sea : array of int
        Position of the segment's sea in `load_seas()`.
    kind : array of int
        Position of its kind in `SHORE_KINDS`.
    """

    start: "npt.NDArray[np.float64]"
    end: "npt.NDArray[np.float64]"
    sea: "npt.NDArray[np.uint8]"
    kind: "npt.NDArray[np.uint8]"


@dataclass(frozen=True, slots=True)
class Altitude:
    """The altitude grid of 5 arc minutes; row 0 begins at 90°N, column 0 at 180°W.

    Attributes
    ----------
    level : array of uint8, shape (2160, 4320)
        Steps of 28 m above -450 m.
    bits : array of uint8, shape (1166400,)
        The mountain mask, eight cells to a byte, the first in the highest bit.
    """

    level: "npt.NDArray[np.uint8]"
    bits: "npt.NDArray[np.uint8]"

    @property
    def mountain(self) -> "npt.NDArray[np.bool_]":
        """The mountain mask, of the grid's shape."""
        import numpy as np  # noqa: PLC0415 - the names of seas must cost no heavy import

        return np.unpackbits(self.bits, count=self.level.size).reshape(self.level.shape).view(bool)


def _named(file: str, parent: str = "") -> tuple[Named, ...]:
    columns = ["slug", "title_zh", "title_en", "source", *([parent] if parent else [])]
    return tuple(
        Named(
            slug=row["slug"],
            title_zh=row["title_zh"],
            title_en=row["title_en"],
            parent=row[parent] if parent else "",
            source=row["source"],
        )
        for _, row in read_csv(FOLDER / file, columns)
    )


@lru_cache(maxsize=1)
def load_seas() -> tuple[Named, ...]:
    """Return the seas in the order of `Coast.sea`; `parent` is the sea that each is part of."""
    return _named("seas.csv", "parent")


@lru_cache(maxsize=1)
def load_lake_names() -> tuple[Named, ...]:
    """Return the named large lakes; `parent` is their group, such as `great-lakes`."""
    return _named("lakes.csv", "group")


@lru_cache(maxsize=1)
def load_range_names() -> tuple[Named, ...]:
    """Return the mountain ranges."""
    return _named("ranges.csv")


@lru_cache(maxsize=1)
def load_region_names() -> tuple[Named, ...]:
    """Return the regions that rules may name."""
    return _named("regions.csv")


def sea_slugs() -> tuple[str, ...]:
    """Return the slugs of all seas, sorted.

    Examples
    --------
    >>> {"north-sea", "baltic", "caspian-sea"} <= set(sea_slugs())
    True
    """
    return _slugs(load_seas())


def lake_slugs() -> tuple[str, ...]:
    """Return the slugs of all lakes and of their groups, sorted.

    Examples
    --------
    >>> {"great-lakes", "lake-superior"} <= set(lake_slugs())
    True
    """
    groups = {lake.parent for lake in load_lake_names() if lake.parent}
    return tuple(sorted({*groups, *_slugs(load_lake_names())}))


def range_slugs() -> tuple[str, ...]:
    """Return the slugs of all mountain ranges, sorted."""
    return _slugs(load_range_names())


def region_slugs() -> tuple[str, ...]:
    """Return the slugs of all regions, sorted."""
    return _slugs(load_region_names())


def _slugs(records: Iterable[Named]) -> tuple[str, ...]:
    return tuple(sorted(record.slug for record in records))


def sea_family(slug: str) -> frozenset[str]:
    """Return a sea with all the seas that are part of it: a child's coast counts for its parent.

    Examples
    --------
    >>> sorted(sea_family("black-sea"))
    ['azov', 'black-sea']
    """
    family = {slug}
    while more := {sea.slug for sea in load_seas() if sea.parent in family} - family:
        family |= more
    return frozenset(family)


def lake_family(slug: str) -> frozenset[str]:
    """Return the lakes that a slug means: one lake, or all of a group.

    Examples
    --------
    >>> sorted(lake_family("lake-baikal"))
    ['lake-baikal']
    """
    return frozenset(lake.slug for lake in load_lake_names() if slug in {lake.slug, lake.parent})


@lru_cache(maxsize=1)
def load_coast() -> Coast:
    """Return the shoreline with the sea and the kind of each segment."""
    import numpy as np  # noqa: PLC0415 - the names of seas must cost no heavy import

    with np.load(FOLDER / "coast.npz") as file:
        points = np.cumsum(file["steps"], axis=0, dtype=float)  # whole numbers: nothing is lost
        points *= file["scale"]
        points += file["offset"]
        # Every point but the first of its line ends a segment that the point before it starts.
        last = np.delete(np.arange(len(points)), file["line"])
        sea = np.repeat(file["sea"], file["sea_run"])
        kind = np.repeat(file["kind"], file["kind_run"])
    return Coast(points[last - 1], points[last], sea, kind)


@lru_cache(maxsize=1)
def load_altitude() -> Altitude:
    """Return the altitude grid and the mountain mask."""
    import numpy as np  # noqa: PLC0415 - the names of seas must cost no heavy import

    with np.load(FOLDER / "altitude.npz") as file:
        return Altitude(file["level"], file["mountain"])


@lru_cache(maxsize=1)
def load_land() -> "GeoDataFrame":
    """Return the land of the 1:50 m map for drawing, cut at 180°: one row, column geometry."""
    return _features("land.geojson")


@lru_cache(maxsize=1)
def load_lakes() -> "GeoDataFrame":
    """Return the named large lakes: slug, group, title_zh, title_en, geometry."""
    lakes = load_lake_names()
    return _features("lakes.geojson", _titles(lakes, group=[lake.parent for lake in lakes]))


@lru_cache(maxsize=1)
def load_ranges() -> "GeoDataFrame":
    """Return the mountain ranges: slug, title_zh, title_en, geometry."""
    return _features("ranges.geojson", _titles(load_range_names()))


@lru_cache(maxsize=1)
def load_regions() -> "GeoDataFrame":
    """Return the regions that rules may name: slug, title_zh, title_en, geometry."""
    return _features("regions.geojson", _titles(load_region_names()))


def _titles(records: Iterable[Named], **further: list[str]) -> dict[str, list[str]]:
    """Return the columns that name the features of a file."""
    rows = [(record.slug, record.title_zh, record.title_en) for record in records]
    slug, title_zh, title_en = map(list, zip(*rows, strict=True))
    return {"slug": slug, **further, "title_zh": title_zh, "title_en": title_en}


def _features(file: str, columns: Mapping[str, list[str]] = MappingProxyType({})) -> "GeoDataFrame":
    """Read the shapes of a GeoJSON; their names stand in a CSV file, in the same order.

    A GIS driver, or a reader of JSON in Python, would take several times as long.
    """
    import geopandas  # noqa: PLC0415 - the names of seas must cost no heavy import
    import shapely  # noqa: PLC0415

    shapes = shapely.get_parts(shapely.from_geojson((FOLDER / file).read_text("utf-8")))
    return geopandas.GeoDataFrame({"geometry": shapes, **columns}, crs="EPSG:4326")
