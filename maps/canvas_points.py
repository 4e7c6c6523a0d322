"""Columns of many points as compact text: positions, tiers, and the symbols of the tiers."""

import base64
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..data.errors import DataError, Problem
from .palette import HALO, INK, MOST_TIERS, UNRANKED, tier_symbols

#: Steps of a degree: about a metre.
_STEPS = 100_000
_MOST_PROBLEMS = 20


def points_payload(
    lon: pd.Series, lat: pd.Series, tiers: pd.Series, labels: Sequence[str] = ()
) -> dict[str, Any]:
    """Return positions and tiers as compact columns, with the symbols of the tiers.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4326; longitudes outside -180 to 180 are turned into it.
    tiers
        Whole numbers from 1 (best) to 9; missing ones have no tier.
    labels
        Labels of the tiers; they say how many there are, at least as many as occur.

    Returns
    -------
    dict
        lon, lat (hundred-thousandths of a degree, 32-bit, base64), tier (8-bit, base64; 0 is
        none), totals by tier, labels, symbols.

    Raises
    ------
    DataError
        Naming the rows, counted from 1, whose position or tier is none.

    Examples
    --------
    >>> found = points_payload(pd.Series([181.0]), pd.Series([0.0]), pd.Series([2]))
    >>> np.frombuffer(base64.b64decode(found["lon"]), "<i4").tolist(), found["totals"]
    ([-17900000], [0, 0, 1])
    """
    most = len(labels) or MOST_TIERS
    problems = [
        *_too_many(labels),
        *_problems("lon", lon, (-540, 540), "a longitude is a number of degrees"),
        *_problems("lat", lat, (-90, 90), "a latitude is between -90 and 90 degrees"),
        *_problems("tier", tiers, (1, most), f"a tier is a whole number from 1 to {most}"),
    ]
    if problems:
        raise DataError(problems[:_MOST_PROBLEMS])
    numbers = pd.to_numeric(tiers).fillna(0).to_numpy(dtype=np.uint8)
    count = max(len(labels), int(numbers.max(initial=1)))
    turned = (lon.to_numpy(dtype=float) + 180) % 360 - 180
    return {
        "lon": _base64(np.round(turned * _STEPS).astype("<i4")),
        "lat": _base64(np.round(lat.to_numpy(dtype=float) * _STEPS).astype("<i4")),
        "tier": _base64(numbers),
        "totals": np.bincount(numbers, minlength=count + 1).tolist(),
        "labels": list(labels),
        "symbols": [asdict(symbol) | {"halo": HALO} for symbol in tier_symbols(count)],
        "unranked": asdict(UNRANKED) | {"halo": HALO},
        "ink": INK,
    }


def classes(values: pd.Series, breaks: Sequence[float]) -> pd.Series:
    """Return the tier of each value between ascending limits; missing values have none.

    Examples
    --------
    >>> classes(pd.Series([5.0, 10.0, 25.0, np.nan]), (10, 20)).tolist()
    [3.0, 2.0, 1.0, nan]
    """
    above = np.searchsorted(np.asarray(breaks, dtype=float), values.to_numpy(float), side="right")
    return pd.Series(len(breaks) + 1.0 - above, index=values.index).where(values.notna())


def _problems(name: str, column: pd.Series, limits: tuple[int, int], rule: str) -> list[Problem]:
    """Return a problem for each cell that is not a number between the limits."""
    numbers = pd.to_numeric(column, errors="coerce")
    good = numbers.between(*limits)
    if name == "tier":
        good = (good & (numbers % 1 == 0)) | column.isna()
    rows = np.flatnonzero(~good.to_numpy(dtype=bool)).tolist()
    remedy = "Leave it empty where there is none." if name == "tier" else "Give the place one."
    return [
        Problem("points", row + 1, name, str(column.iloc[row]), rule, remedy)
        for row in rows[:_MOST_PROBLEMS]
    ]


def _too_many(labels: Sequence[str]) -> list[Problem]:
    """Return a problem if there are more labels than symbols."""
    if len(labels) <= MOST_TIERS:
        return []
    rule = f"there are symbols for {MOST_TIERS} tiers at most"
    return [Problem("points", None, "labels", f"{len(labels)} labels", rule, "Join some tiers.")]


def _base64(numbers: NDArray[Any]) -> str:
    """Return the bytes of numbers as text."""
    return base64.b64encode(numbers.tobytes()).decode()
