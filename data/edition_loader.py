"""Editions: one `edition.toml` and one CSV per dimension, read and checked as a whole."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from pathlib import Path

from .catalog import Catalog
from .errors import DataError, Problem, did_you_mean, nearest
from .reading import Cells, Fields, gather, read_csv, read_toml
from .records import Dimension, Edition, Entry, Tier

#: Facts that no loader reads; what they hold is the edition's own affair.
FACT_TABLES = ("document", "stated", "rules", "published", "provenance")
#: Keys that hold one text each and may be absent.
TEXTS = ("publisher", "credit", "terms", "continent")
FACT_KEYS = ("title_printed_zh", "countries_reason", *FACT_TABLES)
OTHER_KEYS = ("title_zh", "title_en", "year", "rubric", "stated_cities", "countries", "notes")
EDITION_KEYS = (*OTHER_KEYS, "dimension", *TEXTS, *FACT_KEYS)
DIMENSION_KEYS = ("slug", "title_zh", "title_en", "table", "tiers")
TIER_KEYS = ("number", "label", "share_from", "share_to", "score_from", "score_to")
CSV_COLUMNS = ("column", "row", "name", "tier", "note", "city_id")

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
COUNTRY = re.compile(r"[A-Z]{2}")


def load_edition(path: Path, *, rubrics: Collection[str] | None = None) -> Edition:
    """Read one edition.

    Parameters
    ----------
    path
        Its `edition.toml`; the folder's name is the slug, the CSV files stand beside it.
    rubrics
        Slugs of the known rubrics. Where given, the edition may name no other.

    Returns
    -------
    Edition
        With the entries of each dimension in the order of its file.

    Raises
    ------
    DataError
        With every problem of the TOML and of all CSV files. That the number of cities is not the
        number that the document states is no error but a finding of the audit.
    """
    fields = Fields(str(path), read_toml(path))
    fields.only(EDITION_KEYS)
    title_zh, title_en = _titles(fields)
    edition = Edition(
        slug=path.parent.name,
        title_zh=title_zh,
        title_en=title_en,
        year=fields.get("year", int, default=0),
        rubric=_rubric(fields, rubrics),
        stated_cities=_stated(fields),
        countries=_countries(fields),
        dimensions=_dimensions(fields, path.parent),
        file=path,
        notes=fields.texts("notes", required=False),
        **{key: fields.text(key, required=False) for key in TEXTS},
    )
    problems = [*fields.problems, *_absent(edition.dimensions)]
    if problems:
        raise DataError(problems)
    return edition


def load_editions(catalog: Catalog, slugs: Iterable[str] | None = None) -> tuple[Edition, ...]:
    """Read several editions, and check that the rubrics they name exist.

    Parameters
    ----------
    catalog
        Where editions and rubrics are found.
    slugs
        Which editions, in this order; all by slug where None.

    Raises
    ------
    UnknownNameError
        If there is no edition of a slug.
    DataError
        With the problems of all editions read.
    """
    found = catalog.items("editions")
    chosen = found if slugs is None else dict.fromkeys(slugs)
    paths = [catalog.item("editions", slug) for slug in chosen]
    rubrics = catalog.items("rubrics")
    return tuple(gather(partial(load_edition, path, rubrics=rubrics) for path in paths))


def _titles(fields: Fields) -> tuple[str, str]:
    """Return the Chinese and the English title; one of them may stand for both."""
    title_zh = fields.text("title_zh", required=False)
    title_en = fields.text("title_en", required=False)
    if not (title_zh or title_en):
        fields.note("title_zh", "", "title_zh or title_en is required", "Add one of them.")
    return title_zh or title_en, title_en or title_zh


def _rubric(fields: Fields, rubrics: Collection[str] | None) -> str:
    """Return the slug of the rubric, which must be known where the known ones are given."""
    slug = fields.text("rubric", required=False)
    if slug and rubrics is not None and slug not in rubrics:
        fields.note("rubric", slug, "there is no such rubric", did_you_mean(slug, rubrics))
    return slug


def _stated(fields: Fields) -> int | None:
    """Return the document's own count of its cities, None where it states none."""
    if "stated_cities" not in fields.table:
        return None
    count = fields.get("stated_cities", int, default=1)
    if count < 1:
        fields.note("stated_cities", count, "must be 1 or more", "Leave it out if none is stated.")
    return count


