"""Records of a score folder: the index that a planner defines, and what feeds it."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Node:
    """One node of an index's tree of indicators.

    A node with children is a group (`kind` is `group`); a leaf is rated, by points of its ladder
    (`kind` is `ladder`) or by a raw value (`value`). `level` is 1 below the total, where `parent`
    is empty.
    `direction` is 1 where more is better and -1 where less is. `weight` counts among the node's
    siblings and is None where it is not given. `maximum` is the ladder's highest step. `low`,
    `high` and `target` are what goalposts and the distance to a target need.
    """

    slug: str
    parent: str
    level: int
    kind: str
    title_zh: str
    title_en: str
    direction: int = 1
    weight: float | None = None
    maximum: float | None = None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Treatment:
    """How raw values become comparable.

    `method` is `none`, `minmax`, `zscore`, `rank`, `percentile`, `target` or `goalposts`; the
    result of `minmax`, `target` and `goalposts` runs from `scale_from` to `scale_to`. `outliers`
    is `none`, `winsorise` or `log`; `most` is the largest number of values winsorised.
    """

    method: str = "none"
    scale_from: float = 0.0
    scale_to: float = 100.0
    outliers: str = "none"
    most: int = 5


@dataclass(frozen=True, slots=True)
class Missing:
    """What is done where a city has no valid rating.

    `method` is `drop-city`, `drop-indicator`, `group-mean`, `nearest` or `lowest-step`; `group`
    is the column of cities.csv whose groups give the mean, `neighbours` how many cities do.
    """

    method: str
    group: str = ""
    neighbours: int = 5


@dataclass(frozen=True, slots=True)
class Weighting:
    """Where the weights come from.

    `method` is `equal`, `given`, `budget`, `ahp`, `best-worst`, `entropy` or `pca`; a budget is
    summarised over the experts by `mean`, `median` or `trimmed` mean (`trim` off each end).
    """

    method: str
    summary: str = "mean"
    trim: float = 0.1


@dataclass(frozen=True, slots=True)
class Tiering:
    """How totals become tiers.

    `method` is `share`, `threshold` or `natural-breaks`. `shares` are cumulative percentages from
    the top; `ties` says whether a tie at a cut goes up (`promote`) or the cut is left below its
    nominal share (`cut-short`). `thresholds` fall from the best tier to the last but one.
    """

    method: str
    shares: tuple[float, ...] = ()
    ties: str = "promote"
    thresholds: tuple[float, ...] = ()
    count: int = 0
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cities may be ranked: a column of cities.csv and the values or bounds it may have."""

    column: str
    values: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ScoreIndex:
    """One index: its tree and its rules. `combine` is the way weighted scores become one.

    `combine` is `arithmetic`, `geometric`, `harmonic`, `generalised` (with `power`) or `copeland`.
    `nodes` come parents first, in the order of the file. `cutoff` is the last date (ISO) that
    evidence may have, empty where there is none.
    """

    slug: str
    title_zh: str
    title_en: str
    year: int
    rubric: str
    nodes: tuple[Node, ...]
    treatment: Treatment
    missing: Missing
    weighting: Weighting
    combine: str
    power: float
    tiering: Tiering
    file: Path
    scope: tuple[Scope, ...] = ()
    cutoff: str = ""
    seed: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One described step; texts are empty where the step is blank and may not be given."""

    indicator: str
    points: float
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Rating:
    """One city's points or raw value on one leaf, with its evidence.

    `accepted` is False where the evidence failed its review: the rating then counts as missing.
    `line` is the line of ratings.csv (its header is line 1).
    """

    city: str
    indicator: str
    value: float
    evidence: str
    source: str
    language: str
    date: str
    channel: str
    rounds: int
    accepted: bool
    line: int


@dataclass(frozen=True, slots=True)
class ExpertAnswer:
    """One line of experts.csv: points for an indicator, or a comparison of two.

    With `other` empty, `value` is the weight that the expert gives to `indicator` among its
    siblings; otherwise it says how many times as important as `other` the indicator is.
    """

    expert: str
    field: str
    indicator: str
    other: str
    value: float
    line: int


@dataclass(frozen=True, slots=True)
class RankedCity:
    """One line of cities.csv of a score folder; `city_id` and `country` may be empty.

    `columns` holds whatever further columns there are (groups, GDP), as text by name.
    """

    name: str
    country: str
    city_id: str
    line: int
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreFolder:
    """A whole score folder, checked."""

    index: ScoreIndex
    steps: tuple[LadderStep, ...]
    ratings: tuple[Rating, ...]
    answers: tuple[ExpertAnswer, ...]
    cities: tuple[RankedCity, ...]
    folder: Path
    warnings: tuple[str, ...] = field(default=())
