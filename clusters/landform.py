"""The landform of a city: coastal, mountain or inland."""

import pandas as pd

from ..data.errors import DataError, Problem

#: Within this distance of open sea, an estuary or a named large lake a city is coastal: the
#: distance by which Eurostat defines coastal regions (half of the people within 50 km of the sea).
COASTAL_KM = 50.0

#: From first to last.
LANDFORMS = ("coastal", "mountain", "inland")
_READS = ("coast_km", "shore_kind", "lake_km", "mountain")


def classify(cities: pd.DataFrame) -> pd.DataFrame:
    """Add the landform to a table of cities.

    Parameters
    ----------
    cities
        One row for each city, with `coast_km` (to the nearest sea coast), `shore_kind` (`sea` or
        `estuary`: what that coast is), `lake_km` (to the nearest named large lake) and
        `mountain` (whether the mask of mountains covers the city).

    Returns
    -------
    pandas.DataFrame
        The table with three more columns. `landform`: `coastal` within `COASTAL_KM` of open sea,
        an estuary or a named large lake; otherwise `mountain` by the mask; otherwise `inland`.
        `shore`: what makes it coastal (`sea` or `estuary`, whichever is nearest, before `lake`),
        empty where nothing does. `coast_and_mountain`: coastal, but covered by the mask as well.

    Raises
    ------
    DataError
        If a column is missing or a value unknown.

    References
    ----------
    Eurostat, Methodological manual on territorial typologies (2018): a coastal region has a sea
    border, or more than half of its population within 50 km of the sea.

    Examples
    --------
    >>> table = pd.DataFrame({"coast_km": [6.0, 900.0, 400.0, 700.0],
    ...     "shore_kind": ["sea"] * 4, "lake_km": [250.0, 4.0, 300.0, 500.0],
    ...     "mountain": [True, False, True, False]}, index=["Nice", "Chicago", "Bern", "Xi'an"])
    >>> classify(table)[["landform", "shore", "coast_and_mountain"]]
             landform shore  coast_and_mountain
    Nice      coastal   sea                True
    Chicago   coastal  lake               False
    Bern     mountain                     False
    Xi'an      inland                     False
    """
    _check(cities)
    by_sea = cities["coast_km"] <= COASTAL_KM
    coastal = by_sea | (cities["lake_km"] <= COASTAL_KM)
    mountain = cities["mountain"].astype(bool)
    landform = pd.Series("inland", index=cities.index, dtype="str")
    shore = pd.Series("", index=cities.index, dtype="str")
    return cities.assign(
        landform=landform.mask(mountain, "mountain").mask(coastal, "coastal"),
        shore=shore.mask(coastal, "lake").mask(by_sea, cities["shore_kind"].astype("str")),
        coast_and_mountain=coastal & mountain,
    )


def landform_counts(cities: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Count cities by landform, under the written precedence and under the other one.

    Parameters
    ----------
    cities
        With `landform` and `coast_and_mountain`, as `classify` returns them.

    Returns
    -------
    dict
        `coast_first` (as written) and `mountain_first` (what would follow if the mask of
        mountains came before the coast), each with the number of coastal, mountain and inland
        cities.

    Examples
    --------
    >>> cities = pd.DataFrame({"landform": ["coastal", "coastal", "inland"],
    ...                        "coast_and_mountain": [True, False, False]})
    >>> landform_counts(cities)["mountain_first"]
    {'coastal': 1, 'mountain': 1, 'inland': 1}
    """
    other = cities["landform"].mask(cities["coast_and_mountain"].astype(bool), "mountain")
    return {
        name: {landform: int((column == landform).sum()) for landform in LANDFORMS}
        for name, column in (("coast_first", cities["landform"]), ("mountain_first", other))
    }


def _check(cities: pd.DataFrame) -> None:
    """Raise all that keeps the landform from being known."""
    problems = [
        Problem("cities", None, name, "", "the column is missing; the landform needs it")
        for name in _READS
        if name not in cities
    ]
    for name in set(_READS) & set(cities.columns):
        problems += [
            Problem("cities", None, name, "", f"the value of row {label} is missing")
            for label in cities.index[cities[name].isna()]
        ]
    if not problems:
        near = cities[cities["coast_km"] <= COASTAL_KM]
        problems = [
            Problem("cities", None, "shore_kind", str(kind), "must be sea or estuary")
            for kind in near["shore_kind"].unique()
            if kind not in {"sea", "estuary"}
        ]
    if problems:
        raise DataError(sorted(problems, key=str))