def _countries(fields: Fields) -> tuple[str, ...]:
    """Return the country codes of the scope, checked for their shape."""
    codes = fields.texts("countries", required=False)
    for code in codes:
        if not COUNTRY.fullmatch(code):
            near = COUNTRY.fullmatch(code.strip().upper())
            remedy = f"Did you mean {near[0]!r}?" if near else "Such as 'CN' or 'EG'."
            fields.note("countries", code, "must be an ISO 3166-1 alpha-2 code", remedy)
    return codes


def _dimensions(fields: Fields, folder: Path) -> tuple[Dimension, ...]:
    """Read every table; their slugs must differ."""
    dimensions = tuple(_dimension(inner, folder) for inner in fields.tables("dimension"))
    slugs = [dimension.slug for dimension in dimensions if dimension.slug]
    for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        fields.note("dimension", slug, "two dimensions have this slug")
    if fields.table.get("dimension") == []:
        fields.note("dimension", "", "there must be at least one dimension")
    return dimensions


def _dimension(fields: Fields, folder: Path) -> Dimension:
    """Read one table: its ladder of tiers from the TOML, its cities from the CSV."""
    fields.only(DIMENSION_KEYS)
    slug = fields.text("slug")
    title_zh = fields.text("title_zh", required=False)
    title_en = fields.text("title_en", required=False)
    tiers = tuple(_tier(inner) for inner in fields.tables("tiers"))
    if [tier.number for tier in tiers] != list(range(1, len(tiers) + 1)) or not tiers:
        numbers = ", ".join(str(tier.number) for tier in tiers)
        fields.note("tiers", numbers, "tiers must be numbered 1, 2, … from the best")
    file = folder / f"{slug}.csv"
    entries: tuple[Entry, ...] = ()
    if slug and not SLUG.fullmatch(slug):
        fields.note("slug", slug, "must be of small letters, digits and single dashes")
    elif slug and not file.is_file():
        others = [path.name for path in folder.glob("*.csv")]
        fields.note("slug", slug, f"{file} is missing", did_you_mean(file.name, others))
    elif slug:
        entries = _entries(file, tiers, fields.problems)
    return Dimension(
        slug=slug,
        title_zh=title_zh or title_en or slug,
        title_en=title_en or title_zh or slug,
        table=fields.text("table", required=False),
        tiers=tiers,
        entries=entries,
        file=file,
    )


def _tier(fields: Fields) -> Tier:
    """Read one step of the ladder of tiers."""
    fields.only(TIER_KEYS)
    bounds = {key: _bound(fields, key) for key in TIER_KEYS[2:]}
    for kind in ("share", "score"):
        start, stop = bounds[f"{kind}_from"], bounds[f"{kind}_to"]
        if start is not None and stop is not None and start >= stop:
            fields.note(f"{kind}_to", stop, f"must be above {kind}_from, which is {start:g}")
    return Tier(
        number=fields.get("number", int, default=0),
        label=fields.text("label"),
        **bounds,
    )


def _bound(fields: Fields, key: str) -> float | None:
    """Return a number, or None where it is absent."""
    return fields.get(key, float, default=0.0) if key in fields.table else None


def _entries(file: Path, tiers: tuple[Tier, ...], problems: list[Problem]) -> tuple[Entry, ...]:
    """Read the cities of one table; nothing, with problems noted, if it cannot be read."""
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


def _absent(dimensions: Iterable[Dimension]) -> Iterator[Problem]:
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
