"""What the build of the gazetteer reads beside the places: heights, Chinese and usual names."""

import csv
import gettext
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tierscape.geo.fold import fold, is_han, without_suffix

TARGET = Path(__file__).parent.parent / "data" / "gazetteer"

Place = dict[str, Any]


def elevations(folder: Path) -> dict[int, int]:
    """Return GeoNames' elevation model at each place, in metres."""
    heights: dict[int, int] = {}
    with (folder / "cities/package/cities1000.txt").open(encoding="utf-8") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if len(cells) > 16 and cells[16] and cells[16] != "-9999":
                heights[int(cells[0])] = int(cells[16])
    return heights


def labelled_chinese(folder: Path, simplify: Callable[[str], str]) -> dict[int, str]:
    """Return the names that GeoNames marks as Chinese, simplified; mainland forms win."""
    names: dict[int, str] = {}
    for locale in ("zh_TW", "zh_HK", "zh", "zh_SG", "zh_CN"):
        path = folder / f"geonames/usr/share/locale/{locale}/LC_MESSAGES/geonames.mo"
        with path.open("rb") as file:
            catalog = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined] # noqa: SLF001 - no public way to list
        for key, name in catalog.items():
            if key.isdigit() and is_han(fold(name)):
                names[int(key)] = simplify(name)
    return names


def zone_cities(cities: Iterable[Place]) -> dict[int, str]:
    """Return CLDR's Chinese names of the cities that time zones are named after."""
    from babel import Locale  # noqa: PLC0415 - needed by this step of this tool only

    chinese = Locale("zh").time_zones
    names: dict[int, str] = {}
    for city in sorted(cities, key=lambda city: int(city["population"])):
        name = chinese.get(city["timezone"], {}).get("city", "")
        zone = city["timezone"].rpartition("/")[2]
        if is_han(name) and fold(zone) == fold(city["name"]):
            names[int(city["geonameid"])] = name
    return names


def chinese_name(labelled: str, alternates: Iterable[str], simplify: Callable[[str], str]) -> str:
    """Return the labelled Chinese name, else the form written most often.

    Traditional and simplified forms count together; the administrative suffix goes where the
    shorter form is written somewhere too.
    """
    forms = Counter(simplify(name) for name in sorted(alternates) if is_han(fold(name)))
    best = labelled or max(forms, key=lambda form: (forms[form], -len(form), form), default="")
    shorter = without_suffix(best)
    return shorter if shorter and (shorter in forms or best.endswith("市")) else best


def reviewed_chinese() -> dict[int, list[str]]:
    """Return the reviewed Chinese names of places for which the packages have none."""
    names: dict[int, list[str]] = {}
    with (TARGET / "chinese_names.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            names.setdefault(int(row["city_id"]), []).append(row["name_zh"])
    return names


def usual_names() -> dict[int, str]:
    """Return the reviewed English names of places that GeoNames calls otherwise."""
    with (TARGET / "usual_names.csv").open(encoding="utf-8", newline="") as lines:
        return {int(row["city_id"]): row["name_en"] for row in csv.DictReader(lines)}
