"""Rubrics: a tree of indicators and the ladders that score them, read and checked as a whole."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from .catalog import Catalog
from .errors import DataError, Problem, did_you_mean
from .reading import Cells, Fields, read_csv, read_toml
from .records import Indicator, Rubric, Step

RUBRIC_KEYS = ("title_zh", "title_en", "maximum", "notes", "stated", "rules", "provenance")
INDICATOR_COLUMNS = ("indicator", "level", "parent", "title_zh", "title_en", "weight")
STEP_COLUMNS = ("indicator", "points", "text_zh", "text_en")


def load_rubric(catalog: Catalog, slug: str) -> Rubric:
    """Read one rubric.

    Parameters
    ----------
    catalog
        Where rubrics are found: folders `rubrics/<slug>/` with `rubric.toml`, `indicators.csv`
        and, where the source has ladders, `ladders.csv`.
    slug
        The folder's name.

    Returns
    -------
    Rubric
        With the indicators in the order of the file, and the steps of each ladder.

    Raises
    ------
    UnknownNameError
        If there is no such rubric; the message names the nearest.
    DataError
        With every problem of the three files: an indicator or a step twice, a parent that is not
        an indicator of the level above, weights of a level that are incomplete or do not sum to
        100, a step of an unknown indicator or outside 1 to `maximum` points.
    """
    path = catalog.item("rubrics", slug)
    fields = Fields(str(path), read_toml(path))
    fields.only(RUBRIC_KEYS)
    maximum = fields.get("maximum", int, default=0) if "maximum" in fields.table else None
    title_zh = fields.text("title_zh", required=False)
    title_en = fields.text("title_en", required=False)
    if not (title_zh or title_en):
        fields.note("title_zh", "", "title_zh or title_en is required", "Add one of them.")
    indicators = _indicators(path.with_name("indicators.csv"), fields.problems)
    steps = _steps(path.with_name("ladders.csv"), indicators, maximum, fields.problems)
    rubric = Rubric(
        slug=slug,
        title_zh=title_zh or title_en,
        title_en=title_en or title_zh,
        maximum=maximum,
        indicators=indicators,
        steps=steps,
        file=path,
        notes=fields.texts("notes", required=False),
    )
    if steps and maximum is None:
        fields.note("maximum", "", "is required where there are ladders", "Add it.")
    if fields.problems:
        raise DataError(fields.problems)
    return rubric


def _rows(file: Path, columns: Iterable[str], problems: list[Problem]) -> Iterator[Cells]:
    """Yield the rows of a file; if it cannot be read, note the problems and yield nothing."""
    known = list(columns)
    try:
        rows = read_csv(file, known)
    except DataError as error:
        problems.extend(error.problems)
        return
    for name in rows[0][1] if rows else ():
        if name not in known:
            remedy = did_you_mean(name, known)
            problems.append(Problem(str(file), 1, name, name, "is not a known column", remedy))
    for line, row in rows:
        yield Cells(str(file), line, row, problems)


def _indicators(file: Path, problems: list[Problem]) -> tuple[Indicator, ...]:
    """Read the tree of indicators."""
    rows = list(_rows(file, INDICATOR_COLUMNS, problems))
    indicators: dict[str, Indicator] = {}
    for cells in rows:
        slug = cells.text("indicator")
        if slug in indicators:
            cells.note("indicator", "this indicator stands already above", "Keep one of the two.")
        if not (cells.row["title_zh"] or cells.row["title_en"]):
            cells.note("title_zh", "title_zh or title_en must be given")
        indicators.setdefault(
            slug,
            Indicator(
                slug=slug,
                level=cells.whole("level"),
                parent=cells.row["parent"],
                title_zh=cells.row["title_zh"] or cells.row["title_en"],
                title_en=cells.row["title_en"] or cells.row["title_zh"],
                weight=cells.number("weight"),
            ),
        )
    for cells in rows:
        _check_parent(cells, indicators)
    problems.extend(_weight_problems(file, indicators.values()))
    return tuple(indicators.values())


def _check_parent(cells: Cells, indicators: Mapping[str, Indicator]) -> None:
    """Note a parent that is not an indicator of the level above."""
    level = indicators[cells.row["indicator"]].level
    parent = cells.row["parent"]
    above = [slug for slug, indicator in indicators.items() if indicator.level == level - 1]
    if level == 1 and parent:
        cells.note("parent", "an indicator of level 1 has no parent", "Leave it empty.")
    elif level > 1 and parent not in above:
        rule = f"must be an indicator of level {level - 1}"
        cells.note("parent", rule, did_you_mean(parent, above))


def _weight_problems(file: Path, indicators: Iterable[Indicator]) -> Iterator[Problem]:
    """Yield a problem for every level whose weights are incomplete or do not sum to 100."""
    levels: dict[int, list[Indicator]] = {}
    for indicator in indicators:
        levels.setdefault(indicator.level, []).append(indicator)
    for level, members in levels.items():
        weights = [member.weight for member in members if member.weight is not None]
        blank = [member.slug for member in members if member.weight is None]
        if weights and blank:
            rule = f"others of level {level} have a weight, these have none"
            yield Problem(str(file), None, "weight", ", ".join(blank), rule, "Give all or none.")
        elif weights and abs(sum(weights) - 100) > 1e-6:
            rule = f"the weights of level {level} must sum to 100"
            yield Problem(str(file), None, "weight", f"{sum(weights):g}", rule)


def _steps(
    file: Path,
    indicators: tuple[Indicator, ...],
    maximum: int | None,
    problems: list[Problem],
) -> tuple[Step, ...]:
    """Read the ladders; a rubric without the file has none."""
    if not file.is_file():
        return ()
    known = {indicator.slug for indicator in indicators}
    seen: Counter[tuple[str, int]] = Counter()
    steps: list[Step] = []
    for cells in _rows(file, STEP_COLUMNS, problems):
        slug, points = cells.text("indicator"), cells.whole("points")
        if slug and known and slug not in known:
            cells.note("indicator", "there is no such indicator", did_you_mean(slug, known))
        if maximum is not None and points > maximum:
            cells.note("points", f"the maximum is {maximum}", f"The nearest is {maximum}.")
        seen[slug, points] += 1
        if seen[slug, points] > 1 and points:
            cells.note("points", f"the ladder of {slug} has this step already")
        steps.append(Step(slug, points, cells.row["text_zh"], cells.row["text_en"]))
    return tuple(steps)
