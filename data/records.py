"""Records: what an edition, a place, a cluster and a claim are."""

from dataclasses import dataclass, field
from pathlib import Path

#: The columns of the table of tiers, in the order of `tiers.csv`.
TIER_COLUMNS = (
    "edition",
    "dimension",
    "city_id",
    "name_published",
    "label",
    "tier",
    "rank_best",
    "rank_worst",
    "n_cities",
)


@dataclass(frozen=True, slots=True)
class Tier:
    """One published band; number 1 is best, the label is as printed.

    Shares are the nominal percentages from the top, thresholds the index values; whichever the
    source does not print is None.
    """

    number: int
    label: str
    share_from: float | None = None
    share_to: float | None = None
    score_from: float | None = None
    score_to: float | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One city of a published table, in its printed position, before geocoding.

    `line` is the line of the CSV file (its header is line 1); `city_id` is empty unless the file
    pins the place.
    """

    name: str
    tier: int
    column: int
    row: int
    note: str
    line: int
    city_id: str = ""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One table of an edition: `table` is its caption as printed, `file` its CSV."""

    slug: str
    title_zh: str
    title_en: str
    table: str
    tiers: tuple[Tier, ...]
    entries: tuple[Entry, ...]
    file: Path


@dataclass(frozen=True, slots=True)
class Edition:
    """One published ranking with everything that it says of itself.

    `countries` (ISO 3166-1 alpha-2) is the edition's scope for geocoding; `continent` is set
    where the document says that all its cities lie on one; `stated_cities` is the document's own
    count, None where it states none. A title of one language stands in for a missing one.
    Further facts (rules, counts, provenance) stay in the TOML `file`.
    """

    slug: str
    title_zh: str
    title_en: str
    year: int
    publisher: str
    credit: str
    terms: str
    rubric: str
    stated_cities: int | None
    countries: tuple[str, ...]
    continent: str
    dimensions: tuple[Dimension, ...]
    file: Path
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the gazetteer. `city_id` is the GeoNames id as a string; metres, degrees."""

    city_id: str
    name_en: str
    name_zh: str
    country: str
    admin1: str
    lon: float
    lat: float
    population: int
    elevation_m: int | None


@dataclass(frozen=True, slots=True)
class Leaf:
    """One test of a cluster rule: a kind, the names it refers to, and a number.

    `within_km` is a distance for measured kinds; `least` and `most` bound filters in the unit of
    their kind (metres, persons). `waypoints` (lon, lat) are those of a route or the corners of a
    polygon, whose name is its source. A measured kind without names refers to every sea, lake or
    range there is. `labels` are for the reader (English,
    Chinese), one for each name or waypoint of the kinds whose names say nothing by themselves.
    """

    kind: str
    names: tuple[str, ...] = ()
    within_km: float | None = None
    least: float | None = None
    most: float | None = None
    waypoints: tuple[tuple[float, float], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A combination of rules: `all`, `any`, or `not` (of exactly one)."""

    kind: str
    rules: tuple["Leaf | Group", ...]


Rule = Leaf | Group


@dataclass(frozen=True, slots=True)
class Override:
    """A city whose role the sources fix against the rule, with the reason."""

    city_id: str
    city: str
    role: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClusterDefinition:
    """One named cluster: where it comes from and the rules that derive its members."""

    slug: str
    title_zh: str
    title_en: str
    landform: str
    document: str
    sentence_zh: str
    sentence_en: str
    geography: str
    core: Rule
    core_reason: str
    extended: Rule | None
    extended_reason: str
    file: Path
    overrides: tuple[Override, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Indicator:
    """One node of a rubric's tree; level 1 is the coarsest and has no parent.

    `weight` is in percent of its level, None where the source publishes none.
    """

    slug: str
    level: int
    parent: str
    title_zh: str
    title_en: str
    weight: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an indicator's ladder; a text is empty where the source prints a blank."""

    indicator: str
    points: int
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Rubric:
    """One methodology: the tree of its indicators, and the ladders that score them.

    `maximum` is the highest number of points of any ladder, None where the source has no ladders.
    """

    slug: str
    title_zh: str
    title_en: str
    maximum: int | None
    indicators: tuple[Indicator, ...]
    steps: tuple[Step, ...]
    file: Path
    notes: tuple[str, ...] = ()
