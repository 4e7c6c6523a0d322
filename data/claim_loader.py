"""Claims: sentences of the sources, each with a test that the published tables can answer."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from .catalog import Catalog
from .claim_records import (
    Ahead,
    Claim,
    Count,
    Covers,
    Figure,
    InTier,
    LinkedInTier,
    LinkedNear,
    LinkedSimilar,
    ListedCity,
    Mean,
    Near,
    NotFirstGroup,
    Selection,
    Share,
    Similar,
    Test,
    Untestable,
)
from .errors import DataError, Problem, did_you_mean
from .reading import Fields, gather, read_csv, read_toml

CONTINENTS = ("Africa", "Asia", "Europe", "North America", "Oceania", "South America")
LANDFORMS = ("coastal", "mountain", "inland")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the parts of a test; names of facts are checked against what the catalog has."""

    fields: Fields
    roots: tuple[Path, ...]
    items: Mapping[str, Mapping[str, Path]]

    def slug(self, key: str, kind: str) -> str:
        """Return the slug of an item that the catalog has."""
        value = self.fields.text(key)
        if value:
            self._known(key, (value,), tuple(self.items[kind]))
        return value

    def where(self) -> tuple[str, str]:
        """Return edition and dimension."""
        return self.slug("edition", "editions"), self.fields.text("dimension")

    def linked(self) -> tuple[str, str, str]:
        """Return an edition, the other one that it is linked with, and the dimension."""
        (edition, dimension), linked = self.where(), self.slug("linked", "editions")
        if linked and linked == edition:
            self.fields.note("linked", linked, f"must be another edition than {edition}")
        return edition, linked, dimension

    def consecutive(self, key: str) -> tuple[int, ...]:
        """Return a list of tiers without a gap, that must not be empty."""
        found = tuple(sorted(set(self.integers(key))))
        if not found or found[-1] - found[0] >= len(found):
            self.fields.note(key, list(found), "must be consecutive tiers, at least one")
        return found

    def number(self, key: str) -> float:
        return self.fields.get(key, float, default=0.0)

    def option(self, key: str) -> float | None:
        return self.number(key) if key in self.fields.table else None

    def integers(self, key: str) -> tuple[int, ...]:
        values = self.fields.get(key, list, default=[], required=False)
        good = [v for v in values if isinstance(v, int) and not isinstance(v, bool)]
        if len(good) < len(values):
            self.fields.note(key, values, "must be a list of integers")
        return tuple(good)

    def names(self, key: str, known: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return an optional list of names, each of them one of `known` where given."""
        values = self.fields.texts(key, required=False)
        if known is not None:
            self._known(key, values, known)
        return values

    def cities(self, key: str) -> tuple[str, ...]:
        """Return a list of cities that must not be empty."""
        values = self.fields.texts(key)
        if key in self.fields.table and not values:
            self.fields.note(key, "[]", "must not be empty")
        return values

    def listed(self, *, required: bool) -> tuple[ListedCity, ...]:
        """Return the cities of the packaged list that `list` names."""
        name = self.fields.text("list", required=required)
        if not name:
            return ()
        files = [root / "claims" / name / f"{name}.csv" for root in self.roots]
        found = [path for path in files if path.is_file()]
        if not found:
            shelves = [path for root in self.roots for path in root.glob("claims/*/*.csv")]
            known = [path.stem for path in shelves if path.stem == path.parent.name]
            self.fields.note("list", name, "is not a known list", did_you_mean(name, known))
            return ()
        try:
            rows = read_csv(found[-1], ("country", "city_id", "name"))
        except DataError as error:
            self.fields.problems.extend(error.problems)
            return ()
        return tuple(ListedCity(r["country"], r["city_id"], r["name"]) for _, r in rows)

    def group(self, key: str, *, required: bool = True) -> Selection:
        """Return the group of cities that the table `key` describes."""
        if key not in self.fields.table and not required:
            return Selection()
        inner = replace(self, fields=self.fields.table_at(key))
        inner.fields.only(_GROUP_KEYS)
        if required and key in self.fields.table and not inner.fields.table:
            self.fields.note(key, "{}", "must have at least one condition")
        edition = "listed_in" in inner.fields.table
        return Selection(
            name=inner.fields.text("name", required=False),
            clusters=inner.names("clusters", tuple(self.items["named_clusters"])),
            cities=inner.names("cities"),
            cities_extended=inner.names("cities_extended"),
            continents=inner.names("continents", CONTINENTS),
            countries=inner.names("countries"),
            landforms=inner.names("landforms", LANDFORMS),
            tiers=inner.integers("tiers"),
            listed_in=inner.slug("listed_in", "editions") if edition else "",
            listed=inner.listed(required=False),
            excluding=inner.group("excluding") if "excluding" in inner.fields.table else None,
            rest=inner.fields.get("rest", bool, default=False, required=False),
        )

    def _known(self, key: str, values: tuple[str, ...], known: tuple[str, ...]) -> None:
        for value in values:
            if value not in known:
                self.fields.note(key, value, "is unknown", did_you_mean(value, known))


_GROUP_KEYS = (
    "name",
    "clusters",
    "cities",
    "cities_extended",
    "continents",
    "countries",
    "landforms",
    "tiers",
    "listed_in",
    "list",
    "excluding",
    "rest",
)


def _share(read: _Reader) -> Share:
    percent, more_than = read.option("percent"), read.option("more_than")
    if (percent is None) == (more_than is None):
        read.fields.note("percent", "", "exactly one of percent and more_than is required")
    of = read.group("of", required=False)
    return Share(*read.where(), read.group("group"), of, percent, more_than)


def _count(read: _Reader) -> Count:
    editions = read.cities("editions")
    read.names("editions", tuple(read.items["editions"]))
    combine = read.fields.text("combine", required=len(editions) > 1) or "either"
    if combine not in ("either", "both"):
        read.fields.note("combine", combine, "must be 'either' or 'both'")
    equals = read.fields.get("equals", int, default=0)
    return Count(editions, combine, read.group("group", required=False), equals)


def _figure(read: _Reader) -> Figure:
    rubric, figure = read.slug("rubric", "rubrics"), read.fields.text("figure")
    path = read.items["rubrics"].get(rubric)
    equals = read.fields.get("equals", int, default=0)
    try:
        found = _found(path, figure) if path else None
    except DataError as error:
        read.fields.problems.extend(error.problems)
        found = None
    return Figure(rubric, figure, equals, found)


def _found(rubric: Path, figure: str) -> int | None:
    """Return a figure of a rubric: counted if it is of indicators, else as the rubric states it."""
    if figure.startswith("indicators"):
        columns = ("indicator", "level", "parent")
        rows = [row for _, row in read_csv(rubric.with_name("indicators.csv"), columns)]
        parents = {row["parent"] for row in rows}
        level = figure.removeprefix("indicators_level_")
        leaves = sum(row["indicator"] not in parents for row in rows)
        return leaves if level == figure else sum(row["level"] == level for row in rows)
    stated = Fields(str(rubric), read_toml(rubric)).table_at("stated", required=False)
    entry = stated.table_at(figure, required=False)
    return entry.get("count", int, default=0, required=False) or None


#: Kind of test: the keys that it may have, and how it is read.
_KINDS: dict[str, tuple[str, Callable[[_Reader], Test]]] = {
    "untestable": ("reason", lambda r: Untestable(r.fields.text("reason"))),
    "ahead": (
        "edition dimension a b",
        lambda r: Ahead(*r.where(), r.group("a"), r.group("b")),
    ),
    "similar": (
        "edition dimension a b margin",
        lambda r: Similar(*r.where(), r.group("a"), r.group("b"), r.number("margin")),
    ),
    "not_first_group": (
        "edition dimension a leaders margin",
        lambda r: NotFirstGroup(*r.where(), r.group("a"), r.group("leaders"), r.number("margin")),
    ),
    "in_tier": (
        "edition dimension cities tiers",
        lambda r: InTier(*r.where(), r.cities("cities"), r.integers("tiers")),
    ),
    "near": (
        "edition dimension cities like",
        lambda r: Near(*r.where(), r.cities("cities"), r.cities("like")),
    ),
    "linked_in_tier": (
        "edition linked dimension cities tiers",
        lambda r: LinkedInTier(*r.linked(), r.cities("cities"), r.consecutive("tiers")),
    ),
    "linked_near": (
        "edition linked dimension cities like",
        lambda r: LinkedNear(*r.linked(), r.cities("cities"), r.cities("like")),
    ),
    "linked_similar": (
        "edition linked dimension a b margin",
        lambda r: LinkedSimilar(*r.linked(), r.group("a"), r.group("b"), r.number("margin")),
    ),
    "share": ("edition dimension group of percent more_than", _share),
    "count": ("editions combine group equals", _count),
    "figure": ("rubric figure equals", _figure),
    "covers": (
        "edition list countries",
        lambda r: Covers(
            r.slug("edition", "editions"), r.listed(required=True), r.cities("countries")
        ),
    ),
    "mean": (
        "edition dimension group equals decimals lowest highest",
        lambda r: Mean(
            *r.where(),
            r.group("group", required=False),
            r.number("equals"),
            r.fields.get("decimals", int, default=0),
            r.number("lowest"),
            r.number("highest"),
        ),
    ),
}


def load_claims(catalog: Catalog) -> tuple[Claim, ...]:
    """Return the claims of every source, sorted by source and then in the order of the file.

    Parameters
    ----------
    catalog
        Where the facts are. Editions, rubrics and clusters that a claim names must be in it.

    Returns
    -------
    tuple of Claim
        Slugs are unique over all sources.

    Raises
    ------
    DataError
        With every problem of every file: a missing text, an unknown kind of test, an unknown
        key, a value of the wrong type, an unknown edition, rubric, cluster or list, a slug that
        occurs twice.

    Examples
    --------
    >>> from tierscape.data.catalog import Catalog
    >>> claims = load_claims(Catalog())
    >>> next(claim.kind for claim in claims if claim.slug == "asia-top-cities")
    'in_tier'
    """
    items = {kind: catalog.items(kind) for kind in ("editions", "rubrics", "named_clusters")}
    reader = partial(_Reader, roots=catalog.roots, items=items)
    found = catalog.items("claims").items()
    loaded = gather(partial(_load, source, path, reader) for source, path in found)
    claims = tuple(claim for claims_of_one in loaded for claim in claims_of_one)
    counts = Counter(claim.slug for claim in claims)
    repeated = [
        Problem(str(c.file), None, "id", c.slug, "the id occurs twice", "Give each its own.")
        for c in claims
        if counts[c.slug] > 1
    ]
    if repeated:
        raise DataError(repeated)
    return claims


def _load(source: str, path: Path, reader: Callable[[Fields], _Reader]) -> list[Claim]:
    """Read one source's claims."""
    top = Fields(str(path), read_toml(path))
    top.only(("title_zh", "title_en", "document", "note", "claim"))
    claims = [_claim(source, path, fields, reader) for fields in top.tables("claim")]
    if top.problems:
        raise DataError(top.problems)
    return claims


def _claim(source: str, path: Path, fields: Fields, reader: Callable[[Fields], _Reader]) -> Claim:
    """Read one claim; problems are noted under its id."""
    slug = fields.text("id")
    named = Fields(fields.file, fields.table, fields.problems, f"{fields.prefix}({slug}) ")
    named.only(("id", "text_zh", "text_en", "note", "test"))
    test = named.table_at("test")
    kind = test.text("kind")
    text_zh, text_en = named.text("text_zh"), named.text("text_en")
    if kind in _KINDS:
        keys, read = _KINDS[kind]
        test.only(("kind", *keys.split()))
        content = read(reader(test))
    else:
        if kind:
            test.note("kind", kind, "is not a kind of test", did_you_mean(kind, _KINDS))
        content = Untestable("")
    return Claim(slug, source, text_zh, text_en, kind, content, path)
