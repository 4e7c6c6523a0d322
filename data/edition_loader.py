"""Editions: one `edition.toml` and one CSV per dimension, read and checked as a whole."""

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from .catalog import Catalog
from .edition_entries import absent, read_entries
from .errors import DataError, Problem, did_you_mean
from .reading import Fields, read_toml
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

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
COUNTRY = re.compile(r"[A-Z]{2}")


def read_edition(
    path: Path, *, rubrics: Collection[str] | None = None
) -> tuple[Edition, list[Problem]]:
    """Read one edition as far as it can be read, and tell what is wrong with it.

    Parameters
    ----------
    path
        Its `edition.toml`; the folder's name is the slug, the CSV files stand beside it.
    rubrics
        Slugs of the known rubrics. Where given, the edition may name no other.

    Returns
    -------
    tuple of (Edition, list of Problem)
        The entries of each dimension that could be read, in the order of its file, and every
        problem of the TOML and of all CSV files. That the number of cities is not the number
        that the document states is no problem but a finding of the audit.

    Raises
    ------
    DataError
        If the TOML cannot be read at all.
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
    return edition, [*fields.problems, *absent(edition.dimensions)]


def read_editions(
    catalog: Catalog, slugs: Iterable[str] | None = None
) -> tuple[tuple[Edition, ...], list[Problem]]:
    """Read several editions as far as they can be read, and tell what is wrong with them.

    Parameters
    ----------
    catalog
        Where editions and rubrics are found.
    slugs
        Which editions, in this order; all by slug where None.

    Returns
    -------
    tuple of (tuple of Edition, list of Problem)
        An edition whose TOML cannot be read is missing, and its problem is told.

    Raises
    ------
    UnknownNameError
        If there is no edition of a slug.
    """
    found = catalog.items("editions")
    chosen = found if slugs is None else dict.fromkeys(slugs)
    paths = [catalog.item("editions", slug) for slug in chosen]
    rubrics = catalog.items("rubrics")
    editions: list[Edition] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            edition, faults = read_edition(path, rubrics=rubrics)
        except DataError as error:
            problems += error.problems
        else:
            editions.append(edition)
            problems += faults
    return tuple(editions), problems


def load_edition(path: Path, *, rubrics: Collection[str] | None = None) -> Edition:
    """Read one faultless edition.

    Parameters
    ----------
    path, rubrics
        As `read_edition` takes them.

    Returns
    -------
    Edition
        With the entries of each dimension in the order of its file.

    Raises
    ------
    DataError
        With every problem of the TOML and of all CSV files.
    """
    edition, problems = read_edition(path, rubrics=rubrics)
    if problems:
        raise DataError(problems)
    return edition


def load_editions(catalog: Catalog, slugs: Iterable[str] | None = None) -> tuple[Edition, ...]:
    """Read several faultless editions, and check that the rubrics they name exist.

    Parameters
    ----------
    catalog, slugs
        As `read_editions` takes them.

    Raises
    ------
    UnknownNameError
        If there is no edition of a slug.
    DataError
        With the problems of all editions read.
    """
    editions, problems = read_editions(catalog, slugs)
    if problems:
        raise DataError(problems)
    return editions


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
        entries = read_entries(file, tiers, fields.problems)
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
