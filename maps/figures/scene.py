"""What a map shows of a build: one table of one edition, its cities with tiers, its clusters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ...data.errors import TierscapeError, UnknownNameError
from ...data.physical_loader import Coast
from ...data.records import ClusterDefinition, Dimension, Edition
from ..outlines import whole_outlines
from ..palette import Symbol, tier_symbols
from ..payload import AtlasData, english_label
from .charts import LeagueRow, league_rows
from .words import LANGUAGES, title_of, word

_Record = TypeVar("_Record", Edition, Dimension, ClusterDefinition)


@dataclass(frozen=True, slots=True)
class Scene:
    """One table of one edition, ready to be drawn.

    Attributes
    ----------
    cities : pandas.DataFrame
        city_id, name, lon, lat (degrees), tier (0 is not ranked), population, member (of a
        chosen cluster); the most important first.
    chosen
        The clusters that were asked for; none means a map of the whole edition.
    outlines
        Cluster and role (`core`, `all`) to its outline in degrees, for every cluster drawn.
    league
        The table's clusters, best first.
    coast
        The shoreline that near views are drawn with; None uses the land of the data.
    """

    edition: Edition
    dimension: Dimension
    lang: str
    cities: pd.DataFrame
    chosen: tuple[ClusterDefinition, ...]
    drawn: tuple[ClusterDefinition, ...]
    outlines: dict[tuple[str, str], shapely.Geometry]
    league: tuple[LeagueRow, ...]
    coast: Coast | None = None

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols of the tiers, best first."""
        return tier_symbols(len(self.dimension.tiers))

    @property
    def ranked(self) -> pd.DataFrame:
        """The cities that the table ranks."""
        return self.cities[self.cities["tier"] > 0]

    def extent(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return degrees of what must be seen: outlines of chosen clusters, or ranked cities."""
        if not self.chosen:
            return self.ranked["lon"].to_numpy(), self.ranked["lat"].to_numpy()
        shapes = [shape for (_, role), shape in self.outlines.items() if role == "all"]
        points = shapely.get_coordinates(shapes)
        return points[:, 0], points[:, 1]

    def tier_label(self, number: int) -> str:
        """Return a tier's number and label, the label as printed in Chinese."""
        tier = self.dimension.tiers[number - 1]
        label = tier.label if self.lang == "zh" else english_label(tier)
        return word(self.lang, "tier", number=number, label=label)


def make_scene(
    data: AtlasData,
    *,
    edition: str,
    dimension: str,
    clusters: Sequence[str] = (),
    lang: str = "zh",
    coast: Coast | None = None,
) -> Scene:
    """Return what a map of one table shows.

    Raises
    ------
    TierscapeError
        If there is no city, the table ranks none, or a chosen cluster has no member.
    UnknownNameError
        If there is no such language, edition, dimension or cluster.
    """
    if lang not in LANGUAGES:
        raise UnknownNameError("language", lang, LANGUAGES)
    if not len(data.cities):
        raise TierscapeError("There is nothing to draw: there is no city.")
    book = _one("edition", edition, data.editions)
    table = _one("dimension", dimension, book.dimensions)
    chosen = tuple(_one("cluster", slug, data.definitions) for slug in dict.fromkeys(clusters))
    cities = _cities(data, book, table, chosen, lang=lang)
    if not (cities["tier"] > 0).any():
        raise TierscapeError(f"There is nothing to draw: {edition}/{dimension} ranks no city.")
    drawn = chosen or _present(data, cities)
    members = data.membership[data.membership["cluster"].isin({each.slug for each in drawn})]
    outlines = {(slug, role): shape for slug, role, shape in whole_outlines(members, data.cities)}
    rows = league_rows(
        data.clusters, data.definitions, edition=edition, dimension=dimension, lang=lang
    )
    scene = Scene(book, table, lang, cities, chosen, drawn, outlines, tuple(rows), coast)
    _check_members(scene)
    return scene


def _one(kind: str, slug: str, records: Iterable[_Record]) -> _Record:
    """Return the record of a slug."""
    known = {record.slug: record for record in records}
    if slug not in known:
        raise UnknownNameError(kind, slug, known)
    return known[slug]


def _check_members(scene: Scene) -> None:
    """Refuse clusters without members, all at once."""
    filled = {slug for slug, _ in scene.outlines}
    empty = [each.slug for each in scene.chosen if each.slug not in filled]
    if empty:
        raise TierscapeError(
            f"There is nothing to draw: no city of these editions is in {', '.join(empty)}."
        )


def _cities(
    data: AtlasData,
    edition: Edition,
    dimension: Dimension,
    chosen: Iterable[ClusterDefinition],
    *,
    lang: str,
) -> pd.DataFrame:
    """Return the cities with name, tier and whether they are members, most important first."""
    rows = data.tiers[
        (data.tiers["edition"] == edition.slug) & (data.tiers["dimension"] == dimension.slug)
    ]
    tiers = rows.set_index("city_id")["tier"]
    slugs = {each.slug for each in chosen}
    members = set(data.membership.loc[data.membership["cluster"].isin(slugs), "city_id"])
    table = data.cities
    names = table[f"name_{lang}"]
    for other in LANGUAGES:
        names = names.where(names.notna() & (names != ""), table[f"name_{other}"])
    crowd = table["population"] if "population" in table else pd.Series(0, index=table.index)
    cities = pd.DataFrame(
        {
            "city_id": table["city_id"].astype(str),
            "name": names.fillna("").astype(str),
            "lon": table["lon"].to_numpy(float),
            "lat": table["lat"].to_numpy(float),
            "tier": table["city_id"].map(tiers).fillna(0).astype(int),
            "population": pd.to_numeric(crowd).fillna(0).to_numpy(np.int64),
            "member": table["city_id"].isin(members),
        }
    )
    cities["last"] = cities["tier"] == 0
    order = ["member", "last", "tier", "population", "city_id"]
    ascending = [False, True, True, False, True]
    return cities.sort_values(order, ascending=ascending, ignore_index=True)


def _present(data: AtlasData, cities: pd.DataFrame) -> tuple[ClusterDefinition, ...]:
    """Return the clusters with a core member that the table ranks."""
    ranked = set(cities.loc[cities["tier"] > 0, "city_id"])
    core = data.membership[data.membership["role"] == "core"]
    slugs = set(core.loc[core["city_id"].isin(ranked), "cluster"])
    return tuple(each for each in data.definitions if each.slug in slugs)


def subtitle(scene: Scene) -> str:
    """Return the dimension's title and the chosen clusters."""
    parts = [title_of(scene.dimension, scene.lang)]
    if scene.chosen:
        titles = [title_of(each, scene.lang) for each in scene.chosen]
        parts.append(word(scene.lang, "join").join(titles))
    return " · ".join(parts)
