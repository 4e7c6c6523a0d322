"""Distance to mountain ranges, and regions that a rule may name."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely

from ..data.errors import UnknownNameError
from ..data.physical_loader import load_ranges, load_regions, range_slugs, region_slugs
from .coast import Distance, Outlines, outlines
from .points import points

Bools = npt.NDArray[np.bool_]


def distance_to_ranges(
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    ranges: Iterable[str] | None = None,
) -> Distance:
    """Return the distance to the nearest mountain range, in km; 0 inside one.

    Parameters
    ----------
    lon, lat : array-like of float
        Degrees.
    ranges : iterable of str, optional
        Slugs of the ranges that count; all by default.

    Returns
    -------
    Distance
        `km`, and `name`, the slug of the nearest range.

    Raises
    ------
    UnknownNameError
        If a slug is not the name of a range.

    Examples
    --------
    >>> found = distance_to_ranges([11.39], [47.27], ["alps", "rocky-mountains"])
    >>> found.name.tolist(), bool(found.km[0] < 10)
    (['alps'], True)
    """
    wanted = None if ranges is None else frozenset(ranges)
    for slug in sorted(wanted or ()):
        if slug not in range_slugs():
            raise UnknownNameError("range", slug, range_slugs())
    return _ranges(wanted).nearest(*points(lon, lat))


def in_region(lon: npt.ArrayLike, lat: npt.ArrayLike, region: str) -> Bools:
    """Tell whether each point lies in a named region.

    Parameters
    ----------
    lon, lat : array-like of float
        Degrees.
    region : str
        The region's slug.

    Raises
    ------
    UnknownNameError
        If there is no such region.

    Examples
    --------
    >>> in_region([51.39, 44.37], [35.69, 33.31], "iranian-plateau").tolist()  # Tehran, Baghdad
    [True, False]
    """
    if region not in region_slugs():
        raise UnknownNameError("region", region, region_slugs())
    table = load_regions()
    shape = table.geometry[table["slug"] == region].iloc[0]
    return np.asarray(shapely.intersects_xy(shape, *points(lon, lat)))


@lru_cache(maxsize=32)
def _ranges(ranges: frozenset[str] | None) -> Outlines:
    table = load_ranges()
    if ranges is not None:
        table = table[table["slug"].isin(ranges)]
    return outlines(table["slug"].to_numpy(object), table.geometry.to_numpy())
