"""Contradictions and oddities inside the editions, and between editions that share a rubric."""

import unicodedata
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

import pandas as pd

from ..data.claim_records import Claim
from ..data.reading import read_toml
from ..data.records import Dimension, Edition, Rubric, Tier
from ..geo.aliases import Alias
from .audit_group_means import group_means_that_do_not_meet
from .audit_means import means_that_do_not_meet
from .audit_names import misprints, names_out_of_order
from .audit_order import order_conflicts
from .audit_records import Finding
from .audit_totals import totals_outside_parts
from .claim_facts import Facts

#: How alike two titles must be (0 to 1) to be two printings of one title.
ALIKE = 0.7


def audit(  # noqa: PLR0913 - what is not given is not audited
    editions: Iterable[Edition],
    tiers: pd.DataFrame,
    *,
    rubrics: Iterable[Rubric] = (),
    cities: pd.DataFrame | None = None,
    aliases: Iterable[Alias] = (),
    claims: Iterable[Claim] = (),
    membership: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return everything that does not agree with itself or with another edition.

    Parameters
    ----------
    editions
        The editions of the build.
    tiers
        `edition`, `dimension`, `city_id`, `name_published`, `label`, `tier`.
    rubrics
        The methodologies that the editions name, for their weights.
    cities
        `city_id`, `name_en`, `country`, `match_status`, for names that several places have.
    aliases
        Reviewed names, for those that are misprints.
    claims, membership
        The sources' claims and the cities of clusters, for printed means of groups of cities;
        they need `cities` as well.

    Returns
    -------
    pandas.DataFrame
        `edition`, `dimension`, `kind` (see Notes), `city_id`, `detail`. A finding between two
        editions or about two cities names both, separated by a blank; a cell is empty where
        the finding is about all.

    Notes
    -----
    Kinds: `label_share` (a tier's size is more than one city off the share on its label),
    `label_gap` (labels overlap, leave a gap, or do not span 0 to 100 %), `stated_count` (the
    edition states another number of cities), `missing_city` (a city in one table and not in
    another), `order_conflict` (a pair of cities strictly reversed by two editions that share a
    rubric), `order_repair` (a smallest set of cities without which none are, exact),
    `total_outside_parts` (a city's tier in the total is better or worse than in every
    part), `published_mean` (a printed mean that the printed means of its parts, with the printed
    weights, cannot have; or printed means of groups of cities that no scores have all at once),
    `mean_weights` (which weights a mean would need), `mean_repair` (which single printed mean, if
    wrong, explains it), `spelling` (one place with several published names, a misprint, or a
    footnote in some tables only), `print_order` (a name out of the order of its table),
    `ambiguous_place` (a name that several places have, so that the place is a guess), `title`
    (the title reads differently on the cover or in the credit line).
    """
    listed = sorted(editions, key=lambda edition: edition.slug)
    known = {rubric.slug: rubric for rubric in rubrics}
    reviewed = list(aliases)
    group_means: Iterable[Finding] = ()
    if cities is not None and membership is not None:
        facts = Facts(tiers, cities, membership, {each.slug: each for each in listed})
        group_means = group_means_that_do_not_meet(claims, facts)
    findings = [
        *(row for edition in listed for row in _of_edition(edition)),
        *_missing_cities(tiers),
        *order_conflicts(listed, tiers),
        *totals_outside_parts(tiers),
        *(row for edition in listed for row in means_that_do_not_meet(edition, known)),
        *group_means,
        *_spellings(tiers),
        *misprints(tiers, reviewed),
        *names_out_of_order(listed, tiers, [alias.misprint_of for alias in reviewed]),
        *(_ambiguous(tiers, cities) if cities is not None else ()),
    ]
    return pd.DataFrame(findings, columns=list(Finding._fields), dtype="str")


def _of_edition(edition: Edition) -> Iterator[Finding]:
    """Check what needs one edition's record alone."""
    for dimension in edition.dimensions:
        yield from _label_shares(edition.slug, dimension)
        yield from _label_gaps(edition.slug, dimension)
        yield from _stated_count(edition, dimension)
    yield from _footnotes(edition)
    yield from _titles(edition)


def _label_shares(edition: str, dimension: Dimension) -> Iterator[Finding]:
    """Compare each tier's size with the share that its label promises."""
    total = len(dimension.entries)
    for tier in dimension.tiers:
        if tier.share_from is None or tier.share_to is None:
            continue
        size = sum(entry.tier == tier.number for entry in dimension.entries)
        nominal = (tier.share_to - tier.share_from) / 100 * total
        if abs(size - nominal) > 1:
            detail = (
                f"“{tier.label}” holds {size} of {total} cities, {100 * size / total:.1f} %; "
                f"its label promises {nominal:.1f}, {tier.share_to - tier.share_from:g} %."
            )
            yield Finding(edition, dimension.slug, "label_share", "", detail)


def _label_gaps(edition: str, dimension: Dimension) -> Iterator[Finding]:
    """Check that the labels of a table join, and that shares span 0 to 100 %."""
    shares = [_span(tier) for tier in dimension.tiers]
    scores = [(tier.score_to, tier.score_from) for tier in dimension.tiers]
    labels = ["0 %", *(tier.label for tier in dimension.tiers), "100 %"]
    if any(span != (None, None) for span in shares):
        ends = [(None, 0.0), *shares, (100.0, None)]
        yield from _joins(edition, dimension.slug, ends, labels)
    elif any(span != (None, None) for span in scores):
        yield from _joins(edition, dimension.slug, scores, labels[1:-1])


def _span(tier: Tier) -> tuple[float | None, float | None]:
    """Return the nominal shares that a tier begins and ends with."""
    return tier.share_from, tier.share_to


def _joins(
    edition: str,
    dimension: str,
    spans: list[tuple[float | None, float | None]],
    labels: list[str],
) -> Iterator[Finding]:
    """Yield every place where one span does not begin where the one before it ends."""
    for position in range(1, len(spans)):
        end, start = spans[position - 1][1], spans[position][0]
        if end != start:
            detail = (
                f"“{labels[position - 1]}” ends at {end}, “{labels[position]}” begins at {start}."
            )
            yield Finding(edition, dimension, "label_gap", "", detail)


def _stated_count(edition: Edition, dimension: Dimension) -> Iterator[Finding]:
    """Compare the number of cities stated with the number counted."""
    counted = len(dimension.entries)
    if edition.stated_cities is not None and counted != edition.stated_cities:
        detail = f"{edition.stated_cities} cities are stated, {counted} are in the table."
        yield Finding(edition.slug, dimension.slug, "stated_count", "", detail)


def _footnotes(edition: Edition) -> Iterator[Finding]:
    """Find footnotes that some tables of the edition give and others do not."""
    noted: dict[str, dict[str, str]] = {}
    for dimension in edition.dimensions:
        for entry in dimension.entries:
            noted.setdefault(entry.name, {})[dimension.slug] = entry.note
    for name, notes in noted.items():
        having = [slug for slug, note in notes.items() if note]
        lacking = [slug for slug, note in notes.items() if not note]
        if having and lacking:
            detail = f"{name} has a footnote in {', '.join(having)}, none in {', '.join(lacking)}."
            yield Finding(edition.slug, "", "spelling", "", detail)


def _titles(edition: Edition) -> Iterator[Finding]:
    """Compare the title with its printing on the cover and in the credit line."""
    title = _plain(edition.title_zh)
    cover = str(read_toml(edition.file).get("title_printed_zh", ""))
    for place, text in (("the cover", cover), ("the credit line", edition.credit)):
        printed = _nearest_part(_plain(text), title)
        if printed and printed != title:
            detail = f"{place} has “{printed}”, the running title “{title}”."
            yield Finding(edition.slug, "", "title", "", detail)


def _plain(text: str) -> str:
    """Return a text without blanks, and with its full-width signs made half-width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _nearest_part(text: str, title: str) -> str:
    """Return the part of a text that is most like the title; nothing if none is.

    Examples
    --------
    >>> _nearest_part("Source: Ranking of Asio 2023", "Ranking of Asia 2023")
    'Ranking of Asio 2023'
    >>> _nearest_part("All rights reserved", "Ranking of Asia 2023")
    ''
    """
    width = len(title)
    starts = range(max(len(text) - width, 0) + 1)
    parts = [text[start : start + width] for start in starts]
    best = max(parts, key=lambda part: SequenceMatcher(None, part, title).ratio())
    return best if SequenceMatcher(None, best, title).ratio() >= ALIKE else ""


def _missing_cities(tiers: pd.DataFrame) -> Iterator[Finding]:
    """Find cities that stand in one table of an edition and not in another."""
    for edition, rows in tiers.groupby("edition", sort=True):
        names = rows.drop_duplicates("city_id").set_index("city_id")["name_published"]
        for dimension, table in rows.groupby("dimension", sort=False):
            for city in names.index.difference(pd.Index(table["city_id"]), sort=True):
                detail = f"{names[city]} is in another table of the edition, not in this one."
                yield Finding(str(edition), str(dimension), "missing_city", str(city), detail)


def _spellings(tiers: pd.DataFrame) -> Iterator[Finding]:
    """Find places that are published under more than one name."""
    uses = tiers[["city_id", "name_published", "edition"]].drop_duplicates()
    several = uses.groupby("city_id")["name_published"].transform("nunique") > 1
    for city, rows in uses[several].sort_values(["city_id", "edition"]).groupby("city_id"):
        forms = ", ".join(
            f"{name} ({', '.join(group['edition'])})"
            for name, group in rows.groupby("name_published", sort=True)
        )
        editions = " ".join(sorted(set(rows["edition"])))
        detail = f"One place, several published names: {forms}."
        yield Finding(editions, "", "spelling", str(city), detail)


def _ambiguous(tiers: pd.DataFrame, cities: pd.DataFrame) -> Iterator[Finding]:
    """Find cities whose published name several places have."""
    doubtful = cities[cities["match_status"] == "ambiguous"].set_index("city_id")
    uses = tiers[tiers["city_id"].isin(doubtful.index)]
    for (edition, city), rows in uses.groupby(["edition", "city_id"], sort=True):
        place = doubtful.loc[str(city)]
        detail = (
            f"Several places are called {rows['name_published'].iloc[0]}; "
            f"{place['name_en']} ({place['country']}) is a guess. Give its city_id to be sure."
        )
        yield Finding(str(edition), "", "ambiguous_place", str(city), detail)
