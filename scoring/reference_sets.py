"""A cluster against a reference set of cities outside it, both on its own continent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from ..data.errors import DataError, Problem, UnknownNameError, did_you_mean
from .adjust import holm
from .aggregate import MIN_MEMBERS, cluster_members
from .pairs import COST_OF_MANY, GroupComparison, compare_members
from .tiers import BoolArray, TierTable, check_tiers, tier_tables

#: The reference sets: the landform their cities have; None is any.
REFERENCES: Mapping[str, str | None] = {"coastal": "coastal", "rest": None}

#: What a city scores in the test.
SCORES = "midranks of the tiers among the cities of both sets"


@dataclass(frozen=True, slots=True, eq=False)
class ReferencePair:
    """A cluster and one of its reference sets in one dimension.

    Attributes
    ----------
    cluster, reference
        Slug of the cluster, and `coastal` or `rest`.
    continents
        The continents of the cluster's cities, alphabetical.
    members, others
        Of every city of the dimension, whether it is in the cluster or in the reference set.
    """

    cluster: str
    reference: str
    continents: tuple[str, ...]
    members: BoolArray
    others: BoolArray


def reference_pairs(
    table: TierTable,
    membership: pd.DataFrame,
    cities: pd.DataFrame,
    slugs: Sequence[str] | None = None,
) -> Iterator[ReferencePair]:
    """Yield every cluster with its reference sets in one dimension.

    The reference set holds ranked cities of the cluster's continents: of all the continents that
    its core members there lie on. It never holds a city of the cluster, core or extended.

    Parameters
    ----------
    table
        One dimension of one edition.
    membership
        Table as `membership.csv`.
    cities
        Table as `cities.csv`; `city_id`, `continent` and `landform` are read.
    slugs
        The clusters; None is all of them. Those without a core member there are left out.
    """
    places = cities.set_index("city_id").loc[table.city_ids]
    core, every = (cluster_members(membership, role) for role in ("core", "all"))
    for slug in core if slugs is None else slugs:
        members, wider = table.members(core[slug]), table.members(every[slug])
        if not members.any():
            continue
        continents = tuple(sorted(places.loc[members, "continent"].unique()))
        near = places["continent"].isin(continents).to_numpy() & ~wider
        for name, landform in REFERENCES.items():
            fits = near if landform is None else near & (places["landform"] == landform).to_numpy()
            yield ReferencePair(slug, name, continents, members, fits)


def against_reference(
    tiers: pd.DataFrame,
    membership: pd.DataFrame,
    cities: pd.DataFrame,
    slugs: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Compare every cluster with the coastal cities, and with the rest, of its continent.

    The difference, its bounds and the probability of being ahead are those of `compare`; the test
    is Wilcoxon's rank-sum test with midranks, by its exact permutation law
    (`bounds.permutation_p`).

    Parameters
    ----------
    tiers, membership, cities
        Tables as in the files of the same names.
    slugs
        The clusters whose rows are returned; None is all. p-values are adjusted over all clusters
        either way.

    Returns
    -------
    pandas.DataFrame
        One row per edition, dimension, cluster with core members there, and `reference`
        (`coastal`: the coastal cities of the cluster's continents; `rest`: all their cities; never
        one of the cluster, core or extended): `continents`, `n_cluster`, `n_reference`,
        `difference` (percentile of the cluster less that of the reference), `difference_lower`,
        `difference_upper`, `certain`, `p_ahead`, `p_method`, `p_value` (two-sided), `p_adjusted`
        (Holm, over all clusters against that reference in the dimension), `scores` and `note`
        (why numbers are missing).

    Raises
    ------
    DataError
        If the tiers table breaks its rules, or a ranked city has no row in `cities`.
    UnknownNameError
        If there is no cluster of a slug.
    """
    check_tiers(tiers)
    check_places(tiers, cities)
    for slug in slugs or ():
        if slug not in (known := cluster_members(membership, "core")):
            raise UnknownNameError("cluster", slug, known)
    rows = [
        {"edition": edition, "dimension": dimension, **_row(table, pair)}
        for edition, dimension, table in tier_tables(tiers)
        for pair in reference_pairs(table, membership, cities)
    ]
    result = pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)
    families = result.groupby(["edition", "dimension", "reference"], sort=False)["p_value"]
    result.insert(list(_TYPES).index("p_value") + 1, "p_adjusted", families.transform(holm))
    if slugs is not None:
        result = result[result["cluster"].isin(slugs)]
    return result.reset_index(drop=True)


_TYPES = {
    "edition": "str",
    "dimension": "str",
    "cluster": "str",
    "reference": "str",
    "continents": "str",
    "n_cluster": "int64",
    "n_reference": "int64",
    "difference": "float64",
    "difference_lower": "float64",
    "difference_upper": "float64",
    "certain": "boolean",
    "p_ahead": "float64",
    "p_method": "str",
    "p_value": "float64",
    "scores": "str",
    "note": "str",
}


def check_places(tiers: pd.DataFrame, cities: pd.DataFrame) -> None:
    """Check that every ranked city has one row with its continent and landform.

    Raises
    ------
    DataError
        With every column that is missing, and every city that is missing or stands twice.
    """
    source = "cities.csv"
    problems = [
        Problem(source, 1, name, "", "is missing", did_you_mean(name, map(str, cities.columns)))
        for name in ("city_id", "continent", "landform")
        if name not in cities
    ]
    if not problems:
        absent = sorted(set(tiers["city_id"]) - set(cities["city_id"]))
        twice = cities.loc[cities["city_id"].duplicated(), "city_id"].unique()
        problems = [
            *(Problem(source, None, "city_id", city, "a ranked city has a row") for city in absent),
            *(Problem(source, None, "city_id", city, "a city has one row") for city in twice),
        ]
    if problems:
        raise DataError(problems)


def _row(table: TierTable, pair: ReferencePair) -> dict[str, Any]:
    n_cluster, n_reference = int(pair.members.sum()), int(pair.others.sum())
    row: dict[str, Any] = {
        "cluster": pair.cluster,
        "reference": pair.reference,
        "continents": ";".join(pair.continents),
        "n_cluster": n_cluster,
        "n_reference": n_reference,
        "scores": SCORES,
        "note": too_few(n_cluster, n_reference),
    }
    if not n_reference:
        return row
    found = compare_members(table, pair.members, pair.others, COST_OF_MANY)
    return row | _numbers(found)


def _numbers(found: GroupComparison) -> dict[str, Any]:
    names = ("difference", "difference_lower", "difference_upper", "certain", "p_method", "p_value")
    numbers = asdict(found)
    return {"p_ahead": found.p_a_ahead, **{name: numbers[name] for name in names}}


def too_few(n_cluster: int, n_reference: int) -> str:
    """Return why there is no p-value, or nothing.

    Examples
    --------
    >>> too_few(2, 40)
    'cluster: 2 cities, no p-value below 3'
    >>> too_few(5, 0)
    'reference: no city here'
    """
    if not n_reference:
        return "reference: no city here"
    return "; ".join(
        f"{name}: {count} {'city' if count == 1 else 'cities'}, no p-value below {MIN_MEMBERS}"
        for name, count in (("cluster", n_cluster), ("reference", n_reference))
        if count < MIN_MEMBERS
    )
