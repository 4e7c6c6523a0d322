"""What a claim is: a sentence of a source, and the test that it is put to."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ListedCity:
    """One city of a packaged list, such as the national capitals."""

    country: str
    city_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Selection:
    """A group of cities: those of an edition that meet every condition given.

    `clusters` are alternatives to each other, and so are the values of any other condition.
    `rest` stands for every city outside the group that this one is compared with.
    """

    name: str = ""
    clusters: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    cities_extended: tuple[str, ...] = ()
    continents: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    landforms: tuple[str, ...] = ()
    tiers: tuple[int, ...] = ()
    listed_in: str = ""
    listed: tuple[ListedCity, ...] = ()
    excluding: "Selection | None" = None
    rest: bool = False

    @property
    def is_reference(self) -> bool:
        """Tell whether the group names neither clusters nor cities of its own."""
        return not (self.clusters or self.cities)


@dataclass(frozen=True, slots=True)
class Untestable:
    """No published table speaks of it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """Group `a` has the higher mean percentile."""

    edition: str
    dimension: str
    a: Selection
    b: Selection


@dataclass(frozen=True, slots=True)
class Similar:
    """The mean percentiles differ by no more than `margin` points."""

    edition: str
    dimension: str
    a: Selection
    b: Selection
    margin: float


@dataclass(frozen=True, slots=True)
class NotFirstGroup:
    """The leaders taken together are ahead of `a`; against it: ahead, or within `margin`."""

    edition: str
    dimension: str
    a: Selection
    leaders: Selection
    margin: float


@dataclass(frozen=True, slots=True)
class InTier:
    """Every city is in one of `tiers`; without tiers, in the table at all."""

    edition: str
    dimension: str
    cities: tuple[str, ...]
    tiers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """The cities share one tier with those that they are likened to."""

    edition: str
    dimension: str
    cities: tuple[str, ...]
    like: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkedInTier:
    """Every city would be in one of `tiers` of `edition`, which is linked with another one."""

    edition: str
    linked: str
    dimension: str
    cities: tuple[str, ...]
    tiers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LinkedNear:
    """In `edition`, linked with another, the cities would share a tier with those likened to."""

    edition: str
    linked: str
    dimension: str
    cities: tuple[str, ...]
    like: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkedSimilar:
    """Among the cities of two linked editions, mean percentiles differ by at most `margin`."""

    edition: str
    linked: str
    dimension: str
    a: Selection
    b: Selection
    margin: float


@dataclass(frozen=True, slots=True)
class Share:
    """`group` makes up `percent` of `of`, in whole per cent, or more than `more_than`."""

    edition: str
    dimension: str
    group: Selection
    of: Selection
    percent: float | None
    more_than: float | None


@dataclass(frozen=True, slots=True)
class Count:
    """The editions hold `equals` cities of the group, in `either` or in `both`."""

    editions: tuple[str, ...]
    combine: str
    group: Selection
    equals: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A rubric's `figure` is `equals`; `found` is what the rubric has, None if nothing.

    `indicators` counts those without parts, `indicators_level_1` those of a level; any other
    figure is the one that the rubric states.
    """

    rubric: str
    figure: str
    equals: int
    found: int | None


@dataclass(frozen=True, slots=True)
class Covers:
    """The edition holds a city of the list for each of `countries`."""

    edition: str
    listed: tuple[ListedCity, ...]
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mean:
    """The group's mean score is `equals`, printed with so many `decimals`.

    Scores lie between `lowest` and `highest`, wherever a tier's threshold does not say more.
    """

    edition: str
    dimension: str
    group: Selection
    equals: float
    decimals: int
    lowest: float
    highest: float


Test = (
    Untestable
    | Ahead
    | Similar
    | NotFirstGroup
    | InTier
    | Near
    | LinkedInTier
    | LinkedNear
    | LinkedSimilar
    | Share
    | Count
    | Figure
    | Covers
    | Mean
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable sentence of a source, quoted and translated, with its test."""

    slug: str
    source: str
    text_zh: str
    text_en: str
    kind: str
    test: Test
    file: Path
