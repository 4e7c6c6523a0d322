"""The ratings of a score folder: checked as columns, with their evidence, then made records."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from .errors import Problem, did_you_mean
from .score_ladders import described, step_fault
from .score_records import LadderStep, Node, Rating, ScoreIndex
from .score_tables import Table, also_on, number_of, number_remedy

#: What may stand beside the rating itself.
EVIDENCE_COLUMNS = ("evidence", "source", "language", "date", "channel", "rounds", "accepted")
RATING_COLUMNS = ("city", "indicator", "points", "value", *EVIDENCE_COLUMNS)
#: Whether evidence passed its review; an empty cell says that nobody rejected it.
ACCEPTED = {"": True, "yes": True, "是": True, "no": False, "否": False}

DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def required_columns(nodes: Iterable[Node]) -> list[str]:
    """Return the columns that ratings of these leaves need."""
    kinds = {node.kind for node in nodes}
    points = ["points"] if "ladder" in kinds else []
    return ["city", "indicator", *points, *(["value"] if "value" in kinds else []), "evidence"]


def filled(table: Table) -> Table:
    """Return the rows that say anything: a row of a form not yet filled in is no rating."""
    cells = zip(*(table.column(name) for name in RATING_COLUMNS[2:]), strict=True)
    return table.keep([row for row, texts in enumerate(cells) if any(texts)])


def read_ratings(
    table: Table,
    index: ScoreIndex,
    steps: Sequence[LadderStep],
    *,
    cities: Collection[str] | None,
    warnings: list[str],
) -> tuple[Rating, ...]:
    """Check the ratings and return them as records; none where there is a fault.

    Parameters
    ----------
    table
        The rows that are filled in, of `ratings.csv` or of the workbook.
    index, steps
        The tree, the ladders, and the last day that evidence may have.
    cities
        The names of `cities.csv`; None where there is no such file.
    warnings
        Gets a line for what does not count: evidence rejected or after the cutoff.
    """
    faults = len(table.problems)
    leaves = {node.slug: node for node in index.nodes if node.kind != "group"}
    _check_names(table, leaves, cities)
    _check_repeats(table)
    values = _values(table, leaves, described(steps))
    _check_evidence(table, index.cutoff)
    accepted = [ACCEPTED.get(text.lower(), True) for text in table.column("accepted")]
    late = [bool(index.cutoff) and text > index.cutoff for text in table.column("date")]
    counts = [good and not after for good, after in zip(accepted, late, strict=True)]
    _check_coverage(table, leaves, counts)
    if len(table.problems) > faults:
        return ()
    rejected = [row for row, good in enumerate(accepted) if not good]
    after = [row for row, is_late in enumerate(late) if is_late and accepted[row]]
    warnings.extend(_uncounted(table, rejected, "failed its review"))
    warnings.extend(_uncounted(table, after, f"is after {index.cutoff}"))
    return tuple(
        map(
            Rating,
            table.column("city"),
            table.column("indicator"),
            values,
            *(table.column(name) for name in EVIDENCE_COLUMNS[:5]),
            [int(text or 0) for text in table.column("rounds")],
            counts,
            table.lines,
        )
    )


def _check_names(table: Table, leaves: Mapping[str, Node], cities: Collection[str] | None) -> None:
    """Note indicators that are not rated leaves, and cities that are not listed."""
    unknown = table.where("indicator", lambda slug: slug not in leaves)
    rule = "is not an indicator that is rated"
    table.note(unknown, "indicator", rule, lambda slug: did_you_mean(slug, leaves))
    table.note(table.where("city", lambda name: not name), "city", "must not be empty")
    if cities is not None:
        strangers = table.where("city", lambda name: bool(name) and name not in cities)
        rule = "there is no such city in cities.csv"
        table.note(strangers, "city", rule, lambda name: did_you_mean(name, cities))


def _check_repeats(table: Table) -> None:
    """Note a city that is rated twice on one indicator."""
    first: dict[tuple[str, str], int] = {}
    pairs = zip(table.column("city"), table.column("indicator"), strict=True)
    for row, pair in enumerate(pairs):
        before = first.setdefault(pair, row)
        if before != row and all(pair):
            rule = f"{pair[0]} is rated on {pair[1]} already on line {table.lines[before]}"
            table.note([row], "indicator", rule, "Keep one of the two.")


def _values(
    table: Table, leaves: Mapping[str, Node], steps: Mapping[str, Sequence[float]]
) -> list[float]:
    """Return points or raw values as numbers; whatever is wrong with them is noted."""
    slugs, points, raw = (table.column(name) for name in ("indicator", "points", "value"))
    kinds = {slug: leaf.kind for slug, leaf in leaves.items()}
    is_raw = [kinds.get(slug) == "value" for slug in slugs]
    _check_columns(table, [kinds.get(slug) for slug in slugs])
    texts = [value if own else text for value, text, own in zip(raw, points, is_raw, strict=True)]
    numbers = {text: number_of(text) for text in set(texts)}
    unread = {
        text for text, value in numbers.items() if value is None and text[:1] not in {"", "="}
    }
    wrong = [row for row, text in enumerate(texts) if text in unread] if unread else []
    table.note((row for row in wrong if is_raw[row]), "value", "must be a number", number_remedy)
    table.note((r for r in wrong if not is_raw[r]), "points", "must be a number", number_remedy)
    _check_steps(table, leaves, steps, numbers)
    return [numbers[text] or 0.0 for text in texts]


def _check_columns(table: Table, kinds: Sequence[str | None]) -> None:
    """Note ratings in the wrong column, or in none; `kinds` are those of the rows' leaves."""
    for kind, name, spare in (("ladder", "points", "value"), ("value", "value", "points")):
        rows = [row for row, own in enumerate(kinds) if own == kind]
        right, other = table.column(name), table.column(spare)
        blank = [row for row in rows if not right[row]]
        table.note(blank, name, f"this row has no {name}", f"Fill in {name}, or clear the row.")
        stray = [row for row in rows if other[row]]
        rule = f"this indicator is rated in the column {name}"
        table.note(stray, spare, rule, f"Leave {spare} empty here.")


