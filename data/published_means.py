"""Mean scores that an edition prints beside its tiers: of the index, its parts and their parts."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from .errors import DataError, Problem
from .reading import Cells, Fields, read_csv, read_text, read_toml
from .records import Edition, Rubric

FILE = "indices.csv"
COLUMNS = ("level_1", "level_2", "mean_level_2", "mean_level_1")


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed number: the true one is within half a unit of its last digit.

    Examples
    --------
    >>> Printed.read("0.70")
    Printed(value=0.7, half=0.005)
    """

    value: float
    half: float

    @classmethod
    def read(cls, text: str) -> "Printed":
        """Return the number that a text spells, with its rounding."""
        number = Decimal(text)
        return cls(float(number), float(Decimal((0, (5,), int(number.as_tuple().exponent) - 1))))

    @property
    def low(self) -> float:
        """The least that the true number can be."""
        return self.value - self.half

    @property
    def high(self) -> float:
        """The most that the true number can be."""
        return self.value + self.half

    @property
    def text(self) -> str:
        """The number as printed."""
        digits = max(-Decimal(repr(self.half)).adjusted() - 1, 0)
        return f"{self.value:.{digits}f}"


@dataclass(frozen=True, slots=True)
class PublishedMean:
    """A printed mean with those of its parts, which may have parts themselves.

    `weight` is that within its whole, in percent as the rubric prints it, None where it does not.
    """

    name: str
    printed: Printed
    weight: float | None = None
    parts: tuple["PublishedMean", ...] = field(default=())


def load_means(edition: Edition, rubric: Rubric | None = None) -> PublishedMean | None:
    """Return the means that an edition prints as a tree; None where it prints none.

    Parameters
    ----------
    edition
        Its `edition.toml` has `published.index_mean`; `indices.csv` beside it has the columns
        `level_1,level_2,mean_level_2,mean_level_1`, a row for each part of a part.
    rubric
        The methodology with the weights, where there is one.

    Raises
    ------
    DataError
        With every cell of `indices.csv` that is not a number, every part with two means, and
        every part of a part that stands twice.

    Examples
    --------
    >>> from tierscape.data.catalog import Catalog
    >>> from tierscape.data.edition_loader import load_editions
    >>> means = load_means(load_editions(Catalog(), ["cstc-2021"])[0])
    >>> means.printed.text, means.parts[0].name, means.parts[0].printed.text
    ('0.70', '技术支撑度', '0.67')
    >>> [part.printed.text for part in means.parts[1].parts]
    ['0.45', '0.48']
    """
    file = edition.file.with_name(FILE)
    index = _index(edition.file)
    if index is None or not file.is_file():
        return None
    weights = (
        {(each.level, each.title_zh): each.weight for each in rubric.indicators} if rubric else {}
    )
    return PublishedMean("the index", index, None, tuple(_parts(file, weights)))


def _index(file: Path) -> Printed | None:
    """Return the mean of the index with the digits that it is printed with."""
    published = Fields(str(file), read_toml(file)).table_at("published", required=False)
    if not published.get("index_mean", float, default=0.0, required=False):
        return None
    digits = tomllib.loads(read_text(file), parse_float=str)["published"]["index_mean"]
    return Printed.read(str(digits))


def _parts(file: Path, weights: Mapping[tuple[int, str], float | None]) -> Iterator[PublishedMean]:
    """Yield the parts of the index in the order of the file."""
    problems: list[Problem] = []
    wholes: dict[str, Printed] = {}
    parts: dict[str, list[PublishedMean]] = {}
    for line, row in read_csv(file, COLUMNS):
        cells = Cells(str(file), line, row, problems)
        whole, part = cells.text("level_1"), cells.text("level_2")
        mean = wholes.setdefault(whole, _printed(cells, "mean_level_1"))
        if mean != _printed(cells, "mean_level_1"):
            cells.note("mean_level_1", f"{whole} has the mean {mean.text} above", "Keep one.")
        listed = parts.setdefault(whole, [])
        if part in {each.name for each in listed}:
            cells.note("level_2", f"{part} stands already above", "Keep one of the two.")
        weight = weights.get((2, part))
        listed.append(PublishedMean(part, _printed(cells, "mean_level_2"), weight))
    if problems:
        raise DataError(dict.fromkeys(problems))
    for name, mean in wholes.items():
        yield PublishedMean(name, mean, weights.get((1, name)), tuple(parts[name]))


def _printed(cells: Cells, column: str) -> Printed:
    """Return a number that must be given."""
    if cells.text(column) and cells.number(column) is not None:
        return Printed.read(cells.row[column])
    return Printed(0.0, 0.0)
