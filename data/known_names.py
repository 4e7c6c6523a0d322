"""The names that cluster rules may use, and their titles, from the shipped tables."""

from functools import lru_cache

from .catalog import BUILT_IN
from .physical_loader import (
    lake_family,
    lake_slugs,
    load_lake_names,
    load_range_names,
    load_region_names,
    load_seas,
    range_slugs,
    region_slugs,
    sea_slugs,
)
from .reading import read_csv
from .rule_reader import Known


@lru_cache(maxsize=1)
def known_names() -> Known:
    """Return the seas, lakes, ranges, regions and countries that rules may name.

    Examples
    --------
    >>> "north-sea" in known_names().seas, "KZ" in known_names().countries
    (True, True)
    """
    return Known(
        seas=frozenset(sea_slugs()),
        lakes=frozenset(lake_slugs()),
        ranges=frozenset(range_slugs()),
        regions=frozenset(region_slugs()),
        countries=frozenset(row["country"] for row in _countries()),
    )


@lru_cache(maxsize=1)
def name_titles() -> dict[str, tuple[str, str]]:
    """Return the English and Chinese title of every slug and country code that rules may name.

    A group of lakes is called by its lakes.

    Examples
    --------
    >>> name_titles()["baltic"], name_titles()["KZ"]
    (('Baltic Sea', '波罗的海'), ('Kazakhstan', '哈萨克斯坦'))
    """
    titles = {row["country"]: (row["name_en"], row["name_zh"]) for row in _countries()}
    for named in (*load_seas(), *load_lake_names(), *load_range_names(), *load_region_names()):
        titles[named.slug] = (named.title_en, named.title_zh)
    for group in {lake.parent for lake in load_lake_names()} - {""}:
        family = lake_family(group)
        lakes = [titles[lake.slug] for lake in load_lake_names() if lake.slug in family]
        titles[group] = (", ".join(en for en, _ in lakes), "、".join(zh for _, zh in lakes))
    return titles


def _countries() -> list[dict[str, str]]:
    """Return the rows of the table of countries."""
    columns = ["country", "name_en", "name_zh"]
    return [row for _, row in read_csv(BUILT_IN / "gazetteer" / "countries.csv", columns)]
