"""The analysis: editions to tables, every step a pure function of the one before."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pandas as pd

from tierscape.clusters.landform import classify
from tierscape.clusters.measures import geodesic_measures, remembered
from tierscape.clusters.membership import assign
from tierscape.clusters.survey import Measures
from tierscape.data.catalog import Catalog
from tierscape.data.claim_loader import load_claims
from tierscape.data.claim_records import Claim
from tierscape.data.cluster_loader import load_clusters
from tierscape.data.edition_loader import COUNTRY, read_editions
from tierscape.data.errors import DataError, Problem
from tierscape.data.known_names import known_names
from tierscape.data.reading import gather
from tierscape.data.records import ClusterDefinition, Edition, Entry, Rubric
from tierscape.data.rubric_loader import load_rubric
from tierscape.geo.aliases import Alias
from tierscape.geo.elevation import elevation_m
from tierscape.geo.gazetteer import gazetteer
from tierscape.geo.geocode import Geocoder, load_aliases
from tierscape.geo.measures import measure
from tierscape.geo.places import city_table
from tierscape.geo.resolve import Resolved, resolve_names, tier_table
from tierscape.score_folders import open_facts, score_folders
from tierscape.scoring.aggregate import summarise
from tierscape.scoring.audit import audit
from tierscape.scoring.claims import judge
from tierscape.scoring.compare import compare_all

if TYPE_CHECKING:
    from tierscape.score_places import Ranking

#: The columns of `cities.csv` that other tools rely on; the others follow them.
CITY_COLUMNS = (
    *("city_id", "name_zh", "name_en", "country", "continent", "lon", "lat", "population"),
    *("landform", "shore", "coast_km", "sea", "range", "range_km", "elevation_m"),
)

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Places:
    """Editions with their cities placed: what clusters are compared on.

    Attributes
    ----------
    editions, definitions, claims
        The records that were read.
    cities, tiers, membership
        Tables with the columns of the files of the same names.
    measures
        The geography that the rules asked for, with what was measured of the cities.
    """

    catalog: Catalog
    editions: tuple[Edition, ...]
    definitions: tuple[ClusterDefinition, ...]
    cities: pd.DataFrame
    tiers: pd.DataFrame
    membership: pd.DataFrame
    claims: tuple[Claim, ...]
    measures: Measures


@dataclass(frozen=True, slots=True)
class Analysis:
    """Places with everything that follows from them; tables as the files of the same names."""

    places: Places
    clusters: pd.DataFrame
    comparisons: pd.DataFrame
    claims: pd.DataFrame
    audit: pd.DataFrame


def load(data: Path | None = None, editions: Iterable[str] = ()) -> Places:
    """Read editions and clusters, find every city, measure it, and derive the members.

    Parameters
    ----------
    data
        A folder of your own facts, laid over the built-in ones. Score folders in its `scores/`
        are editions; it may be a score folder itself.
    editions
        Slugs of the editions to read; all where empty.

    Returns
    -------
    Places
        The cities, their tiers, and the members of every cluster.

    Raises
    ------
    DataError
        With all problems of all files.
    UnknownNameError
        If there is no edition of a slug.

    Examples
    --------
    >>> places = load(editions=["arab-2024"])
    >>> len(places.cities), places.tiers["dimension"].nunique()
    (62, 3)
    """
    catalog = open_facts(data)
    chosen, resolved, definitions, claims = _read(catalog, tuple(editions))
    return place(catalog, chosen, resolved, definitions, claims=claims)


def place(
    catalog: Catalog,
    editions: tuple[Edition, ...],
    resolved: Resolved,
    definitions: tuple[ClusterDefinition, ...],
    *,
    claims: tuple[Claim, ...] | None = None,
) -> Places:
    """Measure the cities of editions, and derive the members of clusters.

    Parameters
    ----------
    catalog, editions, resolved, definitions
        What was read, and the place of every name.
    claims
        The claims of the catalog; read from it where they are not given.
    """
    cities = place_cities(city_table(editions, resolved))
    measures = remembered(geodesic_measures())
    return Places(
        catalog=catalog,
        editions=editions,
        definitions=definitions,
        cities=cities,
        tiers=tier_table(editions, resolved),
        membership=assign(definitions, cities, measures=measures),
        claims=load_claims(catalog) if claims is None else claims,
        measures=measures,
    )


def place_cities(cities: pd.DataFrame) -> pd.DataFrame:
    """Add what the physical geography says of each city: distances, elevation, landform.

    Parameters
    ----------
    cities
        `lon`, `lat` and what else there is.

    Returns
    -------
    pandas.DataFrame
        The columns of `cities.csv`, and further ones after them. Where GeoNames gives no
        elevation it is the grid's.
    """
    lon, lat = cities["lon"].to_numpy(float), cities["lat"].to_numpy(float)
    grid = pd.Series(elevation_m(lon, lat), index=cities.index, dtype="Float64")
    known = cities.get("elevation_m", grid)
    elevation = known.fillna(grid).round().astype("Int64")
    placed = classify(cities.join(measure(cities))).assign(elevation_m=elevation)
    first = [name for name in CITY_COLUMNS if name in placed]
    return placed[[*first, *(name for name in placed.columns if name not in first)]]


def analyse(places: Places, progress: Progress = lambda _: None) -> Analysis:
    """Derive results, comparisons, verdicts and findings from places.

    Parameters
    ----------
    places
        What `load` returns.
    progress
        Called with the name of each stage before it begins.

    Raises
    ------
    DataError
        With all problems of the sources' claims and printed means.
    """
    progress("aggregating tiers per cluster")
    landforms = {each.slug: each.landform for each in places.definitions}
    results = summarise(places.tiers, places.membership, landforms)
    progress("comparing clusters")
    comparisons = compare_all(places.tiers, places.membership)
    progress("judging claims")
    verdicts = judge_claims(places)
    progress("auditing editions")
    return Analysis(
        places=places,
        clusters=results,
        comparisons=comparisons,
        claims=verdicts,
        audit=audit_editions(places),
    )


def judge_claims(places: Places, claims: Iterable[Claim] | None = None) -> pd.DataFrame:
    """Judge claims, all that were read where none are given, by the tables of places."""
    return judge(
        places.claims if claims is None else claims,
        places.tiers,
        places.cities,
        places.membership,
        editions=places.editions,
    )


def audit_editions(places: Places) -> pd.DataFrame:
    """List what the editions contradict in themselves and in each other."""
    return audit(
        places.editions,
        places.tiers,
        rubrics=_rubrics(places),
        cities=places.cities,
        aliases=_aliases(places),
        claims=places.claims,
        membership=places.membership,
    )


def _aliases(places: Places) -> list[Alias]:
    """Read the reviewed names."""
    with gazetteer() as known:
        return list(load_aliases(places.catalog, known).values())


def _rubrics(places: Places) -> list[Rubric]:
    """Read the methodologies that the editions name."""
    slugs = sorted({edition.rubric for edition in places.editions} - {""})
    return gather(partial(load_rubric, places.catalog, slug) for slug in slugs)


def _read(
    catalog: Catalog, slugs: tuple[str, ...]
) -> tuple[tuple[Edition, ...], Resolved, tuple[ClusterDefinition, ...], tuple[Claim, ...]]:
    """Read all that a user can get wrong, and report the problems of all of it together."""
    tasks: list[Callable[[], object]] = [
        partial(_read_editions, catalog, slugs),
        partial(load_clusters, catalog, known=known_names()),
        partial(load_claims, catalog),
    ]
    named, definitions, claims = gather(tasks)
    editions, resolved = cast("tuple[tuple[Edition, ...], Resolved]", named)
    return (
        editions,
        resolved,
        cast("tuple[ClusterDefinition, ...]", definitions),
        cast("tuple[Claim, ...]", claims),
    )


def _read_editions(
    catalog: Catalog, slugs: tuple[str, ...]
) -> tuple[tuple[Edition, ...], Resolved]:
    """Read editions and score folders, and find the place of every name in them."""
    scores = score_folders(catalog)
    published = slugs or tuple(slug for slug in catalog.items("editions") if slug not in scores)
    editions, problems = read_editions(catalog, [s for s in published if s not in scores])
    chosen = [folder for slug, folder in scores.items() if not slugs or slug in slugs]
    tasks: list[Callable[[], object]] = [partial(resolve_editions, catalog, editions, problems)]
    if chosen:
        from tierscape.score_places import read_ranking  # noqa: PLC0415 - few have own scores

        tasks += [partial(read_ranking, folder, catalog) for folder in chosen]
    resolved, *rankings = gather(tasks)
    found = dict(cast("Resolved", resolved))
    for ranking in cast("list[Ranking]", rankings):
        editions = (*editions, ranking.edition)
        found[ranking.edition.slug] = ranking.resolved
    return editions, found


def resolve_editions(
    catalog: Catalog, editions: Iterable[Edition], problems: Iterable[Problem] = ()
) -> Resolved:
    """Find the place of every name of editions, and report what is wrong with both together.

    Parameters
    ----------
    catalog
        Where the aliases are found.
    editions, problems
        What `read_editions` returns.

    Raises
    ------
    DataError
        With the problems of the editions, of the aliases, and of names that no place answers to.
    """
    faults = list(problems)
    asked = [_askable(edition) for edition in editions] if faults else list(editions)
    try:
        with gazetteer() as places:
            resolved = resolve_names(asked, Geocoder(places, load_aliases(catalog, places)))
    except DataError as error:
        faults += error.problems
    if faults:
        raise DataError(faults)
    return resolved


def _askable(edition: Edition) -> Edition:
    """Return a faulty edition with the names that can be looked up: none empty, none twice.

    Where a country code is wrong every name would seem unknown, so that none is asked for.
    """
    known = all(COUNTRY.fullmatch(code) for code in edition.countries)
    dimensions = tuple(
        replace(each, entries=_once(each.entries) if known else ()) for each in edition.dimensions
    )
    return replace(edition, dimensions=dimensions)


def _once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries that have a name, each name and each pinned place once."""
    found: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        key = ("city_id", entry.city_id) if entry.city_id else ("name", entry.name)
        found.setdefault(key, entry)
    return tuple(entry for entry in found.values() if entry.name)
