"""The cities of an edition's tables: the CSV beside `edition.toml`, read and checked."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from .errors import DataError, Problem, did_you_mean, nearest
from .reading import Cells, read_csv
from .records import Dimension, Entry, Tier

CSV_COLUMNS = ("column", "row", "name", "tier", "note", "city_id")


def read_entries(file: Path, tiers: tuple[Tier, ...], problems: list[Problem]) -> tuple[Entry, ...]:
    """Read the cities of one table; nothing, with problems noted, if it cannot be read.

    Parameters
    ----------
    file
        A CSV with `name` and `tier`, and what else `CSV_COLUMNS` names.
    tiers
        The ladder of the table.
    problems
        Takes what is wrong.
    """
    try:
        rows = read_csv(file, ("name", "tier"))
    except DataError as error:
        problems.extend(error.problems)
        return ()
    placed = _check_header(str(file), rows[0][1] if rows else (), problems)
    count: Counter[int] = Counter()
    entries: list[Entry] = []
    for line, row in rows:
        cells = Cells(str(file), line, row, problems)
        tier = _entry_tier(cells, tiers)
        count[tier] += 1
        entries.append(
            Entry(
                name=cells.text("name"),
                tier=tier,
                column=cells.whole("column") if placed else 1,
                row=cells.whole("row") if placed else count[tier],
                note=row.get("note", ""),
                line=line,
                city_id=row.get("city_id", ""),
            ),
        )
    problems.extend(_empty_tiers(file, tiers, count))
    problems.extend(_repeated(file, entries))
    return tuple(entries)


def _check_header(file: str, header: Collection[str], problems: list[Problem]) -> bool:
    """Note unknown columns; tell whether the file gives printed positions."""
    for name in header:
        if name not in CSV_COLUMNS:
            remedy = did_you_mean(name, CSV_COLUMNS)
            problems.append(Problem(file, 1, name, name, "is not a known column", remedy))
    placed = [name for name in ("column", "row") if name in header]
    if len(placed) == 1:
        rule = "column and row must be given together, or neither"
        problems.append(Problem(file, 1, placed[0], placed[0], rule))
    return len(placed) == 2


def _entry_tier(cells: Cells, tiers: tuple[Tier, ...]) -> int:
    """Return the number of an entry's tier, which must be on the ladder."""
    ladder = ", ".join(f"{tier.number} ({tier.label})" for tier in tiers)
    number = cells.whole("tier", f"Give the number of the tier: {ladder}.")
    if number and number not in {tier.number for tier in tiers}:
        near = min(tiers, key=lambda tier: abs(tier.number - number), default=None)
        remedy = f"The nearest is {near.number} ({near.label})." if near else ""
        cells.note("tier", "is not a tier of this table", remedy)
    return number


def _empty_tiers(file: Path, tiers: tuple[Tier, ...], count: Counter[int]) -> Iterator[Problem]:
    """Yield a problem for every tier that no city is in."""
    for tier in tiers:
        if not count[tier.number]:
            value = f"{tier.number} ({tier.label})"
            remedy = f"Give its cities, or take the tier out of {file.with_name('edition.toml')}."
            yield Problem(str(file), None, "tier", value, "no city is in this tier", remedy)


def _repeated(file: Path, entries: Iterable[Entry]) -> Iterator[Problem]:
    """Yield a problem for every city that comes again.

    Namesakes are two cities if `city_id` tells them apart.
    """
    seen: dict[tuple[str, ...], int] = {}
    for entry in entries:
        keys = [("name", entry.name, entry.city_id), ("city_id", entry.city_id, "")]
        for column, value, pin in keys:
            first = seen.setdefault((column, value, pin), entry.line)
            if value and first != entry.line:
                rule = f"stands already on line {first}"
                yield Problem(str(file), entry.line, column, value, rule, "Keep one of the two.")


def absent(dimensions: Iterable[Dimension]) -> Iterator[Problem]:
    """Yield a problem for every city of one table that another table of the edition lacks."""
    tables = {dimension.file: dimension.entries for dimension in dimensions if dimension.entries}
    for lacking, cities in tables.items():
        pins: dict[str, set[str]] = {}
        for entry in cities:
            pins.setdefault(entry.name, set()).add(entry.city_id)
        reported: set[tuple[str, str]] = set()
        for file, others in tables.items():
            spare = sorted(pins.keys() - {entry.name for entry in others})
            for entry in others:
                city = (entry.name, entry.city_id)
                if city not in reported and not _holds(pins, entry):
                    reported.add(city)
                    near = nearest(entry.name, spare)
                    remedy = f"Did you mean {near[0]!r}?" if near else "Add it there."
                    rule = f"this city is not in {lacking}"
                    yield Problem(str(file), entry.line, "name", entry.name, rule, remedy)


def _holds(pins: dict[str, set[str]], entry: Entry) -> bool:
    """Tell whether a table with these names has the city; a pin need not stand in every table."""
    ids = pins.get(entry.name, set())
    return bool(ids) and (not entry.city_id or "" in ids or entry.city_id in ids)
