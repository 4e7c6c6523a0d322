"""What the columns of an export mean: type, unit, and a text in each language."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from .layers import Layer
from .words import unit_text

_FILE = Path(__file__).with_name("columns.csv")
_TIER_COUNT = re.compile(r"tier_(\d+)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type is `string`, `integer`, `number` or `boolean`."""

    name: str
    type: str
    unit: str
    en: str
    zh: str

    def text(self, lang: str) -> str:
        """Return the meaning in one language."""
        return self.zh if lang == "zh" else self.en

    def title(self, lang: str) -> str:
        """Return the meaning with its unit."""
        unit = unit_text(self.unit, lang)
        if not unit:
            return self.text(lang)
        return f"{self.text(lang)}（{unit}）" if lang == "zh" else f"{self.text(lang)} ({unit})"


def columns_of(layer: Layer) -> list[Column]:
    """Return the columns of a layer in order, without its geometry.

    A column that is not in the dictionary means what its name says.

    Examples
    --------
    >>> table = pd.DataFrame({"coast_km": [1.5], "g20-2023/total/tier": [1], "mine": ["x"]})
    >>> for column in columns_of(Layer("cities", table)):
    ...     print(column.type, column.unit, column.en, column.zh, sep=" | ")
    number | km | Distance to the coast | 到海岸的距离
    integer | 1 is best | Tier, g20-2023, total | 等级，g20-2023，total
    string |  | mine | mine
    """
    table = layer.plain
    return [_column(layer.name, str(name), table[name]) for name in table.columns]


def kind_of(cells: pd.Series) -> str:
    """Return the type of a column.

    Examples
    --------
    >>> kind_of(pd.Series([1, None], dtype="Int64"))
    'integer'
    """
    if pd.api.types.is_bool_dtype(cells):
        return "boolean"
    if pd.api.types.is_integer_dtype(cells):
        return "integer"
    return "number" if pd.api.types.is_float_dtype(cells) else "string"


def _column(layer: str, name: str, cells: pd.Series) -> Column:
    *where, last = name.split("/")
    unit, en, zh = _meaning(layer if not where else "", last)
    return Column(name, kind_of(cells), unit, ", ".join([en, *where]), "，".join([zh, *where]))


def _meaning(layer: str, name: str) -> tuple[str, str, str]:
    """Return unit and texts of a column of a layer."""
    known = _dictionary()
    found = known.get((layer, name)) or known.get(("", name))
    if found:
        return found
    count = _TIER_COUNT.fullmatch(name)
    if count:
        return "", f"Cities in tier {count[1]}", f"第 {count[1]} 等级的城市数"
    return "", name, name


@cache
def _dictionary() -> dict[tuple[str, str], tuple[str, str, str]]:
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return {
            (row["table"], row["column"]): (row["unit"], row["en"], row["zh"])
            for row in csv.DictReader(lines)
        }
