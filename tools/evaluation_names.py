"""Names of cities with coordinates that the gazetteer does not come from, to test the geocoder.

GNOME's libgweather (Debian, GPL-2+; used for tests only, nothing of it is shipped) lists 4,233
cities with coordinates from airports and national gazetteers, and its translators' names.
"""

import gettext
import random
import subprocess
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from physical_sources import Package, fetch

from tierscape.geo.confidence import apart_km
from tierscape.geo.fold import fold
from tierscape.geo.gazetteer import Gazetteer

PACKAGE = Package(
    name="libgweather-4-common",
    version="4.2.0-2",
    registry="Debian",
    archive="libgweather-4-common_4.2.0-2_all.deb",
    licence="GPL-2+",
    attribution="GNOME libgweather",
)
LANGUAGES = {"zh": "zh_CN", "ja": "ja", "ko": "ko", "ru": "ru", "ar": "ar"}
#: A city counts if the gazetteer has a place of its English name this near.
NEAR_KM = 30.0


@dataclass(frozen=True, slots=True)
class City:
    """A city with its names by language; `people` is the population that the gazetteer has."""

    country: str
    names: dict[str, str]
    lon: float
    lat: float
    people: int

    @property
    def held_out(self) -> bool:
        """Whether nothing may be fitted to this city: a half of all, by a hash of its name."""
        return zlib.crc32(f"{self.country} {self.names['en']}".encode()) % 2 == 1


def cities(folder: Path, places: Gazetteer) -> list[City]:
    """Return the cities that the gazetteer has, with their names in several languages."""
    fetch(folder, (PACKAGE,))
    subprocess.run(["dpkg-deb", "-x", folder / PACKAGE.archive, folder / "gweather"], check=True)
    share = folder / "gweather/usr/share"
    root = ET.parse(share / "libgweather-4/Locations.xml").getroot()  # noqa: S314 - Debian's file
    words = {language: _catalog(share, locale) for language, locale in LANGUAGES.items()}
    found = []
    for country, name, context, (lat, lon) in _listed(root, ""):
        people = _people(places, name, country, (lon, lat))
        key = f"{context}\x04{name}" if context else name
        names = {language: catalog.get(key, "") for language, catalog in words.items()}
        if people:
            found.append(City(country, {"en": name, **names}, lon, lat, people))
    return found


def misspelt(name: str, seed: int) -> str:
    """Return a name with one slip: a letter left out, doubled, or swapped with the next."""
    rng = random.Random(seed)  # noqa: S311 - a test, not a secret
    at = rng.randrange(1, len(name))
    kind = rng.randrange(3)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at] + name[at:]
    return name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]


def _catalog(share: Path, locale: str) -> dict[str, str]:
    path = share / f"locale/{locale}/LC_MESSAGES/libgweather-4.0-locations.mo"
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined,no-any-return] # noqa: SLF001 - no public way to list


def _listed(
    element: ET.Element, country: str
) -> Iterator[tuple[str, str, str, tuple[float, float]]]:
    """Yield country, English name, its context for translators, and (lat, lon) of each city."""
    if element.tag == "country":
        country = element.findtext("iso-code") or ""
    name = element.find("_name")
    point = element.findtext("coordinates") or element.findtext("location/coordinates")
    if element.tag == "city" and name is not None and name.text and point:
        lat, lon = map(float, point.split())
        yield country, name.text, name.get("msgctxt", ""), (lat, lon)
    for child in element:
        yield from _listed(child, country)


def _people(places: Gazetteer, name: str, country: str, point: tuple[float, float]) -> int:
    near = (
        place.population
        for place, _ in places.named(fold(name))
        if place.country == country and apart_km((place.lon, place.lat), point) <= NEAR_KM
    )
    return max(near, default=0)
