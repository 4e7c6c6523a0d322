"""Records of a report's content. Every format is written from the same blocks."""

from dataclasses import dataclass, field

#: A cell holds text, a number to be formatted by its column, or nothing.
CellValue = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a section of the report."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class KeyFinding:
    """What a reader should take away, in one sentence, and how certain it is."""

    text: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Note:
    """A remark in small type: an assumption, a limit, a definition."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a source, in its own language, with where it stands."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as SVG text; `alt` says in words what it shows."""

    svg: str
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart, one value for each category; None where there is none."""

    name: str
    values: tuple[float | None, ...]
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Numbers to be drawn, with a drawing of them for formats that have no charts of their own.

    `kind` is `bounds` (series: value, lower, upper), `stacked` (shares that add to 100) or `bars`.
    """

    kind: str
    title: str
    alt: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    svg: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `kind` names its format in `reports.numbers` (`text`, `count`, `percentile`, …).

    `key` is its name for programs, `meaning` its line in the data dictionary.
    """

    key: str
    title: str
    kind: str = "text"
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; each row has one value for each column."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[CellValue, ...], ...]


Block = Heading | Paragraph | KeyFinding | Note | Quote | Figure | Chart | Table


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `name` is unique in a batch and free of unsafe characters.

    `kind` is `cluster`, `edition` or `overview`; `lang` is `zh` or `en`; `date` is an ISO date.
    """

    name: str
    kind: str
    lang: str
    title: str
    subtitle: str
    date: str
    version: str
    blocks: tuple[Block, ...]
    sources: tuple[str, ...] = field(default=())
