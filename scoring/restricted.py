"""Tests of a cluster against its reference set that know that clusters are made of neighbours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import connected_components

from ..data.errors import UnknownNameError
from .aggregate import cluster_members
from .reference_sets import ReferencePair, check_places, reference_pairs, too_few
from .spatial_null import NEIGHBOURS, contiguous_p, links, moran_vectors, spectral_p
from .tasks import Arrays, Mapped, one_by_one
from .tiers import BoolArray, FloatArray, IntArray, TierTable, check_tiers, tier_sizes, tier_tables

#: What each test asks, for a reader.
QUESTIONS: Mapping[str, Mapping[str, str]] = {
    "plain": {
        "en": "Would labels dealt out at random, anywhere among these cities, set the two groups"
        " as far apart? Neighbours resemble each other, so this test finds differences too easily.",
        "zh": "若在这些城市中随意分派标签，两组的差距会有这么大吗？相邻城市彼此相似，"
        "因此这一检验偏于宽松，容易得出“有差异”。",
    },
    "contiguous": {
        "en": "Would another group of as many neighbouring cities, grown from a random place among"
        " these, stand out as much?",
        "zh": "若从这些城市中随机一处向邻近城市逐个扩展，得到同样大小的连片城市群，"
        "它会同样突出吗？",
    },
    "spectral": {
        "en": "Would another pattern of tiers with the same spatial autocorrelation (Moran's I),"
        " laid over these cities regardless of the cluster, set the two groups as far apart?",
        "zh": "若等级的空间格局具有同样的空间自相关（莫兰指数），但与该城市群无关，"
        "两组的差距会有这么大吗？",
    },
}


def spatially_restricted(  # noqa: PLR0913 - what is asked, and what does it
    tiers: pd.DataFrame,
    membership: pd.DataFrame,
    cities: pd.DataFrame,
    slugs: Sequence[str] | None = None,
    *,
    draws: int = 999,
    seed: int = 0,
    mapped: Mapped = one_by_one,
) -> pd.DataFrame:
    """Test clusters against their reference sets among neighbours, in every dimension.

    The cities are those of the cluster and the reference set (`against_reference`); they score the
    midranks of their tiers among them, as in the plain test.

    Parameters
    ----------
    tiers, membership, cities
        Tables as in the files of the same names.
    slugs
        The clusters; None is all.
    draws
        Random groups, and random patterns, for each test.
    seed
        Seed; every test draws by itself, whichever others are asked for.
    mapped
        What does the tests, each of which is a task; the result is the same whatever does them.

    Returns
    -------
    pandas.DataFrame
        One row as in `against_reference`: `edition`, `dimension`, `cluster`, `reference`,
        `contiguous` (whether the cluster is connected by the links), `p_contiguous`, `p_spectral`
        (two-sided), `neighbours`, `draws`, `seed`, `note` (why a p-value is missing).

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
    where = cities.set_index("city_id")[["lon", "lat"]]
    heads, cases = [], []
    for edition, dimension, table in tier_tables(tiers):
        for pair in reference_pairs(table, membership, cities, slugs):
            note = too_few(int(pair.members.sum()), int(pair.others.sum()))
            head = {"edition": edition, "dimension": dimension, "cluster": pair.cluster}
            heads.append(head | {"reference": pair.reference, "note": note})
            if not note:
                key = f"{edition}/{dimension}/{pair.cluster}/{pair.reference}"
                cases.append(_case(table, pair, where, [seed, crc32(key.encode())]))
    work = partial(_tested, tuple(cases), draws)
    found = mapped("restricted tests", work, range(len(cases)))
    common = {"neighbours": NEIGHBOURS, "draws": draws, "seed": seed}
    rows = [head | common | ({} if head["note"] else _row(next(found))) for head in heads]
    return pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)


_TYPES = {
    "edition": "str",
    "dimension": "str",
    "cluster": "str",
    "reference": "str",
    "contiguous": "boolean",
    "p_contiguous": "float64",
    "p_spectral": "float64",
    "neighbours": "int64",
    "draws": "int64",
    "seed": "int64",
    "note": "str",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    """A cluster among the cities of its test: their scores, places and ids, and its seed."""

    scores: FloatArray
    members: BoolArray
    points: FloatArray
    ids: tuple[str, ...]
    seed: list[int]


def _case(table: TierTable, pair: ReferencePair, where: pd.DataFrame, seed: list[int]) -> _Case:
    union = pair.members | pair.others
    place = where.loc[table.city_ids[union]]
    scores = midranks(table.tier[union])
    return _Case(scores, pair.members[union], place.to_numpy(), tuple(place.index), seed)


def _tested(cases: Sequence[_Case], draws: int, number: int) -> Arrays:
    """Return whether one cluster is connected, and its p-values; NaN for one that is none."""
    case = cases[number]
    rng = np.random.default_rng(case.seed)
    weights = links(case.points, case.ids)
    linked = weights > 0
    contiguous = contiguous_p(case.scores, case.members, linked, draws=draws, rng=rng)
    spectral = spectral_p(case.scores, case.members, moran_vectors(weights), draws=draws, rng=rng)
    parts = connected_components(linked[np.ix_(case.members, case.members)], directed=False)[0]
    return {
        "contiguous": np.array(parts == 1),
        "p_contiguous": np.array(np.nan if contiguous is None else contiguous),
        "p_spectral": np.array(spectral),
    }


def _row(found: Arrays) -> dict[str, Any]:
    row = {name: value.item() for name, value in found.items()}
    none = np.isnan(row["p_contiguous"])
    return row | {"note": "no part of the map links as many cities" if none else ""}


def midranks(tier: IntArray) -> FloatArray:
    """Return the midrank of every city's tier among these cities.

    Examples
    --------
    >>> midranks(np.array([1, 1, 3]))
    array([1.5, 1.5, 3. ])
    """
    sizes = tier_sizes(tier)
    return np.asarray((np.cumsum(sizes) - (sizes - 1) / 2)[tier - 1])
