"""The cities of a score folder as places, and its ranking as an edition with their ids."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tierscape.data.catalog import Catalog
from tierscape.data.errors import DataError, Problem, TierscapeError
from tierscape.data.records import Edition
from tierscape.data.score_cities import read_cities, within_scope
from tierscape.data.score_folder import load_score_folder
from tierscape.data.score_index import read_index
from tierscape.data.score_records import RankedCity, ScoreFolder
from tierscape.geo.gazetteer import gazetteer
from tierscape.geo.geocode import Geocoder, load_aliases
from tierscape.geo.match import Match
from tierscape.score_edition import score_edition
from tierscape.score_folders import INDEX, named
from tierscape.scoring.index.index import IndexResult, compute_index


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """A score folder, what its index gives, and the places of its cities.

    Attributes
    ----------
    folder, result
        What was read, and what `compute_index` makes of it.
    matches
        The place of each ranked city by its name.
    edition
        The ranking as an edition: the total and each group of level 1 is a dimension.
    """

    folder: ScoreFolder
    result: IndexResult
    matches: Mapping[str, Match]
    edition: Edition

    @property
    def city_ids(self) -> dict[str, str]:
        """GeoNames id by name of city."""
        return {name: match.place.city_id for name, match in self.matches.items() if match.place}

    @property
    def resolved(self) -> dict[str, tuple[Match, ...]]:
        """The matches of each dimension of the edition, in the order of its entries."""
        return {
            dimension.slug: tuple(self.matches[entry.name] for entry in dimension.entries)
            for dimension in self.edition.dimensions
        }


def read_ranking(folder: Path, catalog: Catalog) -> Ranking:
    """Read a score folder, find its cities, and compute its index.

    Parameters
    ----------
    folder
        A score folder.
    catalog
        Where the aliases are found.

    Raises
    ------
    TierscapeError
        If `folder` is not a folder.
    DataError
        With every problem of its files and of its cities; if there are none, with the reason why
        the index cannot be computed.
    """
    folder = named(Path(folder))
    scores, problems = _read(folder)
    cities = _listed(folder) if scores is None else scores.cities
    inside = cities
    if scores is not None:
        inside = tuple(city for city in cities if within_scope(city, scores.index.scope))
    source = folder / ("cities.csv" if (folder / "cities.csv").is_file() else "ratings.csv")
    matches, unknown = find_cities(inside, source, catalog)
    if scores is None or problems or unknown:
        raise DataError([*problems, *unknown])
    result = _computed(scores)
    ids = {name: match.place.city_id for name, match in matches.items() if match.place}
    countries = sorted({match.place.country for match in matches.values() if match.place})
    return Ranking(scores, result, matches, score_edition(scores, result, ids, countries))


def find_cities(
    cities: Iterable[RankedCity], file: Path, catalog: Catalog
) -> tuple[dict[str, Match], list[Problem]]:
    """Find the place of every city, each in its own country if it has one.

    Parameters
    ----------
    cities
        With the lines of `file`; a `city_id` decides.
    file
        What messages name.
    catalog
        Where the aliases are found.

    Returns
    -------
    matches, problems
        By name, `matched` or `ambiguous`; and every city that no place answers to, and every
        second name of one place.
    """
    found: dict[str, Match] = {}
    problems: list[Problem] = []
    first: dict[str, RankedCity] = {}
    with gazetteer() as places:
        geocoder = Geocoder(places, load_aliases(catalog, places))
        for city in cities:
            match = _find(city, geocoder)
            found[city.name] = match
            if match.place is None:
                problems.append(_unknown(city, file, geocoder))
                continue
            other = first.setdefault(match.place.city_id, city)
            if other is not city:
                rule = f"is the same place as {other.name!r} in line {other.line}"
                remedy = f"Both are {match.place.name_en}: remove one, or give its city_id."
                problems.append(Problem(str(file), city.line, "city", city.name, rule, remedy))
    return found, problems


def _find(city: RankedCity, geocoder: Geocoder) -> Match:
    if not city.city_id:
        return geocoder.find(city.name, _scope(city))
    place = geocoder.gazetteer.place(city.city_id)
    return Match(city.name, "matched" if place else "not_found", "given" if place else "", place)


def _scope(city: RankedCity) -> tuple[str, ...]:
    return (city.country,) if city.country else ()


def _unknown(city: RankedCity, file: Path, geocoder: Geocoder) -> Problem:
    """Return what is wrong with a city that no place answers to, with the nearest names."""
    if city.city_id:
        rule = "no place of the gazetteer has this id"
        remedy = "Give a GeoNames id of a place over 15,000 people, or leave it empty."
        return Problem(str(file), city.line, "city_id", city.city_id, rule, remedy)
    place = geocoder.suggest(city.name, _scope(city)).place
    near = [place.name_en] if place else geocoder.nearest_names(city.name, _scope(city))
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    where = f"in {city.country}" if city.country else "anywhere"
    rule = f"no place {where} has this name"
    remedy = f"{meant}Else give its country and city_id in cities.csv, or a line in aliases/."
    return Problem(str(file), city.line, "city", city.name, rule, remedy)


def _read(folder: Path) -> tuple[ScoreFolder | None, tuple[Problem, ...]]:
    try:
        return load_score_folder(folder), ()
    except DataError as error:
        return None, error.problems


def _listed(folder: Path) -> tuple[RankedCity, ...]:
    """Return the cities of a faulty folder that can be looked up: those with a name, once."""
    index = read_index(folder / INDEX, [])
    cities = read_cities(folder / "cities.csv", index, []) or ()
    return tuple({city.name: city for city in reversed(cities) if city.name}.values())[::-1]


def _computed(scores: ScoreFolder) -> IndexResult:
    """Compute the index; what prevents it is told with the file."""
    try:
        return compute_index(scores)
    except DataError as error:
        raise DataError(
            replace(each, file=str(scores.folder / Path(each.file).name)) for each in error.problems
        ) from None
    except TierscapeError as error:
        rule = str(error).removesuffix(".")
        file = str(scores.folder / INDEX)
        raise DataError([Problem(file, None, None, scores.index.slug, rule)]) from None


def ambiguous(ranking: Ranking) -> list[str]:
    """Return a sentence for each city whose name more than one place has."""
    return [
        f"{name}: taken for {place.name_en} ({place.country}, {place.city_id}); "
        f"{len(match.candidates)} other places have this name. Give its city_id if it is another."
        for name, match in ranking.matches.items()
        if match.status == "ambiguous" and (place := match.place)
    ]
