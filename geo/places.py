"""The table of ranked cities: one row per place, in the words of the documents."""

from collections.abc import Iterable
from itertools import chain

import pandas as pd

from ..data.records import Edition, Place
from .gazetteer import countries
from .geocode import Match
from .resolve import Resolved

PLACE_COLUMNS = (
    "city_id",
    "name_zh",
    "name_en",
    "country",
    "admin1",
    "continent",
    "lon",
    "lat",
    "population",
    "elevation_m",
    "match_status",
    "match_step",
)

# From the most to the least doubtful: a city shows the worst of its names.
_DOUBT = ("ambiguous", "matched")


def city_table(editions: Iterable[Edition], resolved: Resolved) -> pd.DataFrame:
    """Return every ranked city once, sorted by `city_id` as a number.

    Parameters
    ----------
    editions
        An edition with a `continent` says that all its cities lie on it: this is how Istanbul,
        Nicosia and four Russian cities are Asian in the documents. Otherwise a city lies on its
        country's continent.
    resolved
        The place of every published name, as `resolve_names` returns it.

    Returns
    -------
    pandas.DataFrame
        `city_id`, `name_zh` (the published name where the gazetteer has none), `name_en`,
        `country` (ISO 3166-1 alpha-2), `admin1` (GeoNames code), `continent`, `lon`, `lat`,
        `population`, `elevation_m` (missing where GeoNames has none), `match_status`,
        `match_step`.
    """
    continents = {country.country: country.continent for country in countries()}
    rows: dict[str, dict[str, object]] = {}
    for edition in sorted(editions, key=lambda edition: not edition.continent):
        for match in chain.from_iterable(resolved[edition.slug].values()):
            place = match.place
            if place is None:
                continue
            continent = edition.continent or continents.get(place.country, "")
            row = rows.setdefault(place.city_id, _row(place, match, continent))
            if _DOUBT.index(match.status) < _DOUBT.index(str(row["match_status"])):
                row |= {"match_status": match.status, "match_step": match.step}
    ordered = [rows[city_id] for city_id in sorted(rows, key=int)]
    table = pd.DataFrame(ordered, columns=list(PLACE_COLUMNS))
    return table.astype({"elevation_m": "Float64", "population": "int64"})


def _row(place: Place, match: Match, continent: str) -> dict[str, object]:
    return {
        "city_id": place.city_id,
        "name_zh": place.name_zh or match.input,
        "name_en": place.name_en,
        "country": place.country,
        "admin1": place.admin1,
        "continent": continent,
        "lon": place.lon,
        "lat": place.lat,
        "population": place.population,
        "elevation_m": place.elevation_m,
        "match_status": match.status,
        "match_step": match.step,
    }