def _check_steps(
    table: Table,
    leaves: Mapping[str, Node],
    steps: Mapping[str, Sequence[float]],
    numbers: Mapping[str, float | None],
) -> None:
    """Note points that the indicator's ladder does not describe."""
    faults: dict[tuple[str, str], tuple[str, str]] = {}
    pairs = list(zip(table.column("indicator"), table.column("points"), strict=True))
    for slug, text in set(pairs):
        points = numbers.get(text)
        if points is not None and slug in leaves and leaves[slug].kind == "ladder":
            fault = step_fault(leaves[slug], steps.get(slug, ()), points)
            if fault:
                faults[slug, text] = fault
    rows: dict[tuple[str, str], list[int]] = {}
    for row, pair in enumerate(pairs if faults else []):
        if pair in faults:
            rows.setdefault(pair, []).append(row)
    for pair, found in rows.items():
        table.note(found, "points", *faults[pair])


def _check_evidence(table: Table, cutoff: str) -> None:
    """Note ratings without evidence, and cells of its review that cannot be read."""
    blank = table.where("evidence", lambda text: not text)
    table.note(blank, "evidence", "a rating needs its evidence", "Say what shows it, and where.")
    wrong = table.where("date", lambda text: bool(text) and not is_date(text))
    rule = "must be a date: a year, a month or a day of the calendar"
    table.note(wrong, "date", rule, "Such as 2024, 2024-06 or 2024-06-30.")
    if cutoff:
        undated = set(table.where("date", lambda text: not text))
        rejected = set(table.where("accepted", lambda text: not ACCEPTED.get(text.lower(), True)))
        rule = f"the index counts evidence up to {cutoff} only, so each needs its date"
        table.note(sorted(undated - rejected), "date", rule)
    wrong = table.where(
        "rounds", lambda text: bool(text) and not (text.isascii() and text.isdigit())
    )
    table.note(wrong, "rounds", "must be a whole number from 0 up, or empty")
    wrong = table.where("accepted", lambda text: text.lower() not in ACCEPTED)
    table.note(wrong, "accepted", "must be yes or no (是, 否), or empty")


def is_date(text: str) -> bool:
    """Tell whether a text is a year, a month or a day of the calendar as ISO 8601 writes it.

    Examples
    --------
    >>> is_date("2024-02"), is_date("2024-02-30"), is_date("June 2024")
    (True, False, False)
    """
    try:
        return bool(DATE.fullmatch(text) and date.fromisoformat(f"{text}-01-01"[:10]))
    except ValueError:
        return False


def _check_coverage(table: Table, leaves: Mapping[str, Node], counts: Sequence[bool]) -> None:
    """Note every indicator that no rating counts for, or that there are no ratings at all."""
    slugs = table.column("indicator")
    if table.columns and not slugs:
        rule = f"no row is filled in, and {len(leaves)} indicators are to be rated"
        remedy = "Give points or a value, and evidence, for each city and indicator."
        table.problems.append(Problem(table.file, None, None, "", rule, remedy))
        return
    rated = set(slugs)
    valid = {slug for slug, good in zip(slugs, counts, strict=True) if good}
    for slug in leaves:
        if slug in rated and slug not in valid:
            found = [row for row, name in enumerate(slugs) if name == slug]
            rule = "no rating of this indicator counts: none is accepted and in time"
            table.note(found, "indicator", rule, "Rate it, or take it out of index.toml.")
        elif slug not in rated and table.columns:
            rule = "this indicator has no ratings"
            remedy = "Rate it, or take it out of index.toml."
            table.problems.append(Problem(table.file, None, "indicator", slug, rule, remedy))


def _uncounted(table: Table, rows: Sequence[int], why: str) -> list[str]:
    """Return the warning about ratings that do not count; none where there are none."""
    if not rows:
        return []
    lines = also_on([table.lines[row] for row in rows]).removeprefix("Also on ")
    count = "1 rating" if len(rows) == 1 else f"{len(rows)} ratings"
    does = "does" if len(rows) == 1 else "do"
    return [f"{table.file}: {count} whose evidence {why} {does} not count: {lines}"]
