"""Public names: from city names to places."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tierscape.data.catalog import open_catalog
from tierscape.data.errors import DataError, Problem, did_you_mean
from tierscape.geo.gazetteer import countries as every_country
from tierscape.geo.gazetteer import country_code, gazetteer
from tierscape.geo.geocode import Geocoder, load_aliases
from tierscape.geocoding import COLUMNS, record

if TYPE_CHECKING:
    import pandas as pd


@contextmanager
def open_geocoder(data: Path | None = None) -> Iterator[Geocoder]:
    """Open the gazetteer, and give a geocoder while it is open. Loads neither pandas nor numpy.

    Parameters
    ----------
    data
        A folder of your own facts, whose aliases are laid over the built-in ones.

    Yields
    ------
    Geocoder
        `find` one name, `find_all` of several, `suggest` what a misspelt one may mean.

    Raises
    ------
    DataError
        If an alias file has faults.
    TierscapeError
        If `data` is no folder of facts.

    Examples
    --------
    >>> with open_geocoder() as geocoder:
    ...     match = geocoder.find("慕尼黑")
    >>> match.status, match.place.name_en, match.place.lon, match.place.lat
    ('matched', 'Munich', 11.57549, 48.13743)
    """
    catalog = open_catalog(data)
    with gazetteer() as places:
        yield Geocoder(places, load_aliases(catalog, places))


def geocode(
    names: Iterable[str], *, countries: Iterable[str] = (), data: Path | None = None
) -> "pd.DataFrame":
    """Find the places of city names, in any language that the gazetteer knows.

    Parameters
    ----------
    names
        One name for each row; the names of a list help each other.
    countries
        Look only here: codes of two or three letters, or names in Chinese or English.
    data
        A folder of your own facts, whose aliases are laid over the built-in ones.

    Returns
    -------
    pandas.DataFrame
        One row for each name, in order: `input`, `status` (`matched`, `ambiguous`, `suggested`
        or `not_found`), `city_id` (GeoNames), `name_en`, `name_zh`, `country` (ISO 3166-1
        alpha-2), `lon`, `lat` (degrees, EPSG:4326), `population`, `confidence` (probability of
        being within 50 km), `candidates`, `step`, `reason`. Where there is no place its cells
        are empty texts.

    Raises
    ------
    DataError
        With every country that is none, or if an alias file has faults.
    TierscapeError
        If `data` is no folder of facts.

    Examples
    --------
    >>> found = geocode(["罗马", "Munihc"], countries=["意大利", "DE"])
    >>> found[["status", "name_en", "country"]].values.tolist()
    [['matched', 'Rome', 'IT'], ['suggested', 'Munich', 'DE']]
    """
    import pandas as pd  # noqa: PLC0415 - a geocoder does without

    asked, scope = list(names), _codes(countries)
    with open_geocoder(data) as geocoder:
        found = geocoder.answer(asked, [scope] * len(asked))
        return pd.DataFrame([record(match) for match in found], columns=list(COLUMNS))


def _codes(names: Iterable[str]) -> tuple[str, ...]:
    """Return the code of each country; raise every one that is none."""
    codes = {name: country_code(name) for name in names}
    known = [text for each in every_country() for text in (each.name_en, each.name_zh) if text]
    problems = [
        Problem("countries", None, None, name, "is no country", did_you_mean(name, known))
        for name, code in codes.items()
        if not code
    ]
    if problems:
        raise DataError(problems)
    return tuple(filter(None, codes.values()))
